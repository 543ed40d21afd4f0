package io.intaglio.client.oauth;

import io.intaglio.client.Proxy;
import io.intaglio.client.internal.http.Dialing;
import io.intaglio.client.internal.http.Names;
import io.intaglio.client.internal.http.RawAnswer;
import io.intaglio.client.internal.http.SendFailure;
import io.intaglio.client.internal.http.Transport;
import io.intaglio.client.internal.http.TransportSettings;
import io.intaglio.client.internal.proxy.ProxyServers;
import io.intaglio.client.oauth.OAuthException.Reason;
import io.intaglio.client.tls.Tls;
import io.intaglio.signing.Field;
import io.intaglio.signing.SignedRequest;
import java.net.InetAddress;
import java.net.URI;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The authorization server, spoken to over connections of our own. Thread-safe. */
final class Server implements AutoCloseable {
    private static final int CONNECTIONS = 4;
    private static final int LONGEST_ANSWER = 256 * 1024;
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(3);

    /** Of one exchange at most. */
    static final Duration ANSWER_LIMIT = Duration.ofSeconds(10);

    private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

    private final Transport transport;

    Server(Tls tls, @Nullable Proxy proxy) {
        this.transport = new Transport(new TransportSettings(
                tls,
                CONNECTIONS,
                CONNECT_LIMIT,
                Duration.ofMinutes(1),
                Duration.ofSeconds(1),
                LONGEST_ANSWER,
                "intaglio",
                new Dialing(proxy == null ? null : ProxyServers.of(proxy), null, InetAddress.class, Names.system())));
    }

    /** @param body not changed before this returns; null for GET */
    RawAnswer send(String method, URI url, List<Field> headers, byte @Nullable [] body, Duration limit)
            throws SendFailure {
        String query = url.getRawQuery();
        String path = url.getRawPath().isEmpty() ? "/" : url.getRawPath();
        SignedRequest request = SignedRequest.owning(
                method, query == null ? path : path + "?" + query, url, headers, body, null, 0, (String) null);
        return transport.send(request, limit, limit.compareTo(ANSWER_LIMIT) < 0 ? limit : ANSWER_LIMIT);
    }

    /** @param limit that the failed request was given */
    static OAuthException failure(String subject, SendFailure e, Duration limit) {
        return switch (e.stage()) {
            case INTERRUPTED, EXCHANGE_INTERRUPTED ->
                new OAuthException(Reason.INTERRUPTED, "interrupted while asking " + subject, e);
            case TLS ->
                new OAuthException(
                        Reason.UNREACHABLE,
                        subject + " was not asked: " + e.getMessage() + "; look at trust and certificate in Tls",
                        e);
            case CONNECT, PROXY, CLOSED ->
                new OAuthException(Reason.UNREACHABLE, subject + " was not asked: " + e.getMessage(), e);
            default ->
                new OAuthException(
                        limit.compareTo(ANSWER_LIMIT) < 0 ? Reason.TIME_LIMIT : Reason.UNREACHABLE,
                        subject + " gave no answer: " + e.getMessage(),
                        e);
        };
    }

    /** Of the answer's {@code Date}; empty when it has none that can be read. */
    static Optional<Instant> date(RawAnswer answer) {
        try {
            return answer.header("Date")
                    .map(text -> ZonedDateTime.parse(text.strip(), DateTimeFormatter.RFC_1123_DATE_TIME)
                            .toInstant());
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /** Whole seconds, up to a minute; null when the answer asks for no wait. */
    static @Nullable Duration retryAfter(RawAnswer answer) {
        String text = answer.header("Retry-After").map(String::strip).orElse("");
        if (text.isEmpty() || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return null;
        }
        Duration asked = text.length() > 4 ? LONGEST_WAIT : Duration.ofSeconds(Integer.parseInt(text));
        return asked.compareTo(LONGEST_WAIT) < 0 ? asked : LONGEST_WAIT;
    }

    @Override
    public void close() {
        transport.close();
    }
}
