package io.intaglio.signing.venue;

import static io.intaglio.signing.scheme.Parts.base64Url;
import static io.intaglio.signing.scheme.Parts.body;
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

import io.intaglio.signing.key.KeyReader;
import io.intaglio.signing.scheme.Scheme;
import io.intaglio.signing.scheme.When;

/**
 * WOOFi Pro and other venues on Orderly: Ed25519 over milliseconds, method, path with the plain sorted query, and body, base64url. The
 * key id is {@code ed25519:} and the public key in base58, the secret is a seed in base58; the credential needs an {@code accountId}.
 *
 * <p>Confirmed by vectors of a second implementation. The query is sent encoded and signed plain.
 */
public final class WoofiPro {
    /** The venue. */
    public static final Venue VENUE = Venue.named("woofipro")
            .confirmed(Confirmation.SECOND_IMPLEMENTATION)
            .baseUri("https://api-evm.orderly.org")
            .scheme(Scheme.named("woofipro")
                    .sortParameters()
                    .contentType(When.method("POST", "PUT"), "application/json")
                    .contentType(When.always(), "application/x-www-form-urlencoded")
                    .emptyBody(When.method("POST", "PUT"), "{}")
                    .emptyBody(When.always(), "")
                    .stamp(header("orderly-account-id"), credential("accountId"))
                    .stamp(header("orderly-timestamp"), millis())
                    .preHash(
                            millis(),
                            method(),
                            path(),
                            prefixed("?", queryFields().sorted().raw()),
                            body())
                    .ed25519(KeyReader.SeedForm.BASE58)
                    .attach(header("orderly-key"), keyId())
                    .attach(header("orderly-signature"), base64Url(signature()))
                    .publicWhen(When.pathStarts("/v1/public/"))
                    .build())
            .orders(
                    request -> request.method().equals("POST") && request.path().equals("/v1/order"),
                    parameter("client_order_id"),
                    Dedup.NONE)
            .errorCodeAt("/code")
            .build();

    private WoofiPro() {}
}
