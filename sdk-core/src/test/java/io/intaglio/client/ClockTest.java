package io.intaglio.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.intaglio.client.event.Event;
import io.intaglio.client.event.Event.ClockCorrected;
import io.intaglio.client.event.Event.ClockRefused;
import io.intaglio.client.event.Event.TimeSource;
import io.intaglio.client.tls.Tls;
import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.Credential;
import io.intaglio.signing.secret.Secret;
import io.intaglio.signing.time.VenueClock;
import io.intaglio.signing.venue.BinanceSpot;
import io.intaglio.signing.venue.Meaning;
import io.intaglio.signing.venue.Venue;
import io.intaglio.testkit.SimulatedVenue;
import io.intaglio.testkit.VirtualClock;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client does when its clock and the venue's are apart. */
class ClockTest {
    private static final ApiRequest ACCOUNT = ApiRequest.get("/api/v3/account");

    /** Binance as it would be without a time endpoint. */
    private static final Venue DATE_ONLY = Venue.named("binance")
            .baseUri("https://api.binance.com")
            .scheme(BinanceSpot.VENUE.scheme())
            .window(Duration.ofSeconds(5), Duration.ofSeconds(1))
            .errorCodeAt("/code")
            .errors(Meaning.CLOCK_SKEW, "-1021")
            .build();

    private final VirtualClock time = VirtualClock.at(Instant.parse("2026-03-01T12:00:00Z"));
    private final VenueClock clock = VenueClock.of(time, time.ticker());
    private final List<Event> events = new ArrayList<>();

