/**
 * The algebra in which venues are written: parts (what the bytes are) in places (where they go), in three steps. Kraken spot, whole:
 *
 * <pre>{@code
 * Scheme.named("kraken")
 *         .stamp(parameter("nonce").first(), nonce())
 *         .preHash(path(), sha256(nonce(), body()))
 *         .hmac(SHA512, SecretForm.BASE64)
 *         .attach(header("API-Key"), keyId())
 *         .attach(header("API-Sign"), base64(signature()))
 *         .build();
 * }</pre>
 *
 * <b>Stamp</b> sets values that the pre-hash covers, where the caller has not set them. <b>Pre-hash</b> lists the bytes handed to the key.
 * <b>Attach</b> adds values after signing. Parts nest, so hashing, hex, joining, optional lines and JWT segments need no further concept.
 */
@NullMarked
package io.intaglio.signing.scheme;

import org.jspecify.annotations.NullMarked;
