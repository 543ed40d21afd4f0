package io.intaglio.testkit;

import static io.intaglio.testkit.Json.object;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Binance spot, after binance-spot-api-docs: rest-api.md and errors.md. */
final class BinanceRules extends VenueRules {
    private static final Pattern CLIENT_ORDER_ID = Pattern.compile("[.A-Z:/a-z0-9_-]{1,36}");
    private static final Duration LONGEST_BAN = Duration.ofDays(3);
    private static final BigDecimal THOUSAND = new BigDecimal(1000);

    private final Meter weights;
    private final Meter orderCount;
    private final String weightHeader;
    private final String orderHeader;
    private Instant refusedInWindowEnding = Instant.MIN;
    private int refused;
    private Instant bannedUntil = Instant.MIN;
    private Duration nextBan;

    BinanceRules(House house) {
        super(house);
        Budget budget = house.budget();
        this.weights = Meter.aligned(budget.requests(), budget.window());
        this.orderCount = Meter.aligned(budget.orders(), budget.orderWindow());
        this.weightHeader = "X-MBX-USED-WEIGHT-" + interval(budget.window());
        this.orderHeader = "X-MBX-ORDER-COUNT-" + interval(budget.orderWindow());
        this.nextBan = budget.ban();
    }

    @Override
    boolean isPublic(String path) {
        return path.equals("/api/v3/exchangeInfo") || path.equals("/api/v3/ping") || path.equals("/api/v3/time");
    }

    @Override
    ApiKey newKey() {
        return ApiKey.text(house().random());
    }

    @Override
    Answer handle(Call call) {
        Optional<Answer> refusal = refusal(call);
        return house().exclusively(house -> {
            Optional<Answer> limited = admit(call);
            if (limited.isPresent()) {
                return limited.get();
            }
            return refusal.isPresent() ? refusal.get() : execute(call);
        });
    }

    @Override
    Answer throttled(Call call, Duration retryAfter) {
        return error(429, -1003, "Too many requests; please use the websocket for live updates.")
                .retryAfter(retryAfter);
    }

    @Override
    Answer banned(Call call, Duration retryAfter) {
        return house().exclusively(house -> {
            bannedUntil = call.now().plus(retryAfter);
            return banNotice(call);
        });
    }

    @Override
    Answer finish(Call call, Answer answer) {
        return house().exclusively(house -> {
            String used = Integer.toString(weights.used(call.now()));
            return answer.header("X-MBX-USED-WEIGHT", used).header(weightHeader, used);
        });
    }

    private Optional<Answer> admit(Call call) {
        Instant now = call.now();
        if (now.isBefore(bannedUntil)) {
            return Optional.of(banNotice(call));
        }
        if (weights.take(now, weight(call))) {
            return Optional.empty();
        }
        Duration wait = weights.untilMore(now);
        if (!refusedInWindowEnding.equals(now.plus(wait))) {
            refusedInWindowEnding = now.plus(wait);
            refused = 0;
        }
        refused++;
        if (refused > house().budget().patience()) {
            bannedUntil = now.plus(nextBan);
            Duration doubled = nextBan.multipliedBy(2);
            nextBan = doubled.compareTo(LONGEST_BAN) < 0 ? doubled : LONGEST_BAN;
            return Optional.of(banNotice(call));
        }
        return Optional.of(throttled(call, wait));
    }

    private Answer banNotice(Call call) {
        return error(
                        418,
                        -1003,
                        "Way too much request weight used; IP banned until " + bannedUntil.toEpochMilli()
                                + ". Please use WebSocket Streams for live updates to avoid bans.")
                .retryAfter(Duration.between(call.now(), bannedUntil));
    }

    private static int weight(Call call) {
        return switch (call.method() + " " + call.path()) {
            case "GET /api/v3/account", "GET /api/v3/exchangeInfo" -> 20;
            case "GET /api/v3/order" -> 4;
            case "GET /api/v3/openOrders" -> call.has("symbol") ? 6 : 80;
            default -> 1;
        };
    }

