package io.intaglio.signing.venue;

import static io.intaglio.signing.scheme.Parts.base64Url;
import static io.intaglio.signing.scheme.Parts.body;
import static io.intaglio.signing.scheme.Parts.concat;
import static io.intaglio.signing.scheme.Parts.hex;
import static io.intaglio.signing.scheme.Parts.host;
import static io.intaglio.signing.scheme.Parts.join;
import static io.intaglio.signing.scheme.Parts.json;
import static io.intaglio.signing.scheme.Parts.jwt;
import static io.intaglio.signing.scheme.Parts.keyId;
import static io.intaglio.signing.scheme.Parts.literal;
import static io.intaglio.signing.scheme.Parts.method;
import static io.intaglio.signing.scheme.Parts.nonce;
import static io.intaglio.signing.scheme.Parts.path;
import static io.intaglio.signing.scheme.Parts.pathAndQuery;
import static io.intaglio.signing.scheme.Parts.preHash;
import static io.intaglio.signing.scheme.Parts.seconds;
import static io.intaglio.signing.scheme.Parts.secondsFromNow;
import static io.intaglio.signing.scheme.Parts.signature;
import static io.intaglio.signing.scheme.Parts.when;
import static io.intaglio.signing.scheme.Places.header;
import static io.intaglio.signing.scheme.Places.parameter;

import io.intaglio.signing.Credential;
import io.intaglio.signing.key.EcdsaForm;
import io.intaglio.signing.key.Hash;
import io.intaglio.signing.key.KeyKind;
import io.intaglio.signing.key.KeyReader;
import io.intaglio.signing.key.SecretForm;
import io.intaglio.signing.scheme.Choice;
import io.intaglio.signing.scheme.Member;
import io.intaglio.signing.scheme.Part;
import io.intaglio.signing.scheme.Scheme;
import io.intaglio.signing.scheme.When;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;

/**
 * Coinbase (App and Advanced Trade): a JWT bound to method, host and path for CDP keys (ES256 for EC keys, EdDSA for Ed25519 keys), or HMAC
 * headers for legacy keys. The key picks.
 *
 * <p>WebSocket, for CDP keys: each {@code subscribe} carries a JWT without {@code uri}.
 *
 * <p>Sources: docs.cdp.coinbase.com, "CDP API key authentication" and the coinbase-advanced-py SDK (JWT); the claim {@code aud} and the issuer
 * of ES256 tokens are as third-party clients send them. The legacy form signs the query on {@code /v2} paths and not on {@code /api/v3} paths.
 *
 * <p>A refused order is answered with {@code success} false and the reason in {@code error_response}, and HTTP 200: by answers that users of
 * coinbase-advanced-py and of other clients have published. {@code failure_reason} is set in a yes too.
 *
 * <p>US futures and perpetuals have product ids that end in {@code -CDE}, and their {@code base_size} counts contracts, as third-party clients
 * send it; by "Order management (Futures)" the smallest order is one contract, and one of nano Bitcoin is a hundredth of a Bitcoin.
 */
public final class CoinbaseAdvanced {
    /**
     * Where a refresh token of a user is exchanged for an access token of an hour and a new refresh token; each works once. Calls carry the token by
     * {@code VENUE.withAccessTokens()}.
     *
     * @see <a href="https://docs.cdp.coinbase.com/coinbase-app/oauth2-integration/access-and-refresh-tokens">Access and refresh tokens</a>
     */
    public static final URI TOKEN_ENDPOINT = URI.create("https://login.coinbase.com/oauth2/token");

    private static final Part METHOD_HOST_PATH = concat(join(" ", method(), host()), path());
    private static final Part BEARER = join(".", concat(literal("Bearer "), preHash()), base64Url(signature()));

    private static final Scheme LEGACY = Scheme.named("coinbase, legacy key")
            .contentType(When.always(), "application/json")
            .stamp(header("CB-ACCESS-TIMESTAMP"), seconds())
            .preHash(seconds(), method(), when(When.pathStarts("/v2"), pathAndQuery(), path()), body())
            .hmac(Hash.SHA256, SecretForm.UTF8)
            .attach(header("CB-ACCESS-KEY"), keyId())
            .attach(header("CB-ACCESS-SIGN"), hex(signature()))
            .build();

