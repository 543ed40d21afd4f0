package io.intaglio.signing.venue;

import static io.intaglio.signing.scheme.Parts.attribute;
import static io.intaglio.signing.scheme.Parts.base64;
import static io.intaglio.signing.scheme.Parts.keyId;
import static io.intaglio.signing.scheme.Parts.literal;
import static io.intaglio.signing.scheme.Parts.millis;
import static io.intaglio.signing.scheme.Parts.path;
import static io.intaglio.signing.scheme.Parts.signature;
import static io.intaglio.signing.scheme.Parts.when;
import static io.intaglio.signing.scheme.Places.header;
import static io.intaglio.signing.scheme.Places.parameter;

import io.intaglio.signing.key.Hash;
import io.intaglio.signing.key.SecretForm;
import io.intaglio.signing.scheme.Scheme;
import io.intaglio.signing.scheme.When;
import java.util.regex.Pattern;

/**
 * AscendEX: milliseconds, {@code +} and the short name of the endpoint by HMAC-SHA256 in base64. The name is the path without account
 * group, {@code /api/pro}, {@code v1} and, before an order or balance, account category; query and body are not signed.
 *
 * <p>Attributes: {@code signingName}, for endpoints whose name does not follow from the path. Confirmed by vectors of a second
 * implementation; that code 0 alone means success is unconfirmed.
 */
public final class AscendEx {
    private static final Pattern LONG_PART =
            Pattern.compile("^(/\\d+)?/api/pro/(v1/((cash|margin|futures)/(?=order|balance$)|spot/(?=fee$))?)?");

    /** The venue. */
    public static final Venue VENUE = Venue.named("ascendex")
            .confirmed(Confirmation.SECOND_IMPLEMENTATION)
            .baseUri("https://ascendex.com")
            .scheme(Scheme.named("ascendex")
                    .contentType(When.method("GET").negate(), "application/json")
                    .emptyBody(When.method("GET").negate(), "{}")
                    .stamp(header("x-auth-timestamp"), millis())
                    .preHash(
                            millis(),
                            literal("+"),
                            when(
                                    When.attribute("signingName"),
                                    attribute("signingName"),
                                    path(path -> LONG_PART.matcher(path).replaceFirst(""))))
                    .hmac(Hash.SHA256, SecretForm.UTF8)
                    .attach(header("x-auth-key"), keyId())
                    .attach(header("x-auth-signature"), base64(signature()))
                    .build())
            .orders(
                    request -> request.method().equals("POST") && request.path().endsWith("/order"),
                    parameter("id"),
                    Dedup.NONE)
            .errorsInOkAnswers("0")
            .errorCodeAt("/code")
            .build();

    private AscendEx() {}
}
