package io.intaglio.signing.venue;

import static io.intaglio.signing.scheme.Parts.credential;
import static io.intaglio.signing.scheme.Parts.hex;
import static io.intaglio.signing.scheme.Parts.keyId;
import static io.intaglio.signing.scheme.Parts.nonce;
import static io.intaglio.signing.scheme.Parts.signature;
import static io.intaglio.signing.scheme.Places.header;

import io.intaglio.signing.key.Hash;
import io.intaglio.signing.key.SecretForm;
import io.intaglio.signing.scheme.Scheme;
import io.intaglio.signing.scheme.When;

/**
 * NDAX: HMAC-SHA256 over nonce + user id + key id, hex; the request itself is not signed. The credential needs {@code uid}, the user id.
 *
 * <p>Confirmed by vectors of a second implementation.
 */
public final class Ndax {
    /** The venue. */
    public static final Venue VENUE = Venue.named("ndax")
            .confirmed(Confirmation.SECOND_IMPLEMENTATION)
            .baseUri("https://api.ndax.io:8443/AP")
            .scheme(Scheme.named("ndax")
                    .contentType(When.method("POST"), "application/json")
                    .emptyBody(When.method("POST"), "{}")
                    .stamp(header("Nonce"), nonce())
                    .stamp(header("UserId"), credential("uid"))
                    .preHash(nonce(), credential("uid"), keyId())
                    .hmac(Hash.SHA256, SecretForm.UTF8)
                    .attach(header("APIKey"), keyId())
                    .attach(header("Signature"), hex(signature()))
                    .build())
            .nonce(NonceRule.INCREASING_MILLIS)
            .build();

    private Ndax() {}
}
