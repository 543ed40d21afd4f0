/**
 * Processes that use the same key, on one machine or many, as one fleet: one nonce line, one budget, one kill switch.
 *
 * <pre>{@code
 * try (Fleet fleet = Fleet.builder("desk", RedisAddress.single("redis.internal", 6379).tls()).members(4).open();
 *         VenueClient client = VenueClient.builder(venue).credential(key)
 *                 .nonces(fleet.nonces(venue, key)).budgets(fleet.budgets()).build()) {
 *     client.send(order);
 * }
 * }</pre>
 *
 * <p>Redis holds counts, times and fingerprints of key ids: no secret, no key id, nothing of a request.
 */
@NullMarked
package io.intaglio.fleet;

import org.jspecify.annotations.NullMarked;
