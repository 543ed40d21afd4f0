package io.intaglio.signing.key;

import io.intaglio.signing.Catalogued;

/**
 * A key is not what it has to be: unreadable, of the wrong kind, too small, or not fit for an algorithm. The message
 * names what was found, what is wanted and the next step; neither it nor a cause holds any part of a key. Nothing has
 * been sent when it is thrown.
 */
public final class KeyException extends IllegalArgumentException implements Catalogued {
    private static final long serialVersionUID = 1L;

    /** A message says what was found, what is wanted, the next step */
    public KeyException(String message) {
        super(message);
    }

    @Override
    public String errorId() {
        return "key";
    }
}
