package io.intaglio.examples;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** Prints what an example does, step by step, and at the end a table of what was expected and what was seen. */
final class Transcript {
    /** A step of an example. Returns what was seen, in a few words; throws when that is not what should be seen. */
    interface Step {
        String run() throws Exception;
    }

    private record Row(String name, String seen, long millis, boolean ok) {}

    private final PrintStream out;
    private final Screen screen = new Screen();
    private final List<Row> rows = new ArrayList<>();

    Transcript(PrintStream out) {
        this.out = out;
    }

    void say(String line) {
        out.println("      " + line.replace("\n", "\n      "));
    }

    /** Runs a step; a failure is shown and the next step goes on. */
    void step(String name, Step step) {
        out.println();
        out.println(screen.paint("1", "[" + (rows.size() + 1) + "]  " + name));
        long start = System.nanoTime();
        String seen;
        boolean ok = true;
        try {
            seen = step.run();
        } catch (Exception | AssertionError e) {
            seen = e.getClass().getSimpleName() + ": " + e.getMessage();
            ok = false;
        }
        say((ok ? "-> " : "FAILED: ") + seen);
        rows.add(new Row(name, seen, (System.nanoTime() - start) / 1_000_000, ok));
    }

    /** Prints the table and says whether every step did as it should. */
    boolean close() {
        int name = 4;
        int seen = 4;
        for (Row row : rows) {
            name = Math.max(name, row.name.length());
            seen = Math.max(seen, Math.min(72, row.seen.length()));
        }
        out.println();
        out.println("  #  " + pad("step", name) + "  " + pad("seen", seen) + "      ms  ok");
        out.println("  " + "-".repeat(name + seen + 19));
        boolean all = true;
        for (int i = 0; i < rows.size(); i++) {
            Row row = rows.get(i);
            all &= row.ok;
            String shown = row.seen.length() > 72 ? row.seen.substring(0, 69) + "..." : row.seen;
            String millis = Long.toString(row.millis);
            out.println(" " + (i < 9 ? " " : "") + (i + 1) + "  " + pad(row.name, name) + "  " + pad(shown, seen)
                    + " ".repeat(Math.max(1, 8 - millis.length())) + millis + "  "
                    + (row.ok ? screen.paint("32", "yes") : screen.paint("31", "NO")));
        }
        out.println();
        return all;
    }

    static void check(boolean condition, String otherwise) {
        if (!condition) {
            throw new AssertionError(otherwise);
        }
    }

    private static String pad(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }
}
