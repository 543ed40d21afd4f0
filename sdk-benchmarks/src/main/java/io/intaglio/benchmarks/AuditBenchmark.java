package io.intaglio.benchmarks;

import io.intaglio.client.VenueResponse;
import io.intaglio.client.audit.AuditLog;
import io.intaglio.client.audit.AuditVerification;
import io.intaglio.client.audit.AuditVerifier;
import io.intaglio.client.audit.AuditedCall;
import io.intaglio.client.audit.CheckpointSink;
import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.Credential;
import io.intaglio.signing.key.KeyKind;
import io.intaglio.signing.key.SigningKey;
import io.intaglio.signing.key.VerifyingKey;
import io.intaglio.signing.secret.Secret;
import io.intaglio.signing.venue.BinanceSpot;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * What the audit log adds to a call: an intent and an outcome, with checkpoints signed on the side, in each policy; beside it the bare forced write of
 * as many bytes. And what it takes to verify a record. Look at the time on the clock: the disk's is in it.
 */
public class AuditBenchmark {
    static final int WRITERS = 8;
    static final int CALLS = 16;
    static final int RECORDS = 100_000;

    private static final ApiRequest ORDER = ApiRequest.post("/api/v3/order")
            .form("symbol", "BTCUSDT")
            .form("side", "BUY")
            .form("type", "LIMIT")
            .form("timeInForce", "GTC")
            .form("quantity", "0.01")
            .form("price", "64250.10")
            .clientOrderId("desk-7-000042");
    private static final VenueResponse ACCEPTED =
            new VenueResponse(200, List.of(), new byte[0], "desk-7-000042", 1, Duration.ofMillis(4));

    private AuditBenchmark() {}

    /** A log in a folder of its own, which is deleted with it. */
    private static final class Written {
        private final Path folder;
        private final SigningKey key = SigningKey.generate(KeyKind.ED25519);
        private final Credential credential =
                Credential.hmac("a-key-id-of-some-length", Secret.of("secret".getBytes(StandardCharsets.US_ASCII)));
        private final AuditLog log;

        Written(AuditLog.Policy policy) {
            try {
                folder = Files.createTempDirectory("audit");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            log = AuditLog.builder(folder.resolve("log"))
                    .policy(policy)
                    .checkpoints(key, CheckpointSink.file(folder.resolve("outside")))
                    .open();
        }

        void call() {
            AuditedCall call = log.call(BinanceSpot.VENUE, ORDER, credential);
            call.guard("allowed");
            call.budget("request-weight", 120, 6000);
            call.clock(Duration.ofMillis(-3), Duration.ofMillis(2));
            call.begin();
            call.attempted(Duration.ofMillis(4), ACCEPTED);
            call.ended(ACCEPTED);
        }

        void close() throws IOException {
            log.close();
            try (Stream<Path> all = Files.walk(folder)) {
                for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }

    /** One caller. */
    @State(Scope.Thread)
    public static class OneCaller {
        private final Written everySecond = new Written(AuditLog.Policy.EVERY_SECOND);
        private final Written beforeSend = new Written(AuditLog.Policy.BEFORE_SEND);
        private final FileOutputStream raw;
        private final byte[] line = new byte[600];

        /** Opens a file beside a log. */
        public OneCaller() {
            try {
                raw = new FileOutputStream(beforeSend.folder.resolve("raw").toFile());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** Six hundred bytes written and forced to disk. */
        @Benchmark
        public byte[] rawForcedWrite() throws IOException {
            raw.write(line);
            raw.getFD().sync();
            return line;
        }

        /** Survives the end of the process at once, a loss of power after a second. */
        @Benchmark
        public AuditLog everySecond() {
            everySecond.call();
            return everySecond.log;
        }

        /** The intent survives a loss of power before anything is sent. */
        @Benchmark
        public AuditLog beforeSend() {
            beforeSend.call();
            return beforeSend.log;
        }

        /** Removes the files. */
        @TearDown
        public void close() throws IOException {
            raw.close();
            everySecond.close();
            beforeSend.close();
        }
    }

    /** Eight callers of one log; the time is that of one call divided by eight. */
    @State(Scope.Thread)
    public static class EightCallers {
        private final Written everySecond = new Written(AuditLog.Policy.EVERY_SECOND);
        private final Written beforeSend = new Written(AuditLog.Policy.BEFORE_SEND);
        private final ExecutorService threads = Executors.newFixedThreadPool(WRITERS);

        /** As above. */
        @Benchmark
        @OperationsPerInvocation(WRITERS * CALLS)
        public void everySecond() throws InterruptedException, ExecutionException {
            all(everySecond);
        }

        /** As above; forced writes are shared. */
        @Benchmark
        @OperationsPerInvocation(WRITERS * CALLS)
        public void beforeSend() throws InterruptedException, ExecutionException {
            all(beforeSend);
        }

        private void all(Written log) throws InterruptedException, ExecutionException {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < WRITERS; i++) {
                running.add(threads.submit(() -> {
                    for (int j = 0; j < CALLS; j++) {
                        log.call();
                    }
                }));
            }
            for (Future<?> one : running) {
                one.get();
            }
        }

        /** Removes the files. */
        @TearDown
        public void close() throws IOException {
            threads.shutdown();
            everySecond.close();
            beforeSend.close();
        }
    }

    /** A log of 100,000 records, read from the page cache. */
    @State(Scope.Thread)
    public static class Verifying {
        private final Written log = new Written(AuditLog.Policy.EVERY_SECOND);
        private final VerifyingKey key = VerifyingKey.of(log.key.publicKey().orElseThrow());

        /** Writes it. */
        public Verifying() {
            for (int i = 0; i < RECORDS / 2 - 1; i++) {
                log.call();
            }
            log.log.close();
        }

        /** Its chain and all its checkpoints; the time is that of one record. */
        @Benchmark
        @OperationsPerInvocation(RECORDS)
        public long record() {
            AuditVerification found = AuditVerifier.of(log.log.folder())
                    .checkpoints(key, log.folder.resolve("outside"))
                    .verify();
            if (!found.isSound() || found.vouchedFor() < RECORDS) {
                throw new IllegalStateException(found.toString());
            }
            return found.last();
        }

        /** Removes the files. */
        @TearDown
        public void close() throws IOException {
            log.close();
        }
    }
}
