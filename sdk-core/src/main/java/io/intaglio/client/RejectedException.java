package io.intaglio.client;

import io.intaglio.signing.venue.Meaning;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The venue answered no. The effect is NONE for a refusal that it documents and for other 4xx answers; it is UNKNOWN for 408 and 5xx, for a redirect
 * of a call that changes something, unless the venue says otherwise, and for codes by which it says that it does not know, such as a timeout within,
 * whatever the status. It is UNKNOWN too where the venue has seen the nonce or the client order id of a call that changes something: a copy of it may
 * have been executed before.
 */
public final class RejectedException extends VenueException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String venueCode;
    private final @Nullable Meaning meaning;
    private final String body;
    private final @Nullable String requestId;

    /** For the client and for tests of code that handles it. */
    public RejectedException(
            Call call,
            Effect effect,
            int status,
            String venueCode,
            @Nullable Meaning meaning,
            String body,
            @Nullable String requestId,
            String message) {
        super(call, effect, message, null);
        this.status = status;
        this.venueCode = venueCode;
        this.meaning = meaning;
        this.body = body;
        this.requestId = requestId;
    }

    /** HTTP status of the answer. */
    public int status() {
        return status;
    }

    /** The venue's own code or message, empty when it gave none. */
    public String venueCode() {
        return venueCode;
    }

    /** What the code means, when it is known. */
    public Optional<Meaning> meaning() {
        return Optional.ofNullable(meaning);
    }

    /** The answer's body as text, its first 64 KiB. */
    public String body() {
        return body;
    }

    /** The venue's or its gateway's own name for the request, to be quoted to its support; absent when it gave none. */
    public Optional<String> requestId() {
        return Optional.ofNullable(requestId);
    }

    @Override
    public Remedy remedy() {
        if (effect() == Effect.UNKNOWN) {
            return Remedy.RECONCILE;
        }
        if (meaning == null) {
            return Remedy.FIX_REQUEST;
        }
        return switch (meaning) {
            case BAD_SIGNATURE, BAD_KEY -> Remedy.FIX_KEY;
            case CLOCK_SKEW, BAD_NONCE -> Remedy.FIX_CLOCK;
            case DUPLICATE, UNKNOWN_OUTCOME -> Remedy.RECONCILE;
            case THROTTLED, BANNED -> Remedy.WAIT;
            case NOT_EXECUTED -> Remedy.FIX_REQUEST;
        };
    }

    /** {@code rejected/} and the {@linkplain #meaning meaning}; {@code rejected/other} where it is not known. */
    @Override
    public String errorId() {
        if (meaning != null) {
            return id("rejected", meaning);
        }
        return effect() == Effect.UNKNOWN ? id("rejected", Meaning.UNKNOWN_OUTCOME) : "rejected/other";
    }
}
