package io.intaglio.signing.venue;

import static io.intaglio.signing.scheme.Parts.base64;
import static io.intaglio.signing.scheme.Parts.body;
import static io.intaglio.signing.scheme.Parts.credential;
import static io.intaglio.signing.scheme.Parts.keyId;
import static io.intaglio.signing.scheme.Parts.literal;
import static io.intaglio.signing.scheme.Parts.member;
import static io.intaglio.signing.scheme.Parts.nonce;
import static io.intaglio.signing.scheme.Parts.path;
import static io.intaglio.signing.scheme.Parts.sha256;
import static io.intaglio.signing.scheme.Parts.signature;
import static io.intaglio.signing.scheme.Places.formField;
import static io.intaglio.signing.scheme.Places.header;
import static io.intaglio.signing.scheme.Places.jsonField;
import static io.intaglio.signing.scheme.Places.parameter;

import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.key.Hash;
import io.intaglio.signing.key.SecretForm;
import io.intaglio.signing.scheme.Frame;
import io.intaglio.signing.scheme.Scheme;
import io.intaglio.signing.scheme.UrlEncoding;
import io.intaglio.signing.scheme.When;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Kraken spot: HMAC-SHA512 over the path and SHA-256(nonce + body). The nonce is the first field of the form or of the JSON object and must
 * rise with every request of a key.
 *
 * <p>WebSocket (v2): nothing is signed; each private subscription or call carries the token that {@code /0/private/GetWebSocketsToken} gives, which the
 * credential holds as secret {@code token}. FIX: the password (554) signs the header's tags and the nonce (5025), which must be within five seconds
 * of the venue's clock in milliseconds.
 *
 * <p>Source: docs.kraken.com, "Spot REST authentication". The limits are those of the lowest tier; how many
 * refused keys lead to the documented "Temporary lockout" is not published, and five in five minutes is a guess on the safe side. Errors come
 * with HTTP 200; their texts are those of "Spot Error Messages", but EService:Busy, which is unconfirmed. That the engine or the API is offline,
 * that the request timed out, and that there was an internal error say nothing of an order that was passed on before; {@code EOrder:Reduce only:Position
 * is closed} comes when the order was executed as far as possible. A client order id is unique among open orders only, so it is no idempotency key.
 */
public final class KrakenSpot {
    /** The table of docs.kraken.com, "Spot Trading Limits": what a call adds by how many seconds the order has rested. */
    private static final List<Integer> YOUNGER_THAN = List.of(5, 10, 15, 45, 90, 300);

    private static final List<Integer> AMEND = List.of(3, 2, 1);
    private static final List<Integer> EDIT = List.of(6, 5, 4, 2, 1);
    private static final List<Integer> CANCEL = List.of(8, 6, 5, 4, 2, 1);

    private static final Set<String> READS = Set.of(
            "/0/private/Balance",
            "/0/private/BalanceEx",
            "/0/private/TradeBalance",
            "/0/private/OpenOrders",
            "/0/private/ClosedOrders",
            "/0/private/QueryOrders",
            "/0/private/TradesHistory",
            "/0/private/QueryTrades",
            "/0/private/OpenPositions",
            "/0/private/Ledgers",
            "/0/private/QueryLedgers",
            "/0/private/TradeVolume",
            "/0/private/DepositStatus",
            "/0/private/WithdrawStatus",
            "/0/private/WithdrawMethods",
            "/0/private/WithdrawAddresses",
            "/0/private/WithdrawInfo",
            "/0/private/DepositMethods");

    private static final Frame WEB_SOCKET = Frame.of(
            Scheme.named("kraken, WebSocket")
                    .stamp(jsonField("token"), credential("token"))
                    .build(),
            (method, fields, moment) ->
                    Frame.members("method", method.isEmpty() ? "subscribe" : method, "params", fields));

    private static final Frame FIX = Frame.tags(Scheme.named("kraken, FIX")
            .stamp(jsonField("553"), keyId())
            .stamp(jsonField("5025"), nonce())
            .preHash(sha256(
                    literal("35=A\u000134="),
                    member("34"),
                    literal("\u000149="),
                    member("49"),
                    literal("\u000156="),
                    member("56"),
                    literal("\u0001553="),
                    keyId(),
                    literal("\u0001"),
                    member("5025")))
            .hmac(Hash.SHA512, SecretForm.BASE64)
            .attach(jsonField("554"), base64(signature()))
            .build());

