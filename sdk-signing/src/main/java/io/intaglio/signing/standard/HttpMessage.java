package io.intaglio.signing.standard;

import io.intaglio.signing.Field;
import io.intaglio.signing.SignedRequest;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP request or response as it was received or is to be sent, whatever library read it. Immutable and thread-safe; every method returns
 * a new message.
 *
 * <pre>{@code
 * HttpMessage request = HttpMessage.request("POST", URI.create("https://api.example.com"), "/orders?dry=1")
 *         .header("Content-Type", "application/json")
 *         .body(bytes);
 * HttpMessage response = HttpMessage.response(200).headers(received).body(bytes).inResponseTo(request);
 * }</pre>
 */
public final class HttpMessage {
    private static final byte[] NOTHING = {};

    private final @Nullable String method;
    private final @Nullable URI origin;
    private final String target;
    private final int status;
    private final List<Field> headers;
    private final List<Field> trailers;
    private final byte[] body;
    private final @Nullable HttpMessage request;

    private HttpMessage(
            @Nullable String method,
            @Nullable URI origin,
            String target,
            int status,
            List<Field> headers,
            List<Field> trailers,
            byte[] body,
            @Nullable HttpMessage request) {
        this.method = method;
        this.origin = origin;
        this.target = target;
        this.status = status;
        this.headers = headers;
        this.trailers = trailers;
        this.body = body;
        this.request = request;
    }

    /**
     * A request without headers and body.
     *
     * @param method as it is sent
     * @param origin scheme, host and optional port under which the receiver knows itself. A server gives its own name, or the {@code Host} it
     *     has checked: it is what {@code @authority}, {@code @scheme} and {@code @target-uri} are made of. A path in it has no effect.
     * @param target the request target as it is sent: path and query, percent-encoded; or absolute; or {@code *}
     * @throws IllegalArgumentException when the origin is no http or https address, or the target holds a blank or is not ASCII
     */
    public static HttpMessage request(String method, URI origin, String target) {
        if (origin.getHost() == null || !("http".equals(origin.getScheme()) || "https".equals(origin.getScheme()))) {
            throw new IllegalArgumentException("origin '" + origin + "' must be an http or https address with a host");
        }
        if (method.isEmpty() || !method.chars().allMatch(c -> c > 32 && c < 127)) {
            throw new IllegalArgumentException("method must be an HTTP token");
        }
        if (target.isEmpty() || !target.chars().allMatch(c -> c > 32 && c < 127 && c != '#')) {
            throw new IllegalArgumentException("request target must be printable ASCII without blanks and fragment; "
                    + "give it percent-encoded, as it is sent");
        }
        return new HttpMessage(method, origin, target, 0, List.of(), List.of(), NOTHING, null);
    }

    /**
     * A response without headers and body.
     *
     * @throws IllegalArgumentException when the status does not have three digits
     */
    public static HttpMessage response(int status) {
        if (status < 100 || status > 999) {
            throw new IllegalArgumentException("status must have three digits, was " + status);
        }
        return new HttpMessage(null, null, "", status, List.of(), List.of(), NOTHING, null);
    }

    /** A request that was signed here, as its receiver reads it. Without a base URI, components that name the host are refused. */
    public static HttpMessage of(SignedRequest signed) {
        return new HttpMessage(
                signed.method(),
                signed.baseUri().orElse(null),
                signed.target(),
                0,
                signed.headers(),
                List.of(),
                signed.body(),
                null);
    }

    /** Adds a header line. Lines of one name are kept apart and in order. */
    public HttpMessage header(String name, String value) {
        return headers(List.of(new Field(name, value)));
    }

    /** Adds header lines in their order. */
    public HttpMessage headers(List<Field> more) {
        return new HttpMessage(method, origin, target, status, both(headers, more), trailers, body, request);
    }

    /** With these header lines and no others. The list becomes the message's own. */
    HttpMessage owningHeaders(List<Field> all) {
        return new HttpMessage(method, origin, target, status, all, trailers, body, request);
    }

    /** Adds trailer lines in their order. */
    public HttpMessage trailers(List<Field> more) {
        return new HttpMessage(method, origin, target, status, headers, both(trailers, more), body, request);
    }

    /** Replaces the content: the bytes as they travel, after content coding and without transfer coding. The array is copied. */
    public HttpMessage body(byte[] content) {
        return new HttpMessage(method, origin, target, status, headers, trailers, content.clone(), request);
    }

    /**
     * Ties a response to its request, for components with {@code req}.
     *
     * @throws IllegalArgumentException when this is no response or the other no request
     */
    public HttpMessage inResponseTo(HttpMessage asked) {
        if (isRequest() || !asked.isRequest()) {
            throw new IllegalArgumentException("only a response answers a request, not " + this + " to " + asked);
        }
        return new HttpMessage(method, origin, target, status, headers, trailers, body, asked);
    }

    private static List<Field> both(List<Field> some, List<Field> more) {
        List<Field> all = new ArrayList<>(some.size() + more.size());
        all.addAll(some);
        for (Field field : more) {
            Objects.requireNonNull(field.value(), () -> "value of header " + field.name());
            all.add(field);
        }
        return List.copyOf(all);
    }

    /** Whether it is a request. */
    public boolean isRequest() {
        return method != null;
    }

    /** Header lines in order. */
    public List<Field> headers() {
        return headers;
    }

    /** Trailer lines in order. */
    public List<Field> trailers() {
        return trailers;
    }

    /** A copy of the content, empty when there is none. */
    public byte[] body() {
        return body.clone();
    }

    byte[] content() {
        return body;
    }

    /** The request that this response answers, when it is known. */
    public Optional<HttpMessage> request() {
        return Optional.ofNullable(request);
    }

    Optional<String> method() {
        return Optional.ofNullable(method);
    }

    URI origin() {
        if (origin == null) {
            throw new IllegalArgumentException(
                    "names the host, but " + this + " has no base URI; set it with baseUri(...)");
        }
        return origin;
    }

    String target() {
        return target;
    }

    int status() {
        return status;
    }

    /** Method and path, or the status; no header and no query. */
    @Override
    public String toString() {
        int query = target.indexOf('?');
        return method == null ? "response " + status : method + " " + (query < 0 ? target : target.substring(0, query));
    }
}
