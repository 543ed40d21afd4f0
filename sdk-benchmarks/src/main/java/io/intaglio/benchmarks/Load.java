package io.intaglio.benchmarks;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Whole calls under load: our client, which signs and keeps its books, beside other clients, against a plain socket server in another process on this
 * machine. Each is measured in a JVM of its own; rounds take turns.
 */
final class Load {
    /** What was measured of one run. */
    record Figures(double perSecond, double p50, double p99, double p999, double cpu, double bytes) {
        /** Of sorted latencies, in ns; the time all took, their processor time and their bytes. */
        static Figures of(long[] sorted, long took, long cpu, long bytes) {
            if (sorted.length == 0) {
                throw new IllegalStateException("no call was made");
            }
            double calls = sorted.length;
            return new Figures(
                    calls * 1e9 / took,
                    quantile(sorted, 0.5) / 1e3,
                    quantile(sorted, 0.99) / 1e3,
                    quantile(sorted, 0.999) / 1e3,
                    cpu / calls / 1e3,
                    bytes / calls);
        }

        private static double quantile(long[] sorted, double share) {
            return sorted[(int) Math.min(sorted.length - 1L, (long) Math.ceil(share * sorted.length) - 1)];
        }

        String line() {
            return perSecond + " " + p50 + " " + p99 + " " + p999 + " " + cpu + " " + bytes;
        }

        static Figures read(String line) {
            double[] values = Stream.of(line.strip().split(" ", -1))
                    .mapToDouble(Double::parseDouble)
                    .toArray();
            return new Figures(values[0], values[1], values[2], values[3], values[4], values[5]);
        }
    }

    /** One row of the tables. */
    private record Case(String group, String client, boolean isTls, int callers, boolean isVirtual) {
        String name() {
            return client
                    + (group.startsWith("growth")
                            ? ", " + callers + (isVirtual ? " virtual threads" : callers == 1 ? " thread" : " threads")
                            : "");
        }

        /** 10,000 callers share what a real client would open. */
        int connections() {
            return Math.min(callers, 64);
        }
    }

    private static final int MANY = 64;

    private Load() {}

    private static List<Case> cases(boolean hasVirtual) {
        List<Case> cases = new ArrayList<>();
        for (int callers : new int[] {1, MANY}) {
            for (String client : LoadClients.NAMES) {
                cases.add(new Case("plain, callers: " + callers, client, false, callers, false));
            }
            for (String client : List.of("intaglio", "stock", "lean", "okhttp")) {
                cases.add(new Case("TLS 1.3, client certificate, callers: " + callers, client, true, callers, false));
            }
        }
        for (String client : List.of("intaglio", "stock")) {
            for (int callers = 1; callers <= MANY; callers *= 4) {
                cases.add(new Case("growth with threads", client, false, callers, false));
            }
            if (hasVirtual) {
                cases.add(new Case("growth with threads", client, false, 10_000, true));
            }
        }
        return cases;
    }

