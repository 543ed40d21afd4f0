package io.intaglio.testkit;

import io.intaglio.signing.Field;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * HTTP/1.1 over TLS on 127.0.0.1, as much of it as a venue's API needs: persistent connections, bodies by length or in chunks, {@code Expect:
 * 100-continue}. One daemon thread a connection, so a program that forgets to close it still ends; it sees both ends of a connection, so it can
 * break one precisely.
 */
final class TlsServer implements AutoCloseable {
    /** Head of a request as it arrived. */
    record Head(String method, String target, List<Field> headers, int connection) {
        String header(String name) {
            for (Field field : headers) {
                if (field.name().equalsIgnoreCase(name)) {
                    return field.value();
                }
            }
            return "";
        }
    }

    /** One request being answered. */
    interface Exchange {
        /** Whether to reset the connection instead of reading the body. */
        boolean resetBeforeBody();

        /** The answer to the whole request. */
        Answer answer(byte[] body);
    }

    /** Begins an exchange when a head has arrived. */
    interface Handler {
        Exchange begin(Head head);
    }

    private static final int LONGEST_LINE = 64 * 1024;
    private static final int LARGEST_BODY = 16 * 1024 * 1024;

    private final SSLContext context;
    private final boolean clientCertificate;
    private final Handler handler;
    private final ServerSocket listener;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger handshakes = new AtomicInteger();
    private final CountDownLatch closed = new CountDownLatch(1);

