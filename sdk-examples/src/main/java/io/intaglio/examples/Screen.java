package io.intaglio.examples;

/** Colours, where standard output is a terminal that shows them. */
final class Screen {
    private final boolean colours = Boolean.getBoolean("intaglio.terminal") && System.getenv("NO_COLOR") == null;

    /** @param code of ANSI, such as 1 for bold; empty for none */
    String paint(String code, String text) {
        return colours && !code.isEmpty() ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }

    String dim(String text) {
        return paint("2", text);
    }

    String bold(String text) {
        return paint("1", text);
    }
}
