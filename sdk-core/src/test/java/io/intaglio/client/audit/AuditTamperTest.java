package io.intaglio.client.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.intaglio.signing.key.KeyKind;
import io.intaglio.signing.key.SigningKey;
import io.intaglio.signing.key.VerifyingKey;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A log of 10,000 records in which one thing is changed: verification against the newest checkpoint that stands outside finds it and names the
 * record. A sample over the whole log; and over windows of two of its files, so that reading takes microseconds, a sample too, or under the
 * profile slow every record and a bit of every byte.
 */
@Tag("long")
class AuditTamperTest {
    private static final boolean SLOW = Boolean.getBoolean("intaglio.slow");
    private static final int RECORDS = 10_000;

    @TempDir
    static Path folder;

    @TempDir
    Path copy;

    private static final SigningKey KEY = SigningKey.generate(KeyKind.ED25519);
    private static final VerifyingKey PUBLIC = VerifyingKey.of(KEY.publicKey().orElseThrow());
    private static final List<Checkpoint> OUTSIDE = new ArrayList<>();
    /** The records of each file. */
    private static final List<List<byte[]>> FILES = new ArrayList<>();

    private final Random random = new Random(20_000);

    @BeforeAll
    static void write() throws IOException {
        try (AuditLog log = AuditLog.builder(folder)
                .policy(AuditLog.Policy.EVERY_SECOND)
                .maxFileBytes(8192)
                .clock(() -> Instant.parse("2026-03-01T12:00:00.123456Z"))
                .checkpoints(KEY, OUTSIDE::add)
                .withoutThreads()
                .opener(new Disk()) // forces nothing
                .open()) {
            long records = 0;
            for (int i = 0; records < RECORDS - 20; i++) {
                Written.whole(log, "order-" + i);
                if (i % 3 == 0) {
                    log.checkpoint();
                    records = OUTSIDE.get(OUTSIDE.size() - 1).to();
                }
            }
            while (OUTSIDE.get(OUTSIDE.size() - 1).to() < RECORDS - 1) {
                Written.intent(log, "filler");
                log.checkpoint();
            }
        }
        for (Path file : new LogFolder(folder).files()) {
            FILES.add(Written.lines(file));
        }
    }

    private static long total() {
        return FILES.stream().mapToLong(List::size).sum();
    }

    /** A part of the log: its files from one on, at most so many, with the checkpoints that end in them. */
    private final class Part {
        private final Path part = Files.createTempDirectory(copy, "part");
        private final List<byte[]> lines = new ArrayList<>();
        private final List<Integer> fileOf = new ArrayList<>();
        private final long first;
        private final AuditVerifier verifier;

        Part(int from, int files) throws IOException {
            long before = 0;
            for (int i = 0; i < from; i++) {
                before += FILES.get(i).size();
            }
            this.first = before + 1;
            for (int i = from; i < Math.min(FILES.size(), from + files); i++) {
                for (byte[] line : FILES.get(i)) {
                    lines.add(line);
                    fileOf.add(i);
                }
                write(i);
            }
            long last = before + lines.size();
            List<Checkpoint> known = OUTSIDE.stream()
                    .filter(checkpoint -> checkpoint.to() >= first && checkpoint.to() <= last)
                    .toList();
            List<Checkpoint> newest = known.subList(known.size() - 1, known.size());
            this.verifier = AuditVerifier.of(part).checkpoints(PUBLIC, newest).beginningAt(first);
        }

        /** Index of the last record for which the newest checkpoint vouches. */
        int vouched() {
            return (int) (verifier.verify().vouchedFor() - first);
        }

        private void write(int file) throws IOException {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            for (int i = 0; i < lines.size(); i++) {
                if (fileOf.get(i) == file) {
                    all.write(lines.get(i));
                }
            }
            Files.write(new LogFolder(part).file(file + 1), all.toByteArray());
        }

        /** Changes one or two places, verifies and changes back. */
        private AuditVerification changed(int i, Runnable change, Runnable back) throws IOException {
            int file = fileOf.get(i);
            int other = fileOf.get(Math.min(i + 1, fileOf.size() - 1));
            change.run();
            write(file);
            write(other);
            try {
                return verifier.verify();
            } finally {
                back.run();
                write(file);
                write(other);
            }
        }

        private void assertNamed(String what, int i, AuditVerification found) {
            if (found.isSound() || found.fault().orElseThrow().sequence() != first + i) {
                throw new AssertionError(what + " of record " + (first + i) + ": " + found);
            }
        }

        void delete(int i) throws IOException {
            byte[] line = lines.get(i);
            int file = fileOf.get(i);
            assertNamed(
                    "deletion",
                    i,
                    changed(
                            i,
                            () -> {
                                lines.remove(i);
                                fileOf.remove(i);
                            },
                            () -> {
                                lines.add(i, line);
                                fileOf.add(i, file);
                            }));
        }