    /** Measures and prints. */
    static void run(Choices choices) throws IOException, GeneralSecurityException, InterruptedException {
        Path folder = Files.createTempDirectory("benchmark-tls");
        Map<Case, List<Figures>> results = new LinkedHashMap<>();
        try {
            TlsFiles tls = TlsFiles.make(folder);
            List<Case> cases = cases(Runtime.version().feature() >= 21).stream()
                    .filter(row -> choices.only().isEmpty()
                            || (row.group() + ": " + row.name()).matches(".*(" + choices.only() + ").*"))
                    .toList();
            try (LoopbackServer plain = new LoopbackServer();
                    LoopbackServer secured = LoopbackServer.mutualTls(tls.serverContext())) {
                for (int round = 1; round <= choices.rounds(); round++) {
                    for (Case row : cases) {
                        System.err.println("benchmark: round " + round + " of " + choices.rounds() + ", " + row.group()
                                + ": " + row.name() + " ...");
                        results.computeIfAbsent(row, key -> new ArrayList<>())
                                .add(measure(row, row.isTls() ? secured : plain, folder, choices));
                    }
                }
            }
        } finally {
            try (Stream<Path> files = Files.list(folder)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(folder);
        }
        System.out.print(Environment.describe() + choices.rounds() + " rounds, each client in a new JVM with "
                + choices.iterations() * choices.millis() + " ms after " + choices.warmups() * choices.millis()
                + " ms of warm-up; medians\nµs a call on the clock, processor time and bytes of the client alone; the spread is that of p50"
                + " between rounds, the ratio is of p50 to the stock HttpClient 5, unsigned\n\n" + text(results));
        Path json = choices.json();
        if (json != null) {
            Files.writeString(json, json(results));
        }
    }

    private static Figures measure(Case row, LoopbackServer server, Path folder, Choices choices)
            throws IOException, InterruptedException {
        URI base = URI.create((row.isTls() ? "https" : "http") + "://127.0.0.1:" + server.port());
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xms1g",
                        "-Xmx1g",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        LoadChild.class.getName(),
                        row.client(),
                        base.toString(),
                        row.isTls() ? folder.toString() : "-",
                        Integer.toString(row.connections()),
                        Integer.toString(row.callers()),
                        row.isVirtual() ? "virtual" : "threads",
                        Long.toString((long) choices.warmups() * choices.millis()),
                        Long.toString((long) choices.iterations() * choices.millis()))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            String said = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (child.waitFor() != 0 || said.isBlank()) {
                throw new IOException(row.name() + " failed; its JVM said why above" + said);
            }
            return Figures.read(said);
        } finally {
            child.destroyForcibly();
        }
    }

    private static double median(List<Figures> runs, Function<Figures, Double> value) {
        return Measured.median(runs.stream().map(value).toList());
    }

    /** Half of the distance between the extremes of p50, in percent of its median. */
    private static double spread(List<Figures> runs) {
        double[] sorted = runs.stream().mapToDouble(Figures::p50).sorted().toArray();
        return 50 * (sorted[sorted.length - 1] - sorted[0]) / median(runs, Figures::p50);
    }

    static String text(Map<Case, List<Figures>> results) {
        StringBuilder out = new StringBuilder();
        String group = "";
        for (Map.Entry<Case, List<Figures>> entry : results.entrySet()) {
            Case row = entry.getKey();
            if (!row.group().equals(group)) {
                out.append(group.isEmpty() ? "" : "\n");
                group = row.group();
                out.append(line(group, "calls/s", "p50", "+-%", "p99", "p99.9", "cpu", "B/call", "ratio"));
            }
            List<Figures> runs = entry.getValue();
            double stock = results.entrySet().stream()
                    .filter(other -> other.getKey().client().equals("stock")
                            && other.getKey().group().equals(row.group())
                            && other.getKey().callers() == row.callers())
                    .mapToDouble(other -> median(other.getValue(), Figures::p50))
                    .findFirst()
                    .orElse(Double.NaN);
            out.append(line(
                    "  " + row.name(),
                    fixed(median(runs, Figures::perSecond), 0),
                    fixed(median(runs, Figures::p50), 0),
                    fixed(spread(runs), 0),
                    fixed(median(runs, Figures::p99), 0),
                    fixed(median(runs, Figures::p999), 0),
                    fixed(median(runs, Figures::cpu), 0),
                    row.isVirtual() ? "" : fixed(median(runs, Figures::bytes), 0),
                    fixed(median(runs, Figures::p50) / stock, 2)));
        }
        return out.toString();
    }

    private static String json(Map<Case, List<Figures>> results) {
        List<String> rows = new ArrayList<>();
        results.forEach((row, runs) -> rows.add("{\"group\":\"" + row.group() + "\",\"benchmark\":\"" + row.name()
                + "\",\"callsPerSecond\":" + fixed(median(runs, Figures::perSecond), 1) + ",\"p50Micros\":"
                + fixed(median(runs, Figures::p50), 1) + ",\"p99Micros\":" + fixed(median(runs, Figures::p99), 1)
                + ",\"p999Micros\":" + fixed(median(runs, Figures::p999), 1) + ",\"cpuMicros\":"
                + fixed(median(runs, Figures::cpu), 1) + ",\"bytes\":"
                + (row.isVirtual() ? "null" : fixed(median(runs, Figures::bytes), 0)) + "}"));
        return "[\n" + String.join(",\n", rows) + "\n]\n";
    }

    private static String line(String name, String... cells) {
        StringBuilder out = new StringBuilder(name);
        out.append(" ".repeat(Math.max(0, 46 - name.length())));
        for (String cell : cells) {
            out.append(" ".repeat(Math.max(1, 9 - cell.length()))).append(cell);
        }
        return out.append('\n').toString();
    }

    private static String fixed(double value, int digits) {
        return Double.isNaN(value) ? "" : String.format(Locale.ROOT, "%." + digits + "f", value);
    }
}