    TlsServer(SSLContext context, boolean clientCertificate, Handler handler) {
        this.context = context;
        this.clientCertificate = clientCertificate;
        this.handler = handler;
        try {
            this.listener = new ServerSocket(0, 256, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot listen on 127.0.0.1", e);
        }
    }

    void start() {
        daemon("simulated-venue-" + port(), this::acceptAll).start();
    }

    int port() {
        return listener.getLocalPort();
    }

    /** Connections whose TLS handshake succeeded. */
    int handshakes() {
        return handshakes.get();
    }

    /** Closes the listener and every connection at once; answers being held back are dropped. */
    @Override
    public void close() {
        closed.countDown();
        closeQuietly(listener);
        open.forEach(TlsServer::closeQuietly);
    }

    private void acceptAll() {
        while (closed.getCount() > 0) {
            try {
                Socket socket = listener.accept();
                open.add(socket);
                int number = connections.incrementAndGet();
                daemon("simulated-venue-" + port() + "-" + number, () -> serve(socket, number))
                        .start();
            } catch (IOException listenerClosed) {
                break;
            }
        }
        open.forEach(TlsServer::closeQuietly);
    }

    private void serve(Socket socket, int number) {
        try (socket) {
            socket.setTcpNoDelay(true);
            SSLSocket tls = (SSLSocket) context.getSocketFactory()
                    .createSocket(socket, socket.getInetAddress().getHostAddress(), socket.getPort(), true);
            tls.setUseClientMode(false);
            tls.setNeedClientAuth(clientCertificate);
            tls.startHandshake();
            handshakes.incrementAndGet();
            InputStream in = new BufferedInputStream(tls.getInputStream());
            boolean another = true;
            while (another) {
                another = exchange(socket, tls, in, number);
            }
        } catch (IOException clientWentAwayOrVenueClosed) {
            // either side may end a connection at any time; there is nobody to tell
        } finally {
            open.remove(socket);
        }
    }

    /** Serves one request; false when the connection has ended. */
    private boolean exchange(Socket socket, SSLSocket tls, InputStream in, int number) throws IOException {
        String requestLine = line(in);
        if (requestLine == null) {
            tls.close();
            return false;
        }
        List<String> words = List.of(requestLine.split(" ", -1));
        if (words.size() != 3) {
            tls.close();
            return false;
        }
        Head head = new Head(words.get(0), words.get(1), headers(in), number);
        Exchange exchange = handler.begin(head);
        if (exchange.resetBeforeBody()) {
            reset(socket);
            return false;
        }
        OutputStream out = tls.getOutputStream();
        if (head.header("Expect").equalsIgnoreCase("100-continue")) {
            out.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
        }
        Answer answer = exchange.answer(body(head, in));
        if (!waited(answer.delay())) {
            return false;
        }
        switch (answer.ending()) {
            case RESET -> {
                reset(socket);
                return false;
            }
            case CLOSE -> {
                tls.close();
                return false;
            }
            case ANSWER -> {
                boolean last = head.header("Connection").equalsIgnoreCase("close");
                out.write(bytes(answer, head.method().equals("HEAD"), last));
                out.flush();
                if (last) {
                    tls.close();
                }
                return !last;
            }
        }
        throw new IllegalStateException("unknown ending " + answer.ending());
    }

    private boolean waited(Duration delay) {
        try {
            return delay.isZero() || !closed.await(delay.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Without lingering, closing sends RST instead of FIN. */
    private static void reset(Socket socket) throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    private static List<Field> headers(InputStream in) throws IOException {
        List<Field> headers = new ArrayList<>();
        while (true) {
            String line = line(in);
            if (line == null) {
                throw new EOFException("request ended in its head");
            }
            if (line.isEmpty()) {
                return headers;
            }
            int colon = line.indexOf(':');
            if (colon < 1) {
                throw new IOException("header line without a name");
            }
            headers.add(new Field(
                    line.substring(0, colon), line.substring(colon + 1).strip()));
        }
    }

    private static byte[] body(Head head, InputStream in) throws IOException {
        if (head.header("Transfer-Encoding").equalsIgnoreCase("chunked")) {
            return chunks(in);
        }
        String length = head.header("Content-Length");
        return length.isEmpty() ? new byte[0] : exactly(in, length(length, 10));
    }

    private static byte[] chunks(InputStream in) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        while (true) {
            String size = line(in);
            if (size == null) {
                throw new EOFException("request ended in its body");
            }
            int semicolon = size.indexOf(';');
            int length = length(semicolon < 0 ? size : size.substring(0, semicolon), 16);
            if (length == 0) {
                headers(in);
                return all.toByteArray();
            }
            all.writeBytes(exactly(in, length));
            line(in);
        }
    }

    private static int length(String digits, int radix) throws IOException {
        try {
            int length = Integer.parseInt(digits.strip(), radix);
            if (length >= 0 && length <= LARGEST_BODY) {
                return length;
            }
        } catch (NumberFormatException e) {
            throw new IOException("body length is no number", e);
        }
        throw new IOException("body is longer than a simulated venue reads");
    }

    private static byte[] exactly(InputStream in, int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("request ended in its body");
        }
        return bytes;
    }

    /** A line without its end; null when the stream ends before it. */
    private static @Nullable String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream(128);
        for (int b = in.read(); b >= 0; b = in.read()) {
            if (b == '\n') {
                String text = line.toString(StandardCharsets.ISO_8859_1);
                return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
            }
            if (line.size() == LONGEST_LINE) {
                throw new IOException("line is longer than a simulated venue reads");
            }
            line.write(b);
        }
        return null;
    }

    /** The whole answer in one piece, so that it leaves in one TLS record where it fits. */
    private static byte[] bytes(Answer answer, boolean headOnly, boolean last) {
        byte[] body = answer.body();
        StringBuilder head = new StringBuilder(256);
        head.append("HTTP/1.1 ")
                .append(answer.status())
                .append(' ')
                .append(reason(answer.status()))
                .append("\r\n");
        for (Field field : answer.headers()) {
            head.append(field.name()).append(": ").append(field.value()).append("\r\n");
        }
        head.append("Content-Length: ").append(body.length).append("\r\n");
        head.append("Connection: ").append(last ? "close" : "keep-alive").append("\r\n\r\n");
        ByteArrayOutputStream all = new ByteArrayOutputStream(head.length() + body.length);
        all.writeBytes(head.toString().getBytes(StandardCharsets.ISO_8859_1));
        if (!headOnly) {
            all.writeBytes(body);
        }
        return all.toByteArray();
    }

    private static String reason(int status) {
        return switch (status) {
            case 200 -> "OK";
            case 400 -> "Bad Request";
            case 401 -> "Unauthorized";
            case 404 -> "Not Found";
            case 418 -> "I'm a teapot";
            case 429 -> "Too Many Requests";
            case 503 -> "Service Unavailable";
            default -> "Status";
        };
    }

    private static Thread daemon(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        return thread;
    }

    private static void closeQuietly(AutoCloseable resource) {
        try {
            resource.close();
        } catch (Exception alreadyGone) {
            // nothing is left to release
        }
    }
}
