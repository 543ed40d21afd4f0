package io.intaglio.client.internal.limit;

import io.intaglio.signing.Priority;
import io.intaglio.signing.venue.Limit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One attempt's place in the budget: {@linkplain #poll polled} until there is room, then ended exactly once by {@link #answered},
 * {@link #lost} or {@link #unsent}, or {@linkplain #leave left} while it waits. Used by one thread at a time.
 */
public final class Ticket {
    /** What a ban means of which nobody said how long it lasts: Bybit's ten minutes, the longest that a venue documents for a first one. */
    static final Duration UNTOLD_BAN = Duration.ofMinutes(10);

    private static final long LONGEST_UNTOLD_PAUSE = 60_000_000_000L;

    private final ClientBudget client;
    private final Bucket[] buckets;
    private final long[] units;
    private final int count;
    private final Priority priority;
    private final long[] marks;
    private final long[] countedThen;
    private long arrival = -1;
    private @Nullable Bucket blocker;
    private boolean admitted;
    private long admittedTicks;

    Ticket(ClientBudget client, Bucket[] buckets, long[] units, int count, Priority priority) {
        this.client = client;
        this.buckets = buckets;
        this.units = units;
        this.count = count;
        this.priority = priority;
        this.marks = new long[count];
        this.countedThen = new long[count];
    }

    /**
     * Takes room for the call when there is some, all at once or none.
     *
     * @return 0 when the call may go out now, {@link Long#MAX_VALUE} when it never may, else nanoseconds after which to ask again; meanwhile it
     *     keeps its place
     */
    public long poll() {
        VenueBudget shared = client.shared();
        shared.lock.lock();
        try {
            Now now = client.now();
            long wait = waitFor(now);
            if (wait == 0) {
                take(now);
                shared.goes(this, overtakes());
                leaveLocked();
            } else if (arrival < 0 && wait != Long.MAX_VALUE) {
                arrival = shared.nextArrival();
                shared.waiting.add(this);
            }
            return wait;
        } finally {
            shared.lock.unlock();
        }
    }

    Optional<Duration> estimate() {
        client.shared().lock.lock();
        try {
            long wait = waitFor(client.now());
            return wait == Long.MAX_VALUE ? Optional.empty() : Optional.of(Duration.ofNanos(wait));
        } finally {
            client.shared().lock.unlock();
        }
    }

    private long waitFor(Now now) {
        long wait = client.closedFor(now.ticks());
        blocker = null;
        boolean queued = !client.shared().waiting.isEmpty();
        for (int i = 0; i < count; i++) {
            Bucket bucket = buckets[i];
            bucket.advance(now);
            if (!bucket.everFits(units[i])) {
                blocker = bucket;
                return Long.MAX_VALUE;
            }
            long ahead = queued ? ahead(bucket) : 0;
            long here = bucket.waitFor(units[i], ahead, priority, now);
            if (here > wait || here > 0 && blocker == null) {
                wait = Math.max(wait, here);
                blocker = bucket;
            }
        }
        return wait;
    }

    private void take(Now now) {
        admittedTicks = now.ticks();
        for (int i = 0; i < count; i++) {
            marks[i] = buckets[i].mark();
            countedThen[i] = buckets[i].counted();
            buckets[i].take(units[i], now);
            buckets[i].keep(now);
        }
        admitted = true;
    }

    /** Units in this bucket of those that go before this call, and wait for that bucket. */
    private long ahead(Bucket bucket) {
        long ahead = 0;
        for (Ticket other : client.shared().waiting) {
            if (other != this && other.blocker == bucket && other.goesBefore(this)) {
                ahead += other.unitsIn(bucket);
            }
        }
        return ahead;
    }

    private boolean goesBefore(Ticket other) {
        int rank = rank();
        int otherRank = other.rank();
        return rank < otherRank || rank == otherRank && (other.arrival < 0 || arrival < other.arrival);
    }

    /** Lower goes first. */
    private int rank() {
        if (client.shared().favours(this)) {
            return 0;
        }
        return switch (priority) {
            case RISK_REDUCING -> 0;
            case ORDER -> 1;
            case READ -> 2;
        };
    }

    private boolean overtakes() {
        List<Ticket> waiting = client.shared().waiting;
        return !waiting.isEmpty() && waiting.get(0) != this;
    }

    private long unitsIn(Bucket bucket) {
        for (int i = 0; i < count; i++) {
            if (buckets[i] == bucket) {
                return units[i];
            }
        }
        return 0;
    }

    /** Gives its place up, or what it took when it was not sent. Does nothing when it has ended. */
    public void leave() {
        client.shared().lock.lock();
        try {
            leaveLocked();
            giveBack();
        } finally {
            client.shared().lock.unlock();
        }
    }

    private void leaveLocked() {
        if (arrival >= 0) {
            client.shared().leaves(this);
            arrival = -1;
        }
    }

    private void giveBack() {
        if (admitted) {
            admitted = false;
            Now now = client.now();
            for (int i = 0; i < count; i++) {
                buckets[i].release(units[i]);
                buckets[i].uncounted(units[i], now);
            }
        }
    }

    /** Whether the venue has asked to wait since this call was let out. */
    public boolean isOverruled() {
        client.shared().lock.lock();
        try {
            return client.closedFor(client.now().ticks()) > 0;
        } finally {
            client.shared().lock.unlock();
        }
    }

    /** Nothing of the call was written, so the venue did not count it. */
    public void unsent() {
        leave();
    }

    /** The call was written and its answer did not come: it counts, from the latest moment on. */
    public void lost() {
        answered(false, "", name -> Optional.empty());
    }

    /**
     * The call was answered.
     *
     * @param accepted whether the venue said yes
     * @param code the venue's, empty when it gave none
     * @param header of the answer, by name in any case
     * @return what the answer proves of somebody else's use, where it is more than was known
     */
    public List<Moved> answered(boolean accepted, String code, Function<String, Optional<String>> header) {
        client.shared().lock.lock();
        try {
            List<Moved> moved = List.of();
            if (!admitted) {
                return moved;
            }
            admitted = false;
            for (int i = 0; i < count; i++) {
                buckets[i].release(units[i]);
            }
            Now now = client.now();
            for (int i = 0; i < count; i++) {
                Bucket bucket = buckets[i];
                bucket.advance(now);
                if (accepted) {
                    bucket.accepted(admittedTicks);
                }
                if (!bucket.limit.isOnErrors() || !accepted && bucket.limit.countsError(code)) {
                    bucket.ended(units[i], now);
                } else {
                    bucket.uncounted(units[i], now);
                }
                for (Limit.Report report : bucket.limit.reports()) {
                    long told = Numbers.whole(header.apply(report.header()).orElse(""));
                    if (told >= 0) {
                        long foreign = read(report.reading(), told, i, now);
                        if (foreign > 0) {
                            moved = added(moved, new Moved(bucket.limit, foreign, bucket.capacity(now)));
                        }
                    }
                }
                bucket.keep(now);
            }
            Duration exhausted = RateLimitFields.exhausted(header);
            if (exhausted != null) {
                client.closure(Limit.Scope.KEY).close(now.ticks() + exhausted.toNanos(), false, now);
            }
            return moved;
        } finally {
            client.shared().lock.unlock();
        }
    }

    private static List<Moved> added(List<Moved> before, Moved one) {
        List<Moved> all = new ArrayList<>(before);
        all.add(one);
        return all;
    }

    private long read(Limit.Reading reading, long told, int i, Now now) {
        Bucket bucket = buckets[i];
        if (reading == Limit.Reading.CAPACITY) {
            bucket.capacityTold(told);
            return 0;
        }
        boolean isUsed = reading == Limit.Reading.USED;
        long used = isUsed ? told : Math.max(0, bucket.capacity(now) - told);
        if (bucket.settledByOthers(used, marks[i], admittedTicks, now)) {
            return 0;
        }
        long foreign = isUsed || bucket.isCapacityTold()
                ? bucket.foreign(used, marks[i], now.ticks() - admittedTicks, now)
                : 0;
        bucket.reported(used, units[i], marks[i], countedThen[i]);
        return foreign;
    }

    /**
     * The venue refused the call for too many requests: nobody who shares what was exceeded sends for a while. To be called after
     * {@link #answered}.
     *
     * @param code the venue's, empty when it gave none
     * @param ban whether it locks out
     * @param told how long to wait, null when neither the answer nor the documentation says
     * @return how long nobody sends
     */
    public Duration refused(String code, boolean ban, @Nullable Duration told) {
        client.shared().lock.lock();
        try {
            Now now = client.now();
            int passed = passed(code, now);
            Bucket bucket = passed < 0 ? null : buckets[passed];
            long nanos;
            if (told != null) {
                nanos = told.toNanos();
            } else if (ban) {
                nanos = UNTOLD_BAN.toNanos();
            } else {
                nanos = bucket == null ? 1_000_000_000L : untoldPause(bucket, now);
            }
            if (bucket != null && !ban) {
                bucket.breached(units[passed], now);
            }
            Limit.Scope scope = bucket == null ? Limit.Scope.KEY : bucket.limit.scope();
            client.closure(ban ? Limit.Scope.IP : scope).close(now.ticks() + nanos, ban, now);
            if (told != null && bucket != null) {
                bucket.reopens(nanos, now);
            }
            return Duration.ofNanos(nanos);
        } finally {
            client.shared().lock.unlock();
        }
    }

    private static long untoldPause(Bucket bucket, Now now) {
        long period = bucket.limit.period().toNanos();
        long pause = switch (bucket.limit.kind()) {
            case ALIGNED -> bucket.untilFreed(1, now);
            case ROLLING -> period;
            case LEAKY -> period / 4;
        };
        return Math.max(1_000_000, Math.min(pause, LONGEST_UNTOLD_PAUSE));
    }

    /** Which of the call's limits was passed: the one whose code it is, else the fullest; -1 when it counts against none. */
    private int passed(String code, Now now) {
        int fullest = -1;
        double most = -1;
        for (int i = 0; i < count; i++) {
            if (!code.isEmpty() && buckets[i].limit.isBreachedBy(code)) {
                return i;
            }
            double share = (double) buckets[i].used() / buckets[i].capacity(now);
            if (share > most) {
                most = share;
                fullest = i;
            }
        }
        return fullest;
    }

    /** What holds the call up, for a message: the limit and how far it is used. */
    public String reason() {
        client.shared().lock.lock();
        try {
            Now now = client.now();
            if (client.closedFor(now.ticks()) > 0) {
                return client.isBanned() ? "has locked us out" : "asked to wait";
            }
            Bucket bucket = blocker;
            return bucket == null
                    ? "has room again"
                    : "lets through " + bucket.capacity(now) + " units of its limit '" + bucket.name() + "' in "
                            + bucket.limit.period() + ", of which " + bucket.used() + " are used and "
                            + unitsIn(bucket) + " wanted";
        } finally {
            client.shared().lock.unlock();
        }
    }
}
