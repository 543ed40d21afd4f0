package io.intaglio.client.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.intaglio.client.NotSentException;
import io.intaglio.client.RejectedException;
import io.intaglio.client.ThrottledException;
import io.intaglio.client.UnansweredException;
import io.intaglio.client.VenueException;
import io.intaglio.client.VenueResponse;
import io.intaglio.client.event.Event;
import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.Body;
import io.intaglio.signing.key.KeyKind;
import io.intaglio.signing.key.SigningKey;
import io.intaglio.signing.key.VerifyingKey;
import io.intaglio.signing.venue.BinanceSpot;
import io.intaglio.signing.venue.Meaning;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The parts of an audit log at their edges: what a record says, where a log can be damaged, and what its checkpoints are. */
class AuditPartsTest {
    private static final VenueException.Call CALL = new VenueException.Call("binance", "mine", 1);

    @TempDir
    Path folder;

    private final SigningKey key = SigningKey.generate(KeyKind.ED25519);
    private final VerifyingKey publicKey = VerifyingKey.of(key.publicKey().orElseThrow());
    private final List<Checkpoint> outside = new ArrayList<>();
    private final List<Event> events = new ArrayList<>();

    private AuditLog.Builder log() {
        return AuditLog.builder(folder)
                .policy(AuditLog.Policy.EVERY_SECOND)
                .checkpoints(key, outside::add)
                .listener(events::add)
                .withoutThreads();
    }

    private void assertSound() {
        AuditVerification found =
                AuditVerifier.of(folder).checkpoints(publicKey, outside).verify();
        assertThat(found.isSound()).as(found.toString()).isTrue();
    }

    private AuditRecord last(String kind) {
        return Written.records(folder).stream()
                .filter(record -> record.kind().equals(kind))
                .reduce((a, b) -> b)
                .orElseThrow();
    }

    // ---- what a record says

    static List<Object[]> failures() {
        return List.of(
                new Object[] {
                    new RejectedException(
                            CALL,
                            VenueException.Effect.NONE,
                            400,
                            "-2010",
                            Meaning.DUPLICATE,
                            "",
                            "r".repeat(80),
                            "no"),
                    Map.of(
                            "outcome", "rejected",
                            "effect", "none",
                            "status", 400,
                            "code", "-2010",
                            "meaning", "duplicate",
                            "requestId", "r".repeat(64) + "...")
                },
                new Object[] {
                    new ThrottledException(CALL, 429, "-1003", false, Duration.ofSeconds(1), "slow down"),
                    Map.of("outcome", "throttled", "effect", "none", "status", 429, "code", "-1003")
                },
                new Object[] {
                    new UnansweredException(CALL, "lost", new IOException("reset")),
                    Map.of("outcome", "unanswered", "effect", "unknown")
                },
                new Object[] {
                    new NotSentException(CALL, NotSentException.Reason.TIME_LIMIT, "late", null),
                    Map.of("outcome", "not-sent", "effect", "none", "reason", "time-limit")
                },
                new Object[] {
                    new IllegalStateException("a fault of ours"),
                    Map.of("outcome", "fault", "fault", "java.lang.IllegalStateException")
                });
    }

    @ParameterizedTest
    @MethodSource("failures")
    void failed_eachKind_saysAllThatIsKnownAndNoMore(Throwable failure, Map<String, Object> wanted) {
        try (AuditLog log = log().open()) {
            AuditedCall call = Written.intent(log, "mine");
            call.failed(failure, Duration.ofMillis(3));
        }
        Map<String, Object> members = new LinkedHashMap<>(last("outcome").members());
        members.keySet()
                .removeAll(List.of(
                        "seq",
                        "prev",
                        "kind",
                        "at",
                        "call",
                        "venue",
                        "method",
                        "path",
                        "order",
                        "waitedUs",
                        "us",
                        "attempts"));
        assertThat(members).isEqualTo(wanted);
        String outcome = (String) wanted.get("outcome");
        assertThat(last("outcome").outcome().orElseThrow().name())
                .isEqualTo(outcome.toUpperCase(java.util.Locale.ROOT).replace('-', '_'));
        assertThat(last("intent").outcome()).isEmpty();
    }

