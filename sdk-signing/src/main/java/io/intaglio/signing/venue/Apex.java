package io.intaglio.signing.venue;

import static io.intaglio.signing.scheme.Parts.base64;
import static io.intaglio.signing.scheme.Parts.body;
import static io.intaglio.signing.scheme.Parts.bodyFields;
import static io.intaglio.signing.scheme.Parts.credential;
import static io.intaglio.signing.scheme.Parts.keyId;
import static io.intaglio.signing.scheme.Parts.method;
import static io.intaglio.signing.scheme.Parts.millis;
import static io.intaglio.signing.scheme.Parts.path;
import static io.intaglio.signing.scheme.Parts.prefixed;
import static io.intaglio.signing.scheme.Parts.queryFields;
import static io.intaglio.signing.scheme.Parts.signature;
import static io.intaglio.signing.scheme.Places.header;
import static io.intaglio.signing.scheme.Places.parameter;

import io.intaglio.signing.key.Hash;
import io.intaglio.signing.key.SecretForm;
import io.intaglio.signing.scheme.Places;
import io.intaglio.signing.scheme.Scheme;
import io.intaglio.signing.scheme.UrlEncoding;
import io.intaglio.signing.scheme.When;

/**
 * ApeX Omni: milliseconds + method + path with the plain query + the plain form, sorted, by HMAC-SHA256 in base64; the key is the base64
 * text of the secret. The form is sent as it is signed, not encoded, but for {@code &}, {@code %} and {@code +}, which would change it on
 * the way. The credential needs a {@code passphrase}.
 *
 * <p>Confirmed by vectors of a second implementation; the client order id is unconfirmed.
 */
public final class Apex {
    private static final UrlEncoding PLAIN = UrlEncoding.NONE.escaping("&%+");

    /** The venue. */
    public static final Venue VENUE = Venue.named("apex")
            .confirmed(Confirmation.SECOND_IMPLEMENTATION)
            .baseUri("https://omni.apex.exchange")
            .scheme(Scheme.named("apex")
                    .encoding(UrlEncoding.LEGAL)
                    .contentType(When.always(), "application/x-www-form-urlencoded")
                    .stamp(header("APEX-TIMESTAMP"), millis())
                    .stamp(
                            When.form(),
                            Places.body("application/x-www-form-urlencoded"),
                            bodyFields().sorted().encoded(PLAIN))
                    .preHash(
                            millis(),
                            method(),
                            path(),
                            prefixed("?", queryFields().raw()),
                            body())
                    .hmac(Hash.SHA256, SecretForm.BASE64_OF_TEXT)
                    .attach(header("APEX-SIGNATURE"), base64(signature()))
                    .attach(header("APEX-API-KEY"), keyId())
                    .attach(header("APEX-PASSPHRASE"), credential("passphrase"))
                    .build())
            .orders(
                    request -> request.method().equals("POST") && request.path().equals("/api/v3/order"),
                    parameter("clientOrderId"),
                    Dedup.NONE)
            .errorCodeAt("/code")
            .build();

    private Apex() {}
}
