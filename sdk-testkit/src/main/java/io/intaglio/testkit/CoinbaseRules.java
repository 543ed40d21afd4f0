package io.intaglio.testkit;

import static io.intaglio.testkit.Json.object;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/** Coinbase Exchange, after docs.cdp.coinbase.com. */
final class CoinbaseRules extends VenueRules {
    private static final BigDecimal WINDOW = new BigDecimal(30);
    private static final Pattern UUID_TEXT = Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");
    private static final DateTimeFormatter ISO_MILLIS = DateTimeFormatter.ofPattern(
                    "yyyy-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    private static final List<String> ORDERED_HEADERS =
            List.of("CB-ACCESS-KEY", "CB-ACCESS-SIGN", "CB-ACCESS-TIMESTAMP", "CB-ACCESS-PASSPHRASE");

    private final Meter publicCalls;
    private final Map<String, Meter> calls = new LinkedHashMap<>();
    private final Map<String, Meter> orders = new LinkedHashMap<>();

    CoinbaseRules(House house) {
        super(house);
        this.publicCalls =
                Meter.draining(house.budget().requests(), house.budget().window());
    }

    @Override
    boolean isPublic(String path) {
        return path.equals("/time");
    }

    @Override
    ApiKey newKey() {
        return ApiKey.base64(house().random());
    }

    @Override
    Answer handle(Call call) {
        if (isPublic(call.path())) {
            return house().exclusively(house ->
                    publicCalls.take(call.now(), 1) ? time(call.now()) : error(429, "Public rate limit exceeded"));
        }
        for (String header : ORDERED_HEADERS) {
            if (call.header(header).isEmpty()) {
                return error(401, header + " header is required");
            }
        }
        Optional<ApiKey> key = house().key(call.header("CB-ACCESS-KEY"));
        if (key.isEmpty()) {
            return error(401, "Invalid API Key");
        }
        if (!isTimely(call)) {
            return error(400, "request timestamp expired");
        }
        byte[] passphrase = call.header("CB-ACCESS-PASSPHRASE").getBytes(StandardCharsets.UTF_8);
        if (!Checks.same(key.get().passphrase(), passphrase)) {
            return error(401, "Invalid Passphrase");
        }
        if (!isSigned(call, key.get())) {
            return error(401, "invalid signature");
        }
        return house().exclusively(house -> {
            Optional<Answer> limited = admit(call, key.get());
            return limited.isPresent() ? limited.get() : execute(call);
        });
    }

    @Override
    Answer throttled(Call call, Duration retryAfter) {
        return error(429, "Private rate limit exceeded").retryAfter(retryAfter);
    }

    private Optional<Answer> admit(Call call, ApiKey key) {
        Budget budget = house().budget();
        Meter all = calls.computeIfAbsent(key.id(), id -> Meter.draining(budget.requests(), budget.window()));
        if (!all.take(call.now(), 1)) {
            return Optional.of(error(429, "Private rate limit exceeded"));
        }
        if (call.is("POST", "/orders")) {
            Meter placing =
                    orders.computeIfAbsent(key.id(), id -> Meter.draining(budget.orders(), budget.orderWindow()));
            if (!placing.take(call.now(), 1)) {
                return Optional.of(error(429, "Private rate limit exceeded"));
            }
        }
        return Optional.empty();
    }

    private static boolean isTimely(Call call) {
        try {
            BigDecimal timestamp = new BigDecimal(call.header("CB-ACCESS-TIMESTAMP"));
            return timestamp.subtract(seconds(call.now())).abs().compareTo(WINDOW) <= 0;
        } catch (NumberFormatException notANumber) {
            return false;
        }
    }

    /** HMAC-SHA256 with the decoded secret over timestamp, method, path with query, body. */
    static boolean isSigned(Call call, ApiKey key) {
        String text = call.header("CB-ACCESS-TIMESTAMP") + call.method() + call.target();
        byte[] expected =
                Checks.hmac("HmacSHA256", key.secretFromBase64(), text.getBytes(StandardCharsets.UTF_8), call.body());
        return Checks.same(expected, Checks.base64(call.header("CB-ACCESS-SIGN")));
    }

    private Answer execute(Call call) {
        if (call.is("GET", "/accounts")) {
            return accounts();
        }
        if (call.is("POST", "/orders")) {
            return place(call);
        }
        if (call.is("GET", "/orders")) {
            List<Object> open = new ArrayList<>();
            house().visible(call.now(), PlacedOrder::isOpen).forEach(order -> open.add(described(order)));
            return Answer.json(200, open);
        }
        if (call.path().startsWith("/orders/")) {
            String id = call.path().substring("/orders/".length());
            Optional<PlacedOrder> order = house().newest(
                            call.now(),
                            each -> each.id().equals(id)
                                    || id.startsWith("client:")
                                            && each.clientOrderId().equals(id.substring("client:".length())));
            if (call.method().equals("GET")) {
                return order.isPresent() ? Answer.json(200, described(order.get())) : error(404, "NotFound");
            }
            if (call.method().equals("DELETE")) {
                return order.isPresent() ? cancel(order.get(), id) : error(404, "order not found");
            }
        }
        return error(404, "NotFound");
    }

    private static Answer time(Instant now) {
        return Answer.json(
                200,
                object("iso", ISO_MILLIS.format(now), "epoch", new BigDecimal(now.toEpochMilli()).movePointLeft(3)));
    }

    private Answer accounts() {
        List<Object> accounts = new ArrayList<>();
        house().balances()
                .forEach((asset, amount) -> accounts.add(object(
                        "id", uuid("account " + asset),
                        "currency", asset,
                        "balance", amount.toPlainString(),
                        "hold", "0.0000000000000000",
                        "available", amount.toPlainString(),
                        "profile_id", uuid("profile"),
                        "trading_enabled", true)));
        return Answer.json(200, accounts);
    }

    private Answer place(Call call) {
        String missing = call.missing("product_id", "side", call.has("funds") ? "funds" : "size");
        if (missing.isEmpty() && !call.parameter("type").equals("market")) {
            missing = call.missing("price");
        }
        if (!missing.isEmpty()) {
            return error(400, missing + " is required");
        }
        String clientOrderId = call.parameter("client_oid");
        if (!clientOrderId.isEmpty() && !UUID_TEXT.matcher(clientOrderId).matches()) {
            return error(400, "Invalid client_oid");
        }
        if (call.fundless()) {
            return error(400, "Insufficient funds");
        }
        if (house().isOpen(clientOrderId)) {
            return error(400, "Duplicate client_oid");
        }
        PlacedOrder.State state =
                call.parameter("type").equals("market") ? PlacedOrder.State.FILLED : PlacedOrder.State.OPEN;
        String id = uuid("order " + house().nextNumber());
        return Answer.json(200, described(house().place(id, clientOrderId, call.fields(), state, call.now())));
    }

    private Answer cancel(PlacedOrder order, String asked) {
        if (!order.isOpen()) {
            return error(400, "Order already done");
        }
        house().change(order, PlacedOrder.State.CANCELLED);
        return Answer.json(200, asked.startsWith("client:") ? order.clientOrderId() : order.id());
    }

    private static Map<String, Object> described(PlacedOrder order) {
        boolean filled = order.state() == PlacedOrder.State.FILLED;
        Map<String, Object> answer = object(
                "id",
                order.id(),
                "size",
                order.field("size"),
                "product_id",
                order.field("product_id"),
                "side",
                order.field("side"),
                "type",
                order.field("type").isEmpty() ? "limit" : order.field("type"),
                "post_only",
                false,
                "created_at",
                ISO_MILLIS.format(order.placedAt()),
                "fill_fees",
                "0.0000000000000000",
                "filled_size",
                filled ? order.field("size") : "0.00000000",
                "executed_value",
                "0.0000000000000000",
                "status",
                order.isOpen() ? "open" : "done",
                "settled",
                filled);
        if (!order.field("price").isEmpty()) {
            answer.put("price", order.field("price"));
        }
        if (!order.isOpen()) {
            answer.put("done_reason", filled ? "filled" : "canceled");
        }
        if (!order.clientOrderId().isEmpty()) {
            answer.put("client_oid", order.clientOrderId());
        }
        return answer;
    }

    private static BigDecimal seconds(Instant time) {
        return new BigDecimal(time.getEpochSecond()).add(new BigDecimal(time.getNano()).movePointLeft(9));
    }

    private static String uuid(String name) {
        return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)).toString();
    }

    private static Answer error(int status, String message) {
        return Answer.json(status, object("message", message));
    }
}