    @Test
    void failed_answerThatRepeatsASignature_isMasked() {
        String signature = "c8db56825ae71d6d79447849e617115f4a920fa2acdcab2b053c4b2838bd6b71";
        try (AuditLog log = log().open()) {
            Written.intent(log, "mine")
                    .failed(new ThrottledException(CALL, 429, signature, false, Duration.ZERO, "x"), Duration.ZERO);
        }
        assertThat(last("outcome").text("code")).hasValue("[...]");
    }

    @Test
    void ended_clockWasCorrectedMeanwhile_theOutcomeTellsTheNewOffset() {
        try (AuditLog log = log().open()) {
            AuditedCall call = Written.intent(log, "mine");
            assertThat(log.id()).matches("[0-9a-f]{16}");
            call.clock(Duration.ofMillis(250), Duration.ofMillis(4));
            call.ended(new VenueResponse(200, List.of(), new byte[0], "mine", 1, Duration.ofMillis(9)));
            assertThat(log).hasToString("AuditLog[" + folder + "]");
        }
        assertThat(last("outcome").number("clockOffsetUs")).hasValue(250_000);
        assertThat(last("outcome").number("us")).hasValue(9_000);
        Written.records(folder)
                .forEach(record ->
                        assertThat(record).hasToString("AuditRecord[" + record.sequence() + " " + record.kind() + "]"));
    }

