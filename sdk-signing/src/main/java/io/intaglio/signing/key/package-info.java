/**
 * Keys that sign and keys that verify. Most programs read a key from a file and hand it to a credential:
 *
 * <pre>{@code
 * SigningKey key = KeyReader.read(Secret.fromFile(Path.of("desk-ed25519.pem")));
 * Credential credential = Credential.of("Q1sL...", key);
 * }</pre>
 *
 * {@link io.intaglio.signing.key.KeyReader} takes every common form of a private key, and says what it found when it is
 * none. {@link io.intaglio.signing.key.SigningKey#remote} is the hook for a key management service.
 */
@NullMarked
package io.intaglio.signing.key;

import org.jspecify.annotations.NullMarked;
