package io.intaglio.signing.time;

import java.time.Instant;

/** The unit in which a venue counts a rising nonce. Each is a type of its own, so seconds cannot meet microseconds by accident. */
public enum NonceUnit {
    /** UNIX seconds. */
    SECONDS(1L, 1_000_000_000),
    /** UNIX milliseconds. */
    MILLIS(1_000L, 1_000_000),
    /** UNIX microseconds. */
    MICROS(1_000_000L, 1_000),
    /** UNIX nanoseconds. */
    NANOS(1_000_000_000L, 1);

    private final long perSecond;
    private final int nanosEach;

    NonceUnit(long perSecond, int nanosEach) {
        this.perSecond = perSecond;
        this.nanosEach = nanosEach;
    }

    /** The time in this unit since 1970, rounded down. */
    public long of(Instant time) {
        return Math.addExact(Math.multiplyExact(time.getEpochSecond(), perSecond), time.getNano() / nanosEach);
    }
}
