package io.intaglio.signing.scheme;

import io.intaglio.signing.ApiRequest;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One way to understand a received request: what the sender may have handed to the scheme. Signing it again gives the received bytes, or this
 * was not how it came to be. See {@link Scheme#readings}.
 *
 * @param request the request without what the scheme attached
 * @param time the time that the request states where the scheme puts it
 * @param nonce the nonce that the request states where the scheme puts it
 * @param attached headers that the scheme attaches
 */
public record Reading(ApiRequest request, Optional<Instant> time, Optional<String> nonce, List<String> attached) {
    /** Copies the list. */
    public Reading {
        attached = List.copyOf(attached);
    }
}
