package io.intaglio.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.Credential;
import io.intaglio.signing.Field;
import io.intaglio.signing.Moment;
import io.intaglio.signing.SignedRequest;
import io.intaglio.signing.secret.Secret;
import io.intaglio.signing.time.VenueClock;
import io.intaglio.signing.venue.BinanceSpot;
import io.intaglio.signing.venue.CoinbaseExchange;
import io.intaglio.signing.venue.KrakenSpot;
import io.intaglio.signing.venue.Venue;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is on the wire: the bytes that were signed, once, and nothing that nobody asked for. */
class WireTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00.123Z");

    private static Credential key() {
        return Credential.hmac(
                        "key-id-0123456789", Secret.takeOver("c2VjcmV0LXNlY3JldA==".getBytes(StandardCharsets.UTF_8)))
                .with("passphrase", Secret.takeOver("phrase".getBytes(StandardCharsets.UTF_8)));
    }

    private static VenueClient.Builder client(Venue venue) {
        return VenueClient.builder(venue)
                .credential(key())
                .clock(VenueClock.of(InstantSource.fixed(NOW), () -> 0))
                .nonces(now -> "1772366400123456")
                .retry(RetryPolicy.none());
    }

    /** Header lines of a request as received, and its body. */
    private record Received(String requestLine, List<Field> headers, String body) {
        static Received of(String request) {
            int end = request.indexOf("\r\n\r\n");
            List<String> lines = List.of(request.substring(0, end).split("\r\n"));
            List<Field> headers = new ArrayList<>();
            for (String line : lines.subList(1, lines.size())) {
                int colon = line.indexOf(": ");
                headers.add(new Field(line.substring(0, colon), line.substring(colon + 2)));
            }
            String body = new String(
                    request.substring(end + 4).getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
            return new Received(lines.get(0), headers, body);
        }
    }

    @Test
    void send_anyScheme_putsTheSignedBytesOnTheWire() throws Exception {
        List<ApiRequest> requests = List.of(
                ApiRequest.get("/api/v3/account")
                        .query("note", "ü /?&=+ %")
                        .query("b", "2")
                        .query("a", "1"),
                ApiRequest.post("/sapi/v1/capital/withdraw/apply")
                        .form("symbol", "BTC€USDT")
                        .form("side", "BUY"),
                ApiRequest.delete("/sapi/v1/capital/withdraw/apply").query("symbol", "A B"),
                ApiRequest.post("/0/private/AddOrder")
                        .json("a/b", "ü\n\"")
                        .json("n", 1)
                        .header("X-Desk", "seven, eight"),
                ApiRequest.put("/some%2Fpath/x;y=1").json("k", "v"));
        try (RawServer server = RawServer.answering(RawServer.ok("{}"))) {
            for (Venue venue : List.of(BinanceSpot.VENUE, KrakenSpot.VENUE, CoinbaseExchange.VENUE)) {
                Venue here = server.at(venue);
                try (VenueClient client = client(here).build()) {
                    for (ApiRequest request : requests) {
                        if (venue == KrakenSpot.VENUE && request.method().equals("DELETE")) {
                            continue; // Kraken has no such call, its nonce would make it a form
                        }
                        ApiRequest asked = request.clientOrderId("desk-7");
                        client.send(asked);
                        Received received = Received.of(
                                server.requests().get(server.requests().size() - 1));
                        ApiRequest placed = here.isOrder(asked)
                                ? here.clientOrderId().orElseThrow().put(asked, "desk-7")
                                : asked;
                        SignedRequest signed = here.scheme()
                                .sign(placed.baseUri(here.baseUri()), key(), Moment.of(NOW, "1772366400123456"));
                        assertThat(received.requestLine())
                                .isEqualTo(signed.method() + " " + signed.target() + " HTTP/1.1");
                        assertThat(received.body()).isEqualTo(signed.bodyText());
                        List<Field> added = new ArrayList<>(received.headers());
                        added.removeAll(signed.headers());
                        List<Field> kept = new ArrayList<>(received.headers());
                        kept.retainAll(signed.headers());
                        assertThat(kept).isEqualTo(signed.headers());
                        assertThat(added).extracting(Field::name).isSubsetOf("Host", "Content-Length", "User-Agent");
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "503 Service Unavailable|Retry-After: 0\r\n",
                "429 Too Many Requests|Retry-After: 0\r\n",
                "500 Internal Server Error|",
                "408 Request Timeout|",
                "302 Found|Location: /elsewhere\r\n",
                "307 Temporary Redirect|Location: /elsewhere\r\n",
                "401 Unauthorized|WWW-Authenticate: Basic realm=\"x\"\r\n",
                "407 Proxy Authentication Required|Proxy-Authenticate: Basic realm=\"x\"\r\n",
                "417 Expectation Failed|"
            })
    void send_statusThatLibrariesActOn_isSentExactlyOnce(String statusAndHeaders) throws Exception {
        String[] parts = statusAndHeaders.split("\\|", -1);
        try (RawServer server = RawServer.answering(RawServer.response(parts[0], parts[1], "{}"));
                VenueClient client = client(server.at(BinanceSpot.VENUE)).build()) {
            assertThatThrownBy(() -> client.send(
                            ApiRequest.post("/sapi/v1/capital/withdraw/apply").form("symbol", "BTCUSDT")))
                    .isInstanceOf(VenueException.class);
            assertThat(server.requests()).hasSize(1);
        }
    }

    @Test
    void send_connectionEndsWithoutAnAnswer_isSentExactlyOnce() throws Exception {
        try (RawServer server = RawServer.answering((number, socket, out) -> socket.close());
                VenueClient client = client(server.at(BinanceSpot.VENUE)).build()) {
            assertThatThrownBy(() -> client.send(ApiRequest.post("/api/v3/order")
                            .clientOrderId("desk-7")
                            .timeLimit(Duration.ofMillis(200))))
                    .isInstanceOfSatisfying(UnansweredException.class, e -> {
                        assertThat(e.effect()).isEqualTo(VenueException.Effect.UNKNOWN);
                        assertThat(e.clientOrderId()).contains("desk-7");
                    });
            assertThat(server.requests())
                    .filteredOn(request -> request.startsWith("POST"))
                    .hasSize(1);
        }
    }

    @Test
    void send_pooledConnectionClosedByTheVenue_isNotRepeatedBehindOurBack() throws Exception {
        try (RawServer server = RawServer.answering((number, socket, out) -> {
                    if (number == 1) {
                        out.write(RawServer.ok("{}").getBytes(StandardCharsets.ISO_8859_1));
                    } else {
                        socket.close();
                    }
                });
                VenueClient client = client(server.at(BinanceSpot.VENUE)).build()) {
            client.send(ApiRequest.get("/api/v3/account"));
            assertThatThrownBy(() -> client.send(ApiRequest.post("/sapi/v1/capital/withdraw/apply")))
                    .isInstanceOf(UnansweredException.class);
            assertThat(server.requests()).hasSize(2);
        }
    }

    @Test
    void send_cookiesOffered_areNotSentBack() throws Exception {
        try (RawServer server =
                        RawServer.answering(RawServer.response("200 OK", "Set-Cookie: session=abc; Path=/\r\n", "{}"));
                VenueClient client = client(server.at(BinanceSpot.VENUE)).build()) {
            client.send(ApiRequest.get("/api/v3/account"));
            client.send(ApiRequest.get("/api/v3/account"));
            assertThat(server.requests().get(1)).doesNotContainIgnoringCase("cookie");
            assertThat(server.requests().get(1)).doesNotContainIgnoringCase("accept-encoding");
            assertThat(server.requests().get(1)).doesNotContainIgnoringCase("expect:");
            assertThat(server.connections()).as("one connection is kept").isEqualTo(1);
        }
    }

    @Test
    void send_answerLongerThanTheLimit_isRefusedAndUnknown() throws Exception {
        try (RawServer server = RawServer.answering(RawServer.ok("x".repeat(2_000)));
                VenueClient client = client(server.at(BinanceSpot.VENUE))
                        .maxResponseBytes(1_999)
                        .build()) {
            assertThatThrownBy(() -> client.send(ApiRequest.post("/sapi/v1/capital/withdraw/apply")))
                    .isInstanceOf(UnansweredException.class)
                    .hasMessageContaining("longer than the limit of 1999 bytes");
        }
        try (RawServer server = RawServer.answering(RawServer.ok("x".repeat(1_999)));
                VenueClient client = client(server.at(BinanceSpot.VENUE))
                        .maxResponseBytes(1_999)
                        .build()) {
            assertThat(client.send(ApiRequest.get("/api/v3/account")).text()).hasSize(1_999);
        }
    }

    /** A byte now and then keeps an ordinary socket timeout from ever coming. */
    @Test
    void send_answerThatDrips_endsAtTheResponseTimeout() throws Exception {
        try (RawServer server = RawServer.answering((number, socket, out) -> {
                    while (true) {
                        out.write('H');
                        out.flush();
                        Thread.sleep(20);
                    }
                });
                VenueClient client = client(server.at(BinanceSpot.VENUE))
                        .responseTimeout(Duration.ofMillis(300))
                        .build()) {
            long start = System.nanoTime();
            assertThatThrownBy(() -> client.send(ApiRequest.post("/sapi/v1/capital/withdraw/apply")))
                    .isInstanceOf(UnansweredException.class)
                    .hasMessageContaining("no whole answer came within 300 ms");
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isBetween(Duration.ofMillis(290), Duration.ofSeconds(5));
        }
    }

    @Test
    void send_interruptedWhileWaiting_endsUnknownAndKeepsTheFlag() throws Exception {
        try (RawServer server = RawServer.answering((number, socket, out) -> Thread.sleep(20_000));
                VenueClient client = client(server.at(BinanceSpot.VENUE)).build()) {
            Thread caller = Thread.currentThread();
            Thread interrupter = new Thread(() -> {
                while (server.requests().isEmpty()) {
                    Thread.onSpinWait();
                }
                caller.interrupt();
            });
            interrupter.start();
            assertThatThrownBy(() -> client.send(ApiRequest.post("/sapi/v1/capital/withdraw/apply")))
                    .isInstanceOf(UnansweredException.class)
                    .hasMessageContaining("interrupted");
            assertThat(Thread.interrupted()).isTrue();
            interrupter.join();
        }
    }

    @Test
    void send_nobodyListens_isNotSent() throws Exception {
        Venue venue;
        try (RawServer server = RawServer.answering("")) {
            venue = server.at(BinanceSpot.VENUE);
        }
        try (VenueClient client = client(venue).build()) {
            assertThatThrownBy(() -> client.send(ApiRequest.post("/sapi/v1/capital/withdraw/apply")))
                    .isInstanceOfSatisfying(NotSentException.class, e -> {
                        assertThat(e.reason()).isEqualTo(NotSentException.Reason.CONNECT);
                        assertThat(e.effect()).isEqualTo(VenueException.Effect.NONE);
                    });
        }
    }

    @Test
    void send_afterClose_isNotSent() throws Exception {
        try (RawServer server = RawServer.answering(RawServer.ok("{}"))) {
            VenueClient client = client(server.at(BinanceSpot.VENUE)).build();
            client.close();
            assertThatThrownBy(() -> client.send(ApiRequest.post("/sapi/v1/capital/withdraw/apply")))
                    .isInstanceOfSatisfying(
                            NotSentException.class,
                            e -> assertThat(e.reason()).isEqualTo(NotSentException.Reason.CLOSED));
            assertThat(server.requests()).isEmpty();
        }
    }

    @Test
    void build_plainHttpToAnotherMachine_isRefused() {
        assertThatThrownBy(() -> VenueClient.of(BinanceSpot.VENUE.at(java.net.URI.create("http://example.com")), key()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "the address of binance, http://example.com, is not https; plain http is for this machine alone");
    }
}
