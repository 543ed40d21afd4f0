package io.intaglio.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.intaglio.client.guard.Approval;
import io.intaglio.client.guard.Guard;
import io.intaglio.client.guard.GuardPolicy;
import io.intaglio.client.guard.KillSwitch;
import io.intaglio.client.tls.Tls;
import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.Body;
import io.intaglio.signing.Credential;
import io.intaglio.signing.Moment;
import io.intaglio.signing.time.VenueClock;
import io.intaglio.signing.venue.BinanceSpot;
import io.intaglio.signing.venue.Bybit;
import io.intaglio.signing.venue.CoinbaseAdvanced;
import io.intaglio.signing.venue.Deribit;
import io.intaglio.signing.venue.Fireblocks;
import io.intaglio.signing.venue.KrakenSpot;
import io.intaglio.signing.venue.Limit;
import io.intaglio.signing.venue.Okx;
import io.intaglio.signing.venue.Purpose;
import io.intaglio.signing.venue.Venue;
import io.intaglio.signing.venue.Venues;
import io.intaglio.testkit.Fault;
import io.intaglio.testkit.ReceivedRequest;
import io.intaglio.testkit.SimulatedVenue;
import io.intaglio.testkit.VirtualClock;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each rule of a guard, and where in a client's way it is asked. */
class GuardTest {
    private static final Duration HOUR = Duration.ofHours(1);

    private final VirtualClock time = VirtualClock.at(Instant.parse("2026-03-01T12:00:00Z"));
    private final VenueClock clock = VenueClock.of(time, time.ticker());
    private final List<AutoCloseable> open = new ArrayList<>();

