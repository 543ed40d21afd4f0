package io.intaglio.signing.venue;

import io.intaglio.signing.ApiRequest;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Which calls are meant: a method and a path, such as {@code POST /api/v3/order}. {@code *} as method is any; in a path it stands for any
 * characters of one segment, and a last segment {@code **} for the rest of the path, which may be empty. All else is compared letter by letter.
 * Immutable and thread-safe.
 */
public final class CallPattern {
    private final String text;
    private final String method;
    private final Predicate<String> path;

    private CallPattern(String text, String method, Predicate<String> path) {
        this.text = text;
        this.method = method;
        this.path = path;
    }

    /**
     * Reads a pattern.
     *
     * @throws IllegalArgumentException when it is not a method, a blank and a path that starts with {@code /}
     */
    public static CallPattern of(String text) {
        return of(text, false);
    }

    /** The same whatever the letter case of the path: for what must not be reached by another spelling. */
    static CallPattern ofAnyCase(String text) {
        return of(text, true);
    }

    private static CallPattern of(String text, boolean anyCase) {
        String[] parts = text.strip().split(" +", -1);
        if (parts.length != 2 || !parts[0].matches("\\*|[A-Za-z]+") || !parts[1].startsWith("/")) {
            throw new IllegalArgumentException("'" + text
                    + "' is no call; write a method and a path, such as 'POST /api/v3/order' or '* /api/v3/**'");
        }
        String path = parts[1];
        boolean open = path.endsWith("/**");
        String closed = open ? path.substring(0, path.length() - 3) : path;
        if (closed.contains("**")) {
            throw new IllegalArgumentException(
                    "'" + text + "' has ** before its end; it stands for the rest of a path");
        }
        String method = parts[0].toUpperCase(Locale.ROOT);
        if (!open && !closed.contains("*")) {
            // most are plain, and each call is compared with all of a venue
            return new CallPattern(text.strip(), method, anyCase ? closed::equalsIgnoreCase : closed::equals);
        }
        StringBuilder expression = new StringBuilder();
        String[] fixed = closed.split("\\*", -1);
        for (int i = 0; i < fixed.length; i++) {
            expression.append(i == 0 ? "" : "[^/]*").append(Pattern.quote(fixed[i]));
        }
        expression.append(open ? "(?:/.*)?" : "");
        Pattern pattern =
                Pattern.compile(expression.toString(), anyCase ? Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE : 0);
        return new CallPattern(
                text.strip(), method, candidate -> pattern.matcher(candidate).matches());
    }

    /** Whether this call is meant. */
    public boolean matches(ApiRequest request) {
        return (method.equals("*") || method.equals(request.method())) && path.test(request.path());
    }

    /** As it was written. */
    @Override
    public String toString() {
        return text;
    }
}
