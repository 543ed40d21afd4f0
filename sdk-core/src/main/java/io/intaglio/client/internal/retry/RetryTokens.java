package io.intaglio.client.internal.retry;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many retries a client may make in all, so that an outage is not met with a multiple of the load: a store of 500, of which a retry takes 5 and
 * a success gives back 1. Thread-safe.
 */
final class RetryTokens {
    static final int STORE = 500;
    static final int COST = 5;

    private final AtomicInteger left = new AtomicInteger(STORE);

    /** Whether another retry may be made. */
    boolean take() {
        int before = left.getAndUpdate(tokens -> tokens >= COST ? tokens - COST : tokens);
        return before >= COST;
    }

    /** A call succeeded. */
    void giveBack() {
        if (left.get() < STORE) {
            left.getAndUpdate(tokens -> Math.min(STORE, tokens + 1));
        }
    }
}
