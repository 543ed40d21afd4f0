package io.intaglio.signing.key;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Text that may hold PEM blocks, cleaned of what shells, editors and JSON do to it: a byte order mark, blanks and
 * quotes around it, carriage returns, and line breaks written as backslash and n. Works on bytes, which can be wiped.
 */
final class PemText {
    private static final byte[] BEGIN = ascii("-----BEGIN ");
    private static final byte[] DASHES = ascii("-----");

    private PemText() {}

    /** One block: what its first line says it is, and what it holds. */
    static final class Block {
        private final String label;
        private final byte[] content;
        private final boolean oldEncryption;

        Block(String label, byte[] content, boolean oldEncryption) {
            this.label = label;
            this.content = content;
            this.oldEncryption = oldEncryption;
        }

        String label() {
            return label;
        }

        /** The block's own array. */
        byte[] content() {
            return content;
        }

        /** Whether it is encrypted as OpenSSL did before PKCS#8; the content is left out then. */
        boolean oldEncryption() {
            return oldEncryption;
        }

        boolean isPrivateKey() {
            return label.endsWith("PRIVATE KEY");
        }

        void wipe() {
            Arrays.fill(content, (byte) 0);
        }
    }

    static boolean holdsBlock(byte[] text) {
        return indexOf(text, BEGIN, 0) >= 0;
    }

    /** A new array without byte order mark and without blanks and quotes around the text. */
    static byte[] trimmed(byte[] text) {
        int from = startsWith(text, 0xEF, 0xBB, 0xBF) ? 3 : 0;
        int to = text.length;
        while (from < to && (isBlank(text[from]) || isQuote(text[from]) || isEscapedBreak(text, from, to))) {
            from += text[from] == '\\' ? 2 : 1;
        }
        while (to > from && (isBlank(text[to - 1]) || isQuote(text[to - 1]) || isEscapedBreak(text, to - 2, to))) {
            to -= isEscapedBreak(text, to - 2, to) ? 2 : 1;
        }
        return Arrays.copyOfRange(text, from, to);
    }

    /** All blocks, in order. */
    static List<Block> blocks(byte[] text) {
        List<Block> blocks = new ArrayList<>();
        int at = indexOf(text, BEGIN, 0);
        while (at >= 0) {
            int labelAt = at + BEGIN.length;
            int labelEnd = indexOf(text, DASHES, labelAt);
            if (labelEnd < 0 || labelEnd - labelAt > 64) {
                throw new KeyException("the PEM text is damaged: its BEGIN line does not end in -----");
            }
            String label = new String(text, labelAt, labelEnd - labelAt, StandardCharsets.US_ASCII);
            byte[] end = ascii("-----END " + label + "-----");
            // from behind the dashes of the BEGIN line: an END line has dashes of its own
            int bodyAt = labelEnd + DASHES.length;
            int endAt = indexOf(text, end, bodyAt);
            int nextBegin = indexOf(text, BEGIN, bodyAt);
            if (endAt < 0 || (nextBegin >= 0 && nextBegin < endAt)) {
                throw new KeyException("the PEM text is truncated: it has -----BEGIN " + shown(label)
                        + "----- but no -----END " + shown(label) + "----- after it; copy it whole");
            }
            blocks.add(block(label, text, bodyAt, endAt));
            at = indexOf(text, BEGIN, endAt);
        }
        return blocks;
    }

    private static Block block(String label, byte[] text, int from, int to) {
        byte[] body = Arrays.copyOfRange(text, from, to);
        byte[] packed = null;
        try {
            if (indexOf(body, ascii("ENCRYPTED"), 0) >= 0 && indexOf(body, ascii("Proc-Type:"), 0) >= 0) {
                return new Block(label, new byte[0], true);
            }
            if (label.startsWith("PGP ")) {
                return new Block(label, new byte[0], false);
            }
            packed = packed(body);
            return new Block(label, Base64Text.decode(packed, false, "the body of " + shown(label)), false);
        } finally {
            Arrays.fill(body, (byte) 0);
            if (packed != null) {
                Arrays.fill(packed, (byte) 0);
            }
        }
    }

    /** A label as it may be shown: a damaged one could hold anything. */
    static String shown(String label) {
        return label.matches("[A-Z0-9 ]{1,40}") ? label : "...";
    }

    /** A new array without blanks and line breaks, also without those that are written with backslashes. */
    static byte[] packed(byte[] text) {
        byte[] packed = new byte[text.length];
        int length = 0;
        for (int i = 0; i < text.length; i++) {
            if (text[i] == '\\') {
                while (i + 1 < text.length && text[i + 1] == '\\') {
                    i++;
                }
                if (i + 1 < text.length && (text[i + 1] == 'n' || text[i + 1] == 'r')) {
                    i++;
                    continue;
                }
            }
            if (!isBlank(text[i])) {
                packed[length++] = text[i];
            }
        }
        byte[] exact = Arrays.copyOf(packed, length);
        Arrays.fill(packed, (byte) 0);
        return exact;
    }

    static boolean startsWith(byte[] text, String start) {
        return text.length >= start.length() && Arrays.equals(text, 0, start.length(), ascii(start), 0, start.length());
    }

    static boolean startsWith(byte[] text, int... start) {
        for (int i = 0; i < start.length; i++) {
            if (i >= text.length || (text[i] & 255) != start[i]) {
                return false;
            }
        }
        return true;
    }

    /** Whether it is marked as UTF-16, or every other byte at its start is zero. */
    static boolean isUtf16(byte[] text) {
        boolean marked = startsWith(text, 0xFF, 0xFE) || startsWith(text, 0xFE, 0xFF);
        return marked
                || (text.length > 4 && text[1] == 0 && text[3] == 0 && text[0] != 0)
                || (text.length > 4 && text[0] == 0 && text[2] == 0 && text[1] != 0);
    }

    static boolean contains(byte[] text, String part) {
        return indexOf(text, ascii(part), 0) >= 0;
    }

    private static int indexOf(byte[] text, byte[] part, int from) {
        for (int i = from; i + part.length <= text.length; i++) {
            if (Arrays.equals(text, i, i + part.length, part, 0, part.length)) {
                return i;
            }
        }
        return -1;
    }

    private static boolean isBlank(byte c) {
        return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == 0x0b || c == 0x0c;
    }

    private static boolean isQuote(byte c) {
        return c == '"' || c == '\'' || c == '`';
    }

    private static boolean isEscapedBreak(byte[] text, int at, int end) {
        return at >= 0 && at + 1 < end && text[at] == '\\' && (text[at + 1] == 'n' || text[at + 1] == 'r');
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
