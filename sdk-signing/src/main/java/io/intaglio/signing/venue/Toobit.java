package io.intaglio.signing.venue;

import static io.intaglio.signing.scheme.Parts.attribute;
import static io.intaglio.signing.scheme.Parts.body;
import static io.intaglio.signing.scheme.Parts.hex;
import static io.intaglio.signing.scheme.Parts.keyId;
import static io.intaglio.signing.scheme.Parts.millis;
import static io.intaglio.signing.scheme.Parts.query;
import static io.intaglio.signing.scheme.Parts.signature;
import static io.intaglio.signing.scheme.Places.formField;
import static io.intaglio.signing.scheme.Places.header;
import static io.intaglio.signing.scheme.Places.param;
import static io.intaglio.signing.scheme.Places.parameter;

import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.key.Hash;
import io.intaglio.signing.key.SecretForm;
import io.intaglio.signing.scheme.Scheme;
import io.intaglio.signing.scheme.When;
import java.time.Duration;
import java.util.function.Predicate;

/**
 * Toobit: the parameters as sent, receive window and time last, signed by HMAC-SHA256, hex; the signature is the last parameter. They
 * go in the query of a GET and in the form of all other calls. Of a JSON array the text is signed, followed by the query.
 *
 * <p>Attributes: {@code recvWindow}, milliseconds, 5000 unless given. Confirmed by vectors of a second implementation.
 */
public final class Toobit {
    private static final Predicate<ApiRequest> IN_QUERY = When.method("GET").or(When.jsonArray());

    /** The venue. */
    public static final Venue VENUE = Venue.named("toobit")
            .confirmed(Confirmation.SECOND_IMPLEMENTATION)
            .baseUri("https://api.toobit.com")
            .scheme(Scheme.named("toobit")
                    .contentType(When.always(), "application/x-www-form-urlencoded")
                    .stamp(IN_QUERY, param("recvWindow"), attribute("recvWindow", "5000"))
                    .stamp(IN_QUERY, param("timestamp"), millis())
                    .stamp(IN_QUERY.negate(), formField("recvWindow"), attribute("recvWindow", "5000"))
                    .stamp(IN_QUERY.negate(), formField("timestamp"), millis())
                    .preHash(body(), query())
                    .hmac(Hash.SHA256, SecretForm.UTF8)
                    .attach(IN_QUERY, param("signature"), hex(signature()))
                    .attach(IN_QUERY.negate(), formField("signature"), hex(signature()))
                    .attach(header("X-BB-APIKEY"), keyId())
                    .publicWhen(When.pathStarts("/quote/v1/", "/api/v1/time", "/api/v1/exchangeInfo"))
                    .build())
            .time("/api/v1/time", "/serverTime", Duration.ofMillis(1))
            .orders(
                    request -> request.method().equals("POST") && request.path().equals("/api/v1/spot/order"),
                    parameter("newClientOrderId"),
                    Dedup.NONE)
            .errorCodeAt("/code")
            .build();

    private Toobit() {}
}
