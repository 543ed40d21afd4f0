package io.intaglio.signing.key;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.intaglio.signing.secret.Rotation;
import io.intaglio.signing.secret.Secret;
import io.intaglio.signing.secret.SecretStore;
import io.intaglio.signing.secret.WatchedSecret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RotationTest {
    private static final SignatureAlgorithm HMAC = SignatureAlgorithm.hmac(Hash.SHA256, SecretForm.UTF8);
    private static final byte[] DATA = "data".getBytes(UTF_8);

    @TempDir
    Path folder;

    private Path file;
    private final AtomicLong clock = new AtomicLong();
    private final List<Rotation.Event> events = new ArrayList<>();

    @BeforeEach
    void writeFirst() throws IOException {
        file = folder.resolve("secret");
        write("one");
    }

    @Test
    void refresh_newContent_signsWithItAtOnceAndWipesTheOldAfterTheOverlap() throws Exception {
        clock.set(Long.MAX_VALUE - 7); // a monotonic clock may begin anywhere, and turns over
        Rotation<SigningKey> rotation = hmac().build();
        SigningKey key = SigningKey.rotating(rotation);
        SigningKey taken = rotation.current();
        assertThat(key.sign(HMAC, DATA)).isEqualTo(mac("one"));
        assertThat(key.version()).hasValue(1);
        assertThat(taken.version()).as("a key of its own has no version").isEmpty();
        assertThat(rotation.refresh()).isFalse();

        write("two");
        assertThat(rotation.refresh()).isTrue();
        assertThat(key.sign(HMAC, DATA)).isEqualTo(mac("two"));
        assertThat(key.version()).hasValue(2);
        assertThat(taken.sign(HMAC, DATA)).as("in flight").isEqualTo(mac("one"));

        clock.addAndGet(Duration.ofSeconds(10).toNanos() - 1);
        rotation.refresh();
        assertThat(taken.sign(HMAC, DATA)).as("within the overlap").isEqualTo(mac("one"));
        clock.incrementAndGet();
        rotation.refresh();
        assertThatIllegalStateException().isThrownBy(() -> taken.sign(HMAC, DATA));
        assertThat(key.sign(HMAC, DATA)).isEqualTo(mac("two"));
        assertThat(events)
                .containsExactly(
                        new Rotation.Event(Rotation.Outcome.ADOPTED, 2, ""),
                        new Rotation.Event(Rotation.Outcome.RETIRED, 1, ""));
    }

    @Test
    void refresh_newContentIsNoKey_keepsTheOldAndSaysWhy() throws Exception {
        write(KeyReaderTest.pem("PRIVATE KEY", TestKeys.ed25519().getPrivate().getEncoded()));
        Rotation<SigningKey> rotation = SigningKey.rotation(
                        SecretStore.standard().watch("file:" + file), KeyReader::read)
                .onEvent(events::add)
                .build();
        SigningKey before = rotation.current();
        write("damaged");
        assertThat(rotation.refresh()).isFalse();
        assertThat(rotation.refresh()).isFalse();
        assertThat(rotation.current()).isSameAs(before);
        assertThat(events).hasSize(1);
        assertThat(events.get(0).outcome()).isEqualTo(Rotation.Outcome.REFUSED);
        assertThat(events.get(0).reason()).startsWith("this is not a private key but plain text");

        write(KeyReaderTest.pem(
                "PRIVATE KEY", TestKeys.ec("secp256r1").getPrivate().getEncoded()));
        assertThat(rotation.refresh()).isFalse();
        assertThat(rotation.current()).isSameAs(before);
        assertThat(events.get(1).reason())
                .isEqualTo("the new key is an EC P-256 private key, but the one in use is an Ed25519 private key; "
                        + "the old one stays");

        write(KeyReaderTest.pem("PRIVATE KEY", TestKeys.ed25519().getPrivate().getEncoded()));
        assertThat(rotation.refresh()).isTrue();
        assertThat(rotation.version()).isEqualTo(4);
    }

    @Test
    void refresh_probeRefuses_closesTheNewKeyAndKeepsTheOld() throws Exception {
        List<SigningKey> probed = new ArrayList<>();
        Rotation<SigningKey> rotation = hmac().check((old, fresh) -> {
                    probed.add(fresh);
                    throw new IllegalStateException("the venue does not know it");
                })
                .build();
        write("two");
        assertThat(rotation.refresh()).isFalse();
        assertThat(SigningKey.rotating(rotation).sign(HMAC, DATA)).isEqualTo(mac("one"));
        assertThatIllegalStateException().isThrownBy(() -> probed.get(0).sign(HMAC, DATA));
        assertThat(events)
                .containsExactly(new Rotation.Event(Rotation.Outcome.REFUSED, 2, "the venue does not know it"));
    }

    @Test
    void refresh_checkFailedForAMoment_isTriedAgainAndAdopted() throws Exception {
        List<String> faults = new ArrayList<>(List.of("no answer", "no answer", "not known yet"));
        Rotation<SigningKey> rotation = hmac().check((old, fresh) -> {
                    if (!faults.isEmpty()) {
                        throw new IllegalStateException(faults.remove(0));
                    }
                })
                .build();
        write("two");
        for (int i = 0; i < 3; i++) {
            assertThat(rotation.refresh()).isFalse();
            assertThat(SigningKey.rotating(rotation).sign(HMAC, DATA)).isEqualTo(mac("one"));
        }
        assertThat(rotation.refresh()).isTrue();
        assertThat(SigningKey.rotating(rotation).sign(HMAC, DATA)).isEqualTo(mac("two"));
        assertThat(rotation.refresh()).as("adopted once").isFalse();
        assertThat(events)
                .as("each reason is told once")
                .containsExactly(
                        new Rotation.Event(Rotation.Outcome.REFUSED, 2, "no answer"),
                        new Rotation.Event(Rotation.Outcome.REFUSED, 2, "not known yet"),
                        new Rotation.Event(Rotation.Outcome.ADOPTED, 2, ""));
    }

    @Test
    void refresh_refusedContentIsTakenBack_isNotTriedAgain() throws Exception {
        List<SigningKey> probed = new ArrayList<>();
        Rotation<SigningKey> rotation = hmac().check((old, fresh) -> {
                    probed.add(fresh);
                    throw new IllegalStateException("the venue does not know it");
                })
                .build();
        write("two");
        rotation.refresh();
        Files.delete(file);
        rotation.refresh();
        assertThat(probed).as("a key that is gone from its source").hasSize(1);
        assertThat(SigningKey.rotating(rotation).sign(HMAC, DATA)).isEqualTo(mac("one"));
    }

    @Test
    void refresh_sourceIsGoneForAWhile_isToldOnceAndKeepsTheOld() throws Exception {
        Rotation<SigningKey> rotation = hmac().build();
        Files.delete(file);
        rotation.refresh();
        rotation.refresh();
        assertThat(SigningKey.rotating(rotation).sign(HMAC, DATA)).isEqualTo(mac("one"));
        assertThat(events)
                .containsExactly(new Rotation.Event(
                        Rotation.Outcome.REFUSED, 2, "secret file " + file + " does not exist; check the path"));
        write("two");
        assertThat(rotation.refresh()).isTrue();
        Files.delete(file);
        rotation.refresh();
        assertThat(events)
                .as("a new failure after a good version is told again")
                .hasSize(3);
    }

    @Test
    void build_firstVersionIsBad_throws() throws Exception {
        write("damaged");
        assertThatThrownBy(() -> SigningKey.rotation(SecretStore.standard().watch("file:" + file), KeyReader::read)
                        .build())
                .isInstanceOf(KeyException.class);
    }

    @Test
    void close_always_endsSigning() throws Exception {
        SigningKey key = SigningKey.rotating(hmac().build());
        key.close();
        assertThatIllegalStateException().isThrownBy(() -> key.sign(HMAC, DATA));
    }

    @Test
    void close_withinAnOverlap_wipesEachVersionAndTheSource() throws Exception {
        WatchedSecret source = SecretStore.standard().watch("file:" + file);
        Rotation<SigningKey> rotation = SigningKey.rotation(source, SigningKey::hmac)
                .ticker(clock::get)
                .onEvent(events::add)
                .build();
        SigningKey first = rotation.current();
        write("two");
        rotation.refresh();
        SigningKey second = rotation.current();
        Secret secret = source.current();
        assertThat(rotation).hasToString("Rotation[version 2]");

        rotation.close();
        assertThatIllegalStateException().isThrownBy(() -> first.sign(HMAC, DATA));
        assertThatIllegalStateException().isThrownBy(() -> second.sign(HMAC, DATA));
        assertThatIllegalStateException().isThrownBy(secret::length);
        write("three");
        clock.addAndGet(Duration.ofHours(1).toNanos());
        assertThat(rotation.refresh()).isFalse();
        assertThat(events).as("of the second version alone").hasSize(1);
    }

    @Test
    void every_shortPause_followsTheSourceUntilItIsCancelled() throws Exception {
        ScheduledExecutorService threads = Executors.newSingleThreadScheduledExecutor();
        CountDownLatch adopted = new CountDownLatch(1);
        try (Rotation<SigningKey> rotation =
                hmac().onEvent(event -> adopted.countDown()).build()) {
            Future<?> following = rotation.every(threads, Duration.ofMillis(1));
            write("two");
            assertThat(adopted.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(rotation.version()).isEqualTo(2);
            following.cancel(false);
        } finally {
            threads.shutdown();
        }
    }

    /** 200 rotations under four signing threads: every signature is of one version, and none fails. */
    @Test
    void sign_whileRotating_neverFailsAndNeverMixes() throws Exception {
        Rotation<SigningKey> rotation = hmac().build();
        SigningKey key = SigningKey.rotating(rotation);
        List<String> allowed = new ArrayList<>();
        for (int i = 0; i <= 200; i++) {
            allowed.add(HexFormat.of().formatHex(mac(i == 0 ? "one" : "version " + i)));
        }
        AtomicBoolean stop = new AtomicBoolean();
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<Integer>> signers = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                signers.add(threads.submit(() -> {
                    int signed = 0;
                    int newest = 0;
                    while (!stop.get()) {
                        int version = allowed.indexOf(HexFormat.of().formatHex(key.sign(HMAC, DATA)));
                        assertThat(version).as("never an older key again").isGreaterThanOrEqualTo(newest);
                        newest = version;
                        signed++;
                    }
                    return signed;
                }));
            }
            for (int i = 1; i <= 200; i++) {
                write("version " + i);
                assertThat(rotation.refresh()).isTrue();
            }
            stop.set(true);
            for (Future<Integer> signer : signers) {
                assertThat(signer.get()).isPositive();
            }
        } finally {
            stop.set(true);
            threads.shutdown();
        }
    }

    private Rotation.Builder<SigningKey> hmac() {
        return SigningKey.rotation(SecretStore.standard().watch("file:" + file), SigningKey::hmac)
                .overlap(Duration.ofSeconds(10))
                .ticker(clock::get)
                .onEvent(events::add);
    }

    private void write(String text) throws IOException {
        Path fresh = folder.resolve("fresh");
        Files.writeString(fresh, text);
        Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rw-------"));
        Files.move(fresh, file, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
    }

    private static byte[] mac(String secret) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(secret.getBytes(UTF_8), "HmacSHA256"));
        return mac.doFinal(DATA);
    }
}
