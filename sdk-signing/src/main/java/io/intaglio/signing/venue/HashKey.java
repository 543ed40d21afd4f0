package io.intaglio.signing.venue;

import static io.intaglio.signing.scheme.Parts.attribute;
import static io.intaglio.signing.scheme.Parts.body;
import static io.intaglio.signing.scheme.Parts.hex;
import static io.intaglio.signing.scheme.Parts.keyId;
import static io.intaglio.signing.scheme.Parts.millis;
import static io.intaglio.signing.scheme.Parts.query;
import static io.intaglio.signing.scheme.Parts.signature;
import static io.intaglio.signing.scheme.Parts.when;
import static io.intaglio.signing.scheme.Places.formField;
import static io.intaglio.signing.scheme.Places.header;
import static io.intaglio.signing.scheme.Places.param;
import static io.intaglio.signing.scheme.Places.parameter;

import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.key.Hash;
import io.intaglio.signing.key.SecretForm;
import io.intaglio.signing.scheme.Scheme;
import io.intaglio.signing.scheme.UrlEncoding;
import io.intaglio.signing.scheme.When;
import java.time.Duration;
import java.util.function.Predicate;

/**
 * HashKey Global: HMAC-SHA256 over the parameters as sent, the time first; the signature is the last parameter. They travel in the query of a
 * GET, else in a form; batch calls send a JSON array and sign only what is in their query.
 *
 * <p>Attributes: {@code recvWindow}, milliseconds. Source: HashKey Global documentation, "Authentication": the signed text is query followed by
 * body, and the window is 5 s back and 1 s ahead. A comma stays as it is. The codes and the client order id are unconfirmed.
 */
public final class HashKey {
    private static final Predicate<ApiRequest> IN_QUERY = When.method("GET").or(When.json());
    private static final Predicate<ApiRequest> IN_FORM = IN_QUERY.negate();

    /** The venue. */
    public static final Venue VENUE = Venue.named("hashkey")
            .confirmed(Confirmation.SECOND_IMPLEMENTATION)
            .baseUri("https://api-glb.hashkey.com")
            .environment("sandbox", "https://api-glb.sim.hashkeydev.com")
            .scheme(Scheme.named("hashkey")
                    .encoding(UrlEncoding.STRICT.keeping(","))
                    .contentType(When.json().negate(), "application/x-www-form-urlencoded")
                    .stamp(IN_QUERY, param("timestamp").first(), millis())
                    .stamp(IN_FORM, formField("timestamp").first(), millis())
                    .stamp(
                            IN_QUERY.and(When.attribute("recvWindow")),
                            param("recvWindow").first(),
                            attribute("recvWindow"))
                    .stamp(
                            IN_FORM.and(When.attribute("recvWindow")),
                            formField("recvWindow").first(),
                            attribute("recvWindow"))
                    .preHash(query(), when(IN_FORM, body()))
                    .hmac(Hash.SHA256, SecretForm.UTF8)
                    .attach(IN_QUERY, param("signature"), hex(signature()))
                    .attach(IN_FORM, formField("signature"), hex(signature()))
                    .attach(header("X-HK-APIKEY"), keyId())
                    .publicWhen(When.pathStarts("/api/v1/ping", "/api/v1/time", "/api/v1/exchangeInfo", "/quote/v1/"))
                    .build())
            .window(Duration.ofSeconds(5), Duration.ofSeconds(1))
            .time("/api/v1/time", "/serverTime", Duration.ofMillis(1))
            .riskReducing(When.method("DELETE").and(When.pathStarts("/api/v1/spot/order", "/api/v1/spot/openOrders")))
            .orders(
                    request -> request.method().equals("POST") && request.path().equals("/api/v1/spot/order"),
                    parameter("newClientOrderId"),
                    Dedup.NONE)
            .errorCodeAt("/code")
            .errors(Meaning.THROTTLED, "-1003")
            .errors(Meaning.CLOCK_SKEW, "-1021")
            .errors(Meaning.BAD_SIGNATURE, "-1022")
            .build();

    private HashKey() {}
}
