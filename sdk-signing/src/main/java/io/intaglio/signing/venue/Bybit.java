package io.intaglio.signing.venue;

import static io.intaglio.signing.scheme.Parts.attribute;
import static io.intaglio.signing.scheme.Parts.base64;
import static io.intaglio.signing.scheme.Parts.body;
import static io.intaglio.signing.scheme.Parts.hex;
import static io.intaglio.signing.scheme.Parts.keyId;
import static io.intaglio.signing.scheme.Parts.literal;
import static io.intaglio.signing.scheme.Parts.member;
import static io.intaglio.signing.scheme.Parts.millis;
import static io.intaglio.signing.scheme.Parts.millisFromNow;
import static io.intaglio.signing.scheme.Parts.query;
import static io.intaglio.signing.scheme.Parts.signature;
import static io.intaglio.signing.scheme.Parts.whenKey;
import static io.intaglio.signing.scheme.Places.header;
import static io.intaglio.signing.scheme.Places.jsonField;
import static io.intaglio.signing.scheme.Places.parameter;

import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.key.Hash;
import io.intaglio.signing.key.KeyKind;
import io.intaglio.signing.key.SecretForm;
import io.intaglio.signing.scheme.Frame;
import io.intaglio.signing.scheme.Scheme;
import io.intaglio.signing.scheme.UrlEncoding;
import io.intaglio.signing.scheme.When;
import java.time.Duration;
import java.util.List;

/**
 * Bybit v5: milliseconds + key id + receive window + query or body, by HMAC-SHA256 (hex) or RSA (base64). A query value that is already
 * percent-encoded, such as a page cursor, is signed and sent as it is.
 *
 * <p>WebSocket log-on: signs its expiry, ten seconds after the moment unless field {@code expires} says otherwise in milliseconds; HMAC keys only.
 *
 * <p>Attributes: {@code recvWindow}, milliseconds, 5000 unless given. Source: Bybit v5 documentation, "Authentication" and "Error codes". Those that
 * tell of a timeout, of a server, network or internal error, or that the order is still being processed leave the outcome unknown: they come with
 * HTTP 200.
 *
 * <p>An order is asked for in two places: the real-time one forgets closed orders when the venue restarts, "but the order records will still be
 * queried in order history" ("Get Open &amp; Closed Orders"); that one "may delay", how long is not said, and looks back 7 days ("Get Order History").
 */
public final class Bybit {
    private static final Frame WEB_SOCKET = Frame.positional(
            "auth",
            Scheme.named("bybit, WebSocket")
                    .stamp(jsonField("expires").asNumber(), millisFromNow(10_000))
                    .preHash(literal("GET/realtime"), member("expires"))
                    .hmac(Hash.SHA256, SecretForm.UTF8)
                    .attach(jsonField("apiKey"), keyId())
                    .attach(jsonField("signature"), hex(signature()))
                    .build(),
            "apiKey",
            "expires",
            "signature");

    /** The venue. */
    public static final Venue VENUE = Venue.named("bybit")
            .confirmed(Confirmation.OFFICIAL)
            .baseUri("https://api.bybit.com")
            .environment("testnet", "https://api-testnet.bybit.com")
            .scheme(Scheme.named("bybit")
                    .encoding(UrlEncoding.LEGAL)
                    .contentType(When.always(), "application/json")
                    .emptyBody(When.method("POST"), "{}")
                    .stamp(header("X-BAPI-TIMESTAMP"), millis())
                    .stamp(header("X-BAPI-RECV-WINDOW"), attribute("recvWindow", "5000"))
                    .preHash(millis(), keyId(), attribute("recvWindow", "5000"), query(), body())
                    .hmac(Hash.SHA256, SecretForm.UTF8)
                    .rsa(Hash.SHA256)
                    .attach(header("X-BAPI-API-KEY"), keyId())
                    .attach(header("X-BAPI-SIGN"), whenKey(KeyKind.SECRET, hex(signature()), base64(signature())))
                    .publicWhen(When.pathStarts("/v5/market/", "/v5/announcements/"))
                    .build())
            .window(Duration.ofSeconds(5), Duration.ofSeconds(1))
            .time("/v5/market/time", "/time", Duration.ofMillis(1))
            .riskReducing(When.pathStarts("/v5/order/cancel"))
            .orders(request -> request.path().equals("/v5/order/create"), parameter("orderLinkId"), Dedup.NONE)
            .errorsInOkAnswers("0")
            .errorCodeAt("/retCode")
            .errors(Meaning.CLOCK_SKEW, "10002")
            .errors(Meaning.BAD_KEY, "10003", "10005", "10010", "33004")
            .errors(Meaning.BAD_SIGNATURE, "10004")
            .errors(Meaning.DUPLICATE, "110072")
            .errors(Meaning.THROTTLED, "10006")
            .errors(Meaning.UNKNOWN_OUTCOME, "10000", "10016", "40004", "3400214")
            .errors(Meaning.UNKNOWN_OUTCOME, "170001", "170007", "170032", "170035", "170146", "170234")
            .errors(Meaning.UNKNOWN_OUTCOME, "131001", "131003", "131200", "131201")
            .webSocket(WEB_SOCKET)
            .limit(Limit.rolling("calls of an endpoint", Limit.Scope.ACCOUNT, 10, Duration.ofSeconds(1))
                    .counting(request -> !request.path().startsWith("/v5/market/"))
                    .per(ApiRequest::path)
                    .capacityIn("X-Bapi-Limit")
                    .remaining("X-Bapi-Limit-Status")
                    .breach("10006"))
            .limit(Limit.rolling("calls of an address", Limit.Scope.IP, 600, Duration.ofSeconds(5))
                    .breach("HTTP 403"))
            .errors(Meaning.BANNED, "HTTP 403")
            .pause("HTTP 403", Duration.ofMinutes(10))
            .orderQuery(new OrderQuery(
                    List.of(
                            (order, id) -> question("/v5/order/realtime", order, id),
                            (order, id) -> question("/v5/order/history", order, id)),
                    List.of("/result/list/0/orderId"),
                    List.of("110001"),
                    Duration.ofSeconds(5),
                    Duration.ofDays(7)))
            .trades("POST /v5/order/**")
            .withdrawals(
                    Withdrawals.by("* /v5/asset/withdraw/create").to("address").tagged("tag"))
            .orderFields(OrderFields.of("symbol", "side", "price", "qty")
                    .limitTypes("orderType", "Limit")
                    .quotedWhen(request -> FieldPath.text(request, "category").equals("spot")
                            && FieldPath.text(request, "orderType").equalsIgnoreCase("Market")
                            && !FieldPath.text(request, "marketUnit").equals("baseCoin")
                            && !FieldPath.text(request, "side").equalsIgnoreCase("Sell"))
                    .contractsWhen(request -> !List.of("spot", "linear").contains(FieldPath.text(request, "category")))
                    .reduceOnlyWhen(
                            request -> List.of("linear", "inverse").contains(FieldPath.text(request, "category"))
                                    && FieldPath.text(request, "reduceOnly").equals("true")))
            .build();

    private Bybit() {}

    private static ApiRequest question(String path, ApiRequest order, String id) {
        return ApiRequest.get(path)
                .query("category", order.value("category").orElse("spot"))
                .query("symbol", order.value("symbol").orElse(""))
                .query("orderLinkId", id);
    }
}
