package io.intaglio.benchmarks;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Runs benchmarks by name and prints one table. {@code ./benchmark} starts it. */
public final class Main {
    private static final Map<String, Class<?>> NAMES = new TreeMap<>(Map.of(
            "sign", SignBenchmark.class,
            "keys", KeyBenchmark.class,
            "growth", GrowthBenchmark.class,
            "nonces", NonceBenchmark.class,
            "lanes", LaneBenchmark.class,
            "limits", LimitBenchmark.class,
            "audit", AuditBenchmark.class));

    /** Not of JMH. */
    private static final String LOAD = "load";

    private Main() {}

    /** See {@link Choices} for the arguments. */
    public static void main(String[] arguments) throws Exception {
        Set<String> known = new TreeSet<>(NAMES.keySet());
        known.add(LOAD);
        Choices choices;
        try {
            choices = Choices.parse(arguments, known);
        } catch (IllegalArgumentException e) {
            System.err.println("benchmark: " + e.getMessage());
            System.exit(2);
            return;
        }
        if (choices.names().isEmpty()) {
            System.out.print(Choices.usage(known));
            return;
        }
        if (choices.names().contains(LOAD)) {
            if (choices.names().size() > 1) {
                System.err.println("benchmark: load runs alone");
                System.exit(2);
            }
            Load.run(choices);
            return;
        }
        Map<String, List<Measured>> groups = new LinkedHashMap<>();
        for (int round = 1; round <= choices.rounds(); round++) {
            System.err.println("benchmark: round " + round + " of " + choices.rounds() + " ...");
            collect(run(choices), groups);
        }
        Table table = new Table(groups);
        System.out.print(Environment.describe() + choices.describe() + "\n\n" + table.text());
        Path json = choices.json();
        if (json != null) {
            Files.writeString(json, table.json());
        }
    }

    /** One fork for each benchmark; rounds take turns, so that a busy minute of the machine spoils one round of all and not all of one. */
    private static Collection<RunResult> run(Choices choices) throws RunnerException {
        OptionsBuilder options = new OptionsBuilder();
        for (String name : choices.names()) {
            options.include(Objects.requireNonNull(NAMES.get(name)).getSimpleName() + "\\." + choices.only());
        }
        return new Runner(options.mode(Mode.AverageTime)
                        .timeUnit(TimeUnit.NANOSECONDS)
                        .forks(1)
                        .warmupIterations(choices.warmups())
                        .warmupTime(TimeValue.milliseconds(choices.millis()))
                        .measurementIterations(choices.iterations())
                        .measurementTime(TimeValue.milliseconds(choices.millis()))
                        .addProfiler(GCProfiler.class)
                        .addProfiler(CpuProfiler.class)
                        .jvmArgs("-Xms512m", "-Xmx512m", "-XX:+UseSerialGC")
                        .shouldFailOnError(true)
                        .verbosity(VerboseMode.SILENT)
                        .build())
                .run();
    }

    private static void collect(Collection<RunResult> results, Map<String, List<Measured>> groups) {
        for (RunResult result : results) {
            String[] parts = result.getParams().getBenchmark().split("\\.", -1);
            String group = parts[parts.length - 2];
            String name = parts[parts.length - 1] + parameters(result.getParams());
            List<Measured> rows = groups.computeIfAbsent(group, key -> new ArrayList<>());
            Measured row = rows.stream()
                    .filter(known -> known.name().equals(name))
                    .findFirst()
                    .orElseGet(() -> {
                        Measured fresh = new Measured(name, new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
                        rows.add(fresh);
                        return fresh;
                    });
            for (BenchmarkResult fork : result.getBenchmarkResults()) {
                for (IterationResult iteration : fork.getIterationResults()) {
                    row.nanos().add(iteration.getPrimaryResult().getScore());
                    addSecondary(iteration, CpuProfiler.LABEL, row.cpu());
                    addSecondary(iteration, "gc.alloc.rate.norm", row.bytes());
                }
            }
        }
    }

    private static String parameters(BenchmarkParams params) {
        StringBuilder text = new StringBuilder();
        for (String key : params.getParamsKeys()) {
            text.append(", ").append(params.getParam(key)).append(' ').append(key);
        }
        return text.toString();
    }

    private static void addSecondary(IterationResult iteration, String label, List<Double> out) {
        @Nullable Result<?> result = iteration.getSecondaryResults().get(label);
        if (result != null) {
            out.add(result.getScore());
        }
    }
}
