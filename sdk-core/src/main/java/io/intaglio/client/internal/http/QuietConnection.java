package io.intaglio.client.internal.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.time.Duration;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import org.apache.hc.client5.http.io.ManagedHttpClientConnection;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.io.DefaultBHttpClientConnection;
import org.apache.hc.core5.http.impl.io.SocketHolder;
import org.apache.hc.core5.http.io.SessionInputBuffer;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * A pooled connection that writes no log. HttpClient's own one writes every header and body to a logger when someone turns it up, which for
 * us are signatures and passphrases. And one that is not used again once it holds a byte that nobody asked for: the next call would take it for the
 * beginning of its own answer.
 */
final class QuietConnection extends DefaultBHttpClientConnection implements ManagedHttpClientConnection {
    private static final Timeout NEXT_TO_NONE = Timeout.ofMilliseconds(1);

    private final long idleValidation;
    private Timeout timeout = Timeout.DISABLED;
    private long idleSince = System.nanoTime();
    private @Nullable SessionInputBuffer input;

    /** @param idleValidation a connection that was idle for longer is tested before it is used */
    QuietConnection(Http1Config config, Duration idleValidation) {
        super(config);
        this.idleValidation = idleValidation.toNanos();
    }

    @Override
    protected InputStream createContentInputStream(long length, SessionInputBuffer buffer, InputStream in) {
        input = buffer;
        return super.createContentInputStream(length, buffer, in);
    }

    /** Asked when it is given back; what waits in the socket is looked for before it is used again, one system call for both. */
    @Override
    public boolean isConsistent() {
        return super.isConsistent() && !holdsMoreThanTheAnswer();
    }

    private boolean holdsMoreThanTheAnswer() {
        return input != null && input.length() > 0;
    }

    /** Asked before it is used again. */
    @Override
    public boolean isStale() throws IOException {
        return holdsWhatNobodyAskedFor() || System.nanoTime() - idleSince > idleValidation && super.isStale();
    }

    /** Between two calls: bytes of a next answer, or the end. Bytes of TLS itself may wait too, which are read to tell. */
    private boolean holdsWhatNobodyAskedFor() {
        try {
            SocketHolder holder = getSocketHolder();
            if (holder == null || holdsMoreThanTheAnswer()) {
                return true;
            }
            boolean waits = holder.getBaseSocket().getInputStream().available() > 0;
            return waits && (isDataAvailable(NEXT_TO_NONE) || super.isStale());
        } catch (IOException e) {
            return true;
        }
    }

    @Override
    public void bind(Socket socket) throws IOException {
        super.bind(socket);
        timeout = Timeout.ofMilliseconds(socket.getSoTimeout());
    }

    @Override
    public void bind(SSLSocket tls, Socket socket) throws IOException {
        super.bind(tls, socket);
        timeout = Timeout.ofMilliseconds(tls.getSoTimeout());
    }

    @Override
    public @Nullable Socket getSocket() {
        SocketHolder holder = getSocketHolder();
        return holder == null ? null : holder.getSocket();
    }

    @Override
    public @Nullable SSLSession getSSLSession() {
        return getSocket() instanceof SSLSocket tls ? tls.getSession() : null;
    }

    @Override
    public void setSocketTimeout(Timeout newTimeout) {
        super.setSocketTimeout(newTimeout);
        timeout = newTimeout;
    }

    @Override
    public void passivate() {
        idleSince = System.nanoTime();
        super.setSocketTimeout(Timeout.DISABLED);
    }

    @Override
    public void activate() {
        super.setSocketTimeout(timeout);
    }
}
