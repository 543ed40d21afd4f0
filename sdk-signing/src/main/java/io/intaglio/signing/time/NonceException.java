package io.intaglio.signing.time;

/**
 * A nonce could not be given without the risk of giving one twice: the state file is damaged, cannot be written, or belongs to another unit.
 * Nothing has been sent. The message names the file and the next step.
 */
public final class NonceException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NonceException(String message) {
        super(message);
    }

    NonceException(String message, Throwable cause) {
        super(message, cause);
    }
}
