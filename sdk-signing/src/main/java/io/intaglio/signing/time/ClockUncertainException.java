package io.intaglio.signing.time;

import io.intaglio.signing.Catalogued;

/** The venue's time is not known well enough for a timestamp that its window would accept. Nothing has been sent. */
public final class ClockUncertainException extends RuntimeException implements Catalogued {
    private static final long serialVersionUID = 1L;

    ClockUncertainException(String message) {
        super(message);
    }

    @Override
    public String errorId() {
        return "clock";
    }
}
