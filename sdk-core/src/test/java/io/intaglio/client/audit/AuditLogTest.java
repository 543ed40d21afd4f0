package io.intaglio.client.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.intaglio.client.NotSentException;
import io.intaglio.client.RejectedException;
import io.intaglio.client.ThrottledException;
import io.intaglio.client.VenueException;
import io.intaglio.client.VenueResponse;
import io.intaglio.client.event.Event;
import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.Priority;
import io.intaglio.signing.key.KeyKind;
import io.intaglio.signing.key.SigningKey;
import io.intaglio.signing.key.VerifyingKey;
import io.intaglio.signing.venue.BinanceSpot;
import io.intaglio.signing.venue.Meaning;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class AuditLogTest {
    @TempDir
    Path folder;

    private final SigningKey key = SigningKey.generate(KeyKind.ED25519);
    private final VerifyingKey publicKey = VerifyingKey.of(key.publicKey().orElseThrow());
    private final List<Checkpoint> outside = new ArrayList<>();

    private AuditLog.Builder log() {
        return AuditLog.builder(folder)
                .policy(AuditLog.Policy.EVERY_SECOND)
                .checkpoints(key, outside::add)
                .withoutThreads();
    }

    private void assertSound() {
        AuditVerification found =
                AuditVerifier.of(folder).checkpoints(publicKey, outside).verify();
        assertThat(found.isSound()).as(found.toString()).isTrue();
    }

    @Test
    void open_newFolder_ownerAlone() throws IOException {
        Path made = folder.resolve("a/b");
        try (AuditLog log = AuditLog.builder(made).open()) {
            assertThat(log.folder()).isEqualTo(made);
        }
        assertThat(Written.kinds(made)).containsExactly("file", "opened", "closed");
        if (Files.getFileStore(made).supportsFileAttributeView("posix")) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(made)))
                    .isEqualTo("rwx------");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(made.resolve("000001.jsonl"))))
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void open_whileOpen_isRefused() {
        try (AuditLog first = log().open()) {
            assertThatThrownBy(() -> log().open())
                    .isInstanceOf(AuditException.class)
                    .hasMessageContaining("open in another process or twice in this one")
                    .hasMessageContaining(first.folder().toString());
        }
        log().open().close();
    }

    @Test
    void call_acceptedOrder_intentAndOutcomeTellOfIt() {
        try (AuditLog log = log().open()) {
            AuditedCall call = Written.call(log, Written.order("mine-1"));
            call.guard("allowed");
            call.waited(Duration.ofMillis(1500));
            call.clock(Duration.ofMillis(-42), Duration.ofMillis(7));
            call.budget("request-weight", 30, 6000);
            call.begin();
            call.attempted(
                    Duration.ofMillis(3),
                    new ThrottledException(
                            new VenueException.Call("binance", "mine-1", 1), 429, "-1003", false, Duration.ZERO, "x"));
            call.proof("THROTTLED");
            VenueResponse answer = new VenueResponse(200, List.of(), new byte[0], "mine-1", 2, Duration.ofMillis(1600));
            call.attempted(Duration.ofMillis(2), answer);
            call.ended(answer);
        }
        List<AuditRecord> records = Written.records(folder);
        Map<String, Object> intent = records.get(2).members();
        assertThat(intent)
                .containsEntry("kind", "intent")
                .containsEntry("venue", "binance")
                .containsEntry("method", "POST")
                .containsEntry("path", "/api/v3/order")
                .containsEntry("host", "api.binance.com")
                .containsEntry("order", "mine-1")
                .containsEntry("fields", Map.of("symbol", "BTCUSDT", "side", "BUY", "quantity", "0.01"))
                .containsEntry("guard", "allowed")
                .containsEntry("waitedUs", 1_500_000)
                .containsEntry("clockOffsetUs", -42_000)
                .containsEntry("clockBoundUs", 7_000)
                .containsEntry("limit", "request-weight")
                .containsEntry("limitUsed", 30)
                .containsEntry("limitCapacity", 6000);
        Map<String, Object> outcome = records.get(3).members();
        assertThat(outcome)
                .containsEntry("kind", "outcome")
                .containsEntry("call", intent.get("call"))
                .containsEntry("outcome", "accepted")
                .containsEntry("status", 200)
                .containsEntry("us", 1_600_000)
                .containsEntry(
                        "attempts",
                        List.of(
                                Map.of("us", 3000, "result", "throttled", "status", 429, "proof", "throttled"),
                                Map.of("us", 2000, "result", "accepted", "status", 200)));
    }

    /** By the command of another program, as the documentation says. */
    @Test
    void append_eachRecord_namesTheSha256OfTheLineBefore() throws Exception {
        try (AuditLog log = log().open()) {
            IntStream.range(0, 5).forEach(i -> Written.whole(log, "o" + i));
        }
        String previous = "0".repeat(64);
        long sequence = 1;
        for (byte[] line : Written.lines(folder.resolve("000001.jsonl"))) {
            assertThat(new String(line, StandardCharsets.US_ASCII))
                    .startsWith("{\"seq\":" + sequence++ + ",\"prev\":\"" + previous + "\",\"kind\":\"");
            previous = HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(line));
        }
        assertThat(outside.get(outside.size() - 1).head()).isEqualTo(previous);
    }

    @Test
    void records_withSecretsAllAround_holdNone() throws IOException {
        List<String> secrets = List.of(
                Written.KEY_ID, "hunter2-header", "hunter2-field", "hunter2-json", "hunter2-sign", "hunter2-body");
        try (AuditLog log = log().alsoRecord("strategy").open()) {
            ApiRequest request = Written.order("x-" + Written.KEY_ID)
                    .header("X-Api-Secret", "hunter2-header")
                    .form("passphrase", "hunter2-field")
                    .form("signature", "hunter2-sign")
                    .form("label", "key " + Written.KEY_ID)
                    .form("strategy", "grid");
            AuditedCall call = Written.call(log, request);
            call.guard("refused: " + Written.KEY_ID + " may not");
            call.begin();
            call.failed(
                    new RejectedException(
                            new VenueException.Call("binance", "x", 1),
                            VenueException.Effect.NONE,
                            400,
                            Written.KEY_ID,
                            Meaning.BAD_KEY,
                            "hunter2-body",
                            Written.KEY_ID,
                            "hunter2-body"),
                    Duration.ZERO);
            Written.call(
                            log,
                            ApiRequest.post("/api/" + Written.KEY_ID)
                                    .json("symbol", "BTCUSDT")
                                    .json("nested", Map.of("secret", "hunter2-json", "price", "1")))
                    .begin();
        }
        String all = Files.readString(folder.resolve("000001.jsonl"));
        assertThat(secrets).noneMatch(all::contains);
        assertThat(all).contains("\"strategy\":\"grid\"", "\"nested.price\":\"1\"", "[key ", "\"meaning\":\"bad-key\"");
    }

    @Test
    void alsoRecord_nameOfASecret_isRefused() {
        assertThatThrownBy(() -> log().alsoRecord("X-API_Key").open())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("X-API_Key");
    }

    /** Line ends, terminal commands, right-to-left marks and broken surrogates, in every text that a caller or venue can choose. */
    @Test
    void records_hostileTexts_forgeNoLine() throws IOException {
        List<String> hostile = new ArrayList<>(List.of(
                "\r\n{\"seq\":3,\"prev\":\"" + "0".repeat(64) + "\",\"kind\":\"outcome\"}",
                "\u001b[2J\u001b]0;title\u0007",
                "\u202e\u2066evil\u2069\u200f",
                "\u2028\u2029\u0085\u0000\u007f\u009b31m",
                "\ud800",
                "\",\"kind\":\"outcome\",\"x\":\"",
                "\\u000a\\n"));
        Random random = new Random(7);
        for (int i = 0; i < 200; i++) {
            StringBuilder text = new StringBuilder();
            for (int j = random.nextInt(20); j >= 0; j--) {
                text.append((char) (random.nextBoolean() ? random.nextInt(160) : random.nextInt(0x10000)));
            }
            hostile.add(text.toString());
        }
        int[] calls = {0};
        try (AuditLog log = log().alsoRecord(hostile.get(0)).open()) {
            for (String text : hostile) {
                AuditedCall call = Written.call(
                        log,
                        ApiRequest.post("/api/v3/order")
                                .form("label", text)
                                .form(hostile.get(0), text)
                                .clientOrderId("i" + text));
                call.guard(text);
                call.begin();
                call.failed(
                        new RejectedException(
                                new VenueException.Call("binance", text, 1),
                                VenueException.Effect.UNKNOWN,
                                400,
                                text,
                                null,
                                text,
                                text,
                                text),
                        Duration.ZERO);
                calls[0]++;
            }
        }
        for (byte b : Files.readAllBytes(folder.resolve("000001.jsonl"))) {
            assertThat(b == '\n' || b >= 0x20 && b < 0x7f).as("byte " + b).isTrue();
        }
        List<AuditRecord> records = Written.records(folder);
        assertThat(records).hasSize(2 * calls[0] + 3);
        for (int i = 0; i < calls[0]; i++) {
            AuditRecord intent = records.get(2 + 2 * i);
            assertThat(intent.kind()).isEqualTo("intent");
            if (hostile.get(i).codePoints().noneMatch(c -> c >= 0xd800 && c < 0xe000)) {
                String wanted = "i" + hostile.get(i);
                assertThat(intent.text("order").orElseThrow())
                        .startsWith(wanted.substring(0, Math.min(90, wanted.length())));
            }
        }
        assertSound();
    }

    /** One thread is in the middle of forcing while seven come: their seven share one more. */
    @Test
    void beforeSend_eightWritersAtOnce_twoForces() throws Exception {
        Disk disk = new Disk();
        try (AuditLog log =
                AuditLog.builder(folder).opener(disk).withoutThreads().open()) {
            int before = disk.forces.get();
            disk.written.drainPermits();
            disk.forcing.drainPermits();
            disk.held.drainPermits();
            List<Thread> threads = new ArrayList<>();
            threads.add(started(() -> Written.intent(log, "first")));
            disk.forcing.acquire();
            for (int i = 0; i < 7; i++) {
                threads.add(started(() -> Written.intent(log, "other")));
            }
            boolean haveAllCome = disk.written.tryAcquire(8, 30, TimeUnit.SECONDS);
            disk.held.release(Integer.MAX_VALUE);
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(haveAllCome).as("nobody is held up in writing").isTrue();
            assertThat(disk.forces.get() - before).isEqualTo(2);
        }
    }

    private static Thread started(Runnable work) {
        Thread thread = new Thread(work);
        thread.start();
        return thread;
    }

    /** All whose records stand in the file whose force failed are refused, also those who came meanwhile; a new file is begun. */
    @Test
    void beforeSend_forceFails_allWhoSharedTheFileAreRefusedAndTheLogSaysSo() throws Exception {
        Disk disk = new Disk();
        ConcurrentLinkedQueue<String> refused = new ConcurrentLinkedQueue<>();
        try (AuditLog log = AuditLog.builder(folder)
                .checkpoints(key, outside::add)
                .opener(disk)
                .withoutThreads()
                .open()) {
            disk.written.drainPermits();
            disk.forcing.drainPermits();
            disk.held.drainPermits();
            List<Thread> threads = new ArrayList<>();
            threads.add(started(() -> intentOrRefused(log, "first", refused)));
            disk.forcing.acquire();
            threads.add(started(() -> intentOrRefused(log, "second", refused)));
            boolean haveAllCome = disk.written.tryAcquire(2, 30, TimeUnit.SECONDS);
            disk.failsToForce = true;
            disk.held.release(Integer.MAX_VALUE);
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(haveAllCome).isTrue();
            assertThat(refused).containsExactlyInAnyOrder("first", "second");
            disk.failsToForce = false;
            Written.intent(log, "third");
        }
        List<AuditRecord> records = Written.records(folder);
        assertThat(records)
                .extracting(AuditRecord::kind)
                .containsExactly("file", "opened", "intent", "intent", "file", "unforced", "intent", "closed");
        assertThat(records.get(5).number("from")).hasValue(3);
        assertThat(records.get(5).number("to")).hasValue(4);
        assertSound();
    }

    private static void intentOrRefused(AuditLog log, String id, ConcurrentLinkedQueue<String> refused) {
        try {
            Written.intent(log, id);
        } catch (AuditException e) {
            refused.add(id);
        }
    }

    @Test
    void begin_diskFull_refusedThenGoesOnAndCountsWhatIsMissing() {
        Disk disk = new Disk();
        List<Event> events = new ArrayList<>();
        try (AuditLog log = log().opener(disk).listener(events::add).open()) {
            Written.whole(log, "a");
            disk.full = true;
            for (int i = 0; i < 3; i++) {
                assertThatThrownBy(() -> Written.intent(log, "b"))
                        .isInstanceOf(AuditException.class)
                        .hasMessageContaining("No space left on device")
                        .hasMessageContaining(folder.toString());
            }
            disk.full = false;
            Written.whole(log, "c");
        }
        assertThat(events)
                .satisfiesExactly(
                        failed -> assertThat(failed).isInstanceOf(Event.AuditFailed.class),
                        resumed -> assertThat(resumed).isEqualTo(new Event.AuditResumed("", folder.toString(), 3)));
        assertThat(Written.kinds(folder))
                .containsExactly("file", "opened", "intent", "outcome", "gap", "intent", "outcome", "closed");
        assertThat(Written.records(folder).get(4).number("lost")).hasValue(3);
        assertSound();
    }

    @Test
    void begin_diskFullAndSetToSend_goesOnWithoutIntentAndTheOutcomeTellsAll() {
        Disk disk = new Disk();
        try (AuditLog log =
                log().opener(disk).onFailure(AuditLog.OnFailure.SEND).open()) {
            disk.full = true;
            AuditedCall call = Written.call(log, Written.order("a"));
            call.begin();
            disk.full = false;
            call.begin(); // of a second attempt: the outcome comes soon enough
            call.ended(new VenueResponse(200, List.of(), new byte[0], "a", 1, Duration.ZERO));
        }
        assertThat(Written.kinds(folder)).containsExactly("file", "opened", "gap", "outcome", "closed");
        assertThat(Written.records(folder).get(3).members()).containsKeys("fields", "key", "host");
    }

    @Test
    void begin_diskFullAndSetToRefuseUnlessRiskReducing_aCancelGoesThrough() {
        Disk disk = new Disk();
        try (AuditLog log = log().opener(disk)
                .onFailure(AuditLog.OnFailure.REFUSE_UNLESS_RISK_REDUCING)
                .open()) {
            disk.full = true;
            assertThatThrownBy(() -> Written.intent(log, "a")).isInstanceOf(AuditException.class);
            ApiRequest cancel = ApiRequest.delete("/api/v3/order").query("symbol", "BTCUSDT");
            assertThat(BinanceSpot.VENUE.priorityOf(cancel)).isEqualTo(Priority.RISK_REDUCING);
            Written.call(log, cancel).begin();
            disk.full = false;
        }
    }

    @Test
    void ended_diskFull_throwsNothing() {
        Disk disk = new Disk();
        List<Event> events = new ArrayList<>();
        try (AuditLog log = log().opener(disk).listener(events::add).open()) {
            AuditedCall call = Written.intent(log, "a");
            disk.full = true;
            call.failed(
                    new NotSentException(
                            new VenueException.Call("binance", null, 0), NotSentException.Reason.CLOSED, "x", null),
                    Duration.ZERO);
            assertThat(events).singleElement().isInstanceOf(Event.AuditFailed.class);
            disk.full = false;
        }
        assertSound();
    }

    @Test
    void begin_onAnInterruptedThread_theLogStaysOpen() {
        try (AuditLog log = AuditLog.builder(folder).withoutThreads().open()) {
            Thread.currentThread().interrupt();
            Written.whole(log, "a");
            assertThat(Thread.interrupted()).as("the interrupt is kept").isTrue();
            Written.whole(log, "b");
        }
        assertThat(Written.records(folder)).hasSize(7);
    }

    @Test
    void maxFileBytes_reached_goesOnInANewFileAndTheChainGoesThrough() throws IOException {
        try (AuditLog log = log().maxFileBytes(4096).open()) {
            IntStream.range(0, 50).forEach(i -> Written.whole(log, "o" + i));
        }
        try (AuditLog log = log().maxFileBytes(4096).open()) {
            Written.whole(log, "later");
        }
        List<Path> files = new LogFolder(folder).files();
        assertThat(files).hasSizeGreaterThan(5);
        for (Path file : files) {
            assertThat(Files.size(file)).isLessThan(4096 + 2 * 700);
            assertThat(Files.readString(file)).contains("\"kind\":\"file\"").endsWith("}\n");
        }
        assertSound();
        assertThat(AuditVerifier.of(folder).verify().files()).isEqualTo(files.size());
    }

    @Test
    void open_afterACrashInsideARecord_goesOnAndSaysSo() throws IOException {
        try (AuditLog log = log().open()) {
            Written.whole(log, "a");
        }
        Path file = folder.resolve("000001.jsonl");
        List<byte[]> lines = Written.lines(file);
        byte[] torn = "{\"seq\":5,\"prev\":\"00".getBytes(StandardCharsets.US_ASCII);
        Files.write(file, torn, java.nio.file.StandardOpenOption.APPEND);
        try (AuditLog log = log().open()) {
            Written.whole(log, "b");
        }
        assertThat(Written.kinds(folder))
                .containsExactly(
                        "file",
                        "opened",
                        "intent",
                        "outcome",
                        "closed",
                        "recovered",
                        "opened",
                        "intent",
                        "outcome",
                        "closed");
        AuditRecord recovered = Written.records(folder).get(5);
        assertThat(Files.readAllBytes(folder.resolve(recovered.text("torn").orElseThrow())))
                .isEqualTo(torn);
        assertThat(Written.lines(file).get(0)).isEqualTo(lines.get(0));
        assertSound();
    }

    @Test
    void open_olderCopyThanItsCheckpoints_isRefused() throws IOException {
        Path checkpoints = Files.createTempFile("elsewhere", ".checkpoints");
        AuditLog.Builder settings = AuditLog.builder(folder)
                .checkpoints(key, CheckpointSink.file(checkpoints))
                .withoutThreads();
        settings.open().close();
        byte[] older = Files.readAllBytes(folder.resolve("000001.jsonl"));
        try (AuditLog log = settings.open()) {
            Written.whole(log, "a");
        }
        Files.write(folder.resolve("000001.jsonl"), older);
        assertThatThrownBy(settings::open)
                .isInstanceOf(AuditException.class)
                .hasMessageContaining("ends with record 3")
                .hasMessageContaining("vouches for 7")
                .hasMessageContaining("older copy");
        Files.delete(checkpoints);
    }

    @Test
    void checkpoints_fileInTheLogsOwnFolder_isRefused() {
        assertThatThrownBy(() -> AuditLog.builder(folder)
                        .checkpoints(key, CheckpointSink.file(folder.resolve("inside.checkpoints"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("elsewhere");
    }

    /** With the log's own threads: no later than 256 records, and what is left when it is closed. */
    @Test
    void checkpoints_whileWritten_coverEveryRecordAndEachOther() {
        List<Checkpoint> taken = java.util.Collections.synchronizedList(new ArrayList<>());
        CountDownLatch first = new CountDownLatch(1);
        try (AuditLog log = AuditLog.builder(folder)
                .policy(AuditLog.Policy.EVERY_SECOND)
                .checkpoints(key, checkpoint -> {
                    taken.add(checkpoint);
                    first.countDown();
                })
                .open()) {
            IntStream.range(0, 127).forEach(i -> Written.whole(log, "o" + i));
            // 256 records with the two of the log itself; well before the second has passed or after it, it comes
            assertThat(await(first)).isTrue();
            assertThat(taken.get(0).from()).isEqualTo(1);
            IntStream.range(0, 500).forEach(i -> Written.whole(log, "p" + i));
        }
        outside.addAll(taken);
        long next = 1;
        for (Checkpoint checkpoint : taken) {
            assertThat(checkpoint.isSignedBy(publicKey)).isTrue();
            assertThat(checkpoint.from()).isEqualTo(next);
            next = checkpoint.to() + 1;
        }
        assertThat(next - 1).isEqualTo(Written.records(folder).size());
        assertSound();
    }

    private static boolean await(CountDownLatch latch) {
        try {
            return latch.await(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void checkpoints_sinkFails_toldOnceAndHandedOutLater() {
        List<Event> events = new ArrayList<>();
        boolean[] fails = {true};
        try (AuditLog log = AuditLog.builder(folder)
                .policy(AuditLog.Policy.EVERY_SECOND)
                .listener(events::add)
                .checkpoints(key, checkpoint -> {
                    if (fails[0]) {
                        throw new IOException("elsewhere is gone");
                    }
                    outside.add(checkpoint);
                })
                .withoutThreads()
                .open()) {
            Written.whole(log, "a");
            log.checkpoint();
            Written.whole(log, "b");
            log.checkpoint();
            assertThat(outside).isEmpty();
            assertThat(events)
                    .singleElement()
                    .satisfies(event ->
                            assertThat(((Event.AuditFailed) event).why()).contains("elsewhere is gone"));
            fails[0] = false;
            log.checkpoint();
            assertThat(outside).extracting(Checkpoint::to).containsExactly(4L, 6L);
        }
        assertThat(events).hasSize(2).last().isInstanceOf(Event.AuditResumed.class);
        assertSound();
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void checkpoints_fileCutOffInsideALine_theNextStandsOnItsOwn() throws IOException {
        Path checkpoints = Files.createTempFile("elsewhere", ".checkpoints");
        Files.writeString(checkpoints, "{\"checkpoint\":1,\"log\":\"");
        try (AuditLog log = AuditLog.builder(folder)
                .checkpoints(key, CheckpointSink.file(checkpoints))
                .withoutThreads()
                .open()) {
            Written.whole(log, "a");
        }
        AuditVerification found =
                AuditVerifier.of(folder).checkpoints(publicKey, checkpoints).verify();
        assertThat(found.isSound()).isTrue();
        assertThat(found.vouchedFor()).isEqualTo(5);
        Files.delete(checkpoints);
    }
}
