package io.intaglio.signing.venue;

import static io.intaglio.signing.scheme.Parts.base64Url;
import static io.intaglio.signing.scheme.Parts.concat;
import static io.intaglio.signing.scheme.Parts.headerOf;
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
import static io.intaglio.signing.scheme.Parts.preHash;
import static io.intaglio.signing.scheme.Parts.seconds;
import static io.intaglio.signing.scheme.Parts.secondsFromNow;
import static io.intaglio.signing.scheme.Parts.sha256;
import static io.intaglio.signing.scheme.Parts.signature;
import static io.intaglio.signing.scheme.Parts.sortedJsonBody;
import static io.intaglio.signing.scheme.Parts.whenKey;
import static io.intaglio.signing.scheme.Places.header;
import static io.intaglio.signing.scheme.Places.jsonField;

import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.Credential;
import io.intaglio.signing.Explanation;
import io.intaglio.signing.Moment;
import io.intaglio.signing.SignedRequest;
import io.intaglio.signing.SigningException;
import io.intaglio.signing.SigningScheme;
import io.intaglio.signing.key.EcdsaForm;
import io.intaglio.signing.key.Hash;
import io.intaglio.signing.key.KeyKind;
import io.intaglio.signing.key.KeyReader;
import io.intaglio.signing.key.SigningKey;
import io.intaglio.signing.scheme.Choice;
import io.intaglio.signing.scheme.Frame;
import io.intaglio.signing.scheme.Member;
import io.intaglio.signing.scheme.Part;
import io.intaglio.signing.scheme.Scheme;
import io.intaglio.signing.scheme.When;

/**
 * Coinbase Developer Platform: a JWT for every request, bound to method, host and path; ES256 for EC keys, EdDSA for Ed25519 keys. The query
 * is not signed.
 *
 * <p>Calls that write to a wallet (POST, PUT and DELETE below {@code accounts} and {@code spend-permissions}) carry a second JWT, in {@code
 * X-Wallet-Auth}: ES256 by the credential's secret {@code walletSecret} (base64 PKCS#8), over the body's SHA-256 with the members of every
 * object sorted. The secret is read for each such call and wiped after it. A credential with that secret and no key makes this token alone,
 * for callers whose bearer token comes from elsewhere. Which paths need it is unconfirmed beyond the cdp-sdk 1.57.0.
 *
 * <p>WebSocket: each {@code subscribe} carries a JWT without {@code uris}.
 *
 * <p>Attributes: {@code expiresInSeconds}, 120 unless given. Source: docs.cdp.coinbase.com, "CDP API key authentication", and the official
 * cdp-sdk. The window is unconfirmed and left out.
 */
public final class CoinbaseCdp {
    private static final String WALLET_SECRET = "walletSecret";
    private static final Part METHOD_HOST_PATH = concat(join(" ", method(), host()), path());

    /** Signs with the wallet secret, whatever key the credential has besides. */
    private static final class WalletAlone implements SigningScheme {
        @Override
        public SignedRequest sign(ApiRequest request, Credential credential, Moment moment) {
            try (SigningKey key = key(request, credential)) {
                return WALLET.sign(request, credential.withKey(key), moment);
            }
        }

        @Override
        public Explanation explain(ApiRequest request, Credential credential, Moment moment) {
            try (SigningKey key = key(request, credential)) {
                return WALLET.explain(request, credential.withKey(key), moment);
            }
        }

        @Override
        public String family() {
            return WALLET.family();
        }

        private static SigningKey key(ApiRequest request, Credential credential) {
            return KeyReader.pkcs8Base64(credential
                    .secret(WALLET_SECRET)
                    .orElseThrow(() -> new SigningException("coinbasecdp signs " + request
                            + " with the wallet secret too, but credential " + credential.shortKeyId()
                            + " has none; give it as its secret '" + WALLET_SECRET + "'")));
        }
    }

