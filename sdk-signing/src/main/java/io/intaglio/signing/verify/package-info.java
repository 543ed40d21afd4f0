/**
 * Checks requests that were signed by a venue's scheme, for gateways, simulated venues and tests.
 *
 * <pre>{@code
 * Verifier verifier = Verifier.of(KrakenFutures.VENUE.scheme());
 * verifier.verify(received, credential, Instant.now(), Venue.Window.of(Duration.ofSeconds(5)), new MemoryReplayGuard(100_000));
 * }</pre>
 */
@org.jspecify.annotations.NullMarked
package io.intaglio.signing.verify;
