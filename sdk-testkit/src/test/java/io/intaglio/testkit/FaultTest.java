package io.intaglio.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.venue.BinanceSpot;
import io.intaglio.signing.venue.CoinbaseExchange;
import io.intaglio.signing.venue.KrakenSpot;
import io.intaglio.signing.venue.Okx;
import io.intaglio.signing.venue.Venue;
import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FaultTest {
    private static final ApiRequest ORDER = Desk.binanceOrder("desk-7-000042");

    private Desk desk;

    @BeforeEach
    void open() throws IOException {
        desk = Desk.at(BinanceSpot.VENUE);
    }

    @AfterEach
    void close() throws IOException {
        desk.close();
    }

    @Test
    void throttled_answers429OnceAndDoesNotExecute() throws IOException {
        desk.sim().faults().next(Fault.throttled(Duration.ofMillis(1500)));

        Client.Reply reply = desk.send(ORDER);

        assertThat(reply.status()).isEqualTo(429);
        assertThat(reply.header("Retry-After")).isEqualTo("2");
        assertThat(desk.sim().orders()).isEmpty();
        assertThat(desk.send(ORDER).status()).isEqualTo(200);
    }

    @Test
    void throttled_onKraken_saysUntilWhenInAnAnswerOf200() throws IOException {
        try (Desk kraken = Desk.at(KrakenSpot.VENUE)) {
            kraken.sim().faults().next(Fault.throttled(Duration.ofSeconds(3)));

            Client.Reply reply = kraken.send(Desk.krakenOrder("desk-7-000042"));

            assertThat(reply.status()).isEqualTo(200);
            assertThat(reply.body())
                    .isEqualTo("{\"error\":[\"EService: Throttled: " + (Desk.NOON.getEpochSecond() + 3) + "\"]}");
        }
    }

    @Test
    void banned_answers418UntilTheTimeIsUp() throws IOException {
        desk.sim().faults().next(Fault.banned(Duration.ofMinutes(2)));

        assertThat(desk.send(ORDER).status()).isEqualTo(418);
        assertThat(desk.send(ORDER).status()).isEqualTo(418);
        desk.clock().advance(Duration.ofMinutes(2));
        assertThat(desk.send(ORDER).status()).isEqualTo(200);
    }

    @Test
    void unavailable_answers503AndDoesNotExecute() throws IOException {
        desk.sim().faults().next(Fault.unavailable());

        assertThat(desk.send(ORDER).status()).isEqualTo(503);
        assertThat(desk.sim().orders()).isEmpty();
    }

    @Test
    void acceptThenUnavailable_answers503AndExecutes() throws IOException {
        desk.sim().faults().next(Fault.acceptThenUnavailable());

        assertThat(desk.send(ORDER).status()).isEqualTo(503);
        assertThat(desk.sim().acceptedOrders("desk-7-000042")).isEqualTo(1);
    }

    @Test
    void acceptThenLoseAnswer_executesAndClosesInGoodOrder() {
        desk.sim().faults().next(Fault.acceptThenLoseAnswer());

        assertThatThrownBy(() -> desk.send(ORDER)).isInstanceOf(EOFException.class);
        assertThat(desk.sim().acceptedOrders("desk-7-000042")).isEqualTo(1);
    }

    @Test
    void acceptThenReset_executesAndResets() {
        desk.sim().faults().next(Fault.acceptThenReset());

        assertThatThrownBy(() -> desk.send(ORDER))
                .isInstanceOf(IOException.class)
                .hasStackTraceContaining("Connection reset");
        assertThat(desk.sim().acceptedOrders("desk-7-000042")).isEqualTo(1);
    }

    @Test
    void acceptThenHalfClose_executesAndCutsTheBody() throws IOException {
        desk.sim().faults().next(Fault.acceptThenHalfClose());

        Client.Reply reply = desk.send(ORDER);
        int promised = Integer.parseInt(reply.header("Content-Length"));
        assertThat(reply.body()).hasSize(promised / 2).startsWith("{");
        assertThat(desk.sim().acceptedOrders("desk-7-000042")).isEqualTo(1);
        try (Client other = Client.of(desk.sim())) {
            other.write(desk.sign(ApiRequest.get("/api/v3/account")));
            assertThat(other.read().status()).as("the next connection").isEqualTo(200);
        }
    }

    @Test
    void acceptThenResetInBody_executesAndResets() {
        desk.sim().faults().next(Fault.acceptThenResetInBody());

        assertThatThrownBy(() -> desk.send(ORDER))
                .isInstanceOf(IOException.class)
                .hasStackTraceContaining("Connection reset");
        assertThat(desk.sim().acceptedOrders("desk-7-000042")).isEqualTo(1);
    }

    @Test
    void acceptLate_executesWhenItsTimeHasComeAndNotBefore() {
        desk.sim().faults().next(Fault.acceptLate(Duration.ofSeconds(4)));

        assertThatThrownBy(() -> desk.send(ORDER)).isInstanceOf(EOFException.class);
        desk.clock().advance(Duration.ofMillis(3999));
        assertThat(desk.sim().orders()).isEmpty();
        desk.clock().advance(Duration.ofMillis(1));
        assertThat(desk.sim().orders()).singleElement().satisfies(order -> {
            assertThat(order.clientOrderId()).isEqualTo("desk-7-000042");
            assertThat(order.placedAt()).isEqualTo(Desk.NOON.plusSeconds(4));
        });
        desk.clock().advance(Duration.ofSeconds(4));
        assertThat(desk.sim().orders()).as("once").hasSize(1);
        assertThat(desk.sim().received()).hasSize(1);
    }

    @Test
    void acceptLate_isSeenByTheNextRequest() throws IOException {
        desk.sim().faults().next(Fault.acceptLate(Duration.ofSeconds(2)));
        assertThatThrownBy(() -> desk.send(ORDER)).isInstanceOf(EOFException.class);

        try (Client other = Client.of(desk.sim())) {
            assertThat(other.send(desk.sign(Desk.binanceQuery("desk-7-000042"))).status())
                    .isEqualTo(400);
            desk.clock().advance(Duration.ofSeconds(2));
            assertThat(other.send(desk.sign(Desk.binanceQuery("desk-7-000042"))).body())
                    .contains("desk-7-000042");
        }
    }

    @Test
    void acceptLate_laterThanTheReceiveWindow_isRefused() {
        desk.sim().faults().next(Fault.acceptLate(Duration.ofMillis(5001)));

        assertThatThrownBy(() -> desk.send(ORDER)).isInstanceOf(EOFException.class);
        desk.clock().advance(Duration.ofMinutes(1));
        assertThat(desk.sim().orders()).isEmpty();
    }

    @Test
    void acceptLate_nonceOvertaken_isRefused() throws IOException {
        try (Desk kraken = Desk.at(KrakenSpot.VENUE)) {
            kraken.sim().faults().next(Fault.acceptLate(Duration.ofSeconds(2)));
            assertThatThrownBy(() -> kraken.send(Desk.krakenOrder("desk-7-000042")))
                    .isInstanceOf(EOFException.class);
            try (Client other = Client.of(kraken.sim())) {
                other.send(kraken.sign(Desk.krakenOrder("desk-7-000043")));
            }
            kraken.clock().advance(Duration.ofSeconds(2));

            assertThat(kraken.sim().orders())
                    .extracting(PlacedOrder::clientOrderId)
                    .containsExactly("desk-7-000043");
        }
    }

    @Test
    void duplicated_idOfAnOpenOrder_answersThatItIsADuplicate() throws IOException {
        desk.sim().faults().next(Fault.duplicated());

        assertThat(desk.send(ORDER).body()).contains("\"code\":-2010", "Duplicate");
        assertThat(desk.sim().acceptedOrders("desk-7-000042")).isEqualTo(1);
        assertThat(desk.sim().received()).hasSize(2);
    }

    /** Binance compares client order ids with open orders only, and a market order is filled at once. */
    @Test
    void duplicated_orderFilledAtOnce_isExecutedTwice() throws IOException {
        desk.sim().faults().next(Fault.duplicated());

        ApiRequest market = ApiRequest.post("/api/v3/order")
                .form("symbol", "BTCUSDT")
                .form("side", "BUY")
                .form("type", "MARKET")
                .form("quantity", "0.01")
                .form("newClientOrderId", "desk-7-000042");
        assertThat(desk.send(market).status()).isEqualTo(200);
        assertThat(desk.sim().acceptedOrders("desk-7-000042")).isEqualTo(2);
    }

    @Test
    void duplicated_nonce_isRefusedTheSecondTime() throws IOException {
        try (Desk kraken = Desk.at(KrakenSpot.VENUE)) {
            kraken.sim().faults().next(Fault.duplicated());

            assertThat(kraken.send(Desk.krakenOrder("desk-7-000042")).body()).contains("EAPI:Invalid nonce");
            assertThat(kraken.sim().acceptedOrders("desk-7-000042")).isEqualTo(1);
        }
    }

    @Test
    void closeAfterReading_doesNotExecuteAndClosesInGoodOrder() {
        desk.sim().faults().next(Fault.closeAfterReading());

        assertThatThrownBy(() -> desk.send(ORDER)).isInstanceOf(EOFException.class);
        assertThat(desk.sim().orders()).isEmpty();
        assertThat(desk.sim().received())
                .singleElement()
                .satisfies(request -> assertThat(request.body()).contains("desk-7-000042"));
    }

    @Test
    void resetBeforeReading_bodyNeverSent_resetsAllTheSame() throws IOException {
        desk.sim().faults().next(Fault.resetBeforeReading());
        try (Client other = Client.of(desk.sim())) {
            other.writeRaw("POST /api/v3/order HTTP/1.1\r\nContent-Length: 1000000\r\n\r\n", new byte[0]);

            assertThatThrownBy(other::read).isInstanceOf(IOException.class).hasStackTraceContaining("Connection reset");
        }
    }

    @Test
    void resetBeforeReading_ofAnotherPath_sparesTheBodyOfThisOne() throws IOException {
        desk.sim().faults().next(path -> path.equals("/elsewhere"), Fault.resetBeforeReading());

        assertThat(desk.send(ORDER).status()).isEqualTo(200);
    }

    @Test
    void throttledAndBanned_onVenuesWithoutABanOfTheirOwn_answer429WithTheWait() throws IOException {
        for (Venue venue : List.of(CoinbaseExchange.VENUE, Okx.VENUE)) {
            try (Desk other = Desk.at(venue)) {
                other.sim().faults().next(Fault.throttled(Duration.ofSeconds(3)), Fault.banned(Duration.ofSeconds(3)));
                for (int i = 0; i < 2; i++) {
                    Client.Reply reply = other.send(ApiRequest.get("/anything"));
                    assertThat(reply.status()).isEqualTo(429);
                    assertThat(reply.header("Retry-After")).isEqualTo("3");
                }
            }
        }
    }

    @Test
    void resetAfterReading_doesNotExecuteAndResets() {
        desk.sim().faults().next(Fault.resetAfterReading());

        assertThatThrownBy(() -> desk.send(ORDER))
                .isInstanceOf(IOException.class)
                .hasStackTraceContaining("Connection reset");
        assertThat(desk.sim().orders()).isEmpty();
        assertThat(desk.sim().received())
                .singleElement()
                .satisfies(request -> assertThat(request.body()).contains("desk-7-000042"));
    }

    @Test
    void resetBeforeReading_doesNotReadTheBodyAndResets() {
        desk.sim().faults().next(Fault.resetBeforeReading());

        assertThatThrownBy(() -> desk.send(ORDER))
                .isInstanceOf(IOException.class)
                .hasStackTraceContaining("Connection reset");
        assertThat(desk.sim().orders()).isEmpty();
        assertThat(desk.sim().received())
                .singleElement()
                .satisfies(request -> assertThat(request.body()).isEmpty());
    }

    @Test
    void slow_executesAtOnceAndAnswersLater() throws IOException {
        desk.sim().faults().next(Fault.slow(Duration.ofMillis(50)));
        long before = System.nanoTime();

        assertThat(desk.send(ORDER).status()).isEqualTo(200);
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThanOrEqualTo(Duration.ofMillis(50));
    }

    @Test
    void slow_venueClosed_endsTheWait() throws IOException {
        desk.sim().faults().next(Fault.slow(Duration.ofHours(1)));
        try (Client other = Client.of(desk.sim())) {
            other.write(desk.sign(ORDER));
            while (desk.sim().orders().isEmpty()) {
                Thread.onSpinWait();
            }
            desk.sim().close();
            assertThatThrownBy(other::read).isInstanceOf(IOException.class);
        }
    }

    @Test
    void insufficientFunds_refusesTheOrder() throws IOException {
        desk.sim().faults().next(Fault.insufficientFunds());

        assertThat(desk.send(ORDER).body()).contains("\"code\":-2010", "insufficient balance");
        assertThat(desk.sim().orders()).isEmpty();
    }

    @Test
    void next_withPath_sparesOtherAndPublicRequests() throws IOException {
        desk.sim().faults().next(path -> path.equals("/api/v3/order"), Fault.unavailable(), Fault.unavailable());

        assertThat(desk.send(ApiRequest.get("/api/v3/time")).status()).isEqualTo(200);
        assertThat(desk.send(ApiRequest.get("/api/v3/account")).status()).isEqualTo(200);
        assertThat(desk.send(ORDER).status()).isEqualTo(503);
        assertThat(desk.sim().faults().left()).isEqualTo(1);
        desk.sim().faults().clear();
        assertThat(desk.send(ORDER).status()).isEqualTo(200);
    }
}
