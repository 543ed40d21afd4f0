package io.intaglio.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.venue.KrakenSpot;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class KrakenVenueTest {
    private static final ApiRequest BALANCE = ApiRequest.post("/0/private/Balance");

    private Desk desk;

    @BeforeEach
    void open() throws IOException {
        desk = Desk.at(KrakenSpot.VENUE);
    }

    @AfterEach
    void close() throws IOException {
        desk.close();
    }

    @Test
    void balance_signed_isAnswered() throws IOException {
        assertThat(desk.send(BALANCE).body()).startsWith("{\"error\":[],\"result\":{\"BTC\":\"1000000.00000000\"");
    }

    @Test
    void balance_jsonBody_isAnswered() throws IOException {
        assertThat(desk.send(BALANCE.json("asset", "XBT")).body()).startsWith("{\"error\":[],");
    }

    @Test
    void balance_wrongSecret_isRefusedInAnAnswerOf200() throws IOException {
        Client.Reply reply = desk.send(BALANCE, desk.sim().wrongCredential());

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.body()).isEqualTo("{\"error\":[\"EAPI:Invalid signature\"]}");
    }

    @Test
    void nonce_repeatedOrLower_isRefused() throws IOException {
        assertThat(desk.sendWithNonce(BALANCE, 5000).body()).startsWith("{\"error\":[],");
        assertThat(desk.sendWithNonce(BALANCE, 5000).body()).contains("EAPI:Invalid nonce");
        assertThat(desk.sendWithNonce(BALANCE, 4999).body()).contains("EAPI:Invalid nonce");
        assertThat(desk.sendWithNonce(BALANCE, 5001).body()).startsWith("{\"error\":[],");
    }

    @Test
    void nonce_ofAnotherKey_countsApart() throws IOException {
        desk.sendWithNonce(BALANCE, Long.MAX_VALUE);

        assertThat(desk.send(BALANCE, desk.sim().newCredential()).body()).startsWith("{\"error\":[],");
    }

    @Test
    void order_placedFoundFilledFoundAmongClosed() throws IOException {
        assertThat(desk.send(Desk.krakenOrder("desk-7-000042")).body())
                .contains("\"order\":\"buy 1.25 XBTUSD @ limit 37500\"", "\"txid\":[\"OSIMUL-VENUE-000001\"]");
        ApiRequest open = ApiRequest.post("/0/private/OpenOrders").form("cl_ord_id", "desk-7-000042");
        ApiRequest closed = ApiRequest.post("/0/private/ClosedOrders").form("cl_ord_id", "desk-7-000042");

        assertThat(desk.send(open).body()).contains("OSIMUL-VENUE-000001");
        desk.sim().fill("OSIMUL-VENUE-000001");
        assertThat(desk.send(open).body()).isEqualTo("{\"error\":[],\"result\":{\"open\":{}}}");
        assertThat(desk.send(closed).body()).contains("\"status\":\"closed\"", "\"vol_exec\":\"1.25\"");
    }

    @Test
    void order_sameClientIdWhileOpen_isRefusedAndAfterCancelPlacedAgain() throws IOException {
        desk.send(Desk.krakenOrder("desk-7-000042"));

        assertThat(desk.send(Desk.krakenOrder("desk-7-000042")).body()).contains("EOrder:");
        ApiRequest cancel = ApiRequest.post("/0/private/CancelOrder").form("cl_ord_id", "desk-7-000042");
        assertThat(desk.send(cancel).body()).isEqualTo("{\"error\":[],\"result\":{\"count\":1}}");
        assertThat(desk.send(Desk.krakenOrder("desk-7-000042")).body()).contains("txid");
        assertThat(desk.sim().acceptedOrders("desk-7-000042")).isEqualTo(2);
    }

    @Test
    void order_validateOnly_placesNothing() throws IOException {
        assertThat(desk.send(Desk.krakenOrder("dry").form("validate", "true")).body())
                .contains("descr")
                .doesNotContain("txid");
        assertThat(desk.sim().orders()).isEmpty();
    }

    @Test
    void counter_full_refusesUntilItDrains() throws IOException {
        try (Desk busy = Desk.at(KrakenSpot.VENUE, Budget.generous().withRequests(2, Duration.ofSeconds(6)))) {
            busy.send(BALANCE);
            busy.send(BALANCE);

            Client.Reply refused = busy.send(BALANCE);
            assertThat(refused.status()).isEqualTo(200);
            assertThat(refused.body()).contains("EAPI:Rate limit exceeded");

            busy.clock().advance(Duration.ofSeconds(3));
            assertThat(busy.send(BALANCE).body()).startsWith("{\"error\":[],");
        }
    }

    @Test
    void time_needsNoKey() throws IOException {
        assertThat(desk.send(ApiRequest.get("/0/public/Time")).body())
                .contains("\"unixtime\":" + Desk.NOON.getEpochSecond());
    }
}
