package io.intaglio.client.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.intaglio.client.Budgets;
import io.intaglio.client.RetryPolicy;
import io.intaglio.client.VenueClient;
import io.intaglio.client.event.Event;
import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.secret.Secret;
import io.intaglio.signing.time.VenueClock;
import io.intaglio.signing.venue.BinanceSpot;
import io.intaglio.testkit.VirtualClock;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;

/** A client's certificate changes while it works. */
@Tag("long")
class KeystoreReloadTest {
    private static final boolean SLOW = Boolean.getBoolean("intaglio.slow");
    private static final int THREADS = 16;
    private static final int RELOADS = SLOW ? 15 : 4;
    private static final int BAD = 2;
    private static final Duration PAUSE = Duration.ofSeconds(2);
    private static final int A_SECOND = 1000;
    private static final String PASSWORD = "correct horse";
    private static final Pki.Issued ROOT = Pki.root("Desk root");

    @TempDir
    Path folder;

    private static Pki.Issued desk(Duration lasts) {
        return ROOT.issue(spec -> spec.subject("CN=desk-7")
                .names()
                .uses(KeyPurposeId.id_kp_clientAuth)
                .valid(Duration.ofDays(-1), lasts));
    }

    private static String serial(Pki.Issued issued) {
        return issued.certificate().getSerialNumber().toString(16);
    }

