package io.intaglio.testkit;

import java.time.Duration;
import java.util.Locale;
import java.util.Objects;

/**
 * One thing that goes wrong, once; see {@link FaultScript#next}. Each says whether the venue executes the request all the same. Immutable and
 * thread-safe.
 */
public final class Fault {
    enum Kind {
        THROTTLED,
        BANNED,
        UNAVAILABLE,
        ACCEPT_THEN_UNAVAILABLE,
        ACCEPT_THEN_LOSE_ANSWER,
        ACCEPT_THEN_RESET,
        ACCEPT_THEN_HALF_CLOSE,
        ACCEPT_THEN_RESET_IN_BODY,
        ACCEPT_LATE,
        DUPLICATED,
        CLOSE_AFTER_READING,
        RESET_BEFORE_READING,
        RESET_AFTER_READING,
        SLOW,
        INSUFFICIENT_FUNDS
    }

    private final Kind kind;
    private final Duration duration;

    private Fault(Kind kind, Duration duration) {
        if (duration.isNegative()) {
            throw new IllegalArgumentException("duration must not be negative, was " + duration);
        }
        this.kind = kind;
        this.duration = duration;
    }

    /**
     * Refused for too many requests, in the venue's words; not executed. HTTP 429 with {@code Retry-After} in whole seconds, rounded up; on
     * Kraken HTTP 200 with {@code EService: Throttled: <time>}.
     */
    public static Fault throttled(Duration retryAfter) {
        return new Fault(Kind.THROTTLED, Objects.requireNonNull(retryAfter, "retryAfter"));
    }

    /**
     * Locked out; not executed. On Binance HTTP 418 with {@code Retry-After}, and every further request is answered so until that time; on
     * Kraken HTTP 200 with {@code EGeneral:Temporary lockout}; elsewhere, where no such answer is documented, as {@link #throttled}.
     */
    public static Fault banned(Duration retryAfter) {
        return new Fault(Kind.BANNED, Objects.requireNonNull(retryAfter, "retryAfter"));
    }

    /** HTTP 503 with a gateway's HTML page; not executed, though a client cannot know that. */
    public static Fault unavailable() {
        return new Fault(Kind.UNAVAILABLE, Duration.ZERO);
    }

    /** Executes the request, then answers HTTP 503 with the same page as {@link #unavailable}. */
    public static Fault acceptThenUnavailable() {
        return new Fault(Kind.ACCEPT_THEN_UNAVAILABLE, Duration.ZERO);
    }

    /** Executes the request, then closes the connection in good order without a byte of an answer. */
    public static Fault acceptThenLoseAnswer() {
        return new Fault(Kind.ACCEPT_THEN_LOSE_ANSWER, Duration.ZERO);
    }

    /** Executes the request, then resets the connection (TCP RST) without an answer. */
    public static Fault acceptThenReset() {
        return new Fault(Kind.ACCEPT_THEN_RESET, Duration.ZERO);
    }

    /**
     * Executes the request, sends the head and half of the body of the answer, and ends its side of the connection, as a server that is shut down in
     * the middle of an answer does; it still reads.
     */
    public static Fault acceptThenHalfClose() {
        return new Fault(Kind.ACCEPT_THEN_HALF_CLOSE, Duration.ZERO);
    }

    /** Executes the request, and resets the connection (TCP RST) in the middle of the answer's body. */
    public static Fault acceptThenResetInBody() {
        return new Fault(Kind.ACCEPT_THEN_RESET_IN_BODY, Duration.ZERO);
    }

    /**
     * Reads the whole request and closes the connection in good order without a byte of an answer; then, this much later on the venue's clock,
     * takes the request as though it had arrived only now: something on the way has held it back. The venue checks timestamp and nonce at that
     * later time, so it may well refuse it. {@link SimulatedVenue#received()} shows it once, when its bytes came.
     */
    public static Fault acceptLate(Duration delay) {
        return new Fault(Kind.ACCEPT_LATE, Objects.requireNonNull(delay, "delay"));
    }

    /**
     * Takes the same bytes twice, one after the other, as when a proxy has lost the first answer and repeats the request; gives the second
     * answer. {@link SimulatedVenue#received()} shows both. Whether it is executed twice is up to the venue's rules: a nonce used is refused, and a
     * client order id where the venue refuses that.
     */
    public static Fault duplicated() {
        return new Fault(Kind.DUPLICATED, Duration.ZERO);
    }

    /**
     * Reads the whole request, then closes the connection in good order without a byte of an answer; not executed. To a client it looks like
     * {@link #acceptThenLoseAnswer}.
     */
    public static Fault closeAfterReading() {
        return new Fault(Kind.CLOSE_AFTER_READING, Duration.ZERO);
    }

    /** Resets the connection (TCP RST) once the request's head has come, without reading its body; not executed. */
    public static Fault resetBeforeReading() {
        return new Fault(Kind.RESET_BEFORE_READING, Duration.ZERO);
    }

    /** Reads the whole request, then resets the connection (TCP RST) without an answer; not executed. */
    public static Fault resetAfterReading() {
        return new Fault(Kind.RESET_AFTER_READING, Duration.ZERO);
    }

    /**
     * Executes the request at once and holds the answer back for this long in real time, whatever clock the venue has. Closing the venue ends
     * the wait.
     */
    public static Fault slow(Duration delay) {
        return new Fault(Kind.SLOW, Objects.requireNonNull(delay, "delay"));
    }

    /** The venue's documented refusal of an order for lack of money; not executed. Meant for requests that place an order. */
    public static Fault insufficientFunds() {
        return new Fault(Kind.INSUFFICIENT_FUNDS, Duration.ZERO);
    }

    Kind kind() {
        return kind;
    }

    Duration duration() {
        return duration;
    }

    /** The kind of fault and its duration, if it has one. */
    @Override
    public String toString() {
        String name = kind.name().toLowerCase(Locale.ROOT).replace('_', ' ');
        return duration.isZero() ? name : name + " " + duration;
    }
}
