/**
 * OAuth 2 access tokens: fetched by one thread for all, renewed ahead of their end, sent with each request.
 *
 * <pre>{@code
 * OAuth oauth = OAuth.discovered(URI.create("https://login.venue.example"))
 *         .client(ClientAuthentication.privateKeyJwt("desk-7", JwsAlgorithm.ES256, signingKey))
 *         .scope("exchange:trade")
 *         .build();
 * VenueClient client = VenueClient.builder(venue.withAccessTokens()).tokens(oauth).alsoClose(oauth).build();
 * }</pre>
 */
@NullMarked
package io.intaglio.client.oauth;

import org.jspecify.annotations.NullMarked;
