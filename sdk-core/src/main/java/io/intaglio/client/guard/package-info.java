/**
 * What a credential may be used for, decided before a signature exists.
 *
 * <pre>{@code
 * Guard readOnly = request -> request.method().equals("GET")
 *         ? Optional.empty()
 *         : Optional.of("this desk only reads; " + request + " would act");
 * VenueClient client = VenueClient.builder(venue).credential(key).guard(readOnly).build();
 * }</pre>
 */
@NullMarked
package io.intaglio.client.guard;

import org.jspecify.annotations.NullMarked;
