package io.intaglio.client.internal.http;

import io.intaglio.client.internal.http.SendFailure.Stage;
import io.intaglio.client.tls.Tls;
import io.intaglio.signing.Field;
import io.intaglio.signing.SignedRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.SchemePortResolver;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.client5.http.impl.DefaultClientConnectionReuseStrategy;
import org.apache.hc.client5.http.impl.DefaultConnectionKeepAliveStrategy;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.io.ConnectionEndpoint;
import org.apache.hc.client5.http.io.HttpClientConnectionOperator;
import org.apache.hc.client5.http.io.LeaseRequest;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.client5.http.ssl.HostnameVerificationPolicy;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.io.HttpRequestExecutor;
import org.apache.hc.core5.http.io.SocketConfig;
import org.apache.hc.core5.http.message.BasicClassicHttpRequest;
import org.apache.hc.core5.http.message.BasicHeader;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.reactor.ssl.SSLBufferMode;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * Sends signed requests, each exactly once, over pooled connections. Thread-safe.
 *
 * <p>It stands on HttpClient's connection manager and request executor and not on its {@code CloseableHttpClient}: there is no chain in which
 * retries, redirects, cookies, authentication, compression or an expect-continue could act, nothing is added to the request but the two
 * headers that HTTP needs and our name, and connecting is a step apart from sending, so that a failure says whether a byte was written.
 */
public final class Transport implements AutoCloseable {
    private static final int LONGEST_HEADER_LINE = 32 * 1024;
    private static final int MOST_HEADERS = 200;
    private static final int FIRST_PIECE = 16 * 1024;
    private static final int LONGEST_PIECE = 256 * 1024;
    /** A body up to this size fits a socket's buffer, so that writing it does not wait for the peer. */
    private static final int UNWATCHED_BODY = 32 * 1024;

    /** How long a connection that was opened ahead may wait; its greatest age ends it sooner where that is set lower. */
    private static final TimeValue KEEP_UNUSED = TimeValue.ofMinutes(3);

    /** Timeouts are whole milliseconds, and zero is none. */
    private static final Duration SHORTEST = Duration.ofMillis(1);

    private static final byte[] NOTHING = {};
    private static final Set<String> BODILESS = Set.of("GET", "HEAD", "DELETE", "OPTIONS");
    private static final Executor DIRECT = Runnable::run;

    private final PoolingHttpClientConnectionManager connections;
    private final HttpRequestExecutor executor = new HttpRequestExecutor();
    private final TransportSettings settings;
    private final AtomicBoolean closed = new AtomicBoolean();

    /** Opens no connection yet. */
    public Transport(TransportSettings settings) {
        this.settings = settings;
        Timeout timeout = Timeout.of(settings.connectTimeout());
        Http1Config http1 = Http1Config.custom()
                .setMaxLineLength(LONGEST_HEADER_LINE)
                .setMaxHeaderCount(MOST_HEADERS)
                .setMaxEmptyLineCount(4)
                .build();
        this.connections = new Dialed(settings.dialing())
                .setTlsSocketStrategy(this::upgrade)
                .setMaxConnTotal(settings.maxConnections())
                .setMaxConnPerRoute(settings.maxConnections())
                .setConnectionFactory(socket -> {
                    QuietConnection connection = new QuietConnection(http1, settings.idleValidation());
                    if (socket != null) {
                        connection.bind(socket);
                    }
                    return connection;
                })
                .setDefaultSocketConfig(SocketConfig.custom()
                        .setSoTimeout(timeout)
                        .setTcpNoDelay(true)
                        .setSoKeepAlive(true)
                        .build())
                .setDefaultTlsConfig(
                        TlsConfig.custom().setHandshakeTimeout(timeout).build())
                .setDefaultConnectionConfig(ConnectionConfig.custom()
                        .setConnectTimeout(timeout)
                        .setSocketTimeout(timeout)
                        .setTimeToLive(TimeValue.of(settings.connectionMaxAge()))
                        .setValidateAfterInactivity(TimeValue.ZERO_MILLISECONDS) // each time; the connection knows how
                        .build())
                .build();
    }

