package io.intaglio.client.internal.event;

import io.intaglio.client.event.Event;
import io.intaglio.client.event.Listener;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells every listener; one that throws disturbs nobody. Immutable. */
public final class Broadcast {
    private static final Logger LOG = LoggerFactory.getLogger(Broadcast.class);

    private final List<Listener> listeners;

    /** Told in this order. */
    public Broadcast(List<Listener> listeners) {
        this.listeners = List.copyOf(listeners);
    }

    /** Whether anybody listens: what costs something to tell need not be put together otherwise. */
    public boolean isHeard() {
        return !listeners.isEmpty();
    }

    /** It has happened. */
    public void tell(Event event) {
        for (Listener listener : listeners) {
            try {
                listener.on(event);
            } catch (RuntimeException e) {
                LOG.warn("a listener failed at {}", event, e);
            }
        }
    }
}
