package io.intaglio.examples;

import io.intaglio.client.VenueClient;
import io.intaglio.client.VenueResponse;
import io.intaglio.examples.Stage.Use;
import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.venue.BinanceSpot;

/**
 * The first signed call: the balances of an account, and what was signed to get them.
 *
 * <p>Run it with {@code ./example first-call}, or with {@code --profile NAME} against the venue of a profile.
 */
final class FirstCall {
    public static void main(String[] args) {
        Stage.play(args, Use.READ, FirstCall::run, BinanceSpot.VENUE);
    }

    static void run(Stage stage) {
        // In a program: VenueClient.of(BinanceSpot.VENUE, credential), or VenueClient.fromProfile("desk").
        try (VenueClient client = stage.client().build()) {
            ApiRequest request = ApiRequest.get("/api/v3/account").query("omitZeroBalances", "true");
            VenueResponse account = client.send(request);
            stage.show(
                    "answer",
                    "HTTP " + account.status() + " after " + account.elapsed().toMillis() + " ms");
            String bitcoin = account.find("/balances", "asset", "BTC").orElseThrow(); // /balances/0, say
            stage.show("balance", account.at(bitcoin + "/free").orElseThrow() + " BTC");
            stage.show("signed", client.explain(request));
            stage.proved(account.status() == 200, "the venue checked the signature and took it");
        }
        stage.why(
                "The bytes that were signed are the bytes that were sent. explain(..) shows them, part by part, for any request"
                        + " without sending it: the first stop for 'invalid signature'.");
    }
}
