package io.intaglio.client.guard;

import io.intaglio.signing.ApiRequest;
import java.util.Optional;

/**
 * Decides whether a request may be made at all. Asked once a call, before budget is spent, a nonce is drawn or a signature exists.
 * Implementations are thread-safe and quick: they run on the caller's thread.
 */
@FunctionalInterface
public interface Guard {

    /**
     * Why the request must not be made, as one sentence for the caller that names the rule and the value; empty when it may.
     *
     * @param request as it would be signed: with base URI and client order id
     */
    Optional<String> refusal(ApiRequest request);

    /** Refuses nothing. */
    static Guard none() {
        return request -> Optional.empty();
    }
}
