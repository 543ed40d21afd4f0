package io.intaglio.signing.venue;

import static io.intaglio.signing.scheme.Parts.body;
import static io.intaglio.signing.scheme.Parts.hex;
import static io.intaglio.signing.scheme.Parts.keyId;
import static io.intaglio.signing.scheme.Parts.method;
import static io.intaglio.signing.scheme.Parts.pathAndQuery;
import static io.intaglio.signing.scheme.Parts.seconds;
import static io.intaglio.signing.scheme.Parts.signature;
import static io.intaglio.signing.scheme.Places.header;

import io.intaglio.signing.key.Hash;
import io.intaglio.signing.key.SecretForm;
import io.intaglio.signing.scheme.Scheme;
import io.intaglio.signing.scheme.When;

/**
 * bitFlyer: seconds + method + path with query + JSON body by HMAC-SHA256 in hex.
 *
 * <p>Confirmed by vectors of a second implementation.
 */
public final class BitFlyer {
    /** The venue. */
    public static final Venue VENUE = Venue.named("bitflyer")
            .confirmed(Confirmation.SECOND_IMPLEMENTATION)
            .baseUri("https://api.bitflyer.com")
            .scheme(Scheme.named("bitflyer")
                    .contentType(When.always(), "application/json")
                    .emptyBody(When.always(), "")
                    .stamp(header("ACCESS-TIMESTAMP"), seconds())
                    .preHash(seconds(), method(), pathAndQuery(), body())
                    .hmac(Hash.SHA256, SecretForm.UTF8)
                    .attach(header("ACCESS-KEY"), keyId())
                    .attach(header("ACCESS-SIGN"), hex(signature()))
                    .publicWhen(When.pathStarts("/v1/me/").negate())
                    .build())
            .errorCodeAt("/status")
            .build();

    private BitFlyer() {}
}