    private Optional<Answer> refusal(Call call) {
        if (isPublic(call.path())) {
            return Optional.empty();
        }
        String keyId = call.header("X-MBX-APIKEY");
        if (keyId.isEmpty()) {
            return Optional.of(error(401, -2014, "API-key format invalid."));
        }
        Optional<ApiKey> key = house().key(keyId);
        if (key.isEmpty()) {
            return Optional.of(error(401, -2015, "Invalid API-key, IP, or permissions for action."));
        }
        String missing = call.missing("timestamp", "signature");
        if (!missing.isEmpty()) {
            return Optional.of(missing(missing));
        }
        Optional<Answer> untimely = timeRefusal(call);
        if (untimely.isPresent()) {
            return untimely;
        }
        return isSigned(call, key.get())
                ? Optional.empty()
                : Optional.of(error(400, -1022, "Signature for this request is not valid."));
    }

    /** Accepted when timestamp < server + 1000 ms and server - timestamp <= recvWindow. */
    private static Optional<Answer> timeRefusal(Call call) {
        BigDecimal window;
        BigDecimal timestamp;
        try {
            window = call.has("recvWindow") ? new BigDecimal(call.parameter("recvWindow")) : new BigDecimal(5000);
            timestamp = new BigDecimal(new BigDecimal(call.parameter("timestamp")).toBigIntegerExact());
        } catch (ArithmeticException | NumberFormatException notANumber) {
            return Optional.of(error(400, -1100, "Illegal characters found in a parameter."));
        }
        if (window.signum() < 0 || window.compareTo(new BigDecimal(60_000)) > 0 || window.scale() > 3) {
            return Optional.of(error(400, -1131, "recvWindow must be less than 60000"));
        }
        BigDecimal millis = timestamp.precision() >= 16 ? timestamp.divide(THOUSAND) : timestamp;
        BigDecimal server = new BigDecimal(ChronoUnit.NANOS.between(Instant.EPOCH, call.now())).movePointLeft(6);
        if (millis.compareTo(server.add(THOUSAND)) >= 0) {
            return Optional.of(error(400, -1021, "Timestamp for this request was 1000ms ahead of the server's time."));
        }
        if (server.subtract(millis).compareTo(window) > 0) {
            return Optional.of(error(400, -1021, "Timestamp for this request is outside of the recvWindow."));
        }
        return Optional.empty();
    }

    /** What is signed: query and body as sent, one after the other, without the signature itself. */
    static boolean isSigned(Call call, ApiKey key) {
        byte[] signed = (unsigned(call.rawQuery()) + unsigned(call.text())).getBytes(StandardCharsets.UTF_8);
        String signature = call.parameter("signature");
        PublicKey publicKey = key.publicKey();
        if (publicKey != null) {
            return Checks.publicKey(publicKey, signed, Checks.base64(signature));
        }
        byte[] actual;
        try {
            actual = HexFormat.of().parseHex(signature);
        } catch (IllegalArgumentException notHex) {
            return false;
        }
        return Checks.same(Checks.hmac("HmacSHA256", key.secretText(), signed), actual);
    }

    private static String unsigned(String encoded) {
        List<String> kept = new ArrayList<>();
        for (String pair : List.of(encoded.split("&", -1))) {
            if (!pair.startsWith("signature=")) {
                kept.add(pair);
            }
        }
        return String.join("&", kept);
    }

    private Answer execute(Call call) {
        return switch (call.method() + " " + call.path()) {
            case "GET /api/v3/ping" -> Answer.json(200, Map.of());
            case "GET /api/v3/time" ->
                Answer.json(200, object("serverTime", call.now().toEpochMilli()));
            case "GET /api/v3/exchangeInfo" -> exchangeInfo(call);
            case "GET /api/v3/account" -> account(call);
            case "GET /sapi/v1/account/apiRestrictions" -> restrictions(call);
            case "POST /api/v3/order" -> place(call);
            case "DELETE /api/v3/order" -> cancel(call);
            case "GET /api/v3/order" -> query(call);
            case "GET /api/v3/openOrders" -> openOrders(call);
            default -> Answer.html(404, "Not found");
        };
    }

