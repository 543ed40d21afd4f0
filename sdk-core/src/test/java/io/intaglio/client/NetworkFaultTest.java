package io.intaglio.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.Credential;
import io.intaglio.signing.secret.Secret;
import io.intaglio.signing.time.VenueClock;
import io.intaglio.signing.venue.BinanceSpot;
import io.intaglio.signing.venue.KrakenSpot;
import io.intaglio.signing.venue.Venue;
import io.intaglio.signing.venue.Venues;
import io.intaglio.testkit.VirtualClock;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Answers that no venue should give: each ends in time, in bounded memory, as an order of which the outcome is not known. Tests that wait for time limits
 * run side by side; the class does not, so that no other class runs beside it.
 */
@Tag("long")
class NetworkFaultTest {
    private static final Duration LIMIT = Duration.ofSeconds(2);

    @TempDir
    Path folder;

    private static Credential key() {
        return Credential.hmac(
                "key-id-0123456789", Secret.takeOver("c2VjcmV0LXNlY3JldA==".getBytes(StandardCharsets.UTF_8)));
    }

    static List<Nuisance> nuisances() {
        return Nuisance.all();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("nuisances")
    @Execution(ExecutionMode.CONCURRENT)
    void send_order_isUnknownInTimeAndSentOnce(Nuisance nuisance) throws Exception {
        AtomicBoolean isWell = new AtomicBoolean();
        try (RawServer server = RawServer.answering((number, socket, out) -> {
                    if (isWell.get()) {
                        Nuisance.say(out, RawServer.ok("{\"well\":true}"));
                    } else {
                        nuisance.answer().write(number, socket, out);
                    }
                });
                VenueClient client = VenueClient.builder(server.at(BinanceSpot.VENUE))
                        .credential(key())
                        .responseTimeout(Duration.ofMillis(500))
                        .build()) {
            long start = System.nanoTime();
            Throwable thrown = catchThrowable(() -> client.send(
                    ApiRequest.post("/api/v3/order").clientOrderId("desk-7").timeLimit(LIMIT)));
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(LIMIT.plusSeconds(3)); // a busy machine
            assertThat(thrown).isInstanceOfSatisfying(VenueException.class, e -> {
                assertThat(e.effect()).as(e.toString()).isEqualTo(VenueException.Effect.UNKNOWN);
                assertThat(e.clientOrderId()).contains("desk-7");
                assertThat(e.getMessage()).hasSizeLessThan(1_000);
            });
            assertThat(server.requests())
                    .filteredOn(request -> request.startsWith("POST"))
                    .hasSize(1);
            isWell.set(true);
            assertThat(client.send(ApiRequest.get("/api/v3/account")).at("/well"))
                    .contains("true");
        }
    }

    /** The limit of 16 MiB, twice that in use at most, and what a JVM and the client need beside it: 48 MiB. */
    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void send_allNuisancesInASmallHeap_memoryIsBounded() throws Exception {
        List<Nuisance> all = Nuisance.all();
        try (RawServer server = RawServer.answering(
                (number, socket, out) -> all.get(number - 1).answer().write(number, socket, out))) {
            Path told = folder.resolve("out");
            Process child = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx" + System.getProperty("intaglio.smallHeap", "48m"),
                            "-XX:TieredStopAtLevel=1",
                            "-cp",
                            System.getProperty("java.class.path"),
                            NuisanceWorkload.class.getName(),
                            server.at(BinanceSpot.VENUE).baseUri().toString(),
                            Integer.toString(all.size()))
                    .redirectError(folder.resolve("log").toFile())
                    .redirectOutput(told.toFile())
                    .start();
            try {
                assertThat(child.waitFor(120, TimeUnit.SECONDS)).isTrue();
            } finally {
                child.destroyForcibly();
            }
            assertThat(Files.readAllLines(told)).isEqualTo(Collections.nCopies(all.size(), "UNKNOWN"));
        }
    }

    /** The rest would be read as the beginning of the next answer. */
    @Test
    void send_afterAnAnswerWithMoreThanItTold_takesAnotherConnection() throws Exception {
        String forged = RawServer.ok("{\"forged\":true}");
        try (RawServer server = RawServer.answering((number, socket, out) ->
                        Nuisance.say(out, RawServer.ok("{\"number\":" + number + "}") + forged));
                VenueClient client = VenueClient.builder(server.at(BinanceSpot.VENUE))
                        .credential(key())
                        .build()) {
            for (int i = 1; i <= 5; i++) {
                VenueResponse response = client.send(ApiRequest.get("/api/v3/account"));
                assertThat(response.at("/number")).contains(Integer.toString(i));
            }
            assertThat(server.connections()).isEqualTo(5);
        }
    }

    /** As a server does that gives up an idle connection with 408. */
    @Test
    void send_answerCameBeforeTheRequest_isNotTakenForItsOwn() throws Exception {
        try (RawServer server = RawServer.answering((number, socket, out) -> {
                    Nuisance.say(out, RawServer.ok("{\"number\":" + number + "}"));
                    Thread.sleep(100);
                    Nuisance.say(out, RawServer.response("408 Request Timeout", "", "{}"));
                });
                VenueClient client = VenueClient.builder(server.at(BinanceSpot.VENUE))
                        .credential(key())
                        .idleValidation(Duration.ofHours(1))
                        .build()) {
            assertThat(client.send(ApiRequest.get("/api/v3/account")).at("/number"))
                    .contains("1");
            Thread.sleep(300);
            assertThat(client.send(ApiRequest.get("/api/v3/account")).at("/number"))
                    .contains("2");
            assertThat(server.connections()).isEqualTo(2);
        }
    }

