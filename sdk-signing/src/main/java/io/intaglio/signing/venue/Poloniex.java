package io.intaglio.signing.venue;

import static io.intaglio.signing.scheme.Parts.base64;
import static io.intaglio.signing.scheme.Parts.body;
import static io.intaglio.signing.scheme.Parts.concat;
import static io.intaglio.signing.scheme.Parts.joinNonEmpty;
import static io.intaglio.signing.scheme.Parts.keyId;
import static io.intaglio.signing.scheme.Parts.lines;
import static io.intaglio.signing.scheme.Parts.literal;
import static io.intaglio.signing.scheme.Parts.method;
import static io.intaglio.signing.scheme.Parts.millis;
import static io.intaglio.signing.scheme.Parts.path;
import static io.intaglio.signing.scheme.Parts.prefixed;
import static io.intaglio.signing.scheme.Parts.queryFields;
import static io.intaglio.signing.scheme.Parts.signature;
import static io.intaglio.signing.scheme.Parts.when;
import static io.intaglio.signing.scheme.Places.header;
import static io.intaglio.signing.scheme.Places.parameter;

import io.intaglio.signing.key.Hash;
import io.intaglio.signing.key.SecretForm;
import io.intaglio.signing.scheme.Scheme;
import io.intaglio.signing.scheme.When;

/**
 * Poloniex spot: HMAC-SHA256 over method, path and parameters, one a line, base64. The parameters of a GET are signed sorted and
 * encoded, with the time among them; of a body its text is signed, and then the time. The time is sent in a header only.
 *
 * <p>Made from a description; the vectors are of a plain second computation, so the rule is unconfirmed.
 */
public final class Poloniex {
    /** The venue. */
    public static final Venue VENUE = Venue.named("poloniex")
            .baseUri("https://api.poloniex.com")
            .scheme(Scheme.named("poloniex")
                    .contentType(When.always(), "application/json")
                    .emptyBody(When.always(), "")
                    .stamp(header("key"), keyId())
                    .stamp(header("signTimestamp"), millis())
                    .preHash(lines(
                            method(),
                            path(),
                            when(
                                    When.method("GET"),
                                    queryFields()
                                            .with("signTimestamp", millis())
                                            .sorted(),
                                    joinNonEmpty(
                                            "&",
                                            prefixed("requestBody=", body()),
                                            concat(literal("signTimestamp="), millis())))))
                    .hmac(Hash.SHA256, SecretForm.UTF8)
                    .attach(header("signature"), base64(signature()))
                    .publicWhen(When.pathStarts("/markets", "/currencies", "/timestamp"))
                    .build())
            .riskReducing(When.method("DELETE").and(When.pathStarts("/orders")))
            .orders(
                    request -> request.method().equals("POST") && request.path().equals("/orders"),
                    parameter("clientOrderId"),
                    Dedup.NONE)
            .errorCodeAt("/code")
            .build();

    private Poloniex() {}
}
