/**
 * Whom the client trusts and which certificate it shows.
 *
 * <pre>{@code
 * Tls tls = Tls.builder()
 *         .trust(Path.of("venue-ca.pem"))
 *         .keystore(Keystore.file(Path.of("desk.p12")).password(Secret.fromFile(Path.of("desk.password"))))
 *         .build();
 * VenueClient client = VenueClient.builder(venue).credential(key).tls(tls).build();
 * }</pre>
 */
@NullMarked
package io.intaglio.client.tls;

import org.jspecify.annotations.NullMarked;
