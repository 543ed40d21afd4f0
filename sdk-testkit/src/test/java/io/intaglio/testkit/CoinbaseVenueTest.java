package io.intaglio.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.venue.CoinbaseExchange;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CoinbaseVenueTest {
    private static final ApiRequest ACCOUNTS = ApiRequest.get("/accounts");
    private static final String ID = "1822e338-8e16-4740-a998-fcc33dcfc443";

    private Desk desk;

    @BeforeEach
    void open() throws IOException {
        desk = Desk.at(CoinbaseExchange.VENUE);
    }

    @AfterEach
    void close() throws IOException {
        desk.close();
    }

    @Test
    void accounts_signed_areAnswered() throws IOException {
        assertThat(desk.send(ACCOUNTS).body()).contains("\"currency\":\"BTC\"");
    }

    @Test
    void accounts_wrongSecret_isRefused() throws IOException {
        Client.Reply reply = desk.send(ACCOUNTS, desk.sim().wrongCredential());

        assertThat(reply.status()).isEqualTo(401);
        assertThat(reply.body()).isEqualTo("{\"message\":\"invalid signature\"}");
    }

    @Test
    void accounts_timestampOlderThanThirtySeconds_isRefused() throws IOException {
        assertThat(desk.sendLate(ACCOUNTS, Duration.ofSeconds(30)).status()).isEqualTo(200);

        Client.Reply reply = desk.sendLate(ACCOUNTS, Duration.ofSeconds(31));
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.body()).isEqualTo("{\"message\":\"request timestamp expired\"}");
    }

    @Test
    void order_placedFoundCancelledByClientId() throws IOException {
        assertThat(desk.send(Desk.coinbaseOrder(ID)).status()).isEqualTo(200);
        ApiRequest found = ApiRequest.get("/orders/client:" + ID);

        assertThat(desk.send(found).body()).contains("\"status\":\"open\"");
        assertThat(desk.send(Desk.coinbaseOrder(ID)).status()).isEqualTo(400);
        assertThat(desk.send(ApiRequest.delete("/orders/client:" + ID)).status())
                .isEqualTo(200);
        assertThat(desk.send(found).body()).contains("\"done_reason\":\"canceled\"");
        assertThat(desk.sim().acceptedOrders(ID)).isEqualTo(1);
    }

    @Test
    void order_clientIdThatIsNoUuid_isRefused() throws IOException {
        assertThat(desk.send(Desk.coinbaseOrder("desk-7-000042")).body())
                .isEqualTo("{\"message\":\"Invalid client_oid\"}");
    }

    @Test
    void budget_spent_isRefusedWith429() throws IOException {
        try (Desk busy = Desk.at(CoinbaseExchange.VENUE, Budget.generous().withRequests(1, Duration.ofSeconds(1)))) {
            assertThat(busy.send(ACCOUNTS).status()).isEqualTo(200);
            assertThat(busy.send(ACCOUNTS).status()).isEqualTo(429);
            busy.clock().advance(Duration.ofSeconds(1));
            assertThat(busy.send(ACCOUNTS).status()).isEqualTo(200);
        }
    }
}
