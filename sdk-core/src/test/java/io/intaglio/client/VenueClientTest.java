package io.intaglio.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.intaglio.client.tls.Tls;
import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.Credential;
import io.intaglio.signing.key.SigningKey;
import io.intaglio.signing.secret.Secret;
import io.intaglio.signing.time.NonceSource;
import io.intaglio.signing.time.NonceUnit;
import io.intaglio.signing.time.VenueClock;
import io.intaglio.signing.venue.BinanceSpot;
import io.intaglio.signing.venue.CoinbaseExchange;
import io.intaglio.signing.venue.KrakenSpot;
import io.intaglio.signing.venue.Meaning;
import io.intaglio.signing.venue.Okx;
import io.intaglio.signing.venue.Venue;
import io.intaglio.testkit.Fault;
import io.intaglio.testkit.SimulatedVenue;
import io.intaglio.testkit.VirtualClock;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The whole way, against a venue that checks everything, over real TLS. Waits pass on a virtual clock. */
class VenueClientTest {
    private final VirtualClock time = VirtualClock.at(Instant.parse("2026-03-01T12:00:00Z"));
    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable resource : open) {
            resource.close();
        }
    }

    private SimulatedVenue start(Venue venue) {
        SimulatedVenue sim = SimulatedVenue.of(venue).clock(time).start();
        open.add(sim);
        return sim;
    }

    private VenueClient.Builder settings(SimulatedVenue sim) {
        return VenueClient.builder(sim.venue())
                .credential(sim.credential())
                .tls(Tls.builder().trust(sim.trustAnchor()).build())
                .clock(VenueClock.of(time, time.ticker()))
                .sleeper(time::sleep);
    }

    private VenueClient client(SimulatedVenue sim) {
        return kept(settings(sim));
    }

    private VenueClient kept(VenueClient.Builder settings) {
        VenueClient client = settings.build();
        open.add(client);
        return client;
    }

    /** How each venue reads a balance and takes an order. */
    record Desk(Venue venue, ApiRequest balance, ApiRequest order) {
        @Override
        public String toString() {
            return venue.name();
        }
    }

    static List<Desk> desks() {
        BigDecimal price = new BigDecimal("37500.10");
        BigDecimal amount = new BigDecimal("0.010");
        return List.of(
                new Desk(BinanceSpot.VENUE, ApiRequest.get("/api/v3/account"), binanceOrder()),
                new Desk(
                        KrakenSpot.VENUE,
                        ApiRequest.post("/0/private/Balance"),
                        ApiRequest.post("/0/private/AddOrder")
                                .form("ordertype", "limit")
                                .form("type", "buy")
                                .form("pair", "XBTUSD")
                                .form("price", price)
                                .form("volume", amount)),
                new Desk(
                        CoinbaseExchange.VENUE,
                        ApiRequest.get("/accounts"),
                        ApiRequest.post("/orders")
                                .json("product_id", "BTC-USD")
                                .json("side", "buy")
                                .json("type", "limit")
                                .json("price", price.toPlainString())
                                .json("size", amount.toPlainString())),
                new Desk(
                        Okx.VENUE,
                        ApiRequest.get("/api/v5/account/balance"),
                        ApiRequest.post("/api/v5/trade/order")
                                .json("instId", "BTC-USDT")
                                .json("tdMode", "cash")
                                .json("side", "buy")
                                .json("ordType", "limit")
                                .json("px", price.toPlainString())
                                .json("sz", amount.toPlainString())));
    }

    private static ApiRequest binanceOrder() {
        return ApiRequest.post("/api/v3/order")
                .form("symbol", "BTCUSDT")
                .form("side", "BUY")
                .form("type", "LIMIT")
                .form("timeInForce", "GTC")
                .form("quantity", new BigDecimal("0.010"))
                .form("price", new BigDecimal("37500.10"));
    }

    @ParameterizedTest
    @MethodSource("desks")
    void send_balanceThenOrder_isAccepted(Desk desk) {
        SimulatedVenue sim = start(desk.venue());
        VenueClient client = client(sim);
        assertThat(client.send(desk.balance()).status()).isEqualTo(200);
        VenueResponse placed = client.send(desk.order());
        String id = placed.clientOrderId().orElseThrow();
        assertThat(sim.acceptedOrders(id)).isEqualTo(1);
        assertThat(sim.handshakes()).as("the connection is kept").isEqualTo(1);
    }

    @ParameterizedTest
    @MethodSource("desks")
    void send_answerLostAfterTheOrderWasAccepted_isFoundAndNotRepeated(Desk desk) {
        SimulatedVenue sim = start(desk.venue());
        VenueClient client = client(sim);
        sim.faults().next(Fault.acceptThenLoseAnswer());
        assertIsFound(client.send(desk.order()), sim);
    }

    @ParameterizedTest
    @MethodSource("desks")
    void send_gatewayErrorAfterTheOrderWasAccepted_isFoundAndNotRepeated(Desk desk) {
        SimulatedVenue sim = start(desk.venue());
        VenueClient client = client(sim);
        sim.faults().next(Fault.acceptThenUnavailable());
        assertIsFound(client.send(desk.order()), sim);
    }

    private static void assertIsFound(VenueResponse response, SimulatedVenue sim) {
        assertThat(response.isReconciled()).isTrue();
        assertThat(response.attempts()).isEqualTo(1);
        assertThat(sim.acceptedOrders(response.clientOrderId().orElseThrow())).isEqualTo(1);
        assertThat(sim.orders()).hasSize(1);
    }

    @ParameterizedTest
    @MethodSource("desks")
    void send_answerLostAndNoTimeToAsk_isUnknownAndNotRepeated(Desk desk) {
        SimulatedVenue sim = start(desk.venue());
        VenueClient client = client(sim);
        Fault[] faults = new Fault[20];
        java.util.Arrays.fill(faults, Fault.acceptThenLoseAnswer());
        sim.faults().next(faults);
        ApiRequest order = desk.order().timeLimit(Duration.ofMillis(900));
        assertThatThrownBy(() -> client.send(order)).isInstanceOfSatisfying(UnansweredException.class, e -> {
            assertThat(e.effect()).isEqualTo(VenueException.Effect.UNKNOWN);
            assertThat(e.remedy()).isEqualTo(VenueException.Remedy.RECONCILE);
            String id = e.clientOrderId().orElseThrow();
            assertThat(sim.acceptedOrders(id)).isEqualTo(1);
            assertThat(e).hasMessageContaining("ask the venue for client order id " + id);
        });
        assertThat(sim.orders()).hasSize(1);
    }

    /** Lost before the venue executed it: proved absent once it cannot be executed any more, then placed. */
    @ParameterizedTest
    @MethodSource("desks")
    void send_orderLostOnItsWay_isProvedAbsentAndPlacedOnce(Desk desk) {
        Assumptions.assumeFalse(
                desk.venue().orderQuery().orElseThrow().forgetsCancelled(), "placed again by the caller alone, below");
        SimulatedVenue sim = start(desk.venue());
        VenueClient client = client(sim);
        sim.faults().next(Fault.closeAfterReading());
        VenueResponse placed = client.send(desk.order().timeLimit(Duration.ofMinutes(2)));
        assertThat(placed.attempts()).isEqualTo(2);
        assertThat(placed.isReconciled()).isFalse();
        assertThat(sim.orders()).hasSize(1);
        Duration window = desk.venue().window().map(Venue.Window::past).orElse(Duration.ZERO);
        assertThat(placed.elapsed()).isGreaterThan(window.plus(Duration.ofSeconds(1)));
    }

    /** Whoever cancelled everything meanwhile does not want it placed again; the venue tells the two apart no more. */
    @Test
    void send_orderLostWhereCancelledOnesAreForgotten_isProvedAbsentAndLeftToTheCaller() {
        SimulatedVenue sim = start(CoinbaseExchange.VENUE);
        VenueClient client = client(sim);
        Desk desk = desks().stream()
                .filter(each -> each.venue() == CoinbaseExchange.VENUE)
                .findAny()
                .orElseThrow();
        sim.faults().next(Fault.closeAfterReading());
        assertThatThrownBy(() -> client.send(desk.order().timeLimit(Duration.ofMinutes(2))))
                .isInstanceOfSatisfying(
                        NotSentException.class, e -> assertThat(e.reason()).isEqualTo(NotSentException.Reason.ABSENT))
                .hasMessageContaining("was not executed, but may have been accepted and cancelled; place it again if");
        assertThat(sim.orders()).isEmpty();
        assertThat(client.send(desk.order()).attempts()).isEqualTo(1);
    }

    /** As real venues are addressed. Nothing listens there, or something whose certificate is not trusted. */
    @Test
    void send_addressWithoutAPort_connectsToThatOfTheScheme() {
        Venue venue = BinanceSpot.VENUE.at(URI.create("https://localhost"));
        try (Credential credential = Credential.keyId("key");
                VenueClient client = VenueClient.builder(venue)
                        .credential(credential)
                        .budgets(Budgets.separate())
                        .retry(RetryPolicy.none())
                        .build()) {
            NotSentException failure =
                    catchThrowableOfType(NotSentException.class, () -> client.send(ApiRequest.get("/api/v3/ping")));
            assertThat(failure.reason()).isIn(NotSentException.Reason.CONNECT, NotSentException.Reason.TLS);
            assertThat(failure).hasMessageContaining("localhost:443");
        }
    }

    /** The venue would take such an order for a minute, so that it does not know it after six seconds proves nothing. */
    @Test
    void send_lostOrderThatAskedForAWiderWindow_isNotCalledAbsentSooner() {
        SimulatedVenue sim = start(BinanceSpot.VENUE);
        VenueClient client = client(sim);
        ApiRequest order = binanceOrder().attribute("recvWindow", "60000");
        sim.faults().next(Fault.closeAfterReading());
        assertThatThrownBy(() -> client.send(order)).isInstanceOf(UnansweredException.class);
        sim.faults().next(Fault.closeAfterReading());
        VenueResponse placed = client.send(order.timeLimit(Duration.ofMinutes(3)));
        assertThat(placed.elapsed()).isGreaterThan(Duration.ofSeconds(61));
        assertThat(sim.orders()).hasSize(1);
    }

    @ParameterizedTest
    @MethodSource("desks")
    void send_readThatWasNotAnswered_isRepeated(Desk desk) {
        SimulatedVenue sim = start(desk.venue());
        VenueClient client = client(sim);
        sim.faults().next(Fault.acceptThenLoseAnswer(), Fault.unavailable());
        assertThat(client.send(desk.balance()).attempts()).isEqualTo(3);
    }

    @ParameterizedTest
    @MethodSource("desks")
    void send_throttled_waitsAtLeastAsLongAsTheVenueAsks(Desk desk) {
        SimulatedVenue sim = start(desk.venue());
        VenueClient client = client(sim);
        sim.faults().next(Fault.throttled(Duration.ofSeconds(7)));
        VenueResponse placed = client.send(desk.order());
        assertThat(placed.attempts()).isEqualTo(2);
        assertThat(sim.orders()).hasSize(1);
        if (desk.venue() == BinanceSpot.VENUE) {
            assertThat(time.slept()).isEqualTo(Duration.ofSeconds(7));
        }
    }

    @Test
    void send_retryAfterBeyondTheTimeLimit_failsAtOnceAndHoldsOthersBack() {
        SimulatedVenue sim = start(BinanceSpot.VENUE);
        VenueClient client = client(sim);
        sim.faults().next(Fault.banned(Duration.ofMinutes(2)));
        assertThatThrownBy(() -> client.send(binanceOrder())).isInstanceOfSatisfying(ThrottledException.class, e -> {
            assertThat(e.isBan()).isTrue();
            assertThat(e.retryAfter()).contains(Duration.ofMinutes(2));
            assertThat(e.effect()).isEqualTo(VenueException.Effect.NONE);
        });
        int before = sim.received().size();
        assertThatThrownBy(() -> client.send(ApiRequest.get("/api/v3/account")))
                .isInstanceOfSatisfying(
                        NotSentException.class, e -> assertThat(e.reason()).isEqualTo(NotSentException.Reason.BUDGET));
        assertThat(sim.received()).as("nothing is sent during a ban").hasSize(before);
        time.advance(Duration.ofMinutes(2));
        assertThat(client.send(ApiRequest.get("/api/v3/account")).status()).isEqualTo(200);
    }

    @Test
    void send_nonceFileDamaged_isNotSent(@org.junit.jupiter.api.io.TempDir java.nio.file.Path folder)
            throws java.io.IOException {
        SimulatedVenue sim = start(KrakenSpot.VENUE);
        java.nio.file.Path file = java.nio.file.Files.write(folder.resolve("nonces"), new byte[4096]);
        VenueClient client = kept(settings(sim).nonces(NonceSource.durable(file, NonceUnit.MICROS)));
        assertThatThrownBy(() -> client.send(ApiRequest.post("/0/private/Balance")))
                .isInstanceOfSatisfying(
                        NotSentException.class, e -> assertThat(e.reason()).isEqualTo(NotSentException.Reason.NONCE))
                .hasMessageContaining("is not a nonce file");
        assertThat(sim.received()).isEmpty();
    }

    @Test
    void send_wrongSecret_isRejectedWithTheNextStep() {
        SimulatedVenue sim = start(BinanceSpot.VENUE);
        VenueClient client = kept(settings(sim).credential(sim.wrongCredential()));
        assertThatThrownBy(() -> client.send(ApiRequest.get("/api/v3/account")))
                .isInstanceOfSatisfying(RejectedException.class, e -> {
                    assertThat(e.meaning()).contains(Meaning.BAD_SIGNATURE);
                    assertThat(e.attempts()).isEqualTo(1);
                    assertThat(e)
                            .hasMessage(
                                    "binance refused GET /api/v3/account, HTTP 400 '{\"code\":-1022,\"msg\":\"Signature for this request is not valid.\"}': the signature does not match; "
                                            + "client.explain(request) shows what was signed");
                });
    }

    private static ApiRequest krakenMarketOrder() {
        return ApiRequest.post("/0/private/AddOrder")
                .form("ordertype", "market")
                .form("type", "buy")
                .form("pair", "XBTUSD")
                .form("volume", "0.010");
    }

    /** The venue executes the first copy and refuses the second for its nonce: a new nonce would place it again. */
    @Test
    void send_orderRepeatedOnTheWay_refusalOfItsNonceIsNotTakenForNotExecuted() {
        SimulatedVenue sim = start(KrakenSpot.VENUE);
        sim.faults().next(Fault.duplicated());
        VenueResponse response = client(sim).send(krakenMarketOrder());
        assertThat(response.isReconciled()).isTrue();
        assertThat(response.attempts()).isEqualTo(1);
        assertThat(sim.acceptedOrders(response.clientOrderId().orElseThrow())).isEqualTo(1);
    }

    @Test
    void send_orderOfAnIdThatIsOpen_isLeftToTheCaller() {
        for (Desk desk : desks()) {
            SimulatedVenue sim = start(desk.venue());
            VenueClient client = client(sim);
            sim.faults().next(Fault.duplicated());
            try {
                VenueResponse response = client.send(desk.order());
                assertThat(response.isReconciled()).as(desk.toString()).isTrue();
            } catch (RejectedException e) {
                assertThat(e.remedy()).as(e.getMessage()).isEqualTo(VenueException.Remedy.RECONCILE);
                String id = e.clientOrderId().orElseThrow();
                assertThat(client.reconcile(desk.order().clientOrderId(id)).state())
                        .isEqualTo(OrderOutcome.State.PRESENT);
            }
            assertThat(sim.orders()).as(desk.toString()).hasSize(1);
        }
    }

    @Test
    void send_someoneElseDrawsHigherNonces_endsSoonAndSaysSo() {
        SimulatedVenue sim = start(KrakenSpot.VENUE);
        NonceSource ours = KrakenSpot.VENUE.nonceRule().newSource();
        VenueClient theirs = client(sim);
        VenueClient client = kept(settings(sim).nonces(now -> ours.next(now.minusSeconds(3600))));
        theirs.send(ApiRequest.post("/0/private/Balance"));
        Instant begun = time.instant();
        assertThatThrownBy(() -> client.send(krakenMarketOrder()))
                .isInstanceOfSatisfying(RejectedException.class, e -> {
                    assertThat(e.meaning()).contains(Meaning.BAD_NONCE);
                    assertThat(e.effect()).isEqualTo(VenueException.Effect.UNKNOWN);
                })
                .hasMessageContaining("share one nonce source among all who use the key");
        assertThat(Duration.between(begun, time.instant())).isLessThan(Duration.ofSeconds(2));
        assertThat(sim.orders()).isEmpty();
    }

    @Test
    void send_orderRefusedForMoney_isRejectedWithoutEffect() {
        for (Desk desk : desks()) {
            SimulatedVenue sim = start(desk.venue());
            VenueClient client = client(sim);
            sim.faults().next(Fault.insufficientFunds());
            assertThatThrownBy(() -> client.send(desk.order()))
                    .as(desk.toString())
                    .isInstanceOfSatisfying(
                            RejectedException.class, e -> assertThat(e.effect()).isEqualTo(VenueException.Effect.NONE));
            assertThat(sim.orders()).isEmpty();
        }
    }

    @Test
    void send_guardRefuses_nothingIsSent() {
        SimulatedVenue sim = start(KrakenSpot.VENUE);
        List<String> nonces = new ArrayList<>();
        VenueClient client = kept(settings(sim)
                .guard(request -> Optional.of("orders are switched off"))
                .nonces(now -> {
                    nonces.add("drawn");
                    return "1";
                }));
        assertThatThrownBy(() -> client.send(ApiRequest.post("/0/private/AddOrder")))
                .isInstanceOfSatisfying(
                        NotSentException.class, e -> assertThat(e.reason()).isEqualTo(NotSentException.Reason.GUARD))
                .hasMessage("the guard refused POST /0/private/AddOrder: orders are switched off");
        assertThat(sim.received()).isEmpty();
        assertThat(nonces).isEmpty();
    }

    @Test
    void send_valueMissingForTheScheme_isNotSent() {
        SimulatedVenue sim = start(CoinbaseExchange.VENUE);
        Credential bare =
                Credential.hmac("key", Secret.of("c2VjcmV0".getBytes(java.nio.charset.StandardCharsets.UTF_8)));
        VenueClient client = kept(settings(sim).credential(bare));
        assertThatThrownBy(() -> client.send(ApiRequest.get("/accounts")))
                .isInstanceOfSatisfying(
                        NotSentException.class, e -> assertThat(e.reason()).isEqualTo(NotSentException.Reason.SIGNING))
                .hasMessageContaining("needs 'passphrase'");
        assertThat(sim.received()).isEmpty();
    }

    @Test
    void build_keyOfAKindTheVenueDoesNotTake_isRefused() {
        assertThatThrownBy(() -> VenueClient.of(
                        KrakenSpot.VENUE, Credential.of("key-id-0123456789", SigningKey.ed25519(new byte[32]))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("kraken takes [HMAC-SHA512], but credential key-... holds")
                .hasMessageContaining("create a key of a kind that the venue takes");
    }

    @Test
    void send_serverNotTrusted_isNotSent() {
        SimulatedVenue sim = start(BinanceSpot.VENUE);
        VenueClient client = kept(settings(sim).tls(Tls.system()));
        assertThatThrownBy(() -> client.send(binanceOrder()))
                .isInstanceOfSatisfying(
                        NotSentException.class, e -> assertThat(e.reason()).isEqualTo(NotSentException.Reason.TLS));
        assertThat(sim.received()).isEmpty();
    }

    @Test
    void send_clientCertificate_isShownAndItsConnectionKept() {
        SimulatedVenue sim = SimulatedVenue.of(BinanceSpot.VENUE)
                .clock(time)
                .demandClientCertificate()
                .start();
        open.add(sim);
        VenueClient client = kept(settings(sim)
                .tls(Tls.builder()
                        .trust(sim.trustAnchor())
                        .keystore(sim.clientKeyStore(), Secret.ofChars(sim.clientKeyPassword()))
                        .build()));
        for (int i = 0; i < 100; i++) {
            client.send(ApiRequest.get("/api/v3/account"));
        }
        assertThat(sim.handshakes()).isEqualTo(1);
        VenueClient without = client(sim);
        assertThatThrownBy(() -> without.send(ApiRequest.get("/api/v3/account")))
                .isInstanceOf(VenueException.class);
    }

    @Test
    void send_ed25519Key_isAccepted() {
        SimulatedVenue sim = start(BinanceSpot.VENUE);
        VenueClient client = kept(settings(sim).credential(sim.ed25519Credential()));
        assertThat(client.send(ApiRequest.get("/api/v3/account")).status()).isEqualTo(200);
    }

    /** More seconds than a long holds nanoseconds, and 30 days, which are more milliseconds than a socket takes. */
    @ParameterizedTest
    @ValueSource(longs = {Long.MAX_VALUE, 30 * 86_400})
    void send_everyDurationVeryLong_worksAsWithAnyOther(long seconds) {
        Duration forEver = Duration.ofSeconds(seconds);
        SimulatedVenue sim = start(BinanceSpot.VENUE);
        VenueClient client = kept(settings(sim)
                .timeLimit(forEver)
                .maxWaitForBudget(forEver)
                .responseTimeout(forEver)
                .connectTimeout(forEver)
                .connectionMaxAge(forEver)
                .idleValidation(forEver)
                .clockRefresh(forEver)
                .retry(RetryPolicy.standard().withMaxDelay(forEver)));
        ApiRequest read = ApiRequest.get("/api/v3/account");
        assertThat(client.send(read).status()).isEqualTo(200);
        client.warmUp(2);
        sim.faults().next(Fault.unavailable());
        assertThat(client.send(read.timeLimit(forEver)).status()).isEqualTo(200);
        sim.faults().next(Fault.throttled(Duration.ofSeconds(1)));
        assertThat(client.send(binanceOrder().timeLimit(forEver)).status()).isEqualTo(200);
        sim.faults().next(Fault.acceptThenReset());
        assertThat(client.send(binanceOrder()).status()).isEqualTo(200);
        assertThat(client.reconcile(binanceOrder().clientOrderId("never-sent")).state())
                .isEqualTo(OrderOutcome.State.ABSENT);
    }

    @Test
    void sendAsync_acceptedOrRefused_completesLikeSend() {
        SimulatedVenue sim = start(BinanceSpot.VENUE);
        VenueClient client = client(sim);
        assertThat(client.sendAsync(ApiRequest.get("/api/v3/account")).join().status())
                .isEqualTo(200);
        sim.faults().next(Fault.insufficientFunds());
        assertThatThrownBy(() -> client.sendAsync(binanceOrder()).join())
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(RejectedException.class);
    }

    @Test
    void sendAsync_cancelled_interruptsTheCall() {
        SimulatedVenue sim = start(BinanceSpot.VENUE);
        CountDownLatch interrupted = new CountDownLatch(1);
        VenueClient client = kept(settings(sim).sleeper(duration -> {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.countDown();
                throw e;
            }
        }));
        sim.faults().next(Fault.throttled(Duration.ofSeconds(1)));
        CompletableFuture<VenueResponse> call = client.sendAsync(binanceOrder());
        org.awaitility.Awaitility.await()
                .until(() -> sim.received().size() == 1 && sim.faults().left() == 0);
        call.cancel(true);
        org.awaitility.Awaitility.await().until(() -> interrupted.getCount() == 0);
        assertThat(sim.orders()).isEmpty();
    }

    @Test
    void sendAsync_cancelled_leavesTheThreadOfTheCallersExecutorUninterrupted() throws Exception {
        SimulatedVenue sim = start(BinanceSpot.VENUE);
        AtomicReference<Thread> caller = new AtomicReference<>();
        CompletableFuture<Boolean> isInterrupted = new CompletableFuture<>();
        VenueClient client = kept(settings(sim)
                .executor(work -> new Thread(() -> {
                            work.run();
                            if (Thread.currentThread() == caller.get()) {
                                isInterrupted.complete(Thread.currentThread().isInterrupted());
                            }
                        })
                        .start())
                .sleeper(duration -> {
                    caller.set(Thread.currentThread());
                    new CountDownLatch(1).await();
                }));
        sim.faults().next(Fault.throttled(Duration.ofSeconds(1)));
        CompletableFuture<VenueResponse> call = client.sendAsync(binanceOrder());
        org.awaitility.Awaitility.await().until(() -> caller.get() != null);
        call.cancel(true);
        assertThat(isInterrupted.get(10, TimeUnit.SECONDS)).isFalse();
    }

    @Test
    void sendAsync_afterClose_failsAsSendDoes() {
        VenueClient client = client(start(BinanceSpot.VENUE));
        client.close();
        assertThatThrownBy(() -> client.sendAsync(binanceOrder()).join())
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        NotSentException.class, e -> assertThat(e.reason()).isEqualTo(NotSentException.Reason.CLOSED));
    }

    @Test
    void sendAsync_executorOfTheCallerRejects_failsWithItsException() {
        RejectedExecutionException full = new RejectedExecutionException("the queue is full");
        VenueClient client = kept(settings(start(BinanceSpot.VENUE)).executor(work -> {
            throw full;
        }));
        assertThatThrownBy(() -> client.sendAsync(binanceOrder()).join())
                .isInstanceOf(CompletionException.class)
                .hasCause(full);
    }

    @Test
    void close_resourcesFail_closesTheOthersAndTellsOfAll() {
        List<String> closed = new ArrayList<>();
        VenueClient client = settings(start(BinanceSpot.VENUE))
                .alsoClose(() -> closed.add("first"))
                .alsoClose(() -> {
                    throw new IOException("second");
                })
                .alsoClose(() -> {
                    throw new IOException("third");
                })
                .alsoClose(() -> closed.add("fourth"))
                .build();
        assertThatThrownBy(client::close)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("could not be closed")
                .hasCause(new IOException("second"))
                .hasSuppressedException(new IOException("third"));
        assertThat(closed).containsExactly("first", "fourth");
    }

    @Test
    void explain_anyRequest_showsThePreHashAndNoSecret() {
        SimulatedVenue sim = start(CoinbaseExchange.VENUE);
        VenueClient client = client(sim);
        String shown =
                client.explain(ApiRequest.get("/accounts").query("a", "1")).toString();
        assertThat(shown).contains("1772366400GET/accounts?a=1").contains("[masked, ");
        assertThat(sim.received()).isEmpty();
    }
}
