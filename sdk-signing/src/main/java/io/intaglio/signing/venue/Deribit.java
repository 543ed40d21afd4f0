package io.intaglio.signing.venue;

import static io.intaglio.signing.scheme.Parts.base64;
import static io.intaglio.signing.scheme.Parts.body;
import static io.intaglio.signing.scheme.Parts.concat;
import static io.intaglio.signing.scheme.Parts.hex;
import static io.intaglio.signing.scheme.Parts.join;
import static io.intaglio.signing.scheme.Parts.keyId;
import static io.intaglio.signing.scheme.Parts.lines;
import static io.intaglio.signing.scheme.Parts.literal;
import static io.intaglio.signing.scheme.Parts.member;
import static io.intaglio.signing.scheme.Parts.method;
import static io.intaglio.signing.scheme.Parts.millis;
import static io.intaglio.signing.scheme.Parts.nonce;
import static io.intaglio.signing.scheme.Parts.pathAndQuery;
import static io.intaglio.signing.scheme.Parts.signature;
import static io.intaglio.signing.scheme.Places.header;
import static io.intaglio.signing.scheme.Places.jsonField;
import static io.intaglio.signing.scheme.Places.parameter;

import io.intaglio.signing.Access;
import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.key.Hash;
import io.intaglio.signing.key.SecretForm;
import io.intaglio.signing.key.SignatureAlgorithm;
import io.intaglio.signing.scheme.Frame;
import io.intaglio.signing.scheme.Scheme;
import io.intaglio.signing.scheme.When;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Deribit REST: HMAC-SHA256 over milliseconds, nonce, method, path with query and body, a line feed after each; all of it travels in one
 * Authorization header.
 *
 * <p>Or {@code VENUE.withAccessTokens()}: the client gets an access token from {@code public/auth} by client_signature, and each call carries that instead.
 *
 * <p>WebSocket: {@code public/auth} by client_signature; the answer's token authenticates what follows. FIX: the password is a plain SHA-256 over
 * RawData and the secret, no HMAC; that formula is unconfirmed (an independent client has it). RawData is the time in milliseconds, a dot, and base64
 * of the nonce's text.
 *
 * <p>The existence of the scheme is confirmed by docs.deribit.com, its text by a second implementation. The codes are those of its "RPC Error
 * Codes". Of 10001 ("some general failure"), 11094 ("some unhandled error on server"), 13008 ("invalid input or internal failure") and 13028 ("not
 * responding or processing the response takes too long") the outcome is unknown; 10040, 10041, 10047, 11051 and 13888 say that the request was not
 * processed. Code 11044 ("not open order") may be said of an order that was filled, so only 10004 ("order not found") says that there is none. The
 * state by label is that "of recent orders"; how recent is not said, but orders are called old after two days, so one day is on the safe side.
 */
public final class Deribit {
    private static final Frame WEB_SOCKET = Frame.only(
            "public/auth",
            Scheme.named("deribit, WebSocket")
                    .stamp(jsonField("grant_type"), literal("client_signature"))
                    .stamp(jsonField("client_id"), keyId())
                    .stamp(jsonField("timestamp").asNumber(), millis())
                    .stamp(jsonField("nonce"), nonce())
                    .stamp(jsonField("data"), literal(""))
                    .preHash(lines(millis(), nonce(), member("data")))
                    .hmac(Hash.SHA256, SecretForm.UTF8)
                    .attach(jsonField("signature"), hex(signature()))
                    .build(),
            (method, fields, moment) -> Frame.members(
                    "jsonrpc", "2.0", "id", moment.timestamp().toEpochMilli(), "method", method, "params", fields));

    private static final Frame FIX = Frame.tags(Scheme.named("deribit, FIX")
            .stamp(jsonField("96"), join(".", millis(), base64(nonce())))
            .stamp(jsonField("553"), keyId())
            .preHash(member("96"))
            .algorithm(SignatureAlgorithm.suffixedHash(Hash.SHA256, SecretForm.UTF8))
            .attach(jsonField("554"), base64(signature()))
            .build());

    /** REST: {@code public/auth} by client_signature, so that the secret stays here. Its pre-hash is that of the WebSocket log-on. */
    private static final Scheme TOKEN = Scheme.named("deribit, token")
            .stamp(parameter("grant_type"), literal("client_signature"))
            .stamp(parameter("client_id"), keyId())
            .stamp(parameter("timestamp"), millis())
            .stamp(parameter("nonce"), nonce())
            .preHash(lines(millis(), nonce(), literal("")))
            .hmac(Hash.SHA256, SecretForm.UTF8)
            .attach(parameter("signature"), hex(signature()))
            .build();