    private static byte[] p12(Pki.Issued issued) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry(
                "desk",
                issued.key(),
                PASSWORD.toCharArray(),
                issued.withoutRoot().toArray(new Certificate[0]));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        store.store(out, PASSWORD.toCharArray());
        return out.toByteArray();
    }

    private Path put(byte[] content) throws IOException {
        Path fresh = Files.write(folder.resolve("fresh"), content);
        return Files.move(fresh, folder.resolve("desk.p12"), StandardCopyOption.ATOMIC_MOVE);
    }

    private static Secret secret(String text) {
        return Secret.takeOver(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Tls tls(Path keystore) {
        return Tls.builder()
                .trust(ROOT.certificate())
                .keystore(Keystore.file(keystore).password(() -> secret(PASSWORD)))
                .build();
    }

    private static VenueClient.Builder client(TlsServer server, Tls tls) {
        return VenueClient.builder(
                        BinanceSpot.VENUE.withoutLimits().at(URI.create("https://localhost:" + server.port())))
                .credential(BinanceSpot.VENUE.credential("key-id", secret("nobody's")))
                .budgets(Budgets.separate())
                .retry(RetryPolicy.none())
                .maxConnections(THREADS * 2)
                .tls(tls);
    }

    private static TlsServer server() {
        Pki.Issued venue = ROOT.issue(spec -> spec);
        return new TlsServer(venue.withoutRoot(), venue.key(), TlsServer.trusting(ROOT.certificate()));
    }

    /** {@value #A_SECOND} requests a second; 15 reloads in 30 s under the profile slow, 4 in 10 s else. */
    @Test
    void reload_underLoad_losesNoRequestAndLetsOldConnectionsGo(TestReporter reporter) throws Exception {
        List<Event> events = new CopyOnWriteArrayList<>();
        List<Throwable> failures = new CopyOnWriteArrayList<>();
        List<Pki.Issued> versions = new ArrayList<>(List.of(desk(Duration.ofDays(60))));
        List<Long> writtenAt = new ArrayList<>();
        Path keystore = put(p12(versions.get(0)));
        writtenAt.add(System.nanoTime());
        AtomicInteger sent = new AtomicInteger();
        ScheduledExecutorService timers = Executors.newScheduledThreadPool(THREADS);
        try (TlsServer server = server();
                VenueClient client =
                        client(server, tls(keystore)).listener(events::add).build()) {
            List<ScheduledFuture<?>> load = new ArrayList<>();
            for (int thread = 0; thread < THREADS; thread++) {
                load.add(timers.scheduleAtFixedRate(
                        () -> {
                            try {
                                client.send(ApiRequest.get("/api/v3/account"));
                                sent.incrementAndGet();
                            } catch (RuntimeException e) {
                                failures.add(e);
                            }
                        },
                        thread * 1000L,
                        1_000_000L * THREADS / A_SECOND,
                        TimeUnit.MICROSECONDS));
            }
            CountDownLatch never = new CountDownLatch(1);
            for (int i = 1; i <= RELOADS; i++) {
                assertThat(never.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS)).isFalse();
                assertOnlyOpen(server, versions);
                if (i == BAD) {
                    put(Arrays.copyOf(p12(desk(Duration.ofDays(60))), 200));
                } else {
                    versions.add(desk(Duration.ofDays(60)));
                    put(p12(versions.get(versions.size() - 1)));
                    writtenAt.add(System.nanoTime());
                }
            }
            assertThat(never.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS)).isFalse();
            assertOnlyOpen(server, versions);
            load.forEach(future -> future.cancel(false));
            timers.shutdown();
            assertThat(timers.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
            reporter.publishEntry(sent + " requests, " + server.handshakes() + " connections, " + (versions.size() - 1)
                    + " reloads and a bad one");
            for (TlsServer.Handshake each : server.byClients()) {
                int latest = versions.size() - 1;
                while (each.nanos() - writtenAt.get(latest) < 0) {
                    latest--;
                }
                boolean settled = each.nanos() - writtenAt.get(latest)
                        > Duration.ofSeconds(1).toNanos();
                assertThat(each.serial())
                        .isIn(
                                serial(versions.get(latest)),
                                settled || latest == 0
                                        ? serial(versions.get(latest))
                                        : serial(versions.get(latest - 1)));
            }
        } finally {
            timers.shutdownNow();
        }
        assertThat(failures).isEmpty();
        assertThat(sent.get()).isGreaterThan((RELOADS + 1) * 2 * A_SECOND / 2);
        assertThat(events.stream().filter(Event.KeystoreReloaded.class::isInstance))
                .extracting(event ->
                        ((Event.KeystoreReloaded) event).serialNumbers().get(0))
                .containsExactlyElementsOf(versions.stream()
                        .skip(1)
                        .map(KeystoreReloadTest::serial)
                        .toList());
        assertThat(events.stream().filter(Event.KeystoreRefused.class::isInstance))
                .singleElement()
                .extracting(Object::toString)
                .asString()
                .contains("desk.p12 is damaged or cut off; copy it again, whole and in binary");
    }

    private static void assertOnlyOpen(TlsServer server, List<Pki.Issued> versions) {
        for (int i = 0; i < versions.size(); i++) {
            boolean current = i == versions.size() - 1;
            assertThat(server.open(serial(versions.get(i))) > 0)
                    .as("connections open with version %d of %d", i, versions.size() - 1)
                    .isEqualTo(current);
        }
    }

    @Test
    void refresh_certificateAndKeyWrittenOneAfterTheOther_areTakenTogether() throws Exception {
        Pki.Issued first = desk(Duration.ofDays(60));
        Pki.Issued second = desk(Duration.ofDays(60));
        Path certificate = folder.resolve("tls.crt");
        Path key = folder.resolve("tls.key");
        Files.writeString(certificate, pem("CERTIFICATE", first.certificate().getEncoded()));
        Files.writeString(key, pem("PRIVATE KEY", first.key().getEncoded()));
        Tls tls = Tls.builder().keystore(Keystore.file(certificate).key(key)).build();
        assertThat(tls.refresh()).isFalse();
        Files.writeString(key, pem("PRIVATE KEY", second.key().getEncoded()));
        assertThat(tls.refresh()).isFalse();
        assertThat(tls.refusal().orElseThrow())
                .isEqualTo("keystore " + certificate
                        + ", entry 1: its private key does not belong to its certificate of desk-7; "
                        + "take the key from which that certificate was requested");
        assertThat(tls.serialNumbers()).containsExactly(serial(first));
        Files.writeString(certificate, pem("CERTIFICATE", second.certificate().getEncoded()));
        assertThat(tls.refresh()).isTrue();
        assertThat(tls.refusal()).isEmpty();
        assertThat(tls.serialNumbers()).containsExactly(serial(second));
        Files.delete(certificate);
        assertThat(tls.refresh()).isFalse();
        assertThat(tls.refusal().orElseThrow()).contains("does not exist; check the path");
        assertThat(tls.serialNumbers()).containsExactly(serial(second));
    }

    @Test
    void refresh_certificateCountsOnlyFromSoonOn_isTakenThen() throws Exception {
        Pki.Issued first = desk(Duration.ofDays(60));
        VirtualClock time = VirtualClock.at(Instant.now());
        Path keystore = put(p12(first));
        Tls tls = Tls.builder()
                .trust(ROOT.certificate())
                .keystore(Keystore.file(keystore).password(() -> secret(PASSWORD)))
                .clock(time)
                .build();
        Pki.Issued second = ROOT.issue(spec -> spec.subject("CN=desk-7")
                .names()
                .uses(KeyPurposeId.id_kp_clientAuth)
                .valid(Duration.ofSeconds(5), Duration.ofDays(60)));
        put(p12(second));
        assertThat(tls.refresh()).isFalse();
        assertThat(tls.refusal().orElseThrow()).contains("wait, or check this host's clock");
        time.advance(Duration.ofSeconds(30).minusNanos(1));
        assertThat(tls.refresh()).as("within the pause").isFalse();
        assertThat(tls.serialNumbers()).containsExactly(serial(first));
        time.advance(Duration.ofNanos(1));
        assertThat(tls.refresh()).isTrue();
        assertThat(tls.refusal()).isEmpty();
        assertThat(tls.serialNumbers()).containsExactly(serial(second));
    }

    @Test
    void refresh_clockIsSetBackAfterARefusal_triesAtOnce() throws Exception {
        VirtualClock time = VirtualClock.at(Instant.now());
        AtomicReference<String> password = new AtomicReference<>(PASSWORD);
        Path keystore = put(p12(desk(Duration.ofDays(60))));
        Tls tls = Tls.builder()
                .keystore(Keystore.file(keystore).password(() -> secret(password.get())))
                .clock(time)
                .build();
        password.set("not yet");
        put(p12(desk(Duration.ofDays(60))));
        assertThat(tls.refresh()).isFalse();
        password.set(PASSWORD);
        time.step(Duration.ofHours(-1));
        assertThat(tls.refresh()).isTrue();
    }

    @Test
    void refresh_passwordFailsForAWhile_isTakenAfterwardsAndEachReasonIsToldOnce() throws Exception {
        VirtualClock time = VirtualClock.at(Instant.now());
        AtomicReference<Supplier<Secret>> password = new AtomicReference<>(() -> secret(PASSWORD));
        AtomicInteger asked = new AtomicInteger();
        Path keystore = put(p12(desk(Duration.ofDays(60))));
        Tls tls = Tls.builder()
                .trust(ROOT.certificate())
                .keystore(Keystore.file(keystore).password(() -> {
                    asked.incrementAndGet();
                    return password.get().get();
                }))
                .clock(time)
                .build();
        Pki.Issued second = desk(Duration.ofDays(60));
        List<Event> events = new CopyOnWriteArrayList<>();
        try (TlsServer server = server();
                VenueClient client = client(server, tls)
                        .clock(VenueClock.of(time, time.ticker()))
                        .executor(Runnable::run)
                        .listener(events::add)
                        .build()) {
            password.set(() -> secret("the old one"));
            put(p12(second));
            int before = asked.get();
            callForAMinute(client, time);
            assertThat(asked.get() - before).as("at once, and after 30 s").isEqualTo(2);
            password.set(() -> {
                throw new IllegalStateException("the vault does not answer");
            });
            callForAMinute(client, time);
            password.set(() -> secret(PASSWORD));
            callForAMinute(client, time);
        }
        assertThat(events.stream()
                        .filter(Event.KeystoreRefused.class::isInstance)
                        .map(event -> ((Event.KeystoreRefused) event).why()))
                .satisfiesExactly(
                        why -> assertThat(why).contains("password"),
                        why -> assertThat(why).isEqualTo("the vault does not answer"));
        assertThat(events.stream().filter(Event.KeystoreReloaded.class::isInstance))
                .singleElement()
                .isEqualTo(new Event.KeystoreReloaded(BinanceSpot.VENUE.name(), List.of(serial(second))));
    }

    private static void callForAMinute(VenueClient client, VirtualClock time) {
        for (int second = 0; second < 60; second++) {
            client.send(ApiRequest.get("/api/v3/ticker/price"));
            time.advance(Duration.ofSeconds(1));
        }
    }

    private static String pem(String label, byte[] der) {
        return "-----BEGIN " + label + "-----\n"
                + java.util.Base64.getMimeEncoder().encodeToString(der) + "\n-----END " + label + "-----\n";
    }

    @Test
    void expiry_comesNear_isToldOnceAtEachThreshold() throws Exception {
        VirtualClock time = VirtualClock.at(Instant.now());
        Pki.Issued desk = desk(Duration.ofDays(40));
        List<Event> events = new CopyOnWriteArrayList<>();
        try (TlsServer server = server();
                VenueClient client = client(server, tls(put(p12(desk))))
                        .clock(VenueClock.of(time, time.ticker()))
                        .executor(Runnable::run)
                        .listener(events::add)
                        .build()) {
            List<Long> told = new ArrayList<>();
            for (int day = 0; day < 42; day++) {
                client.send(ApiRequest.get("/api/v3/ticker/price"));
                time.advance(Duration.ofHours(12));
                client.send(ApiRequest.get("/api/v3/ticker/price"));
                time.advance(Duration.ofHours(12));
            }
            for (Event event : events) {
                if (event instanceof Event.CertificateExpires expires
                        && expires.certificate().role() == Tls.Expiry.Role.CLIENT) {
                    assertThat(expires.certificate().name()).isEqualTo("desk-7");
                    told.add(expires.days());
                }
            }
            assertThat(told).containsExactly(29L, 13L, 6L, 0L, 0L);
            assertThat(client.tls().expiries())
                    .extracting(Tls.Expiry::role)
                    .containsExactly(Tls.Expiry.Role.CLIENT, Tls.Expiry.Role.SERVER);
        }
    }

    @Test
    void send_severalIdentities_eachServerSeesItsOwn() throws Exception {
        Pki.Issued forAll = desk(Duration.ofDays(60));
        Pki.Issued forOne = desk(Duration.ofDays(60));
        Path all = Files.write(folder.resolve("all.p12"), p12(forAll));
        Path one = Files.write(folder.resolve("one.p12"), p12(forOne));
        Tls tls = Tls.builder()
                .trust(ROOT.certificate())
                .keystore(Keystore.file(all).password(() -> secret(PASSWORD)))
                .keystore(Keystore.file(one).password(() -> secret(PASSWORD)).hosts("localhost"))
                .build();
        try (TlsServer server = server();
                VenueClient byName = client(server, tls).build();
                VenueClient byAddress = BadServersTest.client("127.0.0.1", server.port(), tls)) {
            byName.send(ApiRequest.get("/api/v3/account"));
            byAddress.send(ApiRequest.get("/api/v3/account"));
            assertThat(server.byClients())
                    .extracting(TlsServer.Handshake::serial)
                    .containsExactly(serial(forOne), serial(forAll));
        }
    }

    @Test
    void send_tenThousandCallsWithAClientCertificate_oneHandshake() throws Exception {
        try (TlsServer server = server();
                VenueClient client = client(server, tls(put(p12(desk(Duration.ofDays(60))))))
                        .maxConnections(1)
                        .build()) {
            int calls = SLOW ? 10_000 : 1_000;
            for (int i = 0; i < calls; i++) {
                assertThat(client.send(ApiRequest.get("/api/v3/account")).status())
                        .isEqualTo(200);
            }
            assertThat(server.handshakes()).isEqualTo(1);
        }
    }
}
