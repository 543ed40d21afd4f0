package io.intaglio.testkit;

import static io.intaglio.testkit.Json.object;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** OKX v5, after its API guide: REST authentication, trade, account, error codes. */
final class OkxRules extends VenueRules {
    private static final Duration WINDOW = Duration.ofSeconds(30);
    private static final Pattern CLIENT_ORDER_ID = Pattern.compile("[0-9A-Za-z]{1,32}");

    private final Map<String, Meter> calls = new LinkedHashMap<>();

    OkxRules(House house) {
        super(house);
    }

    @Override
    boolean isPublic(String path) {
        return path.startsWith("/api/v5/public/");
    }

    @Override
    ApiKey newKey() {
        return ApiKey.text(house().random());
    }

    @Override
    Answer handle(Call call) {
        if (isPublic(call.path())) {
            return house().exclusively(house -> admit(call, "").orElseGet(() -> time(call)));
        }
        Optional<Answer> absent = headerRefusal(call);
        if (absent.isPresent()) {
            return absent.get();
        }
        Optional<ApiKey> key = house().key(call.header("OK-ACCESS-KEY"));
        if (key.isEmpty()) {
            return error(401, "50111", "Invalid OK-ACCESS-KEY");
        }
        Optional<Answer> untimely = timeRefusal(call);
        if (untimely.isPresent()) {
            return untimely.get();
        }
        byte[] passphrase = call.header("OK-ACCESS-PASSPHRASE").getBytes(StandardCharsets.UTF_8);
        if (!Checks.same(key.get().passphrase(), passphrase)) {
            return error(401, "50105", "Request header OK-ACCESS-PASSPHRASE incorrect");
        }
        if (!isSigned(call, key.get())) {
            return error(401, "50113", "Invalid Sign");
        }
        return house().exclusively(house -> admit(call, key.get().id()).orElseGet(() -> execute(call)));
    }

    @Override
    Answer throttled(Call call, Duration retryAfter) {
        return tooMany().retryAfter(retryAfter);
    }

    private Optional<Answer> admit(Call call, String keyId) {
        Budget budget = house().budget();
        boolean placing = call.is("POST", "/api/v5/trade/order");
        Meter meter = calls.computeIfAbsent(
                keyId + " " + call.method() + " " + call.path(),
                name -> placing
                        ? Meter.aligned(budget.orders(), budget.orderWindow())
                        : Meter.aligned(budget.requests(), budget.window()));
        return meter.take(call.now(), 1) ? Optional.empty() : Optional.of(tooMany());
    }

    private static Optional<Answer> headerRefusal(Call call) {
        String[][] wanted = {
            {"OK-ACCESS-KEY", "50103"},
            {"OK-ACCESS-PASSPHRASE", "50104"},
            {"OK-ACCESS-SIGN", "50106"},
            {"OK-ACCESS-TIMESTAMP", "50107"}
        };
        for (String[] each : wanted) {
            if (call.header(each[0]).isEmpty()) {
                return Optional.of(error(401, each[1], "Request header \"" + each[0] + "\" can't be empty"));
            }
        }
        return Optional.empty();
    }

    private static Optional<Answer> timeRefusal(Call call) {
        try {
            Instant timestamp = Instant.parse(call.header("OK-ACCESS-TIMESTAMP"));
            return Duration.between(timestamp, call.now()).abs().compareTo(WINDOW) <= 0
                    ? Optional.empty()
                    : Optional.of(error(401, "50102", "Timestamp request expired"));
        } catch (DateTimeParseException notATime) {
            return Optional.of(error(401, "50112", "Invalid OK-ACCESS-TIMESTAMP"));
        }
    }

    /** HMAC-SHA256 with the secret's text over timestamp, method, path with query, body. */
    static boolean isSigned(Call call, ApiKey key) {
        String text = call.header("OK-ACCESS-TIMESTAMP") + call.method() + call.target();
        byte[] expected =
                Checks.hmac("HmacSHA256", key.secretText(), text.getBytes(StandardCharsets.UTF_8), call.body());
        return Checks.same(expected, Checks.base64(call.header("OK-ACCESS-SIGN")));
    }

    private static Answer time(Call call) {
        return call.is("GET", "/api/v5/public/time")
                ? success(List.of(object("ts", millis(call.now()))))
                : error(404, "404", "Not Found");
    }

    private Answer execute(Call call) {
        return switch (call.method() + " " + call.path()) {
            case "GET /api/v5/account/balance" -> balance(call);
            case "POST /api/v5/trade/order" -> place(call);
            case "POST /api/v5/trade/cancel-order" -> cancel(call);
            case "GET /api/v5/trade/order" -> query(call);
            case "GET /api/v5/trade/orders-pending" -> {
                List<Object> open = new ArrayList<>();
                house().visible(call.now(), PlacedOrder::isOpen).forEach(order -> open.add(described(order)));
                yield success(open);
            }
            default -> error(404, "404", "Not Found");
        };
    }

