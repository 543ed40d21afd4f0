package io.intaglio.signing.venue;

import static io.intaglio.signing.scheme.Parts.base64Url;
import static io.intaglio.signing.scheme.Parts.body;
import static io.intaglio.signing.scheme.Parts.join;
import static io.intaglio.signing.scheme.Parts.keyId;
import static io.intaglio.signing.scheme.Parts.method;
import static io.intaglio.signing.scheme.Parts.nonce;
import static io.intaglio.signing.scheme.Parts.path;
import static io.intaglio.signing.scheme.Parts.query;
import static io.intaglio.signing.scheme.Parts.signature;
import static io.intaglio.signing.scheme.Parts.when;
import static io.intaglio.signing.scheme.Places.header;

import io.intaglio.signing.key.KeyReader;
import io.intaglio.signing.scheme.Scheme;
import io.intaglio.signing.scheme.When;

/**
 * Digital Prime Technologies (Tokenet): Ed25519 over method, path, the query of a GET or DELETE or else the body, and milliseconds, parted by
 * {@code |}; URL-safe base64 without padding. The key id is the public key in that form; a key is seed and public key in it.
 *
 * <p>Source: docs.digitalprimetechnologies.co, "Signing a Request". The vectors are of a plain second computation. The milliseconds must
 * rise with every request of a key, so they are the nonce.
 */
public final class DigitalPrime {
    /** The venue. */
    public static final Venue VENUE = Venue.named("digitalprime")
            .confirmed(Confirmation.OFFICIAL)
            .baseUri("https://tokenet-ng-api.digitalprimetechnologies.co")
            .scheme(Scheme.named("digitalprime")
                    .stamp(header("X-Timestamp-Ms"), nonce())
                    .preHash(join("|", method(), path(), when(When.method("GET", "DELETE"), query(), body()), nonce()))
                    .ed25519(KeyReader.SeedForm.BASE64URL)
                    .attach(header("X-API-Key"), keyId())
                    .attach(header("X-Signature"), base64Url(signature()))
                    .build())
            .nonce(NonceRule.INCREASING_MILLIS)
            .build();

    private DigitalPrime() {}
}
