package io.intaglio.signing.venue;

import static io.intaglio.signing.scheme.Parts.credential;
import static io.intaglio.signing.scheme.Parts.keyId;
import static io.intaglio.signing.scheme.Places.header;
import static io.intaglio.signing.scheme.Places.parameter;

import io.intaglio.signing.scheme.Scheme;
import io.intaglio.signing.scheme.When;

/**
 * Alpaca: no signature. Key id and secret travel in two headers of every call, so only TLS keeps the secret.
 *
 * <p>Confirmed by vectors of a second implementation. The credential's secret is its value {@code secret}.
 */
public final class Alpaca {
    /** The venue. */
    public static final Venue VENUE = Venue.named("alpaca")
            .confirmed(Confirmation.SECOND_IMPLEMENTATION)
            .baseUri("https://api.alpaca.markets")
            .environment("paper", "https://paper-api.alpaca.markets")
            .scheme(Scheme.named("alpaca")
                    .emptyBody(When.always(), "")
                    .attach(header("APCA-API-KEY-ID"), keyId())
                    .attach(header("APCA-API-SECRET-KEY"), credential("secret"))
                    .build())
            .riskReducing(When.method("DELETE").and(When.pathStarts("/v2/orders", "/v2/positions")))
            .orders(
                    request -> request.method().equals("POST") && request.path().equals("/v2/orders"),
                    parameter("client_order_id"),
                    Dedup.NONE)
            .errorCodeAt("/code")
            .build();

    private Alpaca() {}
}
