package io.intaglio.signing.secret;

import io.intaglio.signing.Catalogued;

/**
 * A secret cannot be had from where it is said to be. The message names the source, what is wrong and the next step,
 * in one sentence; neither it nor a cause holds any part of a secret.
 */
public final class SecretException extends IllegalArgumentException implements Catalogued {
    private static final long serialVersionUID = 1L;

    SecretException(String message) {
        super(message);
    }

    SecretException(String message, Throwable cause) {
        super(message, cause);
    }

    @Override
    public String errorId() {
        return "secret";
    }
}
