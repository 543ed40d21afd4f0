package io.intaglio.client;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The venue refused the request because too many came, and did not execute it: effect NONE. Do not send to this venue before
 * {@link #retryAfter()}; going on turns a refusal into a ban.
 */
public final class ThrottledException extends VenueException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String venueCode;
    private final boolean banned;
    private final @Nullable Duration retryAfter;

    /** For the client and for tests of code that handles it. */
    public ThrottledException(
            Call call, int status, String venueCode, boolean banned, @Nullable Duration retryAfter, String message) {
        super(call, Effect.NONE, message, null);
        this.status = status;
        this.venueCode = venueCode;
        this.banned = banned;
        this.retryAfter = retryAfter;
    }

    /** HTTP status of the answer. */
    public int status() {
        return status;
    }

    /** The venue's own code, empty when it gave none. */
    public String venueCode() {
        return venueCode;
    }

    /** Whether this is a ban, not a single refusal. */
    public boolean isBan() {
        return banned;
    }

    /** The least wait the venue asks for, counted from its answer; absent when it named none. */
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }

    @Override
    public Remedy remedy() {
        return Remedy.WAIT;
    }

    /** {@code throttled/ban} or {@code throttled/limit}. */
    @Override
    public String errorId() {
        return banned ? "throttled/ban" : "throttled/limit";
    }
}
