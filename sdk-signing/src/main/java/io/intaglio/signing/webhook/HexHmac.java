package io.intaglio.signing.webhook;

import io.intaglio.signing.key.Hash;
import io.intaglio.signing.key.SecretForm;
import io.intaglio.signing.key.SignatureAlgorithm;
import io.intaglio.signing.key.SigningKey;
import io.intaglio.signing.secret.Secret;
import io.intaglio.signing.standard.VerificationException;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** HMAC-SHA256 in hex, compared in constant time. */
final class HexHmac {
    private static final SignatureAlgorithm HMAC = SignatureAlgorithm.hmac(Hash.SHA256, SecretForm.UTF8);

    private final String platform;
    private final SigningKey key;

    HexHmac(String platform, Secret secret) {
        this.platform = platform;
        this.key = SigningKey.hmac(secret);
    }

    void check(@Nullable String hex, byte[] text) {
        if (hex == null || hex.isEmpty()) {
            throw new VerificationException(platform + " webhook has no signature; refuse it");
        }
        byte[] given;
        try {
            given = HexFormat.of().parseHex(hex);
        } catch (IllegalArgumentException e) {
            throw new VerificationException(platform + " webhook has a signature that is not hex; refuse it");
        }
        if (!MessageDigest.isEqual(key.sign(HMAC, text), given)) {
            throw new VerificationException(
                    platform + " webhook has a wrong signature: another secret, or not the bytes that"
                            + " arrived; give the raw body");
        }
    }

    void close() {
        key.close();
    }
}
