package io.intaglio.signing.venue;

import static io.intaglio.signing.scheme.Parts.base64;
import static io.intaglio.signing.scheme.Parts.body;
import static io.intaglio.signing.scheme.Parts.concat;
import static io.intaglio.signing.scheme.Parts.credential;
import static io.intaglio.signing.scheme.Parts.hex;
import static io.intaglio.signing.scheme.Parts.json;
import static io.intaglio.signing.scheme.Parts.keyId;
import static io.intaglio.signing.scheme.Parts.literal;
import static io.intaglio.signing.scheme.Parts.method;
import static io.intaglio.signing.scheme.Parts.millis;
import static io.intaglio.signing.scheme.Parts.nonce;
import static io.intaglio.signing.scheme.Parts.path;
import static io.intaglio.signing.scheme.Parts.preHash;
import static io.intaglio.signing.scheme.Parts.publicKeyPem;
import static io.intaglio.signing.scheme.Parts.seconds;
import static io.intaglio.signing.scheme.Parts.secondsFromNow;
import static io.intaglio.signing.scheme.Parts.sha256;
import static io.intaglio.signing.scheme.Parts.signature;
import static io.intaglio.signing.scheme.Parts.when;
import static io.intaglio.signing.scheme.Parts.whenKey;
import static io.intaglio.signing.scheme.Places.header;
import static io.intaglio.signing.scheme.Places.jsonField;

import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.Credential;
import io.intaglio.signing.key.EcdsaForm;
import io.intaglio.signing.key.Hash;
import io.intaglio.signing.key.KeyKind;
import io.intaglio.signing.key.SecretForm;
import io.intaglio.signing.scheme.Member;
import io.intaglio.signing.scheme.Part;
import io.intaglio.signing.scheme.Places;
import io.intaglio.signing.scheme.Scheme;
import io.intaglio.signing.scheme.When;
import java.time.Duration;
import java.util.function.Predicate;

/**
 * Bullish: a signed login gives a token for a day, and every other call carries the token and a signature of its own over milliseconds +
 * nonce + method + path + body. HMAC-SHA256 signs the text of a GET itself and of other methods its SHA-256 as hex text; ECDSA P-256 signs
 * the text itself, DER in base64.
 *
 * <p>Login with HMAC is {@code GET /trading-api/v1/users/hmac/login}; with ECDSA {@code POST /trading-api/v2/users/login}, whose body is
 * made here and signed in part, and which needs {@code userId} in the credential. The client logs on by itself; whoever signs without it puts the token of
 * the answer into the credential as {@code token}. WebSocket: the handshake carries the token as a cookie; sign {@code ApiRequest.get("/trading-api/v1/private-data")} and send its
 * headers with the upgrade; path and name of the cookie are unconfirmed. Source: bullish-exchange/api-docs and its samples; sandbox and time endpoint are unconfirmed.
 */
public final class Bullish {
    private static final Predicate<ApiRequest> HMAC_LOGIN = When.pathEnds("/users/hmac/login");
    private static final Predicate<ApiRequest> ECDSA_LOGIN = When.pathEnds("/v2/users/login");
    private static final Predicate<ApiRequest> HANDSHAKE =
            When.method("GET").and(When.pathStarts("/trading-api/v1/private-data"));
    private static final Predicate<ApiRequest> LOGIN = HMAC_LOGIN.or(ECDSA_LOGIN);
    private static final Part TEXT = concat(millis(), nonce(), method(), path(), body());
    private static final Part LOGIN_PAYLOAD = json(
            Member.text("userId", credential("userId")),
            Member.value("nonce", seconds()),
            Member.value("expirationTime", secondsFromNow("expiresInSeconds", 300)),
            Member.value("biometricsUsed", literal("false")),
            Member.value("sessionKey", literal("null")));

    private static final Scheme SCHEME = Scheme.named("bullish")
            .contentType(When.method("POST"), "application/json")
            .stamp(ECDSA_LOGIN.negate(), header("BX-TIMESTAMP"), millis())
            .stamp(ECDSA_LOGIN.negate(), header("BX-NONCE"), nonce())
            .preHash(when(
                    ECDSA_LOGIN,
                    LOGIN_PAYLOAD,
                    whenKey(KeyKind.SECRET, when(When.method("GET"), TEXT, hex(sha256(TEXT))), TEXT)))
            .hmac(Hash.SHA256, SecretForm.UTF8)
            .ecdsa(Hash.SHA256, EcdsaForm.DER)
            .attach(HMAC_LOGIN, header("BX-PUBLIC-KEY"), keyId())
            .attach(
                    ECDSA_LOGIN.negate(),
                    header("BX-SIGNATURE"),
                    whenKey(KeyKind.SECRET, hex(signature()), base64(signature())))
            .attach(
                    ECDSA_LOGIN,
                    Places.body("application/json"),
                    json(
                            Member.text("publicKey", publicKeyPem()),
                            Member.text("signature", base64(signature())),
                            Member.value("loginPayload", preHash())))
            .attach(LOGIN.negate(), header("Authorization"), concat(literal("Bearer "), credential("token")))
            .keyOnlyWhen(HANDSHAKE)
            .keyOnly(header("Cookie"), concat(literal("JWT_COOKIE="), credential("token")))
            .publicWhen(When.pathStarts("/trading-api/v1/time", "/trading-api/v1/nonce", "/trading-api/v1/markets"))
            .build();

    /** The venue. */
    public static final Venue VENUE = Venue.named("bullish")
            .confirmed(Confirmation.OFFICIAL)
            .baseUri("https://api.exchange.bullish.com")
            .environment("sandbox", "https://api.simnext.bullish-test.com")
            .scheme(SCHEME)
            .login(new Login(
                    credential -> isHmac(credential)
                            ? ApiRequest.get("/trading-api/v1/users/hmac/login")
                            : ApiRequest.post("/trading-api/v2/users/login"),
                    SCHEME,
                    "/token",
                    null,
                    Duration.ofHours(24)))
            .nonce(NonceRule.INCREASING_MICROS)
            .nonceWindow()
            .time("/trading-api/v1/time", "/timestamp", Duration.ofMillis(1))
            .orders(
                    request -> request.method().equals("POST") && request.path().equals("/trading-api/v2/orders"),
                    jsonField("clientOrderId"),
                    Dedup.NONE)
            .orderIds(OrderIdForm.NUMBER)
            .errorCodeAt("/errorCode")
            .limit(Limit.rolling("calls in a second", Limit.Scope.KEY, 50, Duration.ofSeconds(1))
                    .capacityIn("x-ratelimit-limit")
                    .remaining("x-ratelimit-remaining")
                    .breach("96000"))
            .limit(Limit.rolling("calls of an address", Limit.Scope.IP, 500, Duration.ofSeconds(10))
                    .breach("96001"))
            .pause("96001", Duration.ofMinutes(1))
            .build();

    private Bullish() {}

    private static boolean isHmac(Credential credential) {
        return credential.key().filter(key -> key.kind() == KeyKind.SECRET).isPresent();
    }
}
