package io.intaglio.signing.venue;

import static io.intaglio.signing.scheme.Parts.attribute;
import static io.intaglio.signing.scheme.Parts.body;
import static io.intaglio.signing.scheme.Parts.hex;
import static io.intaglio.signing.scheme.Parts.keyId;
import static io.intaglio.signing.scheme.Parts.literal;
import static io.intaglio.signing.scheme.Parts.nonce;
import static io.intaglio.signing.scheme.Parts.signature;
import static io.intaglio.signing.scheme.Places.formField;
import static io.intaglio.signing.scheme.Places.header;

import io.intaglio.signing.key.Hash;
import io.intaglio.signing.key.SecretForm;
import io.intaglio.signing.scheme.Scheme;
import io.intaglio.signing.scheme.When;

/**
 * Mercado Bitcoin trade API v3: HMAC-SHA512 over {@code /tapi/v3/?} and the form body, in which the API's method and the nonce stand first; hex.
 * Every call goes to {@code /tapi/v3/}.
 *
 * <p>Attributes: {@code rpcMethod}, the API's method, needed. Confirmed by vectors of a second implementation. Errors come with HTTP 200, which
 * is unconfirmed.
 */
public final class MercadoBitcoin {
    /** The venue. */
    public static final Venue VENUE = Venue.named("mercado")
            .confirmed(Confirmation.SECOND_IMPLEMENTATION)
            .baseUri("https://www.mercadobitcoin.net")
            .scheme(Scheme.named("mercado")
                    .stamp(formField("tapi_method").first(), attribute("rpcMethod"))
                    .stamp(formField("tapi_nonce").first(), nonce())
                    .preHash(literal("/tapi/v3/?"), body())
                    .hmac(Hash.SHA512, SecretForm.UTF8)
                    .attach(header("TAPI-ID"), keyId())
                    .attach(header("TAPI-MAC"), hex(signature()))
                    .publicWhen(When.pathStarts("/api/"))
                    .build())
            .nonce(NonceRule.INCREASING_MILLIS)
            .errorsInOkAnswers("100")
            .errorCodeAt("/status_code")
            .build();

    private MercadoBitcoin() {}
}
