package io.intaglio.benchmarks;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the command line asks for.
 *
 * @param names of the benchmarks to run
 * @param only a regular expression for the part of the benchmark's name after its class
 * @param rounds how often everything is run, each in a new JVM
 * @param warmups iterations that do not count
 * @param iterations iterations that count
 * @param millis length of an iteration
 * @param json where the results also go, or null
 */
record Choices(
        List<String> names,
        String only,
        int rounds,
        int warmups,
        int iterations,
        int millis,
        @Nullable Path json) {

    static Choices parse(String[] arguments, Collection<String> known) {
        List<String> names = new ArrayList<>();
        String only = "";
        int rounds = 2;
        int warmups = 4;
        int iterations = 5;
        int millis = 1000;
        Path json = null;
        Iterator<String> left = List.of(arguments).iterator();
        while (left.hasNext()) {
            String argument = left.next();
            if (argument.equals("--help") || argument.equals("-h")) {
                return new Choices(List.of(), only, rounds, warmups, iterations, millis, json);
            }
            if (!argument.startsWith("-")) {
                if (!known.contains(argument)) {
                    throw new IllegalArgumentException(
                            "no benchmark '" + argument + "'; there are " + String.join(", ", known));
                }
                names.add(argument);
                continue;
            }
            if (!left.hasNext()) {
                throw new IllegalArgumentException("option " + argument + " wants a value");
            }
            String value = left.next();
            switch (argument) {
                case "--only" -> only = value;
                case "--rounds" -> rounds = positive(argument, value);
                case "--warmups" -> warmups = positive(argument, value);
                case "--iterations" -> iterations = positive(argument, value);
                case "--millis" -> millis = positive(argument, value);
                case "--json" -> json = Path.of(value);
                default ->
                    throw new IllegalArgumentException("no option '" + argument
                            + "'; there are --only, --rounds, --warmups, --iterations, --millis, --json");
            }
        }
        return new Choices(List.copyOf(names), only, rounds, warmups, iterations, millis, json);
    }

    private static int positive(String option, String value) {
        try {
            int number = Integer.parseInt(value);
            if (number > 0) {
                return number;
            }
        } catch (NumberFormatException e) {
            // refused below, like zero
        }
        throw new IllegalArgumentException(option + " wants a whole number above zero, not '" + value + "'");
    }

    static String usage(Collection<String> known) {
        return "usage: ./benchmark NAME... [--only REGEX] [--rounds N] [--warmups N] [--iterations N] [--millis N] [--json FILE]\n"
                + "names: " + String.join(", ", known) + "\n";
    }

    String describe() {
        return rounds + " rounds, each a new JVM with " + iterations + " x " + millis + " ms after " + warmups + " x "
                + millis
                + " ms of warm-up\nMedians of time on the clock and processor time, half the quartile distance of the latter, bytes allocated,"
                + " ratio of processor time to the fastest code without the library";
    }
}
