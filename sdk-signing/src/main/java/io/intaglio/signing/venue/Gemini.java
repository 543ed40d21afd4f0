package io.intaglio.signing.venue;

import static io.intaglio.signing.scheme.Parts.base64;
import static io.intaglio.signing.scheme.Parts.headerValue;
import static io.intaglio.signing.scheme.Parts.hex;
import static io.intaglio.signing.scheme.Parts.json;
import static io.intaglio.signing.scheme.Parts.keyId;
import static io.intaglio.signing.scheme.Parts.nonce;
import static io.intaglio.signing.scheme.Parts.path;
import static io.intaglio.signing.scheme.Parts.signature;
import static io.intaglio.signing.scheme.Places.body;
import static io.intaglio.signing.scheme.Places.header;
import static io.intaglio.signing.scheme.Places.parameter;

import io.intaglio.signing.Body;
import io.intaglio.signing.key.Hash;
import io.intaglio.signing.key.SecretForm;
import io.intaglio.signing.scheme.Member;
import io.intaglio.signing.scheme.Parts;
import io.intaglio.signing.scheme.Scheme;
import io.intaglio.signing.scheme.When;
import java.time.Duration;
import java.util.Set;

/**
 * Gemini: the JSON payload travels in a header as base64 text; HMAC-SHA384 of that text, hex; the body stays empty. A raw text body is taken
 * as a finished payload and sent as it is.
 *
 * <p>WebSocket order events: the handshake carries the same headers as a request; sign {@code ApiRequest.get("/v1/order/events")} with
 * {@code access(Access.SIGNED)} and send its headers with the upgrade. Unconfirmed.
 *
 * <p>Source: docs.gemini.com, "Private API invocation"; the vectors are quoted examples. Error names and client order id are unconfirmed.
 */
public final class Gemini {
    private static final Set<String> READS = Set.of(
            "/v1/order/status",
            "/v1/orders",
            "/v1/orders/history",
            "/v1/mytrades",
            "/v1/tradevolume",
            "/v1/notionalvolume",
            "/v1/balances",
            "/v1/notionalbalances/usd",
            "/v1/transfers",
            "/v1/positions");

    /** The venue. */
    public static final Venue VENUE = Venue.named("gemini")
            .confirmed(Confirmation.OFFICIAL)
            .baseUri("https://api.gemini.com")
            .environment("sandbox", "https://api.sandbox.gemini.com")
            .scheme(Scheme.named("gemini")
                    .contentType(When.always(), "text/plain")
                    .stamp(
                            header("X-GEMINI-PAYLOAD"),
                            base64(Parts.when(
                                    request -> request.body() instanceof Body.Raw,
                                    Parts.body(),
                                    json(
                                            Member.text("request", path()),
                                            Member.text("nonce", nonce()),
                                            Member.bodyMembers()))))
                    .stamp(header("Cache-Control"), Parts.literal("no-cache"))
                    .stamp(body(""), Parts.literal(""))
                    .preHash(headerValue("X-GEMINI-PAYLOAD"))
                    .hmac(Hash.SHA384, SecretForm.UTF8)
                    .attach(header("X-GEMINI-APIKEY"), keyId())
                    .attach(header("X-GEMINI-SIGNATURE"), hex(signature()))
                    .publicWhen(When.method("GET"))
                    .build())
            .nonce(NonceRule.INCREASING_MILLIS)
            .riskReducing(When.pathStarts("/v1/order/cancel"))
            .orders(request -> request.path().equals("/v1/order/new"), parameter("client_order_id"), Dedup.NONE)
            .errorCodeAt("/reason")
            .errors(Meaning.BAD_NONCE, "InvalidNonce")
            .errors(Meaning.BAD_SIGNATURE, "InvalidSignature")
            .errors(Meaning.THROTTLED, "RateLimit")
            .limit(Limit.rolling("private calls", Limit.Scope.KEY, 600, Duration.ofMinutes(1))
                    .counting(request -> request.method().equals("POST")))
            .limit(Limit.rolling("public calls", Limit.Scope.IP, 120, Duration.ofMinutes(1))
                    .counting(request -> request.method().equals("GET")))
            .reads(request -> READS.contains(request.path()))
            .withdrawals(Withdrawals.by("* /v1/withdraw/**", "* /v1/account/transfer/**", "* /v1/payments/**")
                    .to("address", "account")
                    .tagged("memo"))
            .orderFields(OrderFields.of("symbol", "side", "price", "amount")
                    .limitTypes("type", "exchange limit", "exchange stop limit"))
            .build();

    private Gemini() {}
}
