package io.intaglio.cli;

import io.intaglio.client.VenueClient;
import io.intaglio.client.VenueResponse;
import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.venue.Venue;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a venue says of the key that asks.
 *
 * @param permissions some of {@code read}, {@code trade}, {@code withdraw}
 * @param addressBound whether it works from listed addresses alone
 * @param created when it was made, if the venue says
 * @param expires when it ends, if the venue says
 * @see <a href="https://developers.binance.com/docs/wallet/account/api-key-permission">Binance</a>
 * @see <a href="https://bybit-exchange.github.io/docs/v5/user/apikey-info">Bybit</a>
 * @see <a href="https://www.okx.com/docs-v5/en/#trading-account-rest-api-get-account-configuration">OKX</a>
 */
record KeyFacts(
        List<String> permissions,
        boolean addressBound,
        @Nullable Instant created,
        @Nullable Instant expires) {

    /** Asks; empty for a venue that has no such question, or none known here. */
    static Optional<KeyFacts> ask(Venue venue, VenueClient client) {
        return switch (venue.name()) {
            case "binance" ->
                Optional.of(binance(object(client.send(ApiRequest.get("/sapi/v1/account/apiRestrictions")))));
            case "bybit" -> Optional.of(bybit(object(client.send(ApiRequest.get("/v5/user/query-api")))));
            case "okx" -> Optional.of(okx(object(client.send(ApiRequest.get("/api/v5/account/config")))));
            default -> Optional.empty();
        };
    }

    private static KeyFacts binance(Map<?, ?> answer) {
        boolean trades = isTrue(answer, "enableSpotAndMarginTrading")
                || isTrue(answer, "enableMargin")
                || isTrue(answer, "enableFutures");
        return new KeyFacts(
                permissions(isTrue(answer, "enableReading"), trades, isTrue(answer, "enableWithdrawals")),
                isTrue(answer, "ipRestrict"),
                millis(answer.get("createTime")),
                millis(answer.get("tradingAuthorityExpirationTime")));
    }

    private static KeyFacts bybit(Map<?, ?> answer) {
        Map<?, ?> result = inner(answer.get("result"));
        Map<?, ?> granted = inner(result.get("permissions"));
        boolean readOnly = "1".equals(String.valueOf(result.get("readOnly")));
        boolean withdraws = list(granted.get("Wallet")).contains("Withdraw");
        boolean trades = granted.entrySet().stream()
                .anyMatch(group -> !"Wallet".equals(group.getKey())
                        && !list(group.getValue()).isEmpty());
        List<?> addresses = list(result.get("ips"));
        return new KeyFacts(
                permissions(true, trades && !readOnly, withdraws && !readOnly),
                !addresses.isEmpty() && !addresses.contains("*"),
                instant(result.get("createdAt")),
                instant(result.get("expiredAt")));
    }

    private static KeyFacts okx(Map<?, ?> answer) {
        List<?> data = list(answer.get("data"));
        Map<?, ?> account = data.isEmpty() ? Map.of() : inner(data.get(0));
        List<String> granted = List.of(String.valueOf(account.get("perm")).split(",", -1));
        return new KeyFacts(
                permissions(granted.contains("read_only"), granted.contains("trade"), granted.contains("withdraw")),
                account.get("ip") instanceof String addresses && !addresses.isBlank(),
                null,
                null);
    }

    private static List<String> permissions(boolean reads, boolean trades, boolean withdraws) {
        List<String> permissions = new ArrayList<>();
        if (reads) {
            permissions.add("read");
        }
        if (trades) {
            permissions.add("trade");
        }
        if (withdraws) {
            permissions.add("withdraw");
        }
        return permissions;
    }

    private static Map<?, ?> object(VenueResponse response) {
        return inner(Json.value(response.text(), "the venue's answer"));
    }

    private static Map<?, ?> inner(@Nullable Object value) {
        return value instanceof Map<?, ?> map ? map : Map.of();
    }

    private static List<?> list(@Nullable Object value) {
        return value instanceof List<?> list ? list : List.of();
    }

    private static boolean isTrue(Map<?, ?> object, String name) {
        return Boolean.TRUE.equals(object.get(name));
    }

    private static @Nullable Instant millis(@Nullable Object value) {
        return value instanceof Number number && number.longValue() > 0
                ? Instant.ofEpochMilli(number.longValue())
                : null;
    }

    private static @Nullable Instant instant(@Nullable Object value) {
        try {
            return value instanceof String text ? Instant.parse(text) : null;
        } catch (DateTimeException e) {
            return null; // a key without an end has no date there
        }
    }
}
