package io.intaglio.client;

import io.intaglio.signing.Catalogued;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A call did not end with the venue's yes. Four leaves say how far it came: {@link NotSentException}, {@link ThrottledException},
 * {@link RejectedException}, {@link UnansweredException}. The message names the venue, what was seen, what was wanted and the next step; it
 * never holds a secret, a signature or a whole key id.
 */
public abstract class VenueException extends RuntimeException implements Catalogued {
    private static final long serialVersionUID = 1L;

    /** Whether the venue may have acted on a call that failed. */
    public enum Effect {
        /** The venue did not act; the call can be made again. */
        NONE,
        /** The venue may have acted: ask it, do not send again. */
        UNKNOWN
    }

    /**
     * What every failure tells of its call.
     *
     * @param venue name of the venue
     * @param clientOrderId the id an order was sent with, given or made; null when the call places no order
     * @param attempts how many times the request was sent, or tried to be
     */
    public record Call(String venue, @Nullable String clientOrderId, int attempts) {
        /** Checks. */
        public Call {
            Objects.requireNonNull(venue, "venue");
        }
    }

    private final String venue;
    private final @Nullable String clientOrderId;
    private final int attempts;
    private final Effect effect;

    VenueException(Call call, Effect effect, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.venue = call.venue();
        this.clientOrderId = call.clientOrderId();
        this.attempts = call.attempts();
        this.effect = effect;
    }

    /** Subject, what was seen, what was wanted, the next step; never null. */
    @Override
    public String getMessage() {
        return Objects.requireNonNullElse(super.getMessage(), "no message");
    }

    static String id(String kind, Enum<?> which) {
        return kind + '/' + which.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** With {@link #errorId} at the end, as logs show it. */
    @Override
    public String toString() {
        return super.toString() + " [" + errorId() + "]";
    }

    /** Whether the venue may have acted. */
    public Effect effect() {
        return effect;
    }

    /** What to do about a failure. */
    public enum Remedy {
        /** The request is wrong, or not allowed here: change it. */
        FIX_REQUEST,
        /** The key is wrong, unknown or lacks a permission: look at it with the venue. */
        FIX_KEY,
        /** This host's clock or the source of nonces is wrong. */
        FIX_CLOCK,
        /** Connection, certificates or files of this host are wrong. */
        FIX_SETUP,
        /** Send it again later; a {@link ThrottledException} says when. */
        WAIT,
        /** Ask the venue what became of it before anything else: {@link VenueClient#reconcile}. */
        RECONCILE
    }

    /** What to do about it. */
    public abstract Remedy remedy();

    /** Name of the venue. */
    public String venue() {
        return venue;
    }

    /** The client order id the order was sent with, given or made by the client; absent when the call places no order. */
    public Optional<String> clientOrderId() {
        return Optional.ofNullable(clientOrderId);
    }

    /** How many times the request was sent, or tried to be. */
    public int attempts() {
        return attempts;
    }
}
