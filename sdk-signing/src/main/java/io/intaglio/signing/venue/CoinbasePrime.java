package io.intaglio.signing.venue;

import static io.intaglio.signing.scheme.Parts.base64;
import static io.intaglio.signing.scheme.Parts.body;
import static io.intaglio.signing.scheme.Parts.credential;
import static io.intaglio.signing.scheme.Parts.decodedPath;
import static io.intaglio.signing.scheme.Parts.keyId;
import static io.intaglio.signing.scheme.Parts.literal;
import static io.intaglio.signing.scheme.Parts.member;
import static io.intaglio.signing.scheme.Parts.memberList;
import static io.intaglio.signing.scheme.Parts.method;
import static io.intaglio.signing.scheme.Parts.seconds;
import static io.intaglio.signing.scheme.Parts.signature;
import static io.intaglio.signing.scheme.Places.header;
import static io.intaglio.signing.scheme.Places.jsonField;
import static io.intaglio.signing.scheme.Places.parameter;

import io.intaglio.signing.key.Hash;
import io.intaglio.signing.key.SecretForm;
import io.intaglio.signing.scheme.Frame;
import io.intaglio.signing.scheme.Scheme;
import io.intaglio.signing.scheme.When;
import java.time.Duration;

/**
 * Coinbase Prime: HMAC-SHA256 over seconds + method + path + body, base64. The query is not signed, the secret is used as text although it
 * looks like base64, and the path is signed with its percent escapes decoded, as the official Java SDK does. The credential needs a
 * {@code passphrase}.
 *
 * <p>WebSocket: each {@code subscribe} is signed, over channel + key id + service account + seconds + portfolio + products, all of them fields of
 * the frame. The service account is the credential's {@code serviceAccountId}; {@code portfolio_id} may be absent, {@code product_ids} is a
 * list. FIX Logon: sending time + {@code A} + sequence number + key id + target + passphrase; the tag of the key id (9407) is unconfirmed.
 *
 * <p>Source: docs.cdp.coinbase.com, "Prime REST API authentication", "WebSocket feed overview" and "FIX API connectivity", and the official SDK.
 * The place of the client order id is unconfirmed.
 */
public final class CoinbasePrime {
    private static final Frame WEB_SOCKET = Frame.of(
            Scheme.named("coinbaseprime, WebSocket")
                    .preHash(
                            member("channel"),
                            keyId(),
                            credential("serviceAccountId"),
                            seconds(),
                            memberList("portfolio_id"),
                            memberList("product_ids"))
                    .hmac(Hash.SHA256, SecretForm.UTF8)
                    .attach(jsonField("access_key"), keyId())
                    .attach(jsonField("api_key_id"), credential("serviceAccountId"))
                    .attach(jsonField("timestamp"), seconds())
                    .attach(jsonField("passphrase"), credential("passphrase"))
                    .attach(jsonField("signature"), base64(signature()))
                    .build(),
            (method, fields, moment) -> Frame.members("type", method.isEmpty() ? "subscribe" : method, fields));

    private static final Frame FIX = Frame.tags(Scheme.named("coinbaseprime, FIX")
            .stamp(jsonField("554"), credential("passphrase"))
            .stamp(jsonField("9407"), keyId())
            .preHash(member("52"), member("35"), member("34"), member("9407"), member("56"), member("554"))
            .hmac(Hash.SHA256, SecretForm.UTF8)
            .attach(jsonField("95"), literal("44"))
            .attach(jsonField("96"), base64(signature()))
            .build());

    /** The venue. */
    public static final Venue VENUE = Venue.named("coinbaseprime")
            .confirmed(Confirmation.OFFICIAL)
            .alias("coinbase_prime")
            .baseUri("https://api.prime.coinbase.com")
            .scheme(Scheme.named("coinbaseprime")
                    .stamp(header("X-CB-ACCESS-TIMESTAMP"), seconds())
                    .preHash(seconds(), method(), decodedPath(), body())
                    .hmac(Hash.SHA256, SecretForm.UTF8)
                    .attach(header("X-CB-ACCESS-KEY"), keyId())
                    .attach(header("X-CB-ACCESS-PASSPHRASE"), credential("passphrase"))
                    .attach(header("X-CB-ACCESS-SIGNATURE"), base64(signature()))
                    .build())
            .window(Duration.ofSeconds(30), Duration.ofSeconds(30))
            .riskReducing(When.method("POST").and(When.pathEnds("/cancel")))
            .orders(
                    request -> request.method().equals("POST") && request.path().endsWith("/order"),
                    parameter("client_order_id"),
                    Dedup.NONE)
            .webSocket(WEB_SOCKET)
            .fix(FIX)
            .limit(Limit.rolling("calls of an address", Limit.Scope.IP, 100, Duration.ofSeconds(1)))
            .limit(Limit.leaky("calls of a portfolio", Limit.Scope.KEY, 50, Duration.ofSeconds(2)))
            .pause("HTTP 429", Duration.ofSeconds(30))
            .withdrawals(Withdrawals.by(
                            "POST /v1/portfolios/*/wallets/*/withdrawals", "POST /v1/portfolios/*/wallets/*/transfers")
                    .to(
                            "blockchain_address/address",
                            "payment_method/payment_method_id",
                            "counterparty/counterparty_id")
                    .tagged("blockchain_address/account_identifier"))
            .orderFields(OrderFields.of("product_id", "side", "limit_price", "base_quantity")
                    .limitTypes("type", "LIMIT")
                    .quoteQuantity("quote_value"))
            .build();

    private CoinbasePrime() {}
}
