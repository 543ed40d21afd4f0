package io.intaglio.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.Moment;
import io.intaglio.signing.SignedRequest;
import io.intaglio.signing.venue.BinanceSpot;
import io.intaglio.signing.venue.Gemini;
import io.intaglio.signing.venue.KrakenSpot;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;

class TlsTest {
    private static final String TIME = "GET /api/v3/time HTTP/1.1\r\nHost: x\r\n\r\n";

    @Test
    void ordinaryClient_trustingTheAnchor_isServed() throws IOException {
        try (SimulatedVenue sim = SimulatedVenue.start(BinanceSpot.VENUE)) {
            SignedRequest signed = sim.venue()
                    .scheme()
                    .sign(ApiRequest.get("/api/v3/account"), sim.credential(), Moment.at(sim.now()));
            HttpsURLConnection connection = (HttpsURLConnection)
                    sim.uri().resolve(signed.target()).toURL().openConnection();
            connection.setSSLSocketFactory(Client.context(sim).getSocketFactory());
            signed.headers().forEach(header -> connection.setRequestProperty(header.name(), header.value()));

            assertThat(connection.getResponseCode()).isEqualTo(200);
            assertThat(new String(connection.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .contains("balances");
        }
    }

    @Test
    void client_trustingAnotherVenuesAnchor_refusesTheHandshake() {
        try (SimulatedVenue sim = SimulatedVenue.start(BinanceSpot.VENUE);
                SimulatedVenue other = SimulatedVenue.start(BinanceSpot.VENUE)) {
            assertThatThrownBy(() -> Client.context(other)
                            .getSocketFactory()
                            .createSocket("127.0.0.1", sim.uri().getPort())
                            .getOutputStream()
                            .write(1))
                    .isInstanceOf(SSLHandshakeException.class);
        }
    }

    @Test
    void clientCertificate_demanded_isServedWithItAndRefusedWithout() throws IOException, GeneralSecurityException {
        try (SimulatedVenue sim =
                SimulatedVenue.of(BinanceSpot.VENUE).demandClientCertificate().start()) {
            try (Client client = Client.withCertificate(sim)) {
                client.writeRaw(TIME, new byte[0]);
                assertThat(client.read().status()).isEqualTo(200);
            }
            assertThatThrownBy(() -> {
                        try (Client client = Client.of(sim)) {
                            client.writeRaw(TIME, new byte[0]);
                            client.read();
                        }
                    })
                    .isInstanceOf(IOException.class);
            assertThat(sim.handshakes()).isEqualTo(1);
        }
    }

    @Test
    void connection_isKeptForManyRequests() throws IOException {
        try (SimulatedVenue sim = SimulatedVenue.start(BinanceSpot.VENUE);
                Client client = Client.of(sim)) {
            for (int i = 0; i < 20; i++) {
                client.writeRaw(TIME, new byte[0]);
                assertThat(client.read().status()).isEqualTo(200);
            }
            assertThat(sim.handshakes()).isEqualTo(1);
            assertThat(sim.received())
                    .hasSize(20)
                    .allSatisfy(request -> assertThat(request.connection()).isEqualTo(1));
        }
    }

    @Test
    void body_inChunks_isReadWhole() throws IOException {
        try (SimulatedVenue sim = SimulatedVenue.start(KrakenSpot.VENUE);
                Client client = Client.of(sim)) {
            client.writeRaw(
                    "POST /0/private/Balance HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n",
                    "4\r\nnonc\r\n3;x=y\r\ne=1\r\n0\r\n\r\n".getBytes(StandardCharsets.UTF_8));

            assertThat(client.read().body()).contains("EAPI:Invalid key");
            assertThat(sim.received().get(0).body()).isEqualTo("nonce=1");
        }
    }

    @Test
    void close_endsOpenConnectionsAndCanBeRepeated() throws IOException {
        SimulatedVenue sim = SimulatedVenue.start(BinanceSpot.VENUE);
        try (Client client = Client.of(sim)) {
            sim.close();
            sim.close();
            assertThatThrownBy(client::read).isInstanceOf(IOException.class);
        }
    }

    @Test
    void threads_areDaemons() throws IOException {
        try (SimulatedVenue sim = SimulatedVenue.start(BinanceSpot.VENUE);
                Client client = Client.of(sim)) {
            client.writeRaw(TIME, new byte[0]);
            client.read();
            assertThat(Thread.getAllStackTraces().keySet())
                    .filteredOn(thread -> thread.getName()
                            .startsWith("simulated-venue-" + sim.uri().getPort()))
                    .hasSize(2)
                    .allMatch(Thread::isDaemon);
        }
    }

    @Test
    void start_venueWithoutSimulation_namesThoseThereAre() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SimulatedVenue.start(Gemini.VENUE))
                .withMessageContaining("kraken");
    }

    @Test
    void ed25519Credential_onVenueWithoutIt_isRefused() {
        try (SimulatedVenue sim = SimulatedVenue.start(KrakenSpot.VENUE)) {
            assertThatIllegalStateException().isThrownBy(sim::ed25519Credential);
        }
    }
}
