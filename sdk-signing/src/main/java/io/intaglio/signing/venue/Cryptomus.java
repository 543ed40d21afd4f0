package io.intaglio.signing.venue;

import static io.intaglio.signing.scheme.Parts.base64;
import static io.intaglio.signing.scheme.Parts.body;
import static io.intaglio.signing.scheme.Parts.credential;
import static io.intaglio.signing.scheme.Parts.hex;
import static io.intaglio.signing.scheme.Parts.signature;
import static io.intaglio.signing.scheme.Places.header;
import static io.intaglio.signing.scheme.Places.parameter;

import io.intaglio.signing.key.Hash;
import io.intaglio.signing.key.SecretForm;
import io.intaglio.signing.key.SignatureAlgorithm;
import io.intaglio.signing.scheme.Scheme;
import io.intaglio.signing.scheme.When;

/**
 * Cryptomus: MD5 of the base64 text of the JSON body followed by the secret, without HMAC; the query, the path and the time are not signed.
 * The credential needs {@code uid}, the user id, which is sent in place of a key id.
 *
 * <p>Confirmed by vectors of a second implementation; the client order id is unconfirmed.
 */
public final class Cryptomus {
    /** The venue. */
    public static final Venue VENUE = Venue.named("cryptomus")
            .confirmed(Confirmation.SECOND_IMPLEMENTATION)
            .baseUri("https://api.cryptomus.com")
            .scheme(Scheme.named("cryptomus")
                    .emptyBody(When.method("GET").negate(), "{}")
                    .preHash(base64(body()))
                    .algorithm(SignatureAlgorithm.suffixedHash(Hash.MD5, SecretForm.UTF8))
                    .attach(header("userId"), credential("uid"))
                    .attach(header("sign"), hex(signature()))
                    .build())
            .orders(
                    request -> request.method().equals("POST")
                            && request.path().startsWith("/v2/user-api/exchange/orders"),
                    parameter("client_order_id"),
                    Dedup.NONE)
            .build();

    private Cryptomus() {}
}
