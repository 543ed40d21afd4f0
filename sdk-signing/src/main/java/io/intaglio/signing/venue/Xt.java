package io.intaglio.signing.venue;

import static io.intaglio.signing.scheme.Parts.attribute;
import static io.intaglio.signing.scheme.Parts.body;
import static io.intaglio.signing.scheme.Parts.concat;
import static io.intaglio.signing.scheme.Parts.hex;
import static io.intaglio.signing.scheme.Parts.keyId;
import static io.intaglio.signing.scheme.Parts.literal;
import static io.intaglio.signing.scheme.Parts.method;
import static io.intaglio.signing.scheme.Parts.millis;
import static io.intaglio.signing.scheme.Parts.path;
import static io.intaglio.signing.scheme.Parts.prefixed;
import static io.intaglio.signing.scheme.Parts.query;
import static io.intaglio.signing.scheme.Parts.queryFields;
import static io.intaglio.signing.scheme.Parts.signature;
import static io.intaglio.signing.scheme.Parts.when;
import static io.intaglio.signing.scheme.Places.header;
import static io.intaglio.signing.scheme.Places.parameter;

import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.key.Hash;
import io.intaglio.signing.key.SecretForm;
import io.intaglio.signing.scheme.Scheme;
import io.intaglio.signing.scheme.When;
import java.util.function.Predicate;

/**
 * XT.com: HMAC-SHA256 over the validation headers, method, path and parameters, parted by {@code #}, hex. Spot signs the sorted query
 * plain; futures ({@code /future/} paths) sign it encoded, without method and receive window.
 *
 * <p>Attributes: {@code recvWindow}, milliseconds, 5000 unless given; spot only. Confirmed by vectors of a second implementation.
 *
 * <p>Spot refuses with 200, {@code rc} 1 and the code in {@code mc} (doc.xt.com, "Response code"). How futures refuse is unconfirmed, and not read.
 */
public final class Xt {
    private static final Predicate<ApiRequest> FUTURES = When.pathStarts("/future/");

    /** The venue. */
    public static final Venue VENUE = Venue.named("xt")
            .confirmed(Confirmation.SECOND_IMPLEMENTATION)
            .baseUri("https://sapi.xt.com")
            .environment("futures", "https://fapi.xt.com")
            .scheme(Scheme.named("xt")
                    .sortParameters()
                    .contentType(When.always(), "application/json")
                    .emptyBody(When.method("GET").or(When.pathStarts("/v4/order/", "/v4/ws-token")), "")
                    .emptyBody(When.always(), "{}")
                    .stamp(FUTURES.negate(), header("xt-validate-algorithms"), literal("HmacSHA256"))
                    .stamp(header("xt-validate-appkey"), keyId())
                    .stamp(FUTURES.negate(), header("xt-validate-recvwindow"), attribute("recvWindow", "5000"))
                    .stamp(header("xt-validate-timestamp"), millis())
                    .preHash(
                            when(FUTURES.negate(), literal("xt-validate-algorithms=HmacSHA256&")),
                            concat(literal("xt-validate-appkey="), keyId()),
                            when(
                                    FUTURES.negate(),
                                    concat(literal("&xt-validate-recvwindow="), attribute("recvWindow", "5000"))),
                            concat(literal("&xt-validate-timestamp="), millis()),
                            when(FUTURES.negate(), concat(literal("#"), method())),
                            concat(literal("#"), path()),
                            prefixed(
                                    "#",
                                    when(
                                            FUTURES,
                                            query(),
                                            queryFields().sorted().raw())),
                            prefixed("#", body()))
                    .hmac(Hash.SHA256, SecretForm.UTF8)
                    .attach(header("xt-validate-signature"), hex(signature()))
                    .publicWhen(request -> request.path().contains("/public/"))
                    .build())
            .orders(
                    request -> request.method().equals("POST") && request.path().equals("/v4/order"),
                    parameter("clientOrderId"),
                    Dedup.NONE)
            .refusalFlagAt("/rc", "1")
            .errorCodeAt("/mc")
            .build();

    private Xt() {}
}
