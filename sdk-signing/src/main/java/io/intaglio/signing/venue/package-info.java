/**
 * What is known of each venue, as data: addresses, scheme, nonce rule, time window, limits, how errors read. One file a venue, nothing to
 * register:
 *
 * <pre>{@code
 * Venue venue = KrakenSpot.VENUE;
 * Credential key = venue.credential("Q9mb...", Secret.fromEnv("KRAKEN_SECRET"));
 * }</pre>
 */
@NullMarked
package io.intaglio.signing.venue;

import org.jspecify.annotations.NullMarked;
