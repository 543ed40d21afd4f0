package io.intaglio.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.intaglio.signing.secret.Secret;
import io.intaglio.signing.venue.BinanceSpot;
import io.intaglio.signing.venue.Deribit;
import io.intaglio.signing.venue.KrakenSpot;
import io.intaglio.signing.venue.Okx;
import io.intaglio.testkit.PlacedOrder;
import io.intaglio.testkit.ReceivedRequest;
import io.intaglio.testkit.SimulatedVenue;
import io.intaglio.testkit.VirtualClock;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

/** Every example runs, is listed, is short, and does at the venue what it says; profiles that are live are not traded on. */
class ExamplesTest {
    private static final Path SOURCES = Path.of("src/main/java/io/intaglio/examples");
    private static final Pattern FIRST_SENTENCE = Pattern.compile("(?s)/\\*\\*\\s+\\*\\s+(.*?\\.)\\s");

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    @TempDir
    Path folder;

    private static Map<String, String> sourcesByName() throws IOException {
        Map<String, String> sources = new TreeMap<>();
        try (Stream<Path> files = Files.list(SOURCES)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String source = Files.readString(file);
                String name = file.getFileName().toString().replace(".java", "");
                if (source.contains("static void main(") && !name.equals("Main")) {
                    sources.put(
                            name.replaceAll("([a-z0-9])([A-Z])", "$1-$2").toLowerCase(java.util.Locale.ROOT), source);
                }
            }
        }
        return sources;
    }

    private Stage stage(SimulatedVenue venue) {
        return Stage.of(new PrintStream(out, true, UTF_8), null, venue);
    }

    @Test
    @ResourceLock(Resources.SYSTEM_OUT)
    void all_run_allDoAsTheyShould() {
        PrintStream before = System.out;
        boolean ok;
        try (PrintStream captured = new PrintStream(out, true, UTF_8)) {
            System.setOut(captured);
            ok = Main.all(captured);
        } finally {
            System.setOut(before);
        }
        assertThat(ok).as(out.toString(UTF_8)).isTrue();
        assertThat(out.toString(UTF_8)).contains("all did as they should").doesNotContain("\u001b");
    }

    @Test
    void list_namesEveryExampleWithItsFirstSentence() throws IOException {
        Map<String, String> sources = sourcesByName();
        assertThat(Main.names().keySet()).containsExactlyInAnyOrderElementsOf(sources.keySet());
        sources.forEach((name, source) -> {
            Matcher sentence = FIRST_SENTENCE.matcher(source);
            assertThat(sentence.find()).as(name).isTrue();
            assertThat(sentence.group(1).replaceAll("\\s*\\n \\*\\s*", " "))
                    .isEqualTo(Main.names().get(name));
        });
    }

    @Test
    void sources_areShortAndSayHowToRunThem() throws IOException {
        sourcesByName().forEach((name, source) -> {
            assertThat(source).as(name).contains("./example " + name);
            if (!name.equals("quickstart")) {
                assertThat(source.lines().count()).as("lines of " + name).isLessThan(60);
            }
        });
    }

    @Test
    void placeQueryCancel_leavesOneCancelledOrder() {
        try (SimulatedVenue venue = SimulatedVenue.start(BinanceSpot.VENUE)) {
            PlaceQueryCancel.run(stage(venue));
            assertThat(venue.orders())
                    .singleElement()
                    .satisfies(order -> assertThat(order.state()).isEqualTo(PlacedOrder.State.CANCELLED));
        }
    }

    @Test
    void lostAnswer_placesTwoOrdersOnceEach() {
        VirtualClock time = VirtualClock.at(Instant.parse("2026-03-01T12:00:00Z"));
        try (SimulatedVenue venue =
                SimulatedVenue.of(BinanceSpot.VENUE).clock(time).start()) {
            LostAnswer.run(Stage.of(new PrintStream(out, true, UTF_8), time, venue));
            assertThat(venue.orders())
                    .extracting(PlacedOrder::clientOrderId)
                    .hasSize(2)
                    .doesNotHaveDuplicates();
            assertThat(venue.received().stream()
                            .filter(request -> request.method().equals("POST")))
                    .as("orders that were sent")
                    .hasSize(2);
        }
        assertThat(out.toString(UTF_8)).contains("UNKNOWN").contains("PRESENT");
    }

    @Test
    void guardRefuses_sendsNothing() {
        try (SimulatedVenue venue = SimulatedVenue.start(BinanceSpot.VENUE)) {
            GuardRefuses.run(stage(venue));
            assertThat(venue.received()).isEmpty();
            assertThat(venue.handshakes()).isZero();
        }
        assertThat(out.toString(UTF_8).split("  refused ", -1)).hasSize(5);
    }

    @Test
    void portfolio_addsUpWhatThreeVenuesHold() {
        try (SimulatedVenue binance = SimulatedVenue.start(BinanceSpot.VENUE);
                SimulatedVenue kraken = SimulatedVenue.start(KrakenSpot.VENUE);
                SimulatedVenue okx = SimulatedVenue.start(Okx.VENUE)) {
            binance.balance("BTC", new BigDecimal("1.25"));
            kraken.balance("XXBT", new BigDecimal("2.5"));
            okx.balance("BTC", new BigDecimal("0.0001"));
            Portfolio.run(Stage.of(new PrintStream(out, true, UTF_8), null, binance, kraken, okx));
        }
        // 1.25 and 2.5 and 0.0001
        assertThat(out.toString(UTF_8)).containsPattern("together +3\\.7501 +3000000\\.0000");
    }

    @Test
    void rotateCertificate_losesNoCallAndShowsThreeCertificates() throws Exception {
        try (SimulatedVenue venue =
                SimulatedVenue.of(BinanceSpot.VENUE).demandClientCertificate().start()) {
            RotateCertificate.run(stage(venue));
            assertThat(venue.received().stream()
                            .map(ReceivedRequest::clientCertificate)
                            .distinct())
                    .hasSize(3);
        }
        assertThat(out.toString(UTF_8)).containsPattern(" 0 of \\d{3,} calls failed");
    }

    @Test
    @ResourceLock(Resources.SYSTEM_PROPERTIES)
    void profile_ofTheSimulation_isUsed() throws Exception {
        try (SimulatedVenue venue = SimulatedVenue.start(BinanceSpot.VENUE)) {
            Secret.ofChars("not a secret".toCharArray()).toNewFile(folder.resolve("desk.secret"));
            venue.addKey("desk-7", Secret.ofChars("not a secret".toCharArray()), "");
            KeyStore trust = venue.trustStore();
            try (OutputStream file = Files.newOutputStream(folder.resolve("trust.p12"))) {
                trust.store(file, "password".toCharArray());
            }
            Secret.ofChars("password".toCharArray()).toNewFile(folder.resolve("trust.password"));
            withProfiles(
                    List.of(
                            "[desk]",
                            "venue = \"binance\"",
                            "base-uri = \"" + venue.uri() + "\"",
                            "key-id = \"desk-7\"",
                            "secret = \"file:" + folder.resolve("desk.secret") + "\"",
                            "truststore = \"" + folder.resolve("trust.p12") + "\"",
                            "truststore-password = \"file:" + folder.resolve("trust.password") + "\""),
                    () -> PlaceQueryCancel.main(new String[] {"--profile", "desk"}));
            assertThat(venue.orders()).hasSize(1);
        }
    }

    @Test
    @ResourceLock(Resources.SYSTEM_PROPERTIES)
    void profile_live_isNotTradedOnByAccident() throws Exception {
        withProfiles(
                List.of("[desk]", "venue = \"binance\"", "key-id = \"desk-7\"", "secret = \"file:/nowhere\""), () -> {
                    for (String name : List.of("place-query-cancel", "guard-refuses")) {
                        assertThatThrownBy(() -> Main.play(name, "--profile", "desk"))
                                .isInstanceOf(Refusal.class)
                                .hasMessageContaining("api.binance.com")
                                .hasMessageContaining("--live")
                                .hasMessageContaining("environment = \"testnet\"");
                    }
                    assertThatThrownBy(() -> Main.play("lost-answer", "--profile", "desk"))
                            .isInstanceOf(Refusal.class);
                });
    }

    @Test
    void isLive_everythingButKnownTests() {
        assertThat(Stage.isLive(BinanceSpot.VENUE)).isTrue();
        assertThat(Stage.isLive(BinanceSpot.VENUE.environment("testnet"))).isFalse();
        assertThat(Stage.isLive(Deribit.VENUE.environment("test"))).isFalse();
        assertThat(Stage.isLive(BinanceSpot.VENUE.at(URI.create("https://127.0.0.1:8443"))))
                .isFalse();
        assertThat(Stage.isLive(BinanceSpot.VENUE.at(URI.create("https://10.0.0.8"))))
                .isTrue();
        assertThat(Stage.isLive(BinanceSpot.VENUE.at(URI.create("https://api1.binance.com"))))
                .isTrue();
    }

    private interface Action {
        void run() throws Exception;
    }

    private void withProfiles(List<String> lines, Action action) throws Exception {
        Path file = Files.createDirectories(folder.resolve(".config/intaglio")).resolve("profiles.toml");
        Files.write(file, lines);
        String home = System.getProperty("user.home");
        System.setProperty("user.home", folder.toString());
        try {
            action.run();
        } finally {
            System.setProperty("user.home", home);
        }
    }
}
