package io.intaglio.client;

import io.intaglio.client.internal.pipeline.Deadline;
import java.time.Duration;

/**
 * How often and how far apart a call is tried again. What may be tried again is not a setting: only what provably had no effect, and reads.
 * We recommend {@link #standard()}. Immutable and thread-safe.
 *
 * @param maxAttempts attempts in all, the first included
 * @param baseDelay about how long the first wait is; each further one is up to twice as long, at random (full jitter)
 * @param throttledDelay the same after the venue said that too many requests came
 * @param maxDelay the longest wait of our own choosing; a venue that asks for more gets more, within the call's time limit
 */
public record RetryPolicy(int maxAttempts, Duration baseDelay, Duration throttledDelay, Duration maxDelay) {
    /** Checks. */
    public RetryPolicy {
        if (maxAttempts < 1) {
            throw new IllegalArgumentException("maxAttempts must be at least 1, was " + maxAttempts);
        }
        baseDelay = positive("baseDelay", baseDelay);
        throttledDelay = positive("throttledDelay", throttledDelay);
        maxDelay = positive("maxDelay", maxDelay);
        if (maxDelay.compareTo(baseDelay) < 0 || maxDelay.compareTo(throttledDelay) < 0) {
            throw new IllegalArgumentException("maxDelay " + maxDelay + " is shorter than baseDelay " + baseDelay
                    + " or throttledDelay " + throttledDelay);
        }
    }

    /** Three attempts, 100 ms growing to 20 s, 1 s after a throttling. */
    public static RetryPolicy standard() {
        return new RetryPolicy(3, Duration.ofMillis(100), Duration.ofSeconds(1), Duration.ofSeconds(20));
    }

    /** One attempt. */
    public static RetryPolicy none() {
        return standard().withMaxAttempts(1);
    }

    /** The same with this many attempts in all. */
    public RetryPolicy withMaxAttempts(int attempts) {
        return new RetryPolicy(attempts, baseDelay, throttledDelay, maxDelay);
    }

    /** The same with another first wait. */
    public RetryPolicy withBaseDelay(Duration delay) {
        return new RetryPolicy(maxAttempts, delay, throttledDelay, maxDelay);
    }

    /** The same with another longest wait. */
    public RetryPolicy withMaxDelay(Duration delay) {
        return new RetryPolicy(maxAttempts, baseDelay, throttledDelay, delay);
    }

    private static Duration positive(String name, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException(name + " must be positive, was " + value);
        }
        return Deadline.bounded(value);
    }
}