    /** The token without {@code uris}, in each subscription; Advanced Trade takes the same. */
    static final Frame WEB_SOCKET = Frame.of(
            Scheme.named("coinbasecdp, WebSocket")
                    .preHash(jwt(
                            json(
                                    Member.text("alg", whenKey(KeyKind.ED25519, literal("EdDSA"), literal("ES256"))),
                                    Member.text("kid", keyId()),
                                    Member.text("typ", "JWT"),
                                    Member.text("nonce", nonce())),
                            json(
                                    Member.text("sub", keyId()),
                                    Member.text("iss", "cdp"),
                                    Member.value("iat", seconds()),
                                    Member.value("nbf", seconds()),
                                    Member.value("exp", secondsFromNow("expiresInSeconds", 120)))))
                    .ecdsa(Hash.SHA256, EcdsaForm.RAW)
                    .ed25519()
                    .attach(jsonField("jwt"), join(".", preHash(), base64Url(signature())))
                    .build(),
            (method, fields, moment) -> Frame.members("type", method.isEmpty() ? "subscribe" : method, fields));

    private static final Scheme WALLET = Scheme.named("coinbasecdp, wallet")
            .preHash(jwt(
                    json(Member.text("alg", "ES256"), Member.text("typ", "JWT")),
                    json(
                            Member.textList("uris", METHOD_HOST_PATH),
                            Member.text("reqHash", hex(sha256(sortedJsonBody())))
                                    .when(When.body()),
                            Member.value("iat", seconds()),
                            Member.value("nbf", seconds()),
                            Member.text("jti", nonce()))))
            .ecdsa(Hash.SHA256, EcdsaForm.RAW)
            .attach(header("X-Wallet-Auth"), join(".", preHash(), base64Url(signature())))
            .allowAttributes("expiresInSeconds")
            .build();

    /** The venue. */
    public static final Venue VENUE = Venue.named("coinbasecdp")
            .confirmed(Confirmation.OFFICIAL)
            .alias("coinbase_cdp")
            .baseUri("https://api.cdp.coinbase.com")
            .scheme(Choice.otherwise(Scheme.named("coinbasecdp")
                            .preHash(jwt(
                                    json(
                                            Member.text(
                                                    "alg",
                                                    whenKey(KeyKind.ED25519, literal("EdDSA"), literal("ES256"))),
                                            Member.text("kid", keyId()),
                                            Member.text("typ", "JWT"),
                                            Member.text("nonce", nonce())),
                                    json(
                                            Member.text("sub", keyId()),
                                            Member.text("iss", "cdp"),
                                            Member.textList("uris", METHOD_HOST_PATH),
                                            Member.value("iat", seconds()),
                                            Member.value("nbf", seconds()),
                                            Member.value("exp", secondsFromNow("expiresInSeconds", 120)))))
                            .ecdsa(Hash.SHA256, EcdsaForm.RAW)
                            .ed25519()
                            .attach(
                                    header("Authorization"),
                                    join(".", concat(literal("Bearer "), preHash()), base64Url(signature())))
                            .attach(
                                    When.method("POST", "PUT", "DELETE").and(CoinbaseCdp::usesWallet),
                                    header("X-Wallet-Auth"),
                                    headerOf(new WalletAlone(), "X-Wallet-Auth"))
                            .build())
                    .when(
                            (request, credential) -> credential.key().isEmpty()
                                    && credential.secret(WALLET_SECRET).isPresent(),
                            new WalletAlone()))
            .nonce(NonceRule.RANDOM_HEX)
            .webSocket(WEB_SOCKET)
            .withdrawals(Withdrawals.by("POST /platform/**", "PUT /platform/**", "DELETE /platform/**")
                    .readableWhen(request -> false))
            .riskReducing(request -> false)
            .build();

    private static boolean usesWallet(ApiRequest request) {
        return request.path().contains("/accounts") || request.path().contains("/spend-permissions");
    }

    private CoinbaseCdp() {}
}
