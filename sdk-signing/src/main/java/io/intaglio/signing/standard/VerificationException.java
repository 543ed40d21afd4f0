package io.intaglio.signing.standard;

import io.intaglio.signing.Catalogued;

/**
 * A message is not proven genuine: its signature is wrong, absent, too old, by an unknown key, or leaves out what has to be covered. Treat the
 * message as forged. The text names the reason and holds no secret, no signature and no whole key id; answer a peer with less.
 */
public class VerificationException extends RuntimeException implements Catalogued {
    private static final long serialVersionUID = 1L;

    /** A message says what was refused and why */
    public VerificationException(String message) {
        super(message);
    }

    @Override
    public String errorId() {
        return "verification";
    }
}
