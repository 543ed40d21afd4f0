package io.intaglio.signing.venue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.Body;
import io.intaglio.signing.vector.VectorCase;
import io.intaglio.signing.vector.VectorFile;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What calls do at the venues, and what orders say. Expected values are those of the venues' endpoint references, read in November 2026, and of
 * the requests in the golden vectors, which other implementations made.
 */
class CallFactsTest {

    @ParameterizedTest(name = "{0} {1} {2}")
    @CsvSource({
        "binance, POST, /sapi/v1/capital/withdraw/apply, WITHDRAW",
        "binance, GET, /sapi/v1/capital/withdraw/history, READ",
        "binance, POST, /api/v3/order, TRADE",
        "binance, POST, /api/v3/order/cancelReplace, TRADE",
        "binance, DELETE, /api/v3/openOrders, TRADE",
        "binance, GET, /api/v3/account, READ",
        "binance, POST, /sapi/v1/asset/transfer, WITHDRAW",
        "kraken, POST, /0/private/Withdraw, WITHDRAW",
        "kraken, POST, /0/private/withdraw, WITHDRAW",
        "kraken, POST, /0/private/WalletTransfer, WITHDRAW",
        "kraken, POST, /0/private/WithdrawStatus, READ",
        "kraken, POST, /0/private/AddOrderBatch, TRADE",
        "kraken, GET, /0/private/AddOrderBatch, TRADE",
        "kraken, POST, /0/private/CancelAll, TRADE",
        "kraken, POST, /0/private/Balance, READ",
        "coinbaseexchange, POST, /withdrawals/crypto, WITHDRAW",
        "coinbaseexchange, POST, /withdrawals/payment-method, WITHDRAW",
        "coinbaseexchange, POST, /orders, TRADE",
        "coinbase, POST, /v2/accounts/2bbf394c/transactions, WITHDRAW",
        "coinbase, POST, /api/v3/brokerage/orders, TRADE",
        "coinbasecdp, POST, /platform/v2/evm/accounts/0xabc/send/transaction, WITHDRAW",
        "coinbaseprime, POST, /v1/portfolios/p/wallets/w/withdrawals, WITHDRAW",
        "coinbaseprime, POST, /v1/portfolios/p/order, TRADE",
        "coinbaseprime, POST, /v1/portfolios/p/orders/o/cancel, TRADE",
        "okx, POST, /api/v5/asset/withdrawal, WITHDRAW",
        "okx, POST, /api/v5/trade/batch-orders, TRADE",
        "okx, POST, /api/v5/asset/transfer, WITHDRAW",
        "bybit, POST, /v5/asset/withdraw/create, WITHDRAW",
        "bybit, POST, /v5/order/amend, TRADE",
        "deribit, GET, /api/v2/private/withdraw, WITHDRAW",
        "deribit, GET, /api/v2/private/submit_transfer_to_user, WITHDRAW",
        "deribit, GET, /api/v2/private/buy, TRADE",
        "deribit, GET, /api/v2/private/edit, TRADE",
        "deribit, GET, /api/v2/private/get_positions, READ",
        "deribit, GET, /api/v2/private/change_api_key_name, WITHDRAW",
        "deribit, GET, /api/v2/public/ticker, READ",
        "gate, POST, /api/v4/withdrawals, WITHDRAW",
        "gate, POST, /api/v4/withdrawals/push, WITHDRAW",
        "gate, POST, /api/v4/spot/batch_orders, TRADE",
        "kucoin, POST, /api/v3/withdrawals, WITHDRAW",
        "kucoin, POST, /api/v1/hf/orders/sync, TRADE",
        "bitget, POST, /api/v2/spot/wallet/withdrawal, WITHDRAW",
        "bitget, POST, /api/v2/spot/trade/place-order, TRADE",
        "htx, POST, /v1/dw/withdraw/api/create, WITHDRAW",
        "htx, POST, /v1/order/batch-orders, TRADE",
        "bitmex, POST, /api/v1/user/requestWithdrawal, WITHDRAW",
        "bitmex, POST, /api/v1/position/leverage, TRADE",
        "bitfinex, POST, /v2/auth/w/withdraw, WITHDRAW",
        "bitfinex, POST, /v2/auth/r/wallets, READ",
        "bitfinex, POST, /v2/auth/w/order/update, TRADE",
        "gemini, POST, /v1/withdraw/btc, WITHDRAW",
        "gemini, POST, /v1/balances, READ",
        "bitstamp, POST, /api/v2/btc_withdrawal/, WITHDRAW",
        "bitstamp, POST, /api/v2/withdrawal/open/, WITHDRAW",
        "bitstamp, POST, /api/v2/account_balances/, READ",
        "bitstamp, POST, /api/v2/sell/instant/btcusd/, TRADE",
        "bitgo, POST, /api/v2/tbtc/wallet/5b1/sendcoins, WITHDRAW",
        "bitgo, POST, /api/v2/tbtc/wallet/5b1/sendmany, WITHDRAW",
        "bitgo, GET, /api/v2/wallet, READ",
        "fireblocks, POST, /v1/transactions, WITHDRAW",
        "fireblocks, GET, /v1/transactions, READ",
        "anchorage, POST, /v2/transfers/cancel, WITHDRAW"
    })
    void purposeOf_documentedCall_isItsGroup(String venue, String method, String path, Purpose purpose) {
        assertThat(Venues.named(venue).purposeOf(ApiRequest.of(method, path))).isEqualTo(purpose);
    }

