package io.intaglio.signing.venue;

import static io.intaglio.signing.scheme.Parts.body;
import static io.intaglio.signing.scheme.Parts.concat;
import static io.intaglio.signing.scheme.Parts.contentType;
import static io.intaglio.signing.scheme.Parts.hex;
import static io.intaglio.signing.scheme.Parts.host;
import static io.intaglio.signing.scheme.Parts.keyId;
import static io.intaglio.signing.scheme.Parts.literal;
import static io.intaglio.signing.scheme.Parts.method;
import static io.intaglio.signing.scheme.Parts.millis;
import static io.intaglio.signing.scheme.Parts.nonce;
import static io.intaglio.signing.scheme.Parts.path;
import static io.intaglio.signing.scheme.Parts.prefixed;
import static io.intaglio.signing.scheme.Parts.query;
import static io.intaglio.signing.scheme.Parts.signature;
import static io.intaglio.signing.scheme.Places.header;
import static io.intaglio.signing.scheme.Places.parameter;

import io.intaglio.signing.key.Hash;
import io.intaglio.signing.key.SecretForm;
import io.intaglio.signing.scheme.Part;
import io.intaglio.signing.scheme.Scheme;
import io.intaglio.signing.scheme.When;
import java.time.Duration;

/**
 * Bitstamp v2: HMAC-SHA256 over key, method, host, path, content type, nonce, milliseconds, version and body, hex. The content type is signed
 * and sent only with a body. The nonce is a UUID, unique within 150 seconds.
 *
 * <p>Confirmed by vectors of a second implementation; window and response signature are unconfirmed.
 */
public final class Bitstamp {
    private static final Part BITSTAMP_KEY = concat(literal("BITSTAMP "), keyId());

    /** The venue. */
    public static final Venue VENUE = Venue.named("bitstamp")
            .confirmed(Confirmation.SECOND_IMPLEMENTATION)
            .baseUri("https://www.bitstamp.net")
            .scheme(Scheme.named("bitstamp")
                    .stamp(header("X-Auth"), BITSTAMP_KEY)
                    .stamp(header("X-Auth-Nonce"), nonce())
                    .stamp(header("X-Auth-Timestamp"), millis())
                    .stamp(header("X-Auth-Version"), literal("v2"))
                    .preHash(
                            BITSTAMP_KEY,
                            method(),
                            host(),
                            path(),
                            prefixed("?", query()),
                            contentType(),
                            nonce(),
                            millis(),
                            literal("v2"),
                            body())
                    .hmac(Hash.SHA256, SecretForm.UTF8)
                    .attach(header("X-Auth-Signature"), hex(signature()))
                    .build())
            .nonce(NonceRule.UUID)
            .window(Duration.ofSeconds(150), Duration.ofSeconds(150))
            .riskReducing(When.pathStarts("/api/v2/cancel_"))
            .orders(
                    request -> request.path().startsWith("/api/v2/buy/")
                            || request.path().startsWith("/api/v2/sell/"),
                    parameter("client_order_id"),
                    Dedup.NONE)
            .errorCodeAt("/code")
            .errors(Meaning.BAD_SIGNATURE, "API0005")
            .limit(Limit.rolling("calls in a second", Limit.Scope.IP, 400, Duration.ofSeconds(1)))
            .limit(Limit.rolling("calls in 10 min", Limit.Scope.IP, 10_000, Duration.ofMinutes(10)))
            .build();

    private Bitstamp() {}
}
