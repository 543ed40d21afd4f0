package io.intaglio.client;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Pieces of secrets in all forms in which one might leak, and a search for them. A piece has 16 bytes of the secret or more, so that a copy of
 * a part is found too, and a chance hit cannot happen.
 */
final class Needles {
    private static final int PIECE = 16;
    private static final int FILTER_BITS = 22;

    private record Needle(String label, byte[] bytes) {}

    private final Map<Long, List<Needle>> byStart = new HashMap<>();
    private final BitSet filter = new BitSet(1 << FILTER_BITS);

    /** Adds a secret: raw, reversed, exclusive-ored with HMAC's masks, in hex, base64 and base64url at each alignment. */
    void add(String label, byte[] secret) {
        pieces(label + " raw", secret, PIECE);
        byte[] reversed = new byte[secret.length];
        for (int i = 0; i < secret.length; i++) {
            reversed[i] = secret[secret.length - 1 - i];
        }
        pieces(label + " reversed", reversed, PIECE);
        for (int mask : new int[] {0x36, 0x5c}) {
            byte[] masked = secret.clone();
            for (int i = 0; i < masked.length; i++) {
                masked[i] ^= (byte) mask;
            }
            pieces(label + " xor " + Integer.toHexString(mask), masked, PIECE);
        }
        pieces(label + " hex", ascii(HexFormat.of().formatHex(secret)), 2 * PIECE);
        pieces(label + " HEX", ascii(HexFormat.of().withUpperCase().formatHex(secret)), 2 * PIECE);
        for (int start = 0; start < 3; start++) {
            byte[] aligned = Arrays.copyOfRange(secret, start, start + (secret.length - start) / 3 * 3);
            pieces(label + " base64", ascii(Base64.getEncoder().encodeToString(aligned)), 24);
            pieces(label + " base64url", ascii(Base64.getUrlEncoder().encodeToString(aligned)), 24);
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private void pieces(String label, byte[] form, int length) {
        for (int at = 0; at + length <= form.length; at += length) {
            Needle needle = new Needle(label + "[" + at + "]", Arrays.copyOfRange(form, at, at + length));
            long start = start(needle.bytes, 0);
            filter.set(slot(start));
            byStart.computeIfAbsent(start, key -> new ArrayList<>()).add(needle);
        }
    }

    private static long start(byte[] bytes, int at) {
        long value = 0;
        for (int i = 0; i < 8; i++) {
            value = value << 8 | (bytes[at + i] & 0xff);
        }
        return value;
    }

    private static int slot(long start) {
        return (int) (start * 0x9E3779B97F4A7C15L >>> 64 - FILTER_BITS);
    }

    /** The labels of what is in the file, each with the place of its first find. */
    TreeSet<String> in(Path file) throws IOException {
        Map<String, Long> found = new HashMap<>();
        byte[] window = new byte[1 << 20];
        int kept = 0;
        long base = 0;
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            int read;
            while ((read = in.readNBytes(window, kept, window.length - kept)) > 0) {
                int filled = kept + read;
                search(window, filled, base, found);
                kept = Math.min(filled, 63);
                System.arraycopy(window, filled - kept, window, 0, kept);
                base += filled - kept;
            }
        }
        TreeSet<String> labels = new TreeSet<>();
        found.forEach((label, at) -> labels.add(label + " at " + at));
        return labels;
    }

    private void search(byte[] window, int filled, long base, Map<String, Long> found) {
        long rolling = 0;
        for (int end = 0; end < filled; end++) {
            rolling = rolling << 8 | (window[end] & 0xff);
            if (end < 7 || !filter.get(slot(rolling))) {
                continue;
            }
            int at = end - 7;
            for (Needle needle : byStart.getOrDefault(rolling, List.of())) {
                int length = needle.bytes.length;
                if (at + length <= filled && Arrays.equals(window, at, at + length, needle.bytes, 0, length)) {
                    found.putIfAbsent(needle.label, base + at);
                }
            }
        }
    }
}
