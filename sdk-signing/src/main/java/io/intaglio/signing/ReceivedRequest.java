package io.intaglio.signing;

import java.net.URI;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** A request as it arrived, for {@link io.intaglio.signing.verify.Verifier}. Immutable and thread-safe. */
public final class ReceivedRequest {
    private final String method;
    private final String target;
    private final List<Field> headers;
    private final byte[] body;
    private final URI baseUri;

    private ReceivedRequest(String method, String target, List<Field> headers, byte[] body, URI baseUri) {
        this.method = method;
        this.target = target;
        this.headers = headers;
        this.body = body;
        this.baseUri = baseUri;
    }

    /**
     * A received request.
     *
     * @param baseUri the address under which the sender knows the receiver, not one that the request claims
     * @param target request target in origin form, exactly as it arrived: path and, after {@code ?}, the query, still encoded
     * @param headers all of them, in order
     * @param body as it arrived, before anything parses it; empty for none
     */
    public static ReceivedRequest of(URI baseUri, String method, String target, List<Field> headers, byte[] body) {
        return new ReceivedRequest(
                Objects.requireNonNull(method, "method"),
                Objects.requireNonNull(target, "target"),
                List.copyOf(headers),
                body.clone(),
                Objects.requireNonNull(baseUri, "baseUri"));
    }

    /** What a signed request becomes when it arrives. */
    public static ReceivedRequest of(SignedRequest sent, URI baseUri) {
        return new ReceivedRequest(sent.method(), sent.target(), List.copyOf(sent.headers()), sent.body(), baseUri);
    }

    /** HTTP method. */
    public String method() {
        return method;
    }

    /** Path and query, encoded. */
    public String target() {
        return target;
    }

    /** All headers, in order. */
    public List<Field> headers() {
        return headers;
    }

    /** The value of a header, letter case ignored; absent when there is none, or more than one. */
    public Optional<String> onlyHeader(String name) {
        String found = null;
        for (Field header : headers) {
            if (header.name().equalsIgnoreCase(name)) {
                if (found != null) {
                    return Optional.empty();
                }
                found = header.value();
            }
        }
        return Optional.ofNullable(found);
    }

    /** A copy of the body, empty when there is none. */
    public byte[] body() {
        return body.clone();
    }

    /** The receiver's own address. */
    public URI baseUri() {
        return baseUri;
    }

    /** Method and path; the query may hold a signature. */
    @Override
    public String toString() {
        int query = target.indexOf('?');
        return method + " " + (query < 0 ? target : target.substring(0, query) + "?...");
    }
}
