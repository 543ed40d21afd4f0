package io.intaglio.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.Field;
import io.intaglio.signing.Moment;
import io.intaglio.signing.SignedRequest;
import io.intaglio.signing.venue.BinanceSpot;
import io.intaglio.signing.venue.Gemini;
import io.intaglio.signing.venue.KrakenSpot;
import java.io.EOFException;
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
    void clientCertificate_ofAnotherVenuesRoot_isRefused() throws GeneralSecurityException, IOException {
        try (SimulatedVenue sim = SimulatedVenue.of(BinanceSpot.VENUE)
                        .demandClientCertificate()
                        .start();
                SimulatedVenue other = SimulatedVenue.start(BinanceSpot.VENUE)) {
            assertThatThrownBy(() -> {
                        try (Client client = Client.withCertificateOf(other, sim)) {
                            client.writeRaw(TIME, new byte[0]);
                            client.read();
                        }
                    })
                    .isInstanceOf(IOException.class);
            assertThat(sim.handshakes()).isZero();
            assertThat(sim.received()).isEmpty();
        }
    }

    @Test
    void request_isKeptAsItWasSent() throws IOException {
        byte[] body = {'n', 'o', 'n', 'c', 'e', '=', (byte) 0xff, 0, '\n'};
        try (SimulatedVenue sim = SimulatedVenue.start(KrakenSpot.VENUE);
                Client client = Client.of(sim)) {
            client.writeRaw(
                    "POST /0/private/x%2Fy?b=%20&a=+&b= HTTP/1.1\r\nHost: x\r\nX-Twice: 1\r\nx-tWICE: 2\r\nContent-Length: 9\r\n\r\n",
                    body);
            client.read();

            ReceivedRequest request = sim.received().get(0);
            assertThat(request.target()).isEqualTo("/0/private/x%2Fy?b=%20&a=+&b=");
            assertThat(request.path()).isEqualTo("/0/private/x%2Fy");
            assertThat(request.headers())
                    .containsExactly(
                            new Field("Host", "x"),
                            new Field("X-Twice", "1"),
                            new Field("x-tWICE", "2"),
                            new Field("Content-Length", "9"));
            assertThat(request.bodyBytes()).isEqualTo(body);
        }
    }

    @Test
    void get_withABody_isRefusedAndNotLeftWaiting() throws IOException {
        try (SimulatedVenue sim = SimulatedVenue.start(BinanceSpot.VENUE);
                Client client = Client.of(sim)) {
            client.writeRaw("GET /api/v3/account HTTP/1.1\r\nContent-Length: 2\r\n\r\n", new byte[] {'{', '}'});

            assertThat(client.read().status()).isEqualTo(400);
            assertThatThrownBy(client::read).isInstanceOf(IOException.class);
        }
    }

    @Test
    void body_heldUntilTheVenueAgrees_isAskedFor() throws IOException {
        try (SimulatedVenue sim = SimulatedVenue.start(KrakenSpot.VENUE);
                Client client = Client.of(sim)) {
            client.writeRaw(
                    "POST /0/private/Balance HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 7\r\n\r\n",
                    new byte[0]);
            assertThat(client.read().status()).isEqualTo(100);
            client.writeRaw("nonce=1", new byte[0]);

            assertThat(client.read().body()).contains("EAPI:Invalid key");
        }
    }

    @Test
    void connection_thatTheClientWillClose_isClosedAfterTheAnswer() throws IOException {
        try (SimulatedVenue sim = SimulatedVenue.start(BinanceSpot.VENUE);
                Client client = Client.of(sim)) {
            client.writeRaw("GET /api/v3/time HTTP/1.1\r\nConnection: close\r\n\r\n", new byte[0]);

            assertThat(client.read().header("Connection")).isEqualTo("close");
            assertThatThrownBy(client::read).isInstanceOf(EOFException.class);
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
                    "4\r\nnonc\r\n3\r\ne=1\r\n0\r\n\r\n".getBytes(StandardCharsets.UTF_8));

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
