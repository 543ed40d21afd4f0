package io.intaglio.signing.key;

/** What a key is, apart from where it is kept. {@link #toString()} reads as part of a sentence. */
public enum KeyKind {
    SECRET("an HMAC secret"),
    ED25519("an Ed25519 private key"),
    RSA("an RSA private key"),
    EC_P256("an EC P-256 private key"),
    EC_P384("an EC P-384 private key"),
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
