package io.intaglio.signing.time;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;

/**
 * The venue's time, with a bound on its error: the host's clock read once, carried forward by the monotonic timer so that a stepped host
 * clock does not move it, and corrected by what the venue's own answers say. Thread-safe; reading takes no lock.
 *
 * <p>A venue that tells its time in an answer read its clock at some moment between our sending and our receiving, however the way there and
 * the way back differ. So each sample gives an interval that holds the true offset, and the newest interval, widened by the drift that two
 * clocks may have since, is the bound. The estimate inside it is the middle of what the newest sample and the earlier ones agree on, which is
 * where the sample with the shortest round trip points; when they do not agree, a clock was stepped and the earlier ones are forgotten.
 */
public final class VenueClock {
    /** A correction larger than this is refused unless set otherwise, so that a faulty answer cannot move requests to another day. */
    public static final Duration LARGEST_CORRECTION = Duration.ofHours(24);

    /** How far a host that keeps its clock by NTP is taken to be from a venue that does, before any sample. */
    private static final long ASSUMED_NANOS = 500_000_000;

    /** Two quartz clocks drift apart by less than 100 millionths of the time that passes. */
    private static final long DRIFT_PARTS = 10_000;

    /** Offsets in nanoseconds, venue minus host anchor; the true one lies in low..high when the ticker shows at. */
    private record Estimate(long low, long high, long point, long at, boolean sampled) {
        private long growth(long ticks) {
            return (ticks - at) / DRIFT_PARTS;
        }
    }

    private final InstantSource host;
    private final LongSupplier ticker;
    private final Instant start;
    private final long startTicks;
    private final long largestCorrection;
    private final boolean trustsHost;
    private final AtomicReference<Estimate> estimate;

    private VenueClock(
            InstantSource host, LongSupplier ticker, long largestCorrection, boolean trustsHost, long assumed) {
        this.host = Objects.requireNonNull(host, "host");
        this.ticker = Objects.requireNonNull(ticker, "ticker");
        this.startTicks = ticker.getAsLong();
        this.start = host.instant();
        this.largestCorrection = largestCorrection;
        this.trustsHost = trustsHost;
        this.estimate = new AtomicReference<>(new Estimate(-assumed, assumed, 0, startTicks, false));
    }

    /** Anchored to this host's clock now. */
    public static VenueClock system() {
        return of(InstantSource.system(), System::nanoTime);
    }

    /**
     * Anchored to another clock, for tests and for hosts with a better one.
     *
     * @param host read now, and again only to tell {@link #hostSkew()} and whether it was repaired
     * @param ticker monotonic nanoseconds, as {@link System#nanoTime()}
     */
    public static VenueClock of(InstantSource host, LongSupplier ticker) {
        return new VenueClock(host, ticker, LARGEST_CORRECTION.toNanos(), false, ASSUMED_NANOS);
    }

    /**
     * For hosts whose clock is disciplined by PTP or NTP better than a venue's answers could tell: follows the host's clock and ignores what
     * answers say.
     *
     * @param bound how far the host's clock can be from the venue's
     */
    public static VenueClock trustingHost(Duration bound) {
        if (bound.isNegative()) {
            throw new IllegalArgumentException("bound must not be negative, was " + bound);
        }
        return new VenueClock(
                InstantSource.system(), System::nanoTime, LARGEST_CORRECTION.toNanos(), true, bound.toNanos());
    }

    /** A clock newly anchored to the same host that refuses corrections larger than this. */
    public VenueClock withLargestCorrection(Duration largest) {
        if (largest.isNegative() || largest.isZero()) {
            throw new IllegalArgumentException("largest correction must be positive, was " + largest);
        }
        return new VenueClock(host, ticker, largest.toNanos(), trustsHost, ASSUMED_NANOS);
    }

    /** The venue's time, estimated. */
    public Instant now() {
        return hostNow(ticker.getAsLong()).plusNanos(estimate.get().point);
    }

    /** The venue's time when the ticker showed {@code ticks}, as it is estimated now. */
    public Instant at(long ticks) {
        Instant then = trustsHost
                ? host.instant().minusNanos(ticker.getAsLong() - ticks)
                : start.plusNanos(ticks - startTicks);
        return then.plusNanos(estimate.get().point);
    }

