package io.intaglio.signing.venue;

import static io.intaglio.signing.scheme.Parts.concat;
import static io.intaglio.signing.scheme.Parts.keyId;
import static io.intaglio.signing.scheme.Parts.literal;
import static io.intaglio.signing.scheme.Places.header;

import io.intaglio.signing.scheme.Scheme;
import io.intaglio.signing.scheme.When;

/**
 * One Trading: no signature. The key id is the bearer token itself, so keep it as secret as a key.
 *
 * <p>Confirmed by vectors of a second implementation.
 */
public final class OneTrading {
    /** The venue. */
    public static final Venue VENUE = Venue.named("onetrading")
            .confirmed(Confirmation.SECOND_IMPLEMENTATION)
            .baseUri("https://api.onetrading.com")
            .scheme(Scheme.named("onetrading")
                    .contentType(When.method("POST"), "application/json")
                    .emptyBody(When.method("POST"), "{}")
                    .attach(header("Accept"), literal("application/json"))
                    .attach(header("Authorization"), concat(literal("Bearer "), keyId()))
                    .publicWhen(When.pathStarts("/fast/v1/currencies", "/fast/v1/instruments", "/fast/v1/time"))
                    .build())
            .build();

    private OneTrading() {}
}
