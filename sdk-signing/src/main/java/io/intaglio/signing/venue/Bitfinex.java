package io.intaglio.signing.venue;

import static io.intaglio.signing.scheme.Parts.body;
import static io.intaglio.signing.scheme.Parts.hex;
import static io.intaglio.signing.scheme.Parts.keyId;
import static io.intaglio.signing.scheme.Parts.literal;
import static io.intaglio.signing.scheme.Parts.nonce;
import static io.intaglio.signing.scheme.Parts.path;
import static io.intaglio.signing.scheme.Parts.signature;
import static io.intaglio.signing.scheme.Places.header;
import static io.intaglio.signing.scheme.Places.jsonField;

import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.key.Hash;
import io.intaglio.signing.key.SecretForm;
import io.intaglio.signing.scheme.Scheme;
import io.intaglio.signing.scheme.When;
import java.time.Duration;

/**
 * Bitfinex v2: {@code /api} + path + nonce + JSON body by HMAC-SHA384 in hex. Every signed call is a POST. The nonce must rise with every
 * request of a key and stay below 2^53.
 *
 * <p>Confirmed by vectors of a second implementation; the error texts by reports of users. A client order id is a number, unique within
 * the day.
 *
 * <p>An order is answered with a notification, whose {@code STATUS} is {@code SUCCESS}, {@code ERROR} or {@code FAILURE}
 * (docs.bitfinex.com, "Submit Order"). What parts the last two is not said, so a failure is taken for an unknown outcome.
 */
public final class Bitfinex {
    /** The venue. */
    public static final Venue VENUE = Venue.named("bitfinex")
            .confirmed(Confirmation.SECOND_IMPLEMENTATION)
            .baseUri("https://api.bitfinex.com")
            .scheme(Scheme.named("bitfinex")
                    .contentType(When.always(), "application/json")
                    .emptyBody(When.always(), "{}")
                    .stamp(header("bfx-nonce"), nonce())
                    .preHash(literal("/api"), path(), nonce(), body())
                    .hmac(Hash.SHA384, SecretForm.UTF8)
                    .attach(header("bfx-apikey"), keyId())
                    .attach(header("bfx-signature"), hex(signature()))
                    .publicWhen(When.method("GET"))
                    .build())
            .nonce(NonceRule.INCREASING_MICROS)
            .riskReducing(When.pathStarts("/v2/auth/w/order/cancel"))
            .orders(
                    request -> request.path().equals("/v2/auth/w/order/submit"),
                    jsonField("cid").asNumber(),
                    Dedup.NONE)
            .orderIds(OrderIdForm.NUMBER)
            .refusalFlagAt("/6", "ERROR", "FAILURE")
            .errorCodeAt("/7")
            .errorCodeAt("/6")
            .errorCodeAt("/2")
            .errors(Meaning.UNKNOWN_OUTCOME, "FAILURE")
            .errors(Meaning.THROTTLED, "ratelimit")
            .errors(Meaning.BAD_NONCE, "nonce: small")
            .errors(Meaning.BAD_SIGNATURE, "apikey: digest invalid")
            .errors(Meaning.BAD_KEY, "apikey: invalid")
            .limit(Limit.rolling("calls of an endpoint", Limit.Scope.KEY, 45, Duration.ofMinutes(1))
                    .per(ApiRequest::path)
                    .breach("ERR_RATE_LIMIT"))
            .pause("ERR_RATE_LIMIT", Duration.ofMinutes(1))
            .pause("HTTP 429", Duration.ofMinutes(1))
            .reads(When.pathStarts("/v2/auth/r/"))
            .trades("POST /v2/auth/w/order/**")
            .withdrawals(Withdrawals.by("* /v2/auth/w/withdraw", "* /v2/auth/w/transfer")
                    .to("address", "invoice", "email_dst", "user_id_dst")
                    .tagged("payment_id", "memo"))
            .orderFields(OrderFields.of("symbol", "amount", "price", "amount")
                    .signed()
                    .limitTypes("type", "LIMIT", "EXCHANGE LIMIT", "FOK", "EXCHANGE FOK", "IOC", "EXCHANGE IOC"))
            .build();

    private Bitfinex() {}
}
