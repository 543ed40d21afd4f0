package io.intaglio.signing;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The time and the nonce of one attempt: the only place where time enters signing, so the same request, credential and moment always give
 * the same bytes (for algorithms that are not randomised). A retry takes a new moment. Immutable and thread-safe.
 */
public final class Moment {
    private final Instant timestamp;
    private final @Nullable String nonce;

    private Moment(Instant timestamp, @Nullable String nonce) {
        this.timestamp = Objects.requireNonNull(timestamp, "timestamp");
        this.nonce = nonce;
    }

    /** A moment for a scheme that takes no nonce. */
    public static Moment at(Instant timestamp) {
        return new Moment(timestamp, null);
    }

    /** A moment with a nonce, in the text form that the venue reads: a rising integer, a UUID, random characters. */
    public static Moment of(Instant timestamp, String nonce) {
        return new Moment(timestamp, Objects.requireNonNull(nonce, "nonce"));
    }

    /** When the attempt is made, on the venue's clock as well as it is known. */
    public Instant timestamp() {
        return timestamp;
    }

    /** The nonce, if one was given. */
    public Optional<String> nonce() {
        return Optional.ofNullable(nonce);
    }

    /** Nonce and time, for messages; neither is secret. */
    @Override
    public String toString() {
        return nonce == null ? "Moment[" + timestamp + "]" : "Moment[" + timestamp + ", nonce " + nonce + "]";
    }
}
