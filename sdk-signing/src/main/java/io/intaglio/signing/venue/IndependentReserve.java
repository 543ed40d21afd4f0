package io.intaglio.signing.venue;

import static io.intaglio.signing.scheme.Parts.bodyFields;
import static io.intaglio.signing.scheme.Parts.hexUpper;
import static io.intaglio.signing.scheme.Parts.join;
import static io.intaglio.signing.scheme.Parts.keyId;
import static io.intaglio.signing.scheme.Parts.nonce;
import static io.intaglio.signing.scheme.Parts.signature;
import static io.intaglio.signing.scheme.Parts.urlWithoutQuery;
import static io.intaglio.signing.scheme.Places.jsonField;

import io.intaglio.signing.key.Hash;
import io.intaglio.signing.key.SecretForm;
import io.intaglio.signing.scheme.Params;
import io.intaglio.signing.scheme.Scheme;
import io.intaglio.signing.scheme.When;

/**
 * Independent Reserve: HMAC-SHA256 over the whole address and the parameters as {@code name=value}, all joined by commas; the signature, in
 * upper-case hex, is a member of the JSON body, behind key id and nonce.
 *
 * <p>Rule by a description of a second implementation, without its vectors. A list is signed as its elements joined by commas. The nonce is a
 * rising number; every signed call is a POST.
 */
public final class IndependentReserve {
    /** The venue. */
    public static final Venue VENUE = Venue.named("independentreserve")
            .baseUri("https://api.independentreserve.com")
            .scheme(Scheme.named("independentreserve")
                    .stamp(jsonField("apiKey").first(), keyId())
                    .stamp(jsonField("nonce").first().asNumber(), nonce())
                    .preHash(join(
                            ",",
                            urlWithoutQuery(),
                            bodyFields().raw().separated(",", "=").lists(Params.Lists.COMMA)))
                    .hmac(Hash.SHA256, SecretForm.UTF8)
                    .attach(jsonField("signature").first(), hexUpper(signature()))
                    .publicWhen(When.pathStarts("/Public/"))
                    .build())
            .nonce(NonceRule.INCREASING_MILLIS)
            .build();

    private IndependentReserve() {}
}
