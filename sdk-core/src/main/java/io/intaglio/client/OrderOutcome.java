package io.intaglio.client;

import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What became of an order whose answer was lost. Immutable and thread-safe. */
public final class OrderOutcome {

    /** What is known. */
    public enum State {
        /** The venue has the order. */
        PRESENT,
        /** The venue proved not to have executed it and cannot any more: it may be placed again. */
        ABSENT,
        /** Neither could be proved in the time given; ask again. */
        UNKNOWN
    }

    private final State state;
    private final String clientOrderId;
    private final @Nullable VenueResponse answer;

    /**
     * For the client and for tests of code that handles it.
     *
     * @param answer in which the venue tells of the order; null unless it is present
     */
    public OrderOutcome(State state, String clientOrderId, @Nullable VenueResponse answer) {
        this.state = Objects.requireNonNull(state, "state");
        this.clientOrderId = Objects.requireNonNull(clientOrderId, "clientOrderId");
        this.answer = answer;
    }

    /** What is known. */
    public State state() {
        return state;
    }

    /** The order's client order id. */
    public String clientOrderId() {
        return clientOrderId;
    }

    /** The venue's answer that tells of the order, in the form of its order query; absent unless the order is present. */
    public Optional<VenueResponse> answer() {
        return Optional.ofNullable(answer);
    }

    /** State and id. */
    @Override
    public String toString() {
        return "order " + clientOrderId + " is " + state;
    }
}
