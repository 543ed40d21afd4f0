package io.intaglio.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.venue.BinanceSpot;
import io.intaglio.signing.venue.CoinbaseExchange;
import io.intaglio.signing.venue.KrakenSpot;
import io.intaglio.signing.venue.Okx;
import io.intaglio.signing.venue.Venue;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a client that lost an answer can ask each venue: the order by its client order id, the list of open orders, the time. */
class VisibilityTest {
    private static final String UUID = "1822e338-8e16-4740-a998-fcc33dcfc443";

    private record Recipe(
            Venue venue, String id, ApiRequest order, ApiRequest query, ApiRequest open, ApiRequest time) {
        @Override
        public String toString() {
            return venue.name();
        }
    }

    static List<Recipe> recipes() {
        return List.of(
                new Recipe(
                        BinanceSpot.VENUE,
                        "desk-7-000042",
                        Desk.binanceOrder("desk-7-000042"),
                        Desk.binanceQuery("desk-7-000042"),
                        ApiRequest.get("/api/v3/openOrders"),
                        ApiRequest.get("/api/v3/time")),
                new Recipe(
                        KrakenSpot.VENUE,
                        "desk-7-000042",
                        Desk.krakenOrder("desk-7-000042"),
                        ApiRequest.post("/0/private/OpenOrders").form("cl_ord_id", "desk-7-000042"),
                        ApiRequest.post("/0/private/OpenOrders"),
                        ApiRequest.get("/0/public/Time")),
                new Recipe(
                        CoinbaseExchange.VENUE,
                        UUID,
                        Desk.coinbaseOrder(UUID),
                        ApiRequest.get("/orders/client:" + UUID),
                        ApiRequest.get("/orders"),
                        ApiRequest.get("/time")),
                new Recipe(
                        Okx.VENUE,
                        "desk7000042",
                        Desk.okxOrder("desk7000042"),
                        ApiRequest.get("/api/v5/trade/order")
                                .query("instId", "BTC-USDT")
                                .query("clOrdId", "desk7000042"),
                        ApiRequest.get("/api/v5/trade/orders-pending"),
                        ApiRequest.get("/api/v5/public/time")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("recipes")
    void order_isFoundOnlyAfterTheDelayAndListedOnlyWhileOpen(Recipe recipe) throws IOException {
        try (Desk desk = Desk.with(recipe.venue, settings -> settings.visibilityDelay(Duration.ofSeconds(2)))) {
            desk.send(recipe.order);
            assertThat(desk.sim().acceptedOrders(recipe.id)).isEqualTo(1);

            assertThat(desk.send(recipe.query).body()).doesNotContain("37500");
            assertThat(desk.send(recipe.open).body()).doesNotContain(recipe.id);
            desk.clock().advance(Duration.ofSeconds(2));
            assertThat(desk.send(recipe.query).body()).contains(recipe.id, "37500");
            assertThat(desk.send(recipe.open).body()).contains(recipe.id);

            desk.sim().fill(desk.sim().orders().get(0).id());
            assertThat(desk.send(recipe.open).body()).doesNotContain(recipe.id);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("recipes")
    void time_needsNoKeyAndIsTheVenues(Recipe recipe) throws IOException {
        try (Desk desk = Desk.with(recipe.venue, settings -> settings.skew(Duration.ofSeconds(-3)));
                Client client = Client.of(desk.sim())) {
            client.writeRaw("GET " + recipe.time.path() + " HTTP/1.1\r\nHost: x\r\n\r\n", new byte[0]);
            Client.Reply reply = client.read();

            assertThat(reply.body())
                    .contains(Long.toString(Desk.NOON.minusSeconds(3).getEpochSecond()));
            assertThat(reply.header("Date")).isEqualTo("Sun, 01 Mar 2026 11:59:57 GMT");
        }
    }
}