    @Test
    void send_always_asksForNoCompressionAndDecodesNone() throws Exception {
        try (RawServer server = RawServer.answering(RawServer.response("200 OK", "Content-Encoding: gzip\r\n", "{}"));
                VenueClient client = VenueClient.builder(server.at(BinanceSpot.VENUE))
                        .credential(key())
                        .build()) {
            assertThat(client.send(ApiRequest.get("/api/v3/account")).text()).isEqualTo("{}");
            assertThat(server.requests()).singleElement().asString().doesNotContainIgnoringCase("encoding");
        }
    }

    /** Kraken says no with HTTP 200: a 200 that cannot be read is not a yes. */
    @Test
    void send_orderToAVenueThatRefusesWith200_unreadableIsUnknown() throws Exception {
        try (RawServer server = RawServer.answering(RawServer.ok("{\"error\":[\"EOrder:Insufficient fun"));
                VenueClient client = VenueClient.builder(server.at(KrakenSpot.VENUE))
                        .credential(key())
                        .build()) {
            assertThatThrownBy(() -> client.send(ApiRequest.post("/0/private/AddOrder")
                            .form("pair", "XBTUSD")
                            .timeLimit(LIMIT)))
                    .isInstanceOfSatisfying(
                            VenueException.class, e -> assertThat(e.effect()).isEqualTo(VenueException.Effect.UNKNOWN));
        }
    }

    /**
     * The order's answer is lost, and something in between answers the question about it with 200 and a page, an unfinished list or JSON of its own. That
     * proves no absence, however long it is asked; sending again could place the order twice.
     */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "kraken|<html>lobby</html>",
                "kraken|{'error':[],'result':{'open':{}",
                "kraken|{'status':'maintenance'}",
                "okx|<html>lobby</html>",
                "okx|{'code':'0'}",
                "bybit|{'retCode':0,'result':{'list':[",
                "bybit|{}",
                "binance|{}",
                "coinbaseexchange|[]"
            })
    void send_orderWhoseQuestionIsAnsweredByAnother_isNotSentAgain(String name, String page) throws Exception {
        Venue venue = Venues.named(name);
        VirtualClock time = VirtualClock.at(Instant.parse("2026-03-01T12:00:00Z"));
        List<String> orders = new CopyOnWriteArrayList<>();
        try (RawServer server = RawServer.answering((number, socket, out) -> {
                    if (number == 1) {
                        orders.add("sent");
                        socket.close();
                    } else {
                        Nuisance.say(out, RawServer.ok(page.replace('\'', '"')));
                    }
                });
                VenueClient client = VenueClient.builder(server.at(venue))
                        .credential(
                                key().with("passphrase", Secret.takeOver("phrase".getBytes(StandardCharsets.UTF_8))))
                        .clock(VenueClock.of(time, time.ticker()))
                        .sleeper(time::sleep)
                        .build()) {
            ApiRequest order = order(name).clientOrderId("desk-7").timeLimit(Duration.ofMinutes(3));
            assertThat(venue.isOrder(order)).isTrue();
            Throwable thrown = catchThrowable(() -> client.send(order));
            assertThat(thrown)
                    .isInstanceOfSatisfying(
                            VenueException.class,
                            e -> assertThat(e.effect()).as(e.toString()).isEqualTo(VenueException.Effect.UNKNOWN));
            String line = server.requests()
                    .get(0)
                    .substring(0, server.requests().get(0).indexOf("\r\n"));
            assertThat(server.requests())
                    .filteredOn(request -> request.startsWith(line))
                    .hasSize(1);
            assertThat(server.requests()).as("it is asked for").hasSizeGreaterThan(3);
        }
    }

    private static ApiRequest order(String venue) {
        return switch (venue) {
            case "kraken" ->
                ApiRequest.post("/0/private/AddOrder").form("pair", "XBTUSD").form("volume", "1");
            case "okx" -> ApiRequest.post("/api/v5/trade/order").json("instId", "BTC-USDT");
            case "bybit" ->
                ApiRequest.post("/v5/order/create").json("category", "spot").json("symbol", "BTCUSDT");
            case "binance" -> ApiRequest.post("/api/v3/order").form("symbol", "BTCUSDT");
            default -> ApiRequest.post("/orders").json("product_id", "BTC-USD");
        };
    }

    /** A long body that the venue does not read is given up in time too. */
    @Test
    void send_answerWithoutReadingTheRequest_endsInTime() throws Exception {
        try (ServerSocket deaf = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                VenueClient client = VenueClient.builder(
                                BinanceSpot.VENUE.at(URI.create("http://127.0.0.1:" + deaf.getLocalPort())))
                        .credential(key())
                        .responseTimeout(Duration.ofMillis(500))
                        .retry(RetryPolicy.none())
                        .build()) {
            Thread answers = new Thread(() -> {
                try (Socket socket = deaf.accept()) {
                    Nuisance.say(socket.getOutputStream(), RawServer.response("413 Too Large", "", "{}"));
                    socket.getInputStream().transferTo(OutputStream.nullOutputStream());
                } catch (IOException clientWentAway) {
                    // as it should
                }
            });
            answers.setDaemon(true);
            answers.start();
            long start = System.nanoTime();
            assertThatThrownBy(() -> client.send(
                            ApiRequest.post("/sapi/v1/capital/withdraw/apply").form("note", "x".repeat(20_000_000))))
                    .isInstanceOf(VenueException.class);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
        }
    }
}
