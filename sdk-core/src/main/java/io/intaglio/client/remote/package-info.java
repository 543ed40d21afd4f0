/**
 * Secrets and keys that a service holds: HashiCorp Vault (KV version 2, Transit) and AWS KMS. Small clients over the transport of
 * {@link io.intaglio.client.VenueClient}.
 *
 * <pre>{@code
 * try (Vault vault = Vault.at(URI.create("https://vault:8200"), Secret.fromFile(Path.of("/run/vault/token")), tls)) {
 *     Credential desk = Credential.of("Q1sL...", vault.transitKey("transit", "desk-7", KeyKind.ED25519));
 * }
 * }</pre>
 */
@NullMarked
package io.intaglio.client.remote;

import org.jspecify.annotations.NullMarked;
