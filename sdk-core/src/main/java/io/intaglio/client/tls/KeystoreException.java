package io.intaglio.client.tls;

import io.intaglio.signing.Catalogued;

/** A keystore, truststore or its passwords cannot be used. The message names the file and the entry, what was seen, and the next step. */
public final class KeystoreException extends IllegalArgumentException implements Catalogued {
    private static final long serialVersionUID = 1L;

    /** With the whole sentence. */
    public KeystoreException(String message) {
        super(message);
    }

    @Override
    public String errorId() {
        return "keystore";
    }
}
