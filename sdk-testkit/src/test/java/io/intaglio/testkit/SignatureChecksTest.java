package io.intaglio.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.intaglio.signing.Field;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The venue's side of signing against the venues' own published examples, so that it is not only consistent with our schemes. */
class SignatureChecksTest {

    private static final String KRAKEN_BODY =
            "nonce=1616492376594&ordertype=limit&pair=XBTUSD&price=37500&type=buy&volume=1.25";
    private static final String KRAKEN_SIGNATURE =
            "4/dpxb3iT4tp/ZCVEwSnEsLxx0bqyhLpdfOpc6fn7OR8+UClSV5n9E6aSS8MPtnRfp32bAb0nmbRn6H8ndwLUQ==";
    private static final String BINANCE_FIELDS = "symbol=LTCBTC&side=BUY&type=LIMIT&timeInForce=GTC&quantity=1"
            + "&price=0.1&recvWindow=5000&timestamp=1499827319559";
    private static final String BINANCE_SIGNATURE = "c8db56825ae71d6d79447849e617115f4a920fa2acdcab2b053c4b2838bd6b71";

    /** Source: binance-spot-api-docs, rest-api.md, "SIGNED Endpoint Examples for POST /api/v3/order", HMAC keys. */
    private static final ApiKey BINANCE_KEY = ApiKey.known(
            "vmPUZE6mv9SD5VNHk4HlWFsOr6aKE2zvsw0MuIgwCIPy6utIco14y7Ju91duEh8A",
            "NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP1e3UZjInClVN65XAbvqqM6A7H5fATj0j",
            "");

    /** Source: docs.kraken.com, "Spot REST authentication". */
    private static final ApiKey KRAKEN_KEY = ApiKey.known(
            "documented",
            "kQH5HW/8p1uGOVjbgWA7FunAmGO8lsSUXNsu3eow76sz84Q18fWxnyRzBHCd3pd5nE9qa99HAZtuZuj6F1huXg==",
            "");

    /** Source: second implementation, ccxt 4.5.84. */
    private static final ApiKey COINBASE_KEY = ApiKey.known(
            "44d220fd432d8e985e4b79a4af0728ce",
            "Fw5d6y3XcjJBUBfHt9xJG19rtkTJpdqxM4cjlKbonrdV4GeCeRV3IyAw0ovtHqBLRBx2JOLfHiuI1a4EtIQpdg==",
            "a0xCPq3ZTOE");

    private static final String COINBASE_BODY =
            "{\"product_id\":\"BTC-USD\",\"type\":\"limit\",\"side\":\"buy\",\"size\":\"0.01\",\"price\":\"10000\",\"post_only\":true,\"stop\":null}";

    private static final Field[] COINBASE_HEADERS = {
        new Field("CB-ACCESS-TIMESTAMP", "1735689600"),
        new Field("CB-ACCESS-SIGN", "72THaAtaUFTw5ydxYOOFGEN6Sh/avHUHjUdH/SdBoTs=")
    };

    /** Source: second implementation, ccxt 4.5.84. */
    private static final ApiKey OKX_KEY =
            ApiKey.known("495ef203-8cfd-42bc-8ade-68eb27c2d7e5", "ED56FB8523A2595976456D3D07DD945C", "Pass UIMxR522!");

    private static final String OKX_BODY =
            "{\"instId\":\"BTC-USDT\",\"tdMode\":\"cash\",\"clOrdId\":\"b15\",\"side\":\"buy\",\"ordType\":\"limit\",\"px\":\"2.15\",\"sz\":\"2\",\"attachAlgoOrds\":[{\"tpTriggerPx\":\"3\",\"tpOrdPx\":\"-1\"}]}";

    private static final Field[] OKX_HEADERS = {
        new Field("OK-ACCESS-TIMESTAMP", "2025-01-01T00:00:00.000Z"),
        new Field("OK-ACCESS-SIGN", "qTy4pbmVmOCozby6dy6eRxJ+8/havMS33HRcg7b8N9k=")
    };

    @Test
    void binance_documentedSignatureInBody_isAccepted() {
        assertThat(BinanceRules.isSigned(
                        call("/api/v3/order", BINANCE_FIELDS + "&signature=" + BINANCE_SIGNATURE), BINANCE_KEY))
                .isTrue();
    }

    @Test
    void binance_documentedSignatureInQuery_isAccepted() {
        assertThat(BinanceRules.isSigned(
                        call("/api/v3/order?" + BINANCE_FIELDS + "&signature=" + BINANCE_SIGNATURE, ""), BINANCE_KEY))
                .isTrue();
    }

