/**
 * Clients from a file: what to talk to, with which key, kept where.
 *
 * <pre>{@code
 * # ~/.config/intaglio/profiles.toml
 * [desk]
 * venue = "okx"
 * key-id = "7a1c..."
 * secret = "file:/etc/desk/okx.secret"
 * passphrase = "env:OKX_PASSPHRASE"
 * permissions = ["read", "trade"]
 * time-limit = "10s"
 * }</pre>
 *
 * <pre>{@code
 * try (VenueClient okx = VenueClient.fromProfile("desk")) { ... }
 * }</pre>
 */
@NullMarked
package io.intaglio.client.profile;

import org.jspecify.annotations.NullMarked;
