package io.intaglio.examples;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Runs an example by name, or all of them: {@code place-query-cancel} is the class {@code PlaceQueryCancel}. {@code examples.txt}, beside this
 * class, lists them.
 */
public final class Main {
    private static final int DONE = 0;
    private static final int FAILED = 1;
    private static final int USAGE = 2;

    private Main() {}

    /**
     * Runs one example, or {@code --all}, and ends the JVM with its outcome: 0 when all happened as it should, 1 when not, 2 when it was asked
     * for what it does not do.
     *
     * @param args the name, then the example's own arguments
     */
    public static void main(String[] args) {
        Thread watchdog = new Thread(Main::endInTime, "examples-watchdog");
        watchdog.setDaemon(true);
        watchdog.start();
        int status = FAILED;
        try {
            status = run(args);
        } finally {
            System.out.flush();
            System.exit(status);
        }
    }

    private static int run(String[] args) {
        if (args.length == 0) {
            System.err.println("example: name one; ./example lists them");
            return USAGE;
        }
        if (args[0].equals("--all")) {
            if (args.length > 1) {
                System.err.println("example: --all takes no arguments; it runs against simulated venues alone");
                return USAGE;
            }
            return all(System.out) ? DONE : FAILED;
        }
        if (!names().containsKey(args[0])) {
            System.err.println("example: there is no '" + args[0] + "'; ./example lists them");
            return USAGE;
        }
        try {
            play(args[0], Arrays.copyOfRange(args, 1, args.length));
            return DONE;
        } catch (Refusal | io.intaglio.client.profile.ProfileException e) {
            System.err.println("example: " + e.getMessage());
            return USAGE;
        } catch (RuntimeException | AssertionError e) {
            System.out.flush();
            System.err.println("example: " + args[0] + " failed: " + inWords(e));
            return FAILED;
        }
    }

    /** Runs every example; says whether all did as they should. */
    static boolean all(PrintStream out) {
        Screen screen = new Screen();
        Map<String, String> outcomes = new LinkedHashMap<>();
        List<String> names = List.copyOf(names().keySet());
        long begin = System.nanoTime();
        int failed = 0;
        for (String name : names) {
            out.println(screen.bold("[" + (outcomes.size() + 1) + "/" + names.size() + "] " + name));
            long start = System.nanoTime();
            String outcome = screen.paint("32", "ok");
            try {
                play(name);
            } catch (RuntimeException | AssertionError e) {
                failed++;
                out.println("  FAILED: " + inWords(e));
                outcome = screen.paint("31", "FAILED");
            }
            outcomes.put(
                    name, String.format(Locale.ROOT, "%6d ms  %s", (System.nanoTime() - start) / 1_000_000, outcome));
            out.println();
        }
        outcomes.forEach((name, outcome) -> out.println(String.format(Locale.ROOT, "  %-24s%s", name, outcome)));
        out.println(String.format(
                Locale.ROOT,
                "%n%d examples, %s, %.1f s",
                names.size(),
                failed == 0 ? "all did as they should" : failed + " failed",
                (System.nanoTime() - begin) / 1e9));
        return failed == 0;
    }

    static void play(String name, String... args) {
        try {
            Class.forName(Main.class.getPackageName() + "." + className(name))
                    .getMethod("main", String[].class)
                    .invoke(null, (Object) args);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            if (e.getCause() instanceof Error cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(
                    "example " + name + " is listed, but there is no class " + className(name), e);
        }
    }

    private static String inWords(Throwable failure) {
        Throwable root = failure;
        while (root.getMessage() == null && root.getCause() != null
                || root instanceof IllegalStateException && root.getCause() != null) {
            root = root.getCause();
        }
        return root.getMessage() == null ? root.toString() : root.getClass().getSimpleName() + ": " + root.getMessage();
    }

    /** Names in the order of the list, and what each shows. */
    static Map<String, String> names() {
        Map<String, String> names = new LinkedHashMap<>();
        try (InputStream in = Objects.requireNonNull(Main.class.getResourceAsStream("examples.txt"));
                BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] words = line.strip().split(" +", 2);
                if (words.length == 2) {
                    names.put(words[0], words[1]);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return names;
    }

    static String className(String name) {
        StringBuilder text = new StringBuilder();
        for (String word : name.split("-", -1)) {
            text.append(word.substring(0, 1).toUpperCase(Locale.ROOT)).append(word.substring(1));
        }
        return text.toString();
    }

    private static void endInTime() {
        try {
            if (!new CountDownLatch(1).await(3, TimeUnit.MINUTES)) {
                System.err.println("example: it did not end within three minutes");
                Runtime.getRuntime().halt(1);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
