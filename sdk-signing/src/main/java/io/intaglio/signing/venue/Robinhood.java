package io.intaglio.signing.venue;

import static io.intaglio.signing.scheme.Parts.base64;
import static io.intaglio.signing.scheme.Parts.body;
import static io.intaglio.signing.scheme.Parts.keyId;
import static io.intaglio.signing.scheme.Parts.method;
import static io.intaglio.signing.scheme.Parts.pathAndQuery;
import static io.intaglio.signing.scheme.Parts.seconds;
import static io.intaglio.signing.scheme.Parts.signature;
import static io.intaglio.signing.scheme.Places.header;
import static io.intaglio.signing.scheme.Places.parameter;

import io.intaglio.signing.scheme.Scheme;
import java.time.Duration;

/**
 * Robinhood Crypto: Ed25519 over key id + seconds + path with query + method + body, base64. The path comes before the method.
 *
 * <p>Unconfirmed by an official page that could be read; several public clients quote the official example, and it verifies. The window is
 * unconfirmed too.
 */
public final class Robinhood {
    /** The venue. */
    public static final Venue VENUE = Venue.named("robinhood")
            .confirmed(Confirmation.SECOND_IMPLEMENTATION)
            .baseUri("https://trading.robinhood.com")
            .scheme(Scheme.named("robinhood")
                    .stamp(header("x-timestamp"), seconds())
                    .preHash(keyId(), seconds(), pathAndQuery(), method(), body())
                    .ed25519()
                    .attach(header("x-api-key"), keyId())
                    .attach(header("x-signature"), base64(signature()))
                    .build())
            .window(Duration.ofSeconds(30), Duration.ofSeconds(30))
            .orders(
                    request ->
                            request.method().equals("POST") && request.path().equals("/api/v1/crypto/trading/orders/"),
                    parameter("client_order_id"),
                    Dedup.NONE)
            .orderIds(OrderIdForm.UUID)
            .limit(Limit.leaky("calls", Limit.Scope.KEY, 300, Duration.ofMinutes(3)))
            .build();

    private Robinhood() {}
}
