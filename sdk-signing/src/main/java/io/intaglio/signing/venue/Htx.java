package io.intaglio.signing.venue;

import static io.intaglio.signing.scheme.Parts.base64;
import static io.intaglio.signing.scheme.Parts.host;
import static io.intaglio.signing.scheme.Parts.isoSeconds;
import static io.intaglio.signing.scheme.Parts.keyId;
import static io.intaglio.signing.scheme.Parts.lines;
import static io.intaglio.signing.scheme.Parts.literal;
import static io.intaglio.signing.scheme.Parts.method;
import static io.intaglio.signing.scheme.Parts.path;
import static io.intaglio.signing.scheme.Parts.query;
import static io.intaglio.signing.scheme.Parts.signature;
import static io.intaglio.signing.scheme.Places.param;
import static io.intaglio.signing.scheme.Places.parameter;

import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.key.Hash;
import io.intaglio.signing.key.SecretForm;
import io.intaglio.signing.scheme.Scheme;
import io.intaglio.signing.scheme.When;
import java.time.Duration;

/**
 * HTX: the authentication parameters join the query, which is sorted and signed with method, host and path by HMAC-SHA256; a POST's JSON body
 * is not signed.
 *
 * <p>Confirmed by vectors of a second implementation; error codes are unconfirmed. The documentation has gateway-internal-error, a second
 * implementation has seen timeout ("Request Timeout"): neither says that the request was not passed on.
 */
public final class Htx {
    /** The venue. */
    public static final Venue VENUE = Venue.named("htx")
            .confirmed(Confirmation.SECOND_IMPLEMENTATION)
            .baseUri("https://api.huobi.pro")
            .scheme(Scheme.named("htx")
                    .sortParameters()
                    .contentType(When.method("GET"), "application/x-www-form-urlencoded")
                    .contentType(When.always(), "application/json")
                    .emptyBody(When.method("POST"), "{}")
                    .stamp(param("AccessKeyId"), keyId())
                    .stamp(param("SignatureMethod"), literal("HmacSHA256"))
                    .stamp(param("SignatureVersion"), literal("2"))
                    .stamp(param("Timestamp"), isoSeconds())
                    .preHash(lines(method(), host(), path(), query()))
                    .hmac(Hash.SHA256, SecretForm.UTF8)
                    .attach(param("Signature").last(), base64(signature()))
                    .publicWhen(When.pathStarts("/market/", "/v1/common/", "/v2/reference/"))
                    .build())
            .window(Duration.ofMinutes(5), Duration.ofMinutes(5))
            .time("/v1/common/timestamp", "/data", Duration.ofMillis(1))
            .riskReducing(When.pathEnds(
                    "/submitcancel", "/batchcancel", "/batchCancelOpenOrders", "/submitCancelClientOrder"))
            .orders(
                    request -> request.path().equals("/v1/order/orders/place"),
                    parameter("client-order-id"),
                    Dedup.NONE)
            .errorsInOkAnswers()
            .errorCodeAt("/err-code")
            .errors(Meaning.BAD_SIGNATURE, "api-signature-not-valid")
            .errors(Meaning.CLOCK_SKEW, "api-signature-check-failed")
            .errors(Meaning.UNKNOWN_OUTCOME, "gateway-internal-error", "timeout")
            .limit(Limit.rolling("calls of an endpoint", Limit.Scope.ACCOUNT, 50, Duration.ofSeconds(2))
                    .per(ApiRequest::path)
                    .remaining("X-HB-RateLimit-Requests-Remain"))
            .trades("POST /v1/order/**", "POST /v2/algo-orders/**")
            .withdrawals(
                    Withdrawals.by("* /v1/dw/withdraw/api/create").to("address").tagged("addr-tag"))
            .orderFields(OrderFields.of("symbol", "type", "price", "amount")
                    .limitTypes(
                            "type",
                            "buy-limit",
                            "sell-limit",
                            "buy-ioc",
                            "sell-ioc",
                            "buy-limit-maker",
                            "sell-limit-maker",
                            "buy-limit-fok",
                            "sell-limit-fok")
                    .quotedWhen(request -> FieldPath.text(request, "type").equalsIgnoreCase("buy-market")))
            .build();

    private Htx() {}
}
