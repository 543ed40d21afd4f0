package io.intaglio.signing;

import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the caller wants to say on another transport, before anything is added. Immutable and thread-safe.
 *
 * @param method WebSocket: the venue's name for the call, such as {@code order.place}; empty for the venue's own log-on. FIX: not read
 * @param fields WebSocket: parameters in sending order, of the types {@link Body#json} takes. FIX: tags as text, such as {@code "49"}, with text
 *     values; sending time (52) and sequence number (34) exactly as the engine will send them
 */
public record LogonRequest(String method, Map<String, @Nullable Object> fields) {

    /** @throws IllegalArgumentException when a value is of no JSON type */
    @SuppressWarnings("unchecked")
    public LogonRequest {
        Objects.requireNonNull(method, "method");
        fields = (Map<String, @Nullable Object>) JsonTree.copyOf(fields);
    }

    /** The venue's own log-on, to which the caller adds nothing. */
    public static LogonRequest standard() {
        return new LogonRequest("", Map.of());
    }

    /** The tags of a FIX Logon. */
    public static LogonRequest fix(Map<String, String> tags) {
        return new LogonRequest("", new java.util.LinkedHashMap<>(tags));
    }

    /** Method and names of the fields; values are left out because they may be confidential. */
    @Override
    public String toString() {
        return "LogonRequest[" + (method.isEmpty() ? "log-on" : method) + ", " + fields.keySet() + "]";
    }
}
