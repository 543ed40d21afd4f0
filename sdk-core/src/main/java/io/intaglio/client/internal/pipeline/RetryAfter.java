package io.intaglio.client.internal.pipeline;

import io.intaglio.client.internal.http.RawAnswer;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads {@code Retry-After} (RFC 9110 section 10.2.3): whole seconds or an HTTP date. */
final class RetryAfter {
    /** What a venue that asks for more than this is taken to ask for. */
    static final Duration LONGEST = Duration.ofDays(7);

    private static final DateTimeFormatter HTTP_DATE =
            DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss zzz", Locale.ROOT);

    private RetryAfter() {}

    /** The wait, never negative; null when the header is absent or unreadable. A date counts from the answer's own Date, else from now. */
    static @Nullable Duration of(RawAnswer answer, Instant now) {
        String text = answer.header("Retry-After").map(String::strip).orElse("");
        if (text.isEmpty()) {
            return null;
        }
        if (text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            Duration wait = text.length() > 9 ? LONGEST : Duration.ofSeconds(Long.parseLong(text));
            return wait.compareTo(LONGEST) < 0 ? wait : LONGEST;
        }
        Optional<Instant> date = date(text);
        if (date.isEmpty()) {
            return null;
        }
        Duration wait =
                Duration.between(answer.header("Date").flatMap(RetryAfter::date).orElse(now), date.get());
        if (wait.isNegative()) {
            return Duration.ZERO;
        }
        return wait.compareTo(LONGEST) < 0 ? wait : LONGEST;
    }

    /** An HTTP date (RFC 9110 section 5.6.7). */
    static Optional<Instant> date(String text) {
        try {
            return Optional.of(ZonedDateTime.parse(text, HTTP_DATE).toInstant());
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
