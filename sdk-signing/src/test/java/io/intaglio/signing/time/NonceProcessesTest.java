package io.intaglio.signing.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.LongBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Several processes on one file, some killed at any moment, their wall clocks hours apart: no nonce twice, and none lower than one that was
 * given before its draw began. Each process's clock is stepped by hours while it draws. In {@code verify}: 4 processes, 200,000 nonces, 8 kills. With {@code -Pslow}: 8 processes, 10 million nonces,
 * 200 kills.
 */
class NonceProcessesTest {
    private static final boolean SLOW = Boolean.getBoolean("intaglio.slow");

    @TempDir
    Path folder;

    @Test
    void next_processesKilledAndClocksStepped_neverTwiceAndNeverLower() throws Exception {
        int processes = SLOW ? 8 : 4;
        int total = SLOW ? 10_000_000 : 200_000;
        int kills = SLOW ? 200 : 8;
        SplittableRandom random = new SplittableRandom(7);
        int each = total / processes;
        List<Process> running = new ArrayList<>();
        List<List<Path>> records = new ArrayList<>();
        for (int i = 0; i < processes; i++) {
            records.add(new ArrayList<>());
            running.add(start(records.get(i), i, each, i));
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
                        running.set(i, start(records.get(i), i, Math.max(left, 1_000), i + killed));
                    }
                }
            }
        }
        List<LongBuffer> draws = new ArrayList<>();
        for (List<Path> ofOne : records) {
            for (Path record : ofOne) {
                draws.add(read(record));
            }
        }
        assertThat(draws.stream().mapToLong(LongBuffer::limit).sum() / 3).isGreaterThanOrEqualTo(total);
        assertThat(faults(draws)).isEmpty();
        assertThat(Files.size(folder.resolve("log")))
                .as("what processes complained of")
                .isZero();
    }

    /** Shows that the check can fail. */
    @Test
    void faults_plantedDuplicateAndRegression_areFound() {
        List<LongBuffer> good = List.of(record(1, 2, 10, 3, 6, 12), record(4, 5, 11, 7, 8, 13));
        assertThat(faults(good)).isEmpty();
        assertThat(faults(with(good, 9, 10, 13))).contains("13 was drawn twice");
        assertThat(faults(with(good, 9, 10, 9))).containsExactly("9 was drawn after 13");
    }

    private static LongBuffer record(long... draws) {
        return LongBuffer.wrap(draws);
    }

    private static List<LongBuffer> with(List<LongBuffer> records, long... more) {
        List<LongBuffer> all = new ArrayList<>(records);
        all.add(record(more));
        return all;
    }

    /** Goes through one record: for each draw the monotonic time before and after it, which all processes of a host share, and the nonce. */
    private static final class Cursor {
        private final LongBuffer draws;
        private final int key;
        private int at;

        Cursor(LongBuffer draws, int key) {
            this.draws = draws;
            this.key = key;
        }

        long key() {
            return draws.get(at + key);
        }

        long nonce() {
            return draws.get(at + 2);
        }
    }

    /** All draws of all records, in the order of their beginning (key 0) or of their end (key 1), as each record is by itself. */
    private static PriorityQueue<Cursor> merged(List<LongBuffer> records, int key) {
        PriorityQueue<Cursor> heads = new PriorityQueue<>(Comparator.comparingLong(Cursor::key));
        records.stream()
                .filter(record -> record.limit() > 0)
                .map(record -> new Cursor(record, key))
                .forEach(heads::add);
        return heads;
    }

    private static void next(PriorityQueue<Cursor> heads) {
        Cursor head = heads.remove();
        head.at += 3;
        if (head.at < head.draws.limit()) {
            heads.add(head);
        }
    }

    private static List<String> faults(List<LongBuffer> records) {
        List<String> faults = new ArrayList<>();
        long[] nonces = records.stream()
                .flatMapToLong(record -> LongStream.iterate(2, at -> at < record.limit(), at -> at + 3)
                        .map(at -> record.get((int) at)))
                .sorted()
                .toArray();
        for (int i = 1; i < nonces.length; i++) {
            if (nonces[i] == nonces[i - 1]) {
                faults.add(nonces[i] + " was drawn twice");
            }
        }
        PriorityQueue<Cursor> begun = merged(records, 0);
        PriorityQueue<Cursor> ended = merged(records, 1);
        long highest = Long.MIN_VALUE;
        for (; !begun.isEmpty(); next(begun)) {
            Cursor draw = begun.element();
            for (; !ended.isEmpty() && ended.element().key() < draw.key(); next(ended)) {
                highest = Math.max(highest, ended.element().nonce());
            }
            if (draw.nonce() < highest) {
                faults.add(draw.nonce() + " was drawn after " + highest);
            }
        }
        return faults;
    }

    /** A process with a record of its own: a killed one may leave its last record cut. */
    private Process start(List<Path> records, int number, long draws, int firstStep) throws IOException {
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
                        Integer.toString(firstStep))
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

    /** Whole draws; the last one of a killed process may be cut. */
    private static LongBuffer read(Path file) throws IOException {
        if (!Files.exists(file)) {
            return LongBuffer.allocate(0);
        }
        try (FileChannel in = FileChannel.open(file)) {
            long whole = in.size() - in.size() % NonceProcess.RECORD;
            return in.map(FileChannel.MapMode.READ_ONLY, 0, whole).asLongBuffer();
        }
    }
}
