/**
 * Processes that use the same key, on one machine or many, as one fleet: one nonce line, one budget, one kill switch.
 *
 * <pre>{@code
 * RedisAddress redis = RedisAddress.single("redis.internal", 6379).tls();
 * try (Fleet fleet = Fleet.builder("desk", redis).members(4).open();
 *         VenueClient client = VenueClient.builder(venue)
 *                 .credential(key)
 *                 .budgets(fleet.budgets())
 *                 .nonces(fleet.nonces(venue, key, NonceUnit.MICROS))
 *                 .build()) {
 *     client.send(order);
 * }
 * }</pre>
 *
 * <p>Redis holds numbers, times and fingerprints of key ids: no secret, no key id, nothing of a request.
 */
@NullMarked
package io.intaglio.fleet;

import org.jspecify.annotations.NullMarked;
