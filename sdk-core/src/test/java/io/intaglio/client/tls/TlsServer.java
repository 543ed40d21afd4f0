package io.intaglio.client.tls;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;

/** A real TLS server that shows whatever chain it is given, counts what it is sent, and answers each HTTP request with 200. */
final class TlsServer implements AutoCloseable {
    private static final byte[] ANSWER =
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"
                    .getBytes(StandardCharsets.US_ASCII);

    private final SSLServerSocket socket;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicInteger applicationBytes = new AtomicInteger();
    private final AtomicInteger handshakes = new AtomicInteger();
    private final AtomicInteger open = new AtomicInteger();
    private final BlockingQueue<String> ends = new LinkedBlockingQueue<>();
    private final List<Handshake> byClients = new CopyOnWriteArrayList<>();
    private final Map<String, AtomicInteger> openBySerial = new ConcurrentHashMap<>();

    /** A client's certificate by its serial number in hexadecimal, and when it was shown. */
    record Handshake(String serial, long nanos) {}

    TlsServer(List<X509Certificate> chain, PrivateKey key, TrustManager trust, String... protocols) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(
                    new KeyManager[] {new Shown(chain, key)}, trust == null ? null : new TrustManager[] {trust}, null);
            socket = (SSLServerSocket)
                    context.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getLoopbackAddress());
            if (protocols.length > 0) {
                socket.setEnabledProtocols(protocols);
            }
            socket.setNeedClientAuth(trust != null);
        } catch (GeneralSecurityException | IOException e) {
            throw new AssertionError(e);
        }
        threads.execute(this::accept);
    }

    TlsServer(Pki.Issued issued) {
        this(issued.withoutRoot(), issued.key(), null);
    }

    int port() {
        return socket.getLocalPort();
    }

    int applicationBytes() {
        return applicationBytes.get();
    }

    int handshakes() {
        return handshakes.get();
    }

    int open() {
        return open.get();
    }

    List<Handshake> byClients() {
        return byClients;
    }

    /** Connections that are open now, opened with this certificate. */
    int open(String serial) {
        AtomicInteger count = openBySerial.get(serial);
        return count == null ? 0 : count.get();
    }

    /** How the next connection ended. */
    String nextEnd() throws InterruptedException {
        return ends.take();
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket accepted = socket.accept();
                threads.execute(() -> serve((SSLSocket) accepted));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(SSLSocket connection) {
        open.incrementAndGet();
        AtomicInteger mine = new AtomicInteger();
        try (connection) {
            connection.startHandshake();
            handshakes.incrementAndGet();
            if (socket.getNeedClientAuth()) {
                X509Certificate shown =
                        (X509Certificate) connection.getSession().getPeerCertificates()[0];
                String serial = shown.getSerialNumber().toString(16);
                byClients.add(new Handshake(serial, System.nanoTime()));
                mine = openBySerial.computeIfAbsent(serial, none -> new AtomicInteger());
                mine.incrementAndGet();
            }
            InputStream in = connection.getInputStream();
            StringBuilder head = new StringBuilder();
            int next;
            while ((next = in.read()) >= 0) {
                applicationBytes.incrementAndGet();
                head.append((char) next);
                if (head.length() >= 4 && head.substring(head.length() - 4).equals("\r\n\r\n")) {
                    head.setLength(0);
                    connection.getOutputStream().write(ANSWER);
                    connection.getOutputStream().flush();
                }
            }
            ends.add("end of stream");
        } catch (IOException e) {
            ends.add(String.valueOf(e.getMessage()));
        } finally {
            open.decrementAndGet();
            mine.decrementAndGet();
        }
    }

    /** Trusts clients of this authority. */
    static TrustManager trusting(X509Certificate authority) {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setCertificateEntry("root", authority);
            TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
            factory.init(store);
            return factory.getTrustManagers()[0];
        } catch (GeneralSecurityException | IOException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new AssertionError(e);
        } finally {
            threads.shutdownNow();
        }
    }

    /** Shows this chain, whatever is wrong with it. */
    private static final class Shown extends X509ExtendedKeyManager {
        private final List<X509Certificate> chain;
        private final PrivateKey key;

        Shown(List<X509Certificate> chain, PrivateKey key) {
            this.chain = chain;
            this.key = key;
        }

        @Override
        public String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
            return keyType.equals(key.getAlgorithm())
                            || keyType.startsWith("EC") && key.getAlgorithm().startsWith("EC")
                    ? "it"
                    : null;
        }

        @Override
        public X509Certificate[] getCertificateChain(String alias) {
            return chain.toArray(new X509Certificate[0]);
        }

        @Override
        public PrivateKey getPrivateKey(String alias) {
            return key;
        }

        @Override
        public String[] getClientAliases(String keyType, Principal[] issuers) {
            return null;
        }

        @Override
        public String chooseClientAlias(String[] keyTypes, Principal[] issuers, Socket socket) {
            return null;
        }

        @Override
        public String[] getServerAliases(String keyType, Principal[] issuers) {
            return null;
        }
    }
}
