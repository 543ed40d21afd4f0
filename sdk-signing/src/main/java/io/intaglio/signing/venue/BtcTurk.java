package io.intaglio.signing.venue;

import static io.intaglio.signing.scheme.Parts.base64;
import static io.intaglio.signing.scheme.Parts.keyId;
import static io.intaglio.signing.scheme.Parts.millis;
import static io.intaglio.signing.scheme.Parts.signature;
import static io.intaglio.signing.scheme.Places.header;
import static io.intaglio.signing.scheme.Places.jsonField;

import io.intaglio.signing.key.Hash;
import io.intaglio.signing.key.SecretForm;
import io.intaglio.signing.scheme.Scheme;
import io.intaglio.signing.scheme.When;

/**
 * BtcTurk: key id + milliseconds by HMAC-SHA256 with the base64-decoded secret, in base64; the request itself is not signed.
 *
 * <p>Confirmed by vectors of a second implementation; the client order id is unconfirmed.
 */
public final class BtcTurk {
    /** The venue. */
    public static final Venue VENUE = Venue.named("btcturk")
            .confirmed(Confirmation.SECOND_IMPLEMENTATION)
            .baseUri("https://api.btcturk.com")
            .scheme(Scheme.named("btcturk")
                    .contentType(When.always(), "application/json")
                    .emptyBody(When.method("POST"), "{}")
                    .stamp(header("X-Stamp"), millis())
                    .preHash(keyId(), millis())
                    .hmac(Hash.SHA256, SecretForm.BASE64)
                    .attach(header("X-PCK"), keyId())
                    .attach(header("X-Signature"), base64(signature()))
                    .publicWhen(When.pathStarts("/api/v2/"))
                    .build())
            .orders(
                    request -> request.method().equals("POST") && request.path().equals("/api/v1/order"),
                    jsonField("newOrderClientId"),
                    Dedup.NONE)
            .errorCodeAt("/code")
            .build();

    private BtcTurk() {}
}
