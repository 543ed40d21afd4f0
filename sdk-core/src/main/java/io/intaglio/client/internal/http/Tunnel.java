package io.intaglio.client.internal.http;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Asks a proxy for a tunnel to a host: HTTP's CONNECT (RFC 9110, 9.3.6, with Basic of RFC 7617) or SOCKS5 (RFC 1928, with the login of RFC
 * 1929). Names go to the proxy as names, so that it looks them up. What is read ends with the proxy's answer: the byte after it is the
 * host's.
 */
final class Tunnel {
    private static final int LONGEST_ANSWER = 16 * 1024;
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] (\\d{3})( .*)?");
    private static final int NO_LOGIN = 0;
    private static final int USER_AND_PASSWORD = 2;

    private final ProxyServer proxy;
    private final Socket socket;
    private final String host;
    private final int port;

    /** @param socket connected to the proxy; its timeout bounds the whole conversation */
    Tunnel(ProxyServer proxy, Socket socket, String host, int port) {
        this.proxy = proxy;
        this.socket = socket;
        this.host = host;
        this.port = port;
    }

    /**
     * Opens it; from then on the socket is that of the host.
     *
     * @throws ProxyRefusal when asking again is no use
     */
    void open() throws IOException {
        try {
            if (proxy.kind() == ProxyServer.Kind.HTTP) {
                connect();
            } else {
                socks();
            }
        } catch (EOFException e) {
            throw new IOException("the " + proxy + " closed the connection instead of answering", e);
        }
    }

    private void connect() throws IOException {
        ByteArrayOutputStream question = new ByteArrayOutputStream();
        write(question, "CONNECT " + target() + " HTTP/1.1\r\nHost: " + target() + "\r\n");
        ProxyServer.Login login = proxy.login();
        if (login != null) {
            write(question, "Proxy-Authorization: Basic ");
            byte[] password = login.password().get();
            byte[] user = (login.user() + ":").getBytes(StandardCharsets.UTF_8);
            byte[] both = Arrays.copyOf(user, user.length + password.length);
            System.arraycopy(password, 0, both, user.length, password.length);
            byte[] encoded = Base64.getEncoder().encode(both);
            question.writeBytes(encoded);
            wipe(password, both, encoded);
            write(question, "\r\n");
        }
        write(question, "\r\n");
        send(question.toByteArray());
        int status = status(head());
        if (status / 100 != 2) {
            throw answered(status);
        }
    }

    /** The head of the answer. Read byte by byte: what follows it is not ours to take. */
    private String head() throws IOException {
        InputStream in = socket.getInputStream();
        StringBuilder head = new StringBuilder();
        while (head.length() < 4 || head.indexOf("\r\n\r\n", head.length() - 4) < 0) {
            int b = in.read();
            if (b < 0) {
                throw new EOFException();
            }
            head.append((char) b);
            if (head.length() > LONGEST_ANSWER) {
                throw new ProxyRefusal("the " + proxy + " answers without end; look whether it is an HTTP proxy");
            }
        }
        return head.toString();
    }

    private int status(String head) throws ProxyRefusal {
        Matcher status = STATUS.matcher(head.substring(0, head.indexOf("\r\n")));
        if (!status.matches()) {
            throw new ProxyRefusal("the " + proxy + " does not answer in HTTP; look at its address and kind");
        }
        return Integer.parseInt(status.group(1));
    }

    private IOException answered(int status) {
        String what = "the " + proxy + " answered " + status + " to the wish for a tunnel to " + target();
        return switch (status) {
            case 407 -> new ProxyRefusal(what + "; " + loginAdvice());
            case 429, 500, 502, 503, 504 ->
                new IOException(what + "; it cannot reach the host now: try again later, or look at the proxy");
            default -> new ProxyRefusal(what + "; ask who runs it to allow the host and port");
        };
    }

    private String loginAdvice() {
        return proxy.login() == null
                ? "it wants a user and password: Proxy.user(..), or proxy-user and proxy-password in a profile"
                : "it does not take the user and password; look at both";
    }

    private void socks() throws IOException {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        boolean hasLogin = proxy.login() != null;
        send(hasLogin ? new byte[] {5, 2, NO_LOGIN, USER_AND_PASSWORD} : new byte[] {5, 1, NO_LOGIN});
        version(in.readUnsignedByte(), 5);
        int method = in.readUnsignedByte();
        if (method == USER_AND_PASSWORD && hasLogin) {
            logIn(in);
        } else if (method != NO_LOGIN) {
            throw new ProxyRefusal("the " + proxy + " takes none of our ways to log in; "
                    + (hasLogin ? "it has to take user and password, or ask for neither" : loginAdvice()));
        }
        send(wish());
        version(in.readUnsignedByte(), 5);
        int reply = in.readUnsignedByte();
        if (reply != 0) {
            throw replied(reply);
        }
        in.readUnsignedByte();
        int bound = in.readUnsignedByte();
        int length = switch (bound) {
            case 1 -> 4;
            case 3 -> in.readUnsignedByte();
            case 4 -> 16;
            default -> throw new ProxyRefusal("the " + proxy + " does not answer in SOCKS5; look at its address");
        };
        in.readFully(new byte[length + 2]); // where the proxy connects from; of no use to us
    }

    private void version(int seen, int wanted) throws ProxyRefusal {
        if (seen != wanted) {
            throw new ProxyRefusal("the " + proxy + " does not answer in SOCKS5; look at its address and kind");
        }
    }

    private void logIn(DataInputStream in) throws IOException {
        ProxyServer.Login login = proxy.login();
        if (login == null) {
            return;
        }
        byte[] user = login.user().getBytes(StandardCharsets.UTF_8);
        byte[] password = login.password().get();
        byte[] question = new byte[3 + user.length + password.length];
        try {
            if (user.length > 255 || password.length > 255) {
                throw new ProxyRefusal("SOCKS5 takes a user and a password of at most 255 bytes each");
            }
            question[0] = 1;
            question[1] = (byte) user.length;
            System.arraycopy(user, 0, question, 2, user.length);
            question[2 + user.length] = (byte) password.length;
            System.arraycopy(password, 0, question, 3 + user.length, password.length);
            send(question);
        } finally {
            wipe(password, question);
        }
        version(in.readUnsignedByte(), 1);
        if (in.readUnsignedByte() != 0) {
            throw new ProxyRefusal("the " + proxy + " refuses us; " + loginAdvice());
        }
    }

    private byte[] wish() throws ProxyRefusal {
        ByteArrayOutputStream wish = new ByteArrayOutputStream();
        wish.writeBytes(new byte[] {5, 1, 0});
        InetAddress address = Addresses.literal(host);
        if (address != null) {
            wish.write(address instanceof Inet4Address ? 1 : 4);
            wish.writeBytes(address.getAddress());
        } else {
            byte[] name = host.getBytes(StandardCharsets.US_ASCII);
            if (name.length > 255) {
                throw new ProxyRefusal("SOCKS5 takes a host name of at most 255 bytes, " + target() + " is longer");
            }
            wish.write(3);
            wish.write(name.length);
            wish.writeBytes(name);
        }
        wish.write(port >> 8);
        wish.write(port);
        return wish.toByteArray();
    }

    private IOException replied(int reply) {
        String what = "the " + proxy + " answered the wish for a tunnel to " + target() + " with ";
        return switch (reply) {
            case 1 -> new IOException(what + "a general failure (1); try again later, or look at the proxy");
            case 2 -> new ProxyRefusal(what + "not allowed (2); ask who runs it to allow the host and port");
            case 3 -> new IOException(what + "network unreachable (3); look at the proxy's network");
            case 4 -> new IOException(what + "host unreachable (4); look at the proxy's names and network");
            case 5 -> new IOException(what + "connection refused (5); look whether the host listens there");
            case 6 -> new IOException(what + "time to live expired (6); look at the proxy's network");
            default -> new ProxyRefusal(what + "code " + reply + "; it does not make such tunnels");
        };
    }

    private String target() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }

    private static void write(ByteArrayOutputStream target, String ascii) {
        target.writeBytes(ascii.getBytes(StandardCharsets.US_ASCII));
    }

    private void send(byte[] bytes) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write(bytes);
        out.flush();
    }

    private static void wipe(byte[]... all) {
        for (byte[] bytes : all) {
            Arrays.fill(bytes, (byte) 0);
        }
    }
}
