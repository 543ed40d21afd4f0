/**
 * What a client does on its own account, told as it happens.
 *
 * <pre>{@code
 * VenueClient client = VenueClient.builder(venue).credential(key).listener(event -> log.info("{}", event)).build();
 * }</pre>
 */
@NullMarked
package io.intaglio.client.event;

import org.jspecify.annotations.NullMarked;