    @Test
    void isRead_withdrawalByGet_isNeverRepeatedAsARead() {
        assertThat(Deribit.VENUE.isRead(ApiRequest.get("/api/v2/private/withdraw")))
                .isFalse();
    }

    @ParameterizedTest(name = "{0} {1} {2}")
    @CsvSource({
        "bitrue, POST, /api/v1/order/cancel, true",
        "bitrue, DELETE, /api/v1/order, true",
        "bitrue, POST, /api/v1/order/cancelReplace, false",
        "bitrue, POST, /api/v1/withdraw/cancel, false",
        "bitrue, GET, /api/v1/cancel, false",
        "bitrue, POST, /api/v1/order, false",
        "binance, POST, /api/v3/order/cancelReplace, false",
        "binance, DELETE, /api/v3/order, true"
    })
    void isRiskReducing_rulesKnownOrGuessed_isForCancelsAlone(String venue, String method, String path, boolean is) {
        assertThat(Venues.named(venue).isRiskReducing(ApiRequest.of(method, path)))
                .isEqualTo(is);
    }

    private static ApiRequest vector(String venue, String method, String path) throws IOException {
        try (InputStream in = CallFactsTest.class.getResourceAsStream("/vectors/" + venue + ".json")) {
            return VectorFile.parse(Objects.requireNonNull(in).readAllBytes(), venue).cases().stream()
                    .filter(one -> !one.isLogon())
                    .map(VectorCase::request)
                    .filter(request ->
                            request.method().equals(method) && request.path().equals(path))
                    .findFirst()
                    .orElseThrow();
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "binance, POST, /api/v3/order, ETHBTC, BUY, 0.05120000, 0.25000000",
        "kraken, POST, /0/private/AddOrder, XBTUSD, BUY, 37500.5, 1.25",
        "coinbaseexchange, POST, /orders, BTC-USD, BUY, 10000, 0.01",
        "coinbase, POST, /api/v3/brokerage/orders, BTC-USD, BUY, 10000.00, 0.001",
        "okx, POST, /api/v5/trade/order, BTC-USDT, BUY, 2.15, 2",
        "bybit, POST, /v5/order/create, BTCUSDT, BUY, 15600, 0.1",
        "gate, POST, /api/v4/spot/orders, BTC_USDT, BUY, 65000, 0.001",
        "kucoin, POST, /api/v1/hf/orders, BTC-USDT, BUY, 50000, 0.00001",
        "bitget, POST, /api/v2/spot/trade/place-order, BTCUSDT, BUY, 23222.5, 1",
        "htx, POST, /v1/order/orders/place, ethusdt, BUY, 100.1, 10.1",
        "bitfinex, POST, /v2/auth/w/order/submit, tBTCUSD, BUY, 15, 0.001",
        "gemini, POST, /v1/order/new, btcusd, BUY, 3633.00, 5",
        "bitstamp, POST, /api/v2/buy/btcusd/, btcusd, BUY, 30000, 0.1"
    })
    void orderFields_limitOrderOfAVector_areRead(
            String venue, String method, String path, String symbol, String side, String price, String quantity)
            throws IOException {
        ApiRequest order = vector(venue, method, path);
        OrderFields fields = Venues.named(venue).orderFields().orElseThrow();
        assertThat(fields.symbol(order)).isEqualTo(symbol);
        assertThat(fields.side(order)).contains(OrderFields.Side.valueOf(side));
        assertThat(fields.price(order)).contains(new BigDecimal(price));
        assertThat(fields.quantity(order)).contains(new BigDecimal(quantity));
        assertThat(fields.quoteQuantity(order)).isEmpty();
        assertThat(fields.isReduceOnly(order)).isFalse();
        assertThat(fields.isInContracts(order)).isFalse();
    }

