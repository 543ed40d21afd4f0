package io.intaglio.signing.venue;

import static io.intaglio.signing.scheme.Parts.base64;
import static io.intaglio.signing.scheme.Parts.body;
import static io.intaglio.signing.scheme.Parts.credential;
import static io.intaglio.signing.scheme.Parts.join;
import static io.intaglio.signing.scheme.Parts.keyId;
import static io.intaglio.signing.scheme.Parts.literal;
import static io.intaglio.signing.scheme.Parts.member;
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
 * Coinbase Exchange: HMAC-SHA256 with the base64-decoded secret over seconds + method + path with query + body, base64. The credential needs a
 * {@code passphrase}.
 *
 * <p>WebSocket: each {@code subscribe} carries a signature as of {@code GET /users/self/verify} (docs.cdp.coinbase.com, "Exchange WebSocket
 * authentication"). FIX: sending time, type, number, both ids and passphrase, joined by SOH; unconfirmed.
 *
 * <p>Source: docs.cdp.coinbase.com, "Exchange REST API authentication" (headers, key model); the signed text is unconfirmed by an official
 * page, several independent clients agree on it.
 *
 * <p>"If the order is canceled, and if the order had no matches, the response might return the status code 404" ("Get single order"): an order that
 * is absent was not executed, but may have been accepted and cancelled. So the client does not place it again by itself.
 */
public final class CoinbaseExchange {
    private static final Frame WEB_SOCKET = Frame.of(
            Scheme.named("coinbaseexchange, WebSocket")
                    .preHash(seconds(), literal("GET/users/self/verify"))
                    .hmac(Hash.SHA256, SecretForm.BASE64)
                    .attach(jsonField("signature"), base64(signature()))
                    .attach(jsonField("key"), keyId())
                    .attach(jsonField("passphrase"), credential("passphrase"))
                    .attach(jsonField("timestamp"), seconds())
                    .build(),
            (method, fields, moment) -> Frame.members("type", method.isEmpty() ? "subscribe" : method, fields));

    private static final Frame FIX = Frame.tags(Scheme.named("coinbaseexchange, FIX")
            .stamp(jsonField("553"), keyId())
            .stamp(jsonField("554"), credential("passphrase"))
            .preHash(
                    join("\u0001", member("52"), member("35"), member("34"), member("49"), member("56"), member("554")))
            .hmac(Hash.SHA256, SecretForm.BASE64)
            .attach(jsonField("95"), literal("44"))
            .attach(jsonField("96"), base64(signature()))
            .build());

    /** The venue. */
    public static final Venue VENUE = Venue.named("coinbaseexchange")
            .confirmed(Confirmation.SECOND_IMPLEMENTATION)
            .baseUri("https://api.exchange.coinbase.com")
            .environment("sandbox", "https://api-public.sandbox.exchange.coinbase.com")
            .scheme(Scheme.named("coinbaseexchange")
                    .contentType(When.always(), "application/json")
                    .stamp(header("CB-ACCESS-TIMESTAMP"), seconds())
                    .preHash(seconds(), method(), pathAndQuery(), body())
                    .hmac(Hash.SHA256, SecretForm.BASE64)
                    .attach(header("CB-ACCESS-KEY"), keyId())
                    .attach(header("CB-ACCESS-SIGN"), base64(signature()))
                    .attach(header("CB-ACCESS-PASSPHRASE"), credential("passphrase"))
                    .publicWhen(When.pathStarts("/products", "/time", "/currencies"))
                    .build())
            .window(Duration.ofSeconds(30), Duration.ofSeconds(30))
            .time("/time", "/epoch", Duration.ofSeconds(1))
            .riskReducing(When.method("DELETE").and(When.pathStarts("/orders")))
            .orders(
                    request -> request.method().equals("POST") && request.path().equals("/orders"),
                    parameter("client_oid"),
                    Dedup.NONE)
            .orderIds(OrderIdForm.UUID)
            .errorCodeAt("/message")
            .errors(Meaning.CLOCK_SKEW, "request timestamp expired")
            .errors(Meaning.BAD_SIGNATURE, "invalid signature")
            .errors(Meaning.DUPLICATE, "Duplicate client_oid")
            .errors(Meaning.BAD_KEY, "Invalid API Key", "invalid passphrase", "Invalid Passphrase")
            .webSocket(WEB_SOCKET)
            .fix(FIX)
            .limit(Limit.leaky("private calls", Limit.Scope.KEY, 30, Duration.ofSeconds(2))
                    .counting(request -> !isPublic(request)))
            .limit(Limit.leaky("public calls", Limit.Scope.IP, 15, Duration.ofMillis(1500))
                    .counting(CoinbaseExchange::isPublic))
            .orderQuery(new OrderQuery(
                    List.of((order, id) -> ApiRequest.get("/orders/client:" + id)),
                    List.of("/id"),
                    List.of("HTTP 404"),
                    Duration.ofSeconds(1),
                    Duration.ofDays(7), // no end is documented
                    true))
            .withdrawals(Withdrawals.by("POST /withdrawals/**", "POST /transfers/**", "POST /conversions/**")
                    .to("crypto_address", "payment_method_id", "coinbase_account_id")
                    .tagged("destination_tag"))
            .orderFields(OrderFields.of("product_id", "side", "price", "size")
                    .limitTypes("type", "limit", "")
                    .quoteQuantity("funds"))
            .build();

    private CoinbaseExchange() {}

    private static boolean isPublic(ApiRequest request) {
        return request.path().startsWith("/products")
                || request.path().startsWith("/currencies")
                || request.path().equals("/time");
    }
}