    /** What a key may do: read and trade, from listed addresses alone. */
    private static Answer restrictions(Call call) {
        return Answer.json(
                200,
                object(
                        "ipRestrict",
                        true,
                        "createTime",
                        call.now().minus(Duration.ofDays(30)).toEpochMilli(),
                        "enableReading",
                        true,
                        "enableSpotAndMarginTrading",
                        true,
                        "enableWithdrawals",
                        false));
    }

    private Answer exchangeInfo(Call call) {
        Budget budget = house().budget();
        return Answer.json(
                200,
                object(
                        "timezone",
                        "UTC",
                        "serverTime",
                        call.now().toEpochMilli(),
                        "rateLimits",
                        List.of(
                                rateLimit("REQUEST_WEIGHT", budget.window(), budget.requests()),
                                rateLimit("ORDERS", budget.orderWindow(), budget.orders()),
                                rateLimit("RAW_REQUESTS", Duration.ofMinutes(5), 61_000))));
    }

    private static Object rateLimit(String type, Duration window, int capacity) {
        boolean minutes = window.toSeconds() % 60 == 0;
        return object(
                "rateLimitType",
                type,
                "interval",
                minutes ? "MINUTE" : "SECOND",
                "intervalNum",
                minutes ? window.toMinutes() : window.toSeconds(),
                "limit",
                capacity);
    }

    private Answer account(Call call) {
        List<Object> balances = new ArrayList<>();
        house().balances()
                .forEach((asset, amount) ->
                        balances.add(object("asset", asset, "free", amount.toPlainString(), "locked", "0.00000000")));
        return Answer.json(
                200,
                object(
                        "makerCommission",
                        10,
                        "takerCommission",
                        10,
                        "canTrade",
                        true,
                        "canWithdraw",
                        true,
                        "canDeposit",
                        true,
                        "updateTime",
                        call.now().toEpochMilli(),
                        "accountType",
                        "SPOT",
                        "balances",
                        balances,
                        "permissions",
                        List.of("SPOT")));
    }

    private Answer place(Call call) {
        String missing =
                call.missing("symbol", "side", "type", call.has("quoteOrderQty") ? "quoteOrderQty" : "quantity");
        if (missing.isEmpty() && call.parameter("type").equals("LIMIT")) {
            missing = call.missing("timeInForce", "price");
        }
        if (!missing.isEmpty()) {
            return missing(missing);
        }
        String clientOrderId = call.has("newClientOrderId")
                ? call.parameter("newClientOrderId")
                : ApiKey.alphanumeric(house().random(), 22);
        if (!CLIENT_ORDER_ID.matcher(clientOrderId).matches()) {
            return error(
                    400,
                    -1100,
                    "Illegal characters found in parameter 'newClientOrderId'; legal range is"
                            + " '^[\\.A-Z\\:/a-z0-9_-]{1,36}$'.");
        }
        if (call.fundless()) {
            return error(400, -2010, "Account has insufficient balance for requested action.");
        }
        if (house().isOpen(clientOrderId)) {
            return error(400, -2010, "Duplicate order sent.");
        }
        if (!orderCount.take(call.now(), 1)) {
            return error(
                            429,
                            -1015,
                            "Too many new orders; current limit is "
                                    + house().budget().orders() + " orders per "
                                    + house().budget().orderWindow().toSeconds() + " SECOND.")
                    .retryAfter(orderCount.untilMore(call.now()));
        }
        PlacedOrder.State state =
                call.parameter("type").equals("MARKET") ? PlacedOrder.State.FILLED : PlacedOrder.State.OPEN;
        String id = Integer.toString(10_000_000 + house().nextNumber());
        PlacedOrder order = house().place(id, clientOrderId, call.fields(), state, call.now());
        Map<String, Object> answer = report(order);
        answer.put("transactTime", call.now().toEpochMilli());
        answer.put("fills", List.of());
        return Answer.json(200, answer).header(orderHeader, Integer.toString(orderCount.used(call.now())));
    }

