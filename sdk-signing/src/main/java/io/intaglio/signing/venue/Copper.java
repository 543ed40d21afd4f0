package io.intaglio.signing.venue;

import static io.intaglio.signing.scheme.Parts.body;
import static io.intaglio.signing.scheme.Parts.concat;
import static io.intaglio.signing.scheme.Parts.hex;
import static io.intaglio.signing.scheme.Parts.keyId;
import static io.intaglio.signing.scheme.Parts.literal;
import static io.intaglio.signing.scheme.Parts.method;
import static io.intaglio.signing.scheme.Parts.millis;
import static io.intaglio.signing.scheme.Parts.pathAndQuery;
import static io.intaglio.signing.scheme.Parts.signature;
import static io.intaglio.signing.scheme.Places.header;
import static io.intaglio.signing.scheme.Places.parameter;

import io.intaglio.signing.key.Hash;
import io.intaglio.signing.key.SecretForm;
import io.intaglio.signing.scheme.Scheme;

/**
 * Copper: HMAC-SHA256 over milliseconds + method + path with query + body, hex.
 *
 * <p>Source: developer.copper.co, "Authentication". The time that is accepted is not documented.
 */
public final class Copper {
    /** The venue. */
    public static final Venue VENUE = Venue.named("copper")
            .confirmed(Confirmation.OFFICIAL)
            .baseUri("https://api.copper.co")
            .scheme(Scheme.named("copper")
                    .stamp(header("X-Timestamp"), millis())
                    .preHash(millis(), method(), pathAndQuery(), body())
                    .hmac(Hash.SHA256, SecretForm.UTF8)
                    .attach(header("Authorization"), concat(literal("ApiKey "), keyId()))
                    .attach(header("X-Signature"), hex(signature()))
                    .build())
            .orders(
                    request -> request.method().equals("POST") && request.path().equals("/platform/orders"),
                    parameter("externalOrderId"),
                    Dedup.NONE)
            .riskReducing(request -> false)
            .build();

    private Copper() {}
}
