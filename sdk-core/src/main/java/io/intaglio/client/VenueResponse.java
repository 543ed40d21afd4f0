package io.intaglio.client;

import io.intaglio.client.internal.json.JsonPointers;
import io.intaglio.signing.Field;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The venue's yes: status, headers and body as they came. Immutable and thread-safe. */
public final class VenueResponse {
    private final int status;
    private final List<Field> headers;
    private final byte[] body;
    private final @Nullable String clientOrderId;
    private final int attempts;
    private final Duration elapsed;
    private final boolean reconciled;

    /**
     * For the client and for tests of code that reads responses; takes ownership of the array.
     *
     * @param clientOrderId null when the call placed no order
     */
    public VenueResponse(
            int status,
            List<Field> headers,
            byte[] body,
            @Nullable String clientOrderId,
            int attempts,
            Duration elapsed) {
        this(status, headers, body, clientOrderId, attempts, elapsed, false);
    }

    private VenueResponse(
            int status,
            List<Field> headers,
            byte[] body,
            @Nullable String clientOrderId,
            int attempts,
            Duration elapsed,
            boolean reconciled) {
        this.status = status;
        this.headers = List.copyOf(headers);
        this.body = Objects.requireNonNull(body, "body");
        this.clientOrderId = clientOrderId;
        this.attempts = attempts;
        this.elapsed = Objects.requireNonNull(elapsed, "elapsed");
        this.reconciled = reconciled;
    }

    /**
     * The same as what is known of an order whose own answer was lost.
     *
     * @param order the order's client order id
     */
    public VenueResponse asReconciled(String order, int orderAttempts, Duration since) {
        return new VenueResponse(status, headers, body, order, orderAttempts, since, true);
    }

    /**
     * Whether the order's own answer was lost, and this is what the venue said when asked about it: then the body has the form of its order query, or
     * of what was handed to {@link VenueClient#confirm}.
     */
    public boolean isReconciled() {
        return reconciled;
    }

    /** HTTP status, 2xx. */
    public int status() {
        return status;
    }

    /** Headers in the order in which they came. */
    public List<Field> headers() {
        return headers;
    }

    /** The first header of that name, letter case ignored. */
    public Optional<String> header(String name) {
        for (Field header : headers) {
            if (header.name().equalsIgnoreCase(name)) {
                return Optional.of(header.value());
            }
        }
        return Optional.empty();
    }

    /** A copy of the body. */
    public byte[] body() {
        return body.clone();
    }

    /** The body as UTF-8 text. */
    public String text() {
        return new String(body, StandardCharsets.UTF_8);
    }

    /**
     * The text of one value in a JSON body; numbers as they are written there, objects and lists as JSON.
     *
     * @param pointer JSON pointer (RFC 6901), such as {@code /balances/0/free}
     * @return empty when there is no such value, when it is null, or when the body is not JSON
     */
    public Optional<String> at(String pointer) {
        return Optional.ofNullable(new JsonPointers().at(body, pointer));
    }

    /**
     * Where in a list of a JSON body an element is, by the text of one of its members: {@code find("/balances", "asset", "BTC")} is
     * {@code /balances/2}, and {@code at(found + "/free")} what is wanted of it.
     *
     * @param list JSON pointer of the list
     * @return JSON pointer of the first such element; empty when there is none, or no such list
     */
    public Optional<String> find(String list, String member, String text) {
        int index = new JsonPointers().indexOf(body, list, member, text);
        return index < 0 ? Optional.empty() : Optional.of(list + '/' + index);
    }

    /** The client order id the order was sent with, given or made by the client; absent when the call placed no order. */
    public Optional<String> clientOrderId() {
        return Optional.ofNullable(clientOrderId);
    }

    /** How many attempts it took. */
    public int attempts() {
        return attempts;
    }

    /** From the call to the end of the answer, waiting included, on the client's clock. */
    public Duration elapsed() {
        return elapsed;
    }

    /** Status and length; not the content, which may be confidential. */
    @Override
    public String toString() {
        return "VenueResponse[HTTP " + status + ", " + body.length + " bytes]";
    }
}
