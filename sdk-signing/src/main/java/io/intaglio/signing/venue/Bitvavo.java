package io.intaglio.signing.venue;

import static io.intaglio.signing.scheme.Parts.attribute;
import static io.intaglio.signing.scheme.Parts.body;
import static io.intaglio.signing.scheme.Parts.hex;
import static io.intaglio.signing.scheme.Parts.keyId;
import static io.intaglio.signing.scheme.Parts.method;
import static io.intaglio.signing.scheme.Parts.millis;
import static io.intaglio.signing.scheme.Parts.pathAndQuery;
import static io.intaglio.signing.scheme.Parts.signature;
import static io.intaglio.signing.scheme.Parts.when;
import static io.intaglio.signing.scheme.Places.header;
import static io.intaglio.signing.scheme.Places.jsonField;

import io.intaglio.signing.key.Hash;
import io.intaglio.signing.key.SecretForm;
import io.intaglio.signing.scheme.Part;
import io.intaglio.signing.scheme.Scheme;
import io.intaglio.signing.scheme.When;
import java.time.Duration;

/**
 * Bitvavo: milliseconds + method + path with query + JSON body by HMAC-SHA256 in hex.
 *
 * <p>Attributes: {@code window} or {@code recvWindow}, milliseconds, 10000 unless given, at most 60000. Source: docs.bitvavo.com, REST
 * introduction; the error codes are unconfirmed. Code 109 says that the matching engine did not answer in time, and 101 that the operation "may or
 * may not have succeeded", so the outcome is unknown.
 */
public final class Bitvavo {
    private static final Part WINDOW =
            when(When.attribute("window"), attribute("window"), attribute("recvWindow", "10000"));

    /** The venue. */
    public static final Venue VENUE = Venue.named("bitvavo")
            .confirmed(Confirmation.OFFICIAL)
            .baseUri("https://api.bitvavo.com")
            .scheme(Scheme.named("bitvavo")
                    .contentType(When.method("POST", "PUT"), "application/json")
                    .emptyBody(When.always(), "")
                    .stamp(header("BITVAVO-ACCESS-TIMESTAMP"), millis())
                    .stamp(header("BITVAVO-ACCESS-WINDOW"), WINDOW)
                    .preHash(millis(), method(), pathAndQuery(), body())
                    .hmac(Hash.SHA256, SecretForm.UTF8)
                    .attach(header("BITVAVO-ACCESS-KEY"), keyId())
                    .attach(header("BITVAVO-ACCESS-SIGNATURE"), hex(signature()))
                    .publicWhen(When.pathStarts("/v2/time", "/v2/markets", "/v2/assets", "/v2/ticker"))
                    .build())
            .window(Duration.ofSeconds(10), Duration.ofSeconds(10))
            .time("/v2/time", "/time", Duration.ofMillis(1))
            .riskReducing(When.method("DELETE").and(When.pathStarts("/v2/order")))
            .orders(
                    request -> request.method().equals("POST") && request.path().equals("/v2/order"),
                    jsonField("clientOrderId"),
                    Dedup.NONE)
            .orderIds(OrderIdForm.UUID)
            .errorCodeAt("/errorCode")
            .errors(Meaning.BANNED, "105")
            .errors(Meaning.UNKNOWN_OUTCOME, "101", "109")
            .errors(Meaning.CLOCK_SKEW, "304")
            .errors(Meaning.BAD_SIGNATURE, "308", "309")
            .errors(Meaning.BAD_KEY, "305", "307", "310", "311", "312")
            .limit(Limit.rolling("weight", Limit.Scope.KEY, 1000, Duration.ofMinutes(1))
                    .capacityIn("bitvavo-ratelimit-limit")
                    .remaining("bitvavo-ratelimit-remaining")
                    .breach("105"))
            .errors(Meaning.BANNED, "105")
            .pauseUntil("(?:until|expires at) (\\d{13})", Duration.ofMillis(1))
            .build();

    private Bitvavo() {}
}
