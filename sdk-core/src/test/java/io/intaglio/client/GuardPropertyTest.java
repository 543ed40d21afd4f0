package io.intaglio.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.intaglio.client.guard.Guard;
import io.intaglio.client.guard.GuardPolicy;
import io.intaglio.client.guard.KillSwitch;
import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.Body;
import io.intaglio.signing.Credential;
import io.intaglio.signing.Priority;
import io.intaglio.signing.key.KeyKind;
import io.intaglio.signing.key.SigningKey;
import io.intaglio.signing.time.NonceSource;
import io.intaglio.signing.time.NonceUnit;
import io.intaglio.signing.time.VenueClock;
import io.intaglio.signing.venue.BinanceSpot;
import io.intaglio.signing.venue.KrakenSpot;
import io.intaglio.signing.venue.Purpose;
import io.intaglio.signing.venue.Venue;
import io.intaglio.signing.venue.Venues;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a guard promises, over many policies and requests. The seeds are fixed, and a failure names its own. */
class GuardPropertyTest {
    private static final int POLICIES = 1_000;

    /** A policy of random rules. The environment, when there is one, is that of the address. */
    private static GuardPolicy.Builder random(SplittableRandom random, String environment) {
        GuardPolicy.Builder policy = GuardPolicy.builder();
        if (random.nextBoolean()) {
            Purpose[] all = Purpose.values();
            policy.allow(all[random.nextInt(all.length)]);
        }
        if (random.nextBoolean()) {
            policy.environment(environment);
        }
        if (random.nextInt(3) == 0) {
            policy.calls("GET /only/**", "POST /nothing");
        }
        if (random.nextBoolean()) {
            policy.symbols(random.nextBoolean() ? "BTCUSDT" : "ETHUSDT", "XBTUSD");
        }
        if (random.nextBoolean()) {
            policy.maxOrderNotional(amount(random));
        }
        if (random.nextBoolean()) {
            policy.maxOrderQuantity(amount(random));
        }
        if (random.nextBoolean()) {
            policy.maxOrderQuantity("BTCUSDT", amount(random));
        }
        if (random.nextBoolean()) {
            policy.maxNotional(amount(random), Duration.ofHours(1));
        }
        if (random.nextBoolean()) {
            policy.maxQuantity(amount(random), Duration.ofHours(1));
        }
        if (random.nextBoolean()) {
            policy.maxOrders(1 + random.nextInt(3), Duration.ofMinutes(1));
        }
        if (random.nextBoolean()) {
            policy.maxField("amount", amount(random));
        }
        if (random.nextBoolean()) {
            policy.destinations(random.nextBoolean() ? new String[0] : new String[] {"allowed"});
        }
        if (random.nextInt(3) == 0) {
            policy.reference(symbol -> Optional.empty()).priceBand(amount(random));
        }
        if (random.nextInt(4) == 0) {
            KillSwitch stop = KillSwitch.create();
            stop.trip("drill");
            policy.killSwitch(stop);
        }
        if (random.nextInt(4) == 0) {
            policy.approval(
                    question -> CompletableFuture.completedFuture(false), Duration.ofSeconds(1), Purpose.values());
        }
        if (random.nextInt(4) == 0) {
            policy.classify(Purpose.WITHDRAW, "* /**");
        }
        return policy;
    }

    private static BigDecimal amount(SplittableRandom random) {
        return new BigDecimal(random.nextLong(1, 1_000_000)).movePointLeft(random.nextInt(6));
    }

