package io.intaglio.signing.venue;

import static io.intaglio.signing.scheme.Parts.allFields;
import static io.intaglio.signing.scheme.Parts.base64;
import static io.intaglio.signing.scheme.Parts.base64Url;
import static io.intaglio.signing.scheme.Parts.body;
import static io.intaglio.signing.scheme.Parts.concat;
import static io.intaglio.signing.scheme.Parts.hex;
import static io.intaglio.signing.scheme.Parts.join;
import static io.intaglio.signing.scheme.Parts.json;
import static io.intaglio.signing.scheme.Parts.jwt;
import static io.intaglio.signing.scheme.Parts.keyId;
import static io.intaglio.signing.scheme.Parts.literal;
import static io.intaglio.signing.scheme.Parts.millis;
import static io.intaglio.signing.scheme.Parts.nonce;
import static io.intaglio.signing.scheme.Parts.path;
import static io.intaglio.signing.scheme.Parts.preHash;
import static io.intaglio.signing.scheme.Parts.sha512;
import static io.intaglio.signing.scheme.Parts.signature;
import static io.intaglio.signing.scheme.Places.formField;
import static io.intaglio.signing.scheme.Places.header;

import io.intaglio.signing.SigningScheme;
import io.intaglio.signing.key.Hash;
import io.intaglio.signing.key.SecretForm;
import io.intaglio.signing.scheme.Choice;
import io.intaglio.signing.scheme.Member;
import io.intaglio.signing.scheme.Params;
import io.intaglio.signing.scheme.Scheme;
import io.intaglio.signing.scheme.UrlEncoding;
import io.intaglio.signing.scheme.When;

/**
 * Bithumb: a JWT for every request, HS256, with a UUID as nonce and the SHA-512 of the encoded parameters. Paths other than {@code /v1/}
 * and {@code /v2/} are the old API: path, form and milliseconds, joined by NUL, by HMAC-SHA512, its hex text in base64.
 *
 * <p>Source of the error names: apidocs.bithumb.com; the rest is confirmed by vectors of a second implementation.
 */
public final class Bithumb {
    private static final SigningScheme TOKEN = Scheme.named("bithumb")
            .encoding(UrlEncoding.STRICT.withPlainNames())
            .contentType(When.method("POST"), "application/json")
            .preHash(jwt(
                    json(Member.text("alg", "HS256"), Member.text("typ", "JWT")),
                    json(
                            Member.text("access_key", keyId()),
                            Member.text("nonce", nonce()),
                            Member.value("timestamp", millis()),
                            Member.text(
                                            "query_hash",
                                            hex(sha512(allFields()
                                                    .encoded(UrlEncoding.STRICT.withPlainNames())
                                                    .lists(Params.Lists.BRACKETS))))
                                    .when(When.query().or(When.body())),
                            Member.text("query_hash_alg", "SHA512")
                                    .when(When.query().or(When.body())))))
            .hmac(Hash.SHA256, SecretForm.UTF8)
            .attach(header("Accept"), literal("application/json"))
            .attach(header("Authorization"), join(".", concat(literal("Bearer "), preHash()), base64Url(signature())))
            .publicWhen(When.pathStarts("/v1/market/", "/v1/ticker", "/v1/orderbook", "/v1/trades/", "/v1/candles/"))
            .build();

    private static final SigningScheme OLD = Scheme.named("bithumb, old")
            .encoding(UrlEncoding.FORM)
            .contentType(When.always(), "application/x-www-form-urlencoded")
            .stamp(header("Accept"), literal("application/json"))
            .stamp(formField("endpoint").first(), path())
            .stamp(header("Api-Nonce"), millis())
            .preHash(join("\0", path(), body(), millis()))
            .hmac(Hash.SHA512, SecretForm.UTF8)
            .attach(header("Api-Key"), keyId())
            .attach(header("Api-Sign"), base64(hex(signature())))
            .publicWhen(When.pathStarts("/public/"))
            .build();

    /** The venue. */
    public static final Venue VENUE = Venue.named("bithumb")
            .confirmed(Confirmation.SECOND_IMPLEMENTATION)
            .baseUri("https://api.bithumb.com")
            .scheme(Choice.otherwise(OLD)
                    .when(
                            (request, credential) -> request.path().startsWith("/v1/")
                                    || request.path().startsWith("/v2/"),
                            TOKEN))
            .nonce(NonceRule.UUID)
            .errorCodeAt("/error/name")
            .errors(Meaning.CLOCK_SKEW, "expired_jwt")
            .errors(Meaning.BAD_SIGNATURE, "jwt_verification", "invalid_query_payload")
            .errors(Meaning.BAD_KEY, "NotAllowIP", "out_of_scope")
            .build();

    private Bithumb() {}
}
