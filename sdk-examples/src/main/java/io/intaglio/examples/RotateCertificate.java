package io.intaglio.examples;

import io.intaglio.client.VenueClient;
import io.intaglio.client.tls.Keystore;
import io.intaglio.client.tls.Tls;
import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.secret.Secret;
import io.intaglio.signing.venue.BinanceSpot;
import io.intaglio.testkit.ReceivedRequest;
import io.intaglio.testkit.SimulatedVenue;
import java.nio.file.Path;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A client certificate replaced twice under load: the file is exchanged, no call fails.
 *
 * <p>Run it with {@code ./example rotate-certificate}.
 */
final class RotateCertificate {
    public static void main(String[] args) {
        SimulatedVenue.Builder venue = SimulatedVenue.of(BinanceSpot.VENUE).demandClientCertificate();
        Stage.playSimulated(args, RotateCertificate::run, venue);
    }

    static void run(Stage stage) throws Exception {
        SimulatedVenue venue = stage.simulation();
        Path file = stage.folder().resolve("desk.p12");
        Stage.renewKeystore(venue, file);
        Secret password = Secret.ofChars(venue.clientKeyPassword());
        Keystore keystore = Keystore.file(file).password(password);
        Tls tls = Tls.builder().trust(venue.trustAnchor()).keystore(keystore).build();
        int sent = 0;
        try (VenueClient client = stage.client().tls(tls).alsoClose(password).build()) {
            sent += load(client);
            stage.show("certificate", tls.serialNumbers().get(0));
            for (int rotation = 1; rotation <= 2; rotation++) {
                Stage.renewKeystore(venue, file); // what a certificate manager does
                while (tls.generation() < rotation) {
                    sent += load(client);
                }
                sent += load(client);
                stage.show("certificate", tls.serialNumbers().get(0) + ", taken within " + sent + " calls");
            }
        }
        stage.proved(venue.received().size() == sent, "0 of " + sent + " calls failed");
        Stream<?> certificates = venue.received().stream().map(ReceivedRequest::clientCertificate);
        stage.proved(certificates.distinct().count() == 3, "the venue saw 3 certificates");
        stage.why("A file that cannot be used changes nothing and is told of; the certificate before it goes on.");
    }

    /** Calls from several threads; throws when one fails. */
    private static int load(VenueClient client) {
        ApiRequest read = ApiRequest.get("/api/v3/account");
        IntStream calls = IntStream.range(0, 100).parallel();
        return calls.map(call -> client.send(read).attempts()).sum();
    }
}
