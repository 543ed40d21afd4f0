package io.intaglio.client.internal.limit;

import io.intaglio.client.internal.share.LocalCount;
import io.intaglio.client.internal.share.SharedCount;
import io.intaglio.client.internal.share.SharedCounts;
import io.intaglio.signing.Priority;
import io.intaglio.signing.venue.Limit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The count of one limit for one address, key or account. Never below the venue's own count of our calls: a call counts from its admission, and
 * is not let go of sooner than the venue can have, had it counted the call at the last moment, when its answer came. What the venue's answers
 * tell beyond that is somebody else's use. Not thread-safe: the budget's lock is held around every method.
 */
abstract class Bucket {
    /** For how long a capacity learnt from a refusal is held before the declared one is tried again. */
    static final long LEARNT_NANOS = 3_600_000_000_000L;

    private static final long CAREFUL_NANOS = 5_000_000;

    final Limit limit;
    private final String name;
    /** Units of calls under way. */
    long pending;
    /** What the venue counts beyond our own calls; negative when it counts less than we do. */
    long others;

    private long capacity;
    private long learnt = Long.MAX_VALUE;
    private long learntAt;
    private boolean careful;
    private long carefulSince;
    private boolean reopens;
    private long reopensAt;

    Bucket(Limit limit, @Nullable String group, long ticks) {
        this.bornAt = ticks;
        this.limit = limit;
        this.name = group == null ? limit.name() : limit.name() + " of " + group;
        this.capacity = limit.capacity();
    }

    /** What share of the capacity is kept as, over a restart. */
    private static final long PARTS = 500_000;

    private CountFile.@Nullable Slot slot;
    private @Nullable SharedCount shared;
    /** Units of the past period, where the kind does not know them and they are shared. */
    private @Nullable RollingBucket history;
    /** Units of all calls that have ended. */
    private long total;

    /** The venue may still count calls of an earlier process, for one period from then on. */
    private final long bornAt;

    private long foreignTold;
    private long foreignToldAt;
    private boolean capacityWasTold;

    static Bucket of(Limit limit, @Nullable String group, long ticks) {
        return switch (limit.kind()) {
            case ALIGNED -> new AlignedBucket(limit, group, ticks);
            case ROLLING -> new RollingBucket(limit, group, ticks);
            case LEAKY -> new LeakyBucket(limit, group, ticks);
        };
    }

    /** From now on kept over restarts; what was kept counts. */
    final void keptIn(CountFile.Slot newSlot, Now now) {
        decay(now);
        long parts = newSlot.number();
        long at = newSlot.epochMillis() * 1_000_000;
        if (parts > 0) {
            recall((parts * capacity + PARTS - 1) / PARTS, Math.max(0, now.venue() - at), now);
        }
        slot = newSlot;
    }

    /** Keeps the count as it is now. */
    final void keep(Now now) {
        if (slot != null) {
            slot.keep(Math.floorDiv(now.venue(), 1_000_000) + 1, (used() * PARTS + capacity - 1) / capacity);
        }
    }

    /** From now on a part of a count that other processes have too. */
    final void shareWith(SharedCounts others, ReentrantLock lock, String address, String id, Now now) {
        history = limit.kind() == Limit.Kind.LEAKY ? new RollingBucket(limit, null, now.ticks()) : null;
        shared = others.join(new Own(lock, address, id));
    }

    /** This count, for those who share it. */
    private final class Own implements LocalCount {
        private final ReentrantLock lock;
        private final String address;
        private final String id;

        Own(ReentrantLock lock, String address, String id) {
            this.lock = lock;
            this.address = address;
            this.id = id;
        }

        @Override
        public ReentrantLock lock() {
            return lock;
        }

        @Override
        public String address() {
            return address;
        }

        @Override
        public String id() {
            return id;
        }

        @Override
        public Limit limit() {
            return limit;
        }

        @Override
        public long window() {
            return limit.kind() == Limit.Kind.ALIGNED ? mark() : 0;
        }

        @Override
        public long counted() {
            return Bucket.this.counted();
        }

        @Override
        public long late() {
            return Bucket.this.late();
        }

