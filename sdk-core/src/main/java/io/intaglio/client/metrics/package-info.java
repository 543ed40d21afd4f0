/**
 * A client's numbers for a metrics registry. Needs {@code io.micrometer:micrometer-core}, which this library does not bring along; nothing else of the
 * library needs it.
 *
 * <pre>{@code
 * ClientMetrics metrics = ClientMetrics.in(registry);
 * VenueClient client = VenueClient.builder(venue).credential(key).listener(metrics).build();
 * metrics.watch(client, "desk");
 * }</pre>
 */
@NullMarked
package io.intaglio.client.metrics;

import org.jspecify.annotations.NullMarked;
