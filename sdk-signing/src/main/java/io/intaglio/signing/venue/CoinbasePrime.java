package io.intaglio.signing.venue;

import static io.intaglio.signing.scheme.Parts.base64;
import static io.intaglio.signing.scheme.Parts.body;
import static io.intaglio.signing.scheme.Parts.credential;
import static io.intaglio.signing.scheme.Parts.decodedPath;
import static io.intaglio.signing.scheme.Parts.keyId;
import static io.intaglio.signing.scheme.Parts.method;
import static io.intaglio.signing.scheme.Parts.seconds;
import static io.intaglio.signing.scheme.Parts.signature;
import static io.intaglio.signing.scheme.Places.header;
import static io.intaglio.signing.scheme.Places.parameter;

import io.intaglio.signing.key.Hash;
import io.intaglio.signing.key.SecretForm;
import io.intaglio.signing.scheme.Scheme;
import io.intaglio.signing.scheme.When;
import java.time.Duration;

/**
 * Coinbase Prime: HMAC-SHA256 over seconds + method + path + body, base64. The query is not signed, the secret is used as text although it
 * looks like base64, and the path is signed with its percent escapes decoded, as the official Java SDK does. The credential needs a
 * {@code passphrase}.
 *
 * <p>Source: docs.cdp.coinbase.com, "Prime REST API authentication", and the official SDK. The place of the client order id is unconfirmed.
 */
public final class CoinbasePrime {
    /** The venue. */
    public static final Venue VENUE = Venue.named("coinbaseprime")
            .alias("coinbase_prime")
            .baseUri("https://api.prime.coinbase.com")
            .scheme(Scheme.named("coinbaseprime")
                    .stamp(header("X-CB-ACCESS-TIMESTAMP"), seconds())
                    .preHash(seconds(), method(), decodedPath(), body())
                    .hmac(Hash.SHA256, SecretForm.UTF8)
                    .attach(header("X-CB-ACCESS-KEY"), keyId())
                    .attach(header("X-CB-ACCESS-PASSPHRASE"), credential("passphrase"))
                    .attach(header("X-CB-ACCESS-SIGNATURE"), base64(signature()))
                    .build())
            .window(Duration.ofSeconds(30), Duration.ofSeconds(30))
            .riskReducing(When.method("POST").and(When.pathEnds("/cancel")))
            .orders(
                    request -> request.method().equals("POST") && request.path().endsWith("/order"),
                    parameter("client_order_id"),
                    Dedup.NONE)
            .build();

    private CoinbasePrime() {}
}