    @Test
    void binance_oneChangedField_isRefused() {
        assertThat(BinanceRules.isSigned(
                        call(
                                "/api/v3/order",
                                BINANCE_FIELDS.replace("quantity=1", "quantity=2") + "&signature=" + BINANCE_SIGNATURE),
                        BINANCE_KEY))
                .isFalse();
    }

    @Test
    void kraken_documentedSignature_isAccepted() {
        assertThat(KrakenRules.isSigned(
                        call("/0/private/AddOrder", KRAKEN_BODY, new Field("API-Sign", KRAKEN_SIGNATURE)), KRAKEN_KEY))
                .isTrue();
    }

    @Test
    void kraken_documentedSignatureOnAnotherPath_isRefused() {
        assertThat(KrakenRules.isSigned(
                        call("/0/private/Balance", KRAKEN_BODY, new Field("API-Sign", KRAKEN_SIGNATURE)), KRAKEN_KEY))
                .isFalse();
    }

    @Test
    void coinbase_signatureOfASecondImplementation_isAccepted() {
        assertThat(CoinbaseRules.isSigned(call("/orders", COINBASE_BODY, COINBASE_HEADERS), COINBASE_KEY))
                .isTrue();
        assertThat(CoinbaseRules.isSigned(
                        call(
                                "GET",
                                "/orders?product_id=BTC-USD&status=open&sortedBy=created_at&note=a%20b%2Cc%2Bd%2Fe%3Af%40g%3Dh%26i&u=caf%C3%A9%20100%25%20%231",
                                "",
                                new Field("CB-ACCESS-TIMESTAMP", "1699999999"),
                                new Field("CB-ACCESS-SIGN", "yAReOZwK+3v2Cy12KYoCMAaUAOeDPHlQhaAQGawazXo=")),
                        COINBASE_KEY))
                .isTrue();
    }

    @Test
    void coinbase_oneChangedFieldOrPathOrMethod_isRefused() {
        String changed = COINBASE_BODY.replace("BTC", "ETH");
        assertThat(CoinbaseRules.isSigned(call("/orders", changed, COINBASE_HEADERS), COINBASE_KEY))
                .isFalse();
        assertThat(CoinbaseRules.isSigned(call("/orders?a=b", COINBASE_BODY, COINBASE_HEADERS), COINBASE_KEY))
                .isFalse();
        assertThat(CoinbaseRules.isSigned(call("PUT", "/orders", COINBASE_BODY, COINBASE_HEADERS), COINBASE_KEY))
                .isFalse();
    }

    @Test
    void okx_signatureOfASecondImplementation_isAccepted() {
        assertThat(OkxRules.isSigned(call("/api/v5/trade/order", OKX_BODY, OKX_HEADERS), OKX_KEY))
                .isTrue();
        assertThat(OkxRules.isSigned(
                        call(
                                "GET",
                                "/api/v5/trade/orders-pending?instType=SPOT&instId=BTC-USDT&ordType=limit%2Cpost_only&after=&note=caf%C3%A9%20100%25%20%231",
                                "",
                                new Field("OK-ACCESS-TIMESTAMP", "2023-11-14T22:13:19.999Z"),
                                new Field("OK-ACCESS-SIGN", "PPamzzdaZvBYukvVei5bWmHTCGTr+D4F21RWujo7O0U=")),
                        OKX_KEY))
                .isTrue();
    }

    @Test
    void okx_oneChangedFieldOrPathOrMethod_isRefused() {
        String changed = OKX_BODY.replace("BTC", "ETH");
        assertThat(OkxRules.isSigned(call("/api/v5/trade/order", changed, OKX_HEADERS), OKX_KEY))
                .isFalse();
        assertThat(OkxRules.isSigned(call("/api/v5/trade/order?a=b", OKX_BODY, OKX_HEADERS), OKX_KEY))
                .isFalse();
        assertThat(OkxRules.isSigned(call("PUT", "/api/v5/trade/order", OKX_BODY, OKX_HEADERS), OKX_KEY))
                .isFalse();
    }

    private static Call call(String target, String body, Field... headers) {
        return call("POST", target, body, headers);
    }

    private static Call call(String method, String target, String body, Field... headers) {
        return new Call(
                new ReceivedRequest(
                        Instant.EPOCH,
                        method,
                        target,
                        List.of(headers),
                        body.getBytes(StandardCharsets.UTF_8),
                        1,
                        null),
                false);
    }
}
