/**
 * The door: one client a venue and credential, one way through, and exceptions that say whether the venue may have acted.
 *
 * <pre>{@code
 * Credential key = KrakenSpot.VENUE.credential("Q9mb...", Secret.fromEnv("KRAKEN_SECRET"));
 * try (VenueClient kraken = VenueClient.of(KrakenSpot.VENUE, key)) {
 *     VenueResponse balance = kraken.send(ApiRequest.post("/0/private/Balance"));
 *     System.out.println(balance.text());
 * }
 * }</pre>
 */
@NullMarked
package io.intaglio.client;

import org.jspecify.annotations.NullMarked;