    private static final Scheme ES256 = Scheme.named("coinbase, EC key")
            .contentType(When.always(), "application/json")
            .preHash(jwt(
                    json(
                            Member.text("alg", "ES256"),
                            Member.text("typ", "JWT"),
                            Member.text("kid", keyId()),
                            Member.text("nonce", nonce())),
                    json(
                            Member.textList("aud", literal("retail_rest_api_proxy")),
                            Member.text("iss", "coinbase-cloud"),
                            Member.value("nbf", seconds()),
                            Member.value("exp", secondsFromNow("expiresInSeconds", 120)),
                            Member.text("sub", keyId()),
                            Member.value("iat", seconds()),
                            Member.text("uri", METHOD_HOST_PATH))))
            .ecdsa(Hash.SHA256, EcdsaForm.RAW)
            .attach(header("Authorization"), BEARER)
            .build();

    private static final Scheme EDDSA = Scheme.named("coinbase, Ed25519 key")
            .contentType(When.always(), "application/json")
            .preHash(jwt(
                    json(
                            Member.text("alg", "EdDSA"),
                            Member.text("typ", "JWT"),
                            Member.text("kid", keyId()),
                            Member.text("nonce", nonce())),
                    json(
                            Member.textList("aud", literal("cdp_service")),
                            Member.text("iss", "cdp"),
                            Member.value("nbf", seconds()),
                            Member.value("exp", secondsFromNow("expiresInSeconds", 120)),
                            Member.text("sub", keyId()),
                            Member.value("iat", seconds()),
                            Member.textList("uris", METHOD_HOST_PATH))))
            .ed25519()
            .attach(header("Authorization"), BEARER)
            .build();

    /** The venue. */
    public static final Venue VENUE = Venue.named("coinbase")
            .confirmed(Confirmation.OFFICIAL)
            .baseUri("https://api.coinbase.com")
            .scheme(Choice.otherwise(LEGACY)
                    .when((request, credential) -> isKind(credential, KeyKind.EC_P256), ES256)
                    .when((request, credential) -> isKind(credential, KeyKind.ED25519), EDDSA)
                    .seeds(KeyReader.SeedForm.BASE64))
            .nonce(NonceRule.RANDOM_HEX)
            .window(Duration.ofSeconds(30), Duration.ofSeconds(30))
            .time("/v2/time", "/data/epoch", Duration.ofSeconds(1))
            .riskReducing(
                    When.pathStarts("/api/v3/brokerage/orders/batch_cancel", "/api/v3/brokerage/orders/close_position"))
            .orders(
                    request -> request.method().equals("POST") && request.path().equals("/api/v3/brokerage/orders"),
                    parameter("client_order_id"),
                    Dedup.NONE)
            .orderIds(OrderIdForm.UUID)
            .refusalFlagAt("/success", "false")
            .errorCodeAt("/error_response/error")
            .errorCodeAt("/errors/0/id")
            .errorCodeAt("/error")
            .errors(Meaning.THROTTLED, "rate_limit_exceeded")
            .webSocket(CoinbaseCdp.WEB_SOCKET)
            .limit(Limit.rolling("private calls", Limit.Scope.ACCOUNT, 30, Duration.ofSeconds(1)))
            .trades("POST /api/v3/brokerage/orders/**")
            .withdrawals(Withdrawals.by("POST /v2/accounts/*/transactions", "POST /v2/accounts/*/withdrawals/**")
                    .to("to", "payment_method")
                    .tagged("destination_tag"))
            .orderFields(OrderFields.of(
                            "product_id",
                            "side",
                            "order_configuration/*/limit_price",
                            "order_configuration/*/base_size")
                    .quoteQuantity("order_configuration/*/quote_size")
                    .contractsWhen(request -> FieldPath.text(request, "product_id")
                            .toUpperCase(Locale.ROOT)
                            .endsWith("-CDE")))
            .build();

    private CoinbaseAdvanced() {}

    private static boolean isKind(Credential credential, KeyKind kind) {
        return credential.key().isPresent() && credential.key().get().kind() == kind;
    }
}