    private Answer cancel(Call call) {
        Optional<PlacedOrder> order = find(call, true).filter(PlacedOrder::isOpen);
        if (order.isEmpty()) {
            return call.has("symbol") ? error(400, -2011, "Unknown order sent.") : missing("symbol");
        }
        Map<String, Object> answer = report(house().change(order.get(), PlacedOrder.State.CANCELLED));
        answer.put("origClientOrderId", order.get().clientOrderId());
        answer.put("transactTime", call.now().toEpochMilli());
        return Answer.json(200, answer);
    }

    private Answer query(Call call) {
        Optional<PlacedOrder> order = find(call, false);
        if (order.isEmpty()) {
            return call.has("symbol") ? error(400, -2013, "Order does not exist.") : missing("symbol");
        }
        return Answer.json(200, full(order.get()));
    }

    private Answer openOrders(Call call) {
        List<Object> open = new ArrayList<>();
        house().visible(
                        call.now(),
                        order -> order.isOpen()
                                && (!call.has("symbol") || order.field("symbol").equals(call.parameter("symbol"))))
                .forEach(order -> open.add(full(order)));
        return Answer.json(200, open);
    }

    private Optional<PlacedOrder> find(Call call, boolean openFirst) {
        Optional<PlacedOrder> open = openFirst ? find(call, PlacedOrder.State.OPEN) : Optional.empty();
        return open.isPresent() ? open : find(call, PlacedOrder.State.values());
    }

    private Optional<PlacedOrder> find(Call call, PlacedOrder.State... states) {
        return house().newest(
                        call.now(),
                        order -> order.field("symbol").equals(call.parameter("symbol"))
                                && List.of(states).contains(order.state())
                                && (call.has("orderId")
                                        ? order.id().equals(call.parameter("orderId"))
                                        : order.clientOrderId().equals(call.parameter("origClientOrderId"))));
    }

    private static Map<String, Object> full(PlacedOrder order) {
        Map<String, Object> answer = report(order);
        answer.put("time", order.placedAt().toEpochMilli());
        answer.put("updateTime", order.placedAt().toEpochMilli());
        answer.put("isWorking", true);
        return answer;
    }

    private static Map<String, Object> report(PlacedOrder order) {
        String quantity = order.field("quantity").isEmpty() ? "0.00000000" : order.field("quantity");
        return object(
                "symbol",
                order.field("symbol"),
                "orderId",
                Long.parseLong(order.id()),
                "orderListId",
                -1,
                "clientOrderId",
                order.clientOrderId(),
                "price",
                order.field("price").isEmpty() ? "0.00000000" : order.field("price"),
                "origQty",
                quantity,
                "executedQty",
                order.state() == PlacedOrder.State.FILLED ? quantity : "0.00000000",
                "cummulativeQuoteQty",
                "0.00000000",
                "status",
                status(order),
                "timeInForce",
                order.field("timeInForce").isEmpty() ? "GTC" : order.field("timeInForce"),
                "type",
                order.field("type"),
                "side",
                order.field("side"),
                "selfTradePreventionMode",
                "NONE");
    }

    private static String status(PlacedOrder order) {
        return switch (order.state()) {
            case OPEN -> "NEW";
            case FILLED -> "FILLED";
            case CANCELLED -> "CANCELED";
        };
    }

    private static Answer missing(String parameter) {
        return error(400, -1102, "Mandatory parameter '" + parameter + "' was not sent, was empty/null, or malformed.");
    }

    private static Answer error(int status, int code, String message) {
        return Answer.json(status, object("code", code, "msg", message));
    }

    /** As in the header names: 1M for a minute, 10S for ten seconds. */
    private static String interval(Duration window) {
        long seconds = Math.max(1, window.toSeconds());
        if (seconds % 86_400 == 0) {
            return seconds / 86_400 + "D";
        }
        if (seconds % 3600 == 0) {
            return seconds / 3600 + "H";
        }
        return seconds % 60 == 0 ? seconds / 60 + "M" : seconds + "S";
    }
}
