package io.intaglio.testkit;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.function.LongSupplier;

/**
 * Time that moves only when a test says so: a wall clock, a monotonic ticker and a sleep that returns at once, all three in step. An hour of
 * backing off takes microseconds. Thread-safe.
 *
 * <pre>{@code
 * VirtualClock clock = VirtualClock.at(Instant.parse("2026-03-01T12:00:00Z"));
 * VenueClock venueClock = VenueClock.of(clock, clock.ticker());
 * clock.sleep(Duration.ofMinutes(2));   // returns at once, two minutes later
 * }</pre>
 */
public final class VirtualClock implements InstantSource {
    private Instant wall;
    private long nanos;
    private Duration slept = Duration.ZERO;

    private VirtualClock(Instant start) {
        this.wall = Objects.requireNonNull(start, "start");
    }

    /** A clock that shows this time until it is moved. Its ticker begins at 0. */
    public static VirtualClock at(Instant start) {
        return new VirtualClock(start);
    }

    /** The wall clock. */
    @Override
    public synchronized Instant instant() {
        return wall;
    }

    /** The monotonic ticker in nanoseconds, in place of {@link System#nanoTime()}. */
    public LongSupplier ticker() {
        return this::nanos;
    }

    /** What the ticker shows. */
    public synchronized long nanos() {
        return nanos;
    }

    /**
     * Moves wall clock and ticker forward.
     *
     * @throws IllegalArgumentException when the duration is negative; a wall clock that is set back is a {@link #step}
     */
    public synchronized void advance(Duration duration) {
        if (duration.isNegative()) {
            throw new IllegalArgumentException(
                    "time moves forward, was " + duration + "; use step to set the wall clock back");
        }
        wall = wall.plus(duration);
        nanos = Math.addExact(nanos, duration.toNanos());
    }

    /**
     * Stands in for a sleep: moves the clock by the duration and returns at once. Pass {@code clock::sleep} where code under test takes a
     * sleeper.
     *
     * @throws IllegalArgumentException when the duration is negative
     */
    public synchronized void sleep(Duration duration) {
        advance(duration);
        slept = slept.plus(duration);
    }

    /** The sum of all durations given to {@link #sleep}. */
    public synchronized Duration slept() {
        return slept;
    }

    /** Sets the wall clock forward or back, as an administrator or NTP does; the ticker does not notice. */
    public synchronized void step(Duration duration) {
        wall = wall.plus(duration);
    }

    /** The wall clock's time. */
    @Override
    public String toString() {
        return "VirtualClock[" + instant() + "]";
    }
}
