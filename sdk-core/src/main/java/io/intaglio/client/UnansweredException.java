package io.intaglio.client;

import org.jspecify.annotations.Nullable;

/**
 * Bytes of the request were written and no whole answer was read: effect UNKNOWN. The venue may have acted. Ask it, by
 * {@link #clientOrderId()} for an order; sending again could act twice.
 */
public final class UnansweredException extends VenueException {
    private static final long serialVersionUID = 1L;

    /** For the client and for tests of code that handles it. */
    public UnansweredException(Call call, String message, @Nullable Throwable cause) {
        super(call, Effect.UNKNOWN, message, cause);
    }

    @Override
    public Remedy remedy() {
        return Remedy.RECONCILE;
    }

    @Override
    public String errorId() {
        return "unanswered";
    }
}
