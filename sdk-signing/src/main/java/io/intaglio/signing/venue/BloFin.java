package io.intaglio.signing.venue;

import static io.intaglio.signing.scheme.Parts.base64;
import static io.intaglio.signing.scheme.Parts.body;
import static io.intaglio.signing.scheme.Parts.credential;
import static io.intaglio.signing.scheme.Parts.hex;
import static io.intaglio.signing.scheme.Parts.keyId;
import static io.intaglio.signing.scheme.Parts.method;
import static io.intaglio.signing.scheme.Parts.millis;
import static io.intaglio.signing.scheme.Parts.nonce;
import static io.intaglio.signing.scheme.Parts.pathAndQuery;
import static io.intaglio.signing.scheme.Parts.signature;
import static io.intaglio.signing.scheme.Places.header;
import static io.intaglio.signing.scheme.Places.jsonField;

import io.intaglio.signing.key.Hash;
import io.intaglio.signing.key.SecretForm;
import io.intaglio.signing.scheme.Part;
import io.intaglio.signing.scheme.Scheme;
import io.intaglio.signing.scheme.When;

/**
 * BloFin: path with query + method + milliseconds + nonce + JSON body by HMAC-SHA256, its hex text in base64. The nonce is any unique
 * text; the milliseconds stand in when the moment has none. The credential needs a {@code passphrase}.
 *
 * <p>Confirmed by vectors of a second implementation; error codes and the demo address are unconfirmed.
 */
public final class BloFin {
    private static final Part NONCE = nonce(millis());

    /** The venue. */
    public static final Venue VENUE = Venue.named("blofin")
            .confirmed(Confirmation.SECOND_IMPLEMENTATION)
            .baseUri("https://openapi.blofin.com")
            .environment("demo", "https://demo-trading-openapi.blofin.com")
            .scheme(Scheme.named("blofin")
                    .contentType(When.method("GET").negate(), "application/json")
                    .emptyBody(When.always(), "")
                    .stamp(header("ACCESS-TIMESTAMP"), millis())
                    .stamp(header("ACCESS-NONCE"), NONCE)
                    .preHash(pathAndQuery(), method(), millis(), NONCE, body())
                    .hmac(Hash.SHA256, SecretForm.UTF8)
                    .attach(header("ACCESS-KEY"), keyId())
                    .attach(header("ACCESS-SIGN"), base64(hex(signature())))
                    .attach(header("ACCESS-PASSPHRASE"), credential("passphrase"))
                    .publicWhen(When.pathStarts("/api/v1/market/"))
                    .build())
            .nonce(NonceRule.UUID)
            .orders(
                    request -> request.method().equals("POST") && request.path().equals("/api/v1/trade/order"),
                    jsonField("clientOrderId"),
                    Dedup.NONE)
            .errorsInOkAnswers("0")
            .errorCodeAt("/data/0/code")
            .errorCodeAt("/code")
            .errors(Meaning.CLOCK_SKEW, "152408")
            .errors(Meaning.BAD_SIGNATURE, "152409")
            .errors(Meaning.BAD_KEY, "152401", "152402", "152406")
            .build();

    private BloFin() {}
}
