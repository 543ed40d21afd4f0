package io.intaglio.signing.venue;

import static io.intaglio.signing.scheme.Parts.body;
import static io.intaglio.signing.scheme.Parts.hex;
import static io.intaglio.signing.scheme.Parts.keyId;
import static io.intaglio.signing.scheme.Parts.nonce;
import static io.intaglio.signing.scheme.Parts.signature;
import static io.intaglio.signing.scheme.Places.header;
import static io.intaglio.signing.scheme.Places.jsonField;

import io.intaglio.signing.key.Hash;
import io.intaglio.signing.key.SecretForm;
import io.intaglio.signing.scheme.Scheme;
import io.intaglio.signing.scheme.When;

/**
 * CoinSpot: HMAC-SHA512 over the JSON body, whose first member is the nonce as a number; hex.
 *
 * <p>Confirmed by vectors of a second implementation. Every signed call is a POST.
 */
public final class CoinSpot {
    /** The venue. */
    public static final Venue VENUE = Venue.named("coinspot")
            .confirmed(Confirmation.SECOND_IMPLEMENTATION)
            .baseUri("https://www.coinspot.com.au")
            .scheme(Scheme.named("coinspot")
                    .stamp(jsonField("nonce").first().asNumber(), nonce())
                    .preHash(body())
                    .hmac(Hash.SHA512, SecretForm.UTF8)
                    .attach(header("key"), keyId())
                    .attach(header("sign"), hex(signature()))
                    .publicWhen(When.pathStarts("/pubapi/"))
                    .build())
            .nonce(NonceRule.INCREASING_MILLIS)
            .build();

    private CoinSpot() {}
}
