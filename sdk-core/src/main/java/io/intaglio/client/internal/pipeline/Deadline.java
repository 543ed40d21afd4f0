package io.intaglio.client.internal.pipeline;

import java.time.Duration;
import java.util.function.LongSupplier;

/** When a call must have ended, on the client's ticker. */
public final class Deadline {
    private static final Duration CENTURY = Duration.ofDays(36_500);

    private final LongSupplier ticker;
    private final long start;
    private final Duration limit;

    Deadline(LongSupplier ticker, Duration limit) {
        this(ticker, limit, 0);
    }

    /** @param passed nanoseconds of it that are over */
    Deadline(LongSupplier ticker, Duration limit, long passed) {
        this.ticker = ticker;
        this.start = ticker.getAsLong() - passed;
        this.limit = bounded(limit);
    }

    /** The same, or a century where it is longer: a long holds the nanoseconds of three. */
    public static Duration bounded(Duration time) {
        return time.compareTo(CENTURY) < 0 ? time : CENTURY;
    }

    Duration limit() {
        return limit;
    }

    Duration elapsed() {
        return Duration.ofNanos(ticker.getAsLong() - start);
    }

    /** What is left, never negative. */
    Duration left() {
        Duration left = limit.minus(elapsed());
        return left.isNegative() ? Duration.ZERO : left;
    }

    boolean allows(Duration wait) {
        return wait.compareTo(left()) < 0;
    }
}