    /**
     * The timestamp for a request that is sent now to a venue that accepts {@code server - past <= timestamp < server + future}: the
     * estimate, moved as far as needed for the whole bound to lie inside.
     *
     * @throws ClockUncertainException when no timestamp is inside for every time the venue's clock may show
     */
    public Instant stamp(Duration past, Duration future) {
        long ticks = ticker.getAsLong();
        Estimate now = estimate.get();
        long growth = now.growth(ticks);
        long latest = now.low - growth + future.toNanos() - 1_000_000;
        // the request needs time to get there: a quarter of the window, at most a second
        long way = Math.min(past.toNanos() / 4, 1_000_000_000L);
        long earliest = now.high + growth - past.toNanos() + way;
        long offset = Math.min(now.point, latest);
        if (offset < earliest) {
            throw new ClockUncertainException("the venue's time is known only to within "
                    + Duration.ofNanos((now.high - now.low) / 2 + growth).toMillis()
                    + " ms, too little for its window of -"
                    + past.toMillis() + " ms to +" + future.toMillis()
                    + " ms; synchronise this host's clock, or ask the venue's time endpoint over a faster line");
        }
        return hostNow(ticks).plusNanos(offset);
    }

    /** Monotonic nanoseconds on this clock's ticker, for measuring a round trip. */
    public long ticks() {
        return ticker.getAsLong();
    }

    /** Venue time minus the host time that this clock was anchored to; zero before any correction. */
    public Duration offset() {
        return Duration.ofNanos(estimate.get().point);
    }

    /** Venue time minus what the host's clock shows now: what an administrator would set the host's clock by. */
    public Duration hostSkew() {
        return Duration.between(host.instant(), now());
    }

    /** How far the true time can be from {@link #now()}, either way; grows with the time since the last sample. */
    public Duration bound() {
        Estimate now = estimate.get();
        long reach = Math.max(now.high - now.point, now.point - now.low);
        return Duration.ofNanos(reach + now.growth(ticker.getAsLong()));
    }

    /** How long ago the venue last told its time; the time since this clock was made when it never did. */
    public Duration age() {
        return Duration.ofNanos(ticker.getAsLong() - estimate.get().at);
    }

    /** Whether the venue has told its time. */
    public boolean isSampled() {
        return estimate.get().sampled;
    }

    /** A correction larger than this is refused. */
    public Duration largestCorrection() {
        return Duration.ofNanos(largestCorrection);
    }

    /** Whether this clock follows the host and ignores answers. */
    public boolean trustsHost() {
        return trustsHost;
    }

    /**
     * Takes a time that the venue told in an answer. The caller vouches that the answer was authenticated by TLS.
     *
     * @param venueTime what the answer says, rounded down to {@code resolution}
     * @param resolution the unit of {@code venueTime}: one second for a {@code Date} header (RFC 9110 section 5.6.7)
     * @param sentTicks {@link #ticks()} before the request was written
     * @param receivedTicks {@link #ticks()} when the answer had come
     * @return whether it was applied; an offset beyond the largest correction is not, unless the host's clock was repaired meanwhile and
     *     agrees, nor is any when the host is trusted
     */
    public boolean correct(Instant venueTime, Duration resolution, long sentTicks, long receivedTicks) {
        if (trustsHost || receivedTicks - sentTicks < 0) {
            return false;
        }
        Duration lowest = Duration.between(hostNow(receivedTicks), venueTime);
        Duration highest = Duration.between(hostNow(sentTicks), venueTime.plus(resolution));
        Duration largest = Duration.ofNanos(largestCorrection);
        Duration middle = lowest.plus(highest).dividedBy(2);
        if (middle.abs().compareTo(largest) > 0 && hostDisagrees(venueTime, receivedTicks, largest)) {
            return false;
        }
        long low = lowest.toNanos();
        long high = highest.toNanos();
        estimate.updateAndGet(before -> {
            if (!before.sampled) {
                return new Estimate(low, high, middle(low, high), receivedTicks, true);
            }
            long growth = Math.max(0, before.growth(receivedTicks));
            // what all samples agree on lies around the earlier point as closely as the earlier ones did
            long reach = Math.max(before.high - before.point, before.point - before.low) + growth;
            long commonLow = Math.max(low, before.point - reach);
            long commonHigh = Math.min(high, before.point + reach);
            long point = commonLow <= commonHigh ? middle(commonLow, commonHigh) : middle(low, high);
            return new Estimate(low, high, point, receivedTicks, true);
        });
        return true;
    }

    /** Whether the host's clock is still far from the venue's time: one that was repaired since this clock was anchored to it is not. */
    private boolean hostDisagrees(Instant venueTime, long receivedTicks, Duration largest) {
        Instant hostThen = host.instant().minusNanos(ticker.getAsLong() - receivedTicks);
        return Duration.between(hostThen, venueTime).abs().compareTo(largest) > 0;
    }

    private static long middle(long low, long high) {
        return low + (high - low) / 2;
    }

    private Instant hostNow(long ticks) {
        return trustsHost ? host.instant() : start.plusNanos(ticks - startTicks);
    }
}
