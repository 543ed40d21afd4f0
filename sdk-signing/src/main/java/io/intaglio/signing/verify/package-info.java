/**
 * Checks requests that were signed by a venue's scheme, for gateways, simulated venues and tests.
 *
 * <pre>{@code
 * ReplayGuard seen = new MemoryReplayGuard(100_000, Instant::now);   // one for the whole service
 * Verifier verifier = Verifier.of(KrakenFutures.VENUE.scheme());
 * verifier.verify(received, key, Instant.now(), Venue.Window.of(Duration.ofSeconds(5)), seen);
 * }</pre>
 */
@org.jspecify.annotations.NullMarked
package io.intaglio.signing.verify;
