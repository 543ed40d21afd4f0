package io.intaglio.signing.venue;

import static io.intaglio.signing.scheme.Parts.allFields;
import static io.intaglio.signing.scheme.Parts.attribute;
import static io.intaglio.signing.scheme.Parts.base64;
import static io.intaglio.signing.scheme.Parts.keyId;
import static io.intaglio.signing.scheme.Parts.literal;
import static io.intaglio.signing.scheme.Parts.millis;
import static io.intaglio.signing.scheme.Parts.signature;
import static io.intaglio.signing.scheme.Parts.when;
import static io.intaglio.signing.scheme.Places.header;

import io.intaglio.signing.scheme.Part;
import io.intaglio.signing.scheme.Scheme;
import io.intaglio.signing.scheme.When;
import java.time.Duration;

/**
 * Backpack: Ed25519 over the instruction's name, the sorted parameters of query and body, milliseconds and window, written as a query
 * string; a batch repeats instruction and parameters for every order. The key id is the base64 public key.
 *
 * <p>Attributes: {@code instruction}, such as {@code orderExecute}, required; {@code window} or {@code recvWindow}, milliseconds, 5000
 * unless given, at most 60000. Source: independent clients agree on the text. Whether values are signed percent-encoded, as here, or plain
 * is unconfirmed; it makes no difference for letters, digits and {@code -._~}.
 */
public final class Backpack {
    private static final Part WINDOW =
            when(When.attribute("window"), attribute("window"), attribute("recvWindow", "5000"));

    /** The venue. */
    public static final Venue VENUE = Venue.named("backpack")
            .baseUri("https://api.backpack.exchange")
            .scheme(Scheme.named("backpack")
                    .sortParameters()
                    .contentType(When.method("GET").negate(), "application/json")
                    .emptyBody(When.method("GET").negate(), "{}")
                    .stamp(header("X-Timestamp"), millis())
                    .stamp(header("X-Window"), WINDOW)
                    .preHash(
                            allFields().sorted().headed("instruction", attribute("instruction")),
                            literal("&timestamp="),
                            millis(),
                            literal("&window="),
                            WINDOW)
                    .ed25519()
                    .attach(header("X-API-Key"), keyId())
                    .attach(header("X-Signature"), base64(signature()))
                    .publicWhen(When.pathStarts(
                            "/api/v1/assets",
                            "/api/v1/markets",
                            "/api/v1/ticker",
                            "/api/v1/depth",
                            "/api/v1/klines",
                            "/api/v1/trades",
                            "/api/v1/status",
                            "/api/v1/ping",
                            "/api/v1/time"))
                    .build())
            .window(Duration.ofSeconds(5), Duration.ofSeconds(5))
            .errorCodeAt("/code")
            .riskReducing(When.method("DELETE").and(When.pathStarts("/api/v1/order")))
            .build();

    private Backpack() {}
}
