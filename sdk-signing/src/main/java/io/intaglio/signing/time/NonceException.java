package io.intaglio.signing.time;

import io.intaglio.signing.Catalogued;

/**
 * A nonce could not be given without the risk of giving one twice: the state file is damaged, cannot be written, or belongs to another unit; or
 * whoever keeps the line does not answer. Nothing has been sent. The message names what keeps the nonces, and the next step.
 */
public final class NonceException extends RuntimeException implements Catalogued {
    private static final long serialVersionUID = 1L;

    /** Says why, and what to do. */
    public NonceException(String message) {
        super(message);
    }

    /** The same with what caused it. */
    public NonceException(String message, Throwable cause) {
        super(message, cause);
    }

    @Override
    public String errorId() {
        return "nonce";
    }
}