        void swap(int i) throws IOException {
            Runnable swap = () -> java.util.Collections.swap(lines, i, i + 1);
            assertNamed("swap", i, changed(i, swap, swap));
        }

        void duplicate(int i) throws IOException {
            assertNamed(
                    "duplicate",
                    i,
                    changed(
                            i,
                            () -> {
                                lines.add(i, lines.get(i));
                                fileOf.add(i, fileOf.get(i));
                            },
                            () -> {
                                lines.remove(i);
                                fileOf.remove(i);
                            }));
        }

        /** In place, since there are millions of them. */
        void flip(int i, int at, int bit) throws IOException {
            int number = fileOf.get(i);
            long offset = at;
            for (int before = i - 1; before >= 0 && fileOf.get(before) == number; before--) {
                offset += lines.get(before).length;
            }
            byte genuine = lines.get(i)[at];
            try (RandomAccessFile file =
                    new RandomAccessFile(new LogFolder(part).file(number + 1).toFile(), "rw")) {
                file.seek(offset);
                file.write(genuine ^ (1 << bit));
                AuditVerification found = verifier.verify();
                file.seek(offset);
                file.write(genuine);
                assertNamed("flip of bit " + bit + " of byte " + at, i, found);
            }
        }
    }

    @Test
    void verify_tenThousandRecords_soundAndVouchedFor() throws IOException {
        assertThat(total()).isEqualTo(RECORDS);
        AuditVerification found = AuditVerifier.of(folder)
                .checkpoints(PUBLIC, OUTSIDE.subList(OUTSIDE.size() - 1, OUTSIDE.size()))
                .verify();
        assertThat(found.isSound()).as(found.toString()).isTrue();
        assertThat(found.vouchedFor()).isEqualTo(RECORDS);
        assertThat(AuditVerifier.of(folder)
                        .checkpoints(PUBLIC, OUTSIDE)
                        .verify()
                        .checkpoints())
                .isEqualTo(OUTSIDE.size());
    }

    @Test
    void verify_oneChangeInTheWholeLog_isFoundAndNamed() throws IOException {
        Part whole = new Part(0, FILES.size());
        for (int i : picked(RECORDS, 25)) {
            whole.delete(i);
            whole.duplicate(i);
            whole.swap(Math.min(i, RECORDS - 2));
            whole.flip(i, random.nextInt(whole.lines.get(i).length), random.nextInt(8));
        }
    }

    @Test
    void verify_oneChangeInAWindow_isFoundAndNamed() throws IOException {
        int flips = 0;
        for (int file : picked(FILES.size(), SLOW ? FILES.size() : 5)) {
            int files = file == FILES.size() - 1 ? 1 : 2;
            Part window = new Part(file, files);
            int here = FILES.get(file).size();
            for (int i = 0; i < here; i++) {
                // a window's first record may not be deleted or moved: that it is the first is what the caller says
                if (i > 0 || file == 0) {
                    window.delete(i);
                    if (i + 1 < window.lines.size()) {
                        window.swap(i);
                    }
                }
                window.duplicate(i);
                byte[] line = window.lines.get(i);
                for (int at = SLOW ? 0 : random.nextInt(80); at < line.length; at += SLOW ? 1 : 80) {
                    window.flip(i, at, random.nextInt(8));
                    flips++;
                }
                window.flip(i, line.length - 1, random.nextInt(8));
            }
        }
        System.out.println("audit: " + flips + " flips of a bit found and named");
    }

    /** All or, with the first and last two among them, some at random. */
    private int[] picked(int of, int count) {
        return count >= of
                ? IntStream.range(0, of).toArray()
                : IntStream.concat(IntStream.of(0, 1, of - 2, of - 1), random.ints(count - 4, 0, of))
                        .toArray();
    }

    @Test
    void verify_tailCutOrOlderCopy_namesTheFirstMissingRecord() throws IOException {
        Part whole = new Part(0, FILES.size());
        for (int records : picked(RECORDS, SLOW ? 1000 : 8)) {
            if (records == 0) {
                continue;
            }
            Path cut = Files.createTempDirectory(copy, "cut");
            int written = 0;
            for (int file = 0; file < FILES.size() && written < records; file++) {
                List<byte[]> lines = FILES.get(file);
                ByteArrayOutputStream all = new ByteArrayOutputStream();
                for (byte[] line : lines.subList(0, Math.min(lines.size(), records - written))) {
                    all.write(line);
                    written++;
                }
                Files.write(new LogFolder(cut).file(file + 1), all.toByteArray());
            }
            AuditVerification found = AuditVerifier.of(cut)
                    .checkpoints(PUBLIC, OUTSIDE.subList(OUTSIDE.size() - 1, OUTSIDE.size()))
                    .verify();
            assertThat(found.fault().orElseThrow().sequence()).isEqualTo(records + 1);
            assertThat(found.fault().orElseThrow().what()).contains("older copy");
            assertThat(AuditVerifier.of(cut).verify().isSound())
                    .as("without a checkpoint it cannot be seen, and a note says so")
                    .isTrue();
        }
        assertThat(whole.vouched()).isEqualTo(RECORDS - 1);
    }

