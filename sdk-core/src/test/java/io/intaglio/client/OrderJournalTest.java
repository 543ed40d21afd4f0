package io.intaglio.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.intaglio.client.OrderJournal.Durability;
import io.intaglio.client.tls.Tls;
import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.Credential;
import io.intaglio.signing.secret.Secret;
import io.intaglio.signing.time.VenueClock;
import io.intaglio.signing.venue.BinanceSpot;
import io.intaglio.signing.venue.Luno;
import io.intaglio.testkit.Fault;
import io.intaglio.testkit.SimulatedVenue;
import io.intaglio.testkit.VirtualClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class OrderJournalTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    @TempDir
    Path folder;

    private static PendingOrder order(String id) {
        ApiRequest question =
                ApiRequest.get("/api/v3/order").query("symbol", "BTCUSDT").query("origClientOrderId", id);
        return new PendingOrder(id, "binance", NOON, Duration.ofSeconds(60), List.of(question));
    }

    private OrderJournal open(Path file) {
        return OrderJournal.open(file, Durability.PROCESS);
    }

    @Test
    void end_cannotBeWritten_theOutcomeIsNotLostWithIt() {
        Path file = folder.resolve("orders.jsonl");
        OrderJournal journal = open(file);
        journal.begin(order("a"));
        journal.close();
        journal.end("binance", "a", "ACCEPTED");
        assertThatThrownBy(() -> journal.begin(order("b"))).isInstanceOf(UncheckedIOException.class);
        try (OrderJournal again = open(file)) {
            assertThat(again.pending("binance"))
                    .extracting(PendingOrder::clientOrderId)
                    .containsExactly("a");
        }
    }

    /** A cancelled call ends its order on a thread that is interrupted; Java closes a file channel that such a thread uses. */
    /** Fills the 4 KiB that it is allowed, then ends its first order. */
    static final class OnFullDisk {
        public static void main(String[] args) {
            try (OrderJournal journal = OrderJournal.open(Path.of(args[0]), Durability.PROCESS)) {
                int begun = 0;
                try {
                    while (true) {
                        journal.begin(order("order-" + begun));
                        begun++;
                    }
                } catch (UncheckedIOException full) {
                    journal.end("binance", "order-0", "ACCEPTED");
                }
                System.out.print(begun);
            }
        }
    }

    @Test
    void begin_diskFullInTheMiddleOfALine_theNextLineIsWhole() throws Exception {
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "no /bin/sh to limit a file's size with");
        Path file = folder.resolve("orders.jsonl");
        Process child = new ProcessBuilder(
                        "/bin/sh",
                        "-c",
                        "ulimit -f 8 && exec \"$0\" \"$@\"", // blocks of 512 bytes
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:-UsePerfData",
                        "-cp",
                        System.getProperty("java.class.path"),
                        OnFullDisk.class.getName(),
                        file.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        int begun = Integer.parseInt(new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
        assertThat(begun).isGreaterThan(10);
        assertThat(Files.readString(file)).endsWith("\n");
        try (OrderJournal again = open(file)) {
            assertThat(again.pending("binance"))
                    .extracting(PendingOrder::clientOrderId)
                    .containsExactlyElementsOf(IntStream.range(1, begun)
                            .mapToObj(i -> "order-" + i)
                            .toList());
        }
    }

    @ParameterizedTest
    @EnumSource
    void beginAndEnd_onAnInterruptedThread_theJournalStaysOpen(Durability durability) {
        Path file = folder.resolve("orders.jsonl");
        try (OrderJournal journal = OrderJournal.open(file, durability)) {
            Thread.currentThread().interrupt();
            journal.begin(order("first"));
            journal.begin(order("second"));
            journal.end("binance", "first", "NOT_EXECUTED");
            assertThat(Thread.interrupted()).as("the interrupt is kept").isTrue();
            journal.begin(order("third"));
        }
        try (OrderJournal journal = OrderJournal.open(file, durability)) {
            assertThat(journal.pending("binance"))
                    .extracting(PendingOrder::clientOrderId)
                    .containsExactly("second", "third");
        }
    }

    @Test
    void open_afterOrdersBegan_thoseWithoutEndArePending() {
        Path file = folder.resolve("orders.jsonl");
        try (OrderJournal journal = open(file)) {
            journal.begin(order("a"));
            journal.begin(order("b"));
            journal.end("binance", "a", "ACCEPTED");
        }
        try (OrderJournal journal = OrderJournal.open(file, Durability.BEFORE_SEND)) {
            assertThat(journal.pending("kraken")).isEmpty();
            assertThat(journal.pending("binance")).singleElement().satisfies(pending -> {
                assertThat(pending.clientOrderId()).isEqualTo("b");
                assertThat(pending.sentAt()).isEqualTo(NOON);
                assertThat(pending.acceptedFor()).isEqualTo(Duration.ofSeconds(60));
                assertThat(pending.questions()).singleElement().satisfies(question -> {
                    assertThat(question.method()).isEqualTo("GET");
                    assertThat(question.value("origClientOrderId")).contains("b");
                });
            });
        }
    }

    /** Cut at each byte, as a crash may: every order whose line is whole is kept, and only the last can be lost, which was not sent. */
    @Test
    void open_cutOffAnywhere_wholeLinesAreKept() throws IOException {
        Path whole = folder.resolve("whole");
        try (OrderJournal journal = open(whole)) {
            journal.begin(order("a"));
            journal.begin(order("b"));
            journal.end("binance", "a", "ACCEPTED");
            journal.begin(order("c"));
        }
        byte[] bytes = Files.readAllBytes(whole);
        for (int length = 0; length <= bytes.length; length++) {
            Path cut = folder.resolve("cut" + length);
            Files.write(cut, Arrays.copyOf(bytes, length));
            List<String> expected = new ArrayList<>();
            for (String line : new String(bytes, 0, length, StandardCharsets.UTF_8).split("(?<=\n)")) {
                if (line.endsWith("\n") && line.startsWith("{\"order\"")) {
                    expected.add(line.substring(10, 11));
                } else if (line.endsWith("\n")) {
                    expected.remove("a");
                }
            }
            try (OrderJournal journal = open(cut)) {
                assertThat(journal.pending("binance").stream().map(PendingOrder::clientOrderId))
                        .as("cut after %d bytes", length)
                        .containsExactlyElementsOf(expected);
            }
        }
    }

    @Test
    void open_damagedInTheMiddle_isRefusedByLine() throws IOException {
        Path file = folder.resolve("damaged");
        Files.writeString(
                file, "{\"order\":\"a\",\"venue\":\"binance\",\"at\":\"2026-03-01T12:00:00Z\",\"ask\":[]}\nxx\n");
        assertThatThrownBy(() -> open(file))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("damaged in line 2")
                .hasMessageContaining("ask the venue for open orders");
        assertThat(Files.readString(file)).as("kept as it is").contains("xx");
    }

    @Test
    void open_twice_isRefused() {
        Path file = folder.resolve("orders.jsonl");
        try (OrderJournal journal = open(file)) {
            assertThat(journal.toString()).contains("orders.jsonl");
            assertThatThrownBy(() -> open(file)).hasMessageContaining("is open in another process or client");
        }
        open(file).close();
    }

    @Test
    void begin_sixteenThreads_allAreThereAfterwards() throws Exception {
        Path file = folder.resolve("orders.jsonl");
        ExecutorService pool = Executors.newFixedThreadPool(16);
        try (OrderJournal journal = open(file)) {
            List<Future<?>> all = new ArrayList<>();
            for (int t = 0; t < 16; t++) {
                int thread = t;
                all.add(pool.submit(() -> {
                    for (int i = 0; i < 100; i++) {
                        journal.begin(order(thread + "-" + i));
                        if (i % 2 == 0) {
                            journal.end("binance", thread + "-" + i, "ACCEPTED");
                        }
                    }
                }));
            }
            for (Future<?> each : all) {
                each.get();
            }
        } finally {
            pool.shutdownNow();
        }
        try (OrderJournal journal = open(file)) {
            assertThat(journal.pending("binance")).hasSize(16 * 50);
        }
    }

    @Test
    void send_journalCannotBeWritten_nothingIsSent() {
        VirtualClock time = VirtualClock.at(NOON);
        OrderJournal journal = open(folder.resolve("orders.jsonl"));
        try (SimulatedVenue sim =
                        SimulatedVenue.of(BinanceSpot.VENUE).clock(time).start();
                VenueClient client = VenueClient.builder(sim.venue())
                        .credential(sim.credential())
                        .tls(Tls.builder().trust(sim.trustAnchor()).build())
                        .clock(VenueClock.of(time, time.ticker()))
                        .sleeper(time::sleep)
                        .journal(journal)
                        .build()) {
            journal.close();
            assertThatThrownBy(() -> client.send(market()))
                    .isInstanceOfSatisfying(
                            NotSentException.class,
                            e -> assertThat(e.reason()).isEqualTo(NotSentException.Reason.JOURNAL));
            assertThat(sim.orders()).isEmpty();
        }
    }

    /** A stream tells of the order while the client waits to ask again: it sends nothing more. */
    @Test
    void confirm_whileTheCallAsksForItsOrder_endsIt() {
        VirtualClock time = VirtualClock.at(NOON);
        VenueClient[] self = new VenueClient[1];
        try (SimulatedVenue sim =
                        SimulatedVenue.of(BinanceSpot.VENUE).clock(time).start();
                OrderJournal journal = open(folder.resolve("orders.jsonl"));
                VenueClient client = VenueClient.builder(sim.venue())
                        .credential(sim.credential())
                        .tls(Tls.builder().trust(sim.trustAnchor()).build())
                        .clock(VenueClock.of(time, time.ticker()))
                        .sleeper(duration -> {
                            time.sleep(duration);
                            self[0].confirm("mine", "{\"e\":\"executionReport\"}");
                        })
                        .journal(journal)
                        .build()) {
            self[0] = client;
            sim.faults().next(Fault.closeAfterReading(), Fault.unavailable(), Fault.unavailable());
            VenueResponse response = client.send(market().clientOrderId("mine"));
            assertThat(response.isReconciled()).isTrue();
            assertThat(response.at("/e")).contains("executionReport");
            assertThat(response.attempts()).isEqualTo(1);
            assertThat(client.pending()).isEmpty();
        }
    }

    /** Its first copy may stand at the venue, whatever becomes of the second: too little money, say, since the first has taken it. */
    @ParameterizedTest
    @ValueSource(strings = {"400 Bad Request", "429 Too Many Requests"})
    void send_answerIsLostAndTheRepeatIsRefused_staysUnknownAndPending(String refusal) throws Exception {
        try (RawServer server = RawServer.answering((number, socket, out) -> {
                    if (number == 1) {
                        socket.close();
                    } else {
                        out.write(RawServer.response(refusal, "", "{\"error_code\":\"ErrInsufficientFunds\"}")
                                .getBytes(StandardCharsets.ISO_8859_1));
                    }
                });
                OrderJournal journal = open(folder.resolve("orders.jsonl"));
                Credential credential = Credential.keyId("key")
                        .with("secret", Secret.of("secret".getBytes(StandardCharsets.US_ASCII)));
                VenueClient client = VenueClient.builder(server.at(Luno.VENUE))
                        .credential(credential)
                        .sleeper(pause -> {})
                        .journal(journal)
                        .build()) {
            ApiRequest order = ApiRequest.post("/api/1/postorder").query("pair", "XBTZAR");
            assertThatThrownBy(() -> client.send(order.clientOrderId("mine")))
                    .isInstanceOfSatisfying(UnansweredException.class, lost -> {
                        assertThat(lost.effect()).isEqualTo(VenueException.Effect.UNKNOWN);
                        assertThat(lost.getSuppressed()).hasSize(1);
                        assertThat(((VenueException) lost.getSuppressed()[0]).effect())
                                .isEqualTo(VenueException.Effect.NONE);
                    });
            assertThat(server.requests()).hasSizeGreaterThan(1);
            assertThat(client.pending()).extracting(PendingOrder::clientOrderId).containsExactly("mine");
        }
    }

    private static ApiRequest market() {
        return ApiRequest.post("/api/v3/order")
                .form("symbol", "BTCUSDT")
                .form("side", "BUY")
                .form("type", "MARKET")
                .form("quantity", new java.math.BigDecimal("0.01"));
    }
}
