package io.intaglio.testkit;

import io.intaglio.signing.Field;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLPeerUnverifiedException;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import mockwebserver3.SocketEffect;
import okhttp3.Headers;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/** MockWebServer on 127.0.0.1, with TLS and HTTP/1.1 only, made to break where it is told to and to be gone when it is closed. */
final class VenueServer implements AutoCloseable {
    /** What happens to requests. */
    interface Handler {
        /** What goes wrong with the request of this path that is arriving; null when nothing does. */
        @Nullable
        Fault faultFor(String path);

        /** The answer, with what goes wrong. */
        Answer answer(ReceivedRequest request, @Nullable Fault fault);
    }

    /** Whether clients show a certificate. */
    enum ClientCertificate {
        NOT_ASKED_FOR,
        ASKED_FOR,
        DEMANDED
    }

    /** What was decided on a request when its head had come; {@code malformed} when it has a body and must not. */
    private record Arrival(@Nullable Fault fault, boolean malformed) {}

    private static final SocketEffect HALF_CLOSE = new SocketEffect.CloseSocket(false, false, true);
    private static final Pattern GET_WITH_BODY = Pattern.compile(
            "(GET|HEAD) .*\r\n(content-length: *[1-9]|transfer-encoding:).*",
            Pattern.DOTALL | Pattern.CASE_INSENSITIVE);

    /**
     * The connection that the calling thread serves, and the request that is arriving on it. MockWebServer gives each connection a thread, which
     * serves no other server's, and tells dispatchers neither of the two when they are asked how to read a body.
     */
    private static final ThreadLocal<WireSocket> CONNECTION = new ThreadLocal<>();

    private static final ThreadLocal<Arrival> ARRIVAL = new ThreadLocal<>();

    private final InstantSource time;
    private final Handler handler;
    private final Listener listener;
    private final MockWebServer server = new MockWebServer();
    private final AtomicInteger handshakes = new AtomicInteger();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final AtomicBoolean closing = new AtomicBoolean();
    private final Thread keeper;
    private final CompletableFuture<Integer> port = new CompletableFuture<>();

    /**
     * Starts listening.
     *
     * @param time the venue's
     */
    VenueServer(SSLContext context, ClientCertificate certificate, InstantSource time, Handler handler) {
        this.time = time;
        this.handler = handler;
        try {
            this.listener = new Listener();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make a listening socket", e);
        }
        server.setServerSocketFactory(listener.asFactory());
        server.useHttps(new WireSockets(context, handshakes::incrementAndGet, CONNECTION::set));
        server.setProtocolNegotiationEnabled(false);
        if (certificate == ClientCertificate.DEMANDED) {
            server.requireClientAuth();
        } else if (certificate == ClientCertificate.ASKED_FOR) {
            server.requestClientAuth();
        }
        server.setDispatcher(new VenueDispatcher());
        this.keeper = VenueThreads.daemon("simulated-venue", this::keep);
    }

    /** Starts listening. */
    void start() {
        keeper.start();
        try {
            port.join();
        } catch (CompletionException e) {
            throw new IllegalStateException("cannot listen on 127.0.0.1", e.getCause());
        }
    }

    int port() {
        return port.join();
    }

    /** Connections whose TLS handshake succeeded. */
    int handshakes() {
        return handshakes.get();
    }

    /** Closes the listener and every connection at once; answers being held back are dropped. */
    @Override
    public void close() {
        if (closing.getAndSet(true)) {
            return;
        }
        closed.countDown();
        try {
            listener.close();
        } catch (IOException alreadyGone) {
            // nothing is left to release
        }
        keeper.interrupt();
        // Apart, because it waits for its threads, and must not be cut short where the caller is interrupted: then they
        // would linger.
        VenueThreads.daemon("simulated-venue-closer", server::close).start();
    }

    private void keep() {
        try {
            server.start(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0);
            port.complete(server.getPort());
        } catch (IOException | RuntimeException e) {
            port.completeExceptionally(e);
            return;
        }
        try {
            VenueThreads.awaitEndOfAllOthers();
        } catch (InterruptedException closedByItsOwner) {
            return;
        }
        close();
    }

