package io.intaglio.examples;

import io.intaglio.client.VenueClient;
import io.intaglio.client.VenueException;
import io.intaglio.client.tls.Keystore;
import io.intaglio.client.tls.KeystoreException;
import io.intaglio.client.tls.Tls;
import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.secret.Secret;
import io.intaglio.signing.venue.BinanceSpot;
import io.intaglio.testkit.SimulatedVenue;

/**
 * A venue that asks for a client certificate: a keystore opened, and what is said when it does not open.
 *
 * <p>Run it with {@code ./example mtls-keystore}. In a profile: {@code keystore = "desk.p12"} and {@code keystore-password = "file:..."}.
 */
final class MtlsKeystore {
    private static final ApiRequest READ = ApiRequest.get("/api/v3/account");

    public static void main(String[] args) {
        Stage.playSimulated(
                args, MtlsKeystore::run, SimulatedVenue.of(BinanceSpot.VENUE).demandClientCertificate());
    }

    static void run(Stage stage) throws Exception {
        SimulatedVenue venue = stage.simulation();
        Keystore keystore =
                Keystore.file(stage.folder().resolve("desk.p12")); // PEM, JKS and BCFKS are told by their content too
        Stage.renewKeystore(venue, stage.folder().resolve("desk.p12"));
        try (VenueClient without = stage.client().build()) {
            without.send(READ);
        } catch (VenueException e) {
            stage.refused(e);
        }
        Tls.Builder tls = Tls.builder().trust(venue.trustAnchor());
        try (Secret wrong = Secret.ofChars("not this one".toCharArray())) {
            tls.keystore(keystore.password(wrong)).build();
        } catch (KeystoreException e) {
            stage.refused(e);
        }
        tls = Tls.builder().trust(venue.trustAnchor());
        try (Secret password = Secret.ofChars(venue.clientKeyPassword());
                VenueClient client = stage.client()
                        .tls(tls.keystore(keystore.password(password)).build())
                        .build()) {
            client.send(READ);
            for (Tls.Expiry expiry : client.tls().expiries()) {
                stage.show("expires", expiry.notAfter() + "  " + expiry.name());
            }
            stage.proved(venue.received().get(0).clientCertificate().isPresent(), "the venue saw the certificate");
        }
        stage.why("A keystore that cannot be used is told of when the client is made, with the next step, not by a"
                + " handshake_failure at the opening bell.");
    }
}
