package io.intaglio.cli;

import io.intaglio.client.NotSentException;
import io.intaglio.client.ThrottledException;
import io.intaglio.client.VenueException;

/** What the command's exit status says. */
final class ExitCode {
    static final int OK = 0;
    static final int FAULT = 1;
    static final int USAGE = 2;
    static final int REFUSED = 3;
    static final int THROTTLED = 4;
    static final int UNKNOWN_EFFECT = 5;
    static final int GUARD = 6;
    static final int NETWORK = 7;
    static final int CLOCK = 8;

    private ExitCode() {}

    static int of(Throwable failure) {
        if (failure instanceof NotSentException notSent) {
            return switch (notSent.reason()) {
                case GUARD, DRY_RUN -> GUARD;
                case BUDGET -> THROTTLED;
                case CLOCK -> CLOCK;
                case BREAKER, CONNECT, PROXY, TLS, TIME_LIMIT -> NETWORK;
                case ABSENT -> REFUSED;
                case JOURNAL, AUDIT, NONCE, SIGNING, TOKEN, INTERRUPTED, CLOSED -> FAULT;
            };
        }
        if (failure instanceof ThrottledException) {
            return THROTTLED;
        }
        if (failure instanceof VenueException venue) {
            return venue.effect() == VenueException.Effect.UNKNOWN ? UNKNOWN_EFFECT : REFUSED;
        }
        return failure instanceof UsageException ? USAGE : FAULT;
    }
}
