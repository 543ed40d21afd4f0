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
                    "HTTP " + account.status() + " after " + account.elapsed().toMillis() + " ms, attempts: "
                            + account.attempts());
            for (int i = 0; account.at("/balances/" + i).isPresent() && i < 5; i++) {
                String balance = "/balances/" + i;
                stage.show(
                        "balance",
                        account.at(balance + "/asset").orElseThrow() + " "
                                + account.at(balance + "/free").orElseThrow());
            }
            stage.show("signed", client.explain(request));
            stage.proved(account.status() == 200, "the venue took the signature");
        }
        stage.why(
                "The client stamped the request inside the venue's window, signed it, and sent the very bytes that it signed. explain(..)"
                        + " shows them for any request without sending it: the first stop for 'invalid signature'.");
    }
}
