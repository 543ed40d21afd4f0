package io.intaglio.examples;

import io.intaglio.client.VenueClient;
import io.intaglio.client.oauth.ClientAuthentication;
import io.intaglio.client.oauth.OAuth;
import io.intaglio.client.tls.Tls;
import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.Credential;
import io.intaglio.signing.key.KeyKind;
import io.intaglio.signing.key.SigningKey;
import io.intaglio.signing.scheme.Scheme;
import io.intaglio.signing.standard.JwsAlgorithm;
import io.intaglio.signing.venue.Venue;
import io.intaglio.testkit.ReceivedRequest;
import io.intaglio.testkit.TokenServer;
import java.util.stream.IntStream;

/**
 * OAuth 2 with DPoP: a token that is bound to a key, fetched once for all calls, and of no use to a thief.
 *
 * <p>Run it with {@code ./example dpop-token}. In a profile: {@code oauth-issuer}, {@code oauth-method} and {@code oauth-dpop = true}.
 */
final class DpopToken {
    public static void main(String[] args) {
        Stage.playSimulated(args, DpopToken::run);
    }

    static void run(Stage stage) {
        Scheme unsigned = Scheme.named("desk").build();
        try (TokenServer server = TokenServer.start();
                SigningKey key = SigningKey.generate(KeyKind.EC_P256)) {
            server.addClient("desk-7", key.publicKey().orElseThrow());
            Tls tls = Tls.builder().trust(server.trustAnchor()).build();
            Venue.Builder address = Venue.named("desk").baseUri(server.uri().toString());
            Venue api = address.scheme(unsigned).build();
            ClientAuthentication desk = ClientAuthentication.privateKeyJwt("desk-7", JwsAlgorithm.ES256, key);
            OAuth.Builder login = OAuth.at(server.tokenEndpoint()).client(desk).dpop();
            VenueClient.Builder settings =
                    VenueClient.builder(api.withAccessTokens()).tls(tls);
            try (OAuth tokens = login.tls(tls).build();
                    VenueClient client = settings.tokens(tokens).build()) {
                IntStream.range(0, 20).forEach(i -> client.send(ApiRequest.get("/v1/balance")));
            }
            stage.proved(server.served() == 20 && server.tokenRequests() == 1, "20 calls were served with 1 token");
            ReceivedRequest seen = server.received().get(server.received().size() - 1);
            String stolen = seen.header("Authorization").orElseThrow();
            String proof = seen.header("DPoP").orElseThrow();
            stage.show("stolen", "Authorization: " + stolen.substring(0, 12) + "...");
            ApiRequest copy = ApiRequest.get("/v1/balance").header("Authorization", stolen);
            settings = VenueClient.builder(api).tls(tls).credential(Credential.keyId("thief"));
            try (VenueClient thief = settings.build()) {
                stage.refuses(() -> thief.send(copy));
                stage.refuses(() -> thief.send(copy.header("DPoP", proof)));
            }
            stage.proved(server.served() == 20, "the thief was served 0 times, with a copy of the proof too");
        }
        stage.why("A bearer token is worth the same to a thief. Here each call proves anew that it has the key.");
    }
}
