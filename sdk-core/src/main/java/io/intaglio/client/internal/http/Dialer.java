package io.intaglio.client.internal.http;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLSocket;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.client5.http.io.HttpClientConnectionOperator;
import org.apache.hc.client5.http.io.ManagedHttpClientConnection;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.io.SocketConfig;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.net.NamedEndpoint;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * Opens connections, in place of HttpClient's own way: one time for looking the name up, for all its addresses in turn and for the proxy's
 * tunnel together; then TLS, always with the venue itself. Plain HTTP, which is for this machine, never goes through a proxy.
 */
final class Dialer implements HttpClientConnectionOperator {
    /** In the context: when the call ends, in ticks of {@link System#nanoTime()}. */
    static final String CALL_ENDS = "intaglio.call-ends";

    private final Dialing dialing;
    private final TlsSocketStrategy tls;

    Dialer(Dialing dialing, TlsSocketStrategy tls) {
        this.dialing = dialing;
        this.tls = tls;
    }

    @Override
    public void connect(
            ManagedHttpClientConnection connection,
            HttpHost host,
            @Nullable NamedEndpoint name,
            @Nullable Path unixSocket,
            @Nullable InetSocketAddress local,
            Timeout timeout,
            SocketConfig config,
            @Nullable Object tlsConfig,
            HttpContext context)
            throws IOException {
        long end = System.nanoTime() + timeout.toNanoseconds();
        boolean isSecure = host.getSchemeName().equals("https");
        String target = Addresses.bare(host.getHostName());
        ProxyServer proxy = dialing.proxy();
        Socket socket;
        if (proxy == null || !isSecure || proxy.isExcepted().test(target)) {
            socket = open(connection, target, host.getPort(), config, end);
        } else {
            socket = openThrough(proxy, connection, target, host.getPort(), config, end);
        }
        connection.bind(socket);
        if (isSecure) {
            socket.setSoTimeout(handshakeMillis(tlsConfig, config, context));
            SSLSocket secured = tls.upgrade(socket, target, host.getPort(), tlsConfig, context);
            connection.bind(secured, socket);
        }
        connection.setSocketTimeout(config.getSoTimeout());
    }

    /** As the settings say, but not beyond the end of the call. */
    private static int handshakeMillis(@Nullable Object tlsConfig, SocketConfig config, HttpContext context) {
        Timeout set = tlsConfig instanceof TlsConfig given && given.getHandshakeTimeout() != null
                ? given.getHandshakeTimeout()
                : config.getSoTimeout();
        int millis = set.toMillisecondsIntBound();
        return context.getAttribute(CALL_ENDS) instanceof Long end
                ? Math.min(millis, Math.max(1, millisUntil(end)))
                : millis;
    }

    private Socket openThrough(
            ProxyServer proxy,
            ManagedHttpClientConnection connection,
            String target,
            int port,
            SocketConfig config,
            long end)
            throws IOException {
        Socket socket;
        try {
            socket = open(connection, Addresses.bare(proxy.host()), proxy.port(), config, end);
        } catch (IOException e) {
            throw new IOException(
                    "the " + proxy + " was not reached: " + e.getMessage()
                            + "; look at its address and whether it runs",
                    e);
        }
        try {
            socket.setSoTimeout(Math.max(1, millisUntil(end)));
            new Tunnel(proxy, socket, target, port).open();
        } catch (SocketTimeoutException e) {
            throw new IOException("the " + proxy + " gave no answer in time; look at the proxy", e);
        }
        return socket;
    }