    @TempDir
    Path folder;

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable resource : open) {
            resource.close();
        }
    }

    private static BigDecimal of(String text) {
        return new BigDecimal(text);
    }

    private static ApiRequest order(String side, String quantity, String price) {
        return ApiRequest.post("/api/v3/order")
                .form("symbol", "BTCUSDT")
                .form("side", side)
                .form("type", "LIMIT")
                .form("timeInForce", "GTC")
                .form("quantity", quantity)
                .form("price", price);
    }

    private Guard guard(GuardPolicy.Builder policy) {
        return policy.build().guard(BinanceSpot.VENUE, clock);
    }

    private static void refused(Guard guard, ApiRequest request, String... parts) {
        assertThat(guard.refusal(request)).get().asString().contains(parts);
    }

    private static void passes(Guard guard, ApiRequest request) {
        assertThat(guard.refusal(request)).isEmpty();
    }

    private SimulatedVenue start(Venue venue) {
        SimulatedVenue sim = SimulatedVenue.of(venue).clock(time).start();
        open.add(sim);
        return sim;
    }

    private VenueClient.Builder settings(SimulatedVenue sim) {
        return settings(sim, sim.venue());
    }

    private VenueClient.Builder settings(SimulatedVenue sim, Venue venue) {
        return VenueClient.builder(venue)
                .credential(sim.credential())
                .tls(Tls.builder().trust(sim.trustAnchor()).build())
                .budgets(Budgets.separate())
                .clock(clock)
                .sleeper(time::sleep);
    }

    private VenueClient kept(VenueClient.Builder settings) {
        VenueClient client = settings.build();
        open.add(client);
        return client;
    }

    // groups, calls, symbols

    @Test
    void refusal_callOfAnotherGroup_namesGroupAndCall() {
        Guard guard = guard(GuardPolicy.builder().allow(Purpose.READ, Purpose.TRADE));
        passes(guard, order("BUY", "1", "1"));
        refused(
                guard,
                ApiRequest.post("/sapi/v1/capital/withdraw/apply"),
                "rule allow: POST /sapi/v1/capital/withdraw/apply counts as WITHDRAW, and allowed is [READ, TRADE]");
        refused(guard, ApiRequest.post("/api/v9/unheard-of"), "counts as WITHDRAW");
        passes(
                guard(GuardPolicy.builder().allow(Purpose.TRADE).classify(Purpose.TRADE, "POST /api/v9/unheard-of")),
                ApiRequest.post("/api/v9/unheard-of"));
        refused(
                guard(GuardPolicy.builder().allow(Purpose.TRADE).classify(Purpose.TRADE, "* /**")),
                ApiRequest.post("/sapi/v1/capital/withdraw/apply"),
                "counts as WITHDRAW");
    }

    @Test
    void refusal_callThatNoPatternNames_isRefused() {
        Guard guard = guard(GuardPolicy.builder().calls("GET /api/v3/**", "POST /api/v3/order"));
        passes(guard, ApiRequest.get("/api/v3/account"));
        passes(guard, order("BUY", "1", "1"));
        refused(guard, ApiRequest.get("/sapi/v1/capital/config/getall"), "rule calls: ");
    }

    @Test
    void refusal_otherSymbol_isRefusedLetterByLetter() {
        Guard guard = guard(GuardPolicy.builder().symbols("BTCUSDT"));
        passes(guard, order("BUY", "1", "1"));
        for (String symbol : List.of("ETHUSDT", "btcusdt", "BTCUSDT ", "BTCUSDT,ETHUSDT", "")) {
            ApiRequest other =
                    ApiRequest.post("/api/v3/order").form("symbol", symbol).form("type", "MARKET");
            refused(guard, other, "rule symbols");
        }
        refused(guard, order("BUY", "1", "1").query("symbol", "ETHUSDT"), "is given 2 times");
        refused(
                guard,
                ApiRequest.post("/api/v3/order/cancelReplace").form("symbol", "BTCUSDT"),
                "name it in unlimited(..)");
        passes(
                guard(GuardPolicy.builder().symbols("BTCUSDT").unlimited("POST /api/v3/order/cancelReplace")),
                ApiRequest.post("/api/v3/order/cancelReplace"));
    }

    // amounts

    @Test
    void refusal_notional_isComparedExactly() {
        Guard guard = guard(GuardPolicy.builder().maxOrderNotional(of("0.3")));
        passes(guard, order("BUY", "3", "0.1"));
        passes(guard, order("BUY", "0.30000000", "1"));
        refused(
                guard,
                order("BUY", "3", "0.1000000000000000000000000000001"),
                "rule max-order-notional: the order is worth 0.3000000000000000000000000000003, more than 0.3");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1e3",
                "1E-9",
                "+1",
                "-1",
                "00",
                "01",
                "1,000",
                "1 ",
                "0x1",
                "1.",
                ".1",
                "",
                "NaN",
                "Infinity",
                "１"
            })
    void refusal_amountInAHostileForm_isRefusedAndNamed(String amount) {
        Guard guard =
                guard(GuardPolicy.builder().maxOrderNotional(of("1000000000")).maxOrderQuantity(of("1000000000")));
        refused(guard, order("BUY", amount, "1"), "rule max-order-quantity cannot be applied: quantity is '");
        refused(guard, order("BUY", "1", amount), "rule max-order-notional cannot be applied: price is '");
    }

    @Test
    void refusal_amountThatIsSaidTwice_isRefused() {
        Guard guard = guard(GuardPolicy.builder().maxOrderQuantity(of("10")));
        ApiRequest order = order("BUY", "1", "1");
        passes(guard, order);
        for (ApiRequest twice : List.of(
                order.query("quantity", "1000"),
                order.form("quantity", "1000"),
                order.form("Quantity", "1000"),
                order.form("quantity[]", "1000"))) {
            refused(guard, twice, "rule max-order-quantity cannot be applied");
        }
        refused(
                guard,
                ApiRequest.post("/api/v3/order")
                        .body(Body.text("symbol=BTCUSDT&quantity=1", "application/x-www-form-urlencoded")),
                "its body is raw");
    }

    @Test
    void refusal_valueThatCannotBeRead_isRefusedWithTheReason() {
        Guard guard = guard(GuardPolicy.builder().maxOrderNotional(of("1000")));
        ApiRequest market = ApiRequest.post("/api/v3/order")
                .form("symbol", "BTCUSDT")
                .form("side", "BUY")
                .form("type", "MARKET");
        refused(guard, market, "gives neither a quantity nor an amount");
        refused(
                guard,
                market.form("quantity", "1").form("price", "1"),
                "has no price, and there is no reference price");
        passes(guard, market.form("quoteOrderQty", "1000"));
        refused(guard, market.form("quoteOrderQty", "1000.01"), "worth 1000.01");
        refused(guard, order("SELL", "1", "1"), "the price of a sell is the least that it brings");
        refused(guard, ApiRequest.post("/api/v3/orderList/oco"), "how much it trades or at what price is not known");
        Guard okx = GuardPolicy.builder().maxOrderNotional(of("1000")).build().guard(Okx.VENUE, clock);
        refused(
                okx,
                ApiRequest.post("/api/v5/trade/order")
                        .json("instId", "BTC-USDT-SWAP")
                        .json("side", "buy")
                        .json("ordType", "limit")
                        .json("px", "1")
                        .json("sz", "1"),
                "counts contracts");
        Guard coinbase =
                GuardPolicy.builder().maxOrderNotional(of("1000")).build().guard(CoinbaseAdvanced.VENUE, clock);
        refused(
                coinbase,
                ApiRequest.post("/api/v3/brokerage/orders")
                        .json("product_id", "XPP-20DEC30-CDE")
                        .json("side", "BUY")
                        .json(
                                "order_configuration",
                                Map.of("limit_limit_gtc", Map.of("base_size", "100", "limit_price", "2"))),
                "counts contracts");
    }

    @Test
    void refusal_sell_isReckonedByTheHigherOfReferenceAndPrice() {
        AtomicReference<Optional<BigDecimal>> told = new AtomicReference<>(Optional.of(of("100")));
        Guard guard = guard(GuardPolicy.builder().maxOrderNotional(of("1000")).reference(symbol -> told.get()));
        passes(guard, order("SELL", "10", "1"));
        refused(guard, order("SELL", "10.1", "1"), "worth 1010.0");
        refused(guard, order("BUY", "5", "201"), "worth 1005");
        told.set(Optional.empty());
        refused(guard, order("SELL", "10", "1"), "the price of a sell");
        passes(
                guard(GuardPolicy.builder().maxOrderNotional(of("1000")).maxOrderQuantity(of("10"))),
                order("SELL", "10", "1"));
    }

    @Test
    void refusal_quantityOfOneSymbol_comesBeforeThatOfAll() {
        Guard guard = guard(GuardPolicy.builder().maxOrderQuantity(of("1")).maxOrderQuantity("BTCUSDT", of("5")));
        passes(guard, order("BUY", "5", "1"));
        refused(guard, order("BUY", "5.1", "1"), "rule max-order-quantity: quantity 5.1 is more than 5");
    }

    @Test
    void refusal_priceBand_isBothWaysAndExact() {
        Guard guard = guard(GuardPolicy.builder()
                .reference(symbol -> Optional.of(of("100")))
                .priceBand(of("5")));
        passes(guard, order("BUY", "1", "105"));
        passes(guard, order("SELL", "1", "95"));
        refused(
                guard,
                order("BUY", "1", "105.00001"),
                "rule price-band: price 105.00001 is more than 5 percent off 100");
        refused(guard, order("SELL", "1", "94.9"), "rule price-band");
        refused(
                guard,
                ApiRequest.post("/api/v3/order").form("symbol", "BTCUSDT").form("type", "MARKET"),
                "has no price that could be compared");
        assertThatThrownBy(() -> GuardPolicy.builder().priceBand(of("5")).build())
                .hasMessage("a price band needs a reference; call reference(...)");
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource({
        "binance, /api/v3/order/",
        "binance, /api/v3/orderList/oco",
        "bybit, /v5/order/amend",
        "bybit, /v5/order/create-batch",
        "okx, /api/v5/trade/batch-orders"
    })
    void refusal_priceBandAlone_refusesWhatActsAndIsNoReadableOrder(String venue, String path) {
        GuardPolicy.Builder band = GuardPolicy.builder()
                .allow(Purpose.READ, Purpose.TRADE)
                .reference(symbol -> Optional.of(of("100")))
                .priceBand(of("5"));
        ApiRequest call = ApiRequest.post(path).json("price", "1");
        refused(
                band.build().guard(Venues.named(venue), clock),
                call,
                "rule limits: POST " + path + " acts, and how much it trades or at what price is not known");
        passes(band.unlimited("POST " + path).build().guard(Venues.named(venue), clock), call);
    }

    @Test
    void refusal_priceBandAlone_leavesReadsCancelsAndWithdrawals() {
        Guard guard = guard(GuardPolicy.builder()
                .reference(symbol -> Optional.of(of("100")))
                .priceBand(of("5")));
        passes(guard, ApiRequest.get("/api/v3/account"));
        passes(guard, ApiRequest.delete("/api/v3/order").query("symbol", "BTCUSDT"));
        passes(guard, ApiRequest.post("/sapi/v1/capital/withdraw/apply").query("address", "a"));
    }

    @Test
    void refusal_namedField_isLimitedInWhatActs() {
        Guard guard = guard(GuardPolicy.builder().maxField("amount", of("2")));
        ApiRequest withdrawal =
                ApiRequest.post("/sapi/v1/capital/withdraw/apply").query("address", "a");
        passes(guard, withdrawal.query("amount", "2.0"));
        refused(guard, withdrawal.query("amount", "2.01"), "rule max-field: amount 2.01 is more than 2");
        refused(guard, withdrawal.query("amount", "2e9"), "rule max-field cannot be applied");
        passes(guard, ApiRequest.get("/api/v3/account").query("amount", "99"));
    }

    // rolling limits

    @Test
    void refusal_rollingNotional_countsAPeriodAndForgets() {
        Guard guard = guard(GuardPolicy.builder().maxNotional(of("100"), HOUR));
        passes(guard, order("BUY", "1", "60"));
        time.advance(Duration.ofMinutes(30));
        refused(
                guard,
                order("BUY", "1", "41"),
                "rule rolling-limits: max-notional: 41 more than the 60 of the last PT1H is above 100");
        passes(guard, order("BUY", "1", "40"));
        time.advance(Duration.ofMinutes(30).minusNanos(1));
        refused(guard, order("BUY", "1", "0.1"), "max-notional");
        time.advance(Duration.ofNanos(1));
        passes(guard, order("BUY", "1", "60"));
    }

    @Test
    void refusal_rollingQuantityAndOrders_areOfOneSymbolAndOfAll() {
        Guard guard = guard(GuardPolicy.builder().maxQuantity(of("2"), HOUR).maxOrders(3, Duration.ofSeconds(10)));
        ApiRequest eth = ApiRequest.post("/api/v3/order")
                .form("symbol", "ETHUSDT")
                .form("type", "LIMIT")
                .form("quantity", "2")
                .form("price", "1");
        passes(guard, order("BUY", "2", "1"));
        passes(guard, eth);
        refused(guard, order("BUY", "0.001", "1"), "max-quantity");
        time.advance(HOUR);
        passes(guard, order("BUY", "1", "1"));
        passes(guard, order("BUY", "0.5", "1"));
        passes(guard, order("BUY", "0.25", "1"));
        refused(guard, order("BUY", "0.1", "1"), "max-orders: 1 more than the 3 of the last PT10S is above 3");
    }

    @Test
    void send_rollingSum_countsUnknownOutcomesAndGivesBackWhatWasNotExecuted() {
        SimulatedVenue sim = start(BinanceSpot.VENUE);
        Guard guard = GuardPolicy.builder().maxNotional(of("100"), HOUR).build().guard(sim.venue(), clock);
        VenueClient client = kept(settings(sim).guard(guard).retry(RetryPolicy.none()));
        ApiRequest order = order("BUY", "0.001", "60000").timeLimit(Duration.ofMillis(1500));
        sim.faults().next(Fault.insufficientFunds());
        assertThat(catchThrowableOfType(VenueException.class, () -> client.send(order))
                        .effect())
                .isEqualTo(VenueException.Effect.NONE);
        sim.faults().next(Fault.acceptThenReset());
        for (int i = 0; i < 50; i++) {
            sim.faults().next(Fault.resetAfterReading());
        }
        assertThat(catchThrowableOfType(VenueException.class, () -> client.send(order))
                        .effect())
                .as("60 of 100 were free again, and are not now")
                .isEqualTo(VenueException.Effect.UNKNOWN);
        assertThatThrownBy(() -> client.send(order)).hasMessageContaining("max-notional");
    }

    // withdrawals

    @Test
    void refusal_destination_isOneOfTheList() {
        Guard guard = guard(GuardPolicy.builder().destinations("bc1qsafe", "rEb8:77"));
        ApiRequest call = ApiRequest.post("/sapi/v1/capital/withdraw/apply").query("coin", "BTC");
        passes(guard, call.query("address", "bc1qsafe"));
        passes(guard, call.query("address", "rEb8").query("addressTag", "77"));
        refused(
                guard,
                call.query("address", "rEb8"),
                "rule destinations: 'rEb8' is none of the 2 allowed destinations");
        refused(guard, call.query("address", "rEb8").query("addressTag", "78"), "'rEb8:78'");
        refused(guard, call.query("address", "bc1qsafe").query("address", "bc1qevil"), "'bc1qevil'");
        refused(guard, call.query("address", "BC1QSAFE"), "rule destinations");
        refused(guard, call, "names no destination");
        refused(guard, ApiRequest.post("/sapi/v1/asset/transfer"), "where to is not known");
        passes(guard, order("BUY", "1", "1"));
        refused(
                guard(GuardPolicy.builder().destinations()),
                call.query("address", "bc1qsafe"),
                "none of the 0 allowed");
        Guard fireblocks =
                GuardPolicy.builder().destinations("VAULT_ACCOUNT", "7").build().guard(Fireblocks.VENUE, clock);
        ApiRequest transfer = ApiRequest.post("/v1/transactions").json("destination", Map.of("id", "7"));
        passes(fireblocks, transfer);
        refused(fireblocks, transfer.json("operation", "RAW"), "not told by its fields");
        refused(
                fireblocks,
                transfer.json("destinations", List.of(Map.of("destination", Map.of("id", "8")))),
                "'8' is none of");
    }

    // what makes risk smaller

    @Test
    void refusal_reduceOnly_passesAmountsAndKillSwitchButNotSymbolsOrGroup() {
        KillSwitch stop = KillSwitch.create();
        stop.trip("drill");
        GuardPolicy.Builder rules = GuardPolicy.builder()
                .symbols("BTCUSDT")
                .killSwitch(stop)
                .maxOrderQuantity(of("1"))
                .maxOrders(1, HOUR);
        Guard guard = rules.build().guard(Bybit.VENUE, clock);
        ApiRequest close = ApiRequest.post("/v5/order/create")
                .json("category", "linear")
                .json("symbol", "BTCUSDT")
                .json("orderType", "Market")
                .json("qty", "500")
                .json("reduceOnly", true);
        passes(guard, close);
        passes(guard, close);
        assertThat(guard.halt(close)).isEmpty();
        refused(guard, close.json("symbol", "ETHUSDT"), "rule symbols");
        refused(guard, close.json("reduceOnly", false), "rule kill-switch: everything that acts is stopped: drill");
        refused(guard, close.json("category", "spot"), "rule kill-switch");
        refused(guard, close.query("reduceOnly", "false"), "rule kill-switch");
        refused(rules.allow(Purpose.READ).build().guard(Bybit.VENUE, clock), close, "rule allow");
    }

    /** OKX reads the JSON alone, so what the query says holds for nothing. */
    @Test
    void refusal_fieldInTheQueryBesideJson_freesAnOrderFromNothing() {
        KillSwitch stop = KillSwitch.create();
        ApiRequest swap = ApiRequest.post("/api/v5/trade/order")
                .query("reduceOnly", "true")
                .json("instId", "BTC-USDT-SWAP")
                .json("side", "buy")
                .json("ordType", "market")
                .json("sz", "500");
        Guard guard = GuardPolicy.builder()
                .killSwitch(stop)
                .maxOrderQuantity(of("1"))
                .build()
                .guard(Okx.VENUE, clock);
        refused(guard, swap, "rule max-order-quantity: quantity 500 is more than 1");
        stop.trip("drill");
        refused(guard, swap, "rule kill-switch");
        Guard worth = GuardPolicy.builder()
                .maxOrderNotional(of("1000"))
                .reference(symbol -> Optional.of(of("60000")))
                .build()
                .guard(Okx.VENUE, clock);
        refused(
                worth,
                ApiRequest.post("/api/v5/trade/order")
                        .query("tgtCcy", "quote_ccy")
                        .json("instId", "BTC-USDT")
                        .json("side", "sell")
                        .json("ordType", "market")
                        .json("sz", "1000"),
                "tgtCcy is in the query beside a JSON body");
    }

    // kill switch

    @Test
    void killSwitch_file_isSeenAtMostSoLateAndGoesWithTheFile() throws IOException {
        Path file = folder.resolve("stop");
        KillSwitch stop = KillSwitch.whenExists(file, Duration.ofMillis(50), time.ticker());
        Guard guard = guard(GuardPolicy.builder().killSwitch(stop));
        passes(guard, order("BUY", "1", "1"));
        Files.createFile(file);
        time.advance(Duration.ofMillis(50));
        refused(
                guard,
                order("BUY", "1", "1"),
                "rule kill-switch: everything that acts is stopped: file " + file + " exists or cannot be looked for");
        passes(guard, ApiRequest.get("/api/v3/account"));
        passes(guard, ApiRequest.delete("/api/v3/openOrders"));
        Files.delete(file);
        time.advance(Duration.ofMillis(50));
        passes(guard, order("BUY", "1", "1"));
    }

    @Test
    void killSwitch_brokenLinkOrFileThatCannotBeSeen_isTripped() throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("nowhere"));
        assertThat(KillSwitch.whenExists(link).tripped()).isPresent();
        Path plain = Files.createFile(folder.resolve("plain"));
        assertThat(KillSwitch.whenExists(plain.resolve("below a file")).tripped())
                .as("the folder is none, so nothing can be told")
                .isPresent();
        assertThat(KillSwitch.whenExists(folder.resolve("absent")).tripped()).isEmpty();
    }

    @Test
    void killSwitch_held_isResetByItsHolderAlone() {
        KillSwitch stop = KillSwitch.create();
        stop.hold("fleet a", "a");
        stop.hold("fleet b", "b");
        stop.trip("by hand");
        assertThat(stop.tripped()).contains("by hand");
        stop.release("fleet a");
        assertThat(stop.tripped()).contains("by hand");
        stop.reset();
        assertThat(stop.tripped()).contains("b");
        stop.release("fleet b");
        assertThat(stop.tripped()).isEmpty();
    }

    @Test
    @Timeout(60)
    void killSwitch_signal_trips() throws Exception {
        Assumptions.assumeTrue(
                Files.isExecutable(Path.of("/bin/kill")) || Files.isExecutable(Path.of("/bin/sh")), "no kill");
        KillSwitch stop = KillSwitch.create().onSignal("USR2");
        long pid = ProcessHandle.current().pid();
        new ProcessBuilder("/bin/sh", "-c", "kill -USR2 " + pid).start().waitFor();
        while (stop.tripped().isEmpty()) {
            Thread.onSpinWait();
        }
        assertThat(stop.tripped()).contains("signal USR2");
        stop.reset();
        assertThat(stop.tripped()).isEmpty();
        assertThatThrownBy(() -> KillSwitch.create().onSignal("NOSUCH"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("signal NOSUCH cannot be heard");
    }

    @Test
    void send_killSwitchTripsWhileACallWaits_nothingIsSigned() {
        SimulatedVenue sim = start(BinanceSpot.VENUE);
        KillSwitch stop = KillSwitch.create();
        Venue slow = sim.venue()
                .withoutLimits()
                .withLimits(List.of(Limit.rolling("one", Limit.Scope.KEY, 1, Duration.ofSeconds(5))
                        .counting(request -> request.method().equals("POST"))));
        VenueClient client = kept(settings(sim, slow)
                .guard(GuardPolicy.builder().killSwitch(stop).build().guard(slow, clock))
                .sleeper(wait -> {
                    stop.trip("drill");
                    time.sleep(wait);
                }));
        client.send(order("BUY", "0.001", "60000"));
        int before = sim.received().size();
        NotSentException e =
                catchThrowableOfType(NotSentException.class, () -> client.send(order("BUY", "0.001", "60000")));
        assertThat(e.reason()).isEqualTo(NotSentException.Reason.GUARD);
        assertThat(e).hasMessageContaining("the guard stopped POST /api/v3/order: rule kill-switch: ");
        assertThat(sim.received()).hasSize(before);
        client.send(ApiRequest.get("/api/v3/account"));
        assertThatThrownBy(() -> client.send(ApiRequest.delete("/api/v3/order")
                        .query("symbol", "BTCUSDT")
                        .query("orderId", 1)))
                .as("the venue has its say on a cancel")
                .isInstanceOf(RejectedException.class);
    }

    // dry run

    @Test
    void dryRun_whateverTheClientDoes_noSignedByteGoesOut() {
        SimulatedVenue sim = start(BinanceSpot.VENUE);
        VenueClient client = kept(settings(sim).dryRun());
        ApiRequest order = order("BUY", "0.001", "60000").clientOrderId("desk-1");
        List<Long> before = used(client);
        NotSentException e = catchThrowableOfType(NotSentException.class, () -> client.send(order));
        assertThat(e.reason()).isEqualTo(NotSentException.Reason.DRY_RUN);
        assertThat(e.effect()).isEqualTo(VenueException.Effect.NONE);
        assertThat(e)
                .hasMessageMatching("dry run: POST /api/v3/order passed the guard and was signed, and would now go to "
                        + "127.0.0.1 with \\d+ bytes of body; nothing was sent");
        assertThat(used(client)).isEqualTo(before);
        assertThatThrownBy(() -> client.send(ApiRequest.get("/api/v3/account"))).hasMessageContaining("dry run");
        assertThatThrownBy(() -> client.send(ApiRequest.delete("/api/v3/openOrders")))
                .hasMessageContaining("dry run");
        assertThat(client.sendAsync(order)).failsWithin(Duration.ofSeconds(20));
        assertThat(client.reconcile(order).state()).isEqualTo(OrderOutcome.State.UNKNOWN);
        assertThat(client.send(ApiRequest.get("/api/v3/time")).status()).isEqualTo(200);
        assertThat(sim.received()).extracting(ReceivedRequest::path).containsOnly("/api/v3/time");
        assertThat(sim.orders()).isEmpty();
    }

    private static List<Long> used(VenueClient client) {
        return client.budget().standings().stream().map(Budget.Standing::used).toList();
    }

    // approval

    private static final class Recorded implements Approval {
        private final List<Question> questions = new ArrayList<>();
        private final CompletableFuture<Boolean> answer;

        Recorded(CompletableFuture<Boolean> answer) {
            this.answer = answer;
        }

        @Override
        public CompletableFuture<Boolean> ask(Question question) {
            questions.add(question);
            return answer;
        }
    }

    @Test
    void approval_yes_passesAndWasAskedAboutTheVeryRequest() {
        Recorded asked = new Recorded(CompletableFuture.completedFuture(true));
        Guard guard = guard(GuardPolicy.builder().approval(asked, Duration.ofSeconds(5), Purpose.WITHDRAW));
        ApiRequest call = ApiRequest.post("/sapi/v1/capital/withdraw/apply").query("address", "bc1q");
        passes(guard, call);
        passes(guard, order("BUY", "1", "1"));
        assertThat(asked.questions).singleElement().satisfies(question -> {
            assertThat(question.request()).isSameAs(call);
            assertThat(question.purpose()).isEqualTo(Purpose.WITHDRAW);
            assertThat(question.destinations()).containsExactly("bc1q");
        });
    }

    @Test
    void approval_anythingButYes_isANoAndCountsNothing() {
        ApiRequest order = order("BUY", "1", "60");
        CompletableFuture<Boolean> never = new CompletableFuture<>();
        Map<CompletableFuture<Boolean>, String> answers = Map.of(
                CompletableFuture.completedFuture(false),
                "the second person said no to POST /api/v3/order",
                CompletableFuture.failedFuture(new IOException("down")),
                "it could not be asked for (ExecutionException)",
                never,
                "nobody said yes to POST /api/v3/order within PT0.01S");
        answers.forEach((answer, why) -> {
            AtomicReference<CompletableFuture<Boolean>> now = new AtomicReference<>(answer);
            Guard guard = guard(GuardPolicy.builder()
                    .maxNotional(of("100"), HOUR)
                    .approvalAbove(of("50"), question -> now.get(), Duration.ofMillis(10)));
            refused(guard, order, "rule approval: " + why);
            now.set(CompletableFuture.completedFuture(true));
            passes(guard, order);
            passes(guard, order("BUY", "1", "40"));
        });
        assertThat(never).isCancelled();
        refused(
                guard(GuardPolicy.builder()
                        .approval(
                                question -> {
                                    throw new IllegalStateException("down");
                                },
                                Duration.ofSeconds(1),
                                Purpose.TRADE)),
                order,
                "it could not be asked for (IllegalStateException)");
    }

    @Test
    void approval_interrupted_isANoAndTheFlagStays() {
        Guard guard = guard(GuardPolicy.builder()
                .approval(question -> new CompletableFuture<>(), Duration.ofSeconds(60), Purpose.TRADE));
        Thread.currentThread().interrupt();
        refused(guard, order("BUY", "1", "1"), "interrupted");
        assertThat(Thread.interrupted()).isTrue();
    }

    // keys by purpose

    private static String keyOf(ReceivedRequest request) {
        return request.header("X-MBX-APIKEY").orElse("none");
    }

    @Test
    void send_keysByPurpose_theLeastThatSufficesSigns() {
        SimulatedVenue sim = start(BinanceSpot.VENUE);
        Credential read = sim.newCredential();
        Credential trade = sim.newCredential();
        VenueClient client = kept(VenueClient.builder(sim.venue())
                .credential(Purpose.TRADE, trade)
                .credential(Purpose.READ, read)
                .tls(Tls.builder().trust(sim.trustAnchor()).build())
                .budgets(Budgets.separate())
                .clock(clock)
                .sleeper(time::sleep));
        client.send(ApiRequest.get("/api/v3/account"));
        client.send(order("BUY", "0.001", "60000").clientOrderId("desk-1"));
        assertThat(client.reconcile(order("BUY", "0.001", "60000").clientOrderId("desk-1"))
                        .state())
                .isEqualTo(OrderOutcome.State.PRESENT);
        assertThat(sim.received().stream()
                        .filter(request -> !request.path().equals("/api/v3/time"))
                        .map(GuardTest::keyOf))
                .containsExactly(read.keyId(), trade.keyId(), trade.keyId());
        NotSentException e = catchThrowableOfType(
                NotSentException.class,
                () -> client.send(
                        ApiRequest.post("/sapi/v1/capital/withdraw/apply").query("address", "a")));
        assertThat(e.reason()).isEqualTo(NotSentException.Reason.GUARD);
        assertThat(e)
                .hasMessage(
                        "none of the keys of this client is for POST /sapi/v1/capital/withdraw/apply, which counts as"
                                + " WITHDRAW; give one by credential(Purpose, ..)");
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource({
        "POST, /0/private/AddOrder",
        "POST, /0/private/Withdraw",
        "POST, /0/private/CancelAll",
        "POST, /0/private/Unknown"
    })
    void send_readKeyAlone_signsNothingThatActs(String method, String path) {
        SimulatedVenue sim = start(KrakenSpot.VENUE);
        VenueClient client = kept(VenueClient.builder(sim.venue())
                .credential(Purpose.READ, sim.newCredential())
                .tls(Tls.builder().trust(sim.trustAnchor()).build())
                .clock(clock));
        client.send(ApiRequest.post("/0/private/Balance"));
        int before = sim.received().size();
        assertThatThrownBy(() -> client.send(ApiRequest.of(method, path))).hasMessageContaining("none of the keys");
        assertThat(sim.received()).hasSize(before);
    }

    @Test
    void explain_keysByPurpose_usesTheKeyThatWouldSign() {
        SimulatedVenue sim = start(BinanceSpot.VENUE);
        Credential read = sim.newCredential();
        VenueClient client = kept(VenueClient.builder(sim.venue())
                .credential(Purpose.READ, read)
                .credential(Purpose.TRADE, sim.newCredential())
                .clock(clock));
        assertThat(client.explain(ApiRequest.get("/api/v3/account")).toString())
                .isEqualTo(sim.venue()
                        .scheme()
                        .explain(ApiRequest.get("/api/v3/account").baseUri(sim.uri()), read, Moment.at(clock.now()))
                        .toString());
    }

    @Test
    void refusal_getThatWithdraws_isNoReadAtDeribit() {
        Guard guard = GuardPolicy.builder().allow(Purpose.READ).build().guard(Deribit.VENUE, clock);
        refused(guard, ApiRequest.get("/api/v2/private/withdraw"), "counts as WITHDRAW");
        passes(guard, ApiRequest.get("/api/v2/private/get_positions"));
    }

    @Test
    void builder_limitThatIsNoLimit_isRefused() {
        assertThatThrownBy(() -> GuardPolicy.builder().maxOrderNotional(BigDecimal.ZERO))
                .hasMessage("max order notional must be positive, was 0");
        assertThatThrownBy(() -> GuardPolicy.builder().maxOrders(1, Duration.ZERO))
                .hasMessage("max orders period must be positive, was PT0S");
        assertThatThrownBy(() -> guard(GuardPolicy.builder().environment("tesnet")))
                .hasMessageContaining("has no environment 'tesnet'; it has live, testnet");
    }
}
