package io.intaglio.signing.venue;

import static io.intaglio.signing.scheme.Parts.base64;
import static io.intaglio.signing.scheme.Parts.body;
import static io.intaglio.signing.scheme.Parts.concat;
import static io.intaglio.signing.scheme.Parts.contentType;
import static io.intaglio.signing.scheme.Parts.host;
import static io.intaglio.signing.scheme.Parts.join;
import static io.intaglio.signing.scheme.Parts.joinNonEmpty;
import static io.intaglio.signing.scheme.Parts.keyId;
import static io.intaglio.signing.scheme.Parts.literal;
import static io.intaglio.signing.scheme.Parts.method;
import static io.intaglio.signing.scheme.Parts.millis;
import static io.intaglio.signing.scheme.Parts.nonce;
import static io.intaglio.signing.scheme.Parts.path;
import static io.intaglio.signing.scheme.Parts.query;
import static io.intaglio.signing.scheme.Parts.sha256;
import static io.intaglio.signing.scheme.Parts.signature;
import static io.intaglio.signing.scheme.Places.header;

import io.intaglio.signing.key.Hash;
import io.intaglio.signing.key.SecretForm;
import io.intaglio.signing.scheme.Scheme;
import java.time.Duration;

/**
 * Taurus TDX: HMAC-SHA256 over the base64 text of SHA-256 of {@code TDXV1}, key id, nonce, milliseconds, method, host, path, query, content
 * type and body, joined by blanks without those that are empty; base64. The secret is hex.
 *
 * <p>Every installation has an address of its own, so give it with {@link Venue#at}. Source: docs.taurushq.com, TDX, "Authentication".
 * The vectors are of a plain second computation.
 */
public final class TaurusTdx {
    /** The venue. */
    public static final Venue VENUE = Venue.named("taurustdx")
            .confirmed(Confirmation.OFFICIAL)
            .baseUri("https://tdx.invalid")
            .scheme(Scheme.named("taurustdx")
                    .preHash(base64(sha256(joinNonEmpty(
                            " ",
                            literal("TDXV1"),
                            keyId(),
                            nonce(),
                            millis(),
                            method(),
                            host(),
                            path(),
                            query(),
                            contentType(),
                            body()))))
                    .hmac(Hash.SHA256, SecretForm.HEX)
                    .attach(
                            header("Authorization"),
                            join(
                                    " ",
                                    literal("TDXV1-HMAC-SHA256"),
                                    concat(literal("ApiKey="), keyId()),
                                    concat(literal("Nonce="), nonce()),
                                    concat(literal("Timestamp="), millis()),
                                    concat(literal("Signature="), base64(signature()))))
                    .build())
            .nonce(NonceRule.UUID)
            .window(Duration.ofSeconds(150), Duration.ofSeconds(150))
            .riskReducing(request -> false)
            .build();

    private TaurusTdx() {}
}
