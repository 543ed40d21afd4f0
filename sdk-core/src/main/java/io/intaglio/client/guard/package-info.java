/**
 * What a credential may be used for, decided before a signature exists.
 *
 * <pre>{@code
 * GuardPolicy readOnly = GuardPolicy.builder().allow(Purpose.READ).environment("live").build();
 * VenueClient client = VenueClient.builder(venue).credential(key).guard(readOnly.guard(venue)).build();
 * }</pre>
 *
 * A rule of your own is a {@link io.intaglio.client.guard.Guard}, a function from a request to a refusal.
 */
@NullMarked
package io.intaglio.client.guard;

import org.jspecify.annotations.NullMarked;
