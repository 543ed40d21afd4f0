package io.intaglio.client.profile;

import io.intaglio.signing.venue.Limit;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A limit as a profile writes it: {@code 3000}, or {@code 100 in 10s, aligned, per ip}. */
final class LimitText {
    private static final Pattern FORM =
            Pattern.compile("(\\d{1,15})(?: in ([^,]+))?(?:, (aligned|rolling|leaky))?(?:, per (ip|key|account))?");

    private LimitText() {}

    /**
     * A known limit with another capacity and perhaps another period, or a new one that counts every call.
     *
     * @throws IllegalArgumentException when it is neither; the message says what is wanted
     */
    static Limit read(String text, String name, List<Limit> known) {
        Matcher found = FORM.matcher(text.strip());
        if (!found.matches()) {
            throw new IllegalArgumentException(
                    "wanted a whole number of units, such as 3000, or a limit of your own, such as"
                            + " '100 in 10s' or '100 in 1m, aligned, per ip'");
        }
        long capacity = Long.parseLong(found.group(1));
        Optional<Duration> period = Optional.ofNullable(found.group(2)).map(ProfileKey::duration);
        Optional<Limit> same =
                known.stream().filter(limit -> limit.name().equals(name)).findFirst();
        if (same.isPresent()) {
            if (found.group(3) != null || found.group(4) != null) {
                throw new IllegalArgumentException("is known, " + same.get()
                        + "; only its units and period can be changed: give a limit of your own another name");
            }
            Limit changed = same.get().withCapacity(capacity);
            return period.map(changed::withPeriod).orElse(changed);
        }
        if (period.isEmpty()) {
            throw new IllegalArgumentException(unknown(known));
        }
        Limit.Scope scope = Limit.Scope.valueOf(
                Optional.ofNullable(found.group(4)).orElse("key").toUpperCase(Locale.ROOT));
        return switch (Optional.ofNullable(found.group(3)).orElse("rolling")) {
            case "aligned" -> Limit.aligned(name, scope, capacity, period.get());
            case "leaky" -> Limit.leaky(name, scope, capacity, period.get());
            default -> Limit.rolling(name, scope, capacity, period.get());
        };
    }

    private static String unknown(List<Limit> known) {
        String names = String.join(
                ", ", known.stream().map(limit -> "'" + limit.name() + "'").toList());
        return "is no limit of the venue" + (names.isEmpty() ? ", of which none are known" : "; it has " + names)
                + "; a limit of your own says its period too, such as '100 in 10s'";
    }
}
