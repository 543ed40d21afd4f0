package io.intaglio.signing.time;

import java.time.Duration;

/**
 * A source of nonces that several processes share, one at a time: whoever signs and sends with the key holds the turn from the nonce to the answer.
 * The client asks for it where the venue demands rising nonces. Thread-safe; a turn is not bound to a thread.
 */
public interface NonceTurns extends NonceSource {

    /**
     * Waits for the turn, which {@link #leave} ends.
     *
     * @return false when it did not come within the limit
     * @throws NonceException when it cannot be had, because whoever keeps it does not answer
     */
    boolean enter(Duration limit) throws InterruptedException;

    /** Ends the turn. */
    void leave();
}
