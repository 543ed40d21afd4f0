package io.intaglio.client.remote;

import io.intaglio.signing.SigningException;

/**
 * A service did not give a secret or a signature. Nothing was sent to a venue. The message names the service, the key and what it answered; no
 * secret.
 */
public final class KeyServiceException extends SigningException {
    private static final long serialVersionUID = 1L;

    KeyServiceException(String message) {
        super(message);
    }

    KeyServiceException(String message, Throwable cause) {
        super(message);
        initCause(cause);
    }

    @Override
    public String errorId() {
        return "key-service";
    }
}
