package io.intaglio.signing.venue;

import static io.intaglio.signing.scheme.Parts.allFields;
import static io.intaglio.signing.scheme.Parts.hex;
import static io.intaglio.signing.scheme.Parts.keyId;
import static io.intaglio.signing.scheme.Parts.literal;
import static io.intaglio.signing.scheme.Parts.method;
import static io.intaglio.signing.scheme.Parts.path;
import static io.intaglio.signing.scheme.Parts.signature;
import static io.intaglio.signing.scheme.Places.header;
import static io.intaglio.signing.scheme.Places.parameter;

import io.intaglio.signing.key.Hash;
import io.intaglio.signing.key.SecretForm;
import io.intaglio.signing.scheme.Scheme;
import io.intaglio.signing.scheme.When;
import java.time.Duration;

/**
 * LATOKEN v2: HMAC-SHA512 over method, path and the encoded parameters, hex; the members of a JSON body are signed as if they were a query
 * string. No time is signed.
 *
 * <p>Confirmed by vectors of a second implementation; the time endpoint is unconfirmed.
 */
public final class Latoken {
    /** The venue. */
    public static final Venue VENUE = Venue.named("latoken")
            .confirmed(Confirmation.SECOND_IMPLEMENTATION)
            .baseUri("https://api.latoken.com")
            .scheme(Scheme.named("latoken")
                    .emptyBody(When.method("POST"), "{}")
                    .preHash(method(), path(), allFields())
                    .hmac(Hash.SHA512, SecretForm.UTF8)
                    .attach(header("X-LA-APIKEY"), keyId())
                    .attach(header("X-LA-SIGNATURE"), hex(signature()))
                    .attach(header("X-LA-DIGEST"), literal("HMAC-SHA512"))
                    .build())
            .time("/v2/time", "/serverTime", Duration.ofMillis(1))
            .orders(request -> request.path().equals("/v2/auth/order/place"), parameter("clientOrderId"), Dedup.NONE)
            .errorCodeAt("/error")
            .build();

    private Latoken() {}
}
