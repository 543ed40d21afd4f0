package io.intaglio.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.intaglio.client.event.Event;
import io.intaglio.client.tls.Tls;
import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.Credential;
import io.intaglio.signing.secret.Secret;
import io.intaglio.signing.time.VenueClock;
import io.intaglio.signing.venue.BinanceSpot;
import io.intaglio.signing.venue.KrakenSpot;
import io.intaglio.signing.venue.Limit;
import io.intaglio.signing.venue.Venue;
import io.intaglio.testkit.Budget;
import io.intaglio.testkit.SimulatedVenue;
import io.intaglio.testkit.VirtualClock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Limits over a whole client: read from the venue, kept over a restart, by the age of orders, and connections left to orders. */
class LimitsTest {
    private final VirtualClock time = VirtualClock.at(Instant.parse("2026-03-01T12:00:00Z"));

    @TempDir
    Path folder;

    private VenueClient.Builder client(SimulatedVenue sim, Venue venue, Credential credential) {
        return VenueClient.builder(venue)
                .credential(credential)
                .tls(Tls.builder().trust(sim.trustAnchor()).build())
                .clock(VenueClock.of(time, time.ticker()))
                .sleeper(time::sleep)
                .timeLimit(Duration.ofMinutes(2))
                .budgets(Budgets.separate());
    }

    @Test
    void readLimits_venueTellsAnotherCapacity_itIsKept() {
        List<Event> events = new ArrayList<>();
        Budget budget =
                Budget.generous().withRequests(300, Duration.ofMinutes(1)).withOrders(7, Duration.ofSeconds(10));
        try (SimulatedVenue sim = SimulatedVenue.of(BinanceSpot.VENUE)
                        .clock(time)
                        .budget(budget)
                        .start();
                Credential credential = sim.credential();
                VenueClient client = client(sim, BinanceSpot.VENUE.at(sim.uri()), credential)
                        .listener(events::add)
                        .build()) {
            client.readLimits();
            assertThat(client.budget().standings())
                    .extracting(standing -> standing.limit() + " " + standing.capacity())
                    .containsExactly("request weight 300", "orders in 10 s 7", "orders in a day 200000");
            assertThat(events)
                    .filteredOn(event -> event instanceof Event.LimitsRead)
                    .containsExactly(new Event.LimitsRead(
                            "binance",
                            Map.of("request weight", 300L, "orders in 10 s", 7L),
                            List.of("RAW_REQUESTS MINUTE 5: 61000")));
            int sent = 0;
            while (client.budget()
                    .untilFits(ApiRequest.get("/api/v3/account"))
                    .orElseThrow()
                    .isZero()) {
                client.send(ApiRequest.get("/api/v3/account"));
                sent++;
            }
            assertThat(sent)
                    .as("of 20 units each, beside the question's 20 and what is kept")
                    .isBetween(10, 14);
            assertThat(sim.received()).hasSize(sent + 1);
        }
    }

    @Test
    void readLimits_venueThatDoesNotTell_saysSo() {
        try (SimulatedVenue sim =
                        SimulatedVenue.of(KrakenSpot.VENUE).clock(time).start();
                Credential credential = sim.credential();
                VenueClient client = client(sim, sim.venue(), credential).build()) {
            assertThatThrownBy(client::readLimits)
                    .isInstanceOf(UnsupportedOperationException.class)
                    .hasMessage("how to ask kraken for its limits is not known; set them with Venue.withLimits(..)");
        }
    }

    @Test
    void send_restartInTheMiddleOfAMinute_theVenueNeverRefuses() {
        Budget budget = Budget.generous().withRequests(100, Duration.ofMinutes(1));
        try (SimulatedVenue sim = SimulatedVenue.of(BinanceSpot.VENUE)
                        .clock(time)
                        .budget(budget)
                        .start();
                Credential credential = sim.credential()) {
            for (int run = 0; run < 10; run++) {
                try (Budgets kept = Budgets.keptIn(folder.resolve("budget"));
                        VenueClient client = client(sim, sim.venue(), credential)
                                .budgets(kept)
                                .build()) {
                    for (int i = 0; i < 4; i++) {
                        assertThat(client.send(ApiRequest.get("/api/v3/account"))
                                        .attempts())
                                .isEqualTo(1);
                    }
                }
                time.advance(Duration.ofSeconds(1));
            }
        }
    }

