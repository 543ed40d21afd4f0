package io.intaglio.signing.venue;

import static io.intaglio.signing.scheme.Parts.attribute;
import static io.intaglio.signing.scheme.Parts.base64;
import static io.intaglio.signing.scheme.Parts.body;
import static io.intaglio.signing.scheme.Parts.bodyFields;
import static io.intaglio.signing.scheme.Parts.hex;
import static io.intaglio.signing.scheme.Parts.join;
import static io.intaglio.signing.scheme.Parts.keyId;
import static io.intaglio.signing.scheme.Parts.literal;
import static io.intaglio.signing.scheme.Parts.member;
import static io.intaglio.signing.scheme.Parts.millis;
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
import io.intaglio.signing.scheme.When;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Binance spot: the parameters as sent, query then body, signed by HMAC-SHA256, RSA or Ed25519; the signature is the last parameter.
 *
 * <p>WebSocket: any signed call; the parameters and {@code apiKey} are signed sorted and not encoded, so text beyond ASCII is signed in another
 * form than over REST. The frame's id is the nonce of the moment, else its milliseconds. The venue takes {@code session.logon} with Ed25519 keys
 * only. FIX: Ed25519 keys only; MessageHandling (25035) is 2 unless given.
 *
 * <p>Attributes: {@code recvWindow}, milliseconds. Source: binance-spot-api-docs, rest-api.md, "SIGNED endpoint examples". A 5XX answer and
 * codes -1006, -1007 ("execution status unknown") and -1000 ("an unknown error occurred while processing the request") leave the outcome unknown
 * (errors.md); the meaning of codes -2014 and -2015 is unconfirmed. An order that was not executed is archived after 90 days (CHANGELOG.md).
 */
public final class BinanceSpot {
    private static final Frame WEB_SOCKET = Frame.of(
            Scheme.named("binance, WebSocket")
                    .stamp(jsonField("timestamp").asNumber(), millis())
                    .preHash(bodyFields().raw().sorted().with("apiKey", keyId()))
                    .hmac(Hash.SHA256, SecretForm.UTF8)
                    .ed25519()
                    .rsa(Hash.SHA256)
                    .attach(jsonField("apiKey"), keyId())
                    .attach(jsonField("signature"), whenKey(KeyKind.SECRET, hex(signature()), base64(signature())))
                    .build(),
            (method, fields, moment) -> Frame.members(
                    "id",
                    moment.nonce()
                            .orElseGet(() -> Long.toString(moment.timestamp().toEpochMilli())),
                    "method",
                    method.isEmpty() ? "session.logon" : method,
                    "params",
                    fields));

    private static final Frame FIX = Frame.tags(Scheme.named("binance, FIX")
            .stamp(jsonField("553"), keyId())
            .stamp(jsonField("25035"), literal("2"))
            .preHash(join("\u0001", member("35"), member("49"), member("56"), member("34"), member("52")))
            .ed25519()
            .attach(jsonField("95"), literal("88"))
            .attach(jsonField("96"), base64(signature()))
            .build());

