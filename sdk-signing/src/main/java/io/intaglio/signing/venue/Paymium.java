package io.intaglio.signing.venue;

import static io.intaglio.signing.scheme.Parts.body;
import static io.intaglio.signing.scheme.Parts.hex;
import static io.intaglio.signing.scheme.Parts.keyId;
import static io.intaglio.signing.scheme.Parts.nonce;
import static io.intaglio.signing.scheme.Parts.query;
import static io.intaglio.signing.scheme.Parts.signature;
import static io.intaglio.signing.scheme.Parts.urlWithoutQuery;
import static io.intaglio.signing.scheme.Places.header;

import io.intaglio.signing.key.Hash;
import io.intaglio.signing.key.SecretForm;
import io.intaglio.signing.scheme.Scheme;
import io.intaglio.signing.scheme.When;

/**
 * Paymium: HMAC-SHA256 over nonce, address without query, query without {@code ?}, and body, hex.
 *
 * <p>Confirmed by vectors of a second implementation.
 */
public final class Paymium {
    /** The venue. */
    public static final Venue VENUE = Venue.named("paymium")
            .confirmed(Confirmation.SECOND_IMPLEMENTATION)
            .baseUri("https://paymium.com")
            .scheme(Scheme.named("paymium")
                    .emptyBody(When.always(), "")
                    .stamp(header("Api-Nonce"), nonce())
                    .preHash(nonce(), urlWithoutQuery(), query(), body())
                    .hmac(Hash.SHA256, SecretForm.UTF8)
                    .attach(header("Api-Key"), keyId())
                    .attach(header("Api-Signature"), hex(signature()))
                    .publicWhen(When.pathStarts("/api/v1/data/"))
                    .build())
            .nonce(NonceRule.INCREASING_MICROS)
            .build();

    private Paymium() {}
}