    @Test
    void orderFields_contractsAndDollars_areNotTakenForAQuantityOfCoins() throws IOException {
        assertThat(fields(Bitmex.VENUE).isInContracts(vector("bitmex", "POST", "/api/v1/order")))
                .isTrue();
        assertThat(fields(Deribit.VENUE).isInContracts(vector("deribit", "GET", "/api/v2/private/buy")))
                .isTrue();
        assertThat(fields(Okx.VENUE)
                        .isInContracts(ApiRequest.post("/api/v5/trade/order").json("instId", "BTC-USDT-SWAP")))
                .isTrue();
        assertThat(fields(Bybit.VENUE)
                        .isInContracts(ApiRequest.post("/v5/order/create").json("category", "inverse")))
                .isTrue();
        ApiRequest coinbase = ApiRequest.post("/api/v3/brokerage/orders");
        assertThat(fields(CoinbaseAdvanced.VENUE).isInContracts(coinbase.json("product_id", "BIP-20DEC30-CDE")))
                .isTrue();
        assertThat(fields(CoinbaseAdvanced.VENUE).isInContracts(coinbase.json("product_id", "BTC-USD")))
                .isFalse();
    }

    private static OrderFields fields(Venue venue) {
        return venue.orderFields().orElseThrow();
    }

    /** OKX and Bybit: a market buy on spot is sized in the quote currency by default; Kraken: flag viqc; a market order's price is ignored. */
    @Test
    void orderFields_marketOrder_hasNoPriceAndAQuoteAmountWhereTheVenueSaysSo() {
        ApiRequest okx = ApiRequest.post("/api/v5/trade/order")
                .json("instId", "BTC-USDT")
                .json("side", "buy")
                .json("ordType", "market")
                .json("px", "0.01")
                .json("sz", "500");
        assertThat(fields(Okx.VENUE).price(okx)).isEmpty();
        assertThat(fields(Okx.VENUE).quantity(okx)).isEmpty();
        assertThat(fields(Okx.VENUE).quoteQuantity(okx)).contains(new BigDecimal("500"));
        assertThat(fields(Okx.VENUE).quantity(okx.json("tgtCcy", "base_ccy"))).contains(new BigDecimal("500"));
        ApiRequest kraken = ApiRequest.post("/0/private/AddOrder")
                .form("ordertype", "market")
                .form("volume", "500")
                .form("oflags", "fciq,viqc");
        assertThat(fields(KrakenSpot.VENUE).quoteQuantity(kraken)).contains(new BigDecimal("500"));
        ApiRequest binance =
                ApiRequest.post("/api/v3/order").form("type", "MARKET").form("quoteOrderQty", "12.5");
        assertThat(fields(BinanceSpot.VENUE).quantity(binance)).isEmpty();
        assertThat(fields(BinanceSpot.VENUE).quoteQuantity(binance)).contains(new BigDecimal("12.5"));
        ApiRequest bitfinex = ApiRequest.post("/v2/auth/w/order/submit")
                .json("amount", "-0.5")
                .json("type", "MARKET");
        assertThat(fields(Bitfinex.VENUE).side(bitfinex)).contains(OrderFields.Side.SELL);
        assertThat(fields(Bitfinex.VENUE).quantity(bitfinex)).contains(new BigDecimal("0.5"));
    }

