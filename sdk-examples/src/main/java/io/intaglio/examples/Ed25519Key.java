package io.intaglio.examples;

import io.intaglio.client.VenueClient;
import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.Credential;
import io.intaglio.signing.key.InsecureKeyExport;
import io.intaglio.signing.key.KeyKind;
import io.intaglio.signing.key.KeyReader;
import io.intaglio.signing.key.SigningKey;
import io.intaglio.signing.secret.Secret;
import io.intaglio.signing.venue.BinanceSpot;
import io.intaglio.testkit.SimulatedVenue;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.PublicKey;
import java.util.Base64;

/**
 * An Ed25519 key from its generation to the first call: the private half never leaves this machine.
 *
 * <p>Run it with {@code ./example ed25519-key}. From a shell the same is {@code intaglio keys generate}.
 */
final class Ed25519Key {
    public static void main(String[] args) {
        Stage.playSimulated(args, Ed25519Key::run, SimulatedVenue.of(BinanceSpot.VENUE));
    }

    static void run(Stage stage) throws Exception {
        Path file = stage.folder().resolve("desk-7.pem");
        PublicKey publicKey;
        try (SigningKey made = SigningKey.generate(KeyKind.ED25519);
                Secret pem = InsecureKeyExport.pem(made)) {
            pem.toNewFile(file); // for its owner alone; InsecureKeyExport.pem(key, password) encrypts it
            publicKey = made.publicKey().orElseThrow();
        }
        stage.show(
                "private half",
                file.getFileName() + ", " + PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        stage.show("public half", Base64.getEncoder().encodeToString(publicKey.getEncoded()));

        stage.simulation().addKey("desk-7", publicKey); // at a real venue: paste the public half into its web page
        stage.show("registered", "the venue has the public half and gives the key the name desk-7");

        try (Secret text = Secret.fromFile(file); // refuses a file that others may read
                Credential credential = Credential.of("desk-7", KeyReader.read(text));
                VenueClient client = stage.client().credential(credential).build()) {
            int status = client.send(ApiRequest.get("/api/v3/account")).status();
            stage.proved(status == 200, "a call signed by the key in that file was accepted");
        }
        stage.why(
                "With HMAC the venue holds the secret too, and whoever reads it there can sign as you. Of an Ed25519 key it holds"
                        + " what can check a signature and not make one.");
    }
}
