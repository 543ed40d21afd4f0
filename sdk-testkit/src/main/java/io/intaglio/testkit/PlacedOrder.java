package io.intaglio.testkit;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An order that the venue accepted: the truth, whatever the client was told.
 *
 * @param id given by the venue
 * @param clientOrderId given by the client, empty when it gave none
 * @param fields as they arrived, in order, without those that authenticate
 * @param state open until it is filled or cancelled
 * @param placedAt the venue's time
 */
public record PlacedOrder(String id, String clientOrderId, Map<String, String> fields, State state, Instant placedAt) {

    /** Where an order stands. */
    public enum State {
        /** Resting in the book. */
        OPEN,
        /** Executed in full. */
        FILLED,
        /** Taken back before it was executed. */
        CANCELLED
    }

    /** Copies the fields. */
    public PlacedOrder {
        fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
    }

    PlacedOrder in(State newState) {
        return new PlacedOrder(id, clientOrderId, fields, newState, placedAt);
    }

    String field(String name) {
        return fields.getOrDefault(name, "");
    }

    boolean isOpen() {
        return state == State.OPEN;
    }
}