    /** The venue. */
    public static final Venue VENUE = Venue.named("deribit")
            .confirmed(Confirmation.SECOND_IMPLEMENTATION)
            .baseUri("https://www.deribit.com")
            .environment("test", "https://test.deribit.com")
            .scheme(Scheme.named("deribit")
                    .preHash(lines(millis(), nonce(), method(), pathAndQuery(), body(), literal("")))
                    .hmac(Hash.SHA256, SecretForm.UTF8)
                    .attach(
                            header("Authorization"),
                            join(
                                    ",",
                                    concat(literal("deri-hmac-sha256 id="), keyId()),
                                    concat(literal("ts="), millis()),
                                    concat(literal("sig="), hex(signature())),
                                    concat(literal("nonce="), nonce())))
                    .publicWhen(When.pathStarts("/api/v2/public/"))
                    .build())
            .nonce(NonceRule.RANDOM_HEX)
            .window(Duration.ofSeconds(60), Duration.ofSeconds(60))
            .time("/api/v2/public/get_time", "/result", Duration.ofMillis(1))
            .riskReducing(When.pathStarts("/api/v2/private/cancel", "/api/v2/private/close_position"))
            .orders(
                    request -> request.path().equals("/api/v2/private/buy")
                            || request.path().equals("/api/v2/private/sell"),
                    parameter("label"),
                    Dedup.NONE)
            .errorsInOkAnswers()
            .errorCodeAt("/error/code")
            .errors(Meaning.THROTTLED, "10028")
            .errors(Meaning.BAD_KEY, "13004", "13009")
            .errors(Meaning.UNKNOWN_OUTCOME, "10001", "11094", "13008", "13028")
            .tokenLogin(new Login(
                    credential -> ApiRequest.get("/api/v2/public/auth").access(Access.SIGNED),
                    TOKEN,
                    "/result/access_token",
                    "/result/expires_in",
                    Duration.ofDays(366)))
            .webSocket(WEB_SOCKET)
            .fix(FIX)
            .limit(Limit.leaky("credits", Limit.Scope.ACCOUNT, 50_000, Duration.ofSeconds(5))
                    .costing(request -> isMatching(request) ? 0 : 500)
                    .breach("10028"))
            .limit(Limit.leaky("matching engine calls", Limit.Scope.ACCOUNT, 20, Duration.ofSeconds(4))
                    .counting(Deribit::isMatching)
                    .breach("10028"))
            .orderQuery(new OrderQuery(
                    List.of((order, id) -> ApiRequest.get("/api/v2/private/get_order_state_by_label")
                            .query(
                                    "currency",
                                    currency(order.value("instrument_name").orElse("BTC")))
                            .query("label", id)),
                    List.of("/result/0/order_id"),
                    List.of("10004"),
                    Duration.ofSeconds(1),
                    Duration.ofDays(1)))
            .readsOnly(When.pathStarts("/api/v2/public/", "/api/v2/private/get_"))
            .trades("* /api/v2/private/edit*")
            .withdrawals(Withdrawals.by("* /api/v2/private/withdraw", "* /api/v2/private/submit_transfer*")
                    .to("address", "destination"))
            .orderFields(OrderFields.of(FieldPath.of("instrument_name")::valueIn, Deribit::side, "price", "amount")
                    .limitTypes("type", "limit", "stop_limit", "take_limit", "")
                    .contractsWhen(Deribit::isInverse)
                    .reduceOnlyWhen(
                            request -> FieldPath.text(request, "reduce_only").equals("true")))
            .build();

    private Deribit() {}

    private static boolean isMatching(ApiRequest request) {
        String call = request.path().substring(request.path().lastIndexOf('/') + 1);
        return call.equals("buy") || call.equals("sell") || call.startsWith("edit") || call.startsWith("cancel");
    }

    /** The currency that an instrument settles in: what precedes the first hyphen, or of a linear one what follows its underscore. */
    private static String currency(String instrument) {
        String pair = instrument.split("-", 2)[0];
        return pair.substring(pair.indexOf('_') + 1);
    }

    private static Optional<String> side(ApiRequest request) {
        return Optional.of(request.path().substring(request.path().lastIndexOf('/') + 1));
    }

    /** Whether the amount is in US dollars, or the price in the underlying: only linear instruments, which have an underscore, are in both as usual. */
    private static boolean isInverse(ApiRequest request) {
        return !FieldPath.text(request, "instrument_name").contains("_");
    }
}
