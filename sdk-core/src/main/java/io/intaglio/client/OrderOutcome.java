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
        /**
         * The venue proved not to have executed it and cannot any more: it may be placed again. Where a venue forgets an order that was cancelled before
         * it was executed at all, it may have been that: then to place it again is a second try.
         */
        ABSENT,
        /** Neither could be proved in the time given; ask again, unless there is a {@link OrderOutcome#reason()} why that is in vain. */
        UNKNOWN
    }

    private final State state;
    private final String clientOrderId;
    private final @Nullable VenueResponse answer;
    private final @Nullable String reason;

    /**
     * For the client and for tests of code that handles it.
     *
     * @param answer in which the venue tells of the order; null unless it is present
     */
    public OrderOutcome(State state, String clientOrderId, @Nullable VenueResponse answer) {
        this(state, clientOrderId, answer, null);
    }

    private OrderOutcome(State state, String clientOrderId, @Nullable VenueResponse answer, @Nullable String reason) {
        this.state = Objects.requireNonNull(state, "state");
        this.clientOrderId = Objects.requireNonNull(clientOrderId, "clientOrderId");
        this.answer = answer;
        this.reason = reason;
    }

    /** Neither can be proved by asking, for this reason. */
    public static OrderOutcome unknown(String clientOrderId, String reason) {
        return new OrderOutcome(State.UNKNOWN, clientOrderId, null, Objects.requireNonNull(reason, "reason"));
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

    /** Why asking proves nothing and what to do then, in words for a person; absent where the time given was too short. */
    public Optional<String> reason() {
        return Optional.ofNullable(reason);
    }

    /** State and id, and the reason if there is one. */
    @Override
    public String toString() {
        return "order " + clientOrderId + " is " + state + (reason == null ? "" : ": " + reason);
    }
}
