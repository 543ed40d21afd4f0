package io.intaglio.signing.venue;

import static io.intaglio.signing.scheme.Parts.attribute;
import static io.intaglio.signing.scheme.Parts.body;
import static io.intaglio.signing.scheme.Parts.hex;
import static io.intaglio.signing.scheme.Parts.keyId;
import static io.intaglio.signing.scheme.Parts.method;
import static io.intaglio.signing.scheme.Parts.millis;
import static io.intaglio.signing.scheme.Parts.pathAndQuery;
import static io.intaglio.signing.scheme.Parts.query;
import static io.intaglio.signing.scheme.Parts.signature;
import static io.intaglio.signing.scheme.Places.formField;
import static io.intaglio.signing.scheme.Places.header;
import static io.intaglio.signing.scheme.Places.jsonField;
import static io.intaglio.signing.scheme.Places.param;

import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.SigningScheme;
import io.intaglio.signing.key.Hash;
import io.intaglio.signing.key.SecretForm;
import io.intaglio.signing.scheme.Choice;
import io.intaglio.signing.scheme.Part;
import io.intaglio.signing.scheme.Scheme;
import io.intaglio.signing.scheme.When;
import java.time.Duration;
import java.util.function.Predicate;

/**
 * Bitrue: spot signs the parameters as sent by HMAC-SHA256, hex, as their last one; contracts ({@code /fapi/}, {@code /dapi/}) sign
 * milliseconds + method + path with query + JSON body in headers.
 *
 * <p>Attributes: {@code recvWindow}, milliseconds, 5000 unless given. Confirmed by vectors of a second implementation; error codes are
 * unconfirmed.
 */
public final class Bitrue {
    private static final Part RECV_WINDOW = attribute("recvWindow", "5000");
    private static final Predicate<ApiRequest> IN_QUERY = When.method("GET", "DELETE");

    private static final SigningScheme SPOT = Scheme.named("bitrue")
            .stamp(IN_QUERY, param("timestamp").first(), millis())
            .stamp(IN_QUERY, param("recvWindow").first(), RECV_WINDOW)
            .stamp(IN_QUERY.negate(), formField("timestamp").first(), millis())
            .stamp(IN_QUERY.negate(), formField("recvWindow").first(), RECV_WINDOW)
            .preHash(query(), body())
            .hmac(Hash.SHA256, SecretForm.UTF8)
            .attach(IN_QUERY, param("signature"), hex(signature()))
            .attach(IN_QUERY.negate(), formField("signature"), hex(signature()))
            .attach(header("X-MBX-APIKEY"), keyId())
            .publicWhen(When.pathStarts(
                    "/api/v1/ping", "/api/v1/time", "/api/v1/exchangeInfo", "/api/v1/depth", "/api/v1/ticker"))
            .build();

    private static final SigningScheme CONTRACTS = Scheme.named("bitrue contracts")
            .allowAttributes("recvWindow")
            .stamp(When.method("POST"), jsonField("recvWindow").asNumber().first(), RECV_WINDOW)
            .stamp(header("X-CH-TS"), millis())
            .preHash(millis(), method(), pathAndQuery(), body())
            .hmac(Hash.SHA256, SecretForm.UTF8)
            .attach(header("X-CH-APIKEY"), keyId())
            .attach(header("X-CH-SIGN"), hex(signature()))
            .build();

    /** The venue. */
    public static final Venue VENUE = Venue.named("bitrue")
            .confirmed(Confirmation.SECOND_IMPLEMENTATION)
            .baseUri("https://www.bitrue.com")
            .environment("usdt-futures", "https://fapi.bitrue.com")
            .environment("coin-futures", "https://dapi.bitrue.com")
            .scheme(Choice.otherwise(SPOT)
                    .when(
                            (request, credential) -> request.path().startsWith("/fapi/")
                                    || request.path().startsWith("/dapi/"),
                            CONTRACTS))
            .window(Duration.ofSeconds(5), Duration.ofSeconds(1))
            .time("/api/v1/time", "/serverTime", Duration.ofMillis(1))
            .orders(
                    request -> request.method().equals("POST") && request.path().equals("/api/v1/order"),
                    formField("newClientOrderId"),
                    Dedup.NONE)
            .errorCodeAt("/code")
            .errors(Meaning.THROTTLED, "-1003", "-1015")
            .errors(Meaning.CLOCK_SKEW, "-1021")
            .errors(Meaning.BAD_SIGNATURE, "-1022")
            .errors(Meaning.UNKNOWN_OUTCOME, "-1007")
            .build();

    private Bitrue() {}
}
