package io.intaglio.signing.venue;

import java.util.UUID;
import java.util.random.RandomGenerator;

/** What a client order id must look like for a venue to take it. */
public enum OrderIdForm {
    /** 32 lower-case hex characters, which nearly every venue takes. */
    HEX,
    /** A version 4 UUID with hyphens. */
    UUID,
    /** 13 decimal digits, for venues that take numbers only; made of 43 random bits. */
    NUMBER,
    /** {@code t-} and 26 hex characters, the longest that Gate takes. */
    GATE;

    /** A new id of this form, made of at least 104 random bits unless the form says less. */
    public String next(RandomGenerator random) {
        long high = random.nextLong() & 0xffffffffffff0fffL | 0x4000L;
        long low = random.nextLong() & 0x3fffffffffffffffL | 0x8000000000000000L;
        String uuid = new UUID(high, low).toString();
        String hex = uuid.replace("-", "");
        return switch (this) {
            case HEX -> hex;
            case UUID -> uuid;
            case NUMBER ->
                Long.toString(1_000_000_000_000L + Long.remainderUnsigned(random.nextLong(), 9_000_000_000_000L));
            case GATE -> "t-" + hex.substring(0, 26);
        };
    }
}