    /** The flag counts only where the venue honours it: OKX ignores it for cash orders and in long/short mode, Bybit on spot. */
    @Test
    void isReduceOnly_whereTheVenueIgnoresTheFlag_isFalse() {
        ApiRequest okx = ApiRequest.post("/api/v5/trade/order").json("reduceOnly", true);
        assertThat(fields(Okx.VENUE).isReduceOnly(okx.json("instId", "BTC-USDT-SWAP")))
                .isTrue();
        assertThat(fields(Okx.VENUE).isReduceOnly(okx.json("instId", "BTC-USDT")))
                .isFalse();
        assertThat(fields(Okx.VENUE)
                        .isReduceOnly(okx.json("instId", "BTC-USDT-SWAP").json("posSide", "long")))
                .isFalse();
        ApiRequest bybit = ApiRequest.post("/v5/order/create").json("reduceOnly", true);
        assertThat(fields(Bybit.VENUE).isReduceOnly(bybit.json("category", "linear")))
                .isTrue();
        assertThat(fields(Bybit.VENUE).isReduceOnly(bybit.json("category", "spot")))
                .isFalse();
        assertThat(fields(BinanceSpot.VENUE)
                        .isReduceOnly(ApiRequest.post("/api/v3/order").form("reduceOnly", "true")))
                .isFalse();
    }