    /**
     * Sends the request and reads the whole answer.
     *
     * @param limit for all of it: waiting for a connection, connecting, writing, reading
     * @param answerLimit for writing and reading alone
     * @throws SendFailure when there is no whole answer; it says whether a byte was written
     */
    public RawAnswer send(SignedRequest request, Duration limit, Duration answerLimit) throws SendFailure {
        URI base = request.baseUri()
                .orElseThrow(
                        () -> new IllegalArgumentException(request + " has no base URI; set one with baseUri(...)"));
        HttpRoute route = route(base);
        HttpHost host = route.getTargetHost();
        ConnectionEndpoint endpoint = null;
        TimeValue keep = null;
        long end = System.nanoTime() + limit.toNanos();
        Long generation = settings.tls().generation();
        try {
            endpoint = lease(route, limit, generation);
            HttpClientContext context = HttpClientContext.create();
            boolean fresh = !endpoint.isConnected();
            if (fresh) {
                connect(endpoint, host, context, end);
            }
            Duration left = Duration.ofNanos(end - System.nanoTime());
            Duration time = atLeastShortest(left.compareTo(answerLimit) < 0 ? left : answerLimit);
            BasicClassicHttpRequest message = message(request, host, base);
            ClassicHttpResponse response = exchange(endpoint, message, context, time, request.bodyLength(), fresh);
            RawAnswer answer = read(response, time);
            if (generation == settings.tls().generation()
                    && DefaultClientConnectionReuseStrategy.INSTANCE.keepAlive(message, response, context)) {
                keep = DefaultConnectionKeepAliveStrategy.INSTANCE.getKeepAliveDuration(response, context);
            }
            return answer;
        } finally {
            if (endpoint != null) {
                giveBack(endpoint, generation, keep);
            }
        }
    }

    private static Duration atLeastShortest(Duration limit) {
        return limit.compareTo(SHORTEST) < 0 ? SHORTEST : limit;
    }

    /** @param keep how long it may wait for another request; null to end it */
    private void giveBack(ConnectionEndpoint endpoint, Long generation, @Nullable TimeValue keep) {
        if (keep == null) {
            endpoint.close(CloseMode.IMMEDIATE);
        }
        try {
            connections.release(endpoint, generation, keep);
        } catch (IllegalStateException e) {
            // close() emptied the pool in this moment; what was answered is the caller's all the same
            if (!closed.get()) {
                throw e;
            }
        }
    }

    /**
     * Opens connections, or finds them open, and sends nothing over them.
     *
     * @param connections how many; fewer when calls hold the others
     * @param limit for all of it
     * @param executor opens them side by side
     * @throws SendFailure the first failure, when all have been tried
     */
    public void warmUp(URI base, int connections, Duration limit, Executor executor) throws SendFailure {
        HttpRoute route = route(base);
        long end = System.nanoTime() + limit.toNanos();
        Long generation = settings.tls().generation();
        List<ConnectionEndpoint> leased = new ArrayList<>();
        List<CompletableFuture<@Nullable SendFailure>> opening = new ArrayList<>();
        try {
            for (int i = 0; i < connections; i++) {
                leased.add(lease(route, Duration.ofMillis(1), generation));
            }
        } catch (SendFailure e) {
            if (e.stage() != Stage.POOL) {
                leased.forEach(endpoint -> giveBack(endpoint, generation, null));
                throw e;
            }
        }
        for (ConnectionEndpoint endpoint : leased) {
            CompletableFuture<@Nullable SendFailure> opened = new CompletableFuture<>();
            opening.add(opened.completeOnTimeout(
                    new SendFailure(Stage.CONNECT, "a connection was not opened within " + limit.toMillis() + " ms"),
                    Math.max(1, limit.toMillis()),
                    TimeUnit.MILLISECONDS));
            try {
                executor.execute(() -> opened.complete(opened(endpoint, generation, route.getTargetHost(), end)));
            } catch (RejectedExecutionException e) {
                giveBack(endpoint, generation, null);
                opened.complete(new SendFailure(Stage.CLOSED, "the client's executor takes no work", e));
            }
        }
        SendFailure first = null;
        for (CompletableFuture<@Nullable SendFailure> opened : opening) {
            SendFailure failure = opened.join();
            first = first == null ? failure : first;
        }
        if (first != null) {
            throw first;
        }
    }

    private @Nullable SendFailure opened(ConnectionEndpoint endpoint, Long generation, HttpHost host, long end) {
        boolean isOpen = false;
        try {
            if (!endpoint.isConnected()) {
                connect(endpoint, host, HttpClientContext.create(), end);
            }
            isOpen = true;
            return null;
        } catch (SendFailure e) {
            return e;
        } finally {
            giveBack(endpoint, generation, isOpen ? KEEP_UNUSED : null);
        }
    }

    /** Where to connect; the port of the scheme when the address names none, as the addresses of venues do. */
    static HttpRoute route(URI base) {
        boolean secure = base.getScheme().equals("https");
        int port = base.getPort() >= 0 ? base.getPort() : secure ? 443 : 80;
        return new HttpRoute(new HttpHost(base.getScheme(), base.getHost(), port), null, secure);
    }

