package io.intaglio.signing.venue;

import static io.intaglio.signing.scheme.Parts.credential;
import static io.intaglio.signing.scheme.Parts.hexUpper;
import static io.intaglio.signing.scheme.Parts.keyId;
import static io.intaglio.signing.scheme.Parts.nonce;
import static io.intaglio.signing.scheme.Parts.signature;
import static io.intaglio.signing.scheme.Places.formField;

import io.intaglio.signing.key.Hash;
import io.intaglio.signing.key.SecretForm;
import io.intaglio.signing.scheme.Scheme;
import io.intaglio.signing.scheme.When;

/**
 * Coinmate: HMAC-SHA256 over nonce + client id + public key, in upper-case hex; the request itself is not signed. The identity fields stand
 * first in the form. The credential needs {@code uid}, the client id.
 *
 * <p>Confirmed by vectors of a second implementation; the nonce must rise.
 */
public final class Coinmate {
    /** The venue. */
    public static final Venue VENUE = Venue.named("coinmate")
            .confirmed(Confirmation.SECOND_IMPLEMENTATION)
            .baseUri("https://coinmate.io")
            .scheme(Scheme.named("coinmate")
                    .stamp(formField("clientId").first(), credential("uid"))
                    .stamp(formField("nonce").first(), nonce())
                    .stamp(formField("publicKey").first(), keyId())
                    .preHash(nonce(), credential("uid"), keyId())
                    .hmac(Hash.SHA256, SecretForm.UTF8)
                    .attach(formField("signature").first(), hexUpper(signature()))
                    .publicWhen(When.method("GET"))
                    .build())
            .nonce(NonceRule.INCREASING_MILLIS)
            .build();

    private Coinmate() {}
}
