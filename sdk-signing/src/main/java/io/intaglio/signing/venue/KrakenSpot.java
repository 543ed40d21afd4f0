package io.intaglio.signing.venue;

import static io.intaglio.signing.scheme.Parts.base64;
import static io.intaglio.signing.scheme.Parts.body;
import static io.intaglio.signing.scheme.Parts.credential;
import static io.intaglio.signing.scheme.Parts.keyId;
import static io.intaglio.signing.scheme.Parts.literal;
import static io.intaglio.signing.scheme.Parts.member;
import static io.intaglio.signing.scheme.Parts.nonce;
import static io.intaglio.signing.scheme.Parts.path;
import static io.intaglio.signing.scheme.Parts.sha256;
import static io.intaglio.signing.scheme.Parts.signature;
import static io.intaglio.signing.scheme.Places.formField;
import static io.intaglio.signing.scheme.Places.header;
import static io.intaglio.signing.scheme.Places.jsonField;
import static io.intaglio.signing.scheme.Places.parameter;

import io.intaglio.signing.key.Hash;
import io.intaglio.signing.key.SecretForm;
import io.intaglio.signing.scheme.Frame;
import io.intaglio.signing.scheme.Scheme;
import io.intaglio.signing.scheme.UrlEncoding;
import io.intaglio.signing.scheme.When;

/**
 * Kraken spot: HMAC-SHA512 over the path and SHA-256(nonce + body). The nonce is the first field of the form or of the JSON object and must
 * rise with every request of a key.
 *
 * <p>WebSocket (v2): nothing is signed; each private subscription or call carries the token that {@code /0/private/GetWebSocketsToken} gives, which the
 * credential holds as secret {@code token}. FIX: the password (554) signs the header's tags and the nonce (5025), which must be within five seconds
 * of the venue's clock in milliseconds.
 *
 * <p>Source: docs.kraken.com, "Spot REST authentication". Errors come with HTTP 200; their texts are unconfirmed. A client order id is unique
 * among open orders only, so it is no idempotency key.
 */
public final class KrakenSpot {
    private static final Frame WEB_SOCKET = Frame.of(
            Scheme.named("kraken, WebSocket")
                    .stamp(jsonField("token"), credential("token"))
                    .build(),
            (method, fields, moment) ->
                    Frame.members("method", method.isEmpty() ? "subscribe" : method, "params", fields));

    private static final Frame FIX = Frame.tags(Scheme.named("kraken, FIX")
            .stamp(jsonField("553"), keyId())
            .stamp(jsonField("5025"), nonce())
            .preHash(sha256(
                    literal("35=A\u000134="),
                    member("34"),
                    literal("\u000149="),
                    member("49"),
                    literal("\u000156="),
                    member("56"),
                    literal("\u0001553="),
                    keyId(),
                    literal("\u0001"),
                    member("5025")))
            .hmac(Hash.SHA512, SecretForm.BASE64)
            .attach(jsonField("554"), base64(signature()))
            .build());

    /** The venue. */
    public static final Venue VENUE = Venue.named("kraken")
            .baseUri("https://api.kraken.com")
            .scheme(Scheme.named("kraken")
                    .encoding(UrlEncoding.STRICT.withPlainNames())
                    .stamp(When.json(), jsonField("nonce").first(), nonce())
                    .stamp(When.json().negate(), formField("nonce").first(), nonce())
                    .preHash(path(), sha256(nonce(), body()))
                    .hmac(Hash.SHA512, SecretForm.BASE64)
                    .attach(header("API-Key"), keyId())
                    .attach(header("API-Sign"), base64(signature()))
                    .publicWhen(When.pathStarts("/0/public/"))
                    .build())
            .nonce(NonceRule.INCREASING_MICROS)
            .nonceWindow()
            .time("/0/public/Time", "/result/unixtime", java.time.Duration.ofSeconds(1))
            .riskReducing(When.pathStarts("/0/private/Cancel"))
            .orders(request -> request.path().equals("/0/private/AddOrder"), parameter("cl_ord_id"), Dedup.OPEN_ORDERS)
            .errorsInOkAnswers()
            .errorCodeAt("/error/0")
            .errors(Meaning.THROTTLED, "EAPI:Rate limit exceeded", "EOrder:Rate limit exceeded", "EService: Throttled")
            .errors(Meaning.BANNED, "EGeneral:Temporary lockout")
            .errors(Meaning.BAD_NONCE, "EAPI:Invalid nonce")
            .errors(Meaning.BAD_SIGNATURE, "EAPI:Invalid signature")
            .errors(Meaning.BAD_KEY, "EAPI:Invalid key", "EGeneral:Permission denied")
            .errors(Meaning.NOT_EXECUTED, "EGeneral:", "EOrder:", "EAPI:")
            .webSocket(WEB_SOCKET)
            .fix(FIX)
            .build();

    private KrakenSpot() {}
}
