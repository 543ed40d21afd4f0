package io.intaglio.testkit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/** Puts TLS over accepted connections, for MockWebServer, and tells who is served on the calling thread. Makes no sockets for clients. */
final class WireSockets extends SSLSocketFactory {
    private final SSLSocketFactory factory;
    private final Runnable shakenHands;
    private final Consumer<WireSocket> served;

    WireSockets(SSLContext context, Runnable shakenHands, Consumer<WireSocket> served) {
        this.factory = context.getSocketFactory();
        this.shakenHands = shakenHands;
        this.served = served;
    }

    @Override
    public Socket createSocket(Socket raw, String host, int port, boolean autoClose) throws IOException {
        SSLSocket tls = (SSLSocket) factory.createSocket(raw, host, port, autoClose);
        WireSocket socket = new WireSocket(raw, tls, shakenHands);
        served.accept(socket);
        return socket;
    }

    @Override
    public String[] getDefaultCipherSuites() {
        return factory.getDefaultCipherSuites();
    }

    @Override
    public String[] getSupportedCipherSuites() {
        return factory.getSupportedCipherSuites();
    }

    @Override
    public Socket createSocket(String host, int port) {
        throw noClients();
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress localHost, int localPort) {
        throw noClients();
    }

    @Override
    public Socket createSocket(InetAddress host, int port) {
        throw noClients();
    }

    @Override
    public Socket createSocket(InetAddress address, int port, InetAddress localAddress, int localPort) {
        throw noClients();
    }

    private static UnsupportedOperationException noClients() {
        return new UnsupportedOperationException("a simulated venue makes no connections of its own");
    }
}
