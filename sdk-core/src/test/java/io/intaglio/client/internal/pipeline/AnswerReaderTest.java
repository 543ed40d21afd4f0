package io.intaglio.client.internal.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.intaglio.client.internal.http.RawAnswer;
import io.intaglio.client.internal.pipeline.Verdict.Kind;
import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.venue.Bybit;
import io.intaglio.signing.venue.KrakenSpot;
import io.intaglio.signing.venue.Okx;
import io.intaglio.signing.venue.Venue;
import io.intaglio.signing.venue.Venues;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AnswerReaderTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    private static Kind kind(Venue venue, ApiRequest request, int status, String body) {
        RawAnswer answer = new RawAnswer(status, List.of(), body.getBytes(StandardCharsets.UTF_8));
        return new AnswerReader(venue)
                .read(request, answer, venue.isOrder(request), NOON)
                .kind();
    }

    /** RFC 9110: 303 sends to the result of what was done, 307 says that nothing was; nobody can tell which of them a gateway means. */
    @ParameterizedTest
    @ValueSource(ints = {300, 301, 302, 303, 304, 307, 308, 399})
    void read_redirect_mayHaveActedUnlessItReads(int status) {
        ApiRequest order = ApiRequest.post("/api/v5/trade/order");
        ApiRequest cancel = ApiRequest.post("/api/v5/trade/cancel-order");
        ApiRequest balance = ApiRequest.get("/api/v5/account/balance");
        assertThat(kind(Okx.VENUE, order, status, "")).isEqualTo(Kind.UNKNOWN_OUTCOME);
        assertThat(kind(Okx.VENUE, cancel, status, "<html>")).isEqualTo(Kind.UNKNOWN_OUTCOME);
        assertThat(kind(Okx.VENUE, balance, status, "")).isEqualTo(Kind.REFUSED);
    }

    @Test
    void read_redirectWithACodeOfTheVenue_isReadByTheCode() {
        ApiRequest order = ApiRequest.post("/api/v5/trade/order");
        assertThat(kind(Okx.VENUE, order, 302, "{\"code\":\"50111\",\"data\":[]}"))
                .isEqualTo(Kind.REFUSED);
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "400 | {\"code\":\"50004\",\"msg\":\"API endpoint request timeout\",\"data\":[]} | UNKNOWN_OUTCOME",
                "200 | {\"code\":\"1\",\"msg\":\"\",\"data\":[{\"sCode\":\"50004\"}]} | UNKNOWN_OUTCOME",
                "200 | {\"code\":\"1\",\"msg\":\"\",\"data\":[{\"sCode\":\"51008\"}]} | REFUSED",
                "429 | {\"code\":\"50013\",\"msg\":\"Systems are busy.\",\"data\":[]} | THROTTLED",
                "503 | {\"code\":\"50001\",\"msg\":\"Service temporarily unavailable.\",\"data\":[]} | UNKNOWN_OUTCOME",
                "200 | {\"code\":\"0\",\"data\":[{\"sCode\":\"0\",\"ordId\":\"1\"}]} | ACCEPTED"
            })
    void read_orderAtOkx_isReadByTheCode(int status, String body, Kind expected) {
        assertThat(kind(Okx.VENUE, ApiRequest.post("/api/v5/trade/order"), status, body))
                .isEqualTo(expected);
    }

    @Test
    void read_serverTimeoutInAnOkAnswer_isUnknown() {
        ApiRequest bybit = ApiRequest.post("/v5/order/create");
        assertThat(kind(Bybit.VENUE, bybit, 200, "{\"retCode\":10000,\"retMsg\":\"Server Timeout\"}"))
                .isEqualTo(Kind.UNKNOWN_OUTCOME);
        assertThat(kind(Bybit.VENUE, bybit, 200, "{\"retCode\":110007,\"retMsg\":\"balance is insufficient\"}"))
                .isEqualTo(Kind.REFUSED);
        ApiRequest kraken = ApiRequest.post("/0/private/AddOrder");
        assertThat(kind(KrakenSpot.VENUE, kraken, 200, "{\"error\":[\"EGeneral:Internal error\"]}"))
                .isEqualTo(Kind.UNKNOWN_OUTCOME);
        assertThat(kind(KrakenSpot.VENUE, kraken, 200, "{\"error\":[\"EGeneral:Invalid arguments\"]}"))
                .isEqualTo(Kind.REFUSED);
    }

    /** What is documented as a yes stays one: told as refused, the order would be placed twice. */
    @ParameterizedTest(name = "{0} {2}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "coinbase | POST /api/v3/brokerage/orders | {\"success\":true,\"failure_reason\":\"UNKNOWN_FAILURE_REASON\",\"order_id\":\"1\",\"success_response\":{\"order_id\":\"1\"}} | ACCEPTED",
                "coinbase | POST /api/v3/brokerage/orders | {\"success\":false,\"failure_reason\":\"UNKNOWN_FAILURE_REASON\",\"order_id\":\"\",\"error_response\":{\"error\":\"INSUFFICIENT_FUND\",\"message\":\"Insufficient balance in source account\"}} | REFUSED",
                "coinbase | GET /v2/accounts | {\"data\":[]} | ACCEPTED",
                "xt | POST /v4/order | {\"rc\":0,\"mc\":\"SUCCESS\",\"ma\":[],\"result\":{\"orderId\":\"1\"}} | ACCEPTED",
                "xt | POST /v4/order | {\"rc\":1,\"mc\":\"ORDER_002\",\"ma\":[],\"result\":null} | REFUSED",
                "xt | POST /future/trade/v1/order/create | {\"returnCode\":0,\"msgInfo\":\"success\",\"error\":null,\"result\":\"1\"} | ACCEPTED",
                "phemex | POST /orders | {\"code\":0,\"msg\":\"\",\"data\":{\"bizError\":0,\"orderID\":\"1\"}} | ACCEPTED",
                "phemex | POST /orders | {\"code\":11001,\"msg\":\"TE_NO_ENOUGH_AVAILABLE_BALANCE\",\"data\":null} | REFUSED",
                "phemex | POST /orders | {\"code\":11107,\"msg\":\"TE_CANNOT_CONNECT_TO_REQUEST_SEQ\",\"data\":null} | UNKNOWN_OUTCOME",
                "phemex | GET /md/orderbook | {\"error\":null,\"id\":0,\"result\":{}} | ACCEPTED",
                "bitfinex | POST /v2/auth/w/order/submit | [1567590617,\"on-req\",null,null,[[30630788061]],null,\"SUCCESS\",\"Submitting 1 orders.\"] | ACCEPTED",
                "bitfinex | POST /v2/auth/w/order/submit | [1567590617,\"on-req\",12,null,[[null]],null,\"ERROR\",\"Invalid order: not enough exchange balance\"] | REFUSED",
                "bitfinex | POST /v2/auth/w/order/submit | [1567590617,\"on-req\",null,null,[],null,\"FAILURE\",null] | UNKNOWN_OUTCOME",
                "bitfinex | POST /v2/auth/r/orders | [[1],[2],[3],[4],[5],[6],[7,\"ERROR\"]] | ACCEPTED",
                "mexc | POST /api/v1/private/order/submit | {\"success\":true,\"code\":0,\"data\":1} | ACCEPTED",
                "mexc | POST /api/v1/private/order/submit | {\"success\":false,\"code\":2005,\"message\":\"Balance insufficient\"} | REFUSED",
                "mexc | POST /api/v1/private/order/submit | {\"success\":false,\"code\":500,\"message\":\"System internal error!\"} | UNKNOWN_OUTCOME",
                "mexc | POST /api/v3/order | {\"symbol\":\"MXUSDT\",\"orderId\":\"1\",\"transactTime\":1} | ACCEPTED",
                "zonda | POST /rest/trading/offer/BTC-PLN | {\"status\":\"Ok\",\"completed\":false,\"offerId\":\"1\",\"transactions\":[]} | ACCEPTED",
                "zonda | POST /rest/trading/offer/BTC-PLN | {\"status\":\"Fail\",\"errors\":[\"FUNDS_NOT_SUFFICIENT\"]} | REFUSED",
                "zonda | POST /rest/trading/offer/BTC-PLN | {\"status\":\"Fail\",\"errors\":[\"RESPONSE_TIMEOUT\"]} | UNKNOWN_OUTCOME"
            })
    void read_okAnswer_isReadByTheVenuesFlagOrCode(String venue, String call, String body, Kind expected) {
        ApiRequest request = ApiRequest.of(call.split(" ")[0], call.split(" ")[1]);
        assertThat(kind(Venues.named(venue), request, 200, body)).isEqualTo(expected);
    }

    @Test
    void read_refusalByAFlag_tellsTheCode() {
        String body = "{\"success\":false,\"error_response\":{\"error\":\"INSUFFICIENT_FUND\"}}";
        assertThat(code("coinbase", "/api/v3/brokerage/orders", body)).isEqualTo("INSUFFICIENT_FUND");
        assertThat(code(
                        "bitfinex",
                        "/v2/auth/w/order/submit",
                        "[1,\"on-req\",12,null,[],null,\"ERROR\",\"amount: invalid\"]"))
                .isEqualTo("amount: invalid");
        assertThat(code("xt", "/v4/order", "{\"rc\":\"1\",\"mc\":\"ORDER_002\"}"))
                .isEqualTo("ORDER_002");
        assertThat(code("zonda", "/rest/trading/offer/BTC-PLN", "{\"status\":\"Fail\"}"))
                .isEmpty();
    }

    private static String code(String venue, String path, String body) {
        RawAnswer answer = new RawAnswer(200, List.of(), body.getBytes(StandardCharsets.UTF_8));
        return new AnswerReader(Venues.named(venue))
                .read(ApiRequest.post(path), answer, true, NOON)
                .code();
    }
}
