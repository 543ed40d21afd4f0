package io.intaglio.client.internal.limit;

import io.intaglio.signing.Priority;
import io.intaglio.signing.venue.Limit;
import org.jspecify.annotations.Nullable;

/**
 * Counts from each multiple of the period on the venue's clock. Our window begins later than the venue's by the bound of its time, so that a
 * call we admit to a new window finds the venue in it too; calls that ended so shortly before that the venue may have counted them after its
 * boundary count in both.
 */
final class AlignedBucket extends Bucket {
    /** By how much a venue's counter may be off its own clock where the use of others is to be told from ours. */
    private static final long OFF_NANOS = 1_100_000_000;

    private final long period;
    private long window = Long.MIN_VALUE;
    private long counted;
    /** Of the counted, those that ended within the bound of the window's end. */
    private long late;
    /** What others used in the window before. */
    private long othersLast;
    /** By how much the venue's windows begin after the multiples of the period. */
    private long shift;
    /** Units that ended at the end of this window and of the one before, so late that a counter that is off may have them in the next. */
    private long atEnd;

    private long justBefore;
    /** In the windows up to this one our count has followed the venue's word, and proves nothing. */
    private long doubtful = Long.MIN_VALUE;

    AlignedBucket(Limit limit, @Nullable String group, long ticks) {
        super(limit, group, ticks);
        this.period = limit.period().toNanos();
    }

    /** Of our window: one that the venue begins later than its clock says is moved, once a refusal at its beginning has told. */
    private long boundary(long index) {
        return index * period + shift;
    }

    private long bound(Now now) {
        return Math.min(now.bound(), period / 2);
    }

    @Override
    void decay(Now now) {
        long at = Math.floorDiv(now.venue() - shift - bound(now), period);
        if (at > window) {
            othersLast = at == window + 1 ? Math.max(0, others) : 0;
            if (used() >= capacity(now) / 2) {
                beCareful(now);
            }
            counted = at == window + 1 ? late : 0;
            late = 0;
            justBefore = at == window + 1 ? atEnd : 0;
            atEnd = 0;
            others = 0;
            window = at;
        }
    }

    @Override
    long counted() {
        return counted;
    }

    @Override
    void count(long units, Now now) {
        counted += units;
        if (now.venue() >= boundary(window + 1) - bound(now)) {
            late += units;
        }
        if (now.venue() >= boundary(window + 1) - guard(now)) {
            atEnd += units;
        }
    }

    @Override
    long late() {
        return late;
    }

    @Override
    long untilFreed(long units, Now now) {
        long toNext = boundary(window + 1) + bound(now) - now.venue();
        long leaving = Math.max(0, counted - late) + Math.max(0, others);
        long further = Math.max(0, units - leaving);
        return toNext + (further == 0 ? 0 : (further - 1) / capacity(now) + (leaving > 0 ? 1 : 0)) * period;
    }

    /** Units kept at the beginning of a window; they become free evenly as it passes, so that none is left unused at its end. */
    private long kept(Priority priority) {
        return switch (priority) {
            case RISK_REDUCING -> 0;
            case ORDER -> limit.reserve();
            case READ -> limit.reserve() + limit.capacity() / 10;
        };
    }

    private long left(Now now) {
        return Math.max(0, Math.min(period, boundary(window + 1) + bound(now) - now.venue()));
    }

    @Override
    long reserved(Priority priority, Now now) {
        return (long) ((double) kept(priority) * left(now) / period);
    }

    @Override
    long untilOpen(long units, Priority priority, Now now) {
        long kept = kept(priority);
        double needed = kept == 0 ? Double.MAX_VALUE : (units + 0.01) / kept * period;
        return needed < left(now) ? (long) needed + 1 : untilFreed(units, now);
    }

    /** As much again as in the window before. */
    @Override
    long expectedOfOthers() {
        return Math.max(super.expectedOfOthers(), othersLast + othersLast / 10 - Math.max(0, others));
    }

    @Override
    void reopens(long nanos, Now now) {
        super.reopens(nanos, now);
        doubtful = window + 1;
        long since = now.venue() - boundary(window);
        if (since >= 0 && since < period / 10 && nanos < period / 2) {
            shift = (shift + since + nanos) % period;
        }
    }

    @Override
    void reopen() {
        counted = 0;
        late = 0;
        others = 0;
        doubtful = window + 1;
    }

    @Override
    void recall(long units, long nanosAgo, Now now) {
        if (now.venue() - nanosAgo >= boundary(window) - bound(now)) {
            counted += units;
        }
    }

    /** By how much the venue's window may begin sooner or later than ours. */
    private long guard(Now now) {
        return OFF_NANOS + bound(now);
    }

    /** Calls shortly before our window may be in the venue's, and answers shortly after its beginning may be about the one before. */
    @Override
    long explained(long mark, long age, Now now) {
        long guard = guard(now);
        boolean isTold = mark == window
                && window > doubtful
                && period / 4 >= guard
                && now.venue() - age - boundary(window) >= guard;
        return isTold ? counted + justBefore : -1;
    }

    @Override
    long mark() {
        return window;
    }

    @Override
    long sure(long mark, long countedThen) {
        return mark == window ? countedThen : -1;
    }
}
