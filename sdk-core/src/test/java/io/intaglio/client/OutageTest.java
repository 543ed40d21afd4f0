package io.intaglio.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.intaglio.client.tls.Tls;
import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.time.VenueClock;
import io.intaglio.signing.venue.BinanceSpot;
import io.intaglio.testkit.Fault;
import io.intaglio.testkit.SimulatedVenue;
import io.intaglio.testkit.VirtualClock;
import java.time.Duration;
import java.time.Instant;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client adds to a venue's trouble: as little as it can. Time is virtual, requests are counted where they arrive. */
class OutageTest {
    private static final ApiRequest READ = ApiRequest.get("/api/v3/account");

    private final VirtualClock time = VirtualClock.at(Instant.parse("2026-03-01T12:00:00Z"));
    private final SimulatedVenue sim =
            SimulatedVenue.of(BinanceSpot.VENUE).clock(time).start();
    private final VenueClient client = VenueClient.builder(sim.venue())
            .credential(sim.credential())
            .tls(Tls.builder().trust(sim.trustAnchor()).build())
            .clock(VenueClock.of(time, time.ticker()))
            .sleeper(time::sleep)
            .build();

    @AfterEach
    void close() {
        client.close();
        sim.close();
    }

    private boolean read() {
        try {
            return client.send(READ).status() == 200;
        } catch (VenueException e) {
            return false;
        }
    }

    private int arrived() {
        return sim.received().size();
    }

    @Test
    void send_fullOutage_fewerThanElevenAttemptsForTenCalls(TestReporter reporter) {
        for (int i = 0; i < 1000; i++) {
            sim.faults().clear();
            sim.faults().next(Fault.unavailable(), Fault.unavailable(), Fault.unavailable(), Fault.unavailable());
            assertThat(read()).isFalse();
            time.advance(Duration.ofMillis(20));
        }
        reporter.publishEntry("attempts for 1,000 calls in an outage: " + arrived());
        assertThat(arrived() / 1000.0).isLessThanOrEqualTo(1.10);

        sim.faults().clear();
        Instant over = time.instant();
        while (!read()) {
            time.advance(Duration.ofMillis(100));
        }
        assertThat(Duration.between(over, time.instant())).isLessThanOrEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void send_everySecondAttemptFails_atMostThirteenAttemptsForTenCalls(TestReporter reporter) {
        SplittableRandom random = new SplittableRandom(11);
        AtomicInteger ok = new AtomicInteger();
        for (int i = 0; i < 1000; i++) {
            sim.faults().clear();
            int failing = 0;
            while (failing < 3 && random.nextBoolean()) {
                failing++;
                sim.faults().next(Fault.unavailable());
            }
            ok.addAndGet(read() ? 1 : 0);
            time.advance(Duration.ofMillis(20));
        }
        reporter.publishEntry("attempts for 1,000 calls of which half fail: " + arrived() + ", succeeded " + ok);
        assertThat(arrived() / 1000.0).isBetween(1.05, 1.30);
    }

    /** The ratio above can be passed: a client without a store of retries makes 1.75 attempts a call. */
    @Test
    void send_everySecondAttemptFailsAndFewCalls_retriesAreMade() {
        sim.faults().next(Fault.unavailable(), Fault.unavailable());
        assertThat(read()).isTrue();
        assertThat(arrived()).isEqualTo(3);
    }

    @Test
    void send_breakerOpen_cancelGoesOutAllTheSame() {
        for (int i = 0; i < 40; i++) {
            sim.faults().next(Fault.unavailable(), Fault.unavailable(), Fault.unavailable());
            assertThat(read()).isFalse();
        }
        sim.faults().clear();
        assertThatThrownBy(() -> client.send(READ)).isInstanceOfSatisfying(NotSentException.class, e -> {
            assertThat(e.reason()).isEqualTo(NotSentException.Reason.BREAKER);
            assertThat(e.remedy()).isEqualTo(VenueException.Remedy.WAIT);
        });
        ApiRequest cancel =
                ApiRequest.delete("/api/v3/order").query("symbol", "BTCUSDT").query("origClientOrderId", "none");
        assertThatThrownBy(() -> client.send(cancel))
                .isInstanceOfSatisfying(
                        RejectedException.class, e -> assertThat(e.venueCode()).isEqualTo("-2011"));
    }

    @Test
    void send_throttledOften_breakerStaysClosed() {
        for (int i = 0; i < 60; i++) {
            sim.faults().next(Fault.throttled(Duration.ofSeconds(1)));
            assertThat(read()).isTrue();
        }
    }

    @Test
    void send_banned_nobodySendsBeforeTheTimeTold() {
        sim.faults().next(Fault.banned(Duration.ofMinutes(2)));
        assertThatThrownBy(() -> client.send(READ)).isInstanceOf(ThrottledException.class);
        Instant told = time.instant().plus(Duration.ofMinutes(2));
        int before = arrived();
        try (VenueClient another = VenueClient.builder(sim.venue())
                .credential(sim.newCredential())
                .tls(Tls.builder().trust(sim.trustAnchor()).build())
                .clock(VenueClock.of(time, time.ticker()))
                .sleeper(time::sleep)
                .build()) {
            assertThatThrownBy(() -> another.send(READ))
                    .as("another key at the same address")
                    .isInstanceOfSatisfying(
                            NotSentException.class,
                            e -> assertThat(e.reason()).isEqualTo(NotSentException.Reason.BUDGET))
                    .hasMessageContaining("locked us out");
        }
        ApiRequest patient = READ.timeLimit(Duration.ofMinutes(5));
        assertThat(arrived()).isEqualTo(before);
        assertThat(client.send(patient).status()).isEqualTo(200);
        assertThat(time.instant()).isAfterOrEqualTo(told);
    }

    /** The venue's wait is never cut short, and never waited for past the deadline. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "1",
                "3",
                "-5",
                "1000000000",
                "soon",
                "",
                "Sun, 01 Mar 2026 12:00:01 GMT",
                "Sun, 01 Mar 2026 13:00:00 GMT"
            })
    void send_retryAfterOfAnyForm_neitherTooEarlyNorTooLate(String retryAfter) throws Exception {
        try (RawServer server = RawServer.answering(
                        retryAfter.isEmpty()
                                ? "HTTP/1.1 429 Too Many\r\nContent-Length: 2\r\n\r\n{}"
                                : "HTTP/1.1 429 Too Many\r\nRetry-After: " + retryAfter
                                        + "\r\nContent-Length: 2\r\n\r\n{}");
                VenueClient plain = VenueClient.builder(server.at(BinanceSpot.VENUE))
                        .credential(sim.credential())
                        .clock(VenueClock.of(time, time.ticker()))
                        .sleeper(time::sleep)
                        .build()) {
            Instant start = time.instant();
            Duration limit = Duration.ofSeconds(2);
            assertThatThrownBy(() -> plain.send(READ.timeLimit(limit)))
                    .isInstanceOfAny(ThrottledException.class, NotSentException.class);
            Duration waited = Duration.between(start, time.instant());
            assertThat(waited).isLessThanOrEqualTo(limit);
            int requests = server.requests().size();
            switch (retryAfter) {
                case "1", "Sun, 01 Mar 2026 12:00:01 GMT" ->
                    assertThat(requests).as("more after a second").isBetween(2, 3);
                case "-5", "soon", "" ->
                    assertThat(waited.plusMillis(1).toMillis() * (requests - 1))
                            .as("a wait of our own between attempts")
                            .isGreaterThanOrEqualTo(requests > 1 ? 1 : 0);
                default -> assertThat(requests).isEqualTo(1);
            }
        }
    }
}
