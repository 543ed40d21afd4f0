package io.intaglio.signing.venue;

import static io.intaglio.signing.scheme.Parts.allFields;
import static io.intaglio.signing.scheme.Parts.hex;
import static io.intaglio.signing.scheme.Parts.keyId;
import static io.intaglio.signing.scheme.Parts.literal;
import static io.intaglio.signing.scheme.Parts.seconds;
import static io.intaglio.signing.scheme.Parts.signature;
import static io.intaglio.signing.scheme.Places.header;

import io.intaglio.signing.key.Hash;
import io.intaglio.signing.key.SecretForm;
import io.intaglio.signing.scheme.Scheme;
import io.intaglio.signing.scheme.When;

/**
 * LTP (LiquidityTech), prime brokerage: HMAC-SHA256 over the parameters, sorted and not encoded, an ampersand and the seconds, hex. GET has
 * its parameters in the query, all other calls in a JSON body. The seconds are sent as {@code nonce}.
 *
 * <p>Source: apidocliquidity.readme.io, "Authentication". The vectors are of a plain second computation. How a nested value or a boolean is
 * written in the signed text is unconfirmed.
 */
public final class Ltp {
    /** The venue. */
    public static final Venue VENUE = Venue.named("ltp")
            .confirmed(Confirmation.OFFICIAL)
            .baseUri("https://api.liquiditytech.com")
            .scheme(Scheme.named("ltp")
                    .contentType(When.always(), "application/json")
                    .stamp(header("nonce"), seconds())
                    .preHash(allFields().sorted().raw(), literal("&"), seconds())
                    .hmac(Hash.SHA256, SecretForm.UTF8)
                    .attach(header("X-MBX-APIKEY"), keyId())
                    .attach(header("signature"), hex(signature()))
                    .build())
            .errorCodeAt("/code")
            .errors(Meaning.BAD_SIGNATURE, "2000")
            .build();

    private Ltp() {}
}
