/**
 * Secrets that stay out of logs, exceptions and heap dumps. Most programs need one line:
 *
 * <pre>{@code
 * Credential key = Credential.hmac("Q1sL...", Secret.fromEnv("DESK_SECRET"));
 * }</pre>
 *
 * A {@link io.intaglio.signing.secret.Secret} has no accessor for its bytes. The one exit is
 * {@link io.intaglio.signing.secret.InsecureSecretAccess}: search a code base for that name to find every place where a
 * secret is read.
 */
@NullMarked
package io.intaglio.signing.secret;

import org.jspecify.annotations.NullMarked;
