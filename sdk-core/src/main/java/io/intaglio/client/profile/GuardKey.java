package io.intaglio.client.profile;

import io.intaglio.client.guard.GuardPolicy;
import io.intaglio.client.guard.KillSwitch;
import io.intaglio.signing.venue.Purpose;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The keys of a profile's table {@code guard}. A rule is one line here. */
enum GuardKey {
    CALLS("calls", (policy, text) -> policy.calls(list(text))),
    READS("reads", (policy, text) -> policy.classify(Purpose.READ, list(text))),
    TRADES("trades", (policy, text) -> policy.classify(Purpose.TRADE, list(text))),
    UNLIMITED("unlimited", (policy, text) -> policy.unlimited(list(text))),
    HOSTS("hosts", (policy, text) -> policy.hosts(list(text))),
    SYMBOLS("symbols", (policy, text) -> policy.symbols(list(text))),
    DESTINATIONS("destinations", (policy, text) -> policy.destinations(list(text))),
    MAX_ORDER_NOTIONAL("max-order-notional", (policy, text) -> policy.maxOrderNotional(decimal(text))),
    MAX_ORDER_QUANTITY("max-order-quantity", (policy, text) -> policy.maxOrderQuantity(decimal(text))),
    MAX_NOTIONAL(
            "max-notional",
            (policy, text) -> rolling(text).forEach(limit -> policy.maxNotional(limit.most(), limit.period()))),
    MAX_QUANTITY(
            "max-quantity",
            (policy, text) -> rolling(text).forEach(limit -> policy.maxQuantity(limit.most(), limit.period()))),
    MAX_ORDERS(
            "max-orders",
            (policy, text) ->
                    rolling(text).forEach(limit -> policy.maxOrders(limit.most().intValueExact(), limit.period()))),
    KILL_FILE("kill-file", (policy, text) -> policy.killSwitch(KillSwitch.whenExists(inFolder(text)))),
    DRY_RUN("dry-run", (policy, text) -> isOn(text));

    private record Rolling(BigDecimal most, Duration period) {}

    private static final Pattern DECIMAL = Pattern.compile("[0-9]{1,40}(\\.[0-9]{1,40})?");
    private static final Pattern ROLLING = Pattern.compile("(\\S+) in (.+)");

    private final String text;

    @SuppressWarnings("ImmutableEnumChecker") // the lambdas above hold nothing
    private final BiConsumer<GuardPolicy.Builder, String> apply;

    GuardKey(String text, BiConsumer<GuardPolicy.Builder, String> apply) {
        this.text = text;
        this.apply = apply;
    }

    String text() {
        return text;
    }

    /** Puts the rule into the policy; throws {@link IllegalArgumentException} when the value does not fit. */
    void apply(GuardPolicy.Builder policy, String value) {
        apply.accept(policy, value);
    }

    static Optional<GuardKey> of(String text) {
        return Arrays.stream(values()).filter(key -> key.text.equals(text)).findFirst();
    }

    static List<String> texts() {
        return Arrays.stream(values()).map(GuardKey::text).toList();
    }

    static boolean isOn(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("wanted true or false");
        };
    }

    /** None of an empty list. */
    private static String[] list(String text) {
        return text.isBlank()
                ? new String[0]
                : Stream.of(text.split(",", -1)).map(String::strip).toArray(String[]::new);
    }

    private static BigDecimal decimal(String text) {
        if (!DECIMAL.matcher(text).matches()) {
            throw new IllegalArgumentException("wanted a plain decimal in quotes, such as \"50000\" or \"0.25\"");
        }
        return new BigDecimal(text);
    }

    private static List<Rolling> rolling(String texts) {
        return Stream.of(list(texts))
                .map(text -> {
                    Matcher found = ROLLING.matcher(text);
                    if (!found.matches()) {
                        throw new IllegalArgumentException("wanted an amount and a period, such as \"100000 in 1h\"");
                    }
                    return new Rolling(decimal(found.group(1)), ProfileKey.duration(found.group(2)));
                })
                .toList();
    }

    private static Path inFolder(String text) {
        Path file = Path.of(text).toAbsolutePath();
        Path folder = file.getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            throw new IllegalArgumentException("its folder does not exist; make it");
        }
        return file;
    }
}
