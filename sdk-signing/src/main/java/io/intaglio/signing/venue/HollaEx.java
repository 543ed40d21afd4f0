package io.intaglio.signing.venue;

import static io.intaglio.signing.scheme.Parts.body;
import static io.intaglio.signing.scheme.Parts.hex;
import static io.intaglio.signing.scheme.Parts.keyId;
import static io.intaglio.signing.scheme.Parts.method;
import static io.intaglio.signing.scheme.Parts.pathAndQuery;
import static io.intaglio.signing.scheme.Parts.secondsFromNow;
import static io.intaglio.signing.scheme.Parts.signature;
import static io.intaglio.signing.scheme.Places.header;

import io.intaglio.signing.key.Hash;
import io.intaglio.signing.key.SecretForm;
import io.intaglio.signing.scheme.Scheme;
import io.intaglio.signing.scheme.When;

/**
 * HollaEx: HMAC-SHA256 over method, path with query, expiry in seconds, and body; hex.
 *
 * <p>Attributes: {@code expiresInSeconds}, 60 unless given. Confirmed by vectors of a second implementation.
 */
public final class HollaEx {
    /** The venue. */
    public static final Venue VENUE = Venue.named("hollaex")
            .confirmed(Confirmation.SECOND_IMPLEMENTATION)
            .baseUri("https://api.hollaex.com")
            .scheme(Scheme.named("hollaex")
                    .contentType(When.method("POST"), "application/json")
                    .emptyBody(When.always(), "")
                    .stamp(header("api-expires"), secondsFromNow("expiresInSeconds", 60))
                    .preHash(method(), pathAndQuery(), secondsFromNow("expiresInSeconds", 60), body())
                    .hmac(Hash.SHA256, SecretForm.UTF8)
                    .attach(header("api-key"), keyId())
                    .attach(header("api-signature"), hex(signature()))
                    .publicWhen(When.pathStarts("/v2/ticker", "/v2/orderbook", "/v2/trades", "/v2/constants"))
                    .build())
            .build();

    private HollaEx() {}
}
