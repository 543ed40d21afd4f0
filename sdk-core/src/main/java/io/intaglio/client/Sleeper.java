package io.intaglio.client;

import java.time.Duration;

/** How the client waits: the thread sleeps, unless a test gives a virtual clock's sleep. Thread-safe. */
@FunctionalInterface
public interface Sleeper {

    /**
     * Returns after at least this long.
     *
     * @throws InterruptedException when the thread is interrupted before
     */
    void sleep(Duration duration) throws InterruptedException;

    /** Sleeps in real time. */
    static Sleeper system() {
        return SystemSleeper.INSTANCE;
    }
}
