package io.intaglio.signing.standard;

import io.intaglio.signing.key.EcdsaForm;
import io.intaglio.signing.key.Hash;
import io.intaglio.signing.key.KeyKind;
import io.intaglio.signing.key.SecretForm;
import io.intaglio.signing.key.SignatureAlgorithm;

/** The algorithms of HTTP Message Signatures (RFC 9421 section 3.3). */
public enum HttpSignatureAlgorithm {
    /** RSASSA-PSS with SHA-512, MGF1 with SHA-512 and 64 bytes of salt. */
    RSA_PSS_SHA512("rsa-pss-sha512", KeyKind.RSA),
    /** RSASSA-PKCS1-v1_5 with SHA-256. */
    RSA_V1_5_SHA256("rsa-v1_5-sha256", KeyKind.RSA),
    /** HMAC with SHA-256. */
    HMAC_SHA256("hmac-sha256", KeyKind.SECRET),
    /** ECDSA on P-256 with SHA-256; a signature is r and s, 64 bytes. */
    ECDSA_P256_SHA256("ecdsa-p256-sha256", KeyKind.EC_P256),
    /** ECDSA on P-384 with SHA-384; a signature is r and s, 96 bytes. */
    ECDSA_P384_SHA384("ecdsa-p384-sha384", KeyKind.EC_P384),
    /** Ed25519, the pure form. */
    ED25519("ed25519", KeyKind.ED25519);

    private final String label;
    private final KeyKind kind;

    HttpSignatureAlgorithm(String label, KeyKind kind) {
        this.label = label;
        this.kind = kind;
    }

    /** The name in the {@code alg} parameter. */
    public String label() {
        return label;
    }

    /** The one kind of key that it takes. */
    public KeyKind kind() {
        return kind;
    }

    /**
     * The algorithm for a signing or verifying key.
     *
     * @param form how the text of a shared secret becomes key bytes; of no effect on other algorithms
     */
    public SignatureAlgorithm algorithm(SecretForm form) {
        return switch (this) {
            case RSA_PSS_SHA512 -> SignatureAlgorithm.rsaPss(Hash.SHA512);
            case RSA_V1_5_SHA256 -> SignatureAlgorithm.rsaPkcs1(Hash.SHA256);
            case HMAC_SHA256 -> SignatureAlgorithm.hmac(Hash.SHA256, form);
            case ECDSA_P256_SHA256 -> SignatureAlgorithm.ecdsa(Hash.SHA256, EcdsaForm.RAW);
            case ECDSA_P384_SHA384 -> SignatureAlgorithm.ecdsa(Hash.SHA384, EcdsaForm.RAW);
            case ED25519 -> SignatureAlgorithm.ed25519();
        };
    }

    /** The {@link #label()}. */
    @Override
    public String toString() {
        return label;
    }
}
