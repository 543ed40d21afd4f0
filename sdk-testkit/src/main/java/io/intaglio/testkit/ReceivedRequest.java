package io.intaglio.testkit;

import io.intaglio.signing.Field;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A request as it arrived, whether or not the venue accepted it.
 *
 * @param at the venue's time
 * @param method as sent
 * @param target path and query exactly as sent
 * @param headers in the order sent; values authenticate, so {@link #toString} leaves them out
 * @param body as UTF-8 text; empty when there was none or it was not read
 * @param connection counts the venue's connections from 1, so that reuse can be seen
 */
public record ReceivedRequest(
        Instant at, String method, String target, List<Field> headers, String body, int connection) {

    /** Copies the headers. */
    public ReceivedRequest {
        headers = List.copyOf(headers);
    }

    /** The target without its query. */
    public String path() {
        int query = target.indexOf('?');
        return query < 0 ? target : target.substring(0, query);
    }

    /** The first header of that name, letter case ignored. */
    public Optional<String> header(String name) {
        return headers.stream()
                .filter(field -> field.name().equalsIgnoreCase(name))
                .map(Field::value)
                .findFirst();
    }

    /** Method and path. */
    @Override
    public String toString() {
        return method + " " + path();
    }
}
