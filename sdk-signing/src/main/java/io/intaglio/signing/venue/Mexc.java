package io.intaglio.signing.venue;

import static io.intaglio.signing.scheme.Parts.attribute;
import static io.intaglio.signing.scheme.Parts.body;
import static io.intaglio.signing.scheme.Parts.hex;
import static io.intaglio.signing.scheme.Parts.keyId;
import static io.intaglio.signing.scheme.Parts.millis;
import static io.intaglio.signing.scheme.Parts.query;
import static io.intaglio.signing.scheme.Parts.signature;
import static io.intaglio.signing.scheme.Places.header;
import static io.intaglio.signing.scheme.Places.param;

import io.intaglio.signing.key.Hash;
import io.intaglio.signing.key.SecretForm;
import io.intaglio.signing.scheme.Choice;
import io.intaglio.signing.scheme.Scheme;
import io.intaglio.signing.scheme.When;
import java.time.Duration;

/**
 * MEXC: HMAC-SHA256, hex. Spot ({@code /api/v3}) signs the parameters as sent, in the query for every method, time and receive window behind
 * them and the signature last. Contract ({@code /api/v1/private}) signs key id, milliseconds and the sorted query or JSON body.
 *
 * <p>Attributes: {@code recvWindow}, milliseconds, 5000 on spot unless given; on contract sent in a header when given (unconfirmed). Confirmed
 * by vectors of a second implementation; codes are unconfirmed, but those that leave the outcome unknown: 500 and 20002 (internal error) and 504
 * (gateway time-out). Contract refuses with {@code success} false and the code beside it (mexcdevelop.github.io, "Contract V1", "Access to url").
 */
public final class Mexc {
    private static final Scheme SPOT = Scheme.named("mexc")
            .contentType(When.method("GET").negate(), "application/json")
            .stamp(param("timestamp"), millis())
            .stamp(param("recvWindow"), attribute("recvWindow", "5000"))
            .preHash(query(), body())
            .hmac(Hash.SHA256, SecretForm.UTF8)
            .attach(param("signature"), hex(signature()))
            .attach(header("X-MEXC-APIKEY"), keyId())
            .publicWhen(When.pathStarts("/api/v3/ping", "/api/v3/time", "/api/v3/exchangeInfo", "/api/v3/depth"))
            .build();

    private static final Scheme CONTRACT = Scheme.named("mexc contract")
            .sortParameters()
            .contentType(When.always(), "application/json")
            .emptyBody(When.method("POST"), "{}")
            .stamp(header("Request-Time"), millis())
            .stamp(When.attribute("recvWindow"), header("Recv-Window"), attribute("recvWindow"))
            .preHash(keyId(), millis(), query(), body())
            .hmac(Hash.SHA256, SecretForm.UTF8)
            .attach(header("ApiKey"), keyId())
            .attach(header("Signature"), hex(signature()))
            .build();

    /** The venue. */
    public static final Venue VENUE = Venue.named("mexc")
            .confirmed(Confirmation.SECOND_IMPLEMENTATION)
            .baseUri("https://api.mexc.com")
            .scheme(Choice.otherwise(SPOT)
                    .when((request, credential) -> request.path().startsWith("/api/v1/"), CONTRACT))
            .window(Duration.ofSeconds(5), Duration.ofSeconds(1))
            .time("/api/v3/time", "/serverTime", Duration.ofMillis(1))
            .riskReducing(When.method("DELETE").and(When.pathStarts("/api/v3/order", "/api/v3/openOrders")))
            .orders(
                    request -> request.method().equals("POST") && request.path().equals("/api/v3/order"),
                    param("newClientOrderId"),
                    Dedup.NONE)
            .refusalFlagAt("/success", "false")
            .errorCodeAt("/code")
            .errors(Meaning.BAD_SIGNATURE, "700002")
            .errors(Meaning.CLOCK_SKEW, "700003")
            .errors(Meaning.BAD_KEY, "10072", "700001", "700006", "700007")
            .errors(Meaning.UNKNOWN_OUTCOME, "500", "504", "20002")
            .build();

    private Mexc() {}
}
