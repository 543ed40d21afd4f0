package io.intaglio.signing.venue;

import static io.intaglio.signing.scheme.Parts.base64UrlPadded;
import static io.intaglio.signing.scheme.Parts.host;
import static io.intaglio.signing.scheme.Parts.isoMicros;
import static io.intaglio.signing.scheme.Parts.keyId;
import static io.intaglio.signing.scheme.Parts.lines;
import static io.intaglio.signing.scheme.Parts.method;
import static io.intaglio.signing.scheme.Parts.path;
import static io.intaglio.signing.scheme.Parts.signature;
import static io.intaglio.signing.scheme.Places.header;

import io.intaglio.signing.key.Hash;
import io.intaglio.signing.key.SecretForm;
import io.intaglio.signing.scheme.Scheme;

/**
 * Kraken Prime: the headers of the WebSocket handshake, which is signed as a GET: HMAC-SHA256 over method, UTC time in microseconds, host and
 * path, one a line; URL-safe base64 with padding.
 *
 * <p>Source: docs.kraken.com, Prime, "WebSocket authentication". The vectors are of a plain second computation. Its prose says base64 and its
 * sample URL-safe base64; this follows the sample.
 */
public final class KrakenPrime {
    /** The venue. */
    public static final Venue VENUE = Venue.named("krakenprime")
            .baseUri("https://wss.prime.kraken.com")
            .environment("sandbox", "https://wss.sandbox.prime.kraken.com")
            .scheme(Scheme.named("krakenprime")
                    .stamp(header("ApiTimestamp"), isoMicros())
                    .preHash(lines(method(), isoMicros(), host(), path()))
                    .hmac(Hash.SHA256, SecretForm.UTF8)
                    .attach(header("ApiKey"), keyId())
                    .attach(header("ApiSign"), base64UrlPadded(signature()))
                    .build())
            .build();

    private KrakenPrime() {}
}