    /** A venue that reads only the place where its other fields are takes such an order in full. */
    @Test
    void isReduceOnly_flagInAnotherPlaceThanTheOrder_isFalse() {
        ApiRequest okx = ApiRequest.post("/api/v5/trade/order").json("instId", "BTC-USDT-SWAP");
        ApiRequest kucoin = ApiRequest.post("/api/v1/orders").json("symbol", "XBTUSDTM");
        ApiRequest bitget = ApiRequest.post("/api/v2/mix/order/place-order").json("symbol", "BTCUSDT");
        ApiRequest bybit = ApiRequest.post("/v5/order/create").json("category", "linear");
        ApiRequest bitmex = ApiRequest.post("/api/v1/order").form("symbol", "XBTUSD");
        ApiRequest deribit = ApiRequest.get("/api/v2/private/buy").query("instrument_name", "BTC-PERPETUAL");
        assertThat(fields(Bitmex.VENUE).isReduceOnly(bitmex.query("execInst", "ReduceOnly")))
                .isFalse();
        assertThat(fields(Deribit.VENUE).isReduceOnly(deribit.json("reduce_only", true)))
                .isFalse();
        assertThat(fields(Okx.VENUE).isReduceOnly(okx.query("reduceOnly", "true")))
                .isFalse();
        assertThat(fields(KuCoinFutures.VENUE).isReduceOnly(kucoin.query("reduceOnly", "true")))
                .isFalse();
        assertThat(fields(Bitget.VENUE).isReduceOnly(bitget.query("reduceOnly", "YES")))
                .isFalse();
        assertThat(fields(Bybit.VENUE).isReduceOnly(bybit.query("reduceOnly", "true")))
                .isFalse();
        assertThat(fields(KuCoinFutures.VENUE).isReduceOnly(kucoin.json("reduceOnly", true)))
                .isTrue();
        assertThat(fields(Bitget.VENUE).isReduceOnly(bitget.json("reduceOnly", "YES")))
                .isTrue();
        assertThat(fields(Bitmex.VENUE).isReduceOnly(bitmex.form("execInst", "ReduceOnly")))
                .isTrue();
        assertThat(fields(Deribit.VENUE).isReduceOnly(deribit.query("reduce_only", "true")))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1e3", "+1", "-1", "00", "01", "1,000", " 1", "1 ", ".5", "5.", "0x10", "١", "1_0", "", "NaN", "1.0f"
            })
    void decimalIn_hostileForm_isRefused(String text) {
        assertThatThrownBy(() -> FieldPath.of("q").decimalIn(ApiRequest.get("/").query("q", text)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not a plain decimal");
    }

    @Test
    void decimalIn_numberInJson_isExact() {
        ApiRequest request = ApiRequest.post("/").json("q", new BigDecimal("1E+3"));
        assertThat(FieldPath.of("q").decimalIn(request)).contains(new BigDecimal("1000"));
    }

    @Test
    void valueIn_moreThanOneReading_isRefused() {
        FieldPath price = FieldPath.of("price");
        ApiRequest once = ApiRequest.post("/").form("price", "1");
        assertThat(price.valueIn(once)).contains("1");
        for (ApiRequest request : List.of(
                once.form("price", "1"),
                once.query("price", "1"),
                once.query("Price", "1"),
                once.query("price[]", "1"),
                once.query("price[0]", "1"),
                once.query(" price", "1"),
                ApiRequest.post("/").json("symbol", "BTCUSDT").query("price", "1"),
                ApiRequest.post("/").json("price", List.of("1")),
                ApiRequest.post("/").json("price", Map.of("value", "1")),
                ApiRequest.post("/").body(Body.text("{\"price\":\"1\"}", "application/json")))) {
            assertThatThrownBy(() -> price.valueIn(request)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void destinations_documentedFields_areAllRead() {
        assertThat(Fireblocks.VENUE
                        .withdrawals()
                        .orElseThrow()
                        .destinations(ApiRequest.post("/v1/transactions")
                                .json(
                                        "destination",
                                        Map.of(
                                                "type",
                                                "ONE_TIME_ADDRESS",
                                                "oneTimeAddress",
                                                Map.of("address", "rEb8", "tag", "7")))))
                .containsExactly("rEb8:7");
        assertThat(BitGo.VENUE
                        .withdrawals()
                        .orElseThrow()
                        .destinations(ApiRequest.post("/api/v2/btc/wallet/5b1/sendmany")
                                .json("recipients", List.of(Map.of("address", "a"), Map.of("address", "b")))))
                .containsExactly("a", "b");
        assertThat(CoinbasePrime.VENUE
                        .withdrawals()
                        .orElseThrow()
                        .destinations(ApiRequest.post("/v1/portfolios/p/wallets/w/withdrawals")
                                .json("blockchain_address", Map.of("address", "0xAb"))))
                .containsExactly("0xAb");
    }

    @Test
    void destinations_cannotBeTold_areRefused() {
        Withdrawals fireblocks = Fireblocks.VENUE.withdrawals().orElseThrow();
        ApiRequest call = ApiRequest.post("/v1/transactions").json("destination", Map.of("id", "1"));
        assertThat(fireblocks.destinations(call)).containsExactly("1");
        assertThatThrownBy(() -> fireblocks.destinations(call.json("operation", "RAW")))
                .hasMessageContaining("not told by its fields");
        assertThatThrownBy(() -> fireblocks.destinations(ApiRequest.post("/v1/transactions")))
                .hasMessageContaining("names no destination");
    }

    @ParameterizedTest(name = "{0} {1} {2}")
    @CsvSource({
        "POST /a/b, POST, /a/b, true",
        "POST /a/b, GET, /a/b, false",
        "* /a/b, GET, /a/b, true",
        "GET /a/b, GET, /a/b/, false",
        "GET /a/b, GET, /A/b, false",
        "GET /a/*, GET, /a/b, true",
        "GET /a/*, GET, /a/b/c, false",
        "GET /a/*/c, GET, /a/b/c, true",
        "GET /a/**, GET, /a/b/c, true",
        "GET /a/**, GET, /a, true",
        "GET /a/**, GET, /ab, false",
        "GET /a.b, GET, /aXb, false"
    })
    void matches_pattern_meansWhatItSays(String pattern, String method, String path, boolean matches) {
        assertThat(CallPattern.of(pattern).matches(ApiRequest.of(method, path))).isEqualTo(matches);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/a", "POST", "POST a", "POST /a b", "PO ST /a", "POST /a/**/b", ""})
    void of_noPattern_isRefused(String text) {
        assertThatThrownBy(() -> CallPattern.of(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