    private final class VenueDispatcher extends Dispatcher {
        /** Called when a request's head has been read, and before that when the connection is made. */
        @Override
        public MockResponse peek() {
            WireSocket socket = CONNECTION.get();
            String head = socket == null ? "" : socket.takeHead();
            if (head.isEmpty()) {
                return super.peek();
            }
            String[] requestLine = head.split("[ \r]", 3);
            boolean malformed = GET_WITH_BODY.matcher(head).matches();
            Fault fault = handler.faultFor(ReceivedRequest.path(requestLine[1]));
            ARRIVAL.set(new Arrival(fault, malformed));
            MockResponse.Builder policy = super.peek().newBuilder();
            if (malformed || fault != null && fault.kind() == Fault.Kind.RESET_BEFORE_READING) {
                policy.doNotReadRequestBody();
            } else if (head.toLowerCase(Locale.ROOT).contains("\r\nexpect: 100-continue\r\n")) {
                policy.add100Continue();
            }
            return policy.build();
        }

        @Override
        public MockResponse dispatch(RecordedRequest request) throws InterruptedException {
            forget();
            WireSocket socket = CONNECTION.get();
            try {
                return respond(request, socket);
            } catch (RuntimeException e) {
                // MockWebServer logs it and leaves the client waiting
                socket.reset();
                throw e;
            } finally {
                ARRIVAL.remove();
                socket.watchForHead();
            }
        }

        private MockResponse respond(RecordedRequest recorded, WireSocket socket) throws InterruptedException {
            ReceivedRequest request = received(recorded);
            Arrival arrived = ARRIVAL.get();
            Fault fault = arrived == null ? handler.faultFor(request.path()) : arrived.fault();
            Answer answer = handler.answer(request, fault);
            if (arrived != null && arrived.malformed()) {
                answer = Answer.html(400, "A GET has no body");
            }
            if (!answer.delay().isZero() && closed.await(answer.delay().toNanos(), TimeUnit.NANOSECONDS)) {
                return nothing();
            }
            return switch (answer.ending()) {
                case ANSWER -> whole(request, answer, arrived != null && arrived.malformed());
                case HALF_CLOSE -> half(request, answer, HALF_CLOSE);
                case RESET_IN_BODY -> {
                    socket.closeByReset();
                    yield half(request, answer, new SocketEffect.CloseSocket());
                }
                case CLOSE -> nothing();
                case RESET -> {
                    socket.reset();
                    yield nothing();
                }
            };
        }

        /** MockWebServer keeps every request for a test that asks; nobody does, so they would fill the heap. */
        private void forget() throws InterruptedException {
            RecordedRequest kept;
            do {
                kept = server.takeRequest(0, TimeUnit.NANOSECONDS);
            } while (kept != null);
        }

        private ReceivedRequest received(RecordedRequest request) {
            List<Field> headers = new ArrayList<>();
            Headers all = request.getHeaders();
            for (int i = 0; i < all.size(); i++) {
                headers.add(new Field(all.name(i), all.value(i)));
            }
            ByteString body = request.getBody();
            return new ReceivedRequest(
                    time.instant(),
                    request.getMethod(),
                    request.getTarget(),
                    headers,
                    body == null ? new byte[0] : body.toByteArray(),
                    request.getConnectionIndex() + 1,
                    clientCertificate());
        }

        private static @Nullable X509Certificate clientCertificate() {
            try {
                return CONNECTION.get().getSession().getPeerCertificates()[0] instanceof X509Certificate shown
                        ? shown
                        : null;
            } catch (SSLPeerUnverifiedException noneShown) {
                return null;
            }
        }

        private MockResponse whole(ReceivedRequest request, Answer answer, boolean mustBeLast) {
            MockResponse.Builder response = new MockResponse.Builder().code(answer.status());
            for (Field header : answer.headers()) {
                response.addHeaderLenient(header.name(), header.value());
            }
            if (request.method().equals("HEAD")) {
                response.setHeader("Content-Length", answer.length());
            } else {
                response.body(answer.body());
            }
            if (mustBeLast
                    || request.header("Connection")
                            .filter("close"::equalsIgnoreCase)
                            .isPresent()) {
                response.setHeader("Connection", "close").onResponseEnd(new SocketEffect.CloseSocket());
            }
            return response.build();
        }

        /** Promises the whole body; the effect comes after half of it. */
        private MockResponse half(ReceivedRequest request, Answer answer, SocketEffect effect) {
            return whole(request, answer, false)
                    .newBuilder()
                    .body(answer.body().substring(0, answer.body().length() / 2))
                    .setHeader("Content-Length", answer.length())
                    .onResponseEnd(effect)
                    .build();
        }

        private MockResponse nothing() {
            return new MockResponse.Builder()
                    .onResponseStart(new SocketEffect.CloseSocket())
                    .build();
        }
    }
}
