package io.intaglio.signing.venue;

import static io.intaglio.signing.scheme.Parts.attribute;
import static io.intaglio.signing.scheme.Parts.body;
import static io.intaglio.signing.scheme.Parts.hex;
import static io.intaglio.signing.scheme.Parts.keyId;
import static io.intaglio.signing.scheme.Parts.literal;
import static io.intaglio.signing.scheme.Parts.member;
import static io.intaglio.signing.scheme.Parts.method;
import static io.intaglio.signing.scheme.Parts.pathAndQuery;
import static io.intaglio.signing.scheme.Parts.secondsFromNow;
import static io.intaglio.signing.scheme.Parts.signature;
import static io.intaglio.signing.scheme.Places.header;
import static io.intaglio.signing.scheme.Places.jsonField;
import static io.intaglio.signing.scheme.Places.parameter;

import io.intaglio.signing.key.Hash;
import io.intaglio.signing.key.SecretForm;
import io.intaglio.signing.scheme.Choice;
import io.intaglio.signing.scheme.Frame;
import io.intaglio.signing.scheme.Part;
import io.intaglio.signing.scheme.Scheme;
import io.intaglio.signing.scheme.UrlEncoding;
import io.intaglio.signing.scheme.When;
import java.time.Duration;

/**
 * BitMEX: method + path with query + expiry in seconds + JSON body by HMAC-SHA256 in hex.
 *
 * <p>WebSocket: {@code authKeyExpires} over {@code GET/realtime} and the same expiry.
 *
 * <p>Attributes: {@code expiresInSeconds}, 5 unless given. {@code apiNonce}: the nonce of the older protocol, sent and signed in place of
 * the expiry; for replaying old requests, since the venue has withdrawn it. Source: www.bitmex.com/app/apiKeysUsage, and for the older
 * protocol BitMEX/api-connectors; the error texts and the time endpoint are unconfirmed.
 */
public final class Bitmex {
    private static final Part EXPIRES = secondsFromNow("expiresInSeconds", 5);

    private static final Frame WEB_SOCKET = Frame.positional(
            "authKeyExpires",
            Scheme.named("bitmex, WebSocket")
                    .stamp(jsonField("expires").asNumber(), EXPIRES)
                    .preHash(literal("GET/realtime"), member("expires"))
                    .hmac(Hash.SHA256, SecretForm.UTF8)
                    .attach(jsonField("apiKey"), keyId())
                    .attach(jsonField("signature"), hex(signature()))
                    .build(),
            "apiKey",
            "expires",
            "signature");

    /** The venue. */
    public static final Venue VENUE = Venue.named("bitmex")
            .confirmed(Confirmation.OFFICIAL)
            .baseUri("https://www.bitmex.com")
            .environment("testnet", "https://testnet.bitmex.com")
            .scheme(Choice.otherwise(scheme("bitmex", UrlEncoding.STRICT, "api-expires", EXPIRES))
                    .when(
                            (request, credential) -> request.attributes().containsKey("apiNonce"),
                            scheme("bitmex, api-nonce", UrlEncoding.FORM, "api-nonce", attribute("apiNonce"))))
            .time("/api/v1", "/timestamp", Duration.ofMillis(1))
            .riskReducing(When.method("DELETE")
                    .and(When.pathStarts("/api/v1/order"))
                    .or(When.method("POST").and(When.pathStarts("/api/v1/order/cancelAllAfter"))))
            .orders(
                    request -> request.method().equals("POST") && request.path().equals("/api/v1/order"),
                    parameter("clOrdID"),
                    Dedup.NONE)
            .errorCodeAt("/error/message")
            .errors(Meaning.THROTTLED, "Rate limit exceeded")
            .errors(Meaning.CLOCK_SKEW, "This request has expired")
            .errors(Meaning.BAD_SIGNATURE, "Signature not valid")
            .errors(Meaning.BAD_KEY, "Invalid API Key")
            .errors(Meaning.DUPLICATE, "Duplicate clOrdID")
            .webSocket(WEB_SOCKET)
            .limit(Limit.leaky("calls", Limit.Scope.ACCOUNT, 120, Duration.ofMinutes(1))
                    .capacityIn("x-ratelimit-limit")
                    .remaining("x-ratelimit-remaining"))
            .limit(Limit.rolling("orders in a second", Limit.Scope.ACCOUNT, 10, Duration.ofSeconds(1))
                    .counting(request -> request.path().startsWith("/api/v1/order")
                            && !request.method().equals("GET"))
                    .remaining("x-ratelimit-remaining-1s"))
            .errors(Meaning.NOT_EXECUTED, "The system is currently overloaded")
            .trades("POST /api/v1/order/**", "PUT /api/v1/order/**", "POST /api/v1/position/**")
            .withdrawals(Withdrawals.by("POST /api/v1/user/requestWithdrawal", "POST /api/v1/user/walletTransfer")
                    .to("address", "addressId", "targetUserId", "targetAccountId")
                    .tagged("memo"))
            .orderFields(OrderFields.of("symbol", "side", "price", "orderQty")
                    .limitTypes("ordType", "Limit", "StopLimit", "LimitIfTouched", "")
                    .contractsWhen(request -> true)
                    .reduceOnlyWhen(
                            request -> !FieldPath.textOr(request, "symbol", "_").contains("_")
                                    && FieldPath.text(request, "execInst").contains("ReduceOnly")))
            .build();

    private static Scheme scheme(String name, UrlEncoding encoding, String header, Part stamp) {
        return Scheme.named(name)
                .encoding(encoding)
                .contentType(When.always(), "application/json")
                .emptyBody(When.always(), "")
                .stamp(header(header), stamp)
                .preHash(method(), pathAndQuery(), stamp, body())
                .hmac(Hash.SHA256, SecretForm.UTF8)
                .attach(header("api-key"), keyId())
                .attach(header("api-signature"), hex(signature()))
                .build();
    }

    private Bitmex() {}
}
