package io.intaglio.client.internal.lane;

import io.intaglio.signing.Credential;
import io.intaglio.signing.Priority;
import io.intaglio.signing.time.NonceSource;
import io.intaglio.signing.time.NonceTurns;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** One key, where its nonces come from, and how many of its requests may be on their way at once. Thread-safe. */
public final class Lane {
    private final Credential credential;
    private final NonceSource nonces;
    private final @Nullable Turns turns;
    private final AtomicInteger load = new AtomicInteger();

    private Lane(Credential credential, NonceSource nonces, @Nullable Turns turns) {
        this.credential = credential;
        this.nonces = nonces;
        this.turns = turns;
    }

    /** For a venue that demands no order. */
    public static Lane open(Credential credential, NonceSource nonces) {
        return new Lane(credential, nonces, null);
    }

    /**
     * For a venue that demands rising nonces.
     *
     * @param atOnce 1, or how far out of order nonces may arrive where the key has a nonce window
     */
    public static Lane ordered(Credential credential, NonceSource nonces, int atOnce) {
        return new Lane(credential, nonces, new Turns(atOnce));
    }

    /** Who signs. */
    public Credential credential() {
        return credential;
    }

    /** To be drawn from after {@link #enter}. */
    public NonceSource nonces() {
        return nonces;
    }

    /**
     * Waits for a turn, which {@link #leave} ends.
     *
     * @return false when none came within the limit
     */
    public boolean enter(Priority priority, Duration limit) throws InterruptedException {
        return turns == null || turns.begin(priority, limit);
    }

    /**
     * Waits, after {@link #enter}, for the turn among the processes that share the key, where they do.
     *
     * @return false, and the turn of {@link #enter} has ended, when it did not come within the limit
     */
    public boolean enterAmongProcesses(Duration limit) throws InterruptedException {
        if (turns == null || !(nonces instanceof NonceTurns shared)) {
            return true;
        }
        boolean entered = false;
        try {
            entered = shared.enter(limit);
            return entered;
        } finally {
            if (!entered) {
                turns.end();
            }
        }
    }

    /** Ends a turn. */
    public void leave() {
        if (turns != null) {
            if (nonces instanceof NonceTurns shared) {
                shared.leave();
            }
            turns.end();
        }
    }

    /** How many calls wait for their turn. */
    public int waiting() {
        return turns == null ? 0 : turns.waiting();
    }

    AtomicInteger load() {
        return load;
    }
}
