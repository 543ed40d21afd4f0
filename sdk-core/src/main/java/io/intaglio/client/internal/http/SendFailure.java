package io.intaglio.client.internal.http;

import org.jspecify.annotations.Nullable;

/** A request was not answered. {@link #stage()} says how far it came, and so whether the venue may have acted. */
public final class SendFailure extends Exception {
    private static final long serialVersionUID = 1L;

    /** How far a request came. */
    public enum Stage {
        /** It must not go out. */
        HELD,
        /** No pooled connection became free in time. */
        POOL,
        /** The connection could not be opened. */
        CONNECT,
        /** The proxy will not make the tunnel, however often it is asked. */
        PROXY,
        /** TLS could not be agreed on. */
        TLS,
        /** The calling thread was interrupted before a byte was written. */
        INTERRUPTED,
        /** The client is closed. */
        CLOSED,
        /** Writing had begun: the venue may have the request. */
        EXCHANGE,
        /** Writing had begun when the calling thread was interrupted. */
        EXCHANGE_INTERRUPTED,
        /** An answer came that is longer than the limit. */
        TOO_LONG
    }

    private final Stage stage;

    /** For whoever stands between caller and transport, too. */
    public SendFailure(Stage stage, @Nullable String message, Throwable cause) {
        super(message, cause);
        this.stage = stage;
    }

    SendFailure(Stage stage, String message) {
        super(message);
        this.stage = stage;
    }

    /** How far the request came. */
    public Stage stage() {
        return stage;
    }

    /** Whether a byte of the request may have been written. */
    public boolean written() {
        return stage.compareTo(Stage.EXCHANGE) >= 0;
    }
}
