package io.intaglio.signing.venue;

import io.intaglio.signing.time.NonceSource;
import io.intaglio.signing.time.NonceUnit;

/** What a venue wants of a nonce. */
public enum NonceRule {
    /** The scheme has no nonce apart from the timestamp. */
    NONE,
    /** Strictly rising per key, usually milliseconds. */
    INCREASING_MILLIS,
    /** Strictly rising per key, usually microseconds. */
    INCREASING_MICROS,
    /** Strictly rising per key, usually nanoseconds. */
    INCREASING_NANOS,
    /** A random UUID, unique within the venue's window. */
    UUID,
    /** 16 random bytes as hex. */
    RANDOM_HEX,
    /** 35 random letters and digits. */
    RANDOM_ALPHANUMERIC;

    /** Whether the venue refuses a nonce that is not higher than the last, so that requests of one key must arrive in order. */
    public boolean isIncreasing() {
        return this == INCREASING_MILLIS || this == INCREASING_MICROS || this == INCREASING_NANOS;
    }

    /** A new in-memory source that follows the rule. One per key, shared by all who use the key. */
    public NonceSource newSource() {
        return switch (this) {
            case NONE, UUID -> NonceSource.uuid();
            case INCREASING_MILLIS -> NonceSource.increasing(NonceUnit.MILLIS);
            case INCREASING_MICROS -> NonceSource.increasing(NonceUnit.MICROS);
            case INCREASING_NANOS -> NonceSource.increasing(NonceUnit.NANOS);
            case RANDOM_HEX -> NonceSource.randomHex(16);
            case RANDOM_ALPHANUMERIC -> NonceSource.randomAlphanumeric(35);
        };
    }
}
