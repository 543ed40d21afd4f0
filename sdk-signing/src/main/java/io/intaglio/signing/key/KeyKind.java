package io.intaglio.signing.key;

/** What a key is, apart from where it is kept. {@link #toString()} reads as part of a sentence. */
public enum KeyKind {
    /** Bytes shared with the venue, for HMAC. */
    SECRET("an HMAC secret"),
    /** EdDSA on Curve25519 (RFC 8032). */
    ED25519("an Ed25519 private key"),
    /** RSA, of any size that is read. */
    RSA("an RSA private key"),
    /** ECDSA on NIST P-256, also called secp256r1. */
    EC_P256("an EC P-256 private key"),
    /** ECDSA on NIST P-384, also called secp384r1. */
    EC_P384("an EC P-384 private key"),
    /** ECDSA on secp256k1, the curve of Bitcoin. */
    EC_SECP256K1("an EC secp256k1 private key");

    private final String words;

    KeyKind(String words) {
        this.words = words;
    }

    boolean isEc() {
        return this == EC_P256 || this == EC_P384 || this == EC_SECP256K1;
    }

    /** The kind in few words without an article, after the form: {@code EC P-256 key}. */
    String inShort() {
        return this == SECRET
                ? "HMAC secret"
                : words.substring(words.indexOf(' ') + 1).replace("private ", "");
    }

    /** The kind in words with an article, for messages: {@code an Ed25519 private key}. */
    @Override
    public String toString() {
        return words;
    }
}
