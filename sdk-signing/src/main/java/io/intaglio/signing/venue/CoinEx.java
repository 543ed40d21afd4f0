package io.intaglio.signing.venue;

import static io.intaglio.signing.scheme.Parts.body;
import static io.intaglio.signing.scheme.Parts.hex;
import static io.intaglio.signing.scheme.Parts.keyId;
import static io.intaglio.signing.scheme.Parts.literal;
import static io.intaglio.signing.scheme.Parts.method;
import static io.intaglio.signing.scheme.Parts.millis;
import static io.intaglio.signing.scheme.Parts.path;
import static io.intaglio.signing.scheme.Parts.prefixed;
import static io.intaglio.signing.scheme.Parts.queryFields;
import static io.intaglio.signing.scheme.Parts.signature;
import static io.intaglio.signing.scheme.Places.header;
import static io.intaglio.signing.scheme.Places.jsonField;

import io.intaglio.signing.key.Hash;
import io.intaglio.signing.key.SecretForm;
import io.intaglio.signing.key.SignatureAlgorithm;
import io.intaglio.signing.scheme.Choice;
import io.intaglio.signing.scheme.Scheme;
import io.intaglio.signing.scheme.UrlEncoding;
import io.intaglio.signing.scheme.When;

/**
 * CoinEx v2: the SHA-256 of method + path with the sorted, plain query + JSON body + milliseconds + secret, in hex. This is the older
 * form, without HMAC, which a second implementation uses; docs.coinex.com, "Authentication", now describes HMAC-SHA256 of the same text,
 * keyed with the secret.
 *
 * <p>Attributes: {@code authMethod}, {@code hmac} for the documented form. Source of the error form: docs.coinex.com, "Error Handling".
 * The client order id is unconfirmed. Codes 4002 ("service request timed out") and 4003 ("internal error") leave the outcome unknown.
 */
public final class CoinEx {
    /** The venue. */
    public static final Venue VENUE = Venue.named("coinex")
            .baseUri("https://api.coinex.com")
            .scheme(Choice.otherwise(scheme("coinex", SignatureAlgorithm.suffixedHash(Hash.SHA256, SecretForm.UTF8)))
                    .when(
                            (request, credential) ->
                                    "hmac".equals(request.attributes().get("authMethod")),
                            scheme("coinex, HMAC", SignatureAlgorithm.hmac(Hash.SHA256, SecretForm.UTF8))))
            .orders(
                    request -> request.method().equals("POST")
                            && (request.path().equals("/v2/spot/order")
                                    || request.path().equals("/v2/futures/order")),
                    jsonField("client_id"),
                    Dedup.NONE)
            .errorsInOkAnswers("0")
            .errorCodeAt("/code")
            .errors(Meaning.UNKNOWN_OUTCOME, "4002", "4003")
            .build();

    private static Scheme scheme(String name, SignatureAlgorithm algorithm) {
        return Scheme.named(name)
                .allowAttributes("authMethod")
                .sortParameters()
                .encoding(UrlEncoding.LEGAL)
                .contentType(When.always(), "application/json")
                .emptyBody(When.method("POST"), "{}")
                .stamp(header("Accept"), literal("application/json"))
                .stamp(header("X-COINEX-TIMESTAMP"), millis())
                .preHash(method(), path(), prefixed("?", queryFields().sorted().raw()), body(), millis())
                .algorithm(algorithm)
                .attach(header("X-COINEX-KEY"), keyId())
                .attach(header("X-COINEX-SIGN"), hex(signature()))
                .publicWhen(When.pathStarts("/v2/ping", "/v2/time", "/v2/maintain/"))
                .build();
    }

    private CoinEx() {}
}
