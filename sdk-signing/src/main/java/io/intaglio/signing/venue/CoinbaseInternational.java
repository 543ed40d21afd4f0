package io.intaglio.signing.venue;

import static io.intaglio.signing.scheme.Parts.base64;
import static io.intaglio.signing.scheme.Parts.body;
import static io.intaglio.signing.scheme.Parts.credential;
import static io.intaglio.signing.scheme.Parts.keyId;
import static io.intaglio.signing.scheme.Parts.literal;
import static io.intaglio.signing.scheme.Parts.method;
import static io.intaglio.signing.scheme.Parts.path;
import static io.intaglio.signing.scheme.Parts.seconds;
import static io.intaglio.signing.scheme.Parts.signature;
import static io.intaglio.signing.scheme.Places.header;
import static io.intaglio.signing.scheme.Places.jsonField;

import io.intaglio.signing.key.Hash;
import io.intaglio.signing.key.SecretForm;
import io.intaglio.signing.scheme.Frame;
import io.intaglio.signing.scheme.Scheme;
import io.intaglio.signing.scheme.When;
import java.time.Duration;

/**
 * Coinbase International Exchange: HMAC-SHA256 with the base64-decoded secret over seconds + method + path without query + body, base64.
 * The credential needs a {@code passphrase}.
 *
 * <p>WebSocket: each {@code SUBSCRIBE} is signed, over seconds + key id + {@code CBINTLMD} + passphrase, and taken for 30 seconds.
 *
 * <p>Source: docs.cdp.coinbase.com, "INTX REST API authentication" and "INTX WebSocket overview", and the official SDK.
 */
public final class CoinbaseInternational {
    private static final Frame WEB_SOCKET = Frame.of(
            Scheme.named("coinbaseinternational, WebSocket")
                    .preHash(seconds(), keyId(), literal("CBINTLMD"), credential("passphrase"))
                    .hmac(Hash.SHA256, SecretForm.BASE64)
                    .attach(jsonField("time"), seconds())
                    .attach(jsonField("key"), keyId())
                    .attach(jsonField("passphrase"), credential("passphrase"))
                    .attach(jsonField("signature"), base64(signature()))
                    .build(),
            (method, fields, moment) -> Frame.members("type", method.isEmpty() ? "SUBSCRIBE" : method, fields));

    /** The venue. */
    public static final Venue VENUE = Venue.named("coinbaseinternational")
            .confirmed(Confirmation.OFFICIAL)
            .alias("coinbase_international")
            .baseUri("https://api.international.coinbase.com")
            .scheme(Scheme.named("coinbaseinternational")
                    .emptyBody(When.always(), "")
                    .stamp(header("CB-ACCESS-TIMESTAMP"), seconds())
                    .preHash(seconds(), method(), path(), body())
                    .hmac(Hash.SHA256, SecretForm.BASE64)
                    .attach(header("CB-ACCESS-KEY"), keyId())
                    .attach(header("CB-ACCESS-SIGN"), base64(signature()))
                    .attach(header("CB-ACCESS-PASSPHRASE"), credential("passphrase"))
                    .build())
            .window(Duration.ofSeconds(5), Duration.ofSeconds(5))
            .riskReducing(When.method("DELETE").and(When.pathStarts("/api/v1/orders")))
            .orders(
                    request -> request.method().equals("POST") && request.path().equals("/api/v1/orders"),
                    jsonField("client_order_id"),
                    Dedup.NONE)
            .webSocket(WEB_SOCKET)
            .build();

    private CoinbaseInternational() {}
}