        @Override
        public long pending() {
            return pending;
        }

        @Override
        public long total() {
            return total;
        }

        @Override
        public long recent() {
            RollingBucket past = history;
            return past == null ? Bucket.this.counted() : past.counted();
        }

        @Override
        public long capacity() {
            return Math.min(capacity, learnt);
        }

        @Override
        public void capacityTold(long units) {
            capacity = units;
        }
    }

    /** A call goes out. */
    final void take(long units, Now now) {
        pending += units;
        if (shared != null) {
            shared.taken(units, now.ticks());
        }
    }

    /** A call is under way no longer; {@link #ended} or {@link #uncounted} says what came of it. */
    final void release(long units) {
        pending -= units;
    }

    /** A call that is under way no longer is of no account: it was not sent, or is of a kind that does not count. */
    final void uncounted(long units, Now now) {
        if (shared != null) {
            shared.back(units, now.ticks());
        }
    }

    /** A call that is under way no longer counts from now on. */
    final void ended(long units, Now now) {
        count(units, now);
        total += units;
        if (history != null) {
            history.decay(now);
            history.count(units, now);
        }
    }

    /**
     * What the venue tells is about all who share the count, so it is theirs to settle.
     *
     * @param mark made when the call was admitted that it answered
     * @return false when nobody shares it
     */
    final boolean settledByOthers(long used, long mark, long admittedTicks, Now now) {
        if (shared == null) {
            return false;
        }
        if (limit.kind() != Limit.Kind.ALIGNED || mark == mark()) {
            shared.told(used, admittedTicks, now.ticks());
        }
        return true;
    }

    /** Of the counted, those that the venue may count in the next window. */
    long late() {
        return 0;
    }

    /** Counts what an earlier process used. */
    abstract void recall(long units, long nanosAgo, Now now);

    /** Brings the count up to date. */
    final void advance(Now now) {
        if (reopens && reopensAt - now.ticks() <= 0) {
            reopens = false;
            reopen();
            beCareful(now);
        }
        decay(now);
    }

    /** The venue has said in how many nanoseconds it takes calls again: its word about what counts then is better than our count. */
    void reopens(long nanos, Now now) {
        long ticks = now.ticks() + nanos;
        if (!reopens || ticks - reopensAt > 0) {
            reopensAt = ticks;
        }
        reopens = true;
    }

    /** Lets go of what no longer counts. */
    abstract void decay(Now now);

    /** Units of ended calls that still count. */
    abstract long counted();

    /** Counts a call that has ended. */
    abstract void count(long units, Now now);

    /** Nanoseconds until this many of the counted units have gone; those that are not there yet come after all others. */
    abstract long untilFreed(long units, Now now);

    /** Units that calls of this priority leave to calls of higher ones. */
    abstract long reserved(Priority priority, Now now);

    /** Nanoseconds until there are this many units more for calls of this priority. */
    long untilOpen(long units, Priority priority, Now now) {
        return untilFreed(units, now);
    }

    /**
     * The time has come at which the venue said that it takes calls again. It has room for one then, which for a window that empties at once means
     * that it is empty; other kinds go on with their own count, which has let go of as much by then.
     */
    void reopen() {}

    /** Marks the count for {@link #sure}. */
    abstract long mark();

    /** Of the units counted when the mark was made, those that still count for sure; negative when that cannot be told. */
    abstract long sure(long mark, long countedThen);

    final String name() {
        return name;
    }

    final long capacity(Now now) {
        if (learnt != Long.MAX_VALUE && now.ticks() - learntAt > LEARNT_NANOS) {
            learnt = Long.MAX_VALUE;
        }
        return Math.min(capacity, learnt);
    }

    final long used() {
        return Math.max(0, counted() + pending + others);
    }

