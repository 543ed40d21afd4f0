package io.intaglio.client;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A real proxy on loopback: HTTP's CONNECT or SOCKS5, with or without a login. It notes what it was asked and every byte it passed on. */
final class TestProxy implements AutoCloseable {
    /** Says something else than the proxy would; true when it did. */
    interface Refusal {
        boolean instead(int connection, Socket client) throws IOException;
    }

    private final ServerSocket listener;
    private final boolean socks;
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final List<Socket> clients = new CopyOnWriteArrayList<>();
    private final ByteArrayOutputStream passedOn = new ByteArrayOutputStream();
    private volatile @Nullable String login;
    private volatile Refusal refusal = (connection, client) -> false;
    private volatile int cutAfter = Integer.MAX_VALUE;

    private TestProxy(boolean socks) {
        this.socks = socks;
        try {
            this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        daemon(this::accept);
    }

    static TestProxy http() {
        return new TestProxy(false);
    }

    static TestProxy socks5() {
        return new TestProxy(true);
    }

    /** @param userAndPassword parted by a colon */
    TestProxy demanding(String userAndPassword) {
        login = userAndPassword;
        return this;
    }

    TestProxy refusing(Refusal newRefusal) {
        refusal = newRefusal;
        return this;
    }

    /** Cuts a tunnel when so many bytes have come from the client. */
    TestProxy cuttingAfter(int bytes) {
        cutAfter = bytes;
        return this;
    }

    Proxy proxy() {
        return socks
                ? Proxy.socks5("127.0.0.1", listener.getLocalPort())
                : Proxy.http("127.0.0.1", listener.getLocalPort());
    }

    int port() {
        return listener.getLocalPort();
    }

    int connections() {
        return clients.size();
    }

    /** Each wish as it came: the head of a CONNECT, or the kind of address and the address of a SOCKS5 request. */
    List<String> asked() {
        return asked;
    }

    /** What went to the venue, as Latin-1 text. */
    String passedOn() {
        synchronized (passedOn) {
            return passedOn.toString(StandardCharsets.ISO_8859_1);
        }
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                clients.add(client);
                sockets.add(client);
                int number = clients.size();
                daemon(() -> serve(number, client));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(int number, Socket client) {
        try (client) {
            if (refusal.instead(number, client)) {
                return;
            }
            Socket venue = socks ? socks(client) : connect(client);
            if (venue == null) {
                return;
            }
            sockets.add(venue);
            daemon(() -> pass(venue, client, false));
            pass(client, venue, true);
        } catch (IOException oneSideWentAway) {
            // the test looks at what was passed on
        }
    }

    private @Nullable Socket connect(Socket client) throws IOException {
        String head = head(client.getInputStream());
        asked.add(head);
        String wanted = login;
        boolean isKnown = wanted == null
                || head.contains("\r\nProxy-Authorization: Basic "
                        + Base64.getEncoder().encodeToString(wanted.getBytes(StandardCharsets.UTF_8)) + "\r\n");
        if (!isKnown) {
            say(
                    client,
                    "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"desk\"\r\n"
                            + "Content-Length: 0\r\n\r\n");
            return null;
        }
        String target = head.substring("CONNECT ".length(), head.indexOf(" HTTP/1.1\r\n"));
        int colon = target.lastIndexOf(':');
        Socket venue = new Socket(target.substring(0, colon), Integer.parseInt(target.substring(colon + 1)));
        say(client, "HTTP/1.1 200 Connection established\r\nVia: 1.1 desk\r\n\r\n");
        return venue;
    }

    /** Reads what a client says up to the empty line. */
    static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int b = in.read();
            if (b < 0) {
                throw new IOException("no whole head");
            }
            head.append((char) b);
        }
        return head.toString();
    }

    private @Nullable Socket socks(Socket client) throws IOException {
        DataInputStream in = new DataInputStream(client.getInputStream());
        OutputStream out = client.getOutputStream();
        in.readUnsignedByte();
        String methods = text(in, in.readUnsignedByte());
        String wanted = login;
        char method = wanted == null ? (char) 0 : (char) 2;
        if (methods.indexOf(method) < 0) {
            out.write(new byte[] {5, (byte) 0xff});
            return null;
        }
        out.write(new byte[] {5, (byte) method});
        if (wanted != null) {
            in.readUnsignedByte();
            String given = text(in, in.readUnsignedByte()) + ":" + text(in, in.readUnsignedByte());
            boolean isKnown = given.equals(wanted);
            out.write(new byte[] {1, (byte) (isKnown ? 0 : 1)});
            if (!isKnown) {
                return null;
            }
        }
        in.readFully(new byte[3]);
        int kind = in.readUnsignedByte();
        String host;
        if (kind == 3) {
            host = text(in, in.readUnsignedByte());
        } else {
            byte[] address = new byte[kind == 1 ? 4 : 16];
            in.readFully(address);
            host = InetAddress.getByAddress(address).getHostAddress();
        }
        int port = in.readUnsignedShort();
        asked.add(kind + " " + host + ":" + port);
        Socket venue = new Socket(host, port);
        out.write(new byte[] {5, 0, 0, 3, 4, 'd', 'e', 's', 'k', 0, 1});
        return venue;
    }

    private static String text(DataInputStream in, int length) throws IOException {
        byte[] bytes = new byte[length];
        in.readFully(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private void pass(Socket from, Socket to, boolean isFromClient) {
        byte[] buffer = new byte[4096];
        int total = 0;
        try (from;
                to) {
            for (int n = from.getInputStream().read(buffer);
                    n >= 0;
                    n = from.getInputStream().read(buffer)) {
                total += n;
                if (isFromClient) {
                    synchronized (passedOn) {
                        passedOn.write(buffer, 0, n);
                    }
                    if (total > cutAfter) {
                        return;
                    }
                }
                to.getOutputStream().write(buffer, 0, n);
            }
        } catch (IOException oneSideWentAway) {
            // both are closed now
        }
    }

    static void say(Socket client, String text) throws IOException {
        client.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        client.getOutputStream().flush();
    }

    private static void daemon(Runnable work) {
        Thread thread = new Thread(work, "test-proxy");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
