package io.intaglio.client.internal.limit;

/** Until when nobody who shares an address, key or account may send: what a {@code Retry-After} or ban notice means. Under the budget's lock. */
final class Closure {
    private long until;
    private boolean closed;
    private boolean ban;

    /** Nanoseconds until it opens; 0 when it is open. */
    long closedFor(long ticks) {
        if (!closed) {
            return 0;
        }
        long wait = until - ticks;
        if (wait <= 0) {
            closed = false;
            ban = false;
            return 0;
        }
        return wait;
    }

    boolean isClosed() {
        return closed;
    }

    boolean isBan() {
        return closed && ban;
    }

    /** A notice never shortens an earlier one. */
    void close(long newUntil, boolean isBan) {
        if (!closed || newUntil - until > 0) {
            until = newUntil;
        }
        closed = true;
        ban |= isBan;
    }
}