    /** Somebody who can write the log changes a record and chains all later ones anew. */
    @Test
    void verify_chainedAnewFromARecordOn_isFoundByTheCheckpointsAlone() throws Exception {
        for (int changed : new int[] {2, 4000, RECORDS - 2}) {
            Path anew = Files.createTempDirectory(copy, "anew");
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            String previous = "0".repeat(64);
            int sequence = 0;
            for (int file = 0; file < FILES.size(); file++) {
                StringBuilder all = new StringBuilder();
                for (byte[] genuine : FILES.get(file)) {
                    String line = new String(genuine, StandardCharsets.US_ASCII);
                    if (++sequence == changed) {
                        line = line.replace("\"at\":\"20", "\"at\":\"19");
                    }
                    int at = line.indexOf("\"prev\":\"") + 8;
                    line = line.substring(0, at) + previous + line.substring(at + 64);
                    previous = HexFormat.of().formatHex(sha.digest(line.getBytes(StandardCharsets.US_ASCII)));
                    all.append(line);
                }
                Files.writeString(new LogFolder(anew).file(file + 1), all, StandardCharsets.US_ASCII);
            }
            assertThat(AuditVerifier.of(anew).verify().isSound()).isTrue();
            AuditVerification byAll =
                    AuditVerifier.of(anew).checkpoints(PUBLIC, OUTSIDE).verify();
            assertThat(byAll.fault().orElseThrow().sequence())
                    .as("within the records between two checkpoints")
                    .isBetween(changed - 8L, (long) changed);
            assertThat(AuditVerifier.of(anew)
                            .checkpoints(PUBLIC, OUTSIDE.subList(OUTSIDE.size() - 1, OUTSIDE.size()))
                            .verify()
                            .isSound())
                    .isFalse();
        }
    }

    @Test
    void verify_checkpointChangedOrOfAnotherKey_isRefused() {
        Checkpoint newest = OUTSIDE.get(OUTSIDE.size() - 1);
        Checkpoint changed = new Checkpoint(
                newest.log(),
                newest.from() - 1,
                newest.to(),
                newest.root(),
                newest.head(),
                newest.at(),
                newest.signature());
        assertThatThrownBy(() -> AuditVerifier.of(folder)
                        .checkpoints(PUBLIC, List.of(changed))
                        .verify())
                .isInstanceOf(AuditException.class)
                .hasMessageContaining("is not signed by this key");
        VerifyingKey other =
                VerifyingKey.of(SigningKey.generate(KeyKind.ED25519).publicKey().orElseThrow());
        assertThatThrownBy(() -> AuditVerifier.of(folder)
                        .checkpoints(other, List.of(newest))
                        .verify())
                .isInstanceOf(AuditException.class)
                .hasMessageContaining("is not signed by this key");
    }

    /** Sizes of files, checkpoints, restarts and kills as they come. */
    @Test
    void verify_cleanLogs_noFalseAlarm() throws IOException {
        for (int run = 0; run < 1000; run++) {
            Path clean = Files.createTempDirectory(copy, "clean");
            List<Checkpoint> outside = new ArrayList<>();
            AuditLog.Builder settings = AuditLog.builder(clean)
                    .policy(random.nextBoolean() ? AuditLog.Policy.BEFORE_SEND : AuditLog.Policy.EVERY_SECOND)
                    .maxFileBytes(4096 + random.nextInt(8192))
                    .checkpoints(KEY, outside::add)
                    .opener(new Disk()) // forces nothing
                    .withoutThreads();
            for (int restart = random.nextInt(3); restart >= 0; restart--) {
                try (AuditLog log = settings.open()) {
                    for (int i = random.nextInt(20); i > 0; i--) {
                        Written.whole(log, "order-" + i);
                        if (random.nextInt(4) == 0) {
                            log.checkpoint();
                        }
                    }
                }
                if (random.nextInt(4) == 0) {
                    List<Path> files = new LogFolder(clean).files();
                    Files.writeString(
                            files.get(files.size() - 1), "{\"seq\":9", java.nio.file.StandardOpenOption.APPEND);
                }
            }
            AuditVerification found =
                    AuditVerifier.of(clean).checkpoints(PUBLIC, outside).verify();
            assertThat(found.isSound()).as("run " + run + ": " + found).isTrue();
            for (Path file : new LogFolder(clean).files()) {
                Files.delete(file);
            }
        }
    }
}
