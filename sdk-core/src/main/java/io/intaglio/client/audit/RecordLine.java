package io.intaglio.client.audit;

import java.util.Arrays;

/**
 * The form of a record: {@code {"seq":12,"prev":"<64 hex>","kind":"..."...}} and a line feed, in printable ASCII. Its hash is over all of
 * these bytes, so {@code sed -n 12p FILE | sha256sum} is what the next record has for {@code prev}.
 */
final class RecordLine {
    private static final byte[] SEQ = ascii("{\"seq\":");
    private static final byte[] PREV = ascii(",\"prev\":\"");
    private static final byte[] KIND = ascii("\",\"kind\":\"");
    private static final byte[] HEX = ascii("0123456789abcdef");

    /** What stands before the first record. */
    static final byte[] NOTHING_BEFORE = new byte[Sha256.BYTES];

    private RecordLine() {}

    private static byte[] ascii(String text) {
        return text.getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    }

    /**
     * Writes a record into {@code out}.
     *
     * @param body the other members as a JSON object
     * @return where the line ends
     */
    static int write(long sequence, byte[] previous, byte[] body, byte[] out, int at) {
        int end = put(SEQ, out, at);
        end = put(ascii(Long.toString(sequence)), out, end);
        end = put(PREV, out, end);
        for (byte b : previous) {
            out[end++] = HEX[b >> 4 & 15];
            out[end++] = HEX[b & 15];
        }
        out[end++] = '"';
        out[end++] = ',';
        System.arraycopy(body, 1, out, end, body.length - 1);
        end += body.length - 1;
        out[end++] = '\n';
        return end;
    }

    /** Room that {@link #write} needs at most. */
    static int room(byte[] body) {
        return SEQ.length + 19 + PREV.length + 2 * Sha256.BYTES + 2 + body.length;
    }

    private static int put(byte[] text, byte[] out, int at) {
        System.arraycopy(text, 0, out, at, text.length);
        return at + text.length;
    }

    /** The sequence of a line of this form; -1 when it does not begin so, or is not printable ASCII, or does not end in brace and line feed. */
    static long sequence(byte[] line, int start, int end) {
        if (end - start < SEQ.length + 2
                || line[end - 1] != '\n'
                || line[end - 2] != '}'
                || !begins(SEQ, line, start)) {
            return -1;
        }
        int at = start + SEQ.length;
        long sequence = 0;
        int digits = 0;
        while (at < end && line[at] >= '0' && line[at] <= '9' && digits < 18) {
            sequence = 10 * sequence + line[at] - '0';
            at++;
            digits++;
        }
        int prev = at + PREV.length;
        int kind = prev + 2 * Sha256.BYTES;
        if (digits == 0
                || digits > 1 && line[start + SEQ.length] == '0'
                || kind + KIND.length > end
                || !begins(PREV, line, at)
                || !begins(KIND, line, kind)
                || !isPrintable(line, start, end - 1)) {
            return -1;
        }
        return sequence;
    }

    private static boolean isPrintable(byte[] line, int start, int end) {
        for (int i = start; i < end; i++) {
            if (line[i] < 0x20 || line[i] == 0x7f) {
                return false;
            }
        }
        return true;
    }

    private static boolean begins(byte[] wanted, byte[] line, int at) {
        return Arrays.equals(line, at, at + wanted.length, wanted, 0, wanted.length);
    }

    private static int previousAt(long sequence, int start) {
        int digits = 1;
        for (long rest = sequence; rest > 9; rest /= 10) {
            digits++;
        }
        return start + SEQ.length + digits + PREV.length;
    }

    /** Whether the line, which has this sequence, names this hash as that of the record before. */
    static boolean follows(byte[] line, int start, long sequence, byte[] hash) {
        int at = previousAt(sequence, start);
        for (byte b : hash) {
            if (line[at++] != HEX[b >> 4 & 15] || line[at++] != HEX[b & 15]) {
                return false;
            }
        }
        return true;
    }

    /** Whether the line, which has this sequence, is of this kind. */
    static boolean isOf(String kind, byte[] line, int start, long sequence) {
        int at = previousAt(sequence, start) + 2 * Sha256.BYTES + KIND.length;
        for (int i = 0; i < kind.length(); i++) {
            if (line[at + i] != kind.charAt(i)) {
                return false;
            }
        }
        return line[at + kind.length()] == '"';
    }
}
