package io.intaglio.client.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.intaglio.signing.key.KeyKind;
import io.intaglio.signing.key.SigningKey;
import io.intaglio.signing.key.VerifyingKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said of a small log in which one thing was changed: which record, where it stands, and how it was changed. */
class AuditVerifierTest {
    private static final String AT = "2026-03-01T12:00:00Z";

    /** A line without its line feed, and its file. */
    private record Line(int file, String text) {}

    @TempDir
    Path folder;

    private final SigningKey key = SigningKey.generate(KeyKind.ED25519);
    private final VerifyingKey publicKey = VerifyingKey.of(key.publicKey().orElseThrow());
    private final List<Checkpoint> outside = new ArrayList<>();
    private final List<Line> lines = new ArrayList<>();
    private int last;

    /** 12 calls over several files, with a checkpoint after each third; record n is line n - 1. */
    @BeforeEach
    void write() throws IOException {
        Path genuine = folder.resolve("genuine");
        try (AuditLog log = AuditLog.builder(genuine)
                .policy(AuditLog.Policy.EVERY_SECOND)
                .maxFileBytes(4096)
                .clock(() -> Instant.parse(AT))
                .checkpoints(key, outside::add)
                .withoutThreads()
                .open()) {
            for (int i = 1; i <= 12; i++) {
                Written.whole(log, "order-" + i);
                if (i % 3 == 0) {
                    log.checkpoint();
                }
            }
        }
        for (Path file : new LogFolder(genuine).files()) {
            for (byte[] line : Written.lines(file)) {
                lines.add(new Line(LogFolder.number(file), new String(line, StandardCharsets.US_ASCII).strip()));
            }
        }
        last = lines.size();
        assertThat(lines.get(last - 1).file()).as("files").isGreaterThan(2);
        assertThat(outside).hasSize(5);
    }

    // ---- changes

    private String text(int record) {
        return lines.get(record - 1).text();
    }

    private void set(int record, String text) {
        lines.set(record - 1, new Line(lines.get(record - 1).file(), text));
    }

    private AuditVerifier changed() throws IOException {
        return changed("");
    }

    /** @param after the last line feed */
    private AuditVerifier changed(String after) throws IOException {
        LogFolder copy = new LogFolder(Files.createTempDirectory(folder, "changed"));
        for (Line line : lines) {
            Path file = copy.file(line.file());
            String before = Files.exists(file) ? Files.readString(file) : "";
            Files.writeString(file, before + line.text() + "\n");
        }
        Path end = copy.file(lines.get(lines.size() - 1).file());
        Files.writeString(end, Files.readString(end) + after);
        return AuditVerifier.of(copy.path());
    }

    private AuditVerifier newest(AuditVerifier verifier) {
        return verifier.checkpoints(publicKey, outside.subList(outside.size() - 1, outside.size()));
    }

    /** Says the same of the chain alone as with the newest checkpoint. */
    private void assertFault(int record, String what) throws IOException {
        AuditVerifier chain = changed();
        assertFault(chain, record, what);
        assertFault(newest(chain), record, what);
    }

    private void assertFault(AuditVerifier verifier, int record, String what) {
        AuditVerification found = verifier.verify();
        AuditVerification.Fault fault = found.fault().orElseThrow(() -> new AssertionError(found.toString()));
        assertThat(fault.what()).isEqualTo(what);
        assertThat(fault.sequence()).isEqualTo(record);
        assertThat(found.isSound()).isFalse();
        assertThat(found.toString())
                .isEqualTo("record " + record + " (" + fault.file() + " line " + fault.line() + "): " + what);
    }

    /** Where the line of this index stands, by its file's number and its number in it. */
    private void assertPlace(AuditVerifier verifier, int index) {
        AuditVerification.Fault fault = verifier.verify().fault().orElseThrow();
        int file = lines.get(index).file();
        assertThat(LogFolder.number(fault.file())).isEqualTo(file);
        assertThat(fault.line())
                .isEqualTo(lines.subList(0, index + 1).stream()
                        .filter(line -> line.file() == file)
                        .count());
    }

    /** The first record of the second file: it and the one before stand in different files. */
    private int firstOfTheSecondFile() {
        int index = 0;
        while (lines.get(index).file() == 1) {
            index++;
        }
        return index + 1;
    }

