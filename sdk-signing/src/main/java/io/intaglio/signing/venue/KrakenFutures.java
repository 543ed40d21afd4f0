package io.intaglio.signing.venue;

import static io.intaglio.signing.scheme.Parts.base64;
import static io.intaglio.signing.scheme.Parts.body;
import static io.intaglio.signing.scheme.Parts.concat;
import static io.intaglio.signing.scheme.Parts.jsonBody;
import static io.intaglio.signing.scheme.Parts.keyId;
import static io.intaglio.signing.scheme.Parts.literal;
import static io.intaglio.signing.scheme.Parts.member;
import static io.intaglio.signing.scheme.Parts.pathWithout;
import static io.intaglio.signing.scheme.Parts.query;
import static io.intaglio.signing.scheme.Parts.sha256;
import static io.intaglio.signing.scheme.Parts.signature;
import static io.intaglio.signing.scheme.Places.header;
import static io.intaglio.signing.scheme.Places.jsonField;
import static io.intaglio.signing.scheme.Places.parameter;

import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.key.Hash;
import io.intaglio.signing.key.SecretForm;
import io.intaglio.signing.scheme.Frame;
import io.intaglio.signing.scheme.Places;
import io.intaglio.signing.scheme.Scheme;
import io.intaglio.signing.scheme.When;
import java.time.Duration;

/**
 * Kraken futures: HMAC-SHA512 over SHA-256(encoded parameters + path without {@code /derivatives}). Parameters travel in the query, but for a
 * JSON batch, which travels as the body text {@code json=...}.
 *
 * <p>WebSocket: ask for a challenge first ({@code event} challenge, {@code api_key}); give it as field {@code original_challenge} beside {@code feed}
 * in each subscription to a private feed.
 *
 * <p>Source: docs.kraken.com, "Futures REST authentication". The optional nonce is not used.
 */
public final class KrakenFutures {
    private static final String FORM = "application/x-www-form-urlencoded";

    private static final Frame WEB_SOCKET = Frame.of(
            Scheme.named("krakenfutures, WebSocket")
                    .preHash(sha256(member("original_challenge")))
                    .hmac(Hash.SHA512, SecretForm.BASE64)
                    .attach(jsonField("api_key"), keyId())
                    .attach(jsonField("signed_challenge"), base64(signature()))
                    .build(),
            (method, fields, moment) -> Frame.members("event", method.isEmpty() ? "subscribe" : method, fields));

    /** The venue. */
    public static final Venue VENUE = Venue.named("krakenfutures")
            .confirmed(Confirmation.SECOND_IMPLEMENTATION)
            .baseUri("https://futures.kraken.com/derivatives")
            .environment("demo", "https://demo-futures.kraken.com/derivatives")
            .scheme(Scheme.named("krakenfutures")
                    .contentType(When.always(), FORM)
                    .stamp(header("Accept"), literal("application/json"))
                    .stamp(When.json(), Places.body(FORM), concat(literal("json="), jsonBody()))
                    .preHash(sha256(query(), body(), pathWithout("/derivatives")))
                    .hmac(Hash.SHA512, SecretForm.BASE64)
                    .attach(header("APIKey"), keyId())
                    .attach(header("Authent"), base64(signature()))
                    .build())
            .riskReducing(When.pathEnds("/cancelorder", "/cancelallorders", "/cancelallordersafter"))
            .orders(request -> request.path().endsWith("/sendorder"), parameter("cliOrdId"), Dedup.NONE)
            .errorsInOkAnswers()
            .errorCodeAt("/error")
            .errors(Meaning.THROTTLED, "apiLimitExceeded")
            .errors(Meaning.BAD_SIGNATURE, "authenticationError")
            .webSocket(WEB_SOCKET)
            .limit(Limit.rolling("cost in 10 s", Limit.Scope.ACCOUNT, 500, Duration.ofSeconds(10))
                    .costing(KrakenFutures::cost)
                    .breach("apiLimitExceeded"))
            .build();

    private KrakenFutures() {}

    /** Costs as of the documentation's "Rate limits"; what it does not list here costs 2, a batch at least 9. */
    private static long cost(ApiRequest request) {
        String path = request.path();
        String call = path.substring(path.lastIndexOf('/') + 1);
        return switch (call) {
            case "sendorder", "editorder", "cancelorder" -> 10;
            case "batchorder", "fills", "cancelallorders" -> 25;
            default -> path.startsWith("/derivatives/") ? 2 : 0;
        };
    }
}
