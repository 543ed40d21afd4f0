/**
 * What a client does, told as it happens: every call and attempt, and what it does on its own account.
 *
 * <pre>{@code
 * VenueClient client = VenueClient.builder(venue).credential(key).listener(event -> {
 *     if (event instanceof Event.CallEnded call && call.isUncertain()) {
 *         log.warn("{}", call);
 *     }
 * }).build();
 * }</pre>
 */
@NullMarked
package io.intaglio.client.event;

import org.jspecify.annotations.NullMarked;
