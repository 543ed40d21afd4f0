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

    private static Call call(String target, String body, Field... headers) {
        return new Call(
                new TlsServer.Head("POST", target, List.of(headers), 1),
                body.getBytes(StandardCharsets.UTF_8),
                Instant.EPOCH,
                false);
    }
}
