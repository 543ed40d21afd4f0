package io.intaglio.testkit;

import io.intaglio.signing.Field;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A request as it arrived, whether or not the venue accepted it. Immutable and thread-safe. */
public final class ReceivedRequest {
    private final Instant at;
    private final String method;
    private final String target;
    private final List<Field> headers;
    private final byte[] body;
    private final int connection;
    private final @Nullable X509Certificate clientCertificate;

    ReceivedRequest(
            Instant at,
            String method,
            String target,
            List<Field> headers,
            byte[] body,
            int connection,
            @Nullable X509Certificate clientCertificate) {
        this.at = at;
        this.method = method;
        this.target = target;
        this.headers = List.copyOf(headers);
        this.body = body.clone();
        this.connection = connection;
        this.clientCertificate = clientCertificate;
    }

    /** The same bytes at another time. */
    ReceivedRequest arrivingAt(Instant time) {
        return new ReceivedRequest(time, method, target, headers, body, connection, clientCertificate);
    }

    /** The venue's time. */
    public Instant at() {
        return at;
    }

    /** As sent. */
    public String method() {
        return method;
    }

    /** Path and query exactly as sent. */
    public String target() {
        return target;
    }

    /** The target without its query. */
    public String path() {
        return path(target);
    }

    /** All headers in the order sent, with the letter case of their names and without white space around their values. */
    public List<Field> headers() {
        return headers;
    }

    /** The first header of that name, letter case ignored. */
    public Optional<String> header(String name) {
        return headers.stream()
                .filter(field -> field.name().equalsIgnoreCase(name))
                .map(Field::value)
                .findFirst();
    }

    /** The body as UTF-8 text; empty when there was none or it was not read. */
    public String body() {
        return new String(body, StandardCharsets.UTF_8);
    }

    /** The body exactly as sent, but without the framing of chunks. A new array on each call. */
    public byte[] bodyBytes() {
        return body.clone();
    }

    /** Counts the venue's connections from 1, so that reuse can be seen. */
    public int connection() {
        return connection;
    }

    /** The certificate that the client showed in the TLS handshake. */
    public Optional<X509Certificate> clientCertificate() {
        return Optional.ofNullable(clientCertificate);
    }

    /** Method and path: query, headers and body may hold what authenticates. */
    @Override
    public String toString() {
        return method + " " + path();
    }

    static String path(String target) {
        int query = target.indexOf('?');
        return query < 0 ? target : target.substring(0, query);
    }
}