    /** What is told of the clock, not of every call. */
    private void keep(Event event) {
        if (event instanceof ClockCorrected || event instanceof ClockRefused) {
            events.add(event);
        }
    }

    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable resource : open) {
            resource.close();
        }
    }

    private SimulatedVenue start(SimulatedVenue.Builder settings) {
        SimulatedVenue sim = settings.start();
        open.add(sim);
        return sim;
    }

    private SimulatedVenue binance() {
        return start(SimulatedVenue.of(BinanceSpot.VENUE).clock(time));
    }

    private SimulatedVenue telling(Function<Instant, Optional<String>> date) {
        SimulatedVenue sim = start(SimulatedVenue.of(DATE_ONLY).clock(time).dateHeader(date));
        sim.skew(Duration.ofMinutes(-5));
        return sim;
    }

    private VenueClient.Builder settings(SimulatedVenue sim) {
        return VenueClient.builder(sim.venue())
                .credential(sim.credential())
                .tls(Tls.builder().trust(sim.trustAnchor()).build())
                .clock(clock)
                .sleeper(time::sleep)
                .executor(Runnable::run)
                .listener(this::keep);
    }

    private VenueClient client(VenueClient.Builder settings) {
        VenueClient client = settings.build();
        open.add(client);
        return client;
    }

    private static long questions(SimulatedVenue sim) {
        return sim.received().stream()
                .filter(request -> request.path().equals("/api/v3/time"))
                .count();
    }

    @ParameterizedTest
    @ValueSource(longs = {-86_400, -300, -61, 61, 300, 86_400})
    void send_venueClockElsewhere_costsOneRetryAndThenNothingInAThousandCalls(long seconds) {
        SimulatedVenue sim = binance();
        sim.skew(Duration.ofSeconds(seconds));
        VenueClient client = client(settings(sim));

        assertThat(client.send(ACCOUNT).attempts()).isEqualTo(2);
        int attempts = 0;
        for (int i = 0; i < 1_000; i++) {
            time.advance(Duration.ofSeconds(1));
            attempts += client.send(ACCOUNT).attempts();
        }
        assertThat(attempts).isEqualTo(1_000);
        assertThat(events.get(0)).isInstanceOfSatisfying(ClockCorrected.class, event -> {
            assertThat(event.source()).isEqualTo(TimeSource.TIME_ENDPOINT);
            assertThat(event.offsetBefore()).isZero();
            assertThat(event.offsetAfter().minusSeconds(seconds).abs()).isLessThan(Duration.ofMillis(2));
        });
    }

    @Test
    void send_venueClockBeyondTheLargestCorrection_isRejectedAndRecorded() {
        SimulatedVenue sim = binance();
        sim.skew(Duration.ofDays(3650));
        VenueClient client = client(settings(sim));

        assertThatThrownBy(() -> client.send(ACCOUNT))
                .isInstanceOfSatisfying(
                        RejectedException.class, e -> assertThat(e.attempts()).isEqualTo(1));
        assertThat(clock.offset()).isZero();
        assertThat(events).singleElement().isInstanceOfSatisfying(ClockRefused.class, event -> {
            assertThat(event.offset().toDays()).isEqualTo(3650);
            assertThat(event.why()).isEqualTo("it is further off than PT24H");
        });
    }

    @Test
    void send_onlyADateHeader_isEnoughForOneRetry() {
        SimulatedVenue sim = start(SimulatedVenue.of(DATE_ONLY).clock(time));
        sim.skew(Duration.ofMinutes(-5));
        VenueClient client = client(settings(sim));

        assertThat(client.send(ACCOUNT).attempts()).isEqualTo(2);
        assertThat(client.send(ACCOUNT).attempts()).isEqualTo(1);
        assertThat(events)
                .singleElement()
                .isInstanceOfSatisfying(
                        ClockCorrected.class,
                        event -> assertThat(event.source()).isEqualTo(TimeSource.DATE_HEADER));
    }

    /** Binance as it would be if nothing were known of its error codes. */
    private static Venue mute() {
        return Venue.named("binance")
                .baseUri("https://api.binance.com")
                .scheme(BinanceSpot.VENUE.scheme())
                .window(Duration.ofSeconds(5), Duration.ofSeconds(1))
                .errorCodeAt("/code")
                .build();
    }

    @ParameterizedTest
    @ValueSource(longs = {-300, -61, 61, 300})
    void send_refusalThatDoesNotSpeakOfTime_isKnownByItsDate(long seconds) {
        SimulatedVenue sim = start(SimulatedVenue.of(mute()).clock(time));
        sim.skew(Duration.ofSeconds(seconds));
        VenueClient client = client(settings(sim));

        assertThat(client.send(ACCOUNT).attempts()).isEqualTo(2);
        assertThat(client.send(ACCOUNT).attempts()).isEqualTo(1);
    }

    @Test
    void send_refusalForSomethingElseInTime_isNotTakenForSkew() {
        SimulatedVenue sim = start(SimulatedVenue.of(mute()).clock(time));
        VenueClient client = client(settings(sim).credential(sim.wrongCredential()));

        assertThatThrownBy(() -> client.send(ACCOUNT)).isInstanceOfSatisfying(RejectedException.class, e -> {
            assertThat(e.attempts()).isEqualTo(1);
            assertThat(e.meaning()).isEmpty();
        });
        assertThat(clock.isSampled()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "around noon",
                "Sun, 01 Mar 2026 11:55:00 GMT, Sun, 01 Mar 2026 12:55:00 GMT",
                "Tue, 01 Mar 2016 12:00:00 GMT",
                "Fri, 29 Feb 2036 12:00:00 GMT"
            })
    void send_dateMissingMalformedDoubledOrTenYearsOff_isNotFollowed(String date) {
        SimulatedVenue sim = telling(now -> date.isEmpty() ? Optional.empty() : Optional.of(date));
        VenueClient client = client(settings(sim));

        assertThatThrownBy(() -> client.send(ACCOUNT))
                .isInstanceOfSatisfying(
                        RejectedException.class, e -> assertThat(e.attempts()).isEqualTo(1))
                .hasMessageContaining("our time is outside its window; synchronise this host's clock");
        assertThat(clock.offset()).isZero();
        assertThat(clock.isSampled()).isFalse();
    }

    @Test
    void send_dateThatLiesWithinTheBound_costsOneRetryAndNoMore() {
        SimulatedVenue sim = telling(now -> Optional.of("Sun, 01 Mar 2026 18:00:00 GMT"));
        VenueClient client = client(settings(sim));

        assertThatThrownBy(() -> client.send(ACCOUNT))
                .isInstanceOfSatisfying(
                        RejectedException.class, e -> assertThat(e.attempts()).isEqualTo(2));
        assertThat(sim.received()).hasSize(2);
    }

    @Test
    void send_answerWithoutTls_doesNotMoveTheClock() throws Exception {
        String refusal = RawServer.response(
                "400 Bad Request",
                "Date: Sun, 01 Mar 2026 12:05:00 GMT\r\n",
                "{\"code\":-1021,\"msg\":\"Timestamp for this request is outside of the recvWindow.\"}");
        try (RawServer server = RawServer.answering(refusal)) {
            VenueClient client = client(VenueClient.builder(server.at(DATE_ONLY))
                    .credential(Credential.hmac("key-id-0123456789", Secret.of("s".getBytes(StandardCharsets.UTF_8))))
                    .clock(clock)
                    .listener(this::keep));

            assertThatThrownBy(() -> client.send(ACCOUNT)).isInstanceOf(RejectedException.class);
            assertThat(server.requests()).hasSize(1);
            assertThat(clock.isSampled()).isFalse();
            assertThat(events)
                    .singleElement()
                    .isInstanceOfSatisfying(
                            ClockRefused.class, event -> assertThat(event.why()).isEqualTo("it did not come over TLS"));
        }
    }

    @Test
    void send_requestQueuedBeyondTheWindow_isToldApartFromSkew() {
        AtomicBoolean late = new AtomicBoolean();
        SimulatedVenue sim = start(SimulatedVenue.of(BinanceSpot.VENUE).clock(() -> {
            if (late.getAndSet(false)) {
                time.advance(Duration.ofSeconds(8)); // what arrives now was on its way for so long
            }
            return time.instant();
        }));
        VenueClient client = client(settings(sim)
                .listener(event ->
                        late.compareAndSet(false, event instanceof ClockCorrected || event instanceof ClockRefused)));
        late.set(true);

        assertThatThrownBy(() -> client.send(ACCOUNT))
                .isInstanceOfSatisfying(
                        RejectedException.class, e -> assertThat(e.attempts()).isEqualTo(2))
                .hasMessageContaining("the clock is right, but the request was queued: up to 8000 ms passed")
                .hasMessageNotContaining("synchronise");
    }

    @Test
    void send_clockTooUncertainForTheWindow_asksTheVenueFirst() {
        SimulatedVenue sim = binance();
        makeUncertain();
        VenueClient client = client(settings(sim));

        assertThat(client.send(ACCOUNT).attempts()).isEqualTo(1);
        assertThat(questions(sim)).isEqualTo(1);
        assertThat(clock.bound()).isLessThan(Duration.ofMillis(2));
    }

    @Test
    void send_clockTooUncertainAndNobodyToAsk_isNotSent() {
        SimulatedVenue sim = start(SimulatedVenue.of(DATE_ONLY).clock(time));
        makeUncertain();
        VenueClient client = client(settings(sim));

        assertThatThrownBy(() -> client.send(ACCOUNT))
                .isInstanceOfSatisfying(
                        NotSentException.class, e -> assertThat(e.reason()).isEqualTo(NotSentException.Reason.CLOCK))
                .hasMessageContaining(
                        "known only to within 10000 ms, too little for its window of -5000 ms to +1000 ms");
        assertThat(sim.received()).isEmpty();
    }

    private void makeUncertain() {
        assertThat(clock.correct(time.instant(), Duration.ofSeconds(20), clock.ticks(), clock.ticks()))
                .isTrue();
    }

    @Test
    void send_lastWordOfTheVenueIsOld_refreshesOnTheExecutorAndNotBefore() {
        SimulatedVenue sim = binance();
        VenueClient client = client(settings(sim).clockRefresh(Duration.ofMinutes(10)));

        time.advance(Duration.ofMinutes(9));
        client.send(ACCOUNT);
        assertThat(questions(sim)).isZero();
        time.advance(Duration.ofMinutes(1));
        client.send(ACCOUNT);
        assertThat(questions(sim)).isEqualTo(3);
        assertThat(events).singleElement().isInstanceOf(ClockCorrected.class);
        client.send(ACCOUNT);
        assertThat(questions(sim)).as("not again").isEqualTo(3);
    }

    @Test
    void send_venueDriftsAwayForADay_isFollowedWithoutARefusal() {
        SimulatedVenue sim = binance();
        VenueClient client = client(settings(sim));
        for (int minute = 0; minute < 24 * 60; minute += 5) {
            time.advance(Duration.ofMinutes(5));
            sim.skew(Duration.ofMillis(minute * 6L)); // 100 millionths
            assertThat(client.send(ACCOUNT).attempts()).isEqualTo(1);
        }
    }

    @Test
    void send_executorRefusesTheRefresh_isNotDisturbed() {
        SimulatedVenue sim = binance();
        VenueClient client = client(settings(sim).executor(work -> {
            throw new RejectedExecutionException("full");
        }));
        time.advance(Duration.ofHours(1));
        assertThat(client.send(ACCOUNT).attempts()).isEqualTo(1);
        assertThat(client.send(ACCOUNT).attempts()).isEqualTo(1);
    }

    @Test
    void send_listenerThrows_isNotDisturbed() {
        SimulatedVenue sim = binance();
        sim.skew(Duration.ofMinutes(5));
        VenueClient.Builder settings = VenueClient.builder(sim.venue())
                .credential(sim.credential())
                .tls(Tls.builder().trust(sim.trustAnchor()).build())
                .clock(clock)
                .listener(event -> {
                    throw new IllegalStateException("listener's own fault");
                })
                .listener(this::keep);
        assertThat(client(settings).send(ACCOUNT).attempts()).isEqualTo(2);
        assertThat(events).as("the next listener hears of it").hasSize(1);
    }

    @Test
    void send_hostTrusted_followsNoAnswer() {
        SimulatedVenue sim = start(SimulatedVenue.of(BinanceSpot.VENUE).skew(Duration.ofMinutes(5)));
        VenueClock trusted = VenueClock.trustingHost(Duration.ofMillis(1));
        VenueClient client = client(settings(sim).clock(trusted));
        assertThatThrownBy(() -> client.send(ACCOUNT))
                .isInstanceOfSatisfying(
                        RejectedException.class, e -> assertThat(e.attempts()).isEqualTo(1));
        assertThat(trusted.offset()).isZero();
    }
}
