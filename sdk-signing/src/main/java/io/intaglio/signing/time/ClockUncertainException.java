package io.intaglio.signing.time;

/** The venue's time is not known well enough for a timestamp that its window would accept. Nothing has been sent. */
public final class ClockUncertainException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ClockUncertainException(String message) {
        super(message);
    }
}
