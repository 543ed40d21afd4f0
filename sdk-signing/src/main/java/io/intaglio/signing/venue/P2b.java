package io.intaglio.signing.venue;

import static io.intaglio.signing.scheme.Parts.base64;
import static io.intaglio.signing.scheme.Parts.body;
import static io.intaglio.signing.scheme.Parts.hex;
import static io.intaglio.signing.scheme.Parts.keyId;
import static io.intaglio.signing.scheme.Parts.nonce;
import static io.intaglio.signing.scheme.Parts.path;
import static io.intaglio.signing.scheme.Parts.preHash;
import static io.intaglio.signing.scheme.Parts.signature;
import static io.intaglio.signing.scheme.Places.header;
import static io.intaglio.signing.scheme.Places.jsonField;

import io.intaglio.signing.key.Hash;
import io.intaglio.signing.key.SecretForm;
import io.intaglio.signing.scheme.Scheme;
import io.intaglio.signing.scheme.When;

/**
 * P2B: the JSON body, with the path and the nonce as its last members, in base64 in a header, and HMAC-SHA512 over that text, hex.
 *
 * <p>Confirmed by vectors of a second implementation. All private calls are POST.
 */
public final class P2b {
    /** The venue. */
    public static final Venue VENUE = Venue.named("p2b")
            .confirmed(Confirmation.SECOND_IMPLEMENTATION)
            .baseUri("https://api.p2pb2b.com")
            .scheme(Scheme.named("p2b")
                    .contentType(When.always(), "application/json")
                    .stamp(jsonField("request"), path())
                    .stamp(jsonField("nonce"), nonce())
                    .preHash(base64(body()))
                    .hmac(Hash.SHA512, SecretForm.UTF8)
                    .attach(header("X-TXC-APIKEY"), keyId())
                    .attach(header("X-TXC-PAYLOAD"), preHash())
                    .attach(header("X-TXC-SIGNATURE"), hex(signature()))
                    .publicWhen(When.pathStarts("/api/v2/public/"))
                    .build())
            .nonce(NonceRule.INCREASING_MICROS)
            .build();

    private P2b() {}
}
