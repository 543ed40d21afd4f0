package io.intaglio.client.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.intaglio.signing.key.SigningKey;
import io.intaglio.signing.key.VerifyingKey;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Logs in JVMs of their own that are killed, or meet a full disk. */
@Tag("long")
class AuditCrashTest {
    private static final int KILLS = Boolean.getBoolean("intaglio.slow") ? 100 : 6;

    @TempDir
    Path folder;

    private static AuditLog.Builder log(Path folder, AuditLog.Policy policy, byte[] seed) {
        return AuditLog.builder(folder.resolve("log"))
                .policy(policy)
                .maxFileBytes(1 << 20)
                .checkpoints(SigningKey.ed25519(seed), CheckpointSink.file(folder.resolve("outside")));
    }

    /** Eight threads that write intents and say so, each when it is written, until killed. */
    static final class Writers {
        public static void main(String[] args) {
            AuditLog log = log(
                            Path.of(args[0]),
                            AuditLog.Policy.valueOf(args[1]),
                            HexFormat.of().parseHex(args[2]))
                    .open();
            FileOutputStream acknowledgements = new FileOutputStream(FileDescriptor.out);
            for (int thread = 0; thread < 8; thread++) {
                String name = args[3] + "-" + thread + "-";
                new Thread(() -> {
                            for (int i = 0; true; i++) {
                                Written.intent(log, name + i);
                                try {
                                    acknowledgements.write((name + i + "\n").getBytes(StandardCharsets.US_ASCII));
                                } catch (IOException e) {
                                    throw new UncheckedIOException(e);
                                }
                            }
                        })
                        .start();
            }
        }
    }

    private static Process java(boolean smallDisk, Class<?> main, String... args) throws IOException {
        List<String> command = new ArrayList<>();
        if (smallDisk) {
            command.addAll(List.of("/bin/sh", "-c", "ulimit -f 64 && exec \"$0\" \"$@\"")); // blocks of 512 bytes
        }
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:-UsePerfData",
                "-XX:TieredStopAtLevel=1",
                "-Xmx128m",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        command.addAll(List.of(args));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    @Test
    void kill9_underEightWriters_noAcknowledgedRecordIsLost() throws Exception {
        byte[] seed = new byte[32];
        Random random = new Random(9);
        random.nextBytes(seed);
        Set<String> acknowledged = new HashSet<>();
        for (int kill = 0; kill < KILLS; kill++) {
            AuditLog.Policy policy = kill % 2 == 0 ? AuditLog.Policy.BEFORE_SEND : AuditLog.Policy.EVERY_SECOND;
            Process child = java(
                    false,
                    Writers.class,
                    folder.toString(),
                    policy.name(),
                    HexFormat.of().formatHex(seed),
                    "k" + kill);
            int before = acknowledged.size();
            int enough = before + 1 + random.nextInt(1500);
            try (BufferedReader out = child.inputReader(StandardCharsets.US_ASCII)) {
                String line;
                while ((line = out.readLine()) != null) {
                    acknowledged.add(line);
                    if (acknowledged.size() == enough) {
                        child.toHandle().destroyForcibly(); // Process.destroyForcibly would close the stream, too
                    }
                }
            } finally {
                child.toHandle().destroyForcibly();
            }
            assertThat(child.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(acknowledged.size()).as("the child wrote").isGreaterThanOrEqualTo(enough);
        }
        try (AuditLog last = log(folder, AuditLog.Policy.BEFORE_SEND, seed).open()) {
            assertThat(last.folder()).isDirectory();
        }
        Set<String> written = new HashSet<>();
        List<String> kinds = new ArrayList<>();
        AuditRecord.readAll(folder.resolve("log"), record -> {
            record.text("order").ifPresent(written::add);
            kinds.add(record.kind());
        });
        assertThat(written).containsAll(acknowledged);
        assertThat(kinds.stream().filter("recovered"::equals)).hasSize(KILLS);
        VerifyingKey key = VerifyingKey.of(SigningKey.ed25519(seed).publicKey().orElseThrow());
        AuditVerification found = AuditVerifier.of(folder.resolve("log"))
                .checkpoints(key, folder.resolve("outside"))
                .verify();
        assertThat(found.isSound()).as(found.toString()).isTrue();
        assertThat(found.vouchedFor()).isEqualTo(kinds.size());
        System.out.println("audit: " + KILLS + " kills, " + acknowledged.size() + " acknowledged records, "
                + written.size() + " written, none lost");
    }

    /** Writes until it is refused, twice more, and says how many were written. */
    static final class OnFullDisk {
        public static void main(String[] args) {
            int begun = 0;
            try (AuditLog log =
                    AuditLog.builder(Path.of(args[0])).withoutThreads().open()) {
                int refused = 0;
                while (refused < 3) {
                    try {
                        Written.intent(log, "order-" + begun);
                        begun++;
                    } catch (AuditException full) {
                        refused++;
                    }
                }
            } finally {
                System.out.print(begun);
            }
        }
    }

    @Test
    void begin_diskFullInTheMiddleOfALine_refusedAndTheLogStaysWhole() throws Exception {
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "no /bin/sh to limit a file's size with");
        Process child = java(true, OnFullDisk.class, folder.toString());
        int begun = Integer.parseInt(new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
        assertThat(begun).isGreaterThan(10);
        assertThat(Files.readString(folder.resolve("000001.jsonl"))).endsWith("}\n");
        try (AuditLog again = AuditLog.builder(folder).open()) {
            Written.intent(again, "later");
        }
        assertThat(Written.records(folder).stream()
                        .filter(record -> record.kind().equals("intent"))
                        .map(record -> record.text("order").orElseThrow()))
                .hasSize(begun + 1)
                .startsWith("order-0")
                .endsWith("order-" + (begun - 1), "later");
        assertThat(AuditVerifier.of(folder).verify().isSound()).isTrue();
    }
}
