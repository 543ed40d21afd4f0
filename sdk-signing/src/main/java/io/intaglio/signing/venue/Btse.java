package io.intaglio.signing.venue;

import static io.intaglio.signing.scheme.Parts.body;
import static io.intaglio.signing.scheme.Parts.hex;
import static io.intaglio.signing.scheme.Parts.keyId;
import static io.intaglio.signing.scheme.Parts.nonce;
import static io.intaglio.signing.scheme.Parts.path;
import static io.intaglio.signing.scheme.Parts.signature;
import static io.intaglio.signing.scheme.Parts.when;
import static io.intaglio.signing.scheme.Places.header;
import static io.intaglio.signing.scheme.Places.jsonField;

import io.intaglio.signing.key.Hash;
import io.intaglio.signing.key.SecretForm;
import io.intaglio.signing.scheme.Scheme;
import io.intaglio.signing.scheme.When;
import java.util.regex.Pattern;

/**
 * BTSE: path + nonce + JSON body by HMAC-SHA384 in hex. The path is signed without the product prefix ({@code /spot}, {@code /futures})
 * and without query, the method not at all.
 *
 * <p>Confirmed by vectors of a second implementation; the test address is unconfirmed.
 */
public final class Btse {
    private static final Pattern PRODUCT = Pattern.compile("^/(spot|futures)(?=/api/)");

    /** The venue. */
    public static final Venue VENUE = Venue.named("btse")
            .confirmed(Confirmation.SECOND_IMPLEMENTATION)
            .baseUri("https://api.btse.com")
            .environment("testnet", "https://testapi.btse.io")
            .scheme(Scheme.named("btse")
                    .contentType(When.always(), "application/json")
                    .stamp(header("request-nonce"), nonce())
                    .preHash(
                            path(path -> PRODUCT.matcher(path).replaceFirst("")),
                            nonce(),
                            when(When.method("POST", "PUT"), body()))
                    .hmac(Hash.SHA384, SecretForm.UTF8)
                    .attach(header("request-api"), keyId())
                    .attach(header("request-sign"), hex(signature()))
                    .build())
            .nonce(NonceRule.INCREASING_MILLIS)
            .orders(
                    request -> request.method().equals("POST") && request.path().endsWith("/order"),
                    jsonField("clOrderID"),
                    Dedup.NONE)
            .errorCodeAt("/errorCode")
            .build();

    private Btse() {}
}
