package io.intaglio.signing.standard;

import java.util.Locale;

/** What a signature says of itself (RFC 9421 section 2.3). */
public enum SignatureParameter {
    /** When it was made, in seconds. */
    CREATED,
    /** When it ends, in seconds. */
    EXPIRES,
    /** The moment's nonce. */
    NONCE,
    /** The algorithm; a verifier has to know it from the key all the same. */
    ALG,
    /** The credential's key id. */
    KEYID,
    /** The application the signature is for. */
    TAG;

    private final String label = name().toLowerCase(Locale.ROOT);

    String label() {
        return label;
    }
}
