/**
 * Clients from a file: what to talk to, with which key, kept where.
 *
 * <pre>{@code
 * try (VenueClient okx = VenueClient.fromProfile("desk")) {
 *     System.out.println(okx.send(ApiRequest.get("/api/v5/account/balance")).text());
 * }
 * }</pre>
 *
 * The file is {@code ~/.config/intaglio/profiles.toml}:
 *
 * <pre>{@code
 * [desk]
 * venue = "okx"
 * key-id = "7a1c..."
 * secret = "file:/etc/desk/okx.secret"
 * passphrase = "env:OKX_PASSPHRASE"
 * permissions = ["read", "trade"]
 * time-limit = "60s"
 * }</pre>
 */
@NullMarked
package io.intaglio.client.profile;

import org.jspecify.annotations.NullMarked;
