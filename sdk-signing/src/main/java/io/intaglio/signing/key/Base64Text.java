package io.intaglio.signing.key;

import java.util.Arrays;

/**
 * Strict base64 for secrets. The JDK's decoder shows the character it refuses; this one says only where it is. Padding
 * may be missing, but not wrong.
 */
final class Base64Text {
    private Base64Text() {}

    /**
     * Decodes all of the text.
     *
     * @param subject what the text is, for the message: {@code secret}
     * @throws KeyException with the position of the first fault, never the text
     */
    static byte[] decode(byte[] text, boolean url, String subject) {
        String name = url ? "base64url" : "base64";
        int end = withoutPadding(text, subject, name);
        byte[] out = new byte[(int) (end * 3L / 4)];
        int filled = 0;
        int buffer = 0;
        for (int i = 0; i < end; i++) {
            int digit = digit(text[i], url);
            if (digit < 0) {
                Arrays.fill(out, (byte) 0);
                throw new KeyException(
                        subject + " is not " + name + ": character " + (i + 1) + " is " + described(text[i], url));
            }
            buffer = buffer << 6 | digit;
            int pending = (i % 4) * 2;
            if (pending != 0) {
                out[filled++] = (byte) (buffer >> (6 - pending));
            }
        }
        if (end % 4 == 1) {
            Arrays.fill(out, (byte) 0);
            throw new KeyException(
                    subject + " is not " + name + ": its length is impossible, a character is missing or too many");
        }
        return out;
    }

    private static int withoutPadding(byte[] text, String subject, String name) {
        int end = text.length;
        while (end > 0 && text.length - end < 2 && text[end - 1] == '=') {
            end--;
        }
        int padding = text.length - end;
        if (padding > 0 && text.length % 4 != 0) {
            throw new KeyException(subject + " is not " + name + ": its padding is wrong for its length");
        }
        return end;
    }

    private static String described(byte character, boolean url) {
        if (character == ' ' || character == '\n' || character == '\r' || character == '\t') {
            return "a blank or a line break; remove it";
        }
        boolean otherAlphabet = digit(character, !url) >= 0;
        return otherAlphabet
                ? "outside the alphabet (it belongs to " + (url ? "base64" : "base64url") + ")"
                : "outside the alphabet";
    }

    private static int digit(byte c, boolean url) {
        if (c >= 'A' && c <= 'Z') {
            return c - 'A';
        }
        if (c >= 'a' && c <= 'z') {
            return c - 'a' + 26;
        }
        if (c >= '0' && c <= '9') {
            return c - '0' + 52;
        }
        if (c == (url ? '-' : '+')) {
            return 62;
        }
        return c == (url ? '_' : '/') ? 63 : -1;
    }
}
