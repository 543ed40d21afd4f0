package io.intaglio.signing.webhook;

import io.intaglio.signing.key.Hash;
import io.intaglio.signing.key.SignatureAlgorithm;
import io.intaglio.signing.key.VerifyingKey;
import io.intaglio.signing.standard.JwsVerifier;
import io.intaglio.signing.standard.VerificationException;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Fireblocks: RSA with SHA-512 over the raw body, by a key that the platform publishes; give the one of your environment. Header
 * {@code Fireblocks-Signature} holds the signature in base64 ({@link #verify}); header {@code Fireblocks-Webhook-Signature} holds a JWS with its
 * payload left out (RFC 7515, appendix F) whose header names the key ({@link #verifyJws}).
 *
 * <p>Neither holds a time, so a message that was seen once can be sent again: remember what you have handled. Thread-safe.
 *
 * <p>Source: developers.fireblocks.com, "Validating webhooks". That the JWS is RS512 is unconfirmed; the key set decides.
 */
public final class FireblocksWebhook {
    private static final SignatureAlgorithm RSA = SignatureAlgorithm.rsaPkcs1(Hash.SHA512);

    private FireblocksWebhook() {}

    /**
     * Returns when the message is genuine.
     *
     * @param signature value of header {@code Fireblocks-Signature}, null when absent
     * @param body as it arrived
     * @param key the platform's public key
     * @throws VerificationException when it is not
     */
    public static void verify(@Nullable String signature, byte[] body, VerifyingKey key) {
        check(decoded(signature), body, key);
    }

    /**
     * Returns when the message is genuine.
     *
     * @param jws value of header {@code Fireblocks-Webhook-Signature}, null when absent
     * @param body as it arrived
     * @param keys the platform's key set: {@code JwsVerifier.of(Jwk.readSet(json))}
     * @throws VerificationException when it is not
     */
    public static void verifyJws(@Nullable String jws, byte[] body, JwsVerifier keys) {
        if (jws == null || jws.isEmpty()) {
            throw new VerificationException("Fireblocks webhook has no signature; refuse it");
        }
        keys.verifyDetached(jws, body);
    }

    private static byte[] decoded(@Nullable String text) {
        if (text == null || text.isEmpty()) {
            throw new VerificationException("Fireblocks webhook has no signature; refuse it");
        }
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw new VerificationException("Fireblocks webhook has a signature that is not base64; refuse it");
        }
    }

    private static void check(byte[] signature, byte[] text, VerifyingKey key) {
        if (!key.verify(RSA, text, signature)) {
            throw new VerificationException(
                    "Fireblocks webhook has a wrong signature: another key, or not the bytes that"
                            + " arrived; give the raw body");
        }
    }
}
