package io.intaglio.client.audit;

import java.util.regex.Pattern;

/** Keeps a key id out of texts that may repeat it. Immutable. */
final class KeyMask {
    /** A shorter one would be found in words that have nothing to do with it. */
    private static final int SHORTEST = 8;

    /** Longer than any error code, as long as the shortest signature in use. */
    private static final Pattern LIKE_A_SIGNATURE = Pattern.compile("[A-Za-z0-9+/=_-]{32,}");

    private final String keyId;
    private final String fingerprint;

    KeyMask(String keyId, String fingerprint) {
        this.keyId = keyId;
        this.fingerprint = fingerprint;
    }

    String fingerprint() {
        return fingerprint;
    }

    String in(String text) {
        return keyId.length() < SHORTEST ? text : text.replace(keyId, "[key " + fingerprint + "]");
    }

    /** Of a text that a venue made. */
    String inAnswer(String text) {
        return LIKE_A_SIGNATURE.matcher(in(text)).replaceAll("[...]");
    }
}
