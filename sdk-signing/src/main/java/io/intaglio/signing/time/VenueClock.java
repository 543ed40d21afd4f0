package io.intaglio.signing.time;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;

/**
 * The venue's time as well as it is known: the host's clock read once, carried forward by the monotonic timer so that a stepped host clock
 * does not move it, and corrected by what the venue's own answers say. Thread-safe.
 */
public final class VenueClock {
    /** A correction larger than this is refused, so that a faulty answer cannot move requests to another day. */
    public static final Duration LARGEST_CORRECTION = Duration.ofHours(24);

    private record Estimate(Duration offset, Duration bound) {}

    private final Instant start;
    private final long startTicks;
    private final LongSupplier ticker;
    private final AtomicReference<Estimate> estimate =
            new AtomicReference<>(new Estimate(Duration.ZERO, Duration.ofSeconds(1)));

    private VenueClock(InstantSource host, LongSupplier ticker) {
        this.ticker = Objects.requireNonNull(ticker, "ticker");
        this.startTicks = ticker.getAsLong();
        this.start = host.instant();
    }

    /** Anchored to this host's clock now. */
    public static VenueClock system() {
        return new VenueClock(InstantSource.system(), System::nanoTime);
    }

    /**
     * Anchored to another clock, for tests and for hosts with a better one.
     *
     * @param host read once, now
     * @param ticker monotonic nanoseconds, as {@link System#nanoTime()}
     */
    public static VenueClock of(InstantSource host, LongSupplier ticker) {
        return new VenueClock(host, ticker);
    }

    /** The venue's time, estimated. */
    public Instant now() {
        return hostNow().plus(estimate.get().offset);
    }

    /** Monotonic nanoseconds on this clock's ticker, for measuring a round trip. */
    public long ticks() {
        return ticker.getAsLong();
    }

    /** Venue time minus host time, as corrected so far; zero before any correction. */
    public Duration offset() {
        return estimate.get().offset;
    }

    /** How far the true offset can be from {@link #offset()}: half the round trip of the sample and the resolution of its source. */
    public Duration bound() {
        return estimate.get().bound;
    }

    /**
     * Takes a time that the venue told in an answer. The caller vouches that the answer was authenticated by TLS.
     *
     * @param venueTime what the answer says
     * @param resolution the unit of {@code venueTime}: one second for a {@code Date} header (RFC 9110 section 5.6.7)
     * @param sentTicks {@link #ticks()} before the request was written
     * @param receivedTicks {@link #ticks()} when the answer began
     * @return whether it was applied; a correction of more than {@link #LARGEST_CORRECTION} is not
     */
    public boolean correct(Instant venueTime, Duration resolution, long sentTicks, long receivedTicks) {
        Duration roundTrip = Duration.ofNanos(Math.max(0, receivedTicks - sentTicks));
        Instant middle = start.plusNanos(sentTicks - startTicks).plus(roundTrip.dividedBy(2));
        Duration offset = Duration.between(middle, venueTime.plus(resolution.dividedBy(2)));
        if (offset.abs().compareTo(LARGEST_CORRECTION) > 0) {
            return false;
        }
        estimate.set(new Estimate(offset, roundTrip.plus(resolution).dividedBy(2)));
        return true;
    }

    private Instant hostNow() {
        return start.plusNanos(ticker.getAsLong() - startTicks);
    }
}