    @Test
    void verify_nothingChanged_isSoundAndVouchedFor() throws IOException {
        AuditVerification found = changed().checkpoints(publicKey, outside).verify();
        assertThat(found).hasToString("records 1 to " + last + " are as they were written; vouched for up to " + last);
        assertThat(found.isSound()).isTrue();
        assertThat(found.first()).isEqualTo(1);
        assertThat(found.last()).isEqualTo(last);
        assertThat(found.files()).isEqualTo(lines.get(last - 1).file());
        assertThat(found.checkpoints()).isEqualTo(5);
        assertThat(found.notes()).isEmpty();
        assertThat(changed().verify().notes())
                .containsExactly(
                        "no checkpoint was given: a cut tail, or a log written anew as a whole, cannot be seen");
    }

    @Test
    void verify_recordsMissingMovedOrTwice_areNamed() throws IOException {
        int second = firstOfTheSecondFile();
        for (int record : List.of(4, second - 1)) {
            Line line = lines.remove(record - 1);
            assertFault(record, "it is missing; record " + (record + 1) + " stands in its place");
            assertPlace(changed(), record - 1);
            Line next = lines.remove(record - 1);
            assertFault(record, "records " + record + " to " + (record + 1) + " are missing");
            lines.add(record - 1, next);
            lines.add(record - 1, line);
        }
        String fifth = text(5);
        set(5, text(6));
        set(6, fifth);
        assertFault(5, "records 5 and 6 have changed places");
        assertPlace(changed(), 4);
        set(6, text(5));
        set(5, fifth);
        lines.add(6, new Line(1, text(6)));
        assertFault(6, "it stands here a second time, after record 6");
        assertPlace(changed(), 6);
        lines.remove(6);
        assertThat(newest(changed()).verify().isSound()).isTrue();
    }

    @Test
    void verify_contentChanged_isNamedWhereItStands() throws IOException {
        for (int record : List.of(2, 5, firstOfTheSecondFile() - 1, firstOfTheSecondFile())) {
            String genuine = text(record);
            set(record, genuine.replace("\"at\":\"2026", "\"at\":\"2025"));
            assertFault(record, "it was changed: its hash is not the one that record " + (record + 1) + " names");
            assertPlace(changed(), record - 1);
            set(record, genuine.replaceFirst("\"prev\":\"..", "\"prev\":\"zz"));
            assertFault(record, "it was changed: it does not name the hash of record " + (record - 1));
            assertPlace(changed(), record - 1);
            set(record, genuine.replace("{\"seq\":" + record + ",", "{\"seq\":" + (record + 40) + ","));
            assertFault(record, "it was changed: its number says " + (record + 40));
            assertPlace(changed(), record - 1);
            set(record, genuine.replace("\"kind\":", "\"kinx\":"));
            assertFault(record, "the line is damaged: it is no record");
            assertPlace(changed(), record - 1);
            set(record, genuine.replace("\"at\":", "\"at:"));
            assertFault(record, "the line is damaged");
            assertPlace(changed(), record - 1);
            set(record, genuine);
        }
        set(1, text(1).replace("{\"seq\":1,", "{\"seq\":0,"));
        assertFault(1, "it was changed: its number says 0");
        assertPlace(changed(), 0);
    }

    @Test
    void verify_lineFeedBetweenTwoRecordsIsGone_theFirstOfThemIsDamaged() throws IOException {
        set(5, text(5) + " " + text(6));
        lines.remove(5);
        assertFault(5, "the line is damaged");
        assertPlace(changed(), 4);
    }

    /** Nothing follows the last record, so only a checkpoint tells whether it or its hash was changed. */
    @Test
    void verify_lastRecordChanged_onlyACheckpointSeesIt() throws IOException {
        String genuine = text(last);
        set(last, genuine.replace("\"at\":\"2026", "\"at\":\"2025"));
        assertThat(changed().verify().isSound()).isTrue();
        assertFault(
                newest(changed()),
                last,
                "it was changed, or the records since 1 were written anew: the checkpoint of " + AT
                        + " vouches for another content");
        assertPlace(newest(changed()), last - 1);
        set(last, genuine);
        String beforeLast = text(last - 1);
        set(last - 1, beforeLast.replace("\"at\":\"2026", "\"at\":\"2025"));
        assertFault(
                newest(changed()), last - 1, "it was changed: its hash is not the one that record " + last + " names");
        set(last - 1, beforeLast);
        set(last, genuine.replaceFirst("\"prev\":\"..", "\"prev\":\"zz"));
        assertFault(last, "it was changed: it does not name the hash of record " + (last - 1));
    }

