package io.intaglio.client.event;

/**
 * Hears of events. Called on the thread on which they happen, often a caller's, so it has to be quick; thread-safe. What it throws is logged and
 * does not disturb the call.
 */
@FunctionalInterface
public interface Listener {
    /** It has happened. */
    void on(Event event);
}
