package io.intaglio.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.venue.Okx;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OkxVenueTest {
    private static final ApiRequest BALANCE = ApiRequest.get("/api/v5/account/balance");

    private Desk desk;

    @BeforeEach
    void open() throws IOException {
        desk = Desk.at(Okx.VENUE);
    }

    @AfterEach
    void close() throws IOException {
        desk.close();
    }

    @Test
    void balance_signedWithQuery_isAnswered() throws IOException {
        assertThat(desk.send(BALANCE.query("ccy", "BTC")).body()).contains("\"code\":\"0\"", "\"ccy\":\"BTC\"");
    }

    @Test
    void balance_wrongSecret_isRefused() throws IOException {
        Client.Reply reply = desk.send(BALANCE, desk.sim().wrongCredential());

        assertThat(reply.status()).isEqualTo(401);
        assertThat(reply.body()).isEqualTo("{\"code\":\"50113\",\"msg\":\"Invalid Sign\",\"data\":[]}");
    }

    @Test
    void balance_timestampOlderThanThirtySeconds_isRefused() throws IOException {
        Client.Reply reply = desk.sendLate(BALANCE, Duration.ofMillis(30_001));

        assertThat(reply.status()).isEqualTo(401);
        assertThat(reply.body()).contains("\"50102\"");
    }

    @Test
    void order_placedFoundRefusedAsDuplicateCancelled() throws IOException {
        assertThat(desk.send(Desk.okxOrder("desk7000042")).body()).contains("\"sCode\":\"0\"");
        ApiRequest query = ApiRequest.get("/api/v5/trade/order")
                .query("instId", "BTC-USDT")
                .query("clOrdId", "desk7000042");

        assertThat(desk.send(query).body()).contains("\"state\":\"live\"");
        assertThat(desk.send(Desk.okxOrder("desk7000042")).body()).contains("\"sCode\":\"51016\"");
        ApiRequest cancel = ApiRequest.post("/api/v5/trade/cancel-order")
                .json("instId", "BTC-USDT")
                .json("clOrdId", "desk7000042");
        assertThat(desk.send(cancel).body()).contains("\"sCode\":\"0\"");
        assertThat(desk.send(query).body()).contains("\"state\":\"canceled\"");
        assertThat(desk.sim().acceptedOrders("desk7000042")).isEqualTo(1);
    }

    @Test
    void query_unknownOrder_isRefused() throws IOException {
        ApiRequest query = ApiRequest.get("/api/v5/trade/order")
                .query("instId", "BTC-USDT")
                .query("clOrdId", "neversent");

        assertThat(desk.send(query).body()).contains("\"51603\"");
    }

    @Test
    void budget_spent_isRefusedWith429AndCode50011() throws IOException {
        try (Desk busy = Desk.at(Okx.VENUE, Budget.generous().withRequests(1, Duration.ofSeconds(2)))) {
            busy.send(BALANCE);

            Client.Reply refused = busy.send(BALANCE);
            assertThat(refused.status()).isEqualTo(429);
            assertThat(refused.body()).contains("\"50011\"");
        }
    }
}
