package io.intaglio.signing.venue;

import static io.intaglio.signing.scheme.Parts.attribute;
import static io.intaglio.signing.scheme.Parts.base64;
import static io.intaglio.signing.scheme.Parts.body;
import static io.intaglio.signing.scheme.Parts.concat;
import static io.intaglio.signing.scheme.Parts.hex;
import static io.intaglio.signing.scheme.Parts.join;
import static io.intaglio.signing.scheme.Parts.keyId;
import static io.intaglio.signing.scheme.Parts.literal;
import static io.intaglio.signing.scheme.Parts.method;
import static io.intaglio.signing.scheme.Parts.millis;
import static io.intaglio.signing.scheme.Parts.pathAndQuery;
import static io.intaglio.signing.scheme.Parts.prefixed;
import static io.intaglio.signing.scheme.Parts.signature;
import static io.intaglio.signing.scheme.Parts.when;
import static io.intaglio.signing.scheme.Places.header;
import static io.intaglio.signing.scheme.Places.parameter;

import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.key.Hash;
import io.intaglio.signing.key.SecretForm;
import io.intaglio.signing.scheme.Scheme;
import io.intaglio.signing.scheme.When;
import java.time.Duration;
import java.util.function.Predicate;

/**
 * HitBTC v3: HMAC-SHA256 over method, path with query, body and milliseconds; key id, hex signature and time travel as one base64 text in the
 * Authorization header.
 *
 * <p>Attributes: {@code recvWindow}, milliseconds, signed last and sent as a fourth value; 10 s when absent (unconfirmed). Rule by a
 * description of a second implementation, without its vectors; the codes are unconfirmed.
 */
public final class HitBtc {
    private static final Predicate<ApiRequest> WINDOW = When.attribute("recvWindow");

    /** The venue. */
    public static final Venue VENUE = Venue.named("hitbtc")
            .baseUri("https://api.hitbtc.com")
            .environment("demo", "https://api.demo.hitbtc.com")
            .scheme(Scheme.named("hitbtc")
                    .contentType(When.always(), "application/json")
                    .emptyBody(When.method("GET").negate(), "{}")
                    .preHash(method(), pathAndQuery(), body(), millis(), when(WINDOW, attribute("recvWindow")))
                    .hmac(Hash.SHA256, SecretForm.UTF8)
                    .attach(
                            header("Authorization"),
                            concat(
                                    literal("HS256 "),
                                    base64(join(
                                            ":",
                                            keyId(),
                                            hex(signature()),
                                            concat(millis(), when(WINDOW, prefixed(":", attribute("recvWindow"))))))))
                    .publicWhen(When.pathStarts("/api/3/public/"))
                    .build())
            .window(Duration.ofSeconds(10), Duration.ofSeconds(10))
            .orders(
                    request -> request.method().equals("POST") && request.path().endsWith("/order"),
                    parameter("client_order_id"),
                    Dedup.NONE)
            .errorCodeAt("/error/code")
            .errors(Meaning.THROTTLED, "429")
            .errors(Meaning.BAD_KEY, "1001", "1002", "1003", "1004")
            .build();

    private HitBtc() {}
}
