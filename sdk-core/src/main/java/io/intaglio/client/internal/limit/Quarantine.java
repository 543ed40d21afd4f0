package io.intaglio.client.internal.limit;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * What a venue's {@code Retry-After} or ban notice means for everyone who sends through this client: nobody sends before that time.
 * Thread-safe.
 */
public final class Quarantine {
    private final LongSupplier ticker;
    private final AtomicLong until;

    /** @param ticker monotonic nanoseconds */
    public Quarantine(LongSupplier ticker) {
        this.ticker = ticker;
        this.until = new AtomicLong(ticker.getAsLong());
    }

    /** Nanoseconds to wait before the next request may go out; 0 when it may go now. */
    public long waitNanos() {
        return Math.max(0, until.get() - ticker.getAsLong());
    }

    /** Nobody sends for this long from now; a notice never shortens an earlier one. */
    public void extend(long nanos) {
        long candidate = ticker.getAsLong() + nanos;
        until.accumulateAndGet(candidate, (a, b) -> a - b >= 0 ? a : b);
    }
}
