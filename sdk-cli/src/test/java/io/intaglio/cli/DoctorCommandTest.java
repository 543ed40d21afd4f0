package io.intaglio.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.intaglio.signing.venue.BinanceSpot;
import io.intaglio.signing.venue.KrakenSpot;
import io.intaglio.signing.venue.Venue;
import io.intaglio.testkit.Fault;
import io.intaglio.testkit.SimulatedVenue;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.CertificateEncodingException;
import java.time.Duration;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The doctor at simulated venues on this machine, well and ill. */
class DoctorCommandTest {
    private static final String SECRET = "bm90IGEgc2VjcmV0IG9mIGFueW9uZSwgYnV0IGxvbmcgZW5vdWdoIGZvciBLcmFrZW4=";

    @TempDir
    Path folder;

    private Path profile(SimulatedVenue sim, String secret, String... more)
            throws IOException, CertificateEncodingException {
        Path text = folder.resolve("secret");
        if (!Files.exists(text)) {
            Files.createFile(text, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        }
        Files.writeString(text, secret);
        Path anchor = Files.writeString(
                folder.resolve("ca.pem"),
                "-----BEGIN CERTIFICATE-----\n"
                        + Base64.getMimeEncoder()
                                .encodeToString(sim.trustAnchor().getEncoded())
                        + "\n-----END CERTIFICATE-----\n");
        return Files.writeString(
                folder.resolve("profiles.toml"),
                "[desk]\nvenue='" + sim.venue().name() + "'\nbase-uri='" + sim.uri()
                        + "'\nkey-id='desk-key-1234'\nsecret='file:" + text + "'\ntruststore='" + anchor
                        + "'\npermissions=['read','trade']\n" + String.join("\n", more) + "\n");
    }

    private static SimulatedVenue started(Venue venue) {
        return started(SimulatedVenue.of(venue));
    }

    private static SimulatedVenue started(SimulatedVenue.Builder builder) {
        SimulatedVenue sim = builder.start();
        sim.addKey(
                "desk-key-1234", io.intaglio.signing.secret.Secret.of(SECRET.getBytes(StandardCharsets.US_ASCII)), "");
        return sim;
    }

    private Command doctor(Path file, String... more) {
        String[] args = new String[4 + more.length];
        System.arraycopy(new String[] {"doctor", "desk", "--file", file.toString()}, 0, args, 0, 4);
        System.arraycopy(more, 0, args, 4, more.length);
        return Command.run(args);
    }

    @Test
    void doctor_allWell_isOneScreenOfOk() throws Exception {
        try (SimulatedVenue sim = started(BinanceSpot.VENUE)) {
            Command command = doctor(profile(sim, SECRET));
            assertThat(command.status()).as(command.out() + command.err()).isZero();
            assertThat(command.err()).isEmpty();
            assertThat(command.out().lines().map(line -> line.replaceAll("^(\\S+) +(client cert|\\S+).*", "$1 $2")))
                    .containsExactly(
                            "ok profile",
                            "ok key",
                            "ok dns",
                            "ok egress",
                            "- proxy",
                            "ok tcp",
                            "ok tls",
                            "- client cert",
                            "ok clock",
                            "ok signature",
                            "ok permissions",
                            "ok budget");
            assertThat(command.out())
                    .contains(
                            "TLSv1.3, server certificate of CN=localhost",
                            "the key may read, trade, from listed addresses alone",
                            "request weight ")
                    .doesNotContain(SECRET, "desk-key-1234");
        }
    }

    @Test
    void doctor_wrongSecret_failsAtTheSignatureWithStatus3() throws Exception {
        try (SimulatedVenue sim = started(BinanceSpot.VENUE)) {
            Command command = doctor(profile(sim, "another secret altogether"));
            assertThat(command.status()).as(command.out()).isEqualTo(ExitCode.REFUSED);
            assertThat(command.out()).contains("fail  signature    binance refused GET /api/v3/account, HTTP 400");
            assertThat(command.out())
                    .contains("-> client.explain(request) shows what was signed", " [rejected/bad-signature]\n");
        }
    }

    @Test
    void doctor_clockOff_failsWithStatus8() throws Exception {
        try (SimulatedVenue sim = started(SimulatedVenue.of(BinanceSpot.VENUE).skew(Duration.ofMinutes(3)))) {
            Command command = doctor(profile(sim, SECRET), "--json");
            assertThat(command.status()).as(command.out()).isEqualTo(ExitCode.CLOCK);
            assertThat(command.out()).contains("{\"check\":\"clock\",\"level\":\"fail\",\"found\":\"");
            assertThat(command.out()).contains("\"fix\":\"synchronise this host's clock\",\"error\":\"\"}");
        }
    }

    @Test
    void doctor_venueAway_failsAtTcpWithStatus7() throws Exception {
        Path file;
        try (SimulatedVenue sim = started(BinanceSpot.VENUE)) {
            file = profile(sim, SECRET);
        }
        Command command = doctor(file);
        assertThat(command.status()).as(command.out()).isEqualTo(ExitCode.NETWORK);
        assertThat(command.out().lines().reduce((first, last) -> last).orElseThrow())
                .startsWith("fail  tcp ")
                .endsWith(" [not-sent/connect]");
        assertThat(doctor(file, "--json").out()).contains("\"error\":\"not-sent/connect\"}");
    }

    @Test
    void doctor_notTrusted_failsAtTlsWithTheReason() throws Exception {
        try (SimulatedVenue sim = started(BinanceSpot.VENUE);
                SimulatedVenue other = started(KrakenSpot.VENUE)) {
            Path file = profile(sim, SECRET);
            Files.writeString(
                    folder.resolve("ca.pem"),
                    "-----BEGIN CERTIFICATE-----\n"
                            + Base64.getMimeEncoder()
                                    .encodeToString(other.trustAnchor().getEncoded())
                            + "\n-----END CERTIFICATE-----\n");
            Command command = doctor(file);
            assertThat(command.status()).as(command.out()).isEqualTo(ExitCode.NETWORK);
            assertThat(command.out()).contains("ok    tcp ", "fail  tls ", "do not go on");
        }
    }

    @Test
    void doctor_clientCertificate_isShownWithItsDays() throws Exception {
        try (SimulatedVenue sim = started(SimulatedVenue.of(BinanceSpot.VENUE).demandClientCertificate())) {
            try (java.io.OutputStream out = Files.newOutputStream(folder.resolve("client.p12"))) {
                sim.clientKeyStore().store(out, sim.clientKeyPassword());
            }
            Path password = Files.createFile(
                    folder.resolve("password"),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(password, new String(sim.clientKeyPassword()));
            Command command = doctor(profile(
                    sim,
                    SECRET,
                    "keystore='" + folder.resolve("client.p12") + "'",
                    "keystore-password='file:" + password + "'"));
            assertThat(command.status()).as(command.out() + command.err()).isZero();
            assertThat(command.out()).contains("client cert  CN=simulated client, ");
        }
    }

    @Test
    void doctor_profileWithAFault_failsAtTheFirstLine() throws Exception {
        try (SimulatedVenue sim = started(BinanceSpot.VENUE)) {
            Command command = doctor(profile(sim, SECRET, "time-limit='soon'"));
            assertThat(command.status()).isEqualTo(ExitCode.FAULT);
            assertThat(command.out()).startsWith("fail  profile      ").contains("wanted a duration such as 500ms");
        }
    }

    @Test
    void doctor_throttled_failsWithStatus4() throws Exception {
        try (SimulatedVenue sim = started(BinanceSpot.VENUE)) {
            sim.faults().next("/api/v3/account"::equals, Fault.throttled(Duration.ofHours(1)));
            Command command = doctor(profile(sim, SECRET, "time-limit='2s'"));
            assertThat(command.status()).as(command.out()).isEqualTo(ExitCode.THROTTLED);
        }
    }
}
