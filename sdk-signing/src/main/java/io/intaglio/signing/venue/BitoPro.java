package io.intaglio.signing.venue;

import static io.intaglio.signing.scheme.Parts.base64;
import static io.intaglio.signing.scheme.Parts.body;
import static io.intaglio.signing.scheme.Parts.headerValue;
import static io.intaglio.signing.scheme.Parts.hex;
import static io.intaglio.signing.scheme.Parts.json;
import static io.intaglio.signing.scheme.Parts.keyId;
import static io.intaglio.signing.scheme.Parts.nonce;
import static io.intaglio.signing.scheme.Parts.signature;
import static io.intaglio.signing.scheme.Parts.when;
import static io.intaglio.signing.scheme.Places.header;

import io.intaglio.signing.key.Hash;
import io.intaglio.signing.key.SecretForm;
import io.intaglio.signing.scheme.Member;
import io.intaglio.signing.scheme.Scheme;
import io.intaglio.signing.scheme.When;

/**
 * BitoPro: the base64 text of the JSON body, or of an object with the nonce for calls without a body, travels in a header and is signed by
 * HMAC-SHA384 in hex; the query is not signed.
 *
 * <p>Confirmed by vectors of a second implementation. The venue's documentation also speaks of an identity and a nonce in every payload,
 * which is unconfirmed: give them as members where the venue asks.
 */
public final class BitoPro {
    /** The venue. */
    public static final Venue VENUE = Venue.named("bitopro")
            .confirmed(Confirmation.SECOND_IMPLEMENTATION)
            .baseUri("https://api.bitopro.com")
            .scheme(Scheme.named("bitopro")
                    .emptyBody(When.method("POST", "PUT"), "{}")
                    .stamp(
                            header("X-BITOPRO-PAYLOAD"),
                            base64(when(When.method("POST", "PUT"), body(), json(Member.value("nonce", nonce())))))
                    .preHash(headerValue("X-BITOPRO-PAYLOAD"))
                    .hmac(Hash.SHA384, SecretForm.UTF8)
                    .attach(header("X-BITOPRO-APIKEY"), keyId())
                    .attach(header("X-BITOPRO-SIGNATURE"), hex(signature()))
                    .publicWhen(When.pathStarts("/v3/provisioning/", "/v3/tickers", "/v3/order-book/", "/v3/trades/"))
                    .build())
            .nonce(NonceRule.INCREASING_MILLIS)
            .errorCodeAt("/error")
            .build();

    private BitoPro() {}
}
