package io.intaglio.client.internal.limit;

import io.intaglio.client.internal.share.SharedCounts;
import org.jspecify.annotations.Nullable;

/** Until when nobody who shares an address, key or account may send: what a {@code Retry-After} or ban notice means. Under the budget's lock. */
final class Closure {
    /** Longer than a ban that a venue documents, so that a clock that was wrong does not lock out for ever. */
    private static final long LONGEST_KEPT_NANOS = 3 * 86_400_000_000_000L;

    private long until;
    private boolean closed;
    private boolean ban;

    private CountFile.@Nullable Slot slot;
    private SharedCounts.@Nullable Closing others;

    /** From now on kept over restarts; what was kept holds, for three days at the most. */
    void keptIn(CountFile.Slot newSlot, Now now) {
        long wait = newSlot.epochMillis() * 1_000_000 - now.venue();
        if (wait > 0) {
            close(now.ticks() + Math.min(wait, LONGEST_KEPT_NANOS), newSlot.number() > 0);
        }
        slot = newSlot;
    }

    /** From now on others hear of it. */
    void shareWith(SharedCounts.Closing newOthers) {
        others = newOthers;
    }

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

    boolean isBan() {
        return closed && ban;
    }

    /** A notice never shortens an earlier one. */
    void close(long newUntil, boolean isBan, Now now) {
        heard(newUntil, isBan, now);
        if (others != null) {
            others.closed(newUntil - now.ticks(), isBan);
        }
    }

    /** The same, told by others. */
    void heard(long newUntil, boolean isBan, Now now) {
        close(newUntil, isBan);
        if (slot != null) {
            slot.keep(Math.floorDiv(now.venue() + until - now.ticks(), 1_000_000) + 1, ban ? 1 : 0);
        }
    }

    private void close(long newUntil, boolean isBan) {
        if (!closed || newUntil - until > 0) {
            until = newUntil;
        }
        closed = true;
        ban |= isBan;
    }
}
