package io.intaglio.signing.venue;

import static io.intaglio.signing.scheme.Parts.body;
import static io.intaglio.signing.scheme.Parts.hex;
import static io.intaglio.signing.scheme.Parts.keyId;
import static io.intaglio.signing.scheme.Parts.millis;
import static io.intaglio.signing.scheme.Parts.query;
import static io.intaglio.signing.scheme.Parts.signature;
import static io.intaglio.signing.scheme.Parts.when;
import static io.intaglio.signing.scheme.Places.header;
import static io.intaglio.signing.scheme.Places.jsonField;
import static io.intaglio.signing.scheme.Places.param;
import static io.intaglio.signing.scheme.Places.parameter;

import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.key.Hash;
import io.intaglio.signing.key.SecretForm;
import io.intaglio.signing.scheme.Scheme;
import io.intaglio.signing.scheme.When;
import java.util.function.Predicate;

/**
 * ZebPay: HMAC-SHA256 over the encoded query or over the JSON body, the time as last member, hex. The query is used by GET and, on spot
 * ({@code /api/v2/} paths), by DELETE.
 *
 * <p>Confirmed by vectors of a second implementation.
 */
public final class ZebPay {
    private static final Predicate<ApiRequest> IN_QUERY =
            When.method("GET").or(When.method("DELETE").and(When.pathStarts("/api/v2/")));

    /** The venue. */
    public static final Venue VENUE = Venue.named("zebpay")
            .confirmed(Confirmation.SECOND_IMPLEMENTATION)
            .baseUri("https://sapi.zebpay.com")
            .scheme(Scheme.named("zebpay")
                    .contentType(When.always(), "application/json")
                    .stamp(IN_QUERY, param("timestamp"), millis())
                    .stamp(IN_QUERY.negate(), jsonField("timestamp"), millis())
                    .preHash(when(IN_QUERY, query(), body()))
                    .hmac(Hash.SHA256, SecretForm.UTF8)
                    .attach(header("X-AUTH-APIKEY"), keyId())
                    .attach(header("X-AUTH-SIGNATURE"), hex(signature()))
                    .publicWhen(When.pathStarts("/api/v2/market/", "/api/v2/system/"))
                    .build())
            .orders(
                    request -> request.method().equals("POST") && request.path().equals("/api/v2/ex/orders"),
                    parameter("clientOrderId"),
                    Dedup.NONE)
            .build();

    private ZebPay() {}
}