    /** The venue. */
    public static final Venue VENUE = Venue.named("binance")
            .confirmed(Confirmation.OFFICIAL)
            .baseUri("https://api.binance.com")
            .environment("testnet", "https://testnet.binance.vision")
            .scheme(Scheme.named("binance")
                    .contentType(When.method("POST", "PUT"), "application/x-www-form-urlencoded")
                    .stamp(parameter("timestamp").first(), millis())
                    .stamp(When.attribute("recvWindow"), parameter("recvWindow"), attribute("recvWindow"))
                    .preHash(query(), body())
                    .hmac(Hash.SHA256, SecretForm.UTF8)
                    .ed25519()
                    .rsa(Hash.SHA256)
                    .attach(parameter("signature"), whenKey(KeyKind.SECRET, hex(signature()), base64(signature())))
                    .attach(header("X-MBX-APIKEY"), keyId())
                    .keyOnly(header("X-MBX-APIKEY"), keyId())
                    .keyOnlyWhen(When.pathStarts("/api/v3/userDataStream", "/api/v3/historicalTrades"))
                    .publicWhen(When.pathStarts(
                            "/api/v3/ping",
                            "/api/v3/time",
                            "/api/v3/exchangeInfo",
                            "/api/v3/depth",
                            "/api/v3/trades",
                            "/api/v3/aggTrades",
                            "/api/v3/klines",
                            "/api/v3/uiKlines",
                            "/api/v3/avgPrice",
                            "/api/v3/ticker"))
                    .build())
            .window(Duration.ofSeconds(5), Duration.ofSeconds(1))
            .time("/api/v3/time", "/serverTime", Duration.ofMillis(1))
            .riskReducing(When.method("DELETE").and(When.pathStarts("/api/v3/order", "/api/v3/openOrders")))
            .orders(
                    request -> request.method().equals("POST") && request.path().equals("/api/v3/order"),
                    parameter("newClientOrderId"),
                    Dedup.OPEN_ORDERS)
            .errorCodeAt("/code")
            .errorCodeAt("/msg")
            .errors(Meaning.THROTTLED, "-1003", "-1015")
            .errors(Meaning.CLOCK_SKEW, "-1021")
            .errors(Meaning.BAD_SIGNATURE, "-1022")
            .errors(Meaning.BAD_KEY, "-2014", "-2015")
            .errors(Meaning.UNKNOWN_OUTCOME, "-1000", "-1006", "-1007")
            .errors(Meaning.DUPLICATE, "Duplicate order sent.")
            .webSocket(WEB_SOCKET)
            .fix(FIX)
            .limit(Limit.aligned("request weight", Limit.Scope.IP, 6000, Duration.ofMinutes(1))
                    .costing(BinanceSpot::weight)
                    .used("X-MBX-USED-WEIGHT-1M")
                    .breach("-1003"))
            .limit(Limit.aligned("orders in 10 s", Limit.Scope.ACCOUNT, 100, Duration.ofSeconds(10))
                    .counting(BinanceSpot::isNewOrder)
                    .used("X-MBX-ORDER-COUNT-10S")
                    .breach("-1015"))
            .limit(Limit.aligned("orders in a day", Limit.Scope.ACCOUNT, 200_000, Duration.ofDays(1))
                    .counting(BinanceSpot::isNewOrder)
                    .used("X-MBX-ORDER-COUNT-1D"))
            .pauseUntil("banned until (\\d{13})", Duration.ofMillis(1))
            .publishedLimits(new PublishedLimits(
                    ApiRequest.get("/api/v3/exchangeInfo").query("symbol", "BTCUSDT"),
                    "/rateLimits",
                    List.of("rateLimitType", "interval", "intervalNum"),
                    "limit",
                    Map.of(
                            "REQUEST_WEIGHT MINUTE 1", "request weight",
                            "ORDERS SECOND 10", "orders in 10 s",
                            "ORDERS DAY 1", "orders in a day")))
            .orderQuery(new OrderQuery(
                    List.of((order, id) -> ApiRequest.get("/api/v3/order")
                            .query("symbol", order.value("symbol").orElse(""))
                            .query("origClientOrderId", id)),
                    List.of("/orderId"),
                    List.of("-2013"),
                    Duration.ofSeconds(1),
                    Duration.ofDays(90)))
            .trades(
                    "POST /api/v3/order/**",
                    "POST /api/v3/orderList/**",
                    "PUT /api/v3/order/**",
                    "POST /api/v3/sor/order/**")
            .withdrawals(Withdrawals.by("* /sapi/v1/capital/withdraw/apply", "POST /sapi/v1/localentity/withdraw/apply")
                    .to("address")
                    .tagged("addressTag"))
            .orderFields(OrderFields.of("symbol", "side", "price", "quantity")
                    .limitTypes("type", "LIMIT", "LIMIT_MAKER", "STOP_LOSS_LIMIT", "TAKE_PROFIT_LIMIT")
                    .quoteQuantity("quoteOrderQty"))
            .build();

    private BinanceSpot() {}

    private static boolean isNewOrder(ApiRequest request) {
        return request.method().equals("POST") && request.path().equals("/api/v3/order");
    }

    /** Weights as of the documentation's "REST API endpoints"; what it does not list here costs 1. */
    private static long weight(ApiRequest request) {
        boolean bySymbol = request.value("symbol").isPresent();
        return switch (request.path()) {
            case "/api/v3/order" -> request.method().equals("GET") ? 4 : 1;
            case "/api/v3/openOrders" -> request.method().equals("DELETE") ? 1 : bySymbol ? 6 : 80;
            case "/api/v3/account", "/api/v3/allOrders", "/api/v3/myTrades", "/api/v3/exchangeInfo" -> 20;
            case "/api/v3/rateLimit/order" -> 40;
            case "/api/v3/depth" -> depthWeight(request.value("limit").orElse("100"));
            case "/api/v3/trades", "/api/v3/historicalTrades" -> 25;
            case "/api/v3/aggTrades" -> 4;
            case "/api/v3/klines", "/api/v3/uiKlines", "/api/v3/avgPrice" -> 2;
            case "/api/v3/ticker/24hr" -> bySymbol ? 2 : 80;
            case "/api/v3/ticker/price", "/api/v3/ticker/bookTicker" -> bySymbol ? 2 : 4;
            default -> 1;
        };
    }

    private static long depthWeight(String limit) {
        return switch (limit.length()) {
            case 1, 2 -> 5;
            case 3 -> limit.equals("100") ? 5 : limit.compareTo("500") <= 0 ? 25 : 50;
            default -> limit.equals("1000") ? 50 : 250;
        };
    }
}
