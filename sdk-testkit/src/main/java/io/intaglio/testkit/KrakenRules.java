package io.intaglio.testkit;

import static io.intaglio.testkit.Json.object;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Kraken spot, after docs.kraken.com: REST authentication, trading and rate limits. Every answer is HTTP 200. */
final class KrakenRules extends VenueRules {
    private static final Pattern CLIENT_ORDER_ID =
            Pattern.compile("[0-9a-fA-F]{32}|[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|[\\x21-\\x7e]{1,18}");
    private static final DateTimeFormatter RFC_1123 = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yy HH:mm:ss +0000", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private final Map<String, Meter> calls = new LinkedHashMap<>();
    private final Map<String, Meter> orders = new LinkedHashMap<>();

    KrakenRules(House house) {
        super(house);
    }

    @Override
    boolean isPublic(String path) {
        return path.startsWith("/0/public/");
    }

    @Override
    ApiKey newKey() {
        return ApiKey.base64(house().random());
    }

    @Override
    Answer handle(Call call) {
        if (isPublic(call.path())) {
            return call.path().equals("/0/public/Time") ? time(call.now()) : error("EGeneral:Unknown method");
        }
        Optional<ApiKey> key = house().key(call.header("API-Key"));
        if (key.isEmpty()) {
            return error("EAPI:Invalid key");
        }
        if (!isSigned(call, key.get())) {
            return error("EAPI:Invalid signature");
        }
        long nonce;
        try {
            nonce = Long.parseUnsignedLong(call.parameter("nonce"));
        } catch (NumberFormatException notANumber) {
            return error("EAPI:Invalid nonce");
        }
        return house().exclusively(house -> {
            if (!key.get().raise(nonce)) {
                return error("EAPI:Invalid nonce");
            }
            Optional<Answer> limited = admit(call, key.get());
            return limited.isPresent() ? limited.get() : execute(call);
        });
    }

    @Override
    Answer throttled(Call call, Duration retryAfter) {
        return error("EService: Throttled: "
                + call.now().plus(retryAfter).plusNanos(999_999_999).getEpochSecond());
    }

    @Override
    Answer banned(Call call, Duration retryAfter) {
        return error("EGeneral:Temporary lockout");
    }

    private Optional<Answer> admit(Call call, ApiKey key) {
        Budget budget = house().budget();
        if (call.path().equals("/0/private/AddOrder") || call.path().equals("/0/private/CancelOrder")) {
            Meter meter = orders.computeIfAbsent(key.id(), id -> Meter.draining(budget.orders(), budget.orderWindow()));
            return meter.take(call.now(), 1) ? Optional.empty() : Optional.of(error("EOrder:Rate limit exceeded"));
        }
        Meter meter = calls.computeIfAbsent(key.id(), id -> Meter.draining(budget.requests(), budget.window()));
        boolean history =
                call.path().equals("/0/private/Ledgers") || call.path().equals("/0/private/TradesHistory");
        return meter.take(call.now(), history ? 2 : 1)
                ? Optional.empty()
                : Optional.of(error("EAPI:Rate limit exceeded"));
    }

    /** HMAC-SHA512 with the decoded secret over the path and SHA-256 of nonce and body. */
    static boolean isSigned(Call call, ApiKey key) {
        byte[] inner = Checks.sha256(call.parameter("nonce").getBytes(StandardCharsets.UTF_8), call.body());
        byte[] expected =
                Checks.hmac("HmacSHA512", key.secretFromBase64(), call.path().getBytes(StandardCharsets.UTF_8), inner);
        return Checks.same(expected, Checks.base64(call.header("API-Sign")));
    }

    private Answer execute(Call call) {
        if (!call.method().equals("POST")) {
            return error("EGeneral:Invalid method");
        }
        return switch (call.path()) {
            case "/0/private/Balance" -> balance();
            case "/0/private/AddOrder" -> place(call);
            case "/0/private/CancelOrder" -> cancel(call);
            case "/0/private/QueryOrders" -> query(call);
            case "/0/private/OpenOrders" -> success(object("open", described(call, PlacedOrder::isOpen)));
            case "/0/private/ClosedOrders" -> {
                Map<String, Object> closed = described(call, order -> !order.isOpen());
                yield success(object("closed", closed, "count", closed.size()));
            }
            default -> error("EGeneral:Unknown method");
        };
    }

    private static Answer time(Instant now) {
        return success(object("unixtime", now.getEpochSecond(), "rfc1123", RFC_1123.format(now)));
    }

    private Answer balance() {
        Map<String, Object> balances = new LinkedHashMap<>();
        house().balances().forEach((asset, amount) -> balances.put(asset, amount.toPlainString()));
        return success(balances);
    }

