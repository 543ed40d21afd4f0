package io.intaglio.cli;

import io.intaglio.signing.Catalogued;

/** The command was called wrongly. */
final class UsageException extends IllegalArgumentException implements Catalogued {
    private static final long serialVersionUID = 1L;

    UsageException(String message) {
        super(message);
    }

    @Override
    public String errorId() {
        return "usage";
    }
}