    @Test
    void verify_endCutOff_namesTheFirstRecordThatIsMissing() throws IOException {
        lines.subList(last - 3, last).clear();
        assertThat(changed().verify().isSound()).isTrue();
        assertFault(
                newest(changed()),
                last - 2,
                "the log ends with record " + (last - 3) + ", but the checkpoint of " + AT + " vouches for " + last
                        + " records: its end was cut off, or it is an older copy");
        AuditVerification.Fault fault = newest(changed()).verify().fault().orElseThrow();
        int file = lines.get(lines.size() - 1).file();
        assertThat(LogFolder.number(fault.file())).isEqualTo(file);
        assertThat(fault.line())
                .isEqualTo(
                        1 + lines.stream().filter(line -> line.file() == file).count());
    }

    @Test
    void verify_endsInsideALine_isAFaultWhereItWasVouchedFor() throws IOException {
        assertThat(newest(changed("{\"seq\":")).verify().notes())
                .containsExactly("the log ends with 7 bytes of a record that is not finished: it is being written, or"
                        + " its process was killed");
        Line end = lines.remove(last - 1);
        AuditVerifier torn = changed(end.text());
        assertThat(torn.verify().isSound()).isTrue();
        assertThat(torn.verify().notes()).hasSize(2);
        assertFault(
                newest(torn),
                last,
                "the line is cut off; the checkpoint of " + AT + " vouches for " + last + " records");
        lines.add(end);
        int second = firstOfTheSecondFile();
        String cut = text(second - 1).substring(0, 90);
        LogFolder copy = new LogFolder(Files.createTempDirectory(folder, "torn"));
        for (int file = 1; file <= end.file(); file++) {
            StringBuilder all = new StringBuilder();
            for (int i = 0; i < last; i++) {
                if (lines.get(i).file() == file) {
                    all.append(i == second - 2 ? cut : lines.get(i).text() + "\n");
                }
            }
            Files.writeString(copy.file(file), all);
        }
        assertFault(AuditVerifier.of(copy.path()), second - 1, "the line is cut off");
    }

    @Test
    void verify_chainWrittenAnew_isNamedFromTheLastCheckpointOn() throws Exception {
        int changed = (int) outside.get(1).to() + 2;
        set(changed, text(changed).replace("\"at\":\"2026", "\"at\":\"2025"));
        chainAnewFrom(changed + 1);
        assertThat(changed().verify().isSound()).isTrue();
        long from = outside.get(1).to() + 1;
        AuditVerifier all = changed().checkpoints(publicKey, outside);
        assertFault(
                all,
                (int) from,
                "records " + from + " to " + outside.get(2).to()
                        + " were written anew: their chain is whole, but the checkpoint of " + AT
                        + " vouches for another");
        assertPlace(all, (int) from - 1);
        assertThat(all.verify().checkpoints()).isEqualTo(2);
        assertThat(all.verify().vouchedFor()).isEqualTo(outside.get(1).to());
    }

    @Test
    void verify_recordOfACheckpointChanged_isNamedByTheCheckpoint() throws IOException {
        int record = (int) outside.get(1).to();
        String genuine = text(record);
        set(record, genuine.replace("\"at\":\"2026", "\"at\":\"2025"));
        AuditVerifier all = changed().checkpoints(publicKey, outside);
        assertFault(all, record, "it was changed: its hash is not the one vouched for");
        assertPlace(all, record - 1);
        set(record, genuine);
        String end = text(last);
        set(last, end.replace("\"at\":\"2026", "\"at\":\"2025"));
        List<Checkpoint> withTheOneBefore = List.of(checkpoint(last - 1, sha256(text(last - 1))), outside.get(4));
        assertFault(
                changed().checkpoints(publicKey, withTheOneBefore),
                last,
                "it was changed: its hash is not the one vouched for");
    }

    /** Of one record alone, whose root is that of the record's hash as a single leaf. */
    private Checkpoint checkpoint(int record, String head) {
        MerkleTree tree = new MerkleTree();
        tree.add(HexFormat.of().parseHex(head));
        return Checkpoint.signed(
                key, outside.get(0).log(), record, record, Sha256.hex(tree.root()), head, Instant.parse(AT));
    }

