package io.intaglio.signing.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Several processes on one file, some killed at any moment, their wall clocks hours apart: no nonce twice, and none lower than one that was
 * given before its draw began. In {@code verify}: 4 processes, 200,000 nonces, 8 kills. With {@code -Pslow}: 8 processes, 10 million nonces,
 * 200 kills.
 */
class NonceProcessesTest {
    private static final boolean SLOW = Boolean.getBoolean("intaglio.slow");

    @TempDir
    Path folder;

    /** One draw: the monotonic clock before and after it, which all processes of a host share, and what was drawn. */
    record Draw(long before, long after, long nonce) {}

    @Test
    void next_processesKilledAndClocksStepped_neverTwiceAndNeverLower() throws Exception {
        int processes = SLOW ? 8 : 4;
        int total = SLOW ? 10_000_000 : 200_000;
        int kills = SLOW ? 200 : 8;
        SplittableRandom random = new SplittableRandom(7);
        long[] wrong = {0, -1, 1, -24, 0, 1, -24, 0};
        int each = total / processes;
        List<Process> running = new ArrayList<>();
        List<List<Path>> records = new ArrayList<>();
        for (int i = 0; i < processes; i++) {
            records.add(new ArrayList<>());
            running.add(start(records.get(i), i, each, wrong[i]));
        }
        int killed = 0;
        while (killed < kills || running.stream().anyMatch(Process::isAlive)) {
            for (int i = 0; i < processes; i++) {
                Process process = running.get(i);
                if (killed < kills) {
                    process.waitFor(random.nextInt(20, 600), TimeUnit.MILLISECONDS);
                    process.destroyForcibly().waitFor();
                    killed++;
                } else {
                    process.waitFor(100, TimeUnit.MILLISECONDS);
                }
                if (!process.isAlive()) {
                    long left = each - drawn(records.get(i));
                    if (left > 0 || killed < kills) {
                        running.set(i, start(records.get(i), i, Math.max(left, 1_000), wrong[(i + killed) % 8]));
                    }
                }
            }
        }
        List<Draw> draws = new ArrayList<>();
        for (List<Path> ofOne : records) {
            for (Path record : ofOne) {
                draws.addAll(read(record));
            }
        }
        assertThat(draws.size()).isGreaterThanOrEqualTo(total);
        assertThat(faults(draws)).isEmpty();
    }

    /** Shows that the check can fail. */
    @Test
    void faults_plantedDuplicateAndRegression_areFound() {
        List<Draw> good = List.of(new Draw(1, 2, 10), new Draw(3, 6, 12), new Draw(4, 5, 11), new Draw(7, 8, 13));
        assertThat(faults(good)).isEmpty();
        List<Draw> duplicate = new ArrayList<>(good);
        duplicate.add(new Draw(9, 10, 13));
        assertThat(faults(duplicate)).contains("13 was drawn twice");
        List<Draw> regression = new ArrayList<>(good);
        regression.add(new Draw(9, 10, 9));
        assertThat(faults(regression)).containsExactly("9 was drawn after 13");
    }

    private static List<String> faults(List<Draw> draws) {
        List<String> faults = new ArrayList<>();
        long[] nonces = draws.stream().mapToLong(Draw::nonce).sorted().toArray();
        for (int i = 1; i < nonces.length; i++) {
            if (nonces[i] == nonces[i - 1]) {
                faults.add(nonces[i] + " was drawn twice");
            }
        }
        List<Draw> byBefore = new ArrayList<>(draws);
        byBefore.sort(Comparator.comparingLong(Draw::before));
        List<Draw> byAfter = new ArrayList<>(draws);
        byAfter.sort(Comparator.comparingLong(Draw::after));
        long highest = Long.MIN_VALUE;
        int ended = 0;
        for (Draw draw : byBefore) {
            while (byAfter.get(ended).after < draw.before) {
                highest = Math.max(highest, byAfter.get(ended++).nonce);
            }
            if (draw.nonce < highest) {
                faults.add(draw.nonce + " was drawn after " + highest);
            }
        }
        return faults;
    }

    /** A process with a record of its own: a killed one may leave its last record cut. */
    private Process start(List<Path> records, int number, long draws, long hours) throws IOException {
        Path record = folder.resolve("record-" + number + "-" + records.size());
        records.add(record);
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Xmx64m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        NonceProcess.class.getName(),
                        folder.resolve("state").toString(),
                        record.toString(),
                        Long.toString(draws),
                        Long.toString(hours))
                .redirectErrorStream(true)
                .redirectOutput(
                        ProcessBuilder.Redirect.appendTo(folder.resolve("log").toFile()))
                .start();
    }

    private static long drawn(List<Path> records) throws IOException {
        long drawn = 0;
        for (Path record : records) {
            drawn += Files.exists(record) ? Files.size(record) / NonceProcess.RECORD : 0;
        }
        return drawn;
    }

    /** Whole records; the last one of a killed process may be cut. */
    private static List<Draw> read(Path file) throws IOException {
        byte[] bytes = Files.exists(file) ? Files.readAllBytes(file) : new byte[0];
        ByteBuffer in = ByteBuffer.wrap(Arrays.copyOf(bytes, bytes.length - bytes.length % NonceProcess.RECORD));
        List<Draw> draws = new ArrayList<>();
        while (in.hasRemaining()) {
            draws.add(new Draw(in.getLong(), in.getLong(), in.getLong()));
        }
        return draws;
    }
}
