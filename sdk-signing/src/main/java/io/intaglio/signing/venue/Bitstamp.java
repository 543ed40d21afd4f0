package io.intaglio.signing.venue;

import static io.intaglio.signing.scheme.Parts.body;
import static io.intaglio.signing.scheme.Parts.concat;
import static io.intaglio.signing.scheme.Parts.contentType;
import static io.intaglio.signing.scheme.Parts.hex;
import static io.intaglio.signing.scheme.Parts.host;
import static io.intaglio.signing.scheme.Parts.keyId;
import static io.intaglio.signing.scheme.Parts.literal;
import static io.intaglio.signing.scheme.Parts.method;
import static io.intaglio.signing.scheme.Parts.millis;
import static io.intaglio.signing.scheme.Parts.nonce;
import static io.intaglio.signing.scheme.Parts.path;
import static io.intaglio.signing.scheme.Parts.prefixed;
import static io.intaglio.signing.scheme.Parts.query;
import static io.intaglio.signing.scheme.Parts.signature;
import static io.intaglio.signing.scheme.Places.header;
import static io.intaglio.signing.scheme.Places.parameter;

import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.key.Hash;
import io.intaglio.signing.key.SecretForm;
import io.intaglio.signing.scheme.Part;
import io.intaglio.signing.scheme.Scheme;
import io.intaglio.signing.scheme.When;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Bitstamp v2: HMAC-SHA256 over key, method, host, path, content type, nonce, milliseconds, version and body, hex. The content type is signed
 * and sent only with a body. The nonce is a UUID, unique within 150 seconds.
 *
 * <p>Confirmed by vectors of a second implementation; window and response signature are unconfirmed.
 */
public final class Bitstamp {
    private static final Part BITSTAMP_KEY = concat(literal("BITSTAMP "), keyId());

    /** The venue. */
    public static final Venue VENUE = Venue.named("bitstamp")
            .confirmed(Confirmation.SECOND_IMPLEMENTATION)
            .baseUri("https://www.bitstamp.net")
            .scheme(Scheme.named("bitstamp")
                    .stamp(header("X-Auth"), BITSTAMP_KEY)
                    .stamp(header("X-Auth-Nonce"), nonce())
                    .stamp(header("X-Auth-Timestamp"), millis())
                    .stamp(header("X-Auth-Version"), literal("v2"))
                    .preHash(
                            BITSTAMP_KEY,
                            method(),
                            host(),
                            path(),
                            prefixed("?", query()),
                            contentType(),
                            nonce(),
                            millis(),
                            literal("v2"),
                            body())
                    .hmac(Hash.SHA256, SecretForm.UTF8)
                    .attach(header("X-Auth-Signature"), hex(signature()))
                    .build())
            .nonce(NonceRule.UUID)
            .window(Duration.ofSeconds(150), Duration.ofSeconds(150))
            .riskReducing(When.pathStarts("/api/v2/cancel_"))
            .orders(
                    request -> request.path().startsWith("/api/v2/buy/")
                            || request.path().startsWith("/api/v2/sell/"),
                    parameter("client_order_id"),
                    Dedup.NONE)
            .errorCodeAt("/code")
            .errors(Meaning.BAD_SIGNATURE, "API0005")
            .limit(Limit.rolling("calls in a second", Limit.Scope.IP, 400, Duration.ofSeconds(1)))
            .limit(Limit.rolling("calls in 10 min", Limit.Scope.IP, 10_000, Duration.ofMinutes(10)))
            .reads(When.pathStarts(
                    "/api/v2/account_balances/",
                    "/api/v2/balance/",
                    "/api/v2/user_transactions/",
                    "/api/v2/open_orders/",
                    "/api/v2/order_status/"))
            .withdrawals(Withdrawals.by(
                            "* /api/v2/*_withdrawal/", "* /api/v2/*_withdrawal", "POST /api/v2/withdrawal/open/**")
                    .to("address", "iban")
                    .tagged("destination_tag", "memo_id"))
            .orderFields(OrderFields.of(Bitstamp::pair, Bitstamp::side, "price", "amount")
                    .pricedWhen(request -> segments(request).size() == 2)
                    .quotedWhen(request -> request.path().startsWith("/api/v2/buy/instant/")))
            .build();

    private Bitstamp() {}

    /** Paths are {@code /api/v2/buy/btcusd/} and {@code /api/v2/buy/market/btcusd/}; what follows the version. */
    private static List<String> segments(ApiRequest request) {
        String path = request.path();
        String open = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
        return List.of(open.substring("/api/v2/".length()).split("/", -1));
    }

    private static Optional<String> pair(ApiRequest request) {
        List<String> segments = segments(request);
        return Optional.of(segments.get(segments.size() - 1));
    }

    private static Optional<String> side(ApiRequest request) {
        return Optional.of(segments(request).get(0));
    }
}
