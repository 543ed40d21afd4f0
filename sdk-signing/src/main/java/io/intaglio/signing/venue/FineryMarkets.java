package io.intaglio.signing.venue;

import static io.intaglio.signing.scheme.Parts.base64;
import static io.intaglio.signing.scheme.Parts.body;
import static io.intaglio.signing.scheme.Parts.keyId;
import static io.intaglio.signing.scheme.Parts.lastPathSegment;
import static io.intaglio.signing.scheme.Parts.millis;
import static io.intaglio.signing.scheme.Parts.nonce;
import static io.intaglio.signing.scheme.Parts.signature;
import static io.intaglio.signing.scheme.Places.header;
import static io.intaglio.signing.scheme.Places.jsonField;

import io.intaglio.signing.key.Hash;
import io.intaglio.signing.key.SecretForm;
import io.intaglio.signing.scheme.Scheme;

/**
 * Finery Markets: HMAC-SHA384 over the name of the API method and the JSON body, base64. Every call is a POST; nonce and time are members of
 * the body. The nonce must rise with every request of a key.
 *
 * <p>Source: faq.finerymarkets.com, "REST API". The vectors are of a plain second computation.
 */
public final class FineryMarkets {
    /** The venue. */
    public static final Venue VENUE = Venue.named("finerymarkets")
            .confirmed(Confirmation.OFFICIAL)
            .baseUri("https://trade.finerymarkets.com/api")
            .environment("test", "https://test.finerymarkets.com/api")
            .scheme(Scheme.named("finerymarkets")
                    .stamp(jsonField("nonce").asNumber(), nonce())
                    .stamp(jsonField("timestamp").asNumber(), millis())
                    .preHash(lastPathSegment(), body())
                    .hmac(Hash.SHA384, SecretForm.UTF8)
                    .attach(header("EFX-Key"), keyId())
                    .attach(header("EFX-Sign"), base64(signature()))
                    .build())
            .nonce(NonceRule.INCREASING_MICROS)
            .errorCodeAt("/error")
            .build();

    private FineryMarkets() {}
}
