package io.intaglio.signing.venue;

import static io.intaglio.signing.scheme.Parts.attribute;
import static io.intaglio.signing.scheme.Parts.body;
import static io.intaglio.signing.scheme.Parts.concat;
import static io.intaglio.signing.scheme.Parts.hex;
import static io.intaglio.signing.scheme.Parts.keyId;
import static io.intaglio.signing.scheme.Parts.millis;
import static io.intaglio.signing.scheme.Parts.nonce;
import static io.intaglio.signing.scheme.Parts.pathAndQuery;
import static io.intaglio.signing.scheme.Parts.signature;
import static io.intaglio.signing.scheme.Parts.when;
import static io.intaglio.signing.scheme.Places.header;

import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.key.Hash;
import io.intaglio.signing.key.SecretForm;
import io.intaglio.signing.scheme.Scheme;
import io.intaglio.signing.scheme.When;
import java.time.Duration;
import java.util.function.Predicate;

/**
 * bitbank: milliseconds + window + the body of a POST, or path with query of a GET, by HMAC-SHA256 in hex. Neither the method nor a POST's
 * path is signed.
 *
 * <p>Attributes: {@code timeWindow}, milliseconds, 5000 unless given; {@code authMethod}, {@code nonce} for a rising nonce in the place of
 * time and window (the moment must then have one). Confirmed by vectors of a second implementation; error codes are unconfirmed, but those that
 * leave the outcome unknown, of bitbank-api-docs, errors.md: 10005 ("timeout waiting for response") and those called "system error".
 */
public final class Bitbank {
    private static final Predicate<ApiRequest> BY_NONCE =
            request -> "nonce".equals(request.attributes().get("authMethod"));

    /** The venue. */
    public static final Venue VENUE = Venue.named("bitbank")
            .confirmed(Confirmation.SECOND_IMPLEMENTATION)
            .baseUri("https://api.bitbank.cc")
            .scheme(Scheme.named("bitbank")
                    .allowAttributes("authMethod", "timeWindow")
                    .contentType(When.always(), "application/json")
                    .emptyBody(When.method("POST"), "{}")
                    .stamp(BY_NONCE, header("ACCESS-NONCE"), nonce())
                    .stamp(BY_NONCE.negate(), header("ACCESS-REQUEST-TIME"), millis())
                    .stamp(BY_NONCE.negate(), header("ACCESS-TIME-WINDOW"), attribute("timeWindow", "5000"))
                    .preHash(
                            when(BY_NONCE, nonce(), concat(millis(), attribute("timeWindow", "5000"))),
                            when(When.method("POST"), body(), pathAndQuery()))
                    .hmac(Hash.SHA256, SecretForm.UTF8)
                    .attach(header("ACCESS-KEY"), keyId())
                    .attach(header("ACCESS-SIGNATURE"), hex(signature()))
                    .build())
            .window(Duration.ofSeconds(5), Duration.ofSeconds(5))
            .errorsInOkAnswers()
            .errorCodeAt("/data/code")
            .errors(Meaning.THROTTLED, "10009")
            .errors(Meaning.BAD_KEY, "20001", "20002", "20003")
            .errors(Meaning.UNKNOWN_OUTCOME, "10001", "10003", "10005", "70001", "70002", "70003", "70012")
            .build();

    private Bitbank() {}
}
