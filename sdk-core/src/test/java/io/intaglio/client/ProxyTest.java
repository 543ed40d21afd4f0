package io.intaglio.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.intaglio.client.internal.http.Dialing;
import io.intaglio.client.internal.http.Transport;
import io.intaglio.client.internal.http.TransportSettings;
import io.intaglio.client.internal.proxy.ProxyServers;
import io.intaglio.client.oauth.ClientAuthentication;
import io.intaglio.client.oauth.OAuth;
import io.intaglio.client.tls.Tls;
import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.Moment;
import io.intaglio.signing.SignedRequest;
import io.intaglio.signing.secret.Secret;
import io.intaglio.signing.venue.BinanceSpot;
import io.intaglio.signing.venue.Venue;
import io.intaglio.testkit.ReceivedRequest;
import io.intaglio.testkit.SimulatedVenue;
import io.intaglio.testkit.TokenServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Through real proxies, with TLS to the venue all the way: what the proxy hears, what the venue hears, and what a refusal becomes. */
class ProxyTest {
    private static final String PASSWORD = "correct horse:battery";
    private static final ApiRequest READ = ApiRequest.get("/api/v3/account");

    private final SimulatedVenue sim = SimulatedVenue.start(BinanceSpot.VENUE);
    /** By name, as real venues are. */
    private final Venue venue =
            sim.venue().at(URI.create("https://localhost:" + sim.uri().getPort()));

    @AfterEach
    void close() {
        sim.close();
    }

    private static ApiRequest order() {
        return ApiRequest.post("/api/v3/order")
                .form("symbol", "BTCUSDT")
                .form("side", "BUY")
                .form("type", "LIMIT")
                .form("timeInForce", "GTC")
                .form("quantity", "0.01")
                .form("price", "20000")
                .clientOrderId("desk-7");
    }

    private VenueClient.Builder client(Venue at, Proxy proxy) {
        return VenueClient.builder(at)
                .credential(sim.credential())
                .tls(Tls.builder().trust(sim.trustAnchor()).build())
                .sleeper(duration -> {})
                .proxy(proxy);
    }

    private static Secret password() {
        return Secret.of(PASSWORD.getBytes(StandardCharsets.UTF_8));
    }

