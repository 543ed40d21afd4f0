package io.intaglio.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.intaglio.client.NotSentException.Reason;
import io.intaglio.client.VenueException.Effect;
import io.intaglio.client.event.Event;
import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.Credential;
import io.intaglio.signing.Priority;
import io.intaglio.signing.key.KeyKind;
import io.intaglio.signing.key.SigningKey;
import io.intaglio.signing.secret.Secret;
import io.intaglio.signing.time.VenueClock;
import io.intaglio.signing.venue.BinanceSpot;
import io.intaglio.signing.venue.Bitmex;
import io.intaglio.signing.venue.Deribit;
import io.intaglio.signing.venue.KrakenSpot;
import io.intaglio.signing.venue.Venue;
import io.intaglio.testkit.VirtualClock;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said of an order when its id, its turn or its time is used up by something else. */
class CertaintyTest {
    private static final String NO_MONEY =
            RawServer.response("400 Bad Request", "", "{\"code\":-2010,\"msg\":\"Account has insufficient balance\"}");

    private final VirtualClock time = VirtualClock.at(Instant.parse("2026-03-01T12:00:00Z"));

    @TempDir
    Path folder;

    private VenueClient.Builder client(Venue venue, Credential credential) {
        return VenueClient.builder(venue)
                .credential(credential)
                .clock(VenueClock.of(time, time.ticker()))
                .sleeper(time::sleep)
                .budgets(Budgets.separate());
    }

    private static Credential credential() {
        return Credential.hmac("key-of-desk", Secret.of("c2VjcmV0".getBytes(StandardCharsets.US_ASCII)));
    }

    private static ApiRequest order(String id) {
        return ApiRequest.post("/api/v3/order")
                .form("symbol", "BTCUSDT")
                .form("side", "BUY")
                .form("type", "MARKET")
                .form("quantity", new java.math.BigDecimal("0.01"))
                .clientOrderId(id);
    }

    private OrderJournal journal() {
        return OrderJournal.open(folder.resolve("orders.jsonl"), OrderJournal.Durability.PROCESS);
    }