    private Answer place(Call call) {
        String missing = call.missing("ordertype", "type", "volume", "pair");
        if (missing.isEmpty() && call.parameter("ordertype").equals("limit")) {
            missing = call.missing("price");
        }
        if (!missing.isEmpty()) {
            return error("EGeneral:Invalid arguments:" + missing);
        }
        String clientOrderId = call.parameter("cl_ord_id");
        if (!clientOrderId.isEmpty() && !CLIENT_ORDER_ID.matcher(clientOrderId).matches()) {
            return error("EGeneral:Invalid arguments:cl_ord_id");
        }
        if (call.fundless()) {
            return error("EOrder:Insufficient funds");
        }
        if (house().isOpen(clientOrderId)) {
            return error("EOrder:Duplicate cl_ord_id");
        }
        Map<String, Object> description = object("order", description(call.fields()));
        if (call.parameter("validate").equals("true")) {
            return success(object("descr", description));
        }
        PlacedOrder.State state =
                call.parameter("ordertype").equals("market") ? PlacedOrder.State.FILLED : PlacedOrder.State.OPEN;
        PlacedOrder order = house().place(id(house().nextNumber()), clientOrderId, call.fields(), state, call.now());
        Map<String, Object> result = object("descr", description, "txid", List.of(order.id()));
        if (!clientOrderId.isEmpty()) {
            result.put("cl_ord_id", clientOrderId);
        }
        return success(result);
    }

    private Answer cancel(Call call) {
        if (!call.has("txid") && !call.has("cl_ord_id")) {
            return error("EGeneral:Invalid arguments:txid");
        }
        List<PlacedOrder> found = house().visible(
                        call.now(),
                        order -> order.isOpen()
                                && (call.has("txid")
                                        ? order.id().equals(call.parameter("txid"))
                                        : order.clientOrderId().equals(call.parameter("cl_ord_id"))));
        if (found.isEmpty()) {
            return error("EOrder:Unknown order");
        }
        found.forEach(order -> house().change(order, PlacedOrder.State.CANCELLED));
        return success(object("count", found.size()));
    }

    private Answer query(Call call) {
        if (!call.has("txid")) {
            return error("EGeneral:Invalid arguments:txid");
        }
        List<String> ids = List.of(call.parameter("txid").split(",", -1));
        Map<String, Object> found = described(call, order -> ids.contains(order.id()));
        return found.isEmpty() ? error("EOrder:Unknown order") : success(found);
    }

    private Map<String, Object> described(Call call, Predicate<PlacedOrder> which) {
        Map<String, Object> described = new LinkedHashMap<>();
        boolean byClientId = call.has("cl_ord_id") && !call.path().equals("/0/private/QueryOrders");
        house().visible(
                        call.now(),
                        order -> which.test(order)
                                && (!byClientId || order.clientOrderId().equals(call.parameter("cl_ord_id"))))
                .forEach(order -> described.put(order.id(), described(order)));
        return described;
    }

    private static Map<String, Object> described(PlacedOrder order) {
        String price = order.field("price").isEmpty() ? "0" : order.field("price");
        Map<String, Object> answer = object(
                "status",
                status(order),
                "opentm",
                order.placedAt().getEpochSecond(),
                "starttm",
                0,
                "expiretm",
                0,
                "descr",
                object(
                        "pair",
                        order.field("pair"),
                        "type",
                        order.field("type"),
                        "ordertype",
                        order.field("ordertype"),
                        "price",
                        price,
                        "price2",
                        "0",
                        "leverage",
                        "none",
                        "order",
                        description(order.fields()),
                        "close",
                        ""),
                "vol",
                order.field("volume"),
                "vol_exec",
                order.state() == PlacedOrder.State.FILLED ? order.field("volume") : "0.00000000",
                "cost",
                "0.00000",
                "fee",
                "0.00000",
                "price",
                "0.00000",
                "misc",
                "",
                "oflags",
                "fciq");
        if (!order.clientOrderId().isEmpty()) {
            answer.put("cl_ord_id", order.clientOrderId());
        }
        return answer;
    }

    private static String status(PlacedOrder order) {
        return switch (order.state()) {
            case OPEN -> "open";
            case FILLED -> "closed";
            case CANCELLED -> "canceled";
        };
    }

    private static String description(Map<String, String> fields) {
        String what = fields.getOrDefault("type", "") + " " + fields.getOrDefault("volume", "") + " "
                + fields.getOrDefault("pair", "") + " @ " + fields.getOrDefault("ordertype", "");
        String price = fields.getOrDefault("price", "");
        return price.isEmpty() ? what : what + " " + price;
    }

    /** In the form of Kraken's ids: OAAAAA-BBBBB-CCCCCC. */
    private static String id(int number) {
        String digits = Integer.toString(number, 36).toUpperCase(Locale.ROOT);
        return "OSIMUL-VENUE-" + "0".repeat(Math.max(0, 6 - digits.length())) + digits;
    }

    private static Answer success(Object result) {
        return Answer.json(200, object("error", List.of(), "result", result));
    }

    private static Answer error(String text) {
        return Answer.json(200, object("error", List.of(text)));
    }
}
