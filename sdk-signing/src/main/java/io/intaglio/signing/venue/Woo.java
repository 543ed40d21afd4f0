package io.intaglio.signing.venue;

import static io.intaglio.signing.scheme.Parts.body;
import static io.intaglio.signing.scheme.Parts.concat;
import static io.intaglio.signing.scheme.Parts.hex;
import static io.intaglio.signing.scheme.Parts.keyId;
import static io.intaglio.signing.scheme.Parts.literal;
import static io.intaglio.signing.scheme.Parts.method;
import static io.intaglio.signing.scheme.Parts.millis;
import static io.intaglio.signing.scheme.Parts.pathAndQuery;
import static io.intaglio.signing.scheme.Parts.query;
import static io.intaglio.signing.scheme.Parts.signature;
import static io.intaglio.signing.scheme.Parts.when;
import static io.intaglio.signing.scheme.Places.header;
import static io.intaglio.signing.scheme.Places.parameter;

import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.key.Hash;
import io.intaglio.signing.key.SecretForm;
import io.intaglio.signing.scheme.Scheme;
import io.intaglio.signing.scheme.When;
import java.util.function.Predicate;

/**
 * WOO X: HMAC-SHA256, hex. On {@code /v1} paths over the sorted parameters, a bar and the time; on {@code /v3} paths over time, method,
 * path with sorted query, and body. All but GET send {@code /v1} parameters in a form.
 *
 * <p>Confirmed by vectors of a second implementation. That source sorts the members of a JSON body too; here they go out as given.
 */
public final class Woo {
    private static final Predicate<ApiRequest> V3 = When.pathStarts("/v3/");

    /** The venue. */
    public static final Venue VENUE = Venue.named("woo")
            .confirmed(Confirmation.SECOND_IMPLEMENTATION)
            .baseUri("https://api.woox.io")
            .scheme(Scheme.named("woo")
                    .sortParameters()
                    .contentType(V3.negate(), "application/x-www-form-urlencoded")
                    .contentType(V3.and(When.method("POST", "PUT")), "application/json")
                    .emptyBody(V3.and(When.method("POST", "PUT")), "{}")
                    .emptyBody(When.always(), "")
                    .stamp(header("x-api-timestamp"), millis())
                    .preHash(when(
                            V3,
                            concat(millis(), method(), pathAndQuery(), body()),
                            concat(query(), body(), literal("|"), millis())))
                    .hmac(Hash.SHA256, SecretForm.UTF8)
                    .attach(header("x-api-key"), keyId())
                    .attach(header("x-api-signature"), hex(signature()))
                    .publicWhen(When.pathStarts("/v1/public/", "/v3/public/"))
                    .build())
            .orders(
                    request -> request.method().equals("POST") && request.path().equals("/v1/order"),
                    parameter("client_order_id"),
                    Dedup.NONE)
            .errorCodeAt("/code")
            .build();

    private Woo() {}
}
