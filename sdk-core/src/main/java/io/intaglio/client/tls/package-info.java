/**
 * Whom the client trusts and which certificate it shows.
 *
 * <pre>{@code
 * Tls tls = Tls.builder().trust(venueRoot).keystore(deskKeyStore, deskPassword).build();
 * VenueClient client = VenueClient.builder(venue).credential(key).tls(tls).build();
 * }</pre>
 */
@NullMarked
package io.intaglio.client.tls;

import org.jspecify.annotations.NullMarked;
