package io.intaglio.client.internal.limit;

import io.intaglio.signing.Priority;
import io.intaglio.signing.venue.Limit;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** Counts each call until one period after its answer. Calls that end within a thousandth of the period of each other go together. */
final class RollingBucket extends Bucket {
    private static final class Slice {
        private final long first;
        private long goesAt;
        private long units;

        Slice(long first) {
            this.first = first;
        }
    }

    private final long period;
    private final ArrayDeque<Slice> slices = new ArrayDeque<>();
    private long counted;
    private long gone;
    /** Those that a venue may still count that lets calls go in steps: gone for less than a twentieth of the period. */
    private final ArrayDeque<Slice> justGone = new ArrayDeque<>();

    private long goneLately;
    private long othersHeardAt;
    private long othersBefore;

    RollingBucket(Limit limit, @Nullable String group, long ticks) {
        super(limit, group, ticks);
        this.period = limit.period().toNanos();
    }

    @Override
    void decay(Now now) {
        Slice oldest;
        while ((oldest = slices.peekFirst()) != null && oldest.goesAt - now.ticks() <= 0) {
            slices.removeFirst();
            counted -= oldest.units;
            gone += oldest.units;
            goneLately += oldest.units;
            justGone.addLast(oldest);
        }
        while ((oldest = justGone.peekFirst()) != null && oldest.goesAt + period / 20 - now.ticks() <= 0) {
            goneLately -= justGone.removeFirst().units;
        }
        if (others != othersBefore) {
            othersBefore = others;
            othersHeardAt = now.ticks();
        } else if (others != 0 && now.ticks() - othersHeardAt > period) {
            others = 0;
            othersBefore = 0;
        }
    }

    @Override
    long counted() {
        return counted;
    }

    @Override
    void count(long units, Now now) {
        Slice newest = slices.peekLast();
        if (newest == null || now.ticks() - newest.first > period / 1000) {
            newest = new Slice(now.ticks());
            slices.addLast(newest);
        }
        newest.goesAt = now.ticks() + period;
        newest.units += units;
        counted += units;
    }

    @Override
    long untilFreed(long units, Now now) {
        long freed = Math.max(0, others);
        long wait = freed > 0 ? Math.max(0, othersHeardAt + period - now.ticks()) : 0;
        if (freed >= units && slices.isEmpty()) {
            return wait;
        }
        freed = 0;
        for (Slice slice : slices) {
            freed += slice.units;
            if (freed >= units) {
                return slice.goesAt - now.ticks();
            }
        }
        long rounds = 1 + (units - freed - 1) / Math.max(1, capacity(now));
        Slice last = slices.peekLast();
        long all = last == null ? 0 : last.goesAt - now.ticks();
        return Math.max(all, wait) + (pending > 0 || freed > 0 || wait == 0 ? rounds * period : 0);
    }

    /** The venue lets go of our calls up to a round trip sooner than we do, which is no room for more of them. */
    @Override
    void settleOthers() {
        others = Math.max(0, others);
    }

    @Override
    long reserved(Priority priority, Now now) {
        return priority == Priority.RISK_REDUCING ? 0 : limit.reserve();
    }

    @Override
    void recall(long units, long nanosAgo, Now now) {
        if (nanosAgo < period) {
            Slice slice = new Slice(now.ticks() - nanosAgo);
            slice.goesAt = now.ticks() - nanosAgo + period;
            slice.units = units;
            slices.addLast(slice);
            counted += units;
        }
    }

    @Override
    long mark() {
        return gone;
    }

    @Override
    long sure(long mark, long countedThen) {
        return Math.max(0, countedThen - (gone - mark));
    }

    @Override
    long explained(long mark, long age, Now now) {
        return counted + Math.max(gone - mark, goneLately);
    }
}
