package io.intaglio.signing.venue;

import static io.intaglio.signing.scheme.Parts.body;
import static io.intaglio.signing.scheme.Parts.concat;
import static io.intaglio.signing.scheme.Parts.fullPath;
import static io.intaglio.signing.scheme.Parts.hex;
import static io.intaglio.signing.scheme.Parts.join;
import static io.intaglio.signing.scheme.Parts.keyId;
import static io.intaglio.signing.scheme.Parts.literal;
import static io.intaglio.signing.scheme.Parts.method;
import static io.intaglio.signing.scheme.Parts.nonce;
import static io.intaglio.signing.scheme.Parts.prefixed;
import static io.intaglio.signing.scheme.Parts.query;
import static io.intaglio.signing.scheme.Parts.signature;
import static io.intaglio.signing.scheme.Places.header;
import static io.intaglio.signing.scheme.Places.jsonField;

import io.intaglio.signing.key.Hash;
import io.intaglio.signing.key.SecretForm;
import io.intaglio.signing.scheme.Scheme;
import io.intaglio.signing.scheme.When;

/**
 * Bitso: nonce + method + path with query + JSON body by HMAC-SHA256 in hex; key id, nonce and signature travel in one Authorization
 * header. The path is the whole one on the wire, {@code /api} included.
 *
 * <p>Source: the venue's documentation as described by a second implementation; the client order id and the error codes are unconfirmed.
 */
public final class Bitso {
    /** The venue. */
    public static final Venue VENUE = Venue.named("bitso")
            .baseUri("https://bitso.com")
            .scheme(Scheme.named("bitso")
                    .emptyBody(When.always(), "")
                    .preHash(nonce(), method(), fullPath(), prefixed("?", query()), body())
                    .hmac(Hash.SHA256, SecretForm.UTF8)
                    .attach(
                            header("Authorization"),
                            join(":", concat(literal("Bitso "), keyId()), nonce(), hex(signature())))
                    .build())
            .nonce(NonceRule.INCREASING_MILLIS)
            .riskReducing(When.method("DELETE").and(When.pathStarts("/api/v3/orders")))
            .orders(
                    request -> request.method().equals("POST") && request.path().equals("/api/v3/orders"),
                    jsonField("client_id"),
                    Dedup.NONE)
            .errorCodeAt("/error/code")
            .errors(Meaning.BAD_NONCE, "104")
            .errors(Meaning.BAD_SIGNATURE, "0201")
            .build();

    private Bitso() {}
}
