package io.intaglio.client.oauth;

import io.intaglio.signing.SigningException;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * No access token could be had. The message names the token endpoint, what it said, what was wanted and the next step; no secret, token or
 * assertion. Nothing was sent to the venue.
 */
public final class OAuthException extends SigningException {
    private static final long serialVersionUID = 1L;

    /** Why there is no token. */
    public enum Reason {
        /** The authorization server said no; {@link OAuthException#error()} has its code. */
        REFUSED,
        /** It could not be reached or did not answer. */
        UNREACHABLE,
        /** It answered what must not be used: no token, another issuer, a lifetime that cannot be. */
        MALFORMED,
        /** The time limit of the call passed first. */
        TIME_LIMIT,
        /** The thread was interrupted; its interrupt flag is set. */
        INTERRUPTED,
        /** A new refresh token could not be handed over to be kept. It is not lost: the next call tries again. */
        NOT_KEPT
    }

    private final Reason reason;
    private final @Nullable String error;
    private final @Nullable Duration retryAfter;

    OAuthException(
            Reason reason,
            String message,
            @Nullable String error,
            @Nullable Duration retryAfter,
            @Nullable Throwable cause) {
        super(message);
        this.reason = Objects.requireNonNull(reason, "reason");
        this.error = error;
        this.retryAfter = retryAfter;
        if (cause != null) {
            initCause(cause);
        }
    }

    /** For token sources of your own. */
    public OAuthException(Reason reason, String message, @Nullable Throwable cause) {
        this(reason, message, null, null, cause);
    }

    /** Why there is no token. */
    public Reason reason() {
        return reason;
    }

    /** The error code of RFC 6749 section 5.2 ({@code invalid_client} and others), when the server gave one. */
    public Optional<String> error() {
        return Optional.ofNullable(error);
    }

    /** The wait that the server asks for. */
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }

    /** {@code token/} and the {@linkplain #reason reason}. */
    @Override
    public String errorId() {
        return "token/" + reason.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
