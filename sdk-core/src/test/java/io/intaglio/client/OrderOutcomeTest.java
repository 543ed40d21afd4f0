package io.intaglio.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.intaglio.client.OrderJournal.Durability;
import io.intaglio.client.VenueException.Effect;
import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.Credential;
import io.intaglio.signing.secret.Secret;
import io.intaglio.signing.time.VenueClock;
import io.intaglio.signing.venue.Bybit;
import io.intaglio.signing.venue.Meaning;
import io.intaglio.signing.venue.Okx;
import io.intaglio.signing.venue.Venue;
import io.intaglio.testkit.VirtualClock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a client makes of a venue's words about an order, the words being those of the venue's documentation. Waits pass on a virtual clock. */
class OrderOutcomeTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    private final VirtualClock time = VirtualClock.at(NOON);
    private final List<AutoCloseable> open = new ArrayList<>();

    @TempDir
    Path folder;

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable resource : open) {
            resource.close();
        }
    }

    /** @param answers gives the whole answer to a request's first line */
    private RawServer serve(Function<String, String> answers) {
        RawServer server = RawServer.answeringTo((request, socket, out) -> {
            String line = request.lines().findFirst().orElseThrow();
            out.write(answers.apply(line).getBytes(StandardCharsets.UTF_8));
        });
        open.add(server);
        return server;
    }

    private VenueClient client(RawServer server, Venue venue) {
        OrderJournal journal = OrderJournal.open(folder.resolve("orders.jsonl"), Durability.PROCESS);
        VenueClient client = VenueClient.builder(server.at(venue).withoutLimits())
                .credential(Credential.hmac("key-id-0123456789", secret()).with("passphrase", secret()))
                .clock(VenueClock.of(time, time.ticker()))
                .sleeper(time::sleep)
                .timeLimit(Duration.ofSeconds(30))
                .journal(journal)
                .build();
        open.add(client);
        open.add(journal);
        return client;
    }

    private static Secret secret() {
        return Secret.takeOver("c2VjcmV0LXNlY3JldA==".getBytes(StandardCharsets.UTF_8));
    }

    private String okxTime() {
        return RawServer.ok(
                "{\"code\":\"0\",\"data\":[{\"ts\":\"" + time.instant().toEpochMilli() + "\"}]}");
    }

    private static ApiRequest okxOrder() {
        return ApiRequest.post("/api/v5/trade/order")
                .json("instId", "BTC-USDT")
                .json("tdMode", "cash")
                .json("side", "buy")
                .json("ordType", "market")
                .json("sz", "100")
                .clientOrderId("mine");
    }

    /** "API endpoint request timeout (does not mean that the request was successful or failed, please check the request result)" */
    private static String okxTimeout() {
        return RawServer.response(
                "400 Bad Request", "", "{\"code\":\"50004\",\"msg\":\"API endpoint request timeout.\",\"data\":[]}");
    }

    @Test
    void send_okxTimesOutOverAnOrderThatItExecuted_isFound() {
        RawServer server = serve(line -> line.startsWith("POST")
                ? okxTimeout()
                : line.contains("/public/time")
                        ? okxTime()
                        : RawServer.ok("{\"code\":\"0\",\"data\":[{\"ordId\":\"7\",\"clOrdId\":\"mine\"}]}"));
        VenueClient client = client(server, Okx.VENUE);
        VenueResponse response = client.send(okxOrder());
        assertThat(response.isReconciled()).isTrue();
        assertThat(response.at("/data/0/ordId")).contains("7");
        assertThat(client.pending()).isEmpty();
        assertThat(server.requests())
                .filteredOn(request -> request.startsWith("POST"))
                .hasSize(1);
    }

    @Test
    void send_okxTimesOutOverTheOrderAndTheQuestion_staysUnknownAndPending() {
        RawServer server = serve(line -> line.contains("/public/time") ? okxTime() : okxTimeout());
        VenueClient client = client(server, Okx.VENUE);
        assertThatThrownBy(() -> client.send(okxOrder())).isInstanceOfSatisfying(RejectedException.class, e -> {
            assertThat(e.effect()).isEqualTo(Effect.UNKNOWN);
            assertThat(e.meaning()).contains(Meaning.UNKNOWN_OUTCOME);
            assertThat(e.remedy()).isEqualTo(VenueException.Remedy.RECONCILE);
        });
        assertThat(client.pending()).extracting(PendingOrder::clientOrderId).containsExactly("mine");
        assertThat(server.requests())
                .filteredOn(request -> request.startsWith("POST"))
                .hasSize(1);
    }

    @Test
    void send_orderIsRedirected_isNotFollowedAndStaysUnknownAndPending() {
        RawServer server = serve(line -> line.contains("/public/time")
                ? okxTime()
                : RawServer.response("302 Found", "Location: http://127.0.0.1:1/elsewhere\r\n", ""));
        VenueClient client = client(server, Okx.VENUE);
        assertThatThrownBy(() -> client.send(okxOrder()))
                .isInstanceOfSatisfying(
                        RejectedException.class, e -> assertThat(e.effect()).isEqualTo(Effect.UNKNOWN))
                .hasMessageContaining("HTTP 302");
        assertThat(client.pending()).extracting(PendingOrder::clientOrderId).containsExactly("mine");
    }

    private static ApiRequest bybitOrder() {
        return ApiRequest.post("/v5/order/create")
                .json("category", "linear")
                .json("symbol", "BTCUSDT")
                .json("side", "Buy")
                .json("orderType", "Market")
                .json("qty", "0.01")
                .clientOrderId("mine");
    }

    /** @param realtime and history: the orders that each place tells of */
    private RawServer bybit(String realtime, String history) {
        return serve(line -> {
            if (line.startsWith("POST")) {
                return RawServer.ok("{\"retCode\":10000,\"retMsg\":\"Server Timeout\",\"result\":{}}");
            }
            if (line.contains("/v5/market/time")) {
                return RawServer.ok("{\"retCode\":0,\"time\":" + time.instant().toEpochMilli() + "}");
            }
            assertThat(line).contains("category=linear").contains("orderLinkId=mine");
            String list = line.contains("/v5/order/realtime") ? realtime : history;
            return RawServer.ok("{\"retCode\":0,\"retMsg\":\"OK\",\"result\":{\"list\":[" + list + "]}}");
        });
    }

    /** "If the Bybit service is restarted due to an update, this part of the data will be cleared" */
    @Test
    void send_bybitRestartsAndForgetsTheFilledOrder_isFoundInItsHistory() {
        RawServer server = bybit("", "{\"orderId\":\"7\",\"orderStatus\":\"Filled\"}");
        VenueResponse response = client(server, Bybit.VENUE).send(bybitOrder());
        assertThat(response.isReconciled()).isTrue();
        assertThat(response.at("/result/list/0/orderStatus")).contains("Filled");
        assertThat(server.requests())
                .filteredOn(request -> request.startsWith("POST"))
                .hasSize(1);
    }

    @Test
    void reconcile_bothPlacesSayNone_isAbsentOnceItCouldNoLongerBeAccepted() {
        RawServer server = bybit("", "");
        assertThat(client(server, Bybit.VENUE).reconcile(bybitOrder()).state()).isEqualTo(OrderOutcome.State.ABSENT);
        assertThat(Duration.between(NOON, time.instant())).isBetween(Duration.ofSeconds(10), Duration.ofSeconds(15));
        assertThat(server.requests())
                .anyMatch(request -> request.startsWith("GET /v5/order/history"))
                .anyMatch(request -> request.startsWith("GET /v5/order/realtime"));
    }

    private static PendingOrder pending(Instant sentAt) {
        return new PendingOrder(
                "mine",
                "bybit",
                sentAt,
                Duration.ofSeconds(5),
                Bybit.VENUE.orderQuery().orElseThrow().about(bybitOrder(), "mine"));
    }

    @Test
    void reconcile_orderThatTheVenueMayHaveForgotten_isUnknownAtOnceAndSaysWhy() {
        RawServer server = bybit("", "");
        Instant sentAt = NOON.minus(Duration.ofDays(7)).minusSeconds(1);
        OrderOutcome outcome = client(server, Bybit.VENUE).reconcile(pending(sentAt));
        assertThat(outcome.state()).isEqualTo(OrderOutcome.State.UNKNOWN);
        assertThat(outcome.reason())
                .contains("bybit is known to tell of an order for 168 hours, and this one was sent at"
                        + " 2026-02-22T11:59:59Z, so that it is not found proves nothing; look it up by hand,"
                        + " among the trades of that time too");
        assertThat(outcome)
                .hasToString("order mine is UNKNOWN: " + outcome.reason().orElseThrow());
        assertThat(server.requests())
                .filteredOn(request -> request.startsWith("GET /v5/order/"))
                .hasSize(2);
    }

    @Test
    void reconcile_orderOlderThanTheRetention_isFoundIfItIsThere() {
        assertThat(client(bybit("", "{\"orderId\":\"7\"}"), Bybit.VENUE)
                        .reconcile(pending(NOON.minus(Duration.ofDays(30))))
                        .state())
                .isEqualTo(OrderOutcome.State.PRESENT);
    }

    @Test
    void reconcile_orderOfDaysAgoWithinTheRetention_isAbsent() {
        assertThat(client(bybit("", ""), Bybit.VENUE)
                        .reconcile(pending(NOON.minus(Duration.ofDays(6))))
                        .state())
                .isEqualTo(OrderOutcome.State.ABSENT);
    }

    /** A journal of a version that asked in one place only. */
    @Test
    void reconcile_orderWithFewerQuestionsThanTheProofNeeds_isNotAbsent() {
        PendingOrder whole = pending(NOON);
        PendingOrder old = new PendingOrder(
                "mine", "bybit", NOON, whole.acceptedFor(), whole.questions().subList(0, 1));
        assertThat(client(bybit("", ""), Bybit.VENUE).reconcile(old).state()).isEqualTo(OrderOutcome.State.UNKNOWN);
    }
}
