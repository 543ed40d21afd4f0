package io.intaglio.signing.venue;

import static io.intaglio.signing.scheme.Parts.base64;
import static io.intaglio.signing.scheme.Parts.body;
import static io.intaglio.signing.scheme.Parts.credential;
import static io.intaglio.signing.scheme.Parts.decimalSeconds;
import static io.intaglio.signing.scheme.Parts.keyId;
import static io.intaglio.signing.scheme.Parts.method;
import static io.intaglio.signing.scheme.Parts.pathAndQuery;
import static io.intaglio.signing.scheme.Parts.signature;
import static io.intaglio.signing.scheme.Places.header;

import io.intaglio.signing.key.Hash;
import io.intaglio.signing.key.SecretForm;
import io.intaglio.signing.scheme.Scheme;
import io.intaglio.signing.scheme.When;

/**
 * FalconX: HMAC-SHA256 over seconds with their fraction + method + path with query + body, base64. The credential needs a
 * {@code passphrase}. The Socket.IO handshake is signed in the same way, as a GET of {@code /socket.io/}.
 *
 * <p>Sources: the FalconX API documentation and its official sample clients. That the query is signed is unconfirmed: the documentation says
 * "path".
 */
public final class FalconX {
    /** The venue. */
    public static final Venue VENUE = Venue.named("falconx")
            .confirmed(Confirmation.OFFICIAL)
            .baseUri("https://api.falconx.io")
            .environment("stream", "https://stream.falconx.io")
            .scheme(Scheme.named("falconx")
                    .contentType(When.always(), "application/json")
                    .stamp(header("FX-ACCESS-TIMESTAMP"), decimalSeconds())
                    .preHash(decimalSeconds(), method(), pathAndQuery(), body())
                    .hmac(Hash.SHA256, SecretForm.BASE64)
                    .attach(header("FX-ACCESS-KEY"), keyId())
                    .attach(header("FX-ACCESS-SIGN"), base64(signature()))
                    .attach(header("FX-ACCESS-PASSPHRASE"), credential("passphrase"))
                    .build())
            .build();

    private FalconX() {}
}
