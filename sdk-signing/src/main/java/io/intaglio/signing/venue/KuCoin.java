package io.intaglio.signing.venue;

import static io.intaglio.signing.scheme.Parts.base64;
import static io.intaglio.signing.scheme.Parts.body;
import static io.intaglio.signing.scheme.Parts.credential;
import static io.intaglio.signing.scheme.Parts.keyId;
import static io.intaglio.signing.scheme.Parts.method;
import static io.intaglio.signing.scheme.Parts.millis;
import static io.intaglio.signing.scheme.Parts.path;
import static io.intaglio.signing.scheme.Parts.prefixed;
import static io.intaglio.signing.scheme.Parts.queryFields;
import static io.intaglio.signing.scheme.Parts.signature;
import static io.intaglio.signing.scheme.Parts.signed;
import static io.intaglio.signing.scheme.Places.header;
import static io.intaglio.signing.scheme.Places.parameter;

import io.intaglio.signing.key.Hash;
import io.intaglio.signing.key.SecretForm;
import io.intaglio.signing.scheme.Scheme;
import io.intaglio.signing.scheme.UrlEncoding;
import io.intaglio.signing.scheme.When;
import java.time.Duration;

/**
 * KuCoin spot and margin: HMAC-SHA256 over milliseconds, method, path with the query before encoding, and body, base64; the passphrase is
 * signed by the same key. The credential needs a {@code passphrase}, and {@code keyVersion} when the key's version is not 2.
 *
 * <p>Source: kucoin.com/docs-new, "Authentication", and its error codes; a timestamp may be 5 s off. Errors may come with HTTP 200, and
 * 500000 ("internal server error") leaves the outcome unknown.
 */
public final class KuCoin {
    /** The venue. */
    public static final Venue VENUE = Venue.named("kucoin")
            .confirmed(Confirmation.SECOND_IMPLEMENTATION)
            .baseUri("https://api.kucoin.com")
            .scheme(scheme("kucoin"))
            .window(Duration.ofSeconds(5), Duration.ofSeconds(5))
            .time("/api/v1/timestamp", "/data", Duration.ofMillis(1))
            .riskReducing(When.method("DELETE")
                    .and(When.pathStarts(
                            "/api/v1/orders",
                            "/api/v1/order/",
                            "/api/v1/hf/orders",
                            "/api/v1/stop-order",
                            "/api/v3/hf/margin/orders")))
            .orders(
                    request -> request.method().equals("POST")
                            && (request.path().equals("/api/v1/hf/orders")
                                    || request.path().equals("/api/v1/orders")),
                    parameter("clientOid"),
                    Dedup.NONE)
            .errorsInOkAnswers("200000")
            .errorCodeAt("/code")
            .errors(Meaning.CLOCK_SKEW, "400002")
            .errors(Meaning.BAD_KEY, "400001", "400003", "400004", "400006", "400007")
            .errors(Meaning.BAD_SIGNATURE, "400005")
            .errors(Meaning.THROTTLED, "429000")
            .errors(Meaning.UNKNOWN_OUTCOME, "500000")
            .limit(Limit.rolling("pool", Limit.Scope.ACCOUNT, 4000, Duration.ofSeconds(30))
                    .costing(request -> 2)
                    .capacityIn("gw-ratelimit-limit")
                    .remaining("gw-ratelimit-remaining")
                    .breach("429000"))
            .trades(
                    "POST /api/v1/orders/**",
                    "POST /api/v1/hf/orders/**",
                    "POST /api/v1/stop-order/**",
                    "POST /api/v3/hf/margin/**")
            .withdrawals(Withdrawals.by("POST /api/v1/withdrawals", "POST /api/v3/withdrawals")
                    .to("address", "toAddress")
                    .tagged("memo"))
            .orderFields(OrderFields.of("symbol", "side", "price", "size")
                    .limitTypes("type", "limit", "")
                    .quoteQuantity("funds"))
            .build();

    private KuCoin() {}

    /** The rule, which the futures API shares. What a query may hold is sent unescaped, as the venue's own examples do. */
    static Scheme scheme(String name) {
        return Scheme.named(name)
                .encoding(UrlEncoding.STRICT.keeping("!$'()*,;:@/?="))
                .emptyBody(When.always(), "")
                .stamp(header("KC-API-TIMESTAMP"), millis())
                .preHash(millis(), method(), path(), prefixed("?", queryFields().raw()), body())
                .hmac(Hash.SHA256, SecretForm.UTF8)
                .attach(header("KC-API-KEY"), keyId())
                .attach(header("KC-API-SIGN"), base64(signature()))
                .attach(header("KC-API-PASSPHRASE"), base64(signed(credential("passphrase"))))
                .attach(header("KC-API-KEY-VERSION"), credential("keyVersion", "2"))
                .publicWhen(When.pathStarts("/api/v1/timestamp", "/api/v1/market/", "/api/v1/bullet-public"))
                .build();
    }
}
