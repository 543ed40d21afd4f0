package io.intaglio.signing.venue;

import static io.intaglio.signing.scheme.Parts.base64Url;
import static io.intaglio.signing.scheme.Parts.concat;
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
import static io.intaglio.signing.scheme.Parts.signature;
import static io.intaglio.signing.scheme.Parts.whenKey;
import static io.intaglio.signing.scheme.Places.header;
import static io.intaglio.signing.scheme.Places.jsonField;

import io.intaglio.signing.key.EcdsaForm;
import io.intaglio.signing.key.Hash;
import io.intaglio.signing.key.KeyKind;
import io.intaglio.signing.scheme.Frame;
import io.intaglio.signing.scheme.Member;
import io.intaglio.signing.scheme.Part;
import io.intaglio.signing.scheme.Scheme;

/**
 * Coinbase Developer Platform: a JWT for every request, bound to method, host and path; ES256 for EC keys, EdDSA for Ed25519 keys. The query
 * is not signed.
 *
 * <p>WebSocket: each {@code subscribe} carries a JWT without {@code uris}.
 *
 * <p>Attributes: {@code expiresInSeconds}, 120 unless given. Source: docs.cdp.coinbase.com, "CDP API key authentication", and the official
 * cdp-sdk. The window is unconfirmed and left out.
 */
public final class CoinbaseCdp {
    private static final Part METHOD_HOST_PATH = concat(join(" ", method(), host()), path());

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

    /** The venue. */
    public static final Venue VENUE = Venue.named("coinbasecdp")
            .alias("coinbase_cdp")
            .baseUri("https://api.cdp.coinbase.com")
            .scheme(Scheme.named("coinbasecdp")
                    .preHash(jwt(
                            json(
                                    Member.text("alg", whenKey(KeyKind.ED25519, literal("EdDSA"), literal("ES256"))),
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
                    .build())
            .nonce(NonceRule.RANDOM_HEX)
            .webSocket(WEB_SOCKET)
            .build();

    private CoinbaseCdp() {}
}
