package io.intaglio.signing.venue;

import static io.intaglio.signing.scheme.Parts.base64Url;
import static io.intaglio.signing.scheme.Parts.body;
import static io.intaglio.signing.scheme.Parts.concat;
import static io.intaglio.signing.scheme.Parts.hex;
import static io.intaglio.signing.scheme.Parts.join;
import static io.intaglio.signing.scheme.Parts.json;
import static io.intaglio.signing.scheme.Parts.jwt;
import static io.intaglio.signing.scheme.Parts.keyId;
import static io.intaglio.signing.scheme.Parts.literal;
import static io.intaglio.signing.scheme.Parts.nonce;
import static io.intaglio.signing.scheme.Parts.pathAndQuery;
import static io.intaglio.signing.scheme.Parts.preHash;
import static io.intaglio.signing.scheme.Parts.seconds;
import static io.intaglio.signing.scheme.Parts.secondsFromNow;
import static io.intaglio.signing.scheme.Parts.sha256;
import static io.intaglio.signing.scheme.Parts.signature;
import static io.intaglio.signing.scheme.Parts.when;
import static io.intaglio.signing.scheme.Places.header;

import io.intaglio.signing.key.Hash;
import io.intaglio.signing.scheme.Member;
import io.intaglio.signing.scheme.Scheme;
import io.intaglio.signing.scheme.When;
import java.time.Duration;

/**
 * Fireblocks: a JWT for every request, RS256, bound to path with query and to the SHA-256 of the body. The body of a DELETE is not hashed,
 * as in the official TypeScript SDK.
 *
 * <p>Attributes: {@code expiresInSeconds}, 55 unless given; the documentation's prose says under 30, the official SDKs send 55. The
 * {@code Idempotency-Key} header is kept 24 hours, which is unconfirmed. Sources: developers.fireblocks.com and the official SDKs.
 */
public final class Fireblocks {
    /** The venue. */
    public static final Venue VENUE = Venue.named("fireblocks")
            .confirmed(Confirmation.OFFICIAL)
            .baseUri("https://api.fireblocks.io")
            .environment("sandbox", "https://sandbox-api.fireblocks.io")
            .scheme(Scheme.named("fireblocks")
                    .preHash(jwt(
                            json(Member.text("alg", "RS256"), Member.text("typ", "JWT")),
                            json(
                                    Member.text("uri", pathAndQuery()),
                                    Member.text("nonce", nonce()),
                                    Member.value("iat", seconds()),
                                    Member.value("exp", secondsFromNow("expiresInSeconds", 55)),
                                    Member.text("sub", keyId()),
                                    Member.text(
                                            "bodyHash",
                                            hex(sha256(
                                                    when(When.method("DELETE").negate(), body())))))))
                    .rsa(Hash.SHA256)
                    .attach(header("X-API-Key"), keyId())
                    .attach(
                            header("Authorization"),
                            join(".", concat(literal("Bearer "), preHash()), base64Url(signature())))
                    .build())
            .nonce(NonceRule.UUID)
            .window(Duration.ofSeconds(30), Duration.ofSeconds(30))
            .orders(
                    request -> request.method().equals("POST") && request.path().startsWith("/v1/transactions"),
                    header("Idempotency-Key"),
                    Dedup.ALL_ORDERS)
            .errorCodeAt("/code")
            .errors(Meaning.BAD_SIGNATURE, "-1")
            .errors(Meaning.BAD_KEY, "-7")
            .riskReducing(When.method("POST")
                    .and(When.pathStarts("/v1/transactions/"))
                    .and(When.pathEnds("/cancel")))
            .withdrawals(Withdrawals.by("POST /v1/transactions")
                    .to(
                            "destination/id",
                            "destination/walletId",
                            "destination/oneTimeAddress/address",
                            "destinations/*/destination/id",
                            "destinations/*/destination/walletId",
                            "destinations/*/destination/oneTimeAddress/address")
                    .tagged("destination/oneTimeAddress/tag", "destinations/*/destination/oneTimeAddress/tag")
                    .readableWhen(request ->
                            FieldPath.textOr(request, "operation", "TRANSFER").equals("TRANSFER")))
            .build();

    private Fireblocks() {}
}
