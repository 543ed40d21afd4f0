package io.intaglio.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.Moment;
import io.intaglio.signing.venue.BinanceSpot;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BinanceVenueTest {
    private static final ApiRequest ACCOUNT = ApiRequest.get("/api/v3/account");

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
    void account_signed_tellsBalancesDateAndWeight() throws IOException {
        desk.sim().balance("BTC", new BigDecimal("1.50"));

        Client.Reply reply = desk.send(ACCOUNT);

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.body()).contains("{\"asset\":\"BTC\",\"free\":\"1.50\",\"locked\":\"0.00000000\"}");
        assertThat(reply.header("Date")).isEqualTo("Sun, 01 Mar 2026 12:00:00 GMT");
        assertThat(reply.header("X-MBX-USED-WEIGHT-1M")).isEqualTo("20");
    }

    @Test
    void account_signedWithEd25519_isAccepted() throws IOException {
        assertThat(desk.send(ACCOUNT, desk.sim().ed25519Credential()).status()).isEqualTo(200);
    }

    @Test
    void account_wrongSecret_isRefusedWithMinus1022() throws IOException {
        Client.Reply reply = desk.send(ACCOUNT, desk.sim().wrongCredential());

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.body()).contains("\"code\":-1022");
    }

    @Test
    void account_unknownKey_isRefusedWithMinus2015() throws IOException {
        try (SimulatedVenue other = SimulatedVenue.start(BinanceSpot.VENUE)) {
            Client.Reply reply = desk.send(ACCOUNT, other.credential());

            assertThat(reply.status()).isEqualTo(401);
            assertThat(reply.body()).contains("\"code\":-2015");
        }
    }

    @Test
    void account_timestampAtEdgesOfWindow_isAcceptedInsideAndRefusedOutside() throws IOException {
        assertThat(desk.sendLate(ACCOUNT, Duration.ofSeconds(5)).status()).isEqualTo(200);
        assertThat(desk.sendLate(ACCOUNT, Duration.ofMillis(5001)).body()).contains("\"code\":-1021");
        assertThat(desk.sendLate(ACCOUNT, Duration.ofMillis(-999)).status()).isEqualTo(200);
        assertThat(desk.sendLate(ACCOUNT, Duration.ofSeconds(-1)).body()).contains("\"code\":-1021");
    }

    @Test
    void account_widerReceiveWindow_acceptsAnOlderTimestamp() throws IOException {
        ApiRequest patient = ACCOUNT.attribute("recvWindow", "60000");

        assertThat(desk.sendLate(patient, Duration.ofSeconds(60)).status()).isEqualTo(200);
        assertThat(desk.send(ACCOUNT.attribute("recvWindow", "60001")).body()).contains("\"code\":-1131");
    }

    @Test
    void skew_changedAtRunTime_movesTimeEndpointDateAndWindow() throws IOException {
        desk.sim().skew(Duration.ofSeconds(30));

        Client.Reply time = desk.send(ApiRequest.get("/api/v3/time"));

        assertThat(time.body())
                .isEqualTo("{\"serverTime\":" + Desk.NOON.plusSeconds(30).toEpochMilli() + "}");
        assertThat(time.header("Date")).isEqualTo("Sun, 01 Mar 2026 12:00:30 GMT");
        assertThat(desk.send(ACCOUNT).body()).contains("\"code\":-1021");
    }

    @Test
    void order_placedQueriedCancelled_isKept() throws IOException {
        Client.Reply placed = desk.send(Desk.binanceOrder("desk-7-000042"));

        assertThat(placed.status()).isEqualTo(200);
        assertThat(placed.body()).contains("\"clientOrderId\":\"desk-7-000042\"", "\"status\":\"NEW\"");
        assertThat(placed.header("X-MBX-ORDER-COUNT-10S")).isEqualTo("1");
        assertThat(desk.send(Desk.binanceQuery("desk-7-000042")).body()).contains("\"price\":\"37500.10\"");
        ApiRequest cancel = ApiRequest.delete("/api/v3/order")
                .query("symbol", "BTCUSDT")
                .query("origClientOrderId", "desk-7-000042");
        assertThat(desk.send(cancel).body()).contains("\"status\":\"CANCELED\"");
        assertThat(desk.send(cancel).body()).contains("\"code\":-2011");
        assertThat(desk.sim().orders()).singleElement().satisfies(order -> {
            assertThat(order.state()).isEqualTo(PlacedOrder.State.CANCELLED);
            assertThat(order.placedAt()).isEqualTo(Desk.NOON);
            assertThat(order.fields()).containsEntry("quantity", "0.01").doesNotContainKey("signature");
        });
    }

    @Test
    void order_sameClientIdWhileOpen_isRefusedAndOnceFilledIsPlacedTwice() throws IOException {
        desk.send(Desk.binanceOrder("desk-7-000042"));

        Client.Reply duplicate = desk.send(Desk.binanceOrder("desk-7-000042"));

        assertThat(duplicate.status()).isEqualTo(400);
        assertThat(duplicate.body()).isEqualTo("{\"code\":-2010,\"msg\":\"Duplicate order sent.\"}");
        desk.sim().fill(desk.sim().orders().get(0).id());
        assertThat(desk.send(Desk.binanceOrder("desk-7-000042")).status()).isEqualTo(200);
        assertThat(desk.sim().acceptedOrders("desk-7-000042")).isEqualTo(2);
    }

    @Test
    void query_unknownOrder_isRefusedWithMinus2013() throws IOException {
        assertThat(desk.send(Desk.binanceQuery("never-sent")).body()).contains("\"code\":-2013");
    }

    @Test
    void query_beforeVisibilityDelay_doesNotFindTheOrder() throws IOException {
        VirtualClock clock = desk.clock();
        try (SimulatedVenue sim = SimulatedVenue.of(BinanceSpot.VENUE)
                        .clock(clock)
                        .visibilityDelay(Duration.ofSeconds(1))
                        .start();
                Client client = Client.of(sim)) {
            var scheme = sim.venue().scheme();
            client.send(scheme.sign(Desk.binanceOrder("slow-to-show"), sim.credential(), Moment.at(clock.instant())));
            assertThat(client.send(scheme.sign(
                                    Desk.binanceQuery("slow-to-show"), sim.credential(), Moment.at(clock.instant())))
                            .body())
                    .contains("\"code\":-2013");
            clock.advance(Duration.ofSeconds(1));
            assertThat(client.send(scheme.sign(
                                    Desk.binanceQuery("slow-to-show"), sim.credential(), Moment.at(clock.instant())))
                            .status())
                    .isEqualTo(200);
        }
    }

    @Test
    void budget_spent_throttlesThenBansThenForgives() throws IOException {
        Budget small = Budget.generous().withRequests(40, Duration.ofMinutes(1)).withBan(2, Duration.ofMinutes(2));
        try (Desk busy = Desk.at(BinanceSpot.VENUE, small)) {
            busy.clock().advance(Duration.ofMillis(45_500));
            assertThat(busy.send(ACCOUNT).status()).isEqualTo(200);
            assertThat(busy.send(ACCOUNT).header("X-MBX-USED-WEIGHT-1M")).isEqualTo("40");

            Client.Reply throttled = busy.send(ACCOUNT);
            assertThat(throttled.status()).isEqualTo(429);
            assertThat(throttled.header("Retry-After")).isEqualTo("15");
            assertThat(throttled.body()).contains("\"code\":-1003");
            assertThat(busy.send(ACCOUNT).status()).isEqualTo(429);

            Client.Reply banned = busy.send(ACCOUNT);
            assertThat(banned.status()).isEqualTo(418);
            assertThat(banned.header("Retry-After")).isEqualTo("120");
            assertThat(banned.body()).contains("IP banned until");

            busy.clock().advance(Duration.ofSeconds(119));
            assertThat(busy.send(ApiRequest.get("/api/v3/ping")).header("Retry-After"))
                    .isEqualTo("1");
            busy.clock().advance(Duration.ofSeconds(1));
            assertThat(busy.send(ACCOUNT).status()).isEqualTo(200);
        }
    }

    @Test
    void orders_fromSixteenConnectionsAtOnce_areAllKeptOnce() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(16);
        try {
            List<Callable<Integer>> desks = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                int number = i;
                desks.add(() -> placeTwentyOrders(number));
            }
            for (Future<Integer> refused : threads.invokeAll(desks)) {
                assertThat(refused.get()).isZero();
            }
        } finally {
            threads.shutdownNow();
        }

        assertThat(desk.sim().orders())
                .hasSize(320)
                .extracting(PlacedOrder::clientOrderId)
                .doesNotHaveDuplicates();
        assertThat(desk.sim().orders()).extracting(PlacedOrder::id).doesNotHaveDuplicates();
    }

    private int placeTwentyOrders(int thread) throws IOException {
        int refused = 0;
        try (Client client = Client.of(desk.sim())) {
            for (int i = 0; i < 20; i++) {
                Client.Reply reply = client.send(desk.sign(Desk.binanceOrder("t" + thread + "-" + i)));
                refused += reply.status() == 200 ? 0 : 1;
            }
        }
        return refused;
    }

    @Test
    void orders_overTheCount_areRefusedWithMinus1015AndNotPlaced() throws IOException {
        try (Desk busy = Desk.at(BinanceSpot.VENUE, Budget.generous().withOrders(1, Duration.ofSeconds(10)))) {
            busy.send(Desk.binanceOrder("first"));

            Client.Reply refused = busy.send(Desk.binanceOrder("second"));

            assertThat(refused.status()).isEqualTo(429);
            assertThat(refused.body()).contains("\"code\":-1015");
            assertThat(busy.sim().orders()).hasSize(1);
        }
    }
}
