package io.intaglio.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.intaglio.client.internal.http.Dialing;
import io.intaglio.client.internal.http.Names;
import io.intaglio.client.internal.http.SendFailure;
import io.intaglio.client.internal.http.Transport;
import io.intaglio.client.internal.http.TransportSettings;
import io.intaglio.client.tls.Tls;
import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.Credential;
import io.intaglio.signing.Moment;
import io.intaglio.signing.SignedRequest;
import io.intaglio.signing.secret.Secret;
import io.intaglio.signing.venue.BinanceSpot;
import io.intaglio.signing.venue.Venue;
import io.intaglio.testkit.SimulatedVenue;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** From which address, to which address, and when: local address, family, names that change, several addresses, connections opened ahead. */
class AddressTest {
    private static final ApiRequest READ = ApiRequest.get("/api/v3/account");
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private static Credential key() {
        return Credential.hmac("key-id-0123456789", Secret.takeOver("secret".getBytes(StandardCharsets.UTF_8)));
    }

    private static VenueClient.Builder client(Venue venue) {
        return VenueClient.builder(venue).credential(key()).retry(RetryPolicy.none());
    }

    private static Transport transport(
            Names names, Class<? extends InetAddress> family, Duration timeout, Duration age) {
        return new Transport(new TransportSettings(
                Tls.system(),
                2,
                timeout,
                age,
                Duration.ofSeconds(1),
                1 << 20,
                "test",
                new Dialing(null, null, family, names)));
    }

    /** To a name that only the test knows. */
    private static SignedRequest request(int port) {
        return BinanceSpot.VENUE
                .scheme()
                .sign(
                        ApiRequest.get("/api/v3/time").baseUri(URI.create("http://venue.test:" + port)),
                        key(),
                        Moment.at(Instant.EPOCH));
    }

    private static InetAddress address(String text) throws UnknownHostException {
        return InetAddress.getByName(text);
    }

    private static int port(RawServer server) {
        return server.at(BinanceSpot.VENUE).baseUri().getPort();
    }

    /** A listener whose queue is full: who connects hears nothing. */
    private static List<AutoCloseable> silent(InetAddress address, int port) throws IOException {
        List<AutoCloseable> open = new ArrayList<>();
        open.add(new ServerSocket(port, 1, address));
        for (int i = 0; i < 20; i++) {
            Socket socket = new Socket();
            open.add(socket);
            try {
                socket.connect(new InetSocketAddress(address, port), 100);
            } catch (SocketTimeoutException full) {
                return open;
            }
        }
        throw new IllegalStateException("the queue never fills");
    }

    @Test
    void send_firstAddressRefuses_nextIsTaken() throws Exception {
        try (RawServer server = RawServer.answering(RawServer.ok("{}"));
                Transport transport = transport(
                        host -> List.of(address("127.0.0.9"), address("127.0.0.1")),
                        InetAddress.class,
                        Duration.ofSeconds(3),
                        Duration.ofMinutes(1))) {
            assertThat(transport.send(request(port(server)), LIMIT, LIMIT).status())
                    .isEqualTo(200);
            assertThat(server.requests()).hasSize(1);
        }
    }

    @Test
    void send_firstAddressIsSilent_nextIsTakenWithinTheConnectTimeout() throws Exception {
        try (RawServer server = RawServer.answering(RawServer.ok("{}"))) {
            List<AutoCloseable> silent = silent(address("127.0.0.9"), port(server));
            try (Transport transport = transport(
                    host -> List.of(address("127.0.0.9"), address("127.0.0.1")),
                    InetAddress.class,
                    Duration.ofSeconds(2),
                    Duration.ofMinutes(1))) {
                long start = System.nanoTime();
                assertThat(transport.send(request(port(server)), LIMIT, LIMIT).status())
                        .isEqualTo(200);
                assertThat(Duration.ofNanos(System.nanoTime() - start))
                        .isBetween(Duration.ofMillis(900), Duration.ofSeconds(2));
            } finally {
                for (AutoCloseable one : silent) {
                    one.close();
                }
            }
        }
    }

