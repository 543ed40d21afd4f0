package io.intaglio.signing.key;

import io.intaglio.signing.internal.Codecs;
import java.util.Arrays;
import java.util.Base64;

/**
 * How a venue turns the text of a shared secret into key bytes. The venue declares it and nothing guesses it: many
 * secrets that look like hex or base64 are plain text.
 */
public enum SecretForm {
    /** The text itself. */
    UTF8,
    /** Base64, with or without padding. */
    BASE64,
    /** Base64 with {@code -} and {@code _}, with or without padding. */
    BASE64URL,
    /** Hex digits of either case. */
    HEX,
    /** The key is the base64 text of the secret's text. */
    BASE64_OF_TEXT,
    /** The key is the secret's text with the letters a to z in upper case. */
    UPPER_CASE_TEXT,
    /** The key is {@code AWS4} and the secret's text, as AWS Signature Version 4 wants it. */
    AWS4_TEXT;

    /**
     * The key bytes of a secret's text, in a new array.
     *
     * @throws KeyException with the position of the first fault, never the text
     */
    byte[] keyBytes(byte[] text) {
        return switch (this) {
            case UTF8 -> text.clone();
            case BASE64 -> Base64Text.decode(text, false, "secret");
            case BASE64URL -> Base64Text.decode(text, true, "secret");
            case HEX -> hex(text);
            case BASE64_OF_TEXT -> Base64.getEncoder().encode(text);
            case UPPER_CASE_TEXT -> upperCase(text);
            case AWS4_TEXT -> aws4(text);
        };
    }

    private static byte[] hex(byte[] text) {
        try {
            return Codecs.hexDecode(text);
        } catch (IllegalArgumentException e) {
            throw new KeyException("secret " + e.getMessage());
        }
    }

    private static byte[] upperCase(byte[] text) {
        byte[] upper = Arrays.copyOf(text, text.length);
        for (int i = 0; i < upper.length; i++) {
            if (upper[i] >= 'a' && upper[i] <= 'z') {
                upper[i] = (byte) (upper[i] - 'a' + 'A');
            }
        }
        return upper;
    }

    private static byte[] aws4(byte[] text) {
        byte[] key = new byte[text.length + 4];
        key[0] = 'A';
        key[1] = 'W';
        key[2] = 'S';
        key[3] = '4';
        System.arraycopy(text, 0, key, 4, text.length);
        return key;
    }
}
