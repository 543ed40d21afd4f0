package io.intaglio.signing.internal;

import io.intaglio.signing.SigningException;
import java.util.Arrays;

/** Tables for percent-encoding (RFC 3986 section 2). */
public final class Percent {
    private Percent() {}

    /** Which ASCII characters stay plain: the unreserved ones and {@code more}. */
    public static boolean[] unreserved(String more) {
        boolean[] plain = new boolean[128];
        for (char c = 0; c < 128; c++) {
            plain[c] = c >= 'a' && c <= 'z'
                    || c >= 'A' && c <= 'Z'
                    || c >= '0' && c <= '9'
                    || "-._~".indexOf(c) >= 0
                    || more.indexOf(c) >= 0;
        }
        return plain;
    }

    /** A table in which every ASCII character stays plain. */
    public static boolean[] everything() {
        boolean[] plain = new boolean[128];
        Arrays.fill(plain, true);
        return plain;
    }

    /** Upper-case hex digit. */
    public static int digit(int value) {
        return value < 10 ? '0' + value : 'A' + value - 10;
    }

    /** Refuses a field name that is sent unencoded but would change the meaning of the text around it. */
    public static void checkName(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c <= 32 || c >= 127 || "&=#%+\"<>".indexOf(c) >= 0) {
                throw new SigningException("field name at position " + (i + 1) + " holds U+"
                        + Integer.toHexString(0x10000 | c).substring(1)
                        + ", but this venue takes names unencoded; use letters, digits and brackets");
            }
        }
    }

    /**
     * Decodes percent escapes as UTF-8; {@code +} stays.
     *
     * @throws SigningException for a broken escape
     */
    public static byte[] decode(String text) {
        byte[] out = new byte[text.length() * 3];
        int o = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '%') {
                int high = i + 2 < text.length() ? Character.digit(text.charAt(i + 1), 16) : -1;
                int low = i + 2 < text.length() ? Character.digit(text.charAt(i + 2), 16) : -1;
                if (high < 0 || low < 0) {
                    throw new SigningException("broken percent escape at position " + (i + 1));
                }
                out[o++] = (byte) (high << 4 | low);
                i += 2;
            } else {
                byte[] utf8 = Character.toString(c).getBytes(java.nio.charset.StandardCharsets.UTF_8);
                System.arraycopy(utf8, 0, out, o, utf8.length);
                o += utf8.length;
            }
        }
        return Arrays.copyOf(out, o);
    }
}
