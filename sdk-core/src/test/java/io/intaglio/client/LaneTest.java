package io.intaglio.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.intaglio.client.tls.Tls;
import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.Credential;
import io.intaglio.signing.time.NonceSource;
import io.intaglio.signing.time.NonceUnit;
import io.intaglio.signing.venue.Gemini;
import io.intaglio.signing.venue.KrakenSpot;
import io.intaglio.signing.venue.Venue;
import io.intaglio.testkit.Fault;
import io.intaglio.testkit.ReceivedRequest;
import io.intaglio.testkit.SimulatedVenue;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Many threads against a venue that refuses a nonce which arrives after a higher one. */
class LaneTest {
    private static final ApiRequest BALANCE = ApiRequest.post("/0/private/Balance");
    private static final int THREADS = 64;

    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable resource : open) {
            resource.close();
        }
    }

    private SimulatedVenue kraken() {
        SimulatedVenue sim = SimulatedVenue.start(KrakenSpot.VENUE);
        open.add(sim);
        return sim;
    }

    private VenueClient.Builder settings(SimulatedVenue sim, int keys) {
        Credential[] pool = Stream.concat(Stream.of(sim.credential()), Stream.generate(sim::newCredential))
                .limit(keys)
                .toArray(Credential[]::new);
        return VenueClient.builder(sim.venue())
                .credentials(pool)
                .tls(Tls.builder().trust(sim.trustAnchor()).build());
    }

    private VenueClient client(VenueClient.Builder settings) {
        VenueClient client = settings.build();
        open.add(client);
        return client;
    }

    /** All threads make their calls at once. */
    private static int attempts(int callsEach, Function<Integer, Integer> call) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        CountDownLatch go = new CountDownLatch(1);
        List<Future<Integer>> all = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            int thread = i;
            all.add(threads.submit(() -> {
                go.await();
                int sum = 0;
                for (int n = 0; n < callsEach; n++) {
                    sum += call.apply(thread);
                }
                return sum;
            }));
        }
        go.countDown();
        int sum = 0;
        try {
            for (Future<Integer> one : all) {
                sum += one.get(120, TimeUnit.SECONDS);
            }
        } finally {
            threads.shutdownNow();
        }
        return sum;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void send_sixtyFourThreads_noNonceArrivesOutOfOrder(int keys) throws Exception {
        SimulatedVenue sim = kraken();
        VenueClient client = client(settings(sim, keys));

        int attempts = attempts(10, thread -> client.send(BALANCE).attempts());

        assertThat(attempts).as("no refusal, so no second attempt").isEqualTo(THREADS * 10);
        assertThat(sim.received().stream()
                        .map(request -> request.header("API-Key").orElseThrow())
                        .collect(Collectors.groupingBy(Function.identity(), Collectors.counting())))
                .as("each key has its share")
                .hasSize(keys)
                .allSatisfy((key, calls) -> assertThat(calls).isGreaterThan(640 / keys / 4));
    }

    @Test
    void send_durableNoncesSharedByFourKeys_noneArrivesOutOfOrder(@TempDir Path folder) throws Exception {
        SimulatedVenue sim = kraken();
        NonceSource nonces = NonceSource.durable(folder.resolve("nonces"), NonceUnit.MICROS);
        open.add(nonces);
        VenueClient client = client(settings(sim, 4).nonces(nonces));

        assertThat(attempts(5, thread -> client.send(BALANCE).attempts())).isEqualTo(THREADS * 5);
    }

    /** The check above can fail: where sixteen requests of a key are on their way at once, this venue sees them out of order. */
    @Test
    void send_nonceWindowThatTheKeyDoesNotHave_isSeenByTheVenue() throws Exception {
        SimulatedVenue sim = kraken();
        VenueClient client = client(settings(sim, 1).inFlight(16));

        int attempts = 0;
        for (int round = 0; round < 50 && attempts == 0; round++) {
            attempts = attempts(10, thread -> {
                try {
                    return client.send(BALANCE).attempts() - 1;
                } catch (RejectedException e) {
                    return 1;
                }
            });
        }
        assertThat(attempts).as("refusals").isPositive();
    }

    @Test
    void send_publicCall_waitsForNobodyAndDrawsNoNonce() throws Exception {
        SimulatedVenue sim = kraken();
        List<String> drawn = new ArrayList<>();
        VenueClient client = client(settings(sim, 1).nonces(now -> {
            drawn.add("nonce");
            return Long.toString(NonceUnit.MICROS.of(now));
        }));
        client.send(ApiRequest.get("/0/public/Time"));
        assertThat(drawn).isEmpty();
        client.send(BALANCE);
        assertThat(drawn).hasSize(1);
    }

    @Test
    void send_turnDoesNotComeInTime_isNotSent() throws Exception {
        SimulatedVenue sim = kraken();
        VenueClient client = client(settings(sim, 1));
        sim.faults().next(Fault.slow(Duration.ofSeconds(5)));
        try (ExecutorServiceCloser first = new ExecutorServiceCloser()) {
            Future<VenueResponse> holding = first.threads.submit(() -> client.send(BALANCE));
            org.awaitility.Awaitility.await().until(() -> sim.received().size() == 1);

            assertThatThrownBy(() -> client.send(BALANCE.timeLimit(Duration.ofMillis(50))))
                    .isInstanceOfSatisfying(
                            NotSentException.class,
                            e -> assertThat(e.reason()).isEqualTo(NotSentException.Reason.TIME_LIMIT))
                    .hasMessageContaining("the turn of POST /0/private/Balance did not come within 50 ms");
            assertThat(sim.received()).hasSize(1);
            assertThat(holding.get(60, TimeUnit.SECONDS).status()).isEqualTo(200);
        }
    }

    @Test
    void send_cancelBehindManyReads_goesNext() throws Exception {
        SimulatedVenue sim = kraken();
        VenueClient client = client(settings(sim, 1));
        sim.faults().next(Fault.slow(Duration.ofSeconds(1)));
        try (ExecutorServiceCloser pool = new ExecutorServiceCloser()) {
            List<Future<?>> calls = new ArrayList<>();
            calls.add(pool.threads.submit(() -> client.send(BALANCE)));
            org.awaitility.Awaitility.await().until(() -> sim.received().size() == 1);
            for (int i = 0; i < 20; i++) {
                calls.add(pool.threads.submit(() -> client.send(BALANCE)));
            }
            ApiRequest cancel = ApiRequest.post("/0/private/CancelOrder").form("txid", "OSIMUL-VENUE-000001");
            // nothing is open, so the venue refuses it; that it came early is what counts
            calls.add(pool.threads.submit(
                    () -> assertThatThrownBy(() -> client.send(cancel)).isInstanceOf(RejectedException.class)));
            for (Future<?> call : calls) {
                call.get(60, TimeUnit.SECONDS);
            }
        }
        List<String> paths = sim.received().stream().map(ReceivedRequest::path).toList();
        assertThat(paths).hasSize(22);
        assertThat(paths.indexOf("/0/private/CancelOrder")).isLessThan(21);
    }

    @Test
    void inFlight_venueWithoutNonceWindow_isRefused() {
        Venue gemini = Gemini.VENUE;
        assertThatThrownBy(() -> VenueClient.builder(gemini).inFlight(2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "gemini refuses nonces that arrive out of order, so 2 requests of a key cannot be on their way"
                                + " at once; use credentials(...) with more keys");
        assertThatThrownBy(() -> VenueClient.builder(gemini).inFlight(0)).isInstanceOf(IllegalArgumentException.class);
    }

    /** Ends its threads with the test. */
    private static final class ExecutorServiceCloser implements AutoCloseable {
        private final ExecutorService threads = Executors.newCachedThreadPool();

        @Override
        public void close() {
            threads.shutdownNow();
        }
    }
}