    /** @param generation of trust and identity: a connection of before is not leased again */
    private ConnectionEndpoint lease(HttpRoute route, Duration limit, Long generation) throws SendFailure {
        Timeout timeout = Timeout.of(limit.isNegative() ? Duration.ZERO : limit);
        try {
            return taken(connections.lease("", route, timeout, generation), timeout, generation);
        } catch (TimeoutException e) {
            throw new SendFailure(
                    Stage.POOL,
                    "all " + settings.maxConnections() + " connections were in use for " + limit.toMillis() + " ms",
                    e);
        } catch (InterruptedException | ExecutionException | IllegalStateException e) {
            if (closed.get()) {
                throw new SendFailure(Stage.CLOSED, "the client is closed", e);
            }
            if (Thread.currentThread().isInterrupted()) { // which the pool may tell as a request that was cancelled
                throw new SendFailure(
                        Stage.INTERRUPTED, "the thread was interrupted while waiting for a connection", e);
            }
            throw new SendFailure(Stage.POOL, "no connection could be leased: " + text(e), e);
        }
    }

    /** Who is interrupted leaves the queue: else the next connection that comes free would be his for ever. When the time is over the pool does it. */
    private ConnectionEndpoint taken(LeaseRequest request, Timeout timeout, Long generation)
            throws InterruptedException, ExecutionException, TimeoutException {
        try {
            return request.get(timeout);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            if (!request.cancel()) {
                giveBack(request.get(Timeout.ZERO_MILLISECONDS), generation, null);
            }
            throw e;
        }
    }

    private void connect(ConnectionEndpoint endpoint, HttpHost host, HttpClientContext context, long end)
            throws SendFailure {
        Duration left = Duration.ofNanos(Math.max(1_000_000, end - System.nanoTime()));
        Duration time = left.compareTo(settings.connectTimeout()) < 0 ? left : settings.connectTimeout();
        try {
            context.setAttribute(Dialer.CALL_ENDS, end);
            connections.connect(endpoint, TimeValue.of(time), context);
        } catch (SSLException e) {
            throw new SendFailure(Stage.TLS, "TLS with " + host.toHostString() + " failed: " + Tls.inWords(e), e);
        } catch (ProxyRefusal e) {
            throw new SendFailure(Stage.PROXY, text(e), e);
        } catch (IOException | IllegalStateException e) {
            if (Thread.currentThread().isInterrupted()) {
                throw new SendFailure(Stage.INTERRUPTED, "the thread was interrupted while connecting", e);
            }
            if (closed.get()) {
                throw new SendFailure(Stage.CLOSED, "the client is closed", e);
            }
            throw new SendFailure(Stage.CONNECT, "cannot connect to " + host.toHostString() + ": " + text(e), e);
        }
    }

    private ClassicHttpResponse exchange(
            ConnectionEndpoint endpoint,
            BasicClassicHttpRequest message,
            HttpClientContext context,
            Duration time,
            int bodyLength,
            boolean fresh)
            throws SendFailure {
        CompletableFuture<Void> watchdog = null;
        try {
            endpoint.setSocketTimeout(Timeout.of(time));
            if (bodyLength > UNWATCHED_BODY) {
                // a peer that does not read can hold a long write up for ever, and a blocked write knows no timeout
                watchdog = CompletableFuture.runAsync(
                        () -> endpoint.close(CloseMode.IMMEDIATE),
                        CompletableFuture.delayedExecutor(time.toNanos(), TimeUnit.NANOSECONDS, DIRECT));
            }
            return endpoint.execute("", message, executor::execute, context);
        } catch (SSLException e) {
            if (fresh && Tls.isOfClientCertificate(e)) {
                throw new SendFailure(Stage.TLS, "the request was not read: " + Tls.inWords(e), e);
            }
            throw unanswered(e, time);
        } catch (IOException | HttpException | IllegalStateException e) {
            throw unanswered(e, time);
        } finally {
            if (watchdog != null) {
                watchdog.cancel(false);
            }
        }
    }

    private RawAnswer read(ClassicHttpResponse response, Duration time) throws SendFailure {
        List<Field> headers = new ArrayList<>();
        for (Iterator<Header> all = response.headerIterator(); all.hasNext(); ) {
            Header header = all.next();
            headers.add(new Field(header.getName(), Objects.requireNonNullElse(header.getValue(), "")));
        }
        byte[] body = NOTHING;
        HttpEntity entity = response.getEntity();
        if (entity != null) {
            try {
                body = body(entity, response.getCode());
            } catch (IOException | IllegalStateException e) {
                throw unanswered(e, time);
            }
        }
        return new RawAnswer(response.getCode(), Collections.unmodifiableList(headers), body);
    }