    @Test
    void send_noAddressAnswers_allAreNamed() throws Exception {
        int port;
        try (RawServer server = RawServer.answering("")) {
            port = port(server);
        }
        try (Transport transport = transport(
                host -> List.of(address("127.0.0.9"), address("127.0.0.8")),
                InetAddress.class,
                Duration.ofSeconds(3),
                Duration.ofMinutes(1))) {
            assertThatThrownBy(() -> transport.send(request(port), LIMIT, LIMIT))
                    .isInstanceOfSatisfying(
                            SendFailure.class, e -> assertThat(e.stage()).isEqualTo(SendFailure.Stage.CONNECT))
                    .hasMessageContaining("127.0.0.9 (Connection refused)")
                    .hasMessageContaining("127.0.0.8 (Connection refused)");
        }
    }

    @Test
    void send_nameMoves_newAddressIsUsedAfterTheMaxAge() throws Exception {
        Duration age = Duration.ofMillis(400);
        try (RawServer before = RawServer.answering(RawServer.ok("{}"))) {
            AtomicReference<String> now = new AtomicReference<>("127.0.0.1");
            List<String> moved = new CopyOnWriteArrayList<>();
            try (ServerSocket after = new ServerSocket(port(before), 50, address("127.0.0.7"));
                    Transport transport = transport(
                            host -> List.of(address(now.get())), InetAddress.class, Duration.ofSeconds(3), age)) {
                CompletableFuture<Void> other = CompletableFuture.runAsync(() -> answerOnce(after, moved));
                long start = System.nanoTime();
                transport.send(request(port(before)), LIMIT, LIMIT);
                now.set("127.0.0.7");
                transport.send(request(port(before)), LIMIT, LIMIT);
                assertThat(moved).as("a young connection is kept").isEmpty();
                while (moved.isEmpty() && System.nanoTime() - start < 5_000_000_000L) {
                    transport.send(request(port(before)), LIMIT, LIMIT);
                }
                assertThat(moved).hasSize(1);
                assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(age);
                assertThat(before.connections()).isEqualTo(1);
                other.join();
            }
        }
    }

