package io.intaglio.client.internal.http;

import io.intaglio.signing.Field;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** An answer as it came, read to its end. Immutable; nobody changes the body array. */
public final class RawAnswer {
    private static final int LONGEST_TEXT = 64 * 1024;

    private final int status;
    private final List<Field> headers;
    private final byte[] body;

    /** Takes ownership of list and array. */
    public RawAnswer(int status, List<Field> headers, byte[] body) {
        this.status = status;
        this.headers = headers;
        this.body = body;
    }

    /** HTTP status. */
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

    /** The body itself, not a copy. */
    public byte[] body() {
        return body;
    }

    /** The beginning of the body as UTF-8 text, at most 64 KiB of it: what a venue says of a refusal is short, and copies of a long body are not. */
    public String text() {
        return new String(body, 0, Math.min(body.length, LONGEST_TEXT), StandardCharsets.UTF_8);
    }
}
