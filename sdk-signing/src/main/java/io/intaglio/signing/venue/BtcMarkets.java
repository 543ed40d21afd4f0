package io.intaglio.signing.venue;

import static io.intaglio.signing.scheme.Parts.base64;
import static io.intaglio.signing.scheme.Parts.body;
import static io.intaglio.signing.scheme.Parts.keyId;
import static io.intaglio.signing.scheme.Parts.literal;
import static io.intaglio.signing.scheme.Parts.method;
import static io.intaglio.signing.scheme.Parts.millis;
import static io.intaglio.signing.scheme.Parts.path;
import static io.intaglio.signing.scheme.Parts.signature;
import static io.intaglio.signing.scheme.Places.header;
import static io.intaglio.signing.scheme.Places.jsonField;

import io.intaglio.signing.key.Hash;
import io.intaglio.signing.key.SecretForm;
import io.intaglio.signing.scheme.Scheme;
import io.intaglio.signing.scheme.When;

/**
 * BTC Markets v3: method + path without query + milliseconds + JSON body by HMAC-SHA512 with the base64-decoded secret, in base64.
 *
 * <p>Source: the venue's documentation as described by a second implementation; client order id and error codes are unconfirmed.
 */
public final class BtcMarkets {
    /** The venue. */
    public static final Venue VENUE = Venue.named("btcmarkets")
            .baseUri("https://api.btcmarkets.net")
            .scheme(Scheme.named("btcmarkets")
                    .contentType(When.always(), "application/json")
                    .emptyBody(When.method("POST", "PUT"), "{}")
                    .stamp(header("Accept"), literal("application/json"))
                    .stamp(header("Accept-Charset"), literal("UTF-8"))
                    .stamp(header("BM-AUTH-TIMESTAMP"), millis())
                    .preHash(method(), path(), millis(), body())
                    .hmac(Hash.SHA512, SecretForm.BASE64)
                    .attach(header("BM-AUTH-APIKEY"), keyId())
                    .attach(header("BM-AUTH-SIGNATURE"), base64(signature()))
                    .publicWhen(When.pathStarts("/v3/markets", "/v3/time"))
                    .build())
            .riskReducing(When.method("DELETE").and(When.pathStarts("/v3/orders", "/v3/batchorders")))
            .orders(
                    request -> request.method().equals("POST") && request.path().equals("/v3/orders"),
                    jsonField("clientOrderId"),
                    Dedup.NONE)
            .errorCodeAt("/code")
            .errors(Meaning.THROTTLED, "TooManyRequests")
            .errors(Meaning.CLOCK_SKEW, "InvalidAuthTimestamp")
            .errors(Meaning.BAD_SIGNATURE, "InvalidAuthSignature")
            .errors(Meaning.BAD_KEY, "InvalidAPIKey", "InvalidApiKey")
            .build();

    private BtcMarkets() {}
}
