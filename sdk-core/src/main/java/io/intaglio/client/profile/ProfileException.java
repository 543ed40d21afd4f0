package io.intaglio.client.profile;

import io.intaglio.signing.Catalogued;

/** A profile cannot be used. The message names the file or the source, the key and the next step, and no secret. */
public final class ProfileException extends IllegalArgumentException implements Catalogued {
    private static final long serialVersionUID = 1L;

    ProfileException(String message) {
        super(message);
    }

    ProfileException(String message, Throwable cause) {
        super(message, cause);
    }

    @Override
    public String errorId() {
        return "profile";
    }
}
