package io.intaglio.signing.venue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.intaglio.signing.ApiRequest;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OrderQueryTest {
    private static OrderQuery query(Venue venue) {
        return venue.orderQuery().orElseThrow();
    }

    /** Beside each what the venue's documentation says; those without an end are held for a week. */
    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "okx | PT2H | The incomplete orders that have been canceled are only reserved for 2 hours.",
                "deribit | P1D | the state of recent orders; orders older than 2 days are old",
                "bybit | P7D | If not passed, query the past 7 days data by default",
                "kraken | P7D | no end",
                "coinbaseexchange | P7D | no end",
                "binance | P90D | archived: executedQty == 0 that occurred more than 90 days in the past"
            })
    void retention_venue_isAsDocumented(String venue, Duration retention, String documented) {
        assertThat(query(Venues.named(venue)).retention()).as(documented).isEqualTo(retention);
    }

    @Test
    void about_bybit_asksWhereClosedOrdersAreAndWhereTheyRemain() {
        ApiRequest order =
                ApiRequest.post("/v5/order/create").json("category", "inverse").json("symbol", "BTCUSD");
        assertThat(query(Bybit.VENUE).about(order, "mine")).allSatisfy(question -> {
            assertThat(question.value("category")).contains("inverse");
            assertThat(question.value("symbol")).contains("BTCUSD");
            assertThat(question.value("orderLinkId")).contains("mine");
        });
        assertThat(query(Bybit.VENUE).about(order, "mine"))
                .extracting(ApiRequest::path)
                .containsExactly("/v5/order/realtime", "/v5/order/history");
    }

    /** "Attempt to do open order operations with the not open order" is no word of an order that does not exist. */
    @Test
    void saysAbsent_deribitOrderThatIsNotOpen_isNot() {
        assertThat(query(Deribit.VENUE).saysAbsent(400, "11044")).isFalse();
        assertThat(query(Deribit.VENUE).saysAbsent(400, "10004")).isTrue();
    }

    @Test
    void orderQuery_retentionWithinTheVisibilityDelay_isRefused() {
        assertThatThrownBy(() ->
                        new OrderQuery(List.of(), List.of(), List.of(), Duration.ofSeconds(2), Duration.ofSeconds(2)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("retention must be longer than the visibility delay of PT2S, was PT2S");
    }
}
