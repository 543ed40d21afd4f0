package io.intaglio.signing.internal;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/**
 * Text codecs that the JDK lacks or has in a slow form: hex by table, Base58, lower-case Base32. Stateless, so thread-safe. Decoders report
 * the position of a bad character and never the text, because the text may be a secret.
 */
public final class Codecs {
    private static final byte[] HEX_LOWER = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] HEX_UPPER = "0123456789ABCDEF".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] BASE58 =
            "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] BASE64 =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] BASE32 = "abcdefghijklmnopqrstuvwxyz234567".getBytes(StandardCharsets.US_ASCII);

    private Codecs() {}

    /** Writes {@code length} bytes as {@code 2 * length} lower-case hex digits into {@code out}. */
    public static void hex(byte[] data, int offset, int length, byte[] out, int outOffset, boolean upper) {
        byte[] digits = upper ? HEX_UPPER : HEX_LOWER;
        int o = outOffset;
        for (int i = offset; i < offset + length; i++) {
            out[o++] = digits[(data[i] >> 4) & 15];
            out[o++] = digits[data[i] & 15];
        }
    }

    /** Lower-case hex text. */
    @SuppressWarnings(
            "deprecation") // String(byte[], int) makes Latin-1 text without a charset decoder; the digits are ASCII
    public static String hex(byte[] data) {
        byte[] out = new byte[data.length * 2];
        hex(data, 0, data.length, out, 0, false);
        return new String(out, 0, 0, out.length);
    }

    /**
     * Decodes hex of either case.
     *
     * @throws IllegalArgumentException with the position of the first bad character, never the text
     */
    public static byte[] hexDecode(byte[] ascii) {
        if (ascii.length % 2 != 0) {
            throw new IllegalArgumentException("is not hex: it has an odd number of characters, " + ascii.length);
        }
        byte[] out = new byte[ascii.length / 2];
        for (int i = 0; i < ascii.length; i++) {
            int digit = Character.digit(ascii[i], 16);
            if (digit < 0) {
                Arrays.fill(out, (byte) 0);
                throw new IllegalArgumentException("is not hex: character " + (i + 1) + " is outside 0-9, a-f");
            }
            out[i / 2] = (byte) (out[i / 2] << 4 | digit);
        }
        return out;
    }

    /** Writes {@code length} bytes as {@code (length + 2) / 3 * 4} characters of standard Base64 with padding into {@code out}. */
    public static void base64(byte[] data, int offset, int length, byte[] out, int outOffset) {
        int o = outOffset;
        int end = offset + length;
        int i = offset;
        for (; i + 2 < end; i += 3) {
            int bits = (data[i] & 255) << 16 | (data[i + 1] & 255) << 8 | data[i + 2] & 255;
            out[o++] = BASE64[bits >> 18];
            out[o++] = BASE64[bits >> 12 & 63];
            out[o++] = BASE64[bits >> 6 & 63];
            out[o++] = BASE64[bits & 63];
        }
        if (i < end) {
            boolean two = i + 1 < end;
            int bits = (data[i] & 255) << 16 | (two ? (data[i + 1] & 255) << 8 : 0);
            out[o++] = BASE64[bits >> 18];
            out[o++] = BASE64[bits >> 12 & 63];
            out[o++] = two ? BASE64[bits >> 6 & 63] : (byte) '=';
            out[o] = '=';
        }
    }

    /** Standard Base64 with padding, between two texts of ASCII characters. */
    @SuppressWarnings("deprecation") // as in hex: everything is ASCII
    public static String base64(String before, byte[] data, String after) {
        int start = before.length();
        int end = start + (data.length + 2) / 3 * 4;
        byte[] out = new byte[end + after.length()];
        ascii(before, out, 0);
        base64(data, 0, data.length, out, start);
        ascii(after, out, end);
        return new String(out, 0, 0, out.length);
    }

    private static void ascii(String text, byte[] out, int outOffset) {
        for (int i = 0; i < text.length(); i++) {
            out[outOffset + i] = (byte) text.charAt(i);
        }
    }

    /** Standard Base64 with padding. */
    public static byte[] base64(byte[] data) {
        return Base64.getEncoder().encode(data);
    }

    /** Base58 with Bitcoin's alphabet and no checksum. */
    public static byte[] base58(byte[] data) {
        int zeros = 0;
        while (zeros < data.length && data[zeros] == 0) {
            zeros++;
        }
        byte[] digits = new byte[data.length * 138 / 100 + 1];
        int used = 0;
        for (int i = zeros; i < data.length; i++) {
            int carry = data[i] & 255;
            int j = 0;
            for (; j < used || carry != 0; j++) {
                carry += 256 * digits[j];
                digits[j] = (byte) (carry % 58);
                carry /= 58;
            }
            used = j;
        }
        byte[] out = new byte[zeros + used];
        Arrays.fill(out, 0, zeros, BASE58[0]);
        for (int i = 0; i < used; i++) {
            out[zeros + i] = BASE58[digits[used - 1 - i]];
        }
        return out;
    }

    /**
     * Decodes Base58 with Bitcoin's alphabet and no checksum.
     *
     * @throws IllegalArgumentException with the position of the first bad character, never the text
     */
    public static byte[] base58Decode(byte[] ascii) {
        int zeros = 0;
        while (zeros < ascii.length && ascii[zeros] == BASE58[0]) {
            zeros++;
        }
        byte[] bytes = new byte[ascii.length];
        int used = 0;
        for (int i = zeros; i < ascii.length; i++) {
            int carry = base58Digit(ascii[i]);
            if (carry < 0) {
                Arrays.fill(bytes, (byte) 0);
                throw new IllegalArgumentException("is not base58: character " + (i + 1) + " is outside the alphabet");
            }
            int j = 0;
            for (; j < used || carry != 0; j++) {
                carry += 58 * (bytes[j] & 255);
                bytes[j] = (byte) carry;
                carry >>= 8;
            }
            used = j;
        }
        byte[] out = new byte[zeros + used];
        for (int i = 0; i < used; i++) {
            out[zeros + i] = bytes[used - 1 - i];
        }
        Arrays.fill(bytes, (byte) 0);
        return out;
    }

    private static int base58Digit(byte character) {
        for (int i = 0; i < BASE58.length; i++) {
            if (BASE58[i] == character) {
                return i;
            }
        }
        return -1;
    }

    /** Lower-case Base32 (RFC 4648 alphabet) with {@code =} padding. */
    public static byte[] base32(byte[] data) {
        byte[] out = new byte[(data.length + 4) / 5 * 8];
        Arrays.fill(out, (byte) '=');
        int o = 0;
        long buffer = 0;
        int bits = 0;
        for (byte b : data) {
            buffer = buffer << 8 | (b & 255);
            bits += 8;
            while (bits >= 5) {
                bits -= 5;
                out[o++] = BASE32[(int) (buffer >> bits) & 31];
            }
        }
        if (bits > 0) {
            out[o] = BASE32[(int) (buffer << (5 - bits)) & 31];
        }
        return out;
    }
}
