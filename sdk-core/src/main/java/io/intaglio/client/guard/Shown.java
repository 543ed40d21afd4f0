package io.intaglio.client.guard;

/** Values of a request in messages, which end in logs and terminals. */
final class Shown {
    private static final int LONGEST = 80;

    private Shown() {}

    /** Without control characters, and not long. */
    static String of(String text) {
        StringBuilder safe = new StringBuilder();
        text.codePoints().limit(LONGEST).forEach(c -> safe.appendCodePoint(c < 32 || c >= 127 ? '?' : c));
        return "'" + safe + (text.length() > LONGEST ? "..." : "") + "'";
    }
}
