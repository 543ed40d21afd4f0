package io.intaglio.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import io.intaglio.client.event.Event;
import io.intaglio.client.event.Event.AttemptEnded;
import io.intaglio.client.event.Event.CallEnded;
import io.intaglio.client.event.Event.End;
import io.intaglio.client.tls.Tls;
import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.Credential;
import io.intaglio.signing.time.VenueClock;
import io.intaglio.signing.venue.BinanceSpot;
import io.intaglio.signing.venue.Meaning;
import io.intaglio.signing.venue.Purpose;
import io.intaglio.testkit.Fault;
import io.intaglio.testkit.SimulatedVenue;
import io.intaglio.testkit.VirtualClock;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What listeners hear of calls. */
class EventsTest {
    private final VirtualClock time = VirtualClock.at(Instant.parse("2026-03-01T12:00:00Z"));
    private final SimulatedVenue sim =
            SimulatedVenue.of(BinanceSpot.VENUE).clock(time).start();
    private final List<Event> heard = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        sim.close();
    }

    private VenueClient.Builder client(Credential credential) {
        return VenueClient.builder(sim.venue())
                .credential(credential)
                .tls(Tls.builder().trust(sim.trustAnchor()).build())
                .clock(VenueClock.of(time, time.ticker()))
                .sleeper(time::sleep)
                .budgets(Budgets.separate())
                .listener(heard::add);
    }

    private static ApiRequest order() {
        return ApiRequest.post("/api/v3/order")
                .form("symbol", "BTCUSDT")
                .form("side", "BUY")
                .form("type", "LIMIT")
                .form("timeInForce", "GTC")
                .form("quantity", new BigDecimal("0.010"))
                .form("price", new BigDecimal("37500.10"));
    }

    private List<CallEnded> calls() {
        return heard.stream()
                .filter(CallEnded.class::isInstance)
                .map(CallEnded.class::cast)
                .toList();
    }

    private List<AttemptEnded> attempts() {
        return heard.stream()
                .filter(AttemptEnded.class::isInstance)
                .map(AttemptEnded.class::cast)
                .toList();
    }

    @Test
    void send_accepted_callAndAttemptAreTold() {
        try (Credential credential = sim.credential();
                VenueClient client = client(credential).build()) {
            client.send(ApiRequest.get("/api/v3/openOrders").query("symbol", "BTCUSDT"));

            CallEnded call = calls().get(0);
            assertThat(call.venue()).isEqualTo("binance");
            assertThat(call.method() + " " + call.path()).isEqualTo("GET /api/v3/openOrders");
            assertThat(call.purpose()).isEqualTo(Purpose.READ);
            assertThat(call.clientOrderId()).isNull();
            assertThat(call.end()).isEqualTo(End.ACCEPTED);
            assertThat(call.isUncertain()).isFalse();
            assertThat(call.status()).isEqualTo(200);
            assertThat(call.attempts()).isEqualTo(1);
            assertThat(call.at()).isEqualTo(time.instant());
            AttemptEnded attempt = attempts().get(0);
            assertThat(attempt.server()).isEqualTo(sim.uri().getHost());
            assertThat(attempt.port()).isEqualTo(sim.uri().getPort());
            assertThat(attempt.signed()).isTrue();
            assertThat(attempt.number()).isEqualTo(1);
            assertThat(heard).hasSize(2);
            assertThat(heard.toString()).doesNotContain(credential.keyId()).doesNotContain("signature");
        }
    }

    @Test
    void send_throttledThenAccepted_eachAttemptIsTold() {
        sim.faults().next(Fault.throttled(Duration.ofSeconds(2)));
        try (Credential credential = sim.credential();
                VenueClient client = client(credential).build()) {
            client.send(ApiRequest.get("/api/v3/account"));

            assertThat(attempts())
                    .extracting(AttemptEnded::number, AttemptEnded::end, AttemptEnded::status)
                    .containsExactly(tuple(1, End.THROTTLED, 429), tuple(2, End.ACCEPTED, 200));
            CallEnded call = calls().get(0);
            assertThat(call.attempts()).isEqualTo(2);
            assertThat(call.took()).isGreaterThanOrEqualTo(Duration.ofSeconds(2));
        }
    }

    @Test
    void send_wrongKey_refusalIsToldWithItsMeaning() {
        try (Credential credential = sim.wrongCredential();
                VenueClient client = client(credential).build()) {
            assertThatThrownBy(() -> client.send(ApiRequest.get("/api/v3/account")))
                    .isInstanceOf(RejectedException.class);

            assertThat(attempts())
                    .extracting(AttemptEnded::end, AttemptEnded::meaning)
                    .containsExactly(tuple(End.REJECTED, Meaning.BAD_SIGNATURE));
            assertThat(calls()).extracting(CallEnded::end).containsExactly(End.REJECTED);
        }
    }

    @Test
    void send_answerLost_questionsAreAttemptsAndTheCallIsAccepted() {
        sim.faults().next(Fault.acceptThenLoseAnswer());
        try (Credential credential = sim.credential();
                VenueClient client = client(credential)
                        .responseTimeout(Duration.ofMillis(300))
                        .build()) {
            VenueResponse response = client.send(order());

            assertThat(attempts())
                    .extracting(AttemptEnded::method, AttemptEnded::end)
                    .startsWith(tuple("POST", End.UNANSWERED))
                    .endsWith(tuple("GET", End.ACCEPTED));
            assertThat(calls()).hasSize(1);
            assertThat(calls().get(0).clientOrderId())
                    .isEqualTo(response.clientOrderId().orElseThrow());
            assertThat(calls().get(0).purpose()).isEqualTo(Purpose.TRADE);
            assertThat(calls().get(0).end()).isEqualTo(End.ACCEPTED);
        }
    }

    @Test
    void send_guardRefuses_callIsToldAndNoAttempt() {
        try (Credential credential = sim.credential();
                VenueClient client = client(credential)
                        .guard(request -> Optional.of("closed today"))
                        .build()) {
            assertThatThrownBy(() -> client.send(order())).isInstanceOf(NotSentException.class);

            assertThat(attempts()).isEmpty();
            assertThat(calls())
                    .extracting(CallEnded::end, CallEnded::attempts, CallEnded::status)
                    .containsExactly(tuple(End.NOT_SENT, 0, 0));
        }
    }

    @Test
    void send_uncertain_isTold() {
        sim.faults().next(Fault.acceptThenUnavailable());
        try (Credential credential = sim.credential();
                VenueClient client = client(credential).build()) {
            assertThatThrownBy(() ->
                            client.send(ApiRequest.post("/sapi/v1/asset/dust").form("asset", "BTC")))
                    .isInstanceOf(VenueException.class);
            assertThat(calls()).extracting(CallEnded::isUncertain).containsExactly(true);
        }
    }
}
