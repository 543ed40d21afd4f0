package io.intaglio.client.internal.limit;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads what any server may tell of limits that no venue's data declares: {@code RateLimit} (draft-ietf-httpapi-ratelimit-headers, such as
 * {@code "hour";r=0;t=12}) and the older {@code RateLimit-Remaining} with {@code RateLimit-Reset}, both with seconds from now. Other names are not
 * read: the unit of {@code X-RateLimit-Reset} differs from server to server.
 */
final class RateLimitFields {
    /** Nobody is stopped for longer on the word of such a header. */
    private static final long LONGEST_SECONDS = 86_400;

    private RateLimitFields() {}

    /** How long nothing is left; null when something is, or when nothing readable was told. */
    static @Nullable Duration exhausted(Function<String, Optional<String>> header) {
        String fields = header.apply("RateLimit").orElse("");
        long longest = -1;
        for (String policy : fields.split(",", -1)) {
            long remaining = -1;
            long reset = -1;
            for (String part : policy.split(";", -1)) {
                String text = part.strip();
                if (text.startsWith("r=")) {
                    remaining = Numbers.whole(text.substring(2));
                } else if (text.startsWith("t=")) {
                    reset = Numbers.whole(text.substring(2));
                }
            }
            longest = remaining == 0 ? Math.max(longest, reset) : longest;
        }
        if (fields.isEmpty()
                && Numbers.whole(header.apply("RateLimit-Remaining").orElse("")) == 0) {
            longest = Numbers.whole(header.apply("RateLimit-Reset").orElse(""));
        }
        return longest < 0 ? null : Duration.ofSeconds(Math.min(longest, LONGEST_SECONDS));
    }
}
