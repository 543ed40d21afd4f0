package io.intaglio.signing.venue;

import static io.intaglio.signing.scheme.Parts.base64;
import static io.intaglio.signing.scheme.Parts.concat;
import static io.intaglio.signing.scheme.Parts.credential;
import static io.intaglio.signing.scheme.Parts.join;
import static io.intaglio.signing.scheme.Parts.keyId;
import static io.intaglio.signing.scheme.Parts.literal;
import static io.intaglio.signing.scheme.Places.header;
import static io.intaglio.signing.scheme.Places.param;

import io.intaglio.signing.scheme.Scheme;
import io.intaglio.signing.scheme.When;

/**
 * Luno: HTTP Basic with key id and secret; nothing is signed, so the credential needs the secret as its value {@code secret}. Parameters travel
 * in the query, of a POST too.
 *
 * <p>Source: Luno API documentation. A client order id must be unique among all orders ever created; a repeated one is answered with HTTP 409.
 */
public final class Luno {
    /** The venue. */
    public static final Venue VENUE = Venue.named("luno")
            .confirmed(Confirmation.SECOND_IMPLEMENTATION)
            .baseUri("https://api.luno.com")
            .scheme(Scheme.named("luno")
                    .attach(
                            header("Authorization"),
                            concat(literal("Basic "), base64(join(":", keyId(), credential("secret")))))
                    .publicWhen(When.pathStarts("/api/1/ticker", "/api/1/orderbook", "/api/1/trades"))
                    .build())
            .riskReducing(When.pathStarts("/api/1/stoporder"))
            .orders(
                    request -> request.path().equals("/api/1/postorder")
                            || request.path().equals("/api/1/marketorder"),
                    param("client_order_id"),
                    Dedup.ALL_ORDERS)
            .errorCodeAt("/error_code")
            .build();

    private Luno() {}
}
