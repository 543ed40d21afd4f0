package io.intaglio.client.internal.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A socket whose timeout bounds all reads from the moment it is set, together, and not each of them: a peer that sends a byte now and then
 * cannot stretch a call beyond its limit. Reading also ends when the thread is interrupted, which a plain socket does not notice.
 */
final class DeadlineSocket extends Socket {
    /** How long a read may go on before it looks whether its thread was interrupted. */
    private static final int SLICE_MILLIS = 50;

    private long deadline;
    private int timeoutMillis;
    private @Nullable InputStream in;

    /** Not through the proxy that a property of the JVM may name: whom requests pass is said to the client. */
    DeadlineSocket() {
        super(Proxy.NO_PROXY);
    }

    /** Bounds all reads from now on; 0 for no bound. */
    @Override
    public synchronized void setSoTimeout(int millis) throws SocketException {
        if (isClosed()) {
            throw new SocketException("socket is closed");
        }
        timeoutMillis = millis;
        deadline = System.nanoTime() + millis * 1_000_000L;
    }

    @Override
    public synchronized int getSoTimeout() {
        return timeoutMillis;
    }

    @Override
    public synchronized InputStream getInputStream() throws IOException {
        if (in == null) {
            in = new DeadlineInput(super.getInputStream());
        }
        return in;
    }

    private synchronized int slice() throws SocketException, SocketTimeoutException {
        int millis = SLICE_MILLIS;
        if (timeoutMillis > 0) {
            long left = (deadline - System.nanoTime() + 999_999) / 1_000_000;
            if (left <= 0) {
                throw new SocketTimeoutException("no whole answer within " + timeoutMillis + " ms");
            }
            millis = (int) Math.min(millis, left);
        }
        super.setSoTimeout(millis);
        return millis;
    }

    private final class DeadlineInput extends InputStream {
        private final InputStream raw;

        DeadlineInput(InputStream raw) {
            this.raw = raw;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            while (true) {
                if (Thread.currentThread().isInterrupted()) {
                    throw new InterruptedIOException("interrupted while waiting for an answer");
                }
                slice();
                try {
                    return raw.read(target, offset, length);
                } catch (SocketTimeoutException sliceIsOver) {
                    // look at the interrupt flag and at the clock, then go on
                }
            }
        }

        @Override
        public int available() throws IOException {
            return raw.available();
        }

        @Override
        public void close() throws IOException {
            raw.close();
        }
    }
}
