package io.intaglio.client.internal.pipeline;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * The bulkhead: how many connections reads may hold at once, so that however many of them hang, an order finds one. Reads wait for each other in the
 * order in which they came, each no longer than its own time limit allows. Thread-safe.
 */
final class ReadShare {
    private final Semaphore places;

    /** Leaves a quarter of the connections to orders and cancels, and at least one if there are two. */
    ReadShare(int connections) {
        places = new Semaphore(Math.max(1, connections - Math.max(1, connections / 4)), true);
    }

    /** Whether a place came free in time; it is to be {@linkplain #leave() left}. */
    boolean enter(Duration limit) throws InterruptedException {
        return places.tryAcquire(Math.max(1, limit.toNanos()), TimeUnit.NANOSECONDS);
    }

    void leave() {
        places.release();
    }
}