    private Answer balance(Call call) {
        List<Object> details = new ArrayList<>();
        house().balances()
                .forEach((asset, amount) -> details.add(object(
                        "ccy", asset,
                        "eq", amount.toPlainString(),
                        "cashBal", amount.toPlainString(),
                        "availBal", amount.toPlainString(),
                        "frozenBal", "0",
                        "uTime", millis(call.now()))));
        return success(List.of(object("details", details, "totalEq", "", "uTime", millis(call.now()))));
    }

    private Answer place(Call call) {
        String missing = call.missing("instId", "tdMode", "side", "ordType", "sz");
        if (missing.isEmpty() && call.parameter("ordType").equals("limit")) {
            missing = call.missing("px");
        }
        if (!missing.isEmpty()) {
            return error(400, "50014", "Parameter " + missing + " can not be empty");
        }
        String clientOrderId = call.parameter("clOrdId");
        if (!clientOrderId.isEmpty() && !CLIENT_ORDER_ID.matcher(clientOrderId).matches()) {
            return failure(clientOrderId, "51000", "Parameter clOrdId error");
        }
        if (call.fundless()) {
            return failure(clientOrderId, "51008", "Order failed. Insufficient account balance");
        }
        if (house().isOpen(clientOrderId)) {
            return failure(clientOrderId, "51016", "Client order ID already exists");
        }
        PlacedOrder.State state =
                call.parameter("ordType").equals("market") ? PlacedOrder.State.FILLED : PlacedOrder.State.OPEN;
        String id = Long.toString(700_000_000_000_000_000L + house().nextNumber());
        PlacedOrder order = house().place(id, clientOrderId, call.fields(), state, call.now());
        return done(call, order, "Order placed");
    }

    private Answer cancel(Call call) {
        String missing = call.missing("instId", call.has("ordId") ? "ordId" : "clOrdId");
        if (!missing.isEmpty()) {
            return error(400, "50014", "Parameter " + missing + " can not be empty");
        }
        Optional<PlacedOrder> order = find(call).filter(PlacedOrder::isOpen);
        if (order.isEmpty()) {
            return failure(
                    call.parameter("clOrdId"),
                    "51400",
                    "Cancellation failed as the order has been filled, canceled or does not exist");
        }
        return done(call, house().change(order.get(), PlacedOrder.State.CANCELLED), "");
    }

    private Answer query(Call call) {
        String missing = call.missing("instId", call.has("ordId") ? "ordId" : "clOrdId");
        if (!missing.isEmpty()) {
            return error(400, "50014", "Parameter " + missing + " can not be empty");
        }
        Optional<PlacedOrder> order = find(call);
        return order.isPresent()
                ? success(List.of(described(order.get())))
                : error(200, "51603", "Order does not exist");
    }

    private Optional<PlacedOrder> find(Call call) {
        return house().newest(
                        call.now(),
                        order -> order.field("instId").equals(call.parameter("instId"))
                                && (call.has("ordId")
                                        ? order.id().equals(call.parameter("ordId"))
                                        : order.clientOrderId().equals(call.parameter("clOrdId"))));
    }

    private static Map<String, Object> described(PlacedOrder order) {
        boolean filled = order.state() == PlacedOrder.State.FILLED;
        return object(
                "instType", "SPOT",
                "instId", order.field("instId"),
                "ordId", order.id(),
                "clOrdId", order.clientOrderId(),
                "px", order.field("px"),
                "sz", order.field("sz"),
                "ordType", order.field("ordType"),
                "side", order.field("side"),
                "tdMode", order.field("tdMode"),
                "accFillSz", filled ? order.field("sz") : "0",
                "state", state(order),
                "cTime", millis(order.placedAt()),
                "uTime", millis(order.placedAt()));
    }

    private static String state(PlacedOrder order) {
        return switch (order.state()) {
            case OPEN -> "live";
            case FILLED -> "filled";
            case CANCELLED -> "canceled";
        };
    }

    private static String millis(Instant time) {
        return Long.toString(time.toEpochMilli());
    }

    private static Answer tooMany() {
        return error(429, "50011", "Too Many Requests");
    }

    private static Answer done(Call call, PlacedOrder order, String message) {
        return success(List.of(object(
                "clOrdId",
                order.clientOrderId(),
                "ordId",
                order.id(),
                "tag",
                "",
                "ts",
                millis(call.now()),
                "sCode",
                "0",
                "sMsg",
                message)));
    }

    private static Answer failure(String clientOrderId, String code, String message) {
        Map<String, Object> item =
                object("clOrdId", clientOrderId, "ordId", "", "tag", "", "sCode", code, "sMsg", message);
        return Answer.json(200, object("code", "1", "msg", "All operations failed", "data", List.of(item)));
    }

    private static Answer success(List<?> data) {
        return Answer.json(200, object("code", "0", "msg", "", "data", data));
    }

    private static Answer error(int status, String code, String message) {
        return Answer.json(status, object("code", code, "msg", message, "data", List.of()));
    }
}
