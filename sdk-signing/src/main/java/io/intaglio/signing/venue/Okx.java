package io.intaglio.signing.venue;

import static io.intaglio.signing.scheme.Parts.base64;
import static io.intaglio.signing.scheme.Parts.body;
import static io.intaglio.signing.scheme.Parts.credential;
import static io.intaglio.signing.scheme.Parts.isoMillis;
import static io.intaglio.signing.scheme.Parts.keyId;
import static io.intaglio.signing.scheme.Parts.literal;
import static io.intaglio.signing.scheme.Parts.method;
import static io.intaglio.signing.scheme.Parts.pathAndQuery;
import static io.intaglio.signing.scheme.Parts.seconds;
import static io.intaglio.signing.scheme.Parts.signature;
import static io.intaglio.signing.scheme.Places.header;
import static io.intaglio.signing.scheme.Places.jsonField;
import static io.intaglio.signing.scheme.Places.parameter;

import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.key.Hash;
import io.intaglio.signing.key.SecretForm;
import io.intaglio.signing.scheme.Frame;
import io.intaglio.signing.scheme.Scheme;
import io.intaglio.signing.scheme.When;
import java.time.Duration;
import java.util.List;

/**
 * OKX: HMAC-SHA256 over ISO time + method + path with query + body, base64. The credential needs a {@code passphrase}.
 *
 * <p>WebSocket log-on: whole seconds, not milliseconds, and the fixed path {@code /users/self/verify}.
 *
 * <p>Source: OKX v5 documentation, "Making requests". Codes come in the body; 50011 with HTTP 429 is confirmed, 50102 (expired after 30 s) is
 * not. By its "Error Code", 50004 is a timeout that "does not mean that the request was successful or failed", with HTTP 400, and 50026 a system
 * error; both leave the outcome unknown. "Incomplete orders that have been canceled are only reserved for 2 hours" ("Order history"), and it is not said
 * that none of them was executed in part.
 */
public final class Okx {
    private static final Frame WEB_SOCKET = Frame.operation(
            "login",
            Scheme.named("okx, WebSocket")
                    .attach(jsonField("apiKey"), keyId())
                    .attach(jsonField("passphrase"), credential("passphrase"))
                    .attach(jsonField("timestamp"), seconds())
                    .preHash(seconds(), literal("GET/users/self/verify"))
                    .hmac(Hash.SHA256, SecretForm.UTF8)
                    .attach(jsonField("sign"), base64(signature()))
                    .build());

    /** The venue. */
    public static final Venue VENUE = Venue.named("okx")
            .confirmed(Confirmation.OFFICIAL)
            .baseUri("https://www.okx.com")
            .scheme(Scheme.named("okx")
                    .contentType(request -> !request.method().equals("GET"), "application/json")
                    .emptyBody(When.always(), "")
                    .stamp(header("OK-ACCESS-TIMESTAMP"), isoMillis())
                    .preHash(isoMillis(), method(), pathAndQuery(), body())
                    .hmac(Hash.SHA256, SecretForm.UTF8)
                    .attach(header("OK-ACCESS-KEY"), keyId())
                    .attach(header("OK-ACCESS-SIGN"), base64(signature()))
                    .attach(header("OK-ACCESS-PASSPHRASE"), credential("passphrase"))
                    .publicWhen(When.pathStarts("/api/v5/public/", "/api/v5/market/"))
                    .build())
            .window(Duration.ofSeconds(30), Duration.ofSeconds(30))
            .time("/api/v5/public/time", "/data/0/ts", Duration.ofMillis(1))
            .riskReducing(When.pathStarts(
                    "/api/v5/trade/cancel-", "/api/v5/trade/mass-cancel", "/api/v5/trade/close-position"))
            .orders(
                    request -> request.path().equals("/api/v5/trade/order")
                            && request.method().equals("POST"),
                    parameter("clOrdId"),
                    Dedup.NONE)
            .errorsInOkAnswers("0")
            .errorCodeAt("/data/0/sCode")
            .errorCodeAt("/code")
            .errors(Meaning.THROTTLED, "50011", "50061")
            .errors(Meaning.CLOCK_SKEW, "50102", "50112")
            .errors(Meaning.BAD_SIGNATURE, "50113")
            .errors(Meaning.BAD_KEY, "50103", "50104", "50105", "50106", "50107", "50111")
            .errors(Meaning.DUPLICATE, "51016")
            .errors(Meaning.UNKNOWN_OUTCOME, "50004", "50026")
            .webSocket(WEB_SOCKET)
            .limit(Limit.rolling("orders of an instrument", Limit.Scope.ACCOUNT, 60, Duration.ofSeconds(2))
                    .counting(request ->
                            request.method().equals("POST") && request.path().equals("/api/v5/trade/order"))
                    .per(request -> request.value("instId").orElse(""))
                    .breach("50011"))
            .limit(Limit.rolling("orders of an account", Limit.Scope.ACCOUNT, 1000, Duration.ofSeconds(2))
                    .counting(request -> request.method().equals("POST")
                            && (request.path().equals("/api/v5/trade/order")
                                    || request.path().equals("/api/v5/trade/amend-order")))
                    .breach("50061"))
            .limit(Limit.rolling("calls of an endpoint", Limit.Scope.ACCOUNT, 10, Duration.ofSeconds(2))
                    .counting(request -> !request.path().startsWith("/api/v5/trade/"))
                    .per(ApiRequest::path)
                    .breach("50011"))
            .limit(Limit.rolling("trade calls of an endpoint", Limit.Scope.ACCOUNT, 60, Duration.ofSeconds(2))
                    .counting(request -> request.path().startsWith("/api/v5/trade/")
                            && !(request.method().equals("POST")
                                    && request.path().equals("/api/v5/trade/order")))
                    .per(request -> request.method() + " " + request.path())
                    .breach("50011"))
            .orderQuery(new OrderQuery(
                    List.of((order, id) -> ApiRequest.get("/api/v5/trade/order")
                            .query("instId", order.value("instId").orElse(""))
                            .query("clOrdId", id)),
                    List.of("/data/0/ordId"),
                    List.of("51603"),
                    Duration.ofSeconds(1),
                    Duration.ofHours(2)))
            .trades("POST /api/v5/trade/**")
            .withdrawals(Withdrawals.by("* /api/v5/asset/withdrawal", "* /api/v5/asset/withdrawal-lightning")
                    .to("toAddr", "invoice"))
            .orderFields(OrderFields.of("instId", "side", "px", "sz")
                    .limitTypes("ordType", "limit", "post_only", "fok", "ioc")
                    .quotedWhen(request -> isSpotOfMarket(request)
                            && FieldPath.textOr(request, "tgtCcy", isSell(request) ? "base_ccy" : "quote_ccy")
                                    .equals("quote_ccy"))
                    .contractsWhen(request -> !isSpot(request))
                    .reduceOnlyWhen(request -> !isSpot(request)
                            && FieldPath.textOr(request, "posSide", "net").equals("net")
                            && FieldPath.text(request, "reduceOnly").equals("true")))
            .build();

    private Okx() {}

    private static boolean isSpot(ApiRequest request) {
        return FieldPath.text(request, "instId").chars().filter(c -> c == '-').count() == 1;
    }

    private static boolean isSpotOfMarket(ApiRequest request) {
        return isSpot(request) && FieldPath.text(request, "ordType").equalsIgnoreCase("market");
    }

    private static boolean isSell(ApiRequest request) {
        return FieldPath.text(request, "side").equalsIgnoreCase("sell");
    }
}
