package io.intaglio.signing.venue;

import static io.intaglio.signing.scheme.Parts.base64;
import static io.intaglio.signing.scheme.Parts.body;
import static io.intaglio.signing.scheme.Parts.host;
import static io.intaglio.signing.scheme.Parts.isoSeconds;
import static io.intaglio.signing.scheme.Parts.keyId;
import static io.intaglio.signing.scheme.Parts.lines;
import static io.intaglio.signing.scheme.Parts.method;
import static io.intaglio.signing.scheme.Parts.nonce;
import static io.intaglio.signing.scheme.Parts.path;
import static io.intaglio.signing.scheme.Parts.query;
import static io.intaglio.signing.scheme.Parts.signature;
import static io.intaglio.signing.scheme.Parts.when;
import static io.intaglio.signing.scheme.Places.header;

import io.intaglio.signing.key.Hash;
import io.intaglio.signing.key.SecretForm;
import io.intaglio.signing.scheme.Scheme;
import io.intaglio.signing.scheme.When;

/**
 * OX.FUN: HMAC-SHA256 over time, nonce, method, host, path and the query or the body, one a line, base64.
 *
 * <p>Confirmed by vectors of a second implementation. The nonce is an integer; that it has to rise is unconfirmed, the timestamp is UTC in
 * whole seconds.
 */
public final class OxFun {
    /** The venue. */
    public static final Venue VENUE = Venue.named("oxfun")
            .confirmed(Confirmation.SECOND_IMPLEMENTATION)
            .baseUri("https://api.ox.fun")
            .scheme(Scheme.named("oxfun")
                    .contentType(When.always(), "application/json")
                    .emptyBody(When.method("POST", "PUT", "DELETE"), "{}")
                    .emptyBody(When.always(), "")
                    .stamp(header("AccessKey"), keyId())
                    .stamp(header("Timestamp"), isoSeconds())
                    .stamp(header("Nonce"), nonce())
                    .preHash(lines(
                            isoSeconds(), nonce(), method(), host(), path(), when(When.method("GET"), query(), body())))
                    .hmac(Hash.SHA256, SecretForm.UTF8)
                    .attach(header("Signature"), base64(signature()))
                    .build())
            .nonce(NonceRule.INCREASING_MILLIS)
            .build();

    private OxFun() {}
}
