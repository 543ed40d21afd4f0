package io.intaglio.signing.venue;

import static io.intaglio.signing.scheme.Parts.body;
import static io.intaglio.signing.scheme.Parts.hex;
import static io.intaglio.signing.scheme.Parts.keyId;
import static io.intaglio.signing.scheme.Parts.method;
import static io.intaglio.signing.scheme.Parts.pathAndQuery;
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
 * Delta Exchange: HMAC-SHA256 over method, seconds, path with query, and body, hex.
 *
 * <p>Confirmed by vectors of a second implementation; the window, the test address and the codes are unconfirmed.
 */
public final class Delta {
    /** The venue. */
    public static final Venue VENUE = Venue.named("delta")
            .confirmed(Confirmation.SECOND_IMPLEMENTATION)
            .baseUri("https://api.delta.exchange")
            .environment("testnet", "https://testnet-api.delta.exchange")
            .scheme(Scheme.named("delta")
                    .emptyBody(When.method("GET").negate(), "{}")
                    .stamp(header("timestamp"), seconds())
                    .preHash(method(), seconds(), pathAndQuery(), body())
                    .hmac(Hash.SHA256, SecretForm.UTF8)
                    .attach(header("api-key"), keyId())
                    .attach(header("signature"), hex(signature()))
                    .build())
            .window(Duration.ofSeconds(5), Duration.ofSeconds(5))
            .orders(
                    request -> request.method().equals("POST") && request.path().equals("/v2/orders"),
                    parameter("client_order_id"),
                    Dedup.NONE)
            .errorCodeAt("/error/code")
            .errors(Meaning.CLOCK_SKEW, "SignatureExpired")
            .errors(Meaning.BAD_KEY, "InvalidApiKey", "UnauthorizedApiAccess", "ip_not_whitelisted_for_api_key")
            .build();

    private Delta() {}
}