    /**
     * In pieces, so that memory grows with what comes, whatever length was told: a body of the limit takes twice its size while it is put together, a
     * longer one never more than the limit. The stream is not closed: when it is not at its end, closing would first read all the rest.
     */
    private byte[] body(HttpEntity entity, int status) throws IOException, SendFailure {
        int limit = settings.maxResponseBytes();
        long told = entity.getContentLength();
        if (told > limit) {
            throw tooLong(status);
        }
        InputStream in = entity.getContent();
        List<byte[]> pieces = new ArrayList<>();
        int length = 0;
        int size = (int) (told < 0 ? FIRST_PIECE : Math.min(told, FIRST_PIECE));
        while (length != told) {
            byte[] piece = new byte[Math.min(size, limit - length)];
            int read = in.readNBytes(piece, 0, piece.length);
            length += read;
            pieces.add(read == piece.length ? piece : Arrays.copyOf(piece, read));
            if (read < piece.length) {
                break;
            }
            if (length == limit) {
                if (in.read() >= 0) {
                    throw tooLong(status);
                }
                break;
            }
            size = Math.min(2 * piece.length, LONGEST_PIECE);
        }
        return pieces.size() == 1 ? pieces.get(0) : together(pieces, length);
    }

    private static byte[] together(List<byte[]> pieces, int length) {
        byte[] all = new byte[length];
        int at = 0;
        for (byte[] piece : pieces) {
            System.arraycopy(piece, 0, all, at, piece.length);
            at += piece.length;
        }
        return all;
    }

    private SendFailure tooLong(int status) {
        return new SendFailure(
                Stage.TOO_LONG,
                "the answer, HTTP " + status + ", is longer than the limit of " + settings.maxResponseBytes()
                        + " bytes");
    }

    private SendFailure unanswered(Exception e, Duration time) {
        if (Thread.currentThread().isInterrupted()) {
            return new SendFailure(
                    Stage.EXCHANGE_INTERRUPTED, "the thread was interrupted while waiting for the answer", e);
        }
        if (closed.get()) {
            return new SendFailure(Stage.EXCHANGE, "the client was closed while waiting for the answer", e);
        }
        return e instanceof InterruptedIOException
                ? new SendFailure(Stage.EXCHANGE, "no whole answer came within " + time.toMillis() + " ms", e)
                : new SendFailure(Stage.EXCHANGE, "the connection ended before a whole answer: " + text(e), e);
    }

    private BasicClassicHttpRequest message(SignedRequest request, HttpHost host, URI base) {
        BasicClassicHttpRequest message = new BasicClassicHttpRequest(request.method(), host, request.target());
        message.addHeader(new BasicHeader("Host", base.getRawAuthority()));
        for (Field header : request.headers()) {
            message.addHeader(new BasicHeader(header.name(), header.value()));
        }
        if (request.header("User-Agent").isEmpty()) {
            message.addHeader(new BasicHeader("User-Agent", settings.userAgent()));
        }
        if (request.hasBody()) {
            message.addHeader(new BasicHeader("Content-Length", Integer.toString(request.bodyLength())));
            message.setEntity(new SignedBody(request));
        } else if (!BODILESS.contains(request.method())) {
            message.addHeader(new BasicHeader("Content-Length", "0"));
        }
        return message;
    }

    private static String text(Exception e) {
        String message = e.getMessage();
        return message == null || message.isBlank() ? e.getClass().getSimpleName() : message;
    }

    /** With trust and identity as they are now: a changed file counts for the next connection. */
    private SSLSocket upgrade(Socket socket, String target, int port, Object attachment, HttpContext context)
            throws IOException {
        Tls tls = settings.tls();
        tls.refresh();
        return new DefaultClientTlsStrategy(
                        tls.sslContext(),
                        tls.protocols(),
                        tls.cipherSuites(),
                        SSLBufferMode.STATIC,
                        HostnameVerificationPolicy.BUILTIN,
                        null)
                .upgrade(socket, target, port, attachment, context);
    }

    /** Whether nothing can be sent any more. */
    public boolean isClosed() {
        return closed.get();
    }

    /** Closes connections that nobody uses now; those in use are closed after their answer when trust or identity have changed. */
    public void drain() {
        connections.closeIdle(TimeValue.ZERO_MILLISECONDS);
    }

    /** Ends all connections at once; a call under way fails. */
    @Override
    public void close() {
        closed.set(true);
        connections.close(CloseMode.IMMEDIATE);
    }

    /** HttpClient's connection manager, with connections opened our way. */
    private static final class Dialed extends PoolingHttpClientConnectionManagerBuilder {
        private final Dialing dialing;

        Dialed(Dialing dialing) {
            this.dialing = dialing;
        }

        @Override
        protected HttpClientConnectionOperator createConnectionOperator(
                @Nullable SchemePortResolver ports, @Nullable DnsResolver dns, TlsSocketStrategy tls) {
            return new Dialer(dialing, tls);
        }
    }
}
