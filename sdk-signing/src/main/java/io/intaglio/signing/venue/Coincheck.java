package io.intaglio.signing.venue;

import static io.intaglio.signing.scheme.Parts.body;
import static io.intaglio.signing.scheme.Parts.hex;
import static io.intaglio.signing.scheme.Parts.keyId;
import static io.intaglio.signing.scheme.Parts.nonce;
import static io.intaglio.signing.scheme.Parts.signature;
import static io.intaglio.signing.scheme.Parts.url;
import static io.intaglio.signing.scheme.Places.header;

import io.intaglio.signing.key.Hash;
import io.intaglio.signing.key.SecretForm;
import io.intaglio.signing.scheme.Scheme;
import io.intaglio.signing.scheme.When;

/**
 * Coincheck: nonce + whole URL with query + form by HMAC-SHA256 in hex. The nonce must rise with every request of a key.
 *
 * <p>Confirmed by vectors of a second implementation; parameters are sent sorted, which the venue does not ask for.
 */
public final class Coincheck {
    /** The venue. */
    public static final Venue VENUE = Venue.named("coincheck")
            .confirmed(Confirmation.SECOND_IMPLEMENTATION)
            .baseUri("https://coincheck.com")
            .scheme(Scheme.named("coincheck")
                    .sortParameters()
                    .contentType(When.always(), "application/x-www-form-urlencoded")
                    .stamp(header("ACCESS-NONCE"), nonce())
                    .preHash(nonce(), url(), body())
                    .hmac(Hash.SHA256, SecretForm.UTF8)
                    .attach(header("ACCESS-KEY"), keyId())
                    .attach(header("ACCESS-SIGNATURE"), hex(signature()))
                    .publicWhen(When.pathStarts("/api/ticker", "/api/trades", "/api/order_books", "/api/rate/"))
                    .build())
            .nonce(NonceRule.INCREASING_MICROS)
            .errorCodeAt("/error")
            .build();

    private Coincheck() {}
}