    /** A cancel at once costs 8, one of an order of two minutes 1; Kraken names orders by an id of its own. */
    @Test
    void untilFits_cancelByTheVenuesId_costsByTheAgeOfTheOrder() {
        try (SimulatedVenue sim =
                        SimulatedVenue.of(KrakenSpot.VENUE).clock(time).start();
                Credential credential = sim.credential();
                VenueClient client = client(sim, small(sim), credential).build()) {
            VenueResponse placed = client.send(ApiRequest.post("/0/private/AddOrder")
                    .form("ordertype", "limit")
                    .form("type", "buy")
                    .form("pair", "XBTUSD")
                    .form("price", "1000")
                    .form("volume", "0.01"));
            ApiRequest cancel = ApiRequest.post("/0/private/CancelOrder")
                    .form("txid", placed.at("/result/txid/0").orElseThrow());
            assertThat(client.budget().untilFits(cancel))
                    .as("8 of 8, of which 1 is used")
                    .hasValue(Duration.ofSeconds(1));
            time.advance(Duration.ofMinutes(2));
            assertThat(client.budget().untilFits(cancel)).hasValue(Duration.ZERO);
            client.send(cancel);
            assertThat(client.budget().untilFits(cancel))
                    .as("1 of 8, of which 1 is used")
                    .hasValue(Duration.ZERO);
        }
    }

    private static Venue small(SimulatedVenue sim) {
        List<Limit> limits = new ArrayList<>();
        for (Limit limit : KrakenSpot.VENUE.limits()) {
            limits.add(
                    limit.name().equals("orders of a pair")
                            ? limit.withCapacity(8).withPeriod(Duration.ofSeconds(8))
                            : limit);
        }
        return sim.venue().withLimits(limits);
    }

