package io.intaglio.signing.venue;

import static io.intaglio.signing.scheme.Parts.body;
import static io.intaglio.signing.scheme.Parts.hex;
import static io.intaglio.signing.scheme.Parts.keyId;
import static io.intaglio.signing.scheme.Parts.nonce;
import static io.intaglio.signing.scheme.Parts.signature;
import static io.intaglio.signing.scheme.Places.formField;
import static io.intaglio.signing.scheme.Places.header;

import io.intaglio.signing.key.Hash;
import io.intaglio.signing.key.SecretForm;
import io.intaglio.signing.scheme.Scheme;

/**
 * EXMO: HMAC-SHA512 over the form body, whose first field is the nonce; hex.
 *
 * <p>Confirmed by vectors of a second implementation; error texts are unconfirmed. Errors come with HTTP 200. Every signed call is a POST.
 */
public final class Exmo {
    /** The venue. */
    public static final Venue VENUE = Venue.named("exmo")
            .confirmed(Confirmation.SECOND_IMPLEMENTATION)
            .baseUri("https://api.exmo.com")
            .scheme(Scheme.named("exmo")
                    .stamp(formField("nonce").first(), nonce())
                    .preHash(body())
                    .hmac(Hash.SHA512, SecretForm.UTF8)
                    .attach(header("Key"), keyId())
                    .attach(header("Sign"), hex(signature()))
                    .build())
            .nonce(NonceRule.INCREASING_MICROS)
            .errorsInOkAnswers("")
            .errorCodeAt("/error")
            .errors(Meaning.BAD_SIGNATURE, "Error 40005")
            .errors(Meaning.BAD_NONCE, "Error 40009")
            .errors(Meaning.BAD_KEY, "Error 40017")
            .build();

    private Exmo() {}
}
