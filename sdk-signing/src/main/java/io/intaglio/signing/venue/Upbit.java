package io.intaglio.signing.venue;

import static io.intaglio.signing.scheme.Parts.allFields;
import static io.intaglio.signing.scheme.Parts.base64Url;
import static io.intaglio.signing.scheme.Parts.concat;
import static io.intaglio.signing.scheme.Parts.hex;
import static io.intaglio.signing.scheme.Parts.join;
import static io.intaglio.signing.scheme.Parts.json;
import static io.intaglio.signing.scheme.Parts.jwt;
import static io.intaglio.signing.scheme.Parts.keyId;
import static io.intaglio.signing.scheme.Parts.literal;
import static io.intaglio.signing.scheme.Parts.nonce;
import static io.intaglio.signing.scheme.Parts.preHash;
import static io.intaglio.signing.scheme.Parts.sha512;
import static io.intaglio.signing.scheme.Parts.signature;
import static io.intaglio.signing.scheme.Places.header;
import static io.intaglio.signing.scheme.Places.parameter;

import io.intaglio.signing.key.Hash;
import io.intaglio.signing.key.SecretForm;
import io.intaglio.signing.scheme.Member;
import io.intaglio.signing.scheme.Scheme;
import io.intaglio.signing.scheme.When;

/**
 * Upbit: a JWT for every request, HS256, with a UUID as nonce and the SHA-512 of the plain parameters; the members of a JSON body are hashed
 * as if they were a query string.
 *
 * <p>Confirmed by vectors of a second implementation.
 */
public final class Upbit {
    /** The venue. */
    public static final Venue VENUE = Venue.named("upbit")
            .confirmed(Confirmation.SECOND_IMPLEMENTATION)
            .baseUri("https://api.upbit.com")
            .scheme(Scheme.named("upbit")
                    .preHash(jwt(
                            json(Member.text("alg", "HS256"), Member.text("typ", "JWT")),
                            json(
                                    Member.text("access_key", keyId()),
                                    Member.text("nonce", nonce()),
                                    Member.text(
                                                    "query_hash",
                                                    hex(sha512(allFields().raw())))
                                            .when(When.query().or(When.body())),
                                    Member.text("query_hash_alg", "SHA512")
                                            .when(When.query().or(When.body())))))
                    .hmac(Hash.SHA256, SecretForm.UTF8)
                    .attach(
                            header("Authorization"),
                            join(".", concat(literal("Bearer "), preHash()), base64Url(signature())))
                    .build())
            .nonce(NonceRule.UUID)
            .riskReducing(When.method("DELETE").and(When.pathStarts("/v1/order")))
            .orders(
                    request -> request.method().equals("POST") && request.path().equals("/v1/orders"),
                    parameter("identifier"),
                    Dedup.NONE)
            .errorCodeAt("/error/name")
            .errors(Meaning.THROTTLED, "too_many_requests")
            .errors(Meaning.BAD_NONCE, "nonce_used")
            .errors(Meaning.BAD_SIGNATURE, "jwt_verification", "invalid_query_payload")
            .errors(Meaning.BAD_KEY, "invalid_access_key", "expired_access_key", "no_authorization_i_p")
            .build();

    private Upbit() {}
}
