package io.intaglio.client.internal.limit;

import io.intaglio.signing.Priority;
import io.intaglio.signing.venue.Limit;
import org.jspecify.annotations.Nullable;

/** A bucket that leaks evenly, kept as the time at which it will be empty. Calls under way are held beside it and do not leak. */
final class LeakyBucket extends Bucket {
    private final long nanosPerUnit;
    private long emptyAt;
    /** The same for our own calls alone. */
    private long ownEmptyAt;

    private long ticks;

    LeakyBucket(Limit limit, @Nullable String group, long ticks) {
        super(limit, group, ticks);
        long period = limit.period().toNanos();
        this.nanosPerUnit = (period + limit.capacity() - 1) / limit.capacity();
        this.emptyAt = ticks;
        this.ownEmptyAt = ticks;
        this.ticks = ticks;
    }

    @Override
    void decay(Now now) {
        ticks = now.ticks();
        if (emptyAt - ticks < 0) {
            emptyAt = ticks;
        }
        if (ownEmptyAt - ticks < 0) {
            ownEmptyAt = ticks;
        }
    }

    @Override
    long counted() {
        return (emptyAt - ticks + nanosPerUnit - 1) / nanosPerUnit;
    }

    @Override
    void count(long units, Now now) {
        emptyAt += units * nanosPerUnit;
        ownEmptyAt += units * nanosPerUnit;
    }

    /** A part of a unit may have leaked already: what is left of it is the first to go. */
    @Override
    long untilFreed(long units, Now now) {
        long part = (emptyAt - ticks) % nanosPerUnit;
        return (units - 1) * nanosPerUnit + (part == 0 ? nanosPerUnit : part);
    }

    /** A level that is never reached costs no throughput, so reads leave as much again to orders. */
    @Override
    long reserved(Priority priority, Now now) {
        return switch (priority) {
            case RISK_REDUCING -> 0;
            case ORDER -> limit.reserve();
            case READ -> Math.min(2 * limit.reserve(), limit.capacity() - 1);
        };
    }

    @Override
    void recall(long units, long nanosAgo, Now now) {
        emptyAt = Math.max(emptyAt, ticks + units * nanosPerUnit - nanosAgo);
        ownEmptyAt = emptyAt;
    }

    @Override
    long mark() {
        return ticks;
    }

    @Override
    long sure(long mark, long countedThen) {
        return Math.max(0, countedThen - (ticks - mark) / nanosPerUnit);
    }

    /** The use of others leaks as ours does. */
    @Override
    void settleOthers() {
        emptyAt = Math.max(ticks, emptyAt + others * nanosPerUnit);
        others = 0;
    }

    /** What has leaked since the venue told, and one for what both round. */
    @Override
    long explained(long mark, long age, Now now) {
        return (ownEmptyAt - ticks + age) / nanosPerUnit + 2;
    }
}
