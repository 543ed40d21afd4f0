/**
 * Processes that use the same key, on one machine or many, as one fleet with one nonce line.
 *
 * <pre>{@code
 * RedisAddress redis = RedisAddress.single("redis.internal", 6379).tls();
 * try (Fleet fleet = Fleet.builder("desk", redis).open();
 *         VenueClient client = VenueClient.builder(venue)
 *                 .credential(key)
 *                 .nonces(fleet.turns(venue, key, NonceUnit.MICROS, 0))
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
