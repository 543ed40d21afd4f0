package io.intaglio.signing.venue;

import static io.intaglio.signing.scheme.Parts.allFields;
import static io.intaglio.signing.scheme.Parts.attribute;
import static io.intaglio.signing.scheme.Parts.hex;
import static io.intaglio.signing.scheme.Parts.json;
import static io.intaglio.signing.scheme.Parts.keyId;
import static io.intaglio.signing.scheme.Parts.millis;
import static io.intaglio.signing.scheme.Parts.signature;
import static io.intaglio.signing.scheme.Parts.when;
import static io.intaglio.signing.scheme.Places.header;
import static io.intaglio.signing.scheme.Places.param;
import static io.intaglio.signing.scheme.Places.parameter;

import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.key.Hash;
import io.intaglio.signing.key.SecretForm;
import io.intaglio.signing.scheme.Member;
import io.intaglio.signing.scheme.Params;
import io.intaglio.signing.scheme.Places;
import io.intaglio.signing.scheme.Scheme;
import io.intaglio.signing.scheme.When;
import java.time.Duration;
import java.util.function.Predicate;

/**
 * BingX: all parameters, timestamp included, sorted and plain, by HMAC-SHA256 in hex; they travel in the query, encoded, whatever the
 * method. Sub-account and transfer calls take a JSON body instead: give them one, and timestamp and signature become its last members.
 *
 * <p>Attributes: {@code recvWindow}, milliseconds. Confirmed by vectors of a second implementation, but for the JSON form. A spot order has
 * another name for its client order id and is not recognised as an order.
 *
 * <p>Source of the codes: bingx-api.github.io/docs, "Common Error Codes". Of 100500 ("internal system error"), 101500 ("rpc timeout") and
 * 80019 ("the order is being processed") the outcome is unknown; 80012 ("service unavailable") is said of too little margin as well. The others are
 * unconfirmed.
 */
public final class BingX {
    private static final Predicate<ApiRequest> IN_QUERY = When.json().negate();

    /** The venue. */
    public static final Venue VENUE = Venue.named("bingx")
            .confirmed(Confirmation.SECOND_IMPLEMENTATION)
            .baseUri("https://open-api.bingx.com")
            .scheme(Scheme.named("bingx")
                    .sortParameters()
                    .stamp(When.attribute("recvWindow"), param("recvWindow"), attribute("recvWindow"))
                    .stamp(IN_QUERY, param("timestamp"), millis())
                    .preHash(when(
                            IN_QUERY,
                            allFields().sorted().raw(),
                            allFields()
                                    .lists(Params.Lists.JSON)
                                    .with("timestamp", millis())
                                    .sorted()
                                    .raw()))
                    .hmac(Hash.SHA256, SecretForm.UTF8)
                    .attach(header("X-BX-APIKEY"), keyId())
                    .attach(IN_QUERY, param("signature").last(), hex(signature()))
                    .attach(
                            When.json(),
                            Places.body("application/json"),
                            json(
                                    Member.sortedBodyMembers(),
                                    Member.value("timestamp", millis()),
                                    Member.text("signature", hex(signature()))))
                    .build())
            .time("/openApi/swap/v2/server/time", "/data/serverTime", Duration.ofMillis(1))
            .orders(
                    request -> request.method().equals("POST") && request.path().equals("/openApi/swap/v2/trade/order"),
                    parameter("clientOrderID"),
                    Dedup.NONE)
            .errorsInOkAnswers("0")
            .errorCodeAt("/code")
            .errors(Meaning.THROTTLED, "100410")
            .errors(Meaning.CLOCK_SKEW, "100421")
            .errors(Meaning.BAD_SIGNATURE, "100001")
            .errors(Meaning.BAD_KEY, "100413", "100419")
            .errors(Meaning.UNKNOWN_OUTCOME, "100500", "101500", "80019")
            .build();

    private BingX() {}
}