    private static void answerOnce(ServerSocket listener, List<String> heads) {
        try (Socket socket = listener.accept()) {
            heads.add(TestProxy.head(socket.getInputStream()));
            TestProxy.say(socket, RawServer.ok("{}"));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void send_familyIsSaid_onlySuchAddressesAreTried() throws Exception {
        Names both = host -> List.of(address("::1"), address("127.0.0.1"));
        try (RawServer server = RawServer.answering(RawServer.ok("{}"));
                Transport four = transport(both, Inet4Address.class, Duration.ofSeconds(3), Duration.ofMinutes(1));
                Transport six = transport(
                        host -> List.of(address("127.0.0.1")),
                        Inet6Address.class,
                        Duration.ofSeconds(3),
                        Duration.ofMinutes(1))) {
            assertThat(four.send(request(port(server)), LIMIT, LIMIT).status()).isEqualTo(200);
            assertThatThrownBy(() -> six.send(request(port(server)), LIMIT, LIMIT))
                    .hasMessageContaining("venue.test has no address of the wanted family, only 127.0.0.1");
            assertThat(server.connections()).isEqualTo(1);
        }
    }

    @Test
    void send_lookUpThatHangs_endsAtTheConnectTimeout() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        try (Transport transport = transport(
                host -> {
                    try {
                        never.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    return List.of();
                },
                InetAddress.class,
                Duration.ofMillis(300),
                Duration.ofMinutes(1))) {
            long start = System.nanoTime();
            assertThatThrownBy(() -> transport.send(request(9), LIMIT, LIMIT))
                    .isInstanceOfSatisfying(
                            SendFailure.class, e -> assertThat(e.stage()).isEqualTo(SendFailure.Stage.CONNECT))
                    .hasMessageContaining("was not looked up in time");
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isBetween(Duration.ofMillis(290), Duration.ofSeconds(5));
        } finally {
            never.countDown();
        }
    }

    @Test
    void send_localAddress_isWhereTheConnectionLeavesFrom() throws Exception {
        List<String> from = new CopyOnWriteArrayList<>();
        try (RawServer server = RawServer.answering((number, socket, out) -> {
                    from.add(socket.getInetAddress().getHostAddress());
                    out.write(RawServer.ok("{}").getBytes(StandardCharsets.ISO_8859_1));
                });
                VenueClient client = client(server.at(BinanceSpot.VENUE))
                        .localAddress(address("127.0.0.5"))
                        .build()) {
            client.send(READ);
            assertThat(from).isNotEmpty().containsOnly("127.0.0.5");
        }
    }

    @Test
    void send_localAddressOfAnotherHost_isNamed() throws Exception {
        try (RawServer server = RawServer.answering(RawServer.ok("{}"));
                VenueClient client = client(server.at(BinanceSpot.VENUE))
                        .localAddress(address("203.0.113.7"))
                        .build()) {
            assertThatThrownBy(() -> client.send(READ))
                    .isInstanceOfSatisfying(
                            NotSentException.class,
                            e -> assertThat(e.reason()).isEqualTo(NotSentException.Reason.CONNECT))
                    .hasMessageContaining("this host has no local address 203.0.113.7");
            assertThat(server.connections()).isZero();
        }
    }

    @Test
    void build_localAddressOfAnotherFamily_isRefused() throws Exception {
        InetAddress four = address("127.0.0.5");
        assertThatThrownBy(() -> client(BinanceSpot.VENUE)
                        .localAddress(four)
                        .addressFamily(AddressFamily.IPV6)
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "local address 127.0.0.5 is not IPV6; change one of localAddress(..) and addressFamily(..)");
    }

    /** The handshake too is over when the call is. */
    @Test
    void send_peerSilentInTheHandshake_endsAtTheLimitOfTheCall() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 50, address("127.0.0.1"));
                VenueClient client = client(
                                BinanceSpot.VENUE.at(URI.create("https://127.0.0.1:" + silent.getLocalPort())))
                        .connectTimeout(Duration.ofSeconds(20))
                        .build()) {
            long start = System.nanoTime();
            assertThatThrownBy(() -> client.send(READ.timeLimit(Duration.ofMillis(400))))
                    .isInstanceOf(NotSentException.class);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
        }
    }

    @Test
    void warmUp_several_firstCallsShakeNoHands() throws Exception {
        try (SimulatedVenue sim = SimulatedVenue.start(BinanceSpot.VENUE);
                VenueClient client = VenueClient.builder(sim.venue())
                        .credential(sim.credential())
                        .tls(Tls.builder().trust(sim.trustAnchor()).build())
                        .idleValidation(Duration.ofMillis(1))
                        .build()) {
            client.warmUp(5);
            long patience = System.nanoTime() + Duration.ofSeconds(10).toNanos();
            while (sim.handshakes() < 5 && System.nanoTime() < patience) {
                Thread.onSpinWait(); // the venue counts a handshake a little after the client is done with it
            }
            assertThat(sim.handshakes()).isEqualTo(5);
            assertThat(sim.received()).as("nothing is sent").isEmpty();

            client.warmUp(5);
            CountDownLatch together = new CountDownLatch(5);
            List<CompletableFuture<VenueResponse>> calls = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                calls.add(CompletableFuture.supplyAsync(
                        () -> {
                            together.countDown();
                            return client.send(READ);
                        },
                        work -> new Thread(work).start()));
            }
            calls.forEach(CompletableFuture::join);
            assertThat(sim.handshakes())
                    .as("no call and no second warm-up shakes hands again")
                    .isEqualTo(5);
        }
    }

    @Test
    void warmUp_moreThanTheClientMayHave_opensThoseItMay() throws Exception {
        try (SimulatedVenue sim = SimulatedVenue.start(BinanceSpot.VENUE);
                VenueClient client = VenueClient.builder(sim.venue())
                        .credential(sim.credential())
                        .tls(Tls.builder().trust(sim.trustAnchor()).build())
                        .maxConnections(2)
                        .executor(Runnable::run)
                        .build()) {
            client.warmUp(50);
            client.send(READ);
            client.send(READ);
            assertThat(sim.handshakes()).isLessThanOrEqualTo(2);
        }
    }

    @Test
    void warmUp_venueThatIsNotReached_isNotSent() throws Exception {
        Venue venue;
        try (RawServer server = RawServer.answering("")) {
            venue = server.at(BinanceSpot.VENUE);
        }
        try (VenueClient client = client(venue).build()) {
            assertThatThrownBy(() -> client.warmUp(3)).isInstanceOfSatisfying(NotSentException.class, e -> {
                assertThat(e.reason()).isEqualTo(NotSentException.Reason.CONNECT);
                assertThat(e).hasMessageStartingWith("connections to binance were not opened ahead: cannot connect to");
            });
            assertThatThrownBy(() -> client.warmUp(0)).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
