package io.intaglio.signing.venue;

import static io.intaglio.signing.scheme.Parts.base64Url;
import static io.intaglio.signing.scheme.Parts.concat;
import static io.intaglio.signing.scheme.Parts.join;
import static io.intaglio.signing.scheme.Parts.json;
import static io.intaglio.signing.scheme.Parts.jwt;
import static io.intaglio.signing.scheme.Parts.keyId;
import static io.intaglio.signing.scheme.Parts.literal;
import static io.intaglio.signing.scheme.Parts.nonce;
import static io.intaglio.signing.scheme.Parts.preHash;
import static io.intaglio.signing.scheme.Parts.signature;
import static io.intaglio.signing.scheme.Places.header;
import static io.intaglio.signing.scheme.Places.parameter;

import io.intaglio.signing.key.Hash;
import io.intaglio.signing.key.SecretForm;
import io.intaglio.signing.scheme.Member;
import io.intaglio.signing.scheme.Scheme;
import io.intaglio.signing.scheme.When;

/**
 * BigONE: a JWT for every request, HS256, with key id and nonce; the request itself is not signed.
 *
 * <p>Confirmed by vectors of a second implementation; the client order id is unconfirmed.
 */
public final class BigOne {
    /** The venue. */
    public static final Venue VENUE = Venue.named("bigone")
            .confirmed(Confirmation.SECOND_IMPLEMENTATION)
            .baseUri("https://big.one")
            .scheme(Scheme.named("bigone")
                    .contentType(When.method("POST"), "application/json")
                    .emptyBody(When.method("POST"), "{}")
                    .preHash(jwt(
                            json(Member.text("alg", "HS256"), Member.text("typ", "JWT")),
                            json(
                                    Member.text("type", "OpenAPIV2"),
                                    Member.text("sub", keyId()),
                                    Member.text("nonce", nonce()))))
                    .hmac(Hash.SHA256, SecretForm.UTF8)
                    .attach(
                            header("Authorization"),
                            join(".", concat(literal("Bearer "), preHash()), base64Url(signature())))
                    .publicWhen(When.pathStarts("/api/v3/ping", "/api/v3/asset_pairs"))
                    .build())
            .nonce(NonceRule.INCREASING_NANOS)
            .orders(
                    request -> request.method().equals("POST") && request.path().equals("/api/v3/viewer/orders"),
                    parameter("client_order_id"),
                    Dedup.NONE)
            .errorCodeAt("/code")
            .build();

    private BigOne() {}
}