    /**
     * Nanoseconds until a call of this many units fits in behind others that wait; 0 when it does now.
     *
     * @param ahead units of those that go first
     */
    final long waitFor(long units, long ahead, Priority priority, Now now) {
        if (careful && pending > 0) {
            return CAREFUL_NANOS;
        }
        long capacity = capacity(now);
        long reserve = Math.min(reserved(priority, now), capacity - 1);
        long margin = Math.min(capacity / 2, expectedOfOthers());
        long open = Math.max(capacity - reserve - margin, Math.min(units, this.capacity));
        long excess = used() + ahead + units - open;
        if (excess <= 0) {
            return shared == null
                    ? 0
                    : shared.waitFor(units, ahead, reserve, Math.max(1, untilFreed(1, now)), now.ticks());
        }
        return Math.max(1, untilOpen(excess, priority, now));
    }

    /** Units by which somebody else's use may grow before an answer of ours tells: a tenth of it, unless the kind knows better. */
    long expectedOfOthers() {
        return others > 0 ? others / 10 + 1 : 0;
    }

    /**
     * Lets one call out at a time until one is accepted: where we take the count to have fallen, and the venue may think otherwise, one call finds
     * out, not all that wait.
     */
    final void beCareful(Now now) {
        careful = true;
        carefulSince = now.ticks();
    }

    /** A call was accepted that went out at this time. */
    final void accepted(long admittedTicks) {
        careful &= admittedTicks - carefulSince < 0;
    }

    /** Whether a call of this many units fits in at any time. */
    final boolean everFits(long units) {
        return units <= capacity;
    }

    /**
     * Takes what the venue told of its count when it counted a call of ours.
     *
     * @param used units, that call included
     * @param own what that call cost; it is counted already
     * @param mark made when the call was admitted
     * @param countedThen {@link #counted()} at that time
     */
    final void reported(long used, long own, long mark, long countedThen) {
        long sure = sure(mark, countedThen);
        if (sure < 0) {
            return;
        }
        long most = used - sure - own;
        long least = used - counted() - pending;
        others = Math.max(least, Math.min(others, Math.max(least, most)));
        settleOthers();
    }

    /**
     * What is somebody else's for certain. To be asked before {@link #reported} is told, and after the call was counted.
     *
     * @param used units that the venue told
     * @param mark made when the call was admitted
     * @param age of the call: nanoseconds since then
     * @return units in the venue's count that none of our calls can explain, where they are more than were told in the past period; else 0
     */
    final long foreign(long used, long mark, long age, Now now) {
        long period = limit.period().toNanos();
        if (now.ticks() - bornAt <= period + period / 10) {
            return 0;
        }
        if (foreignTold > 0 && now.ticks() - foreignToldAt > period) {
            foreignTold = 0;
        }
        long explained = explained(mark, age, now);
        long foreign = explained < 0 ? 0 : used - explained - pending;
        if (foreign <= foreignTold) {
            return 0;
        }
        foreignTold = foreign;
        foreignToldAt = now.ticks();
        return foreign;
    }

    /** Units of our ended calls that the venue may have counted when it answered; negative when that cannot be told. */
    abstract long explained(long mark, long age, Now now);

    /** For kinds that keep the use of others among the counted. */
    void settleOthers() {}

    /** Whether what is left, as the venue tells it, says what is used. */
    final boolean isCapacityTold() {
        return capacityWasTold;
    }

    /** The venue told how much fits in. */
    final void capacityTold(long units) {
        if (units > 0) {
            capacity = units;
            capacityWasTold = true;
            learnt = Long.MAX_VALUE;
            if (shared != null) {
                shared.capacityTold(units);
            }
        }
    }

    /**
     * The venue refused a call although we thought it fits: the limit is smaller than declared, or others use it unseen. A count that was rising
     * has just met it; one that stood near the capacity says only that it is lower, so it is halved. A refusal far below the capacity is about some
     * other limit and teaches nothing; nor does one that the count explains, now that the venue has told it.
     *
     * @param own what the refused call cost; it is counted
     */
    final void breached(long own, Now now) {
        long before = Math.max(1, used() - own);
        long capacity = capacity(now);
        boolean explained = used() + own > capacity;
        if (!explained && before >= capacity / 4) {
            learnt = before < capacity - capacity / 10 ? before : Math.max(1, capacity / 2);
            learntAt = now.ticks();
            if (shared != null) {
                shared.learnt(learnt);
            }
        }
        beCareful(now);
    }
}
