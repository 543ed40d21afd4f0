package io.intaglio.cli;

import java.util.Locale;

/** Texts from elsewhere, so that they can be printed. */
final class Printable {
    private Printable() {}

    /** With what ends lines, commands a terminal, changes the direction of writing or cannot be seen as {@code \}{@code u....}. */
    static String text(String text) {
        StringBuilder out = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            switch (Character.getType(c)) {
                case Character.CONTROL,
                        Character.FORMAT,
                        Character.SURROGATE,
                        Character.PRIVATE_USE,
                        Character.UNASSIGNED,
                        Character.LINE_SEPARATOR,
                        Character.PARAGRAPH_SEPARATOR -> out.append(String.format(Locale.ROOT, "\\u%04x", c));
                default -> out.appendCodePoint(c);
            }
        });
        return out.toString();
    }

    /** The same inside HTML, in text and in quoted attributes. */
    static String html(String text) {
        return text(text)
                .replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
