package io.intaglio.signing.standard;

import io.intaglio.signing.key.EcdsaForm;
import io.intaglio.signing.key.Hash;
import io.intaglio.signing.key.KeyKind;
import io.intaglio.signing.key.SecretForm;
import io.intaglio.signing.key.SignatureAlgorithm;
import java.util.Optional;

/** The signature algorithms of JOSE (RFC 7518 section 3, RFC 8037), without {@code none}. */
public enum JwsAlgorithm {
    /** HMAC with SHA-256. */
    HS256("HS256", KeyKind.SECRET, Hash.SHA256),
    /** HMAC with SHA-384. */
    HS384("HS384", KeyKind.SECRET, Hash.SHA384),
    /** HMAC with SHA-512. */
    HS512("HS512", KeyKind.SECRET, Hash.SHA512),
    /** RSASSA-PKCS1-v1_5 with SHA-256. */
    RS256("RS256", KeyKind.RSA, Hash.SHA256),
    /** RSASSA-PKCS1-v1_5 with SHA-384. */
    RS384("RS384", KeyKind.RSA, Hash.SHA384),
    /** RSASSA-PKCS1-v1_5 with SHA-512. */
    RS512("RS512", KeyKind.RSA, Hash.SHA512),
    /** RSASSA-PSS with SHA-256 and 32 bytes of salt. */
    PS256("PS256", KeyKind.RSA, Hash.SHA256),
    /** RSASSA-PSS with SHA-384 and 48 bytes of salt. */
    PS384("PS384", KeyKind.RSA, Hash.SHA384),
    /** RSASSA-PSS with SHA-512 and 64 bytes of salt. */
    PS512("PS512", KeyKind.RSA, Hash.SHA512),
    /** ECDSA on P-256 with SHA-256; a signature is r and s, 64 bytes. */
    ES256("ES256", KeyKind.EC_P256, Hash.SHA256),
    /** ECDSA on P-384 with SHA-384; a signature is r and s, 96 bytes. */
    ES384("ES384", KeyKind.EC_P384, Hash.SHA384),
    /** Ed25519 (RFC 8037). */
    EDDSA("EdDSA", KeyKind.ED25519, Hash.SHA512);

    private final String label;
    private final KeyKind kind;
    private final Hash hash;

    JwsAlgorithm(String label, KeyKind kind, Hash hash) {
        this.label = label;
        this.kind = kind;
        this.hash = hash;
    }

    /** The algorithm of this name; empty for {@code none} and all that we do not support. */
    static Optional<JwsAlgorithm> named(String label) {
        for (JwsAlgorithm algorithm : values()) {
            if (algorithm.label.equals(label)) {
                return Optional.of(algorithm);
            }
        }
        return Optional.empty();
    }

    /** The name in the {@code alg} header. */
    public String label() {
        return label;
    }

    /** The one kind of key that it takes. */
    public KeyKind kind() {
        return kind;
    }

    Hash hash() {
        return hash;
    }

    /**
     * The algorithm for a signing or verifying key.
     *
     * @param form how the text of a shared secret becomes key bytes; of no effect on other algorithms
     */
    public SignatureAlgorithm algorithm(SecretForm form) {
        return switch (this) {
            case HS256, HS384, HS512 -> SignatureAlgorithm.hmac(hash, form);
            case RS256, RS384, RS512 -> SignatureAlgorithm.rsaPkcs1(hash);
            case PS256, PS384, PS512 -> SignatureAlgorithm.rsaPss(hash);
            case ES256, ES384 -> SignatureAlgorithm.ecdsa(hash, EcdsaForm.RAW);
            case EDDSA -> SignatureAlgorithm.ed25519();
        };
    }

    /** The {@link #label()}. */
    @Override
    public String toString() {
        return label;
    }
}