    @Test
    void open_again_hasTheSameLogAndAnotherSession() throws IOException {
        List<String> logs = new ArrayList<>();
        List<String> calls = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            try (AuditLog log = log().open()) {
                logs.add(log.id());
                Written.intent(log, "a");
                calls.add(last("intent").text("call").orElseThrow());
                log.call(BinanceSpot.VENUE, Written.order("b")).begin();
                assertThat(last("intent").text("call")).hasValue(calls.get(i).replaceAll("-1$", "-2"));
                assertThat(last("intent").members()).doesNotContainKey("key");
            }
        }
        try (AuditLog other =
                AuditLog.builder(folder.resolve("other")).withoutThreads().open()) {
            logs.add(other.id());
        }
        assertThat(logs.get(1)).isEqualTo(logs.get(0)).isNotEqualTo(logs.get(2));
        assertThat(calls.get(0)).matches("[0-9a-f]{8}-1").isNotEqualTo(calls.get(1));
    }

    private static final class Fields {
        private static Map<String, Object> of(ApiRequest request) {
            return new RequestFields(List.of()).of(request, new KeyMask("key-id-7", "f1"));
        }
    }

    @Test
    void fields_ofQueryAndJson_areNamedByTheirPath() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("symbol", "BTC");
        json.put("secret", "hunter2");
        json.put(
                "orders",
                List.of(Map.of("price", new BigDecimal("1E+3"), "passphrase", "hunter2"), List.of("no name")));
        json.put("ids", Arrays.asList("a", null, "b"));
        json.put("nested", Map.of("ids", List.of("c"), "qty", true));
        ApiRequest request = ApiRequest.post("/x")
                .query("side", "BUY")
                .query("side", "key-id-7 SELL")
                .query("nonce", "hunter2")
                .body(Body.json(json));
        assertThat(Fields.of(request))
                .containsOnly(
                        Map.entry("side", "BUY, [key f1] SELL"),
                        Map.entry("symbol", "BTC"),
                        Map.entry("orders[0].price", "1000"),
                        Map.entry("ids", "a, b"),
                        Map.entry("nested.ids", "c"),
                        Map.entry("nested.qty", "true"));
    }

    @Test
    void fields_manyLongOrDeep_areCut() {
        ApiRequest many = ApiRequest.post("/x");
        Map<String, Object> members = new LinkedHashMap<>();
        for (int i = 0; i < 70; i++) {
            members.put("m" + i, Map.of("price", i));
        }
        Map<String, Object> recorded = Fields.of(many.body(Body.json(members)));
        assertThat(recorded).hasSize(64).containsEntry("m63.price", "63").doesNotContainKey("m64.price");
        Map<String, Object> deep = Map.of("price", "7");
        for (int i = 0; i < 6; i++) {
            deep = Map.of("d", deep);
        }
        assertThat(Fields.of(many.body(Body.json(deep)))).containsEntry("d.d.d.d.d.d.price", "7");
        assertThat(Fields.of(many.body(Body.json(Map.of("d", deep))))).isEmpty();
        assertThat(Fields.of(many.query("price", "9".repeat(200)))).containsEntry("price", "9".repeat(200));
        assertThat(Fields.of(many.query("price", "9".repeat(201)))).containsEntry("price", "9".repeat(200) + "...");
    }

    /** A longer record than what is kept ready for one. */
    @Test
    void append_longRecords_areWrittenWhole() {
        try (AuditLog log = log().open()) {
            for (int size : new int[] {1, 20, 60, 10}) {
                ApiRequest request = ApiRequest.post("/api/v3/order");
                Map<String, Object> members = new LinkedHashMap<>();
                for (int i = 0; i < size; i++) {
                    members.put("m" + i, Map.of("price", "9".repeat(200)));
                }
                Written.call(log, request.body(Body.json(members))).begin();
            }
        }
        assertThat(Written.records(folder)).hasSize(7);
        assertSound();
    }

    @Test
    void mask_keyIdOfSevenCharacters_isTooShortToLookFor() {
        assertThat(new KeyMask("1234567", "f1").in("at 1234567")).isEqualTo("at 1234567");
        assertThat(new KeyMask("12345678", "f1").in("at 12345678")).isEqualTo("at [key f1]");
        assertThat(new KeyMask("12345678", "f1").inAnswer("a".repeat(31) + " " + "b".repeat(32)))
                .isEqualTo("a".repeat(31) + " [...]");
    }

    // ---- damage

    private Path file(int number) {
        return new LogFolder(folder).file(number);
    }

    private void assertDamaged(String how) {
        assertThatThrownBy(() -> log().open())
                .isInstanceOf(AuditException.class)
                .hasMessage(
                        "the audit log is damaged: " + how
                                + "; keep the folder, run 'intaglio audit verify' on it, and begin a new log in another folder");
    }

    @Test
    void open_damagedLog_saysHow() throws IOException {
        log().open().close();
        byte[] sound = Files.readAllBytes(file(1));
        Files.writeString(file(1), "{\"seq\":0}\n", StandardOpenOption.APPEND);
        assertDamaged(file(1) + ": its last line is no record");
        Files.write(file(1), sound);
        String text = new String(sound, StandardCharsets.US_ASCII);
        Files.writeString(file(1), text.substring(text.indexOf('\n') + 1));
        assertDamaged(file(1) + ": its first line is not that of a log");
        Files.writeString(file(1), "no JSON" + text.substring(text.indexOf('\n')));
        assertDamaged(file(1) + ": its first line is not that of a log");
        Files.write(file(1), "x".repeat((1 << 20) + 1).getBytes(StandardCharsets.US_ASCII));
        assertDamaged(file(1) + ": its end holds no line");
        Files.writeString(file(1), text + "{\"seq\":4");
        Files.writeString(file(2), "{\"seq\":5");
        assertDamaged(file(1) + ": it ends inside a record, though a later file exists");
    }

    /** A crash right after a file was made, and before anything stood in it. */
    @Test
    void open_lastFileIsEmpty_goesOnInTheOneBefore() throws IOException {
        log().open().close();
        Files.createFile(file(2));
        log().open().close();
        assertThat(Written.kinds(folder)).containsExactly("file", "opened", "closed", "opened", "closed");
        assertThat(Files.size(file(2))).isZero();
    }

    @Test
    void open_tornTail_isKeptBesideForItsOwnerAndCutOff() throws IOException {
        log().open().close();
        long whole = Files.size(file(1));
        Files.writeString(file(1), "{\"seq\":4", StandardOpenOption.APPEND);
        log().open().close();
        Path side = folder.resolve("000001.jsonl." + whole + ".torn");
        assertThat(side).hasContent("{\"seq\":4");
        if (Files.getFileStore(side).supportsFileAttributeView("posix")) {
            assertThat(Files.getPosixFilePermissions(side)).hasSize(2);
        }
        assertThat(last("recovered").text("torn")).hasValue(side.getFileName().toString());
        assertThat(Files.readString(file(1))).doesNotContain("{\"seq\":4{");
    }

    @Test
    void open_sameLengthWithAnotherContent_isRefused() throws IOException {
        CheckpointSink kept = new CheckpointSink() {
            @Override
            public void accept(Checkpoint checkpoint) {
                outside.add(checkpoint);
            }

            @Override
            public java.util.Optional<Checkpoint> newest(String log) {
                return outside.isEmpty() ? java.util.Optional.empty() : java.util.Optional.of(outside.get(0));
            }
        };
        AuditLog.Builder settings =
                AuditLog.builder(folder).checkpoints(key, kept).withoutThreads();
        settings.open().close();
        settings.open().close();
        Checkpoint genuine = outside.get(outside.size() - 1);
        outside.clear();
        outside.add(
                Checkpoint.signed(key, genuine.log(), 1, genuine.to(), genuine.root(), "0".repeat(64), Instant.EPOCH));
        assertThatThrownBy(settings::open)
                .isInstanceOf(AuditException.class)
                .hasMessageContaining(
                        "ends with record 5, but its checkpoint of 1970-01-01T00:00:00Z vouches for 5 with another"
                                + " content: it was cut, changed");
        outside.set(0, genuine);
        settings.open().close();
    }

    @Test
    void readAll_lineThatIsNoRecord_isNamed() throws IOException {
        log().open().close();
        for (String line : List.of("no JSON", "{\"seq\":4}", "{\"seq\":4,\"kind\":\"x\",\"at\":\"noon\"}")) {
            String sound = Files.readString(file(1));
            Files.writeString(file(1), sound + line + "\n");
            assertThatThrownBy(() -> Written.records(folder))
                    .isInstanceOf(AuditException.class)
                    .hasMessage(file(1) + " line 4 is no record; run 'intaglio audit verify'");
            Files.writeString(file(1), sound + line);
            assertThat(Written.records(folder))
                    .as("a last line that is not finished")
                    .hasSize(3);
            Files.writeString(file(1), sound);
        }
        assertThatThrownBy(() -> Written.records(folder.resolve("nowhere")))
                .isInstanceOf(AuditException.class)
                .hasMessage("there is no audit log in " + folder.resolve("nowhere"));
    }

    /** Lines that are longer than a piece that is read at once, over two files. */
    @Test
    void lines_ofAllLengths_areReadWithTheirPlaces() throws IOException {
        List<String> wanted = new ArrayList<>();
        for (int file = 1; file <= 2; file++) {
            StringBuilder all = new StringBuilder();
            for (int length : new int[] {0, 1, 65_534, 65_535, 65_536, 3, 200_000, 7}) {
                String line = Character.toString('a' + file).repeat(length);
                all.append(line).append('\n');
                wanted.add(file + ":" + line.length());
            }
            Files.writeString(file(file), all + "rest");
            wanted.add(file + ":rest");
        }
        List<String> found = new ArrayList<>();
        try (LogLines lines = new LogLines(new LogFolder(folder).files())) {
            long number = 0;
            while (lines.next()) {
                number = lines.isWhole() || number == 8 ? number % 9 + 1 : number;
                assertThat(lines.line()).isEqualTo(number);
                String text = lines.text();
                assertThat(text.chars().distinct().count()).isLessThanOrEqualTo(lines.isWhole() ? 1 : 4);
                assertThat(lines.copy()).hasSize(text.length() + (lines.isWhole() ? 1 : 0));
                found.add(LogFolder.number(lines.file()) + ":" + (lines.isWhole() ? text.length() : text));
            }
        }
        assertThat(found).isEqualTo(wanted);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "}\n",
                "{\"seq\":}\n",
                "{\"seq\":1,\"prev\":\"PREV\",\"kind\":\"x\"}",
                "{\"seq\":01,\"prev\":\"PREV\",\"kind\":\"x\"}\n",
                "{\"seq\":-1,\"prev\":\"PREV\",\"kind\":\"x\"}\n",
                "{\"seq\":,\"prev\":\"PREV\",\"kind\":\"x\"}\n",
                "{\"seq\":1234567890123456789,\"prev\":\"PREV\",\"kind\":\"x\"}\n",
                "{\"seq\":1,\"prev\":\"PREV\",\"kind\":\"\u007f\"}\n",
                "{\"seq\":1,\"prev\":\"PREV\",\"kind\":\"\t\"}\n",
                "{\"seq\":1,\"prev\":\"PREV\",\"kine\":\"x\"}\n",
                "{\"seq\":1,\"prew\":\"PREV\",\"kind\":\"x\"}\n",
                "{\"sek\":1,\"prev\":\"PREV\",\"kind\":\"x\"}\n",
                "{\"seq\":1,\"prev\":\"PREV\"}\n",
                "{\"seq\":1}\n"
            })
    void sequence_ofAnotherForm_isNone(String line) {
        byte[] bytes = line.replace("PREV", "0".repeat(64)).getBytes(StandardCharsets.ISO_8859_1);
        assertThat(RecordLine.sequence(bytes, 0, bytes.length)).isEqualTo(-1);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 9, 10, 90, 99, 100, 123_456_789_012_345_678L, 999_999_999_999_999_999L})
    void sequence_ofARecord_isRead(long sequence) {
        String hash = "0123456789abcdef".repeat(4);
        String line = "{\"seq\":" + sequence + ",\"prev\":\"" + hash + "\",\"kind\":\"gap\"}\n";
        byte[] bytes = ("xyz" + line + "{").getBytes(StandardCharsets.US_ASCII);
        int end = bytes.length - 1;
        assertThat(RecordLine.sequence(bytes, 3, end)).isEqualTo(sequence);
        byte[] wanted = HexFormat.of().parseHex(hash);
        assertThat(RecordLine.follows(bytes, 3, sequence, wanted)).isTrue();
        for (int i : new int[] {0, 15, 31}) {
            byte[] other = wanted.clone();
            other[i] ^= i == 15 ? 0x10 : 1;
            assertThat(RecordLine.follows(bytes, 3, sequence, other)).isFalse();
        }
        assertThat(RecordLine.isOf("gap", bytes, 3, sequence)).isTrue();
        assertThat(RecordLine.isOf("gas", bytes, 3, sequence)).isFalse();
        assertThat(RecordLine.isOf("ga", bytes, 3, sequence)).isFalse();
        byte[] body = "{\"kind\":\"gap\"}".getBytes(StandardCharsets.US_ASCII);
        byte[] written = new byte[RecordLine.room(body)];
        int length = RecordLine.write(sequence, wanted, body, written, 0);
        assertThat(new String(written, 0, length, StandardCharsets.US_ASCII)).isEqualTo(line);
        assertThat(length).isLessThanOrEqualTo(written.length);
    }

    // ---- the disk

    @Test
    void force_policyEverySecond_forcesWhatIsNewAndTellsWhenItCannot() {
        Disk disk = new Disk();
        try (AuditLog log = log().opener(disk).open()) {
            int before = disk.forces.get();
            log.force();
            assertThat(disk.forces.get()).isEqualTo(before + 1);
            log.force();
            assertThat(disk.forces.get()).as("nothing new").isEqualTo(before + 1);
            Written.whole(log, "a");
            disk.failsToForce = true;
            log.force();
            assertThat(events).singleElement().isInstanceOf(Event.AuditFailed.class);
            disk.failsToForce = false;
        }
        assertThat(Written.kinds(folder)).contains("unforced");
        assertThat(last("unforced").number("from")).hasValue(3);
    }

    /** Nothing is vouched for that a loss of power may take. */
    @Test
    void checkpoint_diskCannotForce_vouchesForNothing() {
        Disk disk = new Disk();
        try (AuditLog log = log().opener(disk).open()) {
            log.checkpoint();
            assertThat(outside).hasSize(1);
            Written.whole(log, "a");
            disk.failsToForce = true;
            log.checkpoint();
            assertThat(outside).hasSize(1);
            assertThat(events).singleElement().isInstanceOf(Event.AuditFailed.class);
            disk.failsToForce = false;
            Written.whole(log, "b");
        }
        assertThat(outside.get(outside.size() - 1).to())
                .isEqualTo(Written.records(folder).size());
        assertSound();
    }

    @Test
    void checkpoint_keyIsClosed_isToldOnce() {
        SigningKey own = SigningKey.generate(KeyKind.ED25519);
        try (AuditLog log = AuditLog.builder(folder)
                .checkpoints(own, outside::add)
                .listener(events::add)
                .withoutThreads()
                .open()) {
            own.close();
            log.checkpoint();
            Written.whole(log, "a");
            log.checkpoint();
        }
        assertThat(outside).isEmpty();
        assertThat(events)
                .singleElement()
                .satisfies(event -> assertThat(((Event.AuditFailed) event).why())
                        .startsWith("its checkpoints fail, they cannot be signed: "));
    }

    @Test
    void open_diskFull_refusesUnlessItIsToSend() {
        Disk disk = new Disk();
        disk.full = true;
        assertThatThrownBy(() -> log().opener(disk).open())
                .isInstanceOf(AuditException.class)
                .hasMessageContaining("No space left on device");
        try (AuditLog log =
                log().opener(disk).onFailure(AuditLog.OnFailure.SEND).open()) {
            disk.full = false;
            Written.whole(log, "a");
        }
        assertThat(Written.kinds(folder)).containsExactly("file", "gap", "intent", "outcome", "closed");
        assertThat(last("gap").number("lost")).hasValue(1);
        assertThat(last("gap").text("why")).hasValue("No space left on device");
    }

    /** What a failed write left is cut off when the log is closed, if no record could be written after it. */
    @Test
    void close_diskStillFull_leavesWholeLines() throws IOException {
        Disk disk = new Disk();
        AuditLog log = log().opener(disk).open();
        Written.whole(log, "a");
        disk.full = true;
        assertThatThrownBy(() -> Written.intent(log, "b")).isInstanceOf(AuditException.class);
        log.close();
        assertThat(Files.readString(file(1))).endsWith("}\n");
        assertThat(Written.kinds(folder)).containsExactly("file", "opened", "intent", "outcome");
        assertThatThrownBy(() -> Written.intent(log, "c"))
                .isInstanceOf(AuditException.class)
                .hasMessageContaining("the log is closed");
        log.close();
        log().open().close();
        assertThat(Written.kinds(folder)).endsWith("recovered", "opened", "closed");
    }

    /** A file that is left is forced, so that no policy leaves records behind in it. */
    @Test
    void rotate_fileIsFull_isForcedBeforeTheNext() throws IOException {
        Disk disk = new Disk();
        try (AuditLog log = log().opener(disk).maxFileBytes(4096).open()) {
            int forces = disk.forces.get();
            int i = 0;
            while (!Files.exists(file(2))) {
                Written.whole(log, "o" + i++);
            }
            assertThat(disk.forces.get()).isEqualTo(forces + 1);
            assertThat(Files.size(file(1))).isGreaterThanOrEqualTo(4096);
        }
        assertThat(last("file").number("number")).hasValue(2);
    }

    /** With threads of its own a log is forced and vouched for within about a second, whatever its policy. */
    @Test
    void open_withThreads_forcesAndVouchesByItself() throws Exception {
        Disk disk = new Disk();
        CountDownLatch vouched = new CountDownLatch(1);
        try (AuditLog log = AuditLog.builder(folder)
                .policy(AuditLog.Policy.EVERY_SECOND)
                .opener(disk)
                .checkpoints(key, checkpoint -> vouched.countDown())
                .open()) {
            assertThat(log.folder()).isEqualTo(folder);
            assertThat(vouched.await(30, TimeUnit.SECONDS)).isTrue();
        }
        Disk other = new Disk();
        try (AuditLog log = AuditLog.builder(folder.resolve("unsigned"))
                .policy(AuditLog.Policy.EVERY_SECOND)
                .opener(other)
                .open()) {
            assertThat(log.folder()).isEqualTo(folder.resolve("unsigned"));
            assertThat(other.forcing.tryAcquire(30, TimeUnit.SECONDS)).isTrue();
            assertThat(Thread.getAllStackTraces().keySet())
                    .filteredOn(thread -> thread.getName().equals("intaglio-audit"))
                    .isNotEmpty()
                    .allMatch(Thread::isDaemon);
        }
    }

    // ---- checkpoints

    /** The text is that of docs/audit.md, so that any program can check a signature. */
    @Test
    void checkpoint_isSignedOverItsText() throws Exception {
        Checkpoint checkpoint = Checkpoint.signed(
                key, "log1", 3, 7, "a".repeat(64), "b".repeat(64), Instant.parse("2026-03-01T12:00:00Z"));
        assertThat(checkpoint.signedText())
                .isEqualTo("intaglio audit checkpoint 1\nlog log1\nfrom 3\nto 7\nroot " + "a".repeat(64) + "\nhead "
                        + "b".repeat(64) + "\nat 2026-03-01T12:00:00Z\n");
        java.security.Signature jdk = java.security.Signature.getInstance("Ed25519");
        jdk.initVerify(key.publicKey().orElseThrow());
        jdk.update(checkpoint.signedText().getBytes(StandardCharsets.UTF_8));
        assertThat(jdk.verify(java.util.Base64.getDecoder().decode(checkpoint.signature())))
                .isTrue();
        assertThat(checkpoint.isSignedBy(publicKey)).isTrue();
        assertThat(Checkpoint.parse(checkpoint.line())).isEqualTo(checkpoint);
        VerifyingKey other =
                VerifyingKey.of(SigningKey.generate(KeyKind.ED25519).publicKey().orElseThrow());
        assertThat(checkpoint.isSignedBy(other)).isFalse();
        Checkpoint unsigned = new Checkpoint(
                checkpoint.log(), 3, 7, checkpoint.root(), checkpoint.head(), checkpoint.at(), "not base64!");
        assertThat(unsigned.isSignedBy(publicKey)).isFalse();
        assertThatThrownBy(() -> new Checkpoint("log1", 0, 7, "", "", Instant.EPOCH, ""))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Checkpoint("log1", 7, 6, "", "", Instant.EPOCH, ""))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(new Checkpoint("log1", 7, 7, "", "", Instant.EPOCH, "").to()).isEqualTo(7);
    }

    @Test
    void checkpointFile_severalLogs_theNewestOfEachIsFound() throws IOException {
        Path file = folder.resolve("checkpoints");
        CheckpointSink sink = CheckpointSink.file(file);
        assertThat(sink.newest("log1")).isEmpty();
        assertThat(sink).hasToString(file.toString());
        List<Checkpoint> all = new ArrayList<>();
        for (int i = 1; i <= 3; i++) {
            all.add(Checkpoint.signed(key, "log" + i % 2, i, 10 - i, "a".repeat(64), "b".repeat(64), Instant.EPOCH));
        }
        Collections.reverse(all);
        for (Checkpoint checkpoint : all) {
            sink.accept(checkpoint);
        }
        assertThat(Files.readAllLines(file))
                .isEqualTo(all.stream().map(Checkpoint::line).toList());
        assertThat(sink.newest("log1")).hasValue(all.get(2));
        assertThat(sink.newest("log0")).hasValue(all.get(1));
        assertThat(sink.newest("other")).isEmpty();
        Files.writeString(file, "\n{\"checkpoint\":1}\n", StandardOpenOption.APPEND);
        assertThatThrownBy(() -> sink.newest("log1"))
                .isInstanceOf(AuditException.class)
                .hasMessage("line 5 of " + file + " is no checkpoint: a checkpoint lacks its member 'log'");
    }
}
