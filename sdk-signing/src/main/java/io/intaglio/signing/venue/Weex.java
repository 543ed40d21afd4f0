package io.intaglio.signing.venue;

import static io.intaglio.signing.scheme.Parts.base64;
import static io.intaglio.signing.scheme.Parts.body;
import static io.intaglio.signing.scheme.Parts.credential;
import static io.intaglio.signing.scheme.Parts.keyId;
import static io.intaglio.signing.scheme.Parts.method;
import static io.intaglio.signing.scheme.Parts.millis;
import static io.intaglio.signing.scheme.Parts.pathAndQuery;
import static io.intaglio.signing.scheme.Parts.signature;
import static io.intaglio.signing.scheme.Places.header;
import static io.intaglio.signing.scheme.Places.parameter;

import io.intaglio.signing.key.Hash;
import io.intaglio.signing.key.SecretForm;
import io.intaglio.signing.scheme.Scheme;
import io.intaglio.signing.scheme.When;

/**
 * WEEX: HMAC-SHA256 over milliseconds + method + path with query + body, base64. The credential needs a {@code passphrase}.
 *
 * <p>Confirmed by vectors of a second implementation.
 */
public final class Weex {
    /** The venue. */
    public static final Venue VENUE = Venue.named("weex")
            .confirmed(Confirmation.SECOND_IMPLEMENTATION)
            .baseUri("https://api-spot.weex.com")
            .scheme(Scheme.named("weex")
                    .contentType(When.method("POST", "PUT", "DELETE"), "application/json")
                    .emptyBody(When.method("POST", "PUT"), "{}")
                    .emptyBody(When.always(), "")
                    .stamp(header("ACCESS-TIMESTAMP"), millis())
                    .preHash(millis(), method(), pathAndQuery(), body())
                    .hmac(Hash.SHA256, SecretForm.UTF8)
                    .attach(header("ACCESS-KEY"), keyId())
                    .attach(header("ACCESS-SIGN"), base64(signature()))
                    .attach(header("ACCESS-PASSPHRASE"), credential("passphrase"))
                    .build())
            .orders(
                    request -> request.method().equals("POST") && request.path().equals("/api/v3/order"),
                    parameter("newClientOrderId"),
                    Dedup.NONE)
            .errorCodeAt("/code")
            .build();

    private Weex() {}
}
