package io.intaglio.testkit;

import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.Credential;
import io.intaglio.signing.Moment;
import io.intaglio.signing.SignedRequest;
import io.intaglio.signing.venue.Venue;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;

/** Signs with the venue's own scheme at the time and with the nonce that a test chooses, and sends on one connection. */
final class Desk implements AutoCloseable {
    static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    private final VirtualClock clock;
    private final SimulatedVenue sim;
    private final Client client;
    private final AtomicLong nonces = new AtomicLong(1_000);

    private Desk(VirtualClock clock, SimulatedVenue sim) throws IOException {
        this.clock = clock;
        this.sim = sim;
        this.client = Client.of(sim);
    }

    static Desk at(Venue venue) throws IOException {
        return at(venue, Budget.generous());
    }

    static Desk at(Venue venue, Budget budget) throws IOException {
        return with(venue, settings -> settings.budget(budget));
    }

    static Desk with(Venue venue, UnaryOperator<SimulatedVenue.Builder> settings) throws IOException {
        VirtualClock clock = VirtualClock.at(NOON);
        return new Desk(
                clock, settings.apply(SimulatedVenue.of(venue).clock(clock)).start());
    }

    SimulatedVenue sim() {
        return sim;
    }

    VirtualClock clock() {
        return clock;
    }

    Client.Reply send(ApiRequest request) throws IOException {
        return send(request, sim.credential());
    }

    Client.Reply send(ApiRequest request, Credential credential) throws IOException {
        return client.send(sign(request, credential, clock.instant(), nonces.incrementAndGet()));
    }

    /** Sends with a timestamp that is late by this much, or early when negative. */
    Client.Reply sendLate(ApiRequest request, Duration age) throws IOException {
        return client.send(sign(request, sim.credential(), clock.instant().minus(age), nonces.incrementAndGet()));
    }

    Client.Reply sendWithNonce(ApiRequest request, long nonce) throws IOException {
        return client.send(sign(request, sim.credential(), clock.instant(), nonce));
    }

    SignedRequest sign(ApiRequest request, Credential credential, Instant at, long nonce) {
        return sim.venue().scheme().sign(request, credential, Moment.of(at, Long.toString(nonce)));
    }

    SignedRequest sign(ApiRequest request) {
        return sign(request, sim.credential(), clock.instant(), nonces.incrementAndGet());
    }

    static ApiRequest binanceOrder(String clientOrderId) {
        return ApiRequest.post("/api/v3/order")
                .form("symbol", "BTCUSDT")
                .form("side", "BUY")
                .form("type", "LIMIT")
                .form("timeInForce", "GTC")
                .form("quantity", new BigDecimal("0.01"))
                .form("price", new BigDecimal("37500.10"))
                .form("newClientOrderId", clientOrderId);
    }

    static ApiRequest binanceQuery(String clientOrderId) {
        return ApiRequest.get("/api/v3/order").query("symbol", "BTCUSDT").query("origClientOrderId", clientOrderId);
    }

    static ApiRequest krakenOrder(String clientOrderId) {
        return ApiRequest.post("/0/private/AddOrder")
                .form("ordertype", "limit")
                .form("pair", "XBTUSD")
                .form("price", "37500")
                .form("type", "buy")
                .form("volume", "1.25")
                .form("cl_ord_id", clientOrderId);
    }

    static ApiRequest coinbaseOrder(String clientOrderId) {
        return ApiRequest.post("/orders")
                .json("product_id", "BTC-USD")
                .json("side", "buy")
                .json("size", "0.01")
                .json("price", "37500.10")
                .json("client_oid", clientOrderId);
    }

    static ApiRequest okxOrder(String clientOrderId) {
        return ApiRequest.post("/api/v5/trade/order")
                .json("instId", "BTC-USDT")
                .json("tdMode", "cash")
                .json("side", "buy")
                .json("ordType", "limit")
                .json("px", "37500.1")
                .json("sz", "0.01")
                .json("clOrdId", clientOrderId);
    }

    @Override
    public void close() throws IOException {
        client.close();
        sim.close();
    }
}
