package io.intaglio.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.intaglio.signing.venue.BinanceSpot;
import io.intaglio.signing.venue.KrakenSpot;
import io.intaglio.signing.venue.Venue;
import io.intaglio.testkit.SimulatedVenue;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateEncodingException;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against a simulated venue on this machine; nothing leaves it. */
class ClockCommandTest {
    @TempDir
    Path folder;

    private Command clock(Venue venue, Duration skew, String... more) throws IOException, CertificateEncodingException {
        try (SimulatedVenue sim = SimulatedVenue.of(venue).skew(skew).start()) {
            String pem = "-----BEGIN CERTIFICATE-----\n"
                    + Base64.getMimeEncoder().encodeToString(sim.trustAnchor().getEncoded())
                    + "\n-----END CERTIFICATE-----\n";
            Path ca = Files.writeString(folder.resolve("ca.pem"), pem, StandardCharsets.US_ASCII);
            String[] args = new String[6 + more.length];
            System.arraycopy(
                    new String[] {"clock", venue.name(), "--base-url", sim.uri().toString(), "--ca", ca.toString()},
                    0,
                    args,
                    0,
                    6);
            System.arraycopy(more, 0, args, 6, more.length);
            return Command.run(args);
        }
    }

    @Test
    void clock_inStepWithTheVenue_saysSoInWords() throws Exception {
        Command command = clock(BinanceSpot.VENUE, Duration.ZERO);
        assertThat(command.status()).isZero();
        assertThat(command.err()).isEmpty();
        assertThat(command.out().lines())
                .hasSize(7)
                .anyMatch(line -> line.matches("offset      -?\\d+\\.\\d ms, venue minus this host"))
                .anyMatch(line -> line.matches("round trip  \\d+\\.\\d ms, the fastest of 5"))
                .contains(
                        "source      time endpoint",
                        "window      -5000 ms to +1000 ms around the venue's clock",
                        "verdict     inside the window");
    }

    @ParameterizedTest
    @CsvSource({"-86400", "-300", "-61", "61", "300", "86400", "315360000"})
    void clock_venueElsewhere_isAClockFaultWithTheOffsetInsideItsBound(long seconds) throws Exception {
        Command command = clock(BinanceSpot.VENUE, Duration.ofSeconds(seconds), "--json", "--samples", "3");
        assertThat(command.status()).isEqualTo(ExitCode.CLOCK);
        Map<?, ?> told = (Map<?, ?>) Json.value(command.out(), "output");
        assertThat(told.get("verdict")).isEqualTo("outside");
        assertThat(told.get("answers")).isEqualTo(3);
        assertThat(told.get("verified")).isEqualTo(true);
        long wrong = ((Number) told.get("offsetNanos")).longValue()
                - Duration.ofSeconds(seconds).toNanos();
        // the bound is the round trip's; this machine's two clocks agree but for the rounding of the venue's answer
        assertThat(Math.abs(wrong)).isLessThanOrEqualTo(((Number) told.get("boundNanos")).longValue());
    }

    @Test
    void clock_venueWithoutWindow_isUnchecked() throws Exception {
        Command command = clock(KrakenSpot.VENUE, Duration.ofMinutes(5));
        assertThat(command.status()).isZero();
        assertThat(command.out()).contains("verdict     no window is known of this venue");
    }

    @Test
    void clock_nobodyThere_isANetworkFault() {
        Command command = Command.run("clock", "binance", "--samples", "1", "--base-url", "https://127.0.0.1:1");
        assertThat(command.status()).isEqualTo(ExitCode.NETWORK);
        assertThat(command.err()).startsWith("intaglio: binance was not reached: cannot connect to 127.0.0.1:1");
    }

    @Test
    void clock_venueNotTrusted_isANetworkFault() {
        try (SimulatedVenue sim = SimulatedVenue.start(BinanceSpot.VENUE)) {
            Command command = Command.run(
                    "clock",
                    "binance",
                    "--samples",
                    "1",
                    "--base-url",
                    sim.uri().toString());
            assertThat(command.status()).isEqualTo(ExitCode.NETWORK);
            assertThat(command.err()).contains("TLS with");
        }
    }

    @Test
    void clock_wrongUse_isSaid() throws Exception {
        assertThat(Command.run("clock", "binanse").err()).contains("did you mean 'binance'");
        assertThat(Command.run("clock", "binance", "--samples", "0").err()).contains("samples must be 1 to 100, was 0");
        Path empty = Files.createFile(folder.resolve("empty.pem"));
        Command command = Command.run("clock", "binance", "--ca", empty.toString());
        assertThat(command.status()).isEqualTo(ExitCode.USAGE);
        assertThat(Command.run(
                                "clock",
                                "binance",
                                "--ca",
                                folder.resolve("none").toString())
                        .status())
                .isEqualTo(ExitCode.USAGE);
    }
}
