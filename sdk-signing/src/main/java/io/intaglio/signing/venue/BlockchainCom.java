package io.intaglio.signing.venue;

import static io.intaglio.signing.scheme.Parts.credential;
import static io.intaglio.signing.scheme.Places.header;
import static io.intaglio.signing.scheme.Places.jsonField;

import io.intaglio.signing.scheme.Scheme;
import io.intaglio.signing.scheme.When;

/**
 * Blockchain.com Exchange: no signature. The secret travels in a header of every call, so only TLS keeps it.
 *
 * <p>Confirmed by vectors of a second implementation; the credential's secret is its value {@code secret}. A client order id has at most
 * 20 characters, which is unconfirmed.
 */
public final class BlockchainCom {
    /** The venue. */
    public static final Venue VENUE = Venue.named("blockchaincom")
            .confirmed(Confirmation.SECOND_IMPLEMENTATION)
            .baseUri("https://api.blockchain.com")
            .scheme(Scheme.named("blockchaincom")
                    .contentType(When.method("GET").negate(), "application/json")
                    .emptyBody(When.method("GET").negate(), "{}")
                    .attach(header("X-API-Token"), credential("secret"))
                    .publicWhen(When.pathStarts(
                            "/v3/exchange/symbols", "/v3/exchange/tickers", "/v3/exchange/l2", "/v3/exchange/l3"))
                    .build())
            .orders(
                    request -> request.method().equals("POST") && request.path().equals("/v3/exchange/orders"),
                    jsonField("clOrdId"),
                    Dedup.NONE)
            .orderIds(OrderIdForm.NUMBER)
            .build();

    private BlockchainCom() {}
}
