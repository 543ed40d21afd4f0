package io.intaglio.signing.venue;

import static io.intaglio.signing.scheme.Parts.body;
import static io.intaglio.signing.scheme.Parts.hex;
import static io.intaglio.signing.scheme.Parts.keyId;
import static io.intaglio.signing.scheme.Parts.lines;
import static io.intaglio.signing.scheme.Parts.method;
import static io.intaglio.signing.scheme.Parts.path;
import static io.intaglio.signing.scheme.Parts.queryFields;
import static io.intaglio.signing.scheme.Parts.seconds;
import static io.intaglio.signing.scheme.Parts.sha512;
import static io.intaglio.signing.scheme.Parts.signature;
import static io.intaglio.signing.scheme.Places.header;
import static io.intaglio.signing.scheme.Places.parameter;

import io.intaglio.signing.key.Hash;
import io.intaglio.signing.key.SecretForm;
import io.intaglio.signing.scheme.Scheme;
import io.intaglio.signing.scheme.When;
import java.time.Duration;

/**
 * Gate v4: HMAC-SHA512 over method, path, plain query, SHA-512 of the body and seconds, one a line. The query is signed as plain text and sent
 * percent-encoded.
 *
 * <p>Confirmed by the documentation's two examples; the window is unconfirmed. Labels INTERNAL and SERVER_ERROR ("internal
 * server error") leave the outcome unknown, whatever the status.
 */
public final class Gate {
    /** The venue. */
    public static final Venue VENUE = Venue.named("gate")
            .confirmed(Confirmation.OFFICIAL)
            .baseUri("https://api.gateio.ws")
            .scheme(Scheme.named("gate")
                    .contentType(When.always(), "application/json")
                    .stamp(header("Timestamp"), seconds())
                    .preHash(lines(method(), path(), queryFields().raw(), hex(sha512(body())), seconds()))
                    .hmac(Hash.SHA512, SecretForm.UTF8)
                    .attach(header("KEY"), keyId())
                    .attach(header("SIGN"), hex(signature()))
                    .build())
            .window(Duration.ofSeconds(60), Duration.ofSeconds(60))
            .riskReducing(When.method("DELETE")
                    .and(When.pathStarts("/api/v4/spot/orders", "/api/v4/spot/price_orders", "/api/v4/futures/"))
                    .or(When.method("POST").and(When.pathStarts("/api/v4/spot/cancel_batch_orders"))))
            .orders(
                    request -> request.method().equals("POST") && request.path().equals("/api/v4/spot/orders"),
                    parameter("text"),
                    Dedup.NONE)
            .orderIds(OrderIdForm.GATE)
            .errorCodeAt("/label")
            .errors(Meaning.THROTTLED, "TOO_MANY_REQUESTS")
            .errors(Meaning.BAD_SIGNATURE, "INVALID_SIGNATURE")
            .errors(Meaning.BAD_KEY, "INVALID_KEY", "FORBIDDEN")
            .errors(Meaning.UNKNOWN_OUTCOME, "INTERNAL", "SERVER_ERROR")
            .limit(Limit.rolling("calls of an endpoint", Limit.Scope.ACCOUNT, 200, Duration.ofSeconds(10))
                    .per(request -> request.method() + " " + request.path())
                    .capacityIn("X-Gate-RateLimit-Limit")
                    .remaining("X-Gate-RateLimit-Requests-Remain")
                    .breach("TOO_MANY_REQUESTS"))
            .trades(
                    "POST /api/v4/spot/**",
                    "PATCH /api/v4/spot/orders/**",
                    "POST /api/v4/futures/**",
                    "PUT /api/v4/futures/**")
            .withdrawals(Withdrawals.by("POST /api/v4/withdrawals/**")
                    .to("address", "receive_uid")
                    .tagged("memo"))
            .orderFields(OrderFields.of("currency_pair", "side", "price", "amount")
                    .limitTypes("type", "limit", "")
                    .quotedWhen(request -> FieldPath.text(request, "type").equalsIgnoreCase("market")
                            && !FieldPath.text(request, "side").equalsIgnoreCase("sell")))
            .build();

    private Gate() {}
}