    /** Each address in turn, with an equal share of the time that is left. */
    private Socket open(ManagedHttpClientConnection connection, String host, int port, SocketConfig config, long end)
            throws IOException {
        List<InetAddress> addresses = addresses(host, end);
        List<String> failed = new ArrayList<>();
        IOException last = null;
        for (int i = 0; i < addresses.size(); i++) {
            InetAddress address = addresses.get(i);
            Socket socket = new DeadlineSocket();
            boolean isConnected = false;
            try {
                configure(socket, config);
                connection.bind(socket); // so that closing the client ends this too
                int share = millisUntil(end) / (addresses.size() - i);
                socket.connect(new InetSocketAddress(address, port), Math.max(1, share));
                isConnected = true;
                return socket;
            } catch (IOException e) {
                if (Thread.currentThread().isInterrupted() || !connection.isOpen()) {
                    throw e;
                }
                failed.add(address.getHostAddress() + " (" + e.getMessage() + ")");
                last = e;
            } finally {
                if (!isConnected) {
                    socket.close();
                }
            }
        }
        ConnectException failure = new ConnectException(String.join(", ", failed));
        failure.initCause(last);
        throw failure;
    }

    private void configure(Socket socket, SocketConfig config) throws IOException {
        socket.setSoTimeout(config.getSoTimeout().toMillisecondsIntBound());
        socket.setTcpNoDelay(config.isTcpNoDelay());
        socket.setKeepAlive(config.isSoKeepAlive());
        InetAddress local = dialing.localAddress();
        if (local == null) {
            return;
        }
        try {
            socket.bind(new InetSocketAddress(local, 0));
        } catch (BindException e) {
            SocketException named = new SocketException("this host has no local address " + local.getHostAddress()
                    + "; look at localAddress(..) or local-address");
            named.initCause(e);
            throw named;
        }
    }

    private List<InetAddress> addresses(String host, long end) throws IOException {
        InetAddress literal = Addresses.literal(host);
        List<InetAddress> all = literal != null ? List.of(literal) : lookUp(host, end);
        List<InetAddress> fitting = all.stream().filter(dialing::takes).toList();
        if (fitting.isEmpty()) {
            InetAddress local = dialing.localAddress();
            throw new UnknownHostException(
                    host + " has no address of the wanted family" + (all.isEmpty() ? "" : ", only " + texts(all))
                            + (local == null ? "" : " (connections leave from " + local.getHostAddress() + ")")
                            + "; look at addressFamily(..) and localAddress(..)");
        }
        return fitting;
    }

    private static String texts(List<InetAddress> addresses) {
        return String.join(
                ", ", addresses.stream().map(InetAddress::getHostAddress).toList());
    }

    /** On a thread of its own, because looking a name up knows neither timeout nor interrupt. */
    private List<InetAddress> lookUp(String host, long end) throws IOException {
        FutureTask<List<InetAddress>> question =
                new FutureTask<>(() -> dialing.names().of(host));
        Thread thread = new Thread(question, "intaglio-names");
        thread.setDaemon(true);
        thread.start();
        try {
            return question.get(Math.max(1, millisUntil(end)), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownHostException) {
                UnknownHostException named = new UnknownHostException(
                        "the name " + host + " is not known; look at it and at this host's DNS");
                named.initCause(e);
                throw named;
            }
            throw new IOException("the name " + host + " could not be looked up", e);
        } catch (TimeoutException e) {
            throw new IOException("the name " + host + " was not looked up in time; look at this host's DNS", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while looking up " + host);
        }
    }

    /** At most what a socket takes, which is 24 days. */
    private static int millisUntil(long end) {
        return (int) Math.min(Integer.MAX_VALUE, (end - System.nanoTime()) / 1_000_000);
    }

    @Override
    public void connect(
            ManagedHttpClientConnection connection,
            HttpHost host,
            @Nullable InetSocketAddress local,
            TimeValue timeout,
            SocketConfig config,
            HttpContext context) {
        throw new UnsupportedOperationException("the connection manager does not ask so");
    }

    @Override
    public void upgrade(ManagedHttpClientConnection connection, HttpHost host, HttpContext context) {
        throw new UnsupportedOperationException("tunnels are made before TLS, in connect");
    }
}
