package io.intaglio.signing.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** A venue's clock that drifts and is stepped, a path that is uneven and jitters: the true offset never leaves the bound. */
class VenueClockSimulationTest {
    private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

    @Test
    void bound_driftStepsUnevenPathsAndJitter_alwaysHoldsTheTrueOffset() {
        int samples = 0;
        for (int run = 0; run < 1_000; run++) {
            samples += simulate(new SplittableRandom(run), 0);
        }
        assertThat(samples).isEqualTo(1_000_000);
    }

    /** Shows that the check can fail: a venue whose clock drifts by more than the clock allows for. */
    @Test
    void bound_driftBeyondTheAllowance_isNoticedByThisTest() {
        assertThatThrownBy(() -> simulate(new SplittableRandom(1), 20_000))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("outside the bound");
    }

    private static int simulate(SplittableRandom random, long moreDriftPerMillion) {
        AtomicLong ticks = new AtomicLong();
        VenueClock clock = VenueClock.of(() -> START, ticks::get);
        long drift = random.nextLong(-90, 91) + moreDriftPerMillion;
        long offset = random.nextLong(-3_600_000_000_000L, 3_600_000_000_000L);
        long resolution = random.nextBoolean() ? 1_000_000 : 1_000_000_000;
        long base = random.nextLong(100_000, 80_000_000);
        for (int i = 0; i < 1_000; i++) {
            if (random.nextInt(200) == 0) {
                offset += random.nextLong(-5_000_000_000L, 5_000_000_000L);
            }
            long sent = ticks.get();
            offset = pass(ticks, base + jitter(random), drift, offset);
            long venueNanos = ticks.get() + offset;
            Instant told = START.plusNanos(Math.floorDiv(venueNanos, resolution) * resolution);
            offset = pass(ticks, base / random.nextLong(1, 20) + jitter(random), drift, offset);
            if (clock.correct(told, Duration.ofNanos(resolution), sent, ticks.get())) {
                offset = pass(ticks, random.nextLong(60_000_000_000L), drift, offset);
                long error = Math.abs(offset - clock.offset().toNanos());
                // both are rounded to whole nanoseconds on the way
                if (error > clock.bound().toNanos() + 100) {
                    throw new AssertionError("true offset is " + error + " ns from the estimate, outside the bound of "
                            + clock.bound().toNanos() + " ns");
                }
            }
        }
        return 1_000;
    }

    private static long pass(AtomicLong ticks, long nanos, long driftPerMillion, long offset) {
        ticks.addAndGet(nanos);
        return offset + nanos / 1_000_000 * driftPerMillion;
    }

    private static long jitter(SplittableRandom random) {
        return random.nextInt(20) == 0 ? random.nextLong(900_000_000) : random.nextLong(2_000_000);
    }

    @Test
    void stamp_anyBound_liesInsideTheWindowForEveryPossibleTime() {
        SplittableRandom random = new SplittableRandom(3);
        int refused = 0;
        for (int i = 0; i < 10_000; i++) {
            AtomicLong ticks = new AtomicLong();
            VenueClock clock = VenueClock.of(() -> START, ticks::get);
            long roundTrip = random.nextLong(1, 10_000_000_000L);
            ticks.set(roundTrip);
            Instant told = START.plusMillis(random.nextLong(-100_000, 100_000));
            clock.correct(told, Duration.ofMillis(1), 0, roundTrip);
            Duration past = Duration.ofSeconds(5);
            Duration future = Duration.ofSeconds(1);
            Instant stamp;
            try {
                stamp = clock.stamp(past, future);
            } catch (ClockUncertainException e) {
                refused++;
                continue;
            }
            Duration half = clock.bound();
            for (Duration error : new Duration[] {half.negated(), Duration.ZERO, half}) {
                Instant server = clock.now().plus(error);
                assertThat(stamp).isBefore(server.plus(future));
                assertThat(stamp).isAfterOrEqualTo(server.minus(past));
            }
        }
        assertThat(refused).as("wide bounds are refused, narrow ones are not").isBetween(1, 9_999);
    }

    @Test
    void trustingHost_corrections_areIgnored() {
        VenueClock clock = VenueClock.trustingHost(Duration.ofMillis(2));
        assertThat(clock.correct(START, Duration.ofMillis(1), clock.ticks(), clock.ticks()))
                .isFalse();
        assertThat(clock.offset()).isZero();
        assertThat(clock.hostSkew().abs()).isLessThan(Duration.ofSeconds(1));
    }
}
