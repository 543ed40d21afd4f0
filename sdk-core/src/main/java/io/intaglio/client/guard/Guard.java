package io.intaglio.client.guard;

import io.intaglio.signing.ApiRequest;
import java.util.Optional;

/**
 * Decides whether a request may be made at all; {@link GuardPolicy} makes one from rules. Implementations are thread-safe. They run on the
 * caller's thread.
 */
@FunctionalInterface
public interface Guard {

    /**
     * Why the request must not be made, as one sentence for the caller that names the rule and the value; empty when it may. Asked once a call,
     * before budget is spent, a nonce is drawn or a signature exists. Time that it takes is not part of the call's time limit.
     *
     * @param request as it would be signed: with base URI and client order id
     */
    Optional<String> refusal(ApiRequest request);

    /**
     * Why nothing must go out now, as one sentence; empty when it may. Asked for every attempt, and for what the client asks on its own account,
     * right before it is signed and again before its first byte, so that what changed while a call waited still stops it. Must be quick.
     */
    default Optional<String> halt(ApiRequest request) {
        return Optional.empty();
    }

    /** Tells that a request which was not refused has provably not been executed: the same object that {@link #refusal} was asked about. */
    default void notExecuted(ApiRequest request) {}

    /** Refuses nothing. */
    static Guard none() {
        return request -> Optional.empty();
    }
}
