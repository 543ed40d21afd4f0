package io.intaglio.client;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The venue did not act: not a byte of the request was written, or ({@link Reason#ABSENT}) it proved not to have the order. Effect NONE.
 * {@link #reason()} says what stood in the way.
 */
public final class NotSentException extends VenueException {
    private static final long serialVersionUID = 1L;

    /** What kept a request from being sent. */
    public enum Reason {
        /** The guard refused it, or none of the client's keys is for so much. */
        GUARD,
        /** This is a dry run: it passed the guard and was signed, and was kept back. */
        DRY_RUN,
        /** No rate budget became free within the time limit. */
        BUDGET,
        /** The host has been failing, so nothing is sent to it for a while. */
        BREAKER,
        /** The order could not be written to the journal. */
        JOURNAL,
        /** The audit log could not be written, and is set to refuse calls then. */
        AUDIT,
        /** The order was written, but the venue has proved since not to have executed it. */
        ABSENT,
        /** The venue's time is not known well enough for its window. */
        CLOCK,
        /** No nonce could be given without the risk of giving one twice. */
        NONCE,
        /** The scheme could not sign it: a value is missing or the key does not fit. */
        SIGNING,
        /** No access token could be had. */
        TOKEN,
        /** No connection could be opened. */
        CONNECT,
        /** The proxy refused the tunnel: it wants another user, or does not allow the venue. */
        PROXY,
        /** The TLS handshake failed. */
        TLS,
        /** The time limit of the call had passed. */
        TIME_LIMIT,
        /** The calling thread was interrupted; its interrupt flag is set. */
        INTERRUPTED,
        /** The client was closed. */
        CLOSED
    }

    private final Reason reason;

    /** For the client and for tests of code that handles it. */
    public NotSentException(Call call, Reason reason, String message, @Nullable Throwable cause) {
        super(call, Effect.NONE, message, cause);
        this.reason = Objects.requireNonNull(reason, "reason");
    }

    /** What stood in the way. */
    public Reason reason() {
        return reason;
    }

    @Override
    public Remedy remedy() {
        return switch (reason) {
            case GUARD, DRY_RUN, SIGNING -> Remedy.FIX_REQUEST;
            case CLOCK, NONCE -> Remedy.FIX_CLOCK;
            case PROXY, TLS, JOURNAL, AUDIT, CLOSED, TOKEN -> Remedy.FIX_SETUP;
            case BUDGET, BREAKER, CONNECT, TIME_LIMIT, INTERRUPTED, ABSENT -> Remedy.WAIT;
        };
    }

    /** {@code not-sent/} and the {@linkplain #reason reason}. */
    @Override
    public String errorId() {
        return id("not-sent", reason);
    }
}
