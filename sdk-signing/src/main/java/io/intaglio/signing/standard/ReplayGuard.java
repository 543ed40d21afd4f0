package io.intaglio.signing.standard;

import java.time.Instant;

/**
 * Remembers nonces, so that a message that was read once is refused when it comes again. Implementations are thread-safe, and shared by all
 * processes that accept messages for the same keys; a guard of one process alone lets a message pass once in each.
 */
@FunctionalInterface
public interface ReplayGuard {

    /**
     * Whether the nonce is seen for the first time with this key; it is remembered in the same step. Called only for genuine messages.
     *
     * @param until the nonce may be forgotten after this instant, for a message that carries it is then too old
     */
    boolean firstUse(String keyId, String nonce, Instant until);
}
