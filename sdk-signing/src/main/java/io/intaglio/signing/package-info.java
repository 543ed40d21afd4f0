/**
 * The seven nouns of signing. A scheme turns a request, a credential and a moment into the exact bytes to send:
 *
 * <pre>{@code
 * SignedRequest signed = BinanceSpot.VENUE.scheme().sign(
 *         ApiRequest.get("/api/v3/account"),
 *         Credential.hmac("Q1sL...", Secret.fromEnv("DESK_SECRET")),
 *         Moment.at(Instant.now()));
 * System.out.println(signed.url());
 * }</pre>
 *
 * Nothing in this module opens a socket. Sending, with budgets, retries and certain outcomes, is in {@code io.intaglio.client}.
 */
@NullMarked
package io.intaglio.signing;

import org.jspecify.annotations.NullMarked;