    /** A read that was let out waits for its turn among reads when the venue locks this address out: it is not sent. */
    @Test
    void send_banWhileAReadWaitsForAConnection_itIsNotSent() throws Exception {
        CountDownLatch hanging = new CountDownLatch(3);
        CountDownLatch end = new CountDownLatch(1);
        try (RawServer server = RawServer.answering((number, socket, out) -> {
                    hanging.countDown();
                    end.await();
                    out.write(RawServer.response("418 Banned", "Retry-After: 1000\r\n", "{}")
                            .getBytes(StandardCharsets.ISO_8859_1));
                });
                Credential credential = Credential.keyId("key");
                VenueClient client = VenueClient.builder(server.at(BinanceSpot.VENUE))
                        .credential(credential)
                        .budgets(Budgets.separate())
                        .maxConnections(4)
                        .build()) {
            List<CompletableFuture<VenueResponse>> reads = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                reads.add(client.sendAsync(ApiRequest.get("/api/v3/ping")));
            }
            assertThat(hanging.await(10, TimeUnit.SECONDS)).isTrue();
            CompletableFuture<VenueResponse> waiting = client.sendAsync(ApiRequest.get("/api/v3/ping"));
            while (client.budget().standings().get(0).used() < 4) {
                Thread.onSpinWait(); // until it has its room in the budget
            }
            end.countDown();
            assertThat(waiting)
                    .failsWithin(Duration.ofSeconds(10))
                    .withThrowableThat()
                    .withCauseInstanceOf(NotSentException.class)
                    .withMessageContaining("has locked us out");
            assertThat(server.requests()).hasSize(3);
        }
    }

    /** Every connection that reads may hold is held by one that hangs: an order goes through all the same, and a further read is told. */
    @Test
    void send_readsHang_anOrderFindsAConnection() throws Exception {
        CountDownLatch hanging = new CountDownLatch(3);
        CountDownLatch end = new CountDownLatch(1);
        try (RawServer server = RawServer.answering((number, socket, out) -> {
                    if (number <= 3) {
                        hanging.countDown();
                        end.await();
                    }
                    out.write(RawServer.ok("{\"orderId\":1}").getBytes(StandardCharsets.ISO_8859_1));
                });
                Credential credential = credential();
                VenueClient client = VenueClient.builder(server.at(BinanceSpot.VENUE))
                        .credential(credential)
                        .budgets(Budgets.separate())
                        .maxConnections(4)
                        .build()) {
            List<CompletableFuture<VenueResponse>> reads = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                reads.add(client.sendAsync(ApiRequest.get("/api/v3/ticker/price")));
            }
            assertThat(hanging.await(10, TimeUnit.SECONDS)).isTrue();
            NotSentException read = catchThrowableOfType(
                    NotSentException.class,
                    () -> client.send(ApiRequest.get("/api/v3/time").timeLimit(Duration.ofMillis(100))));
            assertThat(read)
                    .hasMessage("reads may hold most of the 4 connections to binance, and none of them came free for "
                            + "GET /api/v3/time within 100 ms; allow more connections or a longer time limit");
            assertThat(client.send(ApiRequest.delete("/api/v3/order").query("symbol", "BTCUSDT"))
                            .status())
                    .isEqualTo(200);
            end.countDown();
            for (CompletableFuture<VenueResponse> each : reads) {
                assertThat(each.get(10, TimeUnit.SECONDS).status()).isEqualTo(200);
            }
        }
    }

    /** An order that waited too long for a thread is not sent any more. */
    @Test
    void sendAsync_timeLimitPassesBeforeAThreadIsFree_isNotSent() throws Exception {
        List<Runnable> queue = new ArrayList<>();
        List<String> asked = new ArrayList<>();
        try (RawServer server = RawServer.answering(RawServer.ok("{\"orderId\":1}"));
                Credential credential = credential();
                VenueClient client = VenueClient.builder(server.at(BinanceSpot.VENUE))
                        .credential(credential)
                        .clock(VenueClock.of(time, time.ticker()))
                        .executor(queue::add)
                        .guard(request -> {
                            asked.add(request.clientOrderId().orElseThrow());
                            return Optional.empty();
                        })
                        .budgets(Budgets.separate())
                        .build()) {
            CompletableFuture<VenueResponse> inTime =
                    client.sendAsync(order("a").timeLimit(Duration.ofSeconds(7)));
            CompletableFuture<VenueResponse> late = client.sendAsync(order("b").timeLimit(Duration.ofSeconds(5)));
            time.advance(Duration.ofSeconds(6));
            List.copyOf(queue).forEach(Runnable::run);
            assertThat(inTime)
                    .isCompletedWithValueMatching(answer -> answer.elapsed().equals(Duration.ofSeconds(6)));
            assertThat(late)
                    .failsWithin(Duration.ZERO)
                    .withThrowableThat()
                    .withCauseInstanceOf(NotSentException.class)
                    .withMessageContaining("the time limit of 5000 ms passed before POST /api/v3/order was sent");
            assertThat(server.requests()).hasSize(1);
            assertThat(asked).as("nobody approves an order that cannot go").containsExactly("a");
        }
    }

    /** More reads than there are threads hang, and a cancel behind them goes through, on platform threads too. */
    @Test
    void sendAsync_readsHang_aCancelFindsAThread() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        try (RawServer server = RawServer.answering((number, socket, out) -> {
                    if (number == 1) {
                        end.await();
                    }
                    out.write(RawServer.ok("{\"orderId\":1}").getBytes(StandardCharsets.ISO_8859_1));
                });
                Credential credential = credential();
                VenueClient client = VenueClient.builder(server.at(BinanceSpot.VENUE))
                        .credential(credential)
                        .budgets(Budgets.separate())
                        .maxConnections(2)
                        .build()) {
            List<CompletableFuture<VenueResponse>> reads = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                reads.add(client.sendAsync(ApiRequest.get("/api/v3/ticker/price")));
            }
            Awaitility.await().until(() -> server.requests().size() == 1);
            assertThat(client.sendAsync(ApiRequest.delete("/api/v3/order").query("symbol", "BTCUSDT"))
                            .get(10, TimeUnit.SECONDS)
                            .status())
                    .isEqualTo(200);
            assertThat(server.requests()).hasSize(2).last().asString().startsWith("DELETE ");
            end.countDown();
            for (CompletableFuture<VenueResponse> each : reads) {
                assertThat(each.get(10, TimeUnit.SECONDS).status()).isEqualTo(200);
            }
        }
    }

    /**
     * Two orders and then a cancel wait for the only connection while 20 s pass, four times what Binance lets a timestamp be old: the cancel goes
     * first, and all are stamped when they go.
     */
    @Test
    void send_waitsForAConnection_theCancelGoesFirstAndNoTimestampIsOld() throws Exception {
        CountDownLatch hanging = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        try (RawServer server = whoseFirstAnswerWaits(hanging, end);
                Credential credential = credential();
                VenueClient client = VenueClient.builder(server.at(BinanceSpot.VENUE))
                        .credential(credential)
                        .clock(VenueClock.of(time, time.ticker()))
                        .timeLimit(Duration.ofMinutes(2))
                        .budgets(Budgets.separate())
                        .maxConnections(1)
                        .build()) {
            List<Thread> callers = new ArrayList<>();
            callers.add(calling(client, order("first")));
            assertThat(hanging.await(10, TimeUnit.SECONDS)).isTrue();
            callers.add(waiting(client, order("second")));
            callers.add(waiting(client, order("third")));
            callers.add(waiting(client, ApiRequest.delete("/api/v3/order").query("newClientOrderId", "cancel")));
            NotSentException late = catchThrowableOfType(
                    NotSentException.class, () -> client.send(order("late").timeLimit(Duration.ofMillis(100))));
            assertThat(late.reason()).isEqualTo(NotSentException.Reason.TIME_LIMIT);
            assertThat(late)
                    .hasMessage(
                            "every connection to binance was in use (maxConnections is 1), and none came free for POST /api/v3/order "
                                    + "within 100 ms; allow more connections or a longer time limit");
            time.advance(Duration.ofSeconds(20));
            end.countDown();
            for (Thread caller : callers) {
                caller.join(10_000);
            }
            assertThat(server.requests())
                    .extracting(request ->
                            found(request, "newClientOrderId=(\\w+)") + " at " + found(request, "timestamp=(\\d+)"))
                    .containsExactly(
                            "first at 1772366400000",
                            "cancel at 1772366420000",
                            "second at 1772366420000",
                            "third at 1772366420000");
        }
    }

    /** What would be written with no time left for its answer is not written; a cancel is. */
    @Test
    void send_connectionComesWithLittleTimeLeft_onlyACancelGoes() throws Exception {
        CountDownLatch hanging = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        try (RawServer server = whoseFirstAnswerWaits(hanging, end);
                Credential credential = credential();
                VenueClient client = VenueClient.builder(server.at(BinanceSpot.VENUE))
                        .credential(credential)
                        .clock(VenueClock.of(time, time.ticker()))
                        .timeLimit(Duration.ofSeconds(20))
                        .budgets(Budgets.separate())
                        .maxConnections(1)
                        .build()) {
            calling(client, order("first"));
            assertThat(hanging.await(10, TimeUnit.SECONDS)).isTrue();
            CompletableFuture<VenueResponse> order = new CompletableFuture<>();
            CompletableFuture<VenueResponse> cancel = new CompletableFuture<>();
            waiting(() -> client.send(order("second")), order);
            waiting(() -> client.send(ApiRequest.delete("/api/v3/order").query("newClientOrderId", "cancel")), cancel);
            time.advance(Duration.ofMillis(19_960));
            end.countDown();
            assertThat(order)
                    .failsWithin(Duration.ofSeconds(10))
                    .withThrowableThat()
                    .withCauseInstanceOf(NotSentException.class)
                    .withMessageContaining(
                            "POST /api/v3/order was not sent to binance: of its time limit of 20 s only 40 ms are "
                                    + "left, too little for an answer; allow more connections or a longer time limit");
            assertThat(cancel).succeedsWithin(Duration.ofSeconds(10));
            assertThat(server.requests()).hasSize(2);
        }
    }

    /** Whoever hears of an answer may call again: its connection is free by then. */
    @Test
    void send_listenerCallsAgain_findsTheConnectionFree() throws Exception {
        AtomicInteger heard = new AtomicInteger();
        AtomicReference<VenueClient> self = new AtomicReference<>();
        try (RawServer server = RawServer.answering(RawServer.ok("{\"orderId\":1}"));
                Credential credential = credential();
                VenueClient client = VenueClient.builder(server.at(BinanceSpot.VENUE))
                        .credential(credential)
                        .clock(VenueClock.of(time, time.ticker()))
                        .budgets(Budgets.separate())
                        .listener(event -> {
                            if (event instanceof Event.AttemptEnded && heard.getAndIncrement() == 0) {
                                self.get().send(order("again").timeLimit(Duration.ofSeconds(5)));
                            }
                        })
                        .maxConnections(1)
                        .build()) {
            self.set(client);
            client.send(order("first"));
            assertThat(server.requests()).hasSize(2);
        }
    }

    @Test
    void close_callsWaitForAThreadOrAConnection_noneIsLeftOpen() throws Exception {
        CountDownLatch hanging = new CountDownLatch(1);
        try (RawServer server = RawServer.answering((number, socket, out) -> {
                    hanging.countDown();
                    new CountDownLatch(1).await();
                });
                Credential credential = credential()) {
            VenueClient client = VenueClient.builder(server.at(BinanceSpot.VENUE))
                    .credential(credential)
                    .budgets(Budgets.separate())
                    .maxConnections(1)
                    .build();
            List<CompletableFuture<VenueResponse>> orders = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                orders.add(client.sendAsync(order("order-" + i)));
            }
            assertThat(hanging.await(10, TimeUnit.SECONDS)).isTrue();
            client.close();
            int notSent = 0;
            for (CompletableFuture<VenueResponse> order : orders) {
                assertThat(order)
                        .failsWithin(Duration.ofSeconds(10))
                        .withThrowableThat()
                        .withCauseInstanceOf(VenueException.class);
                notSent += order.handle((answer, failure) -> failure instanceof NotSentException)
                                .join()
                        ? 1
                        : 0;
            }
            assertThat(notSent).isEqualTo(3);
            assertThat(server.requests()).hasSize(1);
        }
    }

    /** Counts down when the first request is there, and answers it at the end. */
    private static RawServer whoseFirstAnswerWaits(CountDownLatch hanging, CountDownLatch end) {
        return RawServer.answering((number, socket, out) -> {
            if (number == 1) {
                hanging.countDown();
                end.await();
            }
            out.write(RawServer.ok("{\"orderId\":1}").getBytes(StandardCharsets.ISO_8859_1));
        });
    }

    private static Credential credential() {
        return Credential.hmac("key", Secret.of("secret".getBytes(StandardCharsets.UTF_8)));
    }

    private static ApiRequest order(String id) {
        return ApiRequest.post("/api/v3/order").form("symbol", "BTCUSDT").form("newClientOrderId", id);
    }

    private static Thread calling(VenueClient client, ApiRequest request) {
        Thread caller = new Thread(() -> client.send(request));
        caller.start();
        return caller;
    }

    /** Returns when it waits, which is for a connection. */
    private static Thread waiting(VenueClient client, ApiRequest request) {
        return waiting(() -> client.send(request), new CompletableFuture<>());
    }

    private static Thread waiting(Callable<VenueResponse> call, CompletableFuture<VenueResponse> answer) {
        Thread caller = new Thread(() -> {
            try {
                answer.complete(call.call());
            } catch (Exception e) {
                answer.completeExceptionally(e);
            }
        });
        caller.start();
        Awaitility.await()
                .pollInterval(Duration.ofMillis(1))
                .until(() -> caller.getState() == Thread.State.TIMED_WAITING);
        return caller;
    }

    private static String found(String text, String pattern) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        assertThat(matcher.find()).as("%s in %s", pattern, text).isTrue();
        return matcher.group(1);
    }
}