    private static void write(OutputStream out, String response) throws IOException {
        out.write(response.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** The second copy may be refused because the first took the money: that says nothing of the first. */
    @Test
    void send_idOfAnOrderThatIsPending_refusalLeavesItPending() throws Exception {
        AtomicInteger orders = new AtomicInteger();
        try (RawServer server = RawServer.answeringTo((request, socket, out) -> {
                    if (request.startsWith("POST") && orders.getAndIncrement() > 0) {
                        write(out, NO_MONEY);
                    } else {
                        socket.close();
                    }
                });
                OrderJournal journal = journal();
                Credential credential = credential();
                VenueClient client = client(server.at(BinanceSpot.VENUE), credential)
                        .journal(journal)
                        .timeLimit(Duration.ofSeconds(1))
                        .build()) {
            assertThatThrownBy(() -> client.send(order("mine"))).isInstanceOf(UnansweredException.class);
            assertThat(client.pending()).hasSize(1);
            assertThatThrownBy(() -> client.send(order("mine")))
                    .isInstanceOfSatisfying(
                            RejectedException.class, e -> assertThat(e.effect()).isEqualTo(Effect.NONE));
            assertThat(client.pending()).extracting(PendingOrder::clientOrderId).containsExactly("mine");
            assertThatThrownBy(() -> client.send(order("other"))).isInstanceOf(RejectedException.class);
            assertThat(client.pending()).extracting(PendingOrder::clientOrderId).containsExactly("mine");
        }
        try (OrderJournal journal = journal()) {
            assertThat(journal.pending("binance")).hasSize(1);
        }
    }

    @Test
    void notExecuted_aLaterCopyWasBegun_staysPending() {
        try (OrderJournal journal = journal()) {
            PendingOrder first = pending("binance", "a");
            PendingOrder second = pending("binance", "a");
            assertThat(journal.begin(first)).isNull();
            assertThat(journal.begin(second)).isSameAs(first);
            journal.notExecuted(first);
            assertThat(journal.pending("binance")).hasSize(1);
            journal.notExecuted(second);
            assertThat(journal.pending("binance")).isEmpty();
        }
    }

    /** As both legs of an arbitrage may be called. */
    @Test
    void end_sameIdAtTwoVenues_endsItsOwn() {
        try (OrderJournal journal = journal()) {
            journal.begin(pending("binance", "leg-1"));
            journal.begin(pending("kraken", "leg-1"));
            journal.end("kraken", "leg-1", "ACCEPTED");
            assertThat(journal.pending("kraken")).isEmpty();
        }
        try (OrderJournal journal = journal()) {
            assertThat(journal.pending("binance")).hasSize(1);
            assertThat(journal.pending("kraken")).isEmpty();
        }
    }

    private PendingOrder pending(String venue, String id) {
        return new PendingOrder(id, venue, time.instant(), null, java.util.List.of());
    }

    /** The time goes by after the last look at it: at a far key here, at a disk or a clock elsewhere. */
    @Test
    void send_timeIsUsedUpWhileSigning_isNotSentButACancelIs() throws Exception {
        SigningKey far = SigningKey.remote("far", KeyKind.ED25519, (algorithm, data) -> {
            time.advance(Duration.ofMillis(1_960));
            return new byte[64];
        });
        try (RawServer server = RawServer.answering(RawServer.ok("{\"orderId\":1}"));
                OrderJournal journal = journal();
                Credential credential = Credential.of("key-of-desk", far);
                VenueClient client = client(server.at(BinanceSpot.VENUE), credential)
                        .journal(journal)
                        .timeLimit(Duration.ofSeconds(2))
                        .build()) {
            client.warmUp(1);
            assertThatThrownBy(() -> client.send(order("mine")))
                    .isInstanceOfSatisfying(
                            NotSentException.class, e -> assertThat(e.reason()).isEqualTo(Reason.TIME_LIMIT))
                    .hasMessageContaining("only 40 ms are left, too little for an answer");
            assertThat(server.requests()).isEmpty();
            assertThat(client.pending()).isEmpty();
            try {
                client.send(ApiRequest.delete("/api/v3/order").query("origClientOrderId", "mine"));
            } catch (UnansweredException sentAllTheSame) {
                assertThat(sentAllTheSame).hasMessageContaining("DELETE /api/v3/order was sent to binance");
            }
            Awaitility.await().until(() -> server.requests().size() == 1);
        }
    }

    /** An order stays one, whatever the caller says of its priority. */
    @Test
    void send_urgentOrderWhoseIdWasUsed_mayHaveActed() throws Exception {
        String used = RawServer.response("400 Bad Request", "", "{\"code\":-2010,\"msg\":\"Duplicate order sent.\"}");
        try (RawServer server = RawServer.answering(used);
                Credential credential = credential();
                VenueClient client =
                        client(server.at(BinanceSpot.VENUE), credential).build()) {
            assertThatThrownBy(() -> client.send(order("mine").priority(Priority.RISK_REDUCING)))
                    .isInstanceOfSatisfying(
                            RejectedException.class, e -> assertThat(e.effect()).isEqualTo(Effect.UNKNOWN));
        }
    }

    @Test
    void send_listenerCancelsWithTheSameKey_findsTheTurnFree() throws Exception {
        AtomicInteger heard = new AtomicInteger();
        AtomicReference<VenueClient> self = new AtomicReference<>();
        try (RawServer server = RawServer.answering(RawServer.ok("{\"error\":[],\"result\":{\"txid\":[\"O1\"]}}"));
                Credential credential = credential();
                VenueClient client = client(server.at(KrakenSpot.VENUE), credential)
                        .listener(event -> {
                            if (event instanceof Event.AttemptEnded && heard.getAndIncrement() == 0) {
                                self.get()
                                        .send(ApiRequest.post("/0/private/CancelOrder")
                                                .form("txid", "O1")
                                                .timeLimit(Duration.ofMillis(500)));
                            }
                        })
                        .build()) {
            self.set(client);
            client.send(ApiRequest.post("/0/private/AddOrder").form("pair", "XBTUSD"));
            assertThat(server.requests()).hasSize(2);
        }
    }

    @Test
    void close_callWaitsForALimit_endsIt() throws Exception {
        closesWhenItRests("60", Duration.ofMinutes(10), client -> {
            assertThatThrownBy(
                            () -> client.send(ApiRequest.get("/api/v3/account").timeLimit(Duration.ofSeconds(30))))
                    .isInstanceOf(ThrottledException.class);
            assertThatThrownBy(() -> client.send(ApiRequest.get("/api/v3/account")))
                    .isInstanceOfSatisfying(
                            NotSentException.class, e -> assertThat(e.reason()).isEqualTo(Reason.CLOSED))
                    .hasMessageContaining("the client is closed");
        });
    }

    @Test
    void close_callWaitsToTryAgain_endsIt() throws Exception {
        closesWhenItRests(
                "20",
                Duration.ofSeconds(30),
                client -> assertThatThrownBy(() -> client.send(ApiRequest.get("/api/v3/account")))
                        .isInstanceOfSatisfying(
                                NotSentException.class,
                                e -> assertThat(e.reason()).isEqualTo(Reason.CLOSED)));
    }

    /** A client that is closed as soon as it rests, at a venue that asks each call to wait: nothing more is sent, and no longer waited than a slice. */
    private void closesWhenItRests(String retryAfter, Duration limit, Consumer<VenueClient> calls) throws Exception {
        AtomicReference<VenueClient> self = new AtomicReference<>();
        String wait =
                RawServer.response("429 Too Many Requests", "Retry-After: " + retryAfter + "\r\n", "{\"code\":-1003}");
        try (RawServer server = RawServer.answering(wait);
                Credential credential = credential();
                VenueClient client = client(server.at(BinanceSpot.VENUE), credential)
                        .timeLimit(limit)
                        .sleeper(pause -> {
                            self.get().close();
                            time.sleep(pause);
                        })
                        .build()) {
            self.set(client);
            Instant begun = time.instant();
            calls.accept(client);
            assertThat(Duration.between(begun, time.instant())).isLessThan(Duration.ofSeconds(2));
            assertThat(server.requests()).hasSize(1);
        }
    }

    /** The stream may tell of the earlier order of that id, and only the caller can tell the two apart. */
    @Test
    void confirm_idWasUsedBefore_isNoYesToThisOrder() throws Exception {
        AtomicReference<VenueClient> self = new AtomicReference<>();
        try (RawServer server = RawServer.answering((number, socket, out) -> {
                    self.get().confirm("mine", "{\"X\":\"FILLED\"}");
                    write(
                            out,
                            RawServer.response(
                                    "400 Bad Request", "", "{\"code\":-2010,\"msg\":\"Duplicate order sent.\"}"));
                });
                Credential credential = credential();
                VenueClient client =
                        client(server.at(BinanceSpot.VENUE), credential).build()) {
            self.set(client);
            assertThatThrownBy(() -> client.send(order("mine")))
                    .isInstanceOfSatisfying(
                            RejectedException.class, e -> assertThat(e.effect()).isEqualTo(Effect.UNKNOWN));
        }
    }

    /** A token has no timestamp by which a late copy would be refused. */
    @Test
    void reconcile_orderByToken_isNeverProvedAbsent() throws Exception {
        assertThat(Deribit.VENUE.window()).isPresent();
        Venue venue = Deribit.VENUE.withAccessTokens();
        assertThat(venue.window()).isEmpty();
        AtomicInteger orders = new AtomicInteger();
        try (RawServer server = RawServer.answeringTo((request, socket, out) -> {
                    if (request.contains("/public/auth")) {
                        write(out, RawServer.ok("{\"result\":{\"access_token\":\"t\",\"expires_in\":900}}"));
                    } else if (request.contains("/private/buy")) {
                        orders.incrementAndGet();
                        socket.close();
                    } else {
                        write(out, RawServer.ok("{\"result\":[]}"));
                    }
                });
                OrderJournal journal = journal();
                Credential credential = credential();
                VenueClient client = client(server.at(venue), credential)
                        .journal(journal)
                        .timeLimit(Duration.ofMinutes(3))
                        .build()) {
            assertThatThrownBy(() -> client.send(ApiRequest.get("/api/v2/private/buy")
                            .query("instrument_name", "BTC-PERPETUAL")
                            .query("amount", "10")
                            .query("type", "market")
                            .clientOrderId("mine")))
                    .isInstanceOf(UnansweredException.class);
            assertThat(orders).hasValue(1);
            assertThat(client.pending()).hasSize(1);
        }
    }

    /** A refusal in the venue's own words, of which it is not said whether anything was executed before: the caller decides. */
    @Test
    void send_venueSaysItsDeadlinePassed_absentOrderIsNotPlacedAgain() throws Exception {
        AtomicInteger orders = new AtomicInteger();
        atKraken(
                "EService:Deadline elapsed",
                orders,
                client -> assertThatThrownBy(() -> client.send(krakenOrder()))
                        .isInstanceOfSatisfying(
                                NotSentException.class,
                                e -> assertThat(e.reason()).isEqualTo(Reason.ABSENT)));
        assertThat(orders).hasValue(1);
    }

    /** The next attempt has a higher nonce, and no earlier copy stands at the venue. */
    @Test
    void send_nonceIsRefused_absentOrderIsPlacedAgain() throws Exception {
        AtomicInteger orders = new AtomicInteger();
        atKraken(
                "EAPI:Invalid nonce",
                orders,
                client -> assertThat(client.send(krakenOrder()).attempts()).isEqualTo(2));
        assertThat(orders).hasValue(2);
    }

    private static ApiRequest krakenOrder() {
        return ApiRequest.post("/0/private/AddOrder")
                .form("pair", "XBTUSD")
                .form("type", "buy")
                .form("ordertype", "market")
                .form("volume", new java.math.BigDecimal("0.1"));
    }

    /** Refuses the first order so, and knows of none. */
    private void atKraken(String refusal, AtomicInteger orders, Consumer<VenueClient> calls) throws Exception {
        try (RawServer server = RawServer.answeringTo((request, socket, out) -> {
                    if (!request.contains("/AddOrder")) {
                        write(out, RawServer.ok("{\"error\":[],\"result\":{\"open\":{},\"closed\":{}}}"));
                    } else if (orders.getAndIncrement() == 0) {
                        write(out, RawServer.ok("{\"error\":[\"" + refusal + "\"]}"));
                    } else {
                        write(out, RawServer.ok("{\"error\":[],\"result\":{\"txid\":[\"O1\"]}}"));
                    }
                });
                OrderJournal journal = journal();
                Credential credential = credential();
                VenueClient client = client(server.at(KrakenSpot.VENUE), credential)
                        .journal(journal)
                        .build()) {
            calls.accept(client);
            assertThat(client.pending()).isEmpty();
        }
    }

    @Test
    void open_journalWhoseLinesNameNoVenue_isRead() throws Exception {
        try (OrderJournal journal = journal()) {
            journal.begin(pending("binance", "a"));
            journal.begin(pending("binance", "b"));
        }
        java.nio.file.Files.writeString(
                folder.resolve("orders.jsonl"),
                "{\"done\":\"a\",\"as\":\"ACCEPTED\"}\n",
                java.nio.file.StandardOpenOption.APPEND);
        try (OrderJournal journal = journal()) {
            assertThat(journal.pending("binance"))
                    .extracting(PendingOrder::clientOrderId)
                    .containsExactly("b");
        }
    }

    /** A venue of which nobody knows how to ask: the stream's word is all that there is. */
    @Test
    void confirm_venueWithoutAQuestion_endsTheCall() throws Exception {
        AtomicReference<VenueClient> self = new AtomicReference<>();
        assertThat(Bitmex.VENUE.orderQuery()).isEmpty();
        try (RawServer server = RawServer.answering((number, socket, out) -> {
                    self.get().confirm("mine", "{\"ordStatus\":\"New\"}");
                    socket.close();
                });
                OrderJournal journal = journal();
                Credential credential = credential();
                VenueClient client = client(server.at(Bitmex.VENUE), credential)
                        .journal(journal)
                        .build()) {
            self.set(client);
            VenueResponse response = client.send(
                    ApiRequest.post("/api/v1/order").json("symbol", "XBTUSD").clientOrderId("mine"));
            assertThat(response.isReconciled()).isTrue();
            assertThat(response.at("/ordStatus")).contains("New");
            assertThat(server.requests()).hasSize(1);
            assertThat(client.pending()).isEmpty();
        }
    }
}
