package io.intaglio.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.Credential;
import io.intaglio.signing.key.SigningKey;
import io.intaglio.signing.secret.Rotation;
import io.intaglio.signing.secret.SecretStore;
import io.intaglio.signing.venue.BinanceSpot;
import io.intaglio.signing.venue.Venue;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import org.jspecify.annotations.NonNull;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * 500 requests a second while the secret is changed again and again, once to one that the venue does not know. The venue checks each signature
 * with the JDK's Mac and takes the old secret for requests stamped within its grace. Three seconds, or thirty under the profile slow.
 */
@Tag("long")
class RotationUnderLoadTest {
    private static final boolean SLOW = Boolean.getBoolean("intaglio.slow");
    private static final int THREADS = 8;
    private static final int REQUESTS = SLOW ? 15_000 : 1_500;
    private static final int ROTATIONS = SLOW ? 15 : 7;
    private static final Duration PAUSE = SLOW ? Duration.ofSeconds(2) : Duration.ofMillis(400);
    private static final Duration OVERLAP = SLOW ? Duration.ofMillis(500) : Duration.ofMillis(300);

    @TempDir
    Path folder;

    /** One version as the venue knows it. */
    private static final class Version {
        private final byte[] secret;
        private final AtomicInteger used = new AtomicInteger();
        /** In UNIX milliseconds, by the requests' own timestamps. */
        private volatile long validUntil = Long.MAX_VALUE;

        Version(String secret) {
            this.secret = secret.getBytes(UTF_8);
        }
    }

    /** Knows versions, and counts what each signed. */
    private static final class CheckingVenue extends Dispatcher {
        private final List<Version> versions = new CopyOnWriteArrayList<>();
        private final AtomicInteger unknown = new AtomicInteger();
        private final AtomicInteger afterGrace = new AtomicInteger();

        @Override
        public @NonNull MockResponse dispatch(@NonNull RecordedRequest request) {
            String target = request.getTarget();
            if (target.startsWith("/api/v3/time")) {
                return answer(200, "{\"serverTime\":" + System.currentTimeMillis() + "}");
            }
            String query = target.substring(target.indexOf('?') + 1);
            int at = query.lastIndexOf("&signature=");
            String signed = query.substring(0, at);
            String signature = query.substring(at + 11);
            for (Version version : versions) {
                if (signature.equals(mac(version.secret, signed))) {
                    if (timestamp(signed) > version.validUntil) {
                        afterGrace.incrementAndGet();
                        return answer(401, "{\"code\":-2015,\"msg\":\"old key\"}");
                    }
                    version.used.incrementAndGet();
                    return answer(200, "{}");
                }
            }
            unknown.incrementAndGet();
            return answer(401, "{\"code\":-1022,\"msg\":\"unknown key\"}");
        }

        private static long timestamp(String query) {
            String rest = query.substring(query.indexOf("timestamp=") + 10);
            int end = rest.indexOf('&');
            return Long.parseLong(end < 0 ? rest : rest.substring(0, end));
        }

        private static MockResponse answer(int code, String body) {
            return new MockResponse.Builder().code(code).body(body).build();
        }

        private static String mac(byte[] secret, String text) {
            try {
                Mac mac = Mac.getInstance("HmacSHA256");
                mac.init(new SecretKeySpec(secret, "HmacSHA256"));
                return HexFormat.of().formatHex(mac.doFinal(text.getBytes(UTF_8)));
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private void write(String secret) throws IOException {
        Path fresh = Files.createFile(
                folder.resolve("fresh"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(fresh, secret);
        Files.move(fresh, folder.resolve("secret"), StandardCopyOption.ATOMIC_MOVE);
    }

    @Test
    void rotation_underLoad_losesNoRequestAndUsesNoOldKeyAfterItsGrace() throws Exception {
        CheckingVenue checking = new CheckingVenue();
        checking.versions.add(new Version("secret-1"));
        write("secret-1");
        List<Rotation.Event> events = new CopyOnWriteArrayList<>();
        ScheduledExecutorService timers = Executors.newScheduledThreadPool(THREADS + 1);
        try (MockWebServer server = new MockWebServer()) {
            server.setDispatcher(checking);
            server.start();
            Venue venue = BinanceSpot.VENUE
                    .at(URI.create("http://127.0.0.1:" + server.getPort()))
                    .withoutLimits();
            Rotation<SigningKey> rotation = SigningKey.rotation(
                            SecretStore.standard().watch("file:" + folder.resolve("secret")), SigningKey::hmac)
                    .check((old, fresh) -> probe(venue, fresh))
                    .overlap(OVERLAP)
                    .onEvent(event -> {
                        events.add(event);
                        if (event.outcome() == Rotation.Outcome.ADOPTED) {
                            Version old = checking.versions.get(checking.versions.size() - 2);
                            old.validUntil = System.currentTimeMillis() + OVERLAP.toMillis();
                        }
                    })
                    .build();
            AtomicInteger left = new AtomicInteger(REQUESTS);
            CountDownLatch done = new CountDownLatch(REQUESTS);
            List<Throwable> failures = new CopyOnWriteArrayList<>();
            try (Credential desk = Credential.of("desk-key", SigningKey.rotating(rotation));
                    VenueClient client = VenueClient.builder(venue)
                            .credential(desk)
                            .retry(RetryPolicy.none())
                            .build()) {
                List<ScheduledFuture<?>> load = new ArrayList<>();
                for (int thread = 0; thread < THREADS; thread++) {
                    load.add(timers.scheduleAtFixedRate(
                            () -> {
                                if (left.getAndDecrement() > 0) {
                                    try {
                                        client.send(ApiRequest.get("/api/v3/account"));
                                    } catch (RuntimeException e) {
                                        failures.add(e);
                                    } finally {
                                        done.countDown();
                                    }
                                }
                            },
                            thread * 2L,
                            THREADS * 2L,
                            TimeUnit.MILLISECONDS));
                }
                for (int i = 2; i < 2 + ROTATIONS; i++) {
                    done.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
                    boolean bad = i == 4;
                    if (!bad) {
                        checking.versions.add(new Version("secret-" + i));
                    }
                    write(bad ? "not-known-to-the-venue" : "secret-" + i);
                    assertThat(rotation.refresh()).as("rotation %d", i).isEqualTo(!bad);
                }
                assertThat(done.await(120, TimeUnit.SECONDS)).isTrue();
                load.forEach(future -> future.cancel(false));
            }
            assertThat(failures).isEmpty();
            assertThat(checking.afterGrace)
                    .as("signed with an old key after its grace")
                    .hasValue(0);
            assertThat(checking.unknown)
                    .as("only the probe was signed with the bad key")
                    .hasValue(1);
            assertThat(checking.versions).hasSize(ROTATIONS);
            assertThat(checking.versions)
                    .allSatisfy(version -> assertThat(version.used.get()).isPositive());
            assertThat(events.stream().filter(event -> event.outcome() == Rotation.Outcome.REFUSED))
                    .singleElement()
                    .satisfies(event -> assertThat(event.version()).isEqualTo(4));
        } finally {
            timers.shutdownNow();
        }
    }

    /** A call that proves that the venue takes the new key. */
    private static void probe(Venue venue, SigningKey fresh) {
        try (VenueClient client = VenueClient.of(venue, Credential.of("desk-key", fresh))) {
            client.send(ApiRequest.get("/api/v3/account"));
        }
    }
}