    /** How each venue cancels, as its endpoint reference has it. */
    static List<Map.Entry<String, ApiRequest>> cancels() {
        return List.of(
                Map.entry(
                        "binance",
                        ApiRequest.delete("/api/v3/order")
                                .query("symbol", "LTCBTC")
                                .query("orderId", 1)),
                Map.entry("binance", ApiRequest.delete("/api/v3/openOrders").query("symbol", "LTCBTC")),
                Map.entry("kraken", ApiRequest.post("/0/private/CancelOrder").form("txid", "O1")),
                Map.entry("kraken", ApiRequest.post("/0/private/CancelAll")),
                Map.entry("coinbaseexchange", ApiRequest.delete("/orders/68e6a28f")),
                Map.entry("coinbaseexchange", ApiRequest.delete("/orders/client:68e6a28f")),
                Map.entry(
                        "coinbase",
                        ApiRequest.post("/api/v3/brokerage/orders/batch_cancel").json("order_ids", List.of("1"))),
                Map.entry("coinbaseprime", ApiRequest.post("/v1/portfolios/p/orders/o/cancel")),
                Map.entry("okx", ApiRequest.post("/api/v5/trade/cancel-order").json("ordId", "1")),
                Map.entry(
                        "okx",
                        ApiRequest.post("/api/v5/trade/cancel-batch-orders")
                                .body(Body.json(List.of(Map.of("instId", "BTC-USDT", "ordId", "12312"))))),
                Map.entry("bybit", ApiRequest.post("/v5/order/cancel-all").json("category", "linear")),
                Map.entry("deribit", ApiRequest.get("/api/v2/private/cancel").query("order_id", "ETH-SLIS-12")),
                Map.entry(
                        "deribit",
                        ApiRequest.get("/api/v2/private/close_position").query("type", "market")),
                Map.entry("gate", ApiRequest.delete("/api/v4/spot/orders/12332324")),
                Map.entry("gate", ApiRequest.post("/api/v4/spot/cancel_batch_orders")),
                Map.entry("kucoin", ApiRequest.delete("/api/v1/hf/orders/671124f9365ccb00073debd4")),
                Map.entry(
                        "bitget",
                        ApiRequest.post("/api/v2/spot/trade/cancel-order").json("orderId", "1")),
                Map.entry("htx", ApiRequest.post("/v1/order/orders/59378/submitcancel")),
                Map.entry("bitmex", ApiRequest.delete("/api/v1/order/all")),
                Map.entry("bitfinex", ApiRequest.post("/v2/auth/w/order/cancel").json("id", 1)),
                Map.entry("gemini", ApiRequest.post("/v1/order/cancel").json("order_id", 1)),
                Map.entry("bitstamp", ApiRequest.post("/api/v2/cancel_order/").form("id", "1")),
                Map.entry("hollaex", ApiRequest.delete("/v2/order").query("order_id", "1")),
                Map.entry("bitopro", ApiRequest.delete("/v3/orders/all")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cancels")
    void refusal_thousandRandomPolicies_neverBlocksACancel(Map.Entry<String, ApiRequest> desk) {
        Venue venue = Venues.named(desk.getKey());
        for (int seed = 0; seed < POLICIES; seed++) {
            Guard guard = random(new SplittableRandom(seed), "live").build().guard(venue);
            ApiRequest cancel =
                    seed % 2 == 0 ? desk.getValue() : desk.getValue().priority(Priority.READ);
            assertThat(guard.refusal(cancel)).as("seed %s", seed).isEmpty();
            assertThat(guard.halt(cancel)).as("seed %s", seed).isEmpty();
        }
    }

    /** The policies above are not harmless: what is no cancel is refused by most of them, whatever priority it claims. */
    @Test
    void refusal_thousandRandomPolicies_mostRefuseAnOrderThatClaimsToReduceRisk() {
        ApiRequest order = order("BTCUSDT", "5000", "3000").priority(Priority.RISK_REDUCING);
        int refused = 0;
        for (int seed = 0; seed < POLICIES; seed++) {
            Guard guard = random(new SplittableRandom(seed), "live").build().guard(BinanceSpot.VENUE);
            refused += guard.refusal(order).isPresent() ? 1 : 0;
        }
        assertThat(refused).isGreaterThan(900);
    }

    private static ApiRequest order(String symbol, String quantity, String price) {
        return ApiRequest.post("/api/v3/order")
                .form("symbol", symbol)
                .form("side", "BUY")
                .form("type", "LIMIT")
                .form("quantity", quantity)
                .form("price", price);
    }

    private static ApiRequest randomRequest(SplittableRandom random, boolean kraken) {
        BigDecimal price = amount(random);
        BigDecimal quantity = amount(random);
        String side = random.nextBoolean() ? "buy" : "sell";
        return switch (random.nextInt(6)) {
            case 0, 1, 2 ->
                kraken
                        ? ApiRequest.post("/0/private/AddOrder")
                                .form("pair", random.nextBoolean() ? "XBTUSD" : "ETHUSD")
                                .form("type", side)
                                .form("ordertype", random.nextInt(4) == 0 ? "market" : "limit")
                                .form("price", price)
                                .form("volume", quantity)
                        : ApiRequest.post("/api/v3/order")
                                .form("symbol", random.nextBoolean() ? "BTCUSDT" : "ETHUSDT")
                                .form("side", side)
                                .form("type", random.nextInt(4) == 0 ? "MARKET" : "LIMIT")
                                .form("price", price)
                                .form("quantity", quantity);
            case 3 -> kraken ? ApiRequest.post("/0/private/Balance") : ApiRequest.get("/api/v3/account");
            case 4 ->
                (kraken
                                ? ApiRequest.post("/0/private/Withdraw")
                                        .form("key", random.nextBoolean() ? "allowed" : "x")
                                : ApiRequest.post("/sapi/v1/capital/withdraw/apply")
                                        .form("address", random.nextBoolean() ? "allowed" : "x"))
                        .form("amount", quantity);
            default ->
                ApiRequest.post(kraken ? "/0/private/EditOrder" : "/api/v3/order/cancelReplace")
                        .form("price", price);
        };
    }

    /** A refused request draws no nonce, makes no signature, spends no budget and opens no connection; one that is not refused goes out whole. */
    @ParameterizedTest
    @ValueSource(strings = {"binance", "kraken"})
    void send_refusedRequest_yieldsNoSignatureNonceBudgetOrByte(String name) throws Exception {
        AtomicInteger signatures = new AtomicInteger();
        AtomicInteger nonces = new AtomicInteger();
        int refused = 0;
        int sent = 0;
        try (RawServer server = RawServer.answering(RawServer.ok("{\"error\":[],\"result\":{}}"))) {
            Venue venue = server.at(Venues.named(name));
            NonceSource source = NonceSource.increasing(NonceUnit.MICROS);
            Credential key = Credential.of(
                    "key-of-the-test", SigningKey.remote("counted", KeyKind.SECRET, (algorithm, message) -> {
                        signatures.incrementAndGet();
                        return new byte[name.equals("kraken") ? 64 : 32];
                    }));
            for (int seed = 0; seed < POLICIES; seed++) {
                SplittableRandom random = new SplittableRandom(seed);
                Guard guard = random(random, "live").build().guard(venue);
                ApiRequest request = randomRequest(random, name.equals("kraken"));
                try (VenueClient client = VenueClient.builder(venue)
                        .credential(key)
                        .budgets(Budgets.separate())
                        .nonces(counting(source, nonces))
                        .clock(VenueClock.trustingHost(Duration.ofMillis(1)))
                        .guard(guard)
                        .build()) {
                    int signaturesBefore = signatures.get();
                    int noncesBefore = nonces.get();
                    int bytesBefore = server.requests().size();
                    int connectionsBefore = server.connections();
                    List<Long> usedBefore = used(client);
                    try {
                        client.send(request);
                        sent++;
                        assertThat(server.requests()).as("seed %s", seed).hasSize(bytesBefore + 1);
                        assertThat(signatures.get()).as("seed %s", seed).isEqualTo(signaturesBefore + 1);
                    } catch (NotSentException e) {
                        refused++;
                        assertThat(e.reason()).as("seed %s", seed).isEqualTo(NotSentException.Reason.GUARD);
                        assertThat(e).hasMessageContaining("rule ");
                        assertThat(signatures.get()).as("seed %s", seed).isEqualTo(signaturesBefore);
                        assertThat(nonces.get()).as("seed %s", seed).isEqualTo(noncesBefore);
                        assertThat(server.requests()).as("seed %s", seed).hasSize(bytesBefore);
                        assertThat(server.connections()).as("seed %s", seed).isEqualTo(connectionsBefore);
                        assertThat(used(client)).as("seed %s", seed).isEqualTo(usedBefore);
                    }
                }
            }
        }
        assertThat(refused).isGreaterThan(600);
        assertThat(sent)
                .as("the same harness sees a signature, a nonce and bytes where there are some")
                .isGreaterThan(20);
    }

    private static List<Long> used(VenueClient client) {
        return client.budget().standings().stream().map(Budget.Standing::used).toList();
    }

    private static NonceSource counting(NonceSource source, AtomicInteger count) {
        return now -> {
            count.incrementAndGet();
            return source.next(now);
        };
    }

    /** Against an oracle that knows amounts as long integers of 10^-6 and adds them up itself. */
    @Test
    void refusal_randomOrders_isWhatASecondReckoningSays() {
        int refused = 0;
        int total = 0;
        for (int seed = 0; seed < 300; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            long maxOrder = random.nextLong(1, 50_000);
            long maxHour = random.nextLong(1, 200_000);
            long maxQuantity = random.nextLong(1, 1_000);
            Guard guard = GuardPolicy.builder()
                    .symbols("BTCUSDT")
                    .maxOrderNotional(BigDecimal.valueOf(maxOrder))
                    .maxOrderQuantity(BigDecimal.valueOf(maxQuantity, 3))
                    .maxNotional(BigDecimal.valueOf(maxHour), Duration.ofHours(1))
                    .build()
                    .guard(BinanceSpot.VENUE);
            long spent = 0;
            for (int i = 0; i < 30; i++) {
                long milliQuantity = random.nextLong(1, 1_500);
                long milliPrice = random.nextLong(1, 60_000_000);
                String symbol = random.nextInt(8) == 0 ? "ETHUSDT" : "BTCUSDT";
                long worth = milliQuantity * milliPrice;
                boolean fits = symbol.equals("BTCUSDT")
                        && milliQuantity <= maxQuantity
                        && worth <= maxOrder * 1_000_000
                        && spent + worth <= maxHour * 1_000_000;
                spent += fits ? worth : 0;
                refused += fits ? 0 : 1;
                total++;
                Optional<String> refusal = guard.refusal(order(
                        symbol,
                        BigDecimal.valueOf(milliQuantity, 3).toPlainString(),
                        BigDecimal.valueOf(milliPrice, 3).toPlainString()));
                assertThat(refusal.isEmpty())
                        .as("seed %s, order %s: %s", seed, i, refusal)
                        .isEqualTo(fits);
            }
        }
        assertThat(refused).isBetween(total / 10, total * 9 / 10);
    }

    static List<Venue> venuesWithTestHosts() {
        return Venues.all().stream()
                .filter(venue -> venue.environments().size() > 1)
                .filter(venue -> venue.environments().values().stream()
                                .map(URI::getHost)
                                .distinct()
                                .count()
                        > 1)
                .toList();
    }

    private static List<URI> spellings(URI address) {
        String host = address.getHost();
        String path = address.getRawPath();
        String port = address.getPort() < 0 ? "" : ":" + address.getPort();
        List<URI> all = new ArrayList<>();
        all.add(address);
        all.add(URI.create("https://" + host.toUpperCase(Locale.ROOT) + port + path));
        all.add(URI.create("https://" + host + "." + path));
        all.add(URI.create("https://" + host + ":443" + path));
        all.add(URI.create("https://line7." + host + path));
        all.add(URI.create("http://" + host + path));
        return all;
    }

    @ParameterizedTest
    @MethodSource("venuesWithTestHosts")
    void refusal_keyOfOneEnvironment_neverReachesAHostOfAnother(Venue venue) {
        ApiRequest read = ApiRequest.get("/api/v3/account");
        venue.environments()
                .forEach((own, ownAddress) -> venue.environments().forEach((other, otherAddress) -> {
                    Guard guard = GuardPolicy.builder().environment(own).build().guard(venue.environment(own));
                    assertThat(guard.refusal(read.baseUri(ownAddress))).isEmpty();
                    if (ownAddress.getHost().equals(otherAddress.getHost())) {
                        return;
                    }
                    for (URI spelled : spellings(otherAddress)) {
                        assertThat(guard.refusal(read.baseUri(spelled)))
                                .as("%s key to %s", own, spelled)
                                .isPresent();
                        assertThat(guard.halt(read.baseUri(spelled)))
                                .as("%s key to %s", own, spelled)
                                .isPresent();
                    }
                    // the client itself set to the wrong address
                    for (URI spelled : spellings(otherAddress)) {
                        Guard astray =
                                GuardPolicy.builder().environment(own).build().guard(venue.at(spelled));
                        assertThat(astray.refusal(read))
                                .as("%s key, client at %s", own, spelled)
                                .isPresent();
                    }
                }));
        assertThat(GuardPolicy.builder()
                        .environment("live")
                        .build()
                        .guard(venue)
                        .refusal(read.baseUri(URI.create("https://elsewhere.example"))))
                .isPresent();
    }

    @Test
    void send_testKeyOnALiveClient_signsNothing() {
        AtomicInteger signatures = new AtomicInteger();
        Credential key =
                Credential.of("test-key", SigningKey.remote("counted", KeyKind.SECRET, (algorithm, message) -> {
                    signatures.incrementAndGet();
                    return new byte[32];
                }));
        GuardPolicy policy = GuardPolicy.builder().environment("testnet").build();
        try (VenueClient client = VenueClient.builder(BinanceSpot.VENUE)
                .credential(key)
                .guard(policy.guard(BinanceSpot.VENUE))
                .build()) {
            for (ApiRequest request : List.of(
                    ApiRequest.get("/api/v3/account"),
                    ApiRequest.delete("/api/v3/order"),
                    ApiRequest.get("/api/v3/account").baseUri(URI.create("https://api1.binance.com")))) {
                assertThatThrownBy(() -> client.send(request))
                        .isInstanceOf(NotSentException.class)
                        .hasMessageContaining("rule environment: this key is for testnet");
            }
        }
        assertThat(signatures.get()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/0/private/%57ithdraw",
                "/0/private%2FWithdraw",
                "/0//private/Withdraw",
                "/0/private/Withdraw;x",
                "/0/private/Cancel%2f..%2fWithdraw",
                "/0/private/CancelOrder//",
                "/0/private/Cancel%5CWithdraw",
                "/0/private/CancelOrder%00",
                "/0/private/CancelOrder%252F",
                "/0/private/CancelOrder%3Fa"
            })
    void refusal_pathThatMayBeReadInTwoWays_isRefusedEvenForACancel(String path) {
        Guard guard = GuardPolicy.builder().build().guard(KrakenSpot.VENUE);
        assertThat(guard.refusal(ApiRequest.post(path))).get().asString().startsWith("rule clear-request: path");
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource({
        "POST, /0/private/WITHDRAW",
        "GET, /0/private/withdraw",
        "POST, /0/private/Withdraw/",
        "POST, /0/Private/AddOrder"
    })
    void refusal_otherSpellingOfAWithdrawal_isNoRead(String method, String path) {
        Guard guard =
                GuardPolicy.builder().allow(Purpose.READ, Purpose.TRADE).build().guard(KrakenSpot.VENUE);
        assertThat(guard.refusal(ApiRequest.of(method, path))).get().asString().startsWith("rule allow: ");
    }

    @Test
    void refusal_headerThatMakesItAnotherCall_isRefused() {
        Guard guard = GuardPolicy.builder().build().guard(BinanceSpot.VENUE);
        ApiRequest cancel = ApiRequest.delete("/api/v3/order");
        assertThat(guard.refusal(cancel)).isEmpty();
        for (String header : List.of("X-HTTP-Method-Override", "x-original-url", "Host")) {
            assertThat(guard.refusal(cancel.header(header, "POST"))).as(header).isPresent();
        }
        assertThat(guard.refusal(cancel.query("_method", "POST"))).isPresent();
        assertThat(guard.refusal(cancel.baseUri(URI.create("https://api.binance.com/sapi"))))
                .isPresent();
    }
}
