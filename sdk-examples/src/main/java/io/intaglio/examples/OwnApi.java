package io.intaglio.examples;

import io.intaglio.client.VenueClient;
import io.intaglio.examples.SmallServer.Reply;
import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.Credential;
import io.intaglio.signing.SigningScheme;
import io.intaglio.signing.key.KeyKind;
import io.intaglio.signing.key.SigningKey;
import io.intaglio.signing.standard.HttpMessage;
import io.intaglio.signing.standard.HttpMessageSignatures;
import io.intaglio.signing.standard.HttpSignatureAlgorithm;
import io.intaglio.signing.standard.HttpSignatureVerifier;
import io.intaglio.signing.venue.NonceRule;
import io.intaglio.signing.venue.Venue;
import io.intaglio.signing.verify.MemoryReplayGuard;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * RFC 9421 in front of an API of your own: the client signs, a server verifies, and refuses a copy and a change.
 *
 * <p>Run it with {@code ./example own-api}.
 */
final class OwnApi {
    public static void main(String[] args) {
        Stage.playSimulated(args, OwnApi::run);
    }

    static void run(Stage stage) throws Exception {
        SigningKey key = SigningKey.generate(KeyKind.ED25519);
        HttpSignatureVerifier verifier = HttpSignatureVerifier.requiring("@method", "@target-uri")
                .key("desk-7", HttpSignatureAlgorithm.ED25519, key.publicKey().orElseThrow())
                .replayGuard(new MemoryReplayGuard(10_000, Stage.CLOCK::instant))
                .build();
        SigningScheme scheme = HttpMessageSignatures.signing(HttpSignatureAlgorithm.ED25519)
                .covering("@method", "@target-uri")
                .build();
        Queue<HttpMessage> arrived = new ConcurrentLinkedQueue<>();
        try (SmallServer server = SmallServer.start(message -> {
            arrived.add(message);
            String from =
                    verifier.verify(message, Stage.CLOCK.instant()).keyId(); // throws when it is not signed as wanted
            return new Reply(200, "{\"from\":\"" + from + "\"}");
        })) {
            Venue.Builder api = Venue.named("own-api").baseUri(server.uri().toString());
            Venue venue = api.nonce(NonceRule.UUID).scheme(scheme).build();
            try (VenueClient client = VenueClient.of(venue, Credential.of("desk-7", key))) {
                ApiRequest transfer = ApiRequest.post("/v1/transfers").json("amount", 12);
                String from = client.send(transfer).at("/from").orElseThrow();
                stage.proved(from.equals("desk-7"), "the server knows that desk-7 sent this, and every byte of it");
            }
        }
        HttpMessage message = arrived.remove();
        stage.refuses(() -> verifier.verify(message, Stage.CLOCK.instant())); // the same again
        stage.refuses(() -> verifier.verify(message.body(new byte[] {1, 2, 3}), Stage.CLOCK.instant()));
        stage.why("The signature covers method, address and the digest of the body, and the nonce is taken once.");
    }
}
