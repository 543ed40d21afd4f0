/**
 * Published standards for signed messages, to sign and to verify: HTTP Message Signatures (RFC 9421) with Digest Fields (RFC 9530).
 *
 * <pre>{@code
 * SigningScheme scheme = HttpMessageSignatures.signing(HttpSignatureAlgorithm.ED25519)
 *         .covering("@method", "@target-uri")
 *         .build();
 *
 * HttpSignatureVerifier verifier = HttpSignatureVerifier.requiring("@method", "@target-uri")
 *         .key("desk-7", HttpSignatureAlgorithm.ED25519, publicKey)
 *         .build();
 * VerifiedSignature proof = verifier.verify(received, Instant.now());
 * }</pre>
 *
 * Verifiers are strict: what a standard lets a reader refuse is refused, a key has one algorithm whatever a message says, and every refusal
 * is a {@link io.intaglio.signing.standard.VerificationException} that tells the reason.
 */
@NullMarked
package io.intaglio.signing.standard;

import org.jspecify.annotations.NullMarked;
