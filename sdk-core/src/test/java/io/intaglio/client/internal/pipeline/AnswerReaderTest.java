package io.intaglio.client.internal.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.intaglio.client.internal.http.RawAnswer;
import io.intaglio.client.internal.pipeline.Verdict.Kind;
import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.venue.Bybit;
import io.intaglio.signing.venue.KrakenSpot;
import io.intaglio.signing.venue.Okx;
import io.intaglio.signing.venue.Venue;
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
}