    private List<String> received(String method) {
        return sim.received().stream()
                .map(ReceivedRequest::method)
                .filter(method::equals)
                .toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"http", "socks5"})
    void send_proxyWithALogin_makesATunnelAndTheVenueSeesEachRequestOnce(String kind) throws Exception {
        try (TestProxy proxy =
                        (kind.equals("http") ? TestProxy.http() : TestProxy.socks5()).demanding("desk:" + PASSWORD);
                Secret secret = password();
                VenueClient client =
                        client(venue, proxy.proxy().user("desk", secret)).build()) {
            client.send(order());
            client.send(READ);

            assertThat(received("POST")).hasSize(1);
            assertThat(sim.acceptedOrders("desk-7")).isEqualTo(1);
            assertThat(proxy.connections()).as("one tunnel is kept").isEqualTo(1);
            int port = sim.uri().getPort();
            assertThat(proxy.asked()).singleElement().satisfies(asked -> {
                if (kind.equals("http")) {
                    assertThat(asked)
                            .startsWith("CONNECT localhost:" + port + " HTTP/1.1\r\nHost: localhost:" + port + "\r\n");
                } else {
                    assertThat(asked).as("a name, not its address").isEqualTo("3 localhost:" + port);
                }
            });
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"http", "socks5"})
    void send_proxyWithALogin_noByteOfItReachesTheVenue(String kind) throws Exception {
        try (TestProxy proxy = (kind.equals("http") ? TestProxy.http() : TestProxy.socks5())
                        .demanding("desk-user:" + PASSWORD);
                Secret secret = password();
                VenueClient client =
                        client(venue, proxy.proxy().user("desk-user", secret)).build()) {
            client.send(READ);
            assertThat(sim.received()).isNotEmpty().allSatisfy(request -> {
                String all = request.headers() + request.target() + request.body();
                assertThat(all).doesNotContain(PASSWORD, "desk-user").doesNotContainIgnoringCase("proxy");
            });
            assertThat(proxy.passedOn())
                    .as("TLS from the first byte")
                    .startsWith("\u0016\u0003")
                    .doesNotContain(PASSWORD, "desk-user", "X-MBX-APIKEY");
        }
    }

    @Test
    void send_socksToAnAddress_asksForTheAddress() throws Exception {
        try (TestProxy proxy = TestProxy.socks5();
                VenueClient client = client(sim.venue(), proxy.proxy()).build()) {
            client.send(READ);
            assertThat(proxy.asked()).containsExactly("1 127.0.0.1:" + sim.uri().getPort());
        }
    }

    @Test
    void send_throughAProxy_looksUpNoNameOfTheVenue() throws Exception {
        List<String> lookedUp = new ArrayList<>();
        try (TestProxy proxy = TestProxy.http();
                Transport transport = new Transport(new TransportSettings(
                        Tls.builder().trust(sim.trustAnchor()).build(),
                        1,
                        Duration.ofSeconds(3),
                        Duration.ofMinutes(1),
                        Duration.ofSeconds(1),
                        1 << 20,
                        "test",
                        new Dialing(ProxyServers.of(proxy.proxy()), null, InetAddress.class, host -> {
                            lookedUp.add(host);
                            throw new UnknownHostException(host);
                        })))) {
            SignedRequest time = venue.scheme()
                    .sign(
                            ApiRequest.get("/api/v3/time").baseUri(venue.baseUri()),
                            sim.credential(),
                            Moment.at(Instant.EPOCH));
            assertThat(transport
                            .send(time, Duration.ofSeconds(5), Duration.ofSeconds(5))
                            .status())
                    .isEqualTo(200);
            assertThat(lookedUp).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"http", "socks5"})
    void send_wrongOrNoLogin_isNotSentAndNotAskedAgain(String kind) throws Exception {
        try (TestProxy proxy =
                        (kind.equals("http") ? TestProxy.http() : TestProxy.socks5()).demanding("desk:other-password");
                Secret secret = password();
                VenueClient wrong =
                        client(venue, proxy.proxy().user("desk", secret)).build();
                VenueClient none = client(venue, proxy.proxy()).build()) {
            for (VenueClient client : List.of(wrong, none)) {
                int before = proxy.connections();
                assertThatThrownBy(() -> client.send(order())).isInstanceOfSatisfying(NotSentException.class, e -> {
                    assertThat(e.reason()).isEqualTo(NotSentException.Reason.PROXY);
                    assertThat(e.effect()).isEqualTo(VenueException.Effect.NONE);
                    assertThat(e.remedy()).isEqualTo(VenueException.Remedy.FIX_SETUP);
                    assertThat(e.attempts()).isEqualTo(1);
                    assertThat(e)
                            .hasMessageContaining("proxy 127.0.0.1:" + proxy.port())
                            .hasMessageContaining(client == wrong ? "look at both" : "proxy-password")
                            .hasMessageNotContaining(PASSWORD)
                            .hasStackTraceContaining("ProxyRefusal");
                });
                assertThat(proxy.connections() - before).isEqualTo(1);
            }
            assertThat(sim.received()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "HTTP/1.1 407 No|PROXY|answered 407|1",
                "HTTP/1.1 403 Forbidden|PROXY|answered 403|1",
                "HTTP/1.0 302 Found|PROXY|answered 302|1",
                "SSH-2.0-OpenSSH_9.6|PROXY|does not answer in HTTP|1",
                "HTTP/1.1 502 Bad Gateway|CONNECT|answered 502|3",
                "HTTP/1.1 503 Busy|CONNECT|answered 503|3",
                "HTTP/1.1 504 Timeout|CONNECT|answered 504|3",
                "''|CONNECT|closed the connection instead of answering|3",
            })
    void send_tunnelRefused_isTriedAgainOnlyWhereThatMayHelp(String line, String reason, String text, int attempts)
            throws Exception {
        try (TestProxy proxy = TestProxy.http().refusing((number, socket) -> {
                    TestProxy.head(socket.getInputStream());
                    TestProxy.say(socket, line.isEmpty() ? "" : line + "\r\nSecret-Echo: x\r\n\r\n");
                    return true;
                });
                VenueClient client = client(venue, proxy.proxy())
                        .retry(RetryPolicy.standard().withMaxAttempts(3))
                        .build()) {
            assertThatThrownBy(() -> client.send(order())).isInstanceOfSatisfying(NotSentException.class, e -> {
                assertThat(e.reason().name()).isEqualTo(reason);
                assertThat(e).hasMessageContaining(text);
                assertThat(e.attempts()).isEqualTo(attempts);
            });
            assertThat(proxy.connections()).isEqualTo(attempts);
            assertThat(sim.received()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({"1, CONNECT", "2, PROXY", "3, CONNECT", "4, CONNECT", "5, CONNECT", "6, CONNECT", "7, PROXY", "8, PROXY"
    })
    void send_socksReply_becomesItsReason(int reply, String reason) throws Exception {
        try (TestProxy proxy = TestProxy.socks5().refusing((number, socket) -> {
                    socket.getInputStream().readNBytes(3);
                    socket.getOutputStream().write(new byte[] {5, 0});
                    socket.getInputStream().readNBytes(5 + "localhost".length() + 2);
                    socket.getOutputStream().write(new byte[] {5, (byte) reply, 0, 1, 0, 0, 0, 0, 0, 0});
                    return true;
                });
                VenueClient client =
                        client(venue, proxy.proxy()).retry(RetryPolicy.none()).build()) {
            assertThatThrownBy(() -> client.send(order())).isInstanceOfSatisfying(NotSentException.class, e -> {
                assertThat(e.reason().name()).isEqualTo(reason);
                assertThat(e).hasMessageContaining(Integer.toString(reply));
            });
            assertThat(sim.received()).isEmpty();
        }
    }

    @Test
    void send_tunnelFailsAtFirst_orderIsPlacedOnce() throws Exception {
        try (TestProxy proxy = TestProxy.http().refusing((number, socket) -> {
                    if (number > 2) {
                        return false;
                    }
                    TestProxy.head(socket.getInputStream());
                    TestProxy.say(socket, "HTTP/1.1 503 Busy\r\n\r\n");
                    return true;
                });
                VenueClient client = client(venue, proxy.proxy()).build()) {
            assertThat(client.send(order()).attempts()).isEqualTo(3);
            assertThat(received("POST")).hasSize(1);
        }
    }

    /** What a venue says before it is asked must not be lost in the proxy's answer, and the other way round. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void send_proxyThatSaysNothingOrDrips_endsAtTheConnectTimeout(boolean drips) throws Exception {
        try (TestProxy proxy = TestProxy.http().refusing((number, socket) -> {
                    while (drips) {
                        TestProxy.say(socket, "H");
                        pause();
                    }
                    return socket.getInputStream().readAllBytes().length > 0;
                });
                VenueClient client = client(venue, proxy.proxy())
                        .connectTimeout(Duration.ofMillis(300))
                        .retry(RetryPolicy.none())
                        .build()) {
            long start = System.nanoTime();
            assertThatThrownBy(() -> client.send(order())).isInstanceOfSatisfying(NotSentException.class, e -> {
                assertThat(e.reason()).isEqualTo(NotSentException.Reason.CONNECT);
                assertThat(e).hasMessageContaining("gave no answer in time");
            });
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isBetween(Duration.ofMillis(290), Duration.ofSeconds(5));
        }
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(20);
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    @Test
    void send_answerOfTheProxyWithoutEnd_isRefused() throws Exception {
        try (TestProxy proxy = TestProxy.http().refusing((number, socket) -> {
                    TestProxy.head(socket.getInputStream());
                    TestProxy.say(socket, "HTTP/1.1 200 OK\r\nX: " + "x".repeat(20_000));
                    return socket.getInputStream().read() >= 0;
                });
                VenueClient client = client(venue, proxy.proxy()).build()) {
            assertThatThrownBy(() -> client.send(order()))
                    .isInstanceOf(NotSentException.class)
                    .hasMessageContaining("answers without end");
        }
    }

    @Test
    void send_tunnelCutWhileTheOrderIsWritten_isUnknownAndSentOnce() throws Exception {
        try (TestProxy proxy = TestProxy.http();
                VenueClient client = client(venue, proxy.proxy())
                        .timeLimit(Duration.ofSeconds(2))
                        .build()) {
            client.warmUp(1);
            proxy.cuttingAfter(proxy.passedOn().length());
            proxy.refusing((number, socket) -> true);
            assertThatThrownBy(() -> client.send(order()))
                    .isInstanceOfSatisfying(
                            UnansweredException.class,
                            e -> assertThat(e.effect()).isEqualTo(VenueException.Effect.UNKNOWN));
            assertThat(received("POST")).isEmpty();
        }
    }

    @Test
    void send_proxyThatIsDown_isNamed() throws Exception {
        int port;
        try (ServerSocket unused = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = unused.getLocalPort();
        }
        try (VenueClient client = client(venue, Proxy.socks5("127.0.0.1", port))
                .retry(RetryPolicy.none())
                .build()) {
            assertThatThrownBy(() -> client.send(order())).isInstanceOfSatisfying(NotSentException.class, e -> {
                assertThat(e.reason()).isEqualTo(NotSentException.Reason.CONNECT);
                assertThat(e).hasMessageContaining("the SOCKS5 proxy 127.0.0.1:" + port + " was not reached");
            });
        }
    }

    @Test
    void send_certificateOfAnotherVenue_isRefusedThroughTheProxyToo() throws Exception {
        try (TestProxy proxy = TestProxy.http();
                VenueClient client = VenueClient.builder(venue)
                        .credential(sim.credential())
                        .proxy(proxy.proxy())
                        .build()) {
            assertThatThrownBy(() -> client.send(READ))
                    .isInstanceOfSatisfying(
                            NotSentException.class, e -> assertThat(e.reason()).isEqualTo(NotSentException.Reason.TLS));
            assertThat(sim.received()).isEmpty();
        }
    }

    @Test
    void send_exceptedHost_goesDirectly() throws Exception {
        try (TestProxy proxy = TestProxy.http();
                VenueClient client =
                        client(venue, proxy.proxy().except("localhost")).build()) {
            client.send(READ);
            assertThat(proxy.connections()).isZero();
        }
    }

    /** Plain HTTP is for this machine alone; through a proxy it would leave it, unencrypted. */
    @Test
    void send_plainHttp_neverGoesThroughAProxy() throws Exception {
        try (TestProxy proxy = TestProxy.http();
                RawServer server = RawServer.answering(RawServer.ok("{}"));
                VenueClient client =
                        client(server.at(BinanceSpot.VENUE), proxy.proxy()).build()) {
            client.send(READ);
            assertThat(proxy.connections()).isZero();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "localhost, localhost, true",
        "LocalHost, localhost., true",
        "localhost, my.localhost, false",
        ".example.com, api.example.com, true",
        ".Example.com, a.b.EXAMPLE.com, true",
        ".example.com, example.com, false",
        ".example.com, badexample.com, false",
        "example.com, api.example.com, false",
        "127.0.0.1, 127.0.0.1, true",
        "127.0.0.1, 127.0.0.10, false",
        "10.0.0.0/8, 10.255.3.4, true",
        "10.0.0.0/8, 11.0.0.1, false",
        "10.1.2.128/25, 10.1.2.129, true",
        "10.1.2.128/25, 10.1.2.127, false",
        "0.0.0.0/0, 203.0.113.9, true",
        "0.0.0.0/0, ::1, false",
        "::1, [::1], true",
        "::1, 0:0:0:0:0:0:0:1, true",
        "fd00::/8, fd12::9, true",
        "fd00::/8, fe80::1, false",
        "10.0.0.0/8, ten.example, false"
    })
    void excepts_rule_fitsTheHostsItNames(String rule, String host, boolean excepted) {
        assertThat(Proxy.http("proxy.example", 3128).except(rule).excepts(host)).isEqualTo(excepted);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "*", "*.example.com", "10.0.0.0/33", "10.0.0.0/", "host/8", "a b", "http://x", "."})
    void except_whatIsNoHost_isRefused(String rule) {
        assertThatThrownBy(() -> Proxy.http("proxy.example", 3128).except(rule))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "http://proxy.example:3128, Proxy[HTTP proxy proxy.example:3128]",
        "socks5://10.0.0.7:1080/, Proxy[SOCKS5 proxy 10.0.0.7:1080]",
        "HTTP://[::1]:3128, Proxy[HTTP proxy [::1]:3128]"
    })
    void at_address_isRead(String address, String shown) {
        assertThat(Proxy.at(URI.create(address))).hasToString(shown);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://proxy.example:3128",
                "http://proxy.example",
                "proxy.example:3128",
                "http://desk:hunter2@proxy.example:3128",
                "http://proxy.example:3128/path",
                "socks4://proxy.example:1080",
                "http://proxy.example:0"
            })
    void at_whatIsNoProxy_isRefusedWithoutShowingIt(String address) {
        assertThatThrownBy(() -> Proxy.at(URI.create(address)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("hunter2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "desk:seven", "desk\r\nX-Evil: 1"})
    void user_nameThatWouldChangeTheMeaning_isRefused(String name) {
        try (Secret secret = password()) {
            assertThatThrownBy(() -> Proxy.http("proxy.example", 3128).user(name, secret))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void toString_withALogin_showsNothingOfIt() {
        try (Secret secret = password()) {
            Proxy proxy = Proxy.socks5("proxy.example", 1080).user("desk-user", secret);
            assertThat(proxy.toString()
                            + ProxyServers.of(proxy)
                            + ProxyServers.of(proxy).login())
                    .doesNotContain("desk-user", PASSWORD);
        }
    }

    @Test
    void token_proxyOfTheSource_isAskedForTheTunnel() throws Exception {
        try (TestProxy proxy = TestProxy.http().demanding("desk:hunter2");
                TokenServer server = TokenServer.start();
                OAuth oauth = OAuth.at(server.tokenEndpoint())
                        .client(ClientAuthentication.secretBasic("desk-7", secret("s3cret")))
                        .tls(Tls.builder().trust(server.trustAnchor()).build())
                        .proxy(proxy.proxy().user("desk", secret("hunter2")))
                        .build()) {
            server.addClient("desk-7", secret("s3cret"));
            oauth.token(Duration.ofSeconds(20));
            assertThat(proxy.asked())
                    .singleElement()
                    .asString()
                    .startsWith("CONNECT " + server.uri().getAuthority() + " ");
        }
    }

    private static Secret secret(String text) {
        return Secret.ofChars(text.toCharArray());
    }
}
