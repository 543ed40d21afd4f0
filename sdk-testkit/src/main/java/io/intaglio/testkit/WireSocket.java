package io.intaglio.testkit;

import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.HandshakeCompletedListener;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;

/**
 * The venue's end of one TLS connection, with three things that MockWebServer does not offer: a count of handshakes that is right before the
 * first answer, a look at a request's head before its body is read, and a reset. All else goes to the JDK's own socket. Apart from {@link #close}
 * and {@link #reset}, used by the connection's thread only.
 */
final class WireSocket extends SSLSocket {
    private final Socket raw;
    private final SSLSocket tls;
    private final Runnable shakenHands;
    private final ByteArrayOutputStream head = new ByteArrayOutputStream();
    private boolean watching = true;
    private volatile boolean closesByReset;

    /**
     * @param raw the TCP connection
     * @param tls TLS over it
     * @param shakenHands told when the handshake has succeeded
     */
    WireSocket(Socket raw, SSLSocket tls, Runnable shakenHands) {
        this.raw = raw;
        this.tls = tls;
        this.shakenHands = shakenHands;
    }

    /** What has been read of the request since {@link #watchForHead}, up to its blank line; empty when it was taken already. */
    String takeHead() {
        String read = head.toString(StandardCharsets.UTF_8);
        head.reset();
        watching = false;
        int end = read.indexOf("\r\n\r\n");
        return end < 0 ? read : read.substring(0, end + 2);
    }

    /** The next bytes to be read begin a request. */
    void watchForHead() {
        watching = true;
    }

    /** From now on closing means RST, without TLS's own goodbye. */
    void closeByReset() {
        closesByReset = true;
    }

    /** Ends the TCP connection with RST instead of FIN: that is what closing without lingering does. */
    void reset() {
        try {
            raw.setSoLinger(true, 0);
            raw.close();
        } catch (IOException alreadyGone) {
            // the client has ended the connection first
        }
    }

    @Override
    public void startHandshake() throws IOException {
        tls.startHandshake();
        shakenHands.run();
    }

    @Override
    public InputStream getInputStream() throws IOException {
        return new FilterInputStream(tls.getInputStream()) {
            @Override
            public int read() throws IOException {
                int b = in.read();
                if (watching && b >= 0) {
                    head.write(b);
                }
                return b;
            }

            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                int count = in.read(buffer, offset, length);
                if (watching && count > 0) {
                    head.write(buffer, offset, count);
                }
                return count;
            }
        };
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
        return tls.getOutputStream();
    }

    @Override
    public synchronized void close() throws IOException {
        if (closesByReset) {
            reset();
        }
        tls.close();
    }

    @Override
    public boolean isClosed() {
        return tls.isClosed();
    }

    @Override
    public void shutdownInput() throws IOException {
        tls.shutdownInput();
    }

    @Override
    public void shutdownOutput() throws IOException {
        tls.shutdownOutput();
    }

    @Override
    public boolean isInputShutdown() {
        return tls.isInputShutdown();
    }

    @Override
    public boolean isOutputShutdown() {
        return tls.isOutputShutdown();
    }

    @Override
    public InetAddress getInetAddress() {
        return tls.getInetAddress();
    }

    @Override
    public int getPort() {
        return tls.getPort();
    }

    @Override
    public InetAddress getLocalAddress() {
        return tls.getLocalAddress();
    }

    @Override
    public int getLocalPort() {
        return tls.getLocalPort();
    }

    @Override
    public SocketAddress getRemoteSocketAddress() {
        return tls.getRemoteSocketAddress();
    }

    @Override
    public SSLSession getSession() {
        return tls.getSession();
    }

    @Override
    public String[] getSupportedCipherSuites() {
        return tls.getSupportedCipherSuites();
    }

    @Override
    public String[] getEnabledCipherSuites() {
        return tls.getEnabledCipherSuites();
    }

    @Override
    public void setEnabledCipherSuites(String[] suites) {
        tls.setEnabledCipherSuites(suites);
    }

    @Override
    public String[] getSupportedProtocols() {
        return tls.getSupportedProtocols();
    }

    @Override
    public String[] getEnabledProtocols() {
        return tls.getEnabledProtocols();
    }

    @Override
    public void setEnabledProtocols(String[] protocols) {
        tls.setEnabledProtocols(protocols);
    }

    @Override
    public void addHandshakeCompletedListener(HandshakeCompletedListener listener) {
        tls.addHandshakeCompletedListener(listener);
    }

    @Override
    public void removeHandshakeCompletedListener(HandshakeCompletedListener listener) {
        tls.removeHandshakeCompletedListener(listener);
    }

    @Override
    public void setUseClientMode(boolean mode) {
        tls.setUseClientMode(mode);
    }

    @Override
    public boolean getUseClientMode() {
        return tls.getUseClientMode();
    }

    @Override
    public void setNeedClientAuth(boolean need) {
        tls.setNeedClientAuth(need);
    }

    @Override
    public boolean getNeedClientAuth() {
        return tls.getNeedClientAuth();
    }

    @Override
    public void setWantClientAuth(boolean want) {
        tls.setWantClientAuth(want);
    }

    @Override
    public boolean getWantClientAuth() {
        return tls.getWantClientAuth();
    }

    @Override
    public void setEnableSessionCreation(boolean flag) {
        tls.setEnableSessionCreation(flag);
    }

    @Override
    public boolean getEnableSessionCreation() {
        return tls.getEnableSessionCreation();
    }
}
