package io.intaglio.signing.venue;

import static io.intaglio.signing.scheme.Parts.base64UrlPadded;
import static io.intaglio.signing.scheme.Parts.body;
import static io.intaglio.signing.scheme.Parts.concat;
import static io.intaglio.signing.scheme.Parts.host;
import static io.intaglio.signing.scheme.Parts.isoMicros;
import static io.intaglio.signing.scheme.Parts.keyId;
import static io.intaglio.signing.scheme.Parts.lines;
import static io.intaglio.signing.scheme.Parts.literal;
import static io.intaglio.signing.scheme.Parts.method;
import static io.intaglio.signing.scheme.Parts.path;
import static io.intaglio.signing.scheme.Parts.prefixed;
import static io.intaglio.signing.scheme.Parts.query;
import static io.intaglio.signing.scheme.Parts.signature;
import static io.intaglio.signing.scheme.Parts.when;
import static io.intaglio.signing.scheme.Places.header;
import static io.intaglio.signing.scheme.Places.parameter;

import io.intaglio.signing.key.Hash;
import io.intaglio.signing.key.SecretForm;
import io.intaglio.signing.scheme.Scheme;
import io.intaglio.signing.scheme.When;

/**
 * Talos: HMAC-SHA256 over method, UTC time in microseconds, host and path, one a line, then the query of a GET or DELETE, if there is one,
 * or the body of another call; URL-safe base64 with padding. The WebSocket handshake is signed in the same way, as a GET of {@code /ws/v1}.
 *
 * <p>Every customer has an address of its own, so give it with {@link Venue#at}. The rule is unconfirmed: it is what independent third-party
 * clients send. The vectors are of a plain second computation. The place of the client order id is unconfirmed.
 */
public final class Talos {
    /** The venue. */
    public static final Venue VENUE = Venue.named("talos")
            .baseUri("https://talos.invalid")
            .scheme(Scheme.named("talos")
                    .stamp(header("TALOS-TS"), isoMicros())
                    .preHash(
                            lines(method(), isoMicros(), host(), path()),
                            when(When.method("GET", "DELETE"), prefixed("\n", query()), concat(literal("\n"), body())))
                    .hmac(Hash.SHA256, SecretForm.UTF8)
                    .attach(header("TALOS-KEY"), keyId())
                    .attach(header("TALOS-SIGN"), base64UrlPadded(signature()))
                    .build())
            .orders(
                    request -> request.method().equals("POST") && request.path().equals("/v1/orders"),
                    parameter("ClOrdID"),
                    Dedup.NONE)
            .build();

    private Talos() {}
}
