package io.intaglio.testkit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ServerSocketFactory;

/** A listening socket that knows its connections, so that closing it ends them at once, whatever their threads are doing. */
final class Listener extends ServerSocket {
    private static final int BACKLOG = 256;

    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    Listener() throws IOException {}

    /** A factory for MockWebServer, which gives out this one listener. */
    ServerSocketFactory asFactory() {
        Listener listener = this;
        return new ServerSocketFactory() {
            @Override
            public ServerSocket createServerSocket() {
                return listener;
            }

            @Override
            public ServerSocket createServerSocket(int port) {
                throw new UnsupportedOperationException("the listener is bound later");
            }

            @Override
            public ServerSocket createServerSocket(int port, int backlog) {
                throw new UnsupportedOperationException("the listener is bound later");
            }

            @Override
            public ServerSocket createServerSocket(int port, int backlog, InetAddress address) {
                throw new UnsupportedOperationException("the listener is bound later");
            }
        };
    }

    @Override
    public void bind(SocketAddress endpoint, int backlog) throws IOException {
        super.bind(endpoint, Math.max(backlog, BACKLOG));
    }

    /** Sends small packets at once: MockWebServer writes head and body apart, and Nagle's algorithm would hold the body back. */
    @Override
    public Socket accept() throws IOException {
        while (true) {
            Socket socket = super.accept();
            open.removeIf(Socket::isClosed);
            open.add(socket);
            if (isClosed()) {
                closeQuietly(socket);
                throw new SocketException("the simulated venue is closed");
            }
            try {
                socket.setTcpNoDelay(true);
                return socket;
            } catch (SocketException clientWentAway) {
                closeQuietly(socket);
            }
        }
    }

    /** Closes the listener and every connection. */
    @Override
    public void close() throws IOException {
        super.close();
        open.forEach(Listener::closeQuietly);
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException alreadyGone) {
            // nothing is left to release
        }
    }
}
