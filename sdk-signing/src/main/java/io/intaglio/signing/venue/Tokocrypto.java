package io.intaglio.signing.venue;

import static io.intaglio.signing.scheme.Parts.attribute;
import static io.intaglio.signing.scheme.Parts.body;
import static io.intaglio.signing.scheme.Parts.hex;
import static io.intaglio.signing.scheme.Parts.keyId;
import static io.intaglio.signing.scheme.Parts.millis;
import static io.intaglio.signing.scheme.Parts.query;
import static io.intaglio.signing.scheme.Parts.signature;
import static io.intaglio.signing.scheme.Places.formField;
import static io.intaglio.signing.scheme.Places.header;
import static io.intaglio.signing.scheme.Places.param;
import static io.intaglio.signing.scheme.Places.parameter;

import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.key.Hash;
import io.intaglio.signing.key.SecretForm;
import io.intaglio.signing.scheme.Scheme;
import io.intaglio.signing.scheme.When;
import java.util.function.Predicate;

/**
 * Tokocrypto: the parameters as sent, the time first, signed by HMAC-SHA256, hex; the signature is the last parameter. They go in
 * the form of a POST or PUT and in the query of all other calls.
 *
 * <p>Attributes: {@code recvWindow}, milliseconds. Confirmed by vectors of a second implementation.
 */
public final class Tokocrypto {
    private static final Predicate<ApiRequest> IN_FORM = When.method("POST", "PUT");

    /** The venue. */
    public static final Venue VENUE = Venue.named("tokocrypto")
            .confirmed(Confirmation.SECOND_IMPLEMENTATION)
            .baseUri("https://www.tokocrypto.com")
            .scheme(Scheme.named("tokocrypto")
                    .contentType(IN_FORM, "application/x-www-form-urlencoded")
                    .stamp(IN_FORM, formField("timestamp").first(), millis())
                    .stamp(IN_FORM.negate(), param("timestamp").first(), millis())
                    .stamp(IN_FORM.and(When.attribute("recvWindow")), formField("recvWindow"), attribute("recvWindow"))
                    .stamp(
                            IN_FORM.negate().and(When.attribute("recvWindow")),
                            param("recvWindow"),
                            attribute("recvWindow"))
                    .preHash(query(), body())
                    .hmac(Hash.SHA256, SecretForm.UTF8)
                    .attach(IN_FORM, formField("signature"), hex(signature()))
                    .attach(IN_FORM.negate(), param("signature"), hex(signature()))
                    .attach(header("X-MBX-APIKEY"), keyId())
                    .publicWhen(When.pathStarts("/open/v1/common/", "/open/v1/market/"))
                    .build())
            .orders(
                    request -> request.method().equals("POST") && request.path().equals("/open/v1/orders"),
                    parameter("clientId"),
                    Dedup.NONE)
            .errorCodeAt("/code")
            .build();

    private Tokocrypto() {}
}