    @Test
    void verify_twoCheckpointsOfOneRecordDiffer_itIsNamed() throws IOException {
        Checkpoint right = checkpoint(6, sha256(text(6)));
        Checkpoint wrong = checkpoint(6, "0".repeat(64));
        AuditVerifier both = changed().checkpoints(publicKey, List.of(right, wrong));
        assertFault(
                both,
                6,
                "records 6 to 6 were written anew: their chain is whole, but the checkpoint of " + AT
                        + " vouches for another");
        assertPlace(both, 5);
        Checkpoint otherRoot =
                Checkpoint.signed(key, right.log(), 6, 6, "0".repeat(64), right.head(), Instant.parse(AT));
        assertFault(
                changed().checkpoints(publicKey, List.of(otherRoot)),
                6,
                "it was changed: its hash is not the one vouched for");
    }

    @Test
    void verify_recordsThatTellOfGaps_areCountedInANote() throws Exception {
        set(5, text(5).replace("\"kind\":\"intent\"", "\"kind\":\"gap\""));
        set(6, text(6).replace("\"kind\":\"outcome\"", "\"kind\":\"unforced\""));
        set(7, text(7).replace("\"kind\":\"intent\"", "\"kind\":\"recovered\""));
        chainAnewFrom(6);
        assertThat(changed().verify().notes())
                .first()
                .isEqualTo("3 records tell of a gap, a crash or a failed disk; see 'show --all'");
    }

    private void chainAnewFrom(int record) throws GeneralSecurityException {
        for (int i = record; i <= last; i++) {
            set(i, text(i).replaceFirst("\"prev\":\"[0-9a-f]{64}", "\"prev\":\"" + sha256(text(i - 1))));
        }
    }

    private static String sha256(String line) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256")
                            .digest((line + "\n").getBytes(StandardCharsets.US_ASCII)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void verify_recordsNewerThanTheNewestCheckpoint_isNoted() throws IOException {
        List<Checkpoint> older = outside.subList(0, 2);
        AuditVerification found = changed().checkpoints(publicKey, older).verify();
        assertThat(found.isSound()).isTrue();
        assertThat(found.notes())
                .containsExactly("records " + (older.get(1).to() + 1) + " to " + last
                        + " are newer than the newest checkpoint: their chain is whole, nobody vouches for them yet");
    }

    @Test
    void beginningAt_oldFilesTakenAway_verifiesTheRest() throws IOException {
        int second = firstOfTheSecondFile();
        lines.subList(0, second - 1).clear();
        AuditVerification found = newest(changed()).beginningAt(second).verify();
        assertThat(found.isSound()).as(found.toString()).isTrue();
        assertThat(found.first()).isEqualTo(second);
        assertThat(found.vouchedFor()).isEqualTo(last);
        AuditVerification all =
                changed().checkpoints(publicKey, outside).beginningAt(second).verify();
        assertThat(all.isSound()).as(all.toString()).isTrue();
        assertThat(all.checkpoints()).as("those of records that are there").isEqualTo((int)
                outside.stream().filter(checkpoint -> checkpoint.to() >= second).count());
        assertFault(newest(changed()), 1, "records 1 to " + (second - 1) + " are missing");
        assertFault(
                newest(changed()).beginningAt(second + 1),
                second,
                "it stands here a second time, after record " + second);
    }

    @Test
    void verify_checkpointsOfAnotherLogOrNone_isRefused() throws IOException {
        AuditVerifier verifier = changed();
        assertThatThrownBy(() -> verifier.checkpoints(publicKey, List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("there is no checkpoint to compare ");
        Checkpoint other = Checkpoint.signed(key, "other", 1, 2, "0".repeat(64), "0".repeat(64), Instant.EPOCH);
        assertThatThrownBy(() -> verifier.checkpoints(publicKey, List.of(other)).verify())
                .isInstanceOf(AuditException.class)
                .hasMessageStartingWith(
                        "none of the 1 checkpoints is of log " + outside.get(0).log() + " in ");
        assertThatThrownBy(() -> verifier.checkpoints(publicKey, folder.resolve("nowhere")))
                .isInstanceOf(AuditException.class)
                .hasMessageContaining("nowhere cannot be read: ");
        assertThatThrownBy(() -> AuditVerifier.of(folder.resolve("nowhere")).verify())
                .isInstanceOf(AuditException.class)
                .hasMessage("there is no audit log in " + folder.resolve("nowhere"));
    }
}
