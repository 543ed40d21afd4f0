package io.intaglio.signing.venue;

import static io.intaglio.signing.scheme.Parts.base64;
import static io.intaglio.signing.scheme.Parts.body;
import static io.intaglio.signing.scheme.Parts.keyId;
import static io.intaglio.signing.scheme.Parts.nonce;
import static io.intaglio.signing.scheme.Parts.query;
import static io.intaglio.signing.scheme.Parts.signature;
import static io.intaglio.signing.scheme.Places.formField;
import static io.intaglio.signing.scheme.Places.header;
import static io.intaglio.signing.scheme.Places.param;

import io.intaglio.signing.key.Hash;
import io.intaglio.signing.key.SecretForm;
import io.intaglio.signing.scheme.Scheme;
import io.intaglio.signing.scheme.When;

/**
 * Bit2C: the encoded parameters, nonce first, by HMAC-SHA512 in base64; in the query of a GET, else in the form.
 *
 * <p>Confirmed by vectors of a second implementation.
 */
public final class Bit2c {
    /** The venue. */
    public static final Venue VENUE = Venue.named("bit2c")
            .confirmed(Confirmation.SECOND_IMPLEMENTATION)
            .baseUri("https://bit2c.co.il")
            .scheme(Scheme.named("bit2c")
                    .contentType(When.always(), "application/x-www-form-urlencoded")
                    .stamp(When.method("GET"), param("nonce").first(), nonce())
                    .stamp(When.method("GET").negate(), formField("nonce").first(), nonce())
                    .preHash(query(), body())
                    .hmac(Hash.SHA512, SecretForm.UTF8)
                    .attach(header("key"), keyId())
                    .attach(header("sign"), base64(signature()))
                    .publicWhen(When.pathStarts("/Exchanges/"))
                    .build())
            .nonce(NonceRule.INCREASING_MICROS)
            .errorCodeAt("/error")
            .build();

    private Bit2c() {}
}
