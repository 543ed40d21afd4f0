package io.intaglio.signing.venue;

import static io.intaglio.signing.scheme.Parts.base64;
import static io.intaglio.signing.scheme.Parts.headerValue;
import static io.intaglio.signing.scheme.Parts.hex;
import static io.intaglio.signing.scheme.Parts.json;
import static io.intaglio.signing.scheme.Parts.keyId;
import static io.intaglio.signing.scheme.Parts.nonce;
import static io.intaglio.signing.scheme.Parts.signature;
import static io.intaglio.signing.scheme.Places.body;
import static io.intaglio.signing.scheme.Places.header;
import static io.intaglio.signing.scheme.Places.parameter;

import io.intaglio.signing.key.Hash;
import io.intaglio.signing.key.SecretForm;
import io.intaglio.signing.scheme.Choice;
import io.intaglio.signing.scheme.Member;
import io.intaglio.signing.scheme.Scheme;
import io.intaglio.signing.scheme.When;

/**
 * Coinone v2.1: the parameters with key id and nonce become a JSON payload whose base64 text is signed by HMAC-SHA512 and sent both as header
 * and as body. The key is the secret in upper case, as the second implementation has it; the venue's newer documentation uses the secret as
 * issued, which a credential with any {@code secretForm} value does too.
 *
 * <p>Confirmed by vectors of a second implementation; client order id and codes are unconfirmed. The nonce is a UUID.
 */
public final class Coinone {
    /** The venue. */
    public static final Venue VENUE = Venue.named("coinone")
            .confirmed(Confirmation.SECOND_IMPLEMENTATION)
            .baseUri("https://api.coinone.co.kr")
            .scheme(Choice.otherwise(scheme(SecretForm.UPPER_CASE_TEXT))
                    .when(
                            (request, credential) ->
                                    credential.attribute("secretForm").isPresent(),
                            scheme(SecretForm.UTF8)))
            .nonce(NonceRule.UUID)
            .orders(request -> request.path().equals("/v2.1/order"), parameter("user_order_id"), Dedup.NONE)
            .errorsInOkAnswers("0")
            .errorCodeAt("/error_code")
            .build();

    private Coinone() {}

    private static Scheme scheme(SecretForm form) {
        return Scheme.named("coinone")
                .stamp(
                        header("X-COINONE-PAYLOAD"),
                        base64(json(
                                Member.text("access_token", keyId()),
                                Member.text("nonce", nonce()),
                                Member.bodyMembers())))
                .stamp(body("application/json"), headerValue("X-COINONE-PAYLOAD"))
                .preHash(headerValue("X-COINONE-PAYLOAD"))
                .hmac(Hash.SHA512, form)
                .attach(header("X-COINONE-SIGNATURE"), hex(signature()))
                .publicWhen(When.pathStarts("/public/"))
                .build();
    }
}
