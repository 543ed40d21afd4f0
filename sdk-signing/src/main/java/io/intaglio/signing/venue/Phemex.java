package io.intaglio.signing.venue;

import static io.intaglio.signing.scheme.Parts.body;
import static io.intaglio.signing.scheme.Parts.hex;
import static io.intaglio.signing.scheme.Parts.keyId;
import static io.intaglio.signing.scheme.Parts.path;
import static io.intaglio.signing.scheme.Parts.query;
import static io.intaglio.signing.scheme.Parts.secondsFromNow;
import static io.intaglio.signing.scheme.Parts.signature;
import static io.intaglio.signing.scheme.Places.header;
import static io.intaglio.signing.scheme.Places.parameter;

import io.intaglio.signing.key.Hash;
import io.intaglio.signing.key.SecretForm;
import io.intaglio.signing.scheme.Part;
import io.intaglio.signing.scheme.Scheme;
import io.intaglio.signing.scheme.When;

/**
 * Phemex: HMAC-SHA256 over path, query without {@code ?}, expiry and body, hex. The method is not signed.
 *
 * <p>Attributes: {@code expiresInSeconds}, 60 unless given. Confirmed by vectors of a second implementation, which takes the secret as text.
 *
 * <p>Answers have a {@code code}, and any but 0 is an error; of the statuses only 401, 403, 429 and 5XX are documented
 * (github.com/phemex/phemex-api-docs, "Public Spot API" and "TradingErrorCode"). A trading engine that failed to connect with its cross engine (11107) does not say what became of the order.
 */
public final class Phemex {
    private static final Part EXPIRY = secondsFromNow("expiresInSeconds", 60);

    /** The venue. */
    public static final Venue VENUE = Venue.named("phemex")
            .confirmed(Confirmation.SECOND_IMPLEMENTATION)
            .baseUri("https://api.phemex.com")
            .scheme(Scheme.named("phemex")
                    .contentType(When.method("POST"), "application/json")
                    .emptyBody(When.method("POST"), "{}")
                    .emptyBody(When.always(), "")
                    .stamp(header("x-phemex-access-token"), keyId())
                    .stamp(header("x-phemex-request-expiry"), EXPIRY)
                    .preHash(path(), query(), EXPIRY, body())
                    .hmac(Hash.SHA256, SecretForm.UTF8)
                    .attach(header("x-phemex-request-signature"), hex(signature()))
                    .publicWhen(When.pathStarts("/public/", "/md/", "/exchange/public/"))
                    .build())
            .riskReducing(When.method("DELETE").and(When.pathStarts("/orders", "/spot/orders", "/g-orders")))
            .orders(
                    request -> request.method().equals("POST") && request.path().equals("/orders"),
                    parameter("clOrdID"),
                    Dedup.NONE)
            .errorsInOkAnswers("0")
            .errorCodeAt("/code")
            .errors(Meaning.DUPLICATE, "11085")
            .errors(Meaning.UNKNOWN_OUTCOME, "11107")
            .build();

    private Phemex() {}
}
