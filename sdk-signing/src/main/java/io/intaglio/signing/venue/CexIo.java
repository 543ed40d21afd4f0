package io.intaglio.signing.venue;

import static io.intaglio.signing.scheme.Parts.base64;
import static io.intaglio.signing.scheme.Parts.body;
import static io.intaglio.signing.scheme.Parts.keyId;
import static io.intaglio.signing.scheme.Parts.lastPathSegment;
import static io.intaglio.signing.scheme.Parts.seconds;
import static io.intaglio.signing.scheme.Parts.signature;
import static io.intaglio.signing.scheme.Places.header;
import static io.intaglio.signing.scheme.Places.jsonField;

import io.intaglio.signing.key.Hash;
import io.intaglio.signing.key.SecretForm;
import io.intaglio.signing.scheme.Scheme;
import io.intaglio.signing.scheme.When;

/**
 * CEX.IO Spot Trading: the action, which is the path's last segment, + seconds + JSON body by HMAC-SHA256 in base64.
 *
 * <p>Confirmed by vectors of a second implementation.
 */
public final class CexIo {
    /** The venue. */
    public static final Venue VENUE = Venue.named("cex")
            .confirmed(Confirmation.SECOND_IMPLEMENTATION)
            .baseUri("https://trade.cex.io/api/spot/rest")
            .scheme(Scheme.named("cex")
                    .contentType(When.always(), "application/json")
                    .emptyBody(When.always(), "{}")
                    .stamp(header("X-AGGR-TIMESTAMP"), seconds())
                    .preHash(lastPathSegment(), seconds(), body())
                    .hmac(Hash.SHA256, SecretForm.UTF8)
                    .attach(header("X-AGGR-KEY"), keyId())
                    .attach(header("X-AGGR-SIGNATURE"), base64(signature()))
                    .build())
            .orders(request -> request.path().equals("/do_my_new_order"), jsonField("clientOrderId"), Dedup.NONE)
            .errorCodeAt("/error")
            .build();

    private CexIo() {}
}
