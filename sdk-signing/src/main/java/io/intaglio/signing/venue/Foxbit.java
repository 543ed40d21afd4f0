package io.intaglio.signing.venue;

import static io.intaglio.signing.scheme.Parts.body;
import static io.intaglio.signing.scheme.Parts.hex;
import static io.intaglio.signing.scheme.Parts.keyId;
import static io.intaglio.signing.scheme.Parts.method;
import static io.intaglio.signing.scheme.Parts.millis;
import static io.intaglio.signing.scheme.Parts.path;
import static io.intaglio.signing.scheme.Parts.queryFields;
import static io.intaglio.signing.scheme.Parts.signature;
import static io.intaglio.signing.scheme.Places.header;
import static io.intaglio.signing.scheme.Places.parameter;

import io.intaglio.signing.key.Hash;
import io.intaglio.signing.key.SecretForm;
import io.intaglio.signing.scheme.Scheme;
import io.intaglio.signing.scheme.When;

/**
 * Foxbit v3: HMAC-SHA256 over milliseconds, method, path, the plain query without {@code ?}, and body; hex. The query is sent encoded.
 *
 * <p>Confirmed by vectors of a second implementation; the client order id is unconfirmed.
 */
public final class Foxbit {
    /** The venue. */
    public static final Venue VENUE = Venue.named("foxbit")
            .confirmed(Confirmation.SECOND_IMPLEMENTATION)
            .baseUri("https://api.foxbit.com.br")
            .scheme(Scheme.named("foxbit")
                    .contentType(When.always(), "application/json")
                    .stamp(header("X-FB-ACCESS-TIMESTAMP"), millis())
                    .preHash(millis(), method(), path(), queryFields().raw(), body())
                    .hmac(Hash.SHA256, SecretForm.UTF8)
                    .attach(header("X-FB-ACCESS-KEY"), keyId())
                    .attach(header("X-FB-ACCESS-SIGNATURE"), hex(signature()))
                    .build())
            .orders(
                    request -> request.method().equals("POST") && request.path().equals("/rest/v3/orders"),
                    parameter("client_order_id"),
                    Dedup.NONE)
            .build();

    private Foxbit() {}
}
