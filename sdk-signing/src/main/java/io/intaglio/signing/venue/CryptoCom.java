package io.intaglio.signing.venue;

import static io.intaglio.signing.scheme.Parts.hex;
import static io.intaglio.signing.scheme.Parts.json;
import static io.intaglio.signing.scheme.Parts.jsonBody;
import static io.intaglio.signing.scheme.Parts.keyId;
import static io.intaglio.signing.scheme.Parts.millis;
import static io.intaglio.signing.scheme.Parts.path;
import static io.intaglio.signing.scheme.Parts.signature;
import static io.intaglio.signing.scheme.Places.body;
import static io.intaglio.signing.scheme.Places.parameter;

import io.intaglio.signing.key.Hash;
import io.intaglio.signing.key.SecretForm;
import io.intaglio.signing.scheme.Member;
import io.intaglio.signing.scheme.Part;
import io.intaglio.signing.scheme.Parts;
import io.intaglio.signing.scheme.Scheme;
import io.intaglio.signing.scheme.When;
import java.time.Duration;

/**
 * Crypto.com Exchange v1: a JSON-RPC envelope whose member {@code sig} is HMAC-SHA256 over method, id, key id, the parameters' names and
 * values sorted and run together, and the nonce, which is the time in milliseconds.
 *
 * <p>Confirmed by vectors of a second implementation; the window is unconfirmed. {@code id} equals the nonce. The codes are those of
 * "Response and Reason Codes"; 50001 (internal error), which comes with HTTP 400, and 40801 (request timeout) leave the outcome unknown.
 */
public final class CryptoCom {
    private static final Part METHOD = path(path -> {
        int from = path.indexOf("private/");
        return from < 0 ? path.substring(path.lastIndexOf('/') + 1) : path.substring(from);
    });

    /** The venue. */
    public static final Venue VENUE = Venue.named("cryptocom")
            .confirmed(Confirmation.SECOND_IMPLEMENTATION)
            .baseUri("https://api.crypto.com/exchange/v1")
            .environment("uat", "https://uat-api.3ona.co/exchange/v1")
            .scheme(Scheme.named("cryptocom")
                    .preHash(METHOD, millis(), keyId(), Parts.sortedConcatenation(3), millis())
                    .hmac(Hash.SHA256, SecretForm.UTF8)
                    .attach(
                            body("application/json"),
                            json(
                                    Member.text("id", millis()),
                                    Member.text("method", METHOD),
                                    Member.value("params", jsonBody()),
                                    Member.text("api_key", keyId()),
                                    Member.text("sig", hex(signature())),
                                    Member.text("nonce", millis())))
                    .publicWhen(request -> request.path().contains("public/"))
                    .build())
            .window(Duration.ofSeconds(30), Duration.ofSeconds(30))
            .riskReducing(When.pathEnds("private/cancel-order", "private/cancel-all-orders", "private/close-position"))
            .orders(request -> request.path().endsWith("private/create-order"), parameter("client_oid"), Dedup.NONE)
            .errorsInOkAnswers("0")
            .errorCodeAt("/code")
            .errors(Meaning.THROTTLED, "42901")
            .errors(Meaning.BAD_KEY, "40101", "40103")
            .errors(Meaning.CLOCK_SKEW, "40102")
            .errors(Meaning.UNKNOWN_OUTCOME, "40801", "50001")
            .build();

    private CryptoCom() {}
}