    /** The venue. */
    public static final Venue VENUE = Venue.named("kraken")
            .confirmed(Confirmation.OFFICIAL)
            .baseUri("https://api.kraken.com")
            .scheme(Scheme.named("kraken")
                    .encoding(UrlEncoding.STRICT.withPlainNames())
                    .stamp(When.json(), jsonField("nonce").first(), nonce())
                    .stamp(When.json().negate(), formField("nonce").first(), nonce())
                    .preHash(path(), sha256(nonce(), body()))
                    .hmac(Hash.SHA512, SecretForm.BASE64)
                    .attach(header("API-Key"), keyId())
                    .attach(header("API-Sign"), base64(signature()))
                    .publicWhen(When.pathStarts("/0/public/"))
                    .build())
            .nonce(NonceRule.INCREASING_MICROS)
            .nonceWindow()
            .time("/0/public/Time", "/result/unixtime", Duration.ofSeconds(1))
            .riskReducing(When.pathStarts("/0/private/Cancel"))
            .orderIdAt("/result/txid/0")
            .orders(request -> request.path().equals("/0/private/AddOrder"), parameter("cl_ord_id"), Dedup.OPEN_ORDERS)
            .errorsInOkAnswers()
            .errorCodeAt("/error/0")
            .errors(Meaning.THROTTLED, "EAPI:Rate limit exceeded", "EOrder:Rate limit exceeded", "EService: Throttled")
            .errors(Meaning.BANNED, "EGeneral:Temporary lockout")
            .errors(Meaning.BAD_NONCE, "EAPI:Invalid nonce")
            .errors(Meaning.BAD_SIGNATURE, "EAPI:Invalid signature")
            .errors(Meaning.BAD_KEY, "EAPI:Invalid key", "EGeneral:Permission denied")
            .errors(Meaning.DUPLICATE, "EOrder:Duplicate")
            .errors(Meaning.NOT_EXECUTED, "EGeneral:", "EOrder:", "EAPI:")
            .errors(Meaning.UNKNOWN_OUTCOME, "EGeneral:Internal error", "EService:Unavailable", "EService:Busy")
            .errors(Meaning.UNKNOWN_OUTCOME, "EService:Deadline elapsed", "EOrder:Reduce only:Position is closed")
            .webSocket(WEB_SOCKET)
            .fix(FIX)
            .limit(Limit.leaky("call counter", Limit.Scope.KEY, 15, Duration.ofSeconds(45))
                    .costing(KrakenSpot::calls)
                    .breach("EAPI:Rate limit exceeded"))
            .limit(Limit.leaky("orders of a pair", Limit.Scope.ACCOUNT, 60, Duration.ofSeconds(60))
                    .counting(request -> request.path().equals("/0/private/AddOrder"))
                    .costingByAge(KrakenSpot::orderOf, KrakenSpot::engineCost)
                    .per(request -> request.value("pair").orElse(""))
                    .breach("EOrder:Rate limit exceeded"))
            .limit(Limit.rolling("refused keys", Limit.Scope.KEY, 5, Duration.ofMinutes(5))
                    .onErrors("EAPI:Invalid key", "EAPI:Invalid signature"))
            .pauseUntil("EService: ?Throttled: ?(\\d{10})", Duration.ofSeconds(1))
            .reads(request -> READS.contains(request.path()))
            .orderQuery(new OrderQuery(
                    List.of(
                            (order, id) ->
                                    ApiRequest.post("/0/private/OpenOrders").form("cl_ord_id", id),
                            (order, id) ->
                                    ApiRequest.post("/0/private/ClosedOrders").form("cl_ord_id", id)),
                    List.of("/result/open", "/result/closed"),
                    List.of(),
                    Duration.ofSeconds(1),
                    Duration.ofDays(7))) // no end is documented
            .trades("* /0/private/AddOrder*", "* /0/private/EditOrder", "* /0/private/AmendOrder")
            .withdrawals(Withdrawals.by("* /0/private/Withdraw", "* /0/private/WalletTransfer")
                    .to("key", "address"))
            .orderFields(OrderFields.of("pair", "type", "price", "volume")
                    .limitTypes("ordertype", "limit")
                    .quotedWhen(request -> FieldPath.text(request, "oflags").contains("viqc")))
            .build();

    private KrakenSpot() {}

    /** Orders and cancels are on the engine's own counter; the histories cost 2. */
    private static long calls(ApiRequest request) {
        if (!request.path().startsWith("/0/private/")) {
            return 0;
        }
        return switch (request.path()) {
            case "/0/private/AddOrder", "/0/private/CancelOrder", "/0/private/CancelAll" -> 0;
            case "/0/private/Ledgers",
                    "/0/private/QueryLedgers",
                    "/0/private/TradesHistory",
                    "/0/private/QueryTrades",
                    "/0/private/ClosedOrders" -> 2;
            default -> 1;
        };
    }

    private static Optional<String> orderOf(ApiRequest request) {
        return switch (request.path()) {
            case "/0/private/CancelOrder", "/0/private/AmendOrder", "/0/private/EditOrder" ->
                request.value("cl_ord_id").or(() -> request.value("txid")).or(() -> Optional.of(""));
            default -> Optional.empty();
        };
    }

    private static long engineCost(ApiRequest request, Duration age) {
        return switch (request.path()) {
            case "/0/private/AmendOrder" -> 1 + byAge(age, AMEND);
            case "/0/private/EditOrder" -> 1 + byAge(age, EDIT);
            default -> byAge(age, CANCEL);
        };
    }

    private static int byAge(Duration age, List<Integer> units) {
        for (int i = 0; i < units.size(); i++) {
            if (age.toSeconds() < YOUNGER_THAN.get(i)) {
                return units.get(i);
            }
        }
        return 0;
    }
}
