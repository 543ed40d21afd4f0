package io.intaglio.signing.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** The sums of the clock, each worked out by hand from what its documentation says. Two clocks drift 0.1 ms apart in a second. */
class VenueClockTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final Instant[] host = {NOW};
    private final long[] ticks = {7_000_000_000L};
    private final VenueClock clock = VenueClock.of(() -> host[0], () -> ticks[0]);

    private void pass(Duration time) {
        ticks[0] += time.toNanos();
        host[0] = host[0].plus(time);
    }

    /** An answer that took no time and tells that the venue is ahead by so many milliseconds. */
    private void sample(long low, long high) {
        Duration passed = Duration.between(NOW, host[0]);
        clock.correct(NOW.plus(passed).plusMillis(low), Duration.ofMillis(high - low), ticks[0], ticks[0]);
    }

    @Test
    void stamp_beforeAnySample_allowsForHalfASecondEitherWay() {
        assertThat(clock.bound()).isEqualTo(Duration.ofMillis(500));
        assertThat(clock.isSampled()).isFalse();
        // the venue may be 500 ms behind, and takes what is less than 300 ms ahead of it: 201 ms before our time, in
        // whole milliseconds
        assertThat(clock.stamp(Duration.ofSeconds(5), Duration.ofMillis(300))).isEqualTo(NOW.minusMillis(201));
    }

    @Test
    void stamp_estimateInside_isTheEstimate() {
        sample(2_900, 3_000);
        assertThat(clock.stamp(Duration.ofSeconds(5), SECOND)).isEqualTo(NOW.plusMillis(2_950));
        assertThat(clock.isSampled()).isTrue();
    }

    @Test
    void stamp_narrowFuture_isMovedBackByTheWholeBound() {
        sample(2_900, 3_000);
        assertThat(clock.stamp(Duration.ofSeconds(5), Duration.ofMillis(20))).isEqualTo(NOW.plusMillis(2_919));
        pass(Duration.ofSeconds(100)); // 10 ms of drift
        assertThat(clock.stamp(Duration.ofSeconds(5), Duration.ofMillis(20)))
                .isEqualTo(NOW.plusSeconds(100).plusMillis(2_909));
    }

    /** A quarter of the window is left for the way, so three quarters of it must hold the bound: 51 ms and 9 ms of drift in 80 ms. */
    @Test
    void stamp_narrowPast_isRefusedWhereTheBoundDoesNotFit() {
        sample(2_900, 3_002);
        pass(Duration.ofSeconds(90));
        assertThat(clock.stamp(Duration.ofMillis(80), SECOND))
                .isEqualTo(NOW.plusSeconds(90).plusMillis(2_951));
        assertThatThrownBy(() -> clock.stamp(Duration.ofMillis(80).minusNanos(4), SECOND))
                .isInstanceOfSatisfying(
                        ClockUncertainException.class,
                        e -> assertThat(e.errorId()).isEqualTo("clock"))
                .hasMessage("the venue's time is known only to within 60 ms, too little for its window of -79 ms to"
                        + " +1000 ms; synchronise this host's clock, or ask the venue's time endpoint over a faster"
                        + " line");
    }

    /** At most a second is left for the way, so of five seconds four may be unknown. */
    @Test
    void stamp_widePast_leavesNoMoreThanASecondForTheWay() {
        sample(-4_000, 4_000);
        assertThat(clock.stamp(Duration.ofSeconds(5), Duration.ofSeconds(6))).isEqualTo(NOW);
        assertThatThrownBy(() -> clock.stamp(Duration.ofSeconds(5).minusNanos(1), Duration.ofSeconds(6)))
                .isInstanceOf(ClockUncertainException.class);
    }

    @Test
    void correct_laterSamples_narrowTheEstimateToWhatAllAgreeOn() {
        sample(2_900, 3_002); // the middle is 2,951, and 51 from either end
        pass(Duration.ofSeconds(100)); // 10 ms of drift: now 2,890 to 3,012
        sample(2_990, 3_090); // both hold 2,990 to 3,012
        assertThat(clock.offset()).isEqualTo(Duration.ofMillis(3_001));
        assertThat(clock.bound()).as("the newest sample is the bound").isEqualTo(Duration.ofMillis(89));

        sample(2_900, 2_950); // both hold 2,912 to 2,950
        assertThat(clock.offset()).isEqualTo(Duration.ofMillis(2_931));
        assertThat(clock.bound()).isEqualTo(Duration.ofMillis(31));
    }

    @Test
    void correct_samplesThatDoNotAgree_forgetsTheEarlier() {
        sample(2_900, 3_000);
        sample(5_000, 5_100);
        assertThat(clock.offset()).isEqualTo(Duration.ofMillis(5_050));
        sample(5_100, 5_200); // agrees in one point
        assertThat(clock.offset()).isEqualTo(Duration.ofMillis(5_100));
        sample(5_201, 5_301);
        assertThat(clock.offset()).as("one past the 5,200 of before").isEqualTo(Duration.ofMillis(5_251));
    }

    @Test
    void correct_receivedBeforeItWasSent_isRefused() {
        assertThat(clock.correct(NOW, SECOND, ticks[0], ticks[0] - 1)).isFalse();
        assertThat(clock.isSampled()).isFalse();
    }

    @Test
    void correct_exactlyTheLargestCorrection_isApplied() {
        host[0] = NOW.minus(Duration.ofDays(3)); // and the host has gone further astray since
        assertThat(clock.correct(NOW.plus(Duration.ofHours(24)), Duration.ZERO, ticks[0], ticks[0]))
                .isTrue();
        assertThat(clock.offset()).isEqualTo(VenueClock.LARGEST_CORRECTION);
    }

    @Test
    void correct_hostRepairedToWithinTheLargestCorrection_isApplied() {
        long received = ticks[0];
        pass(Duration.ofMinutes(1)); // what is judged is the host's time when the answer came
        Instant told = NOW.plus(Duration.ofHours(30));
        host[0] = told.plusSeconds(60).minus(Duration.ofHours(24)).minusNanos(1);
        assertThat(clock.correct(told, Duration.ZERO, received, received)).isFalse();
        host[0] = host[0].plusNanos(1);
        assertThat(clock.correct(told, Duration.ZERO, received, received)).isTrue();
        assertThat(clock.offset()).isEqualTo(Duration.ofHours(30));
    }

    @Test
    void withLargestCorrection_answersBeyondIt_areRefused() {
        VenueClock strict = clock.withLargestCorrection(Duration.ofMinutes(1));
        assertThat(strict.largestCorrection()).isEqualTo(Duration.ofMinutes(1));
        assertThat(strict.correct(NOW.plusSeconds(61), Duration.ZERO, ticks[0], ticks[0]))
                .isFalse();
        assertThat(strict.correct(NOW.plusSeconds(60), Duration.ZERO, ticks[0], ticks[0]))
                .isTrue();
        for (Duration wrong : new Duration[] {Duration.ZERO, Duration.ofNanos(-1)}) {
            assertThatThrownBy(() -> clock.withLargestCorrection(wrong))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("largest correction must be positive, was " + wrong);
        }
    }

    @Test
    void bound_timePasses_growsByTheDrift() {
        sample(2_900, 3_000);
        pass(Duration.ofSeconds(100));
        assertThat(clock.bound()).isEqualTo(Duration.ofMillis(50 + 10));
    }

    @Test
    void hostSkew_hostIsBehind_isWhatItsClockLacks() {
        sample(2_000, 2_000);
        assertThat(clock.hostSkew()).isEqualTo(Duration.ofSeconds(2));
        host[0] = host[0].plusSeconds(5); // stepped
        assertThat(clock.hostSkew()).isEqualTo(Duration.ofSeconds(-3));
    }

    @Test
    void age_countsFromTheLastSampleOrFromTheBeginning() {
        pass(Duration.ofSeconds(3));
        assertThat(clock.age()).isEqualTo(Duration.ofSeconds(3));
        sample(0, 1);
        pass(Duration.ofSeconds(2));
        assertThat(clock.age()).isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void at_earlierTicks_isTheTimeThenAsItIsEstimatedNow() {
        long then = ticks[0];
        pass(Duration.ofSeconds(5));
        sample(1_000, 1_000);
        assertThat(clock.at(then)).isEqualTo(NOW.plusSeconds(1));
        assertThat(clock.trustsHost()).isFalse();
    }

    @Test
    void trustingHost_earlierTicks_isTheHostsTimeThen() {
        VenueClock trusting = VenueClock.trustingHost(Duration.ofMillis(2));
        Instant before = trusting.now();
        Instant hourAgo = trusting.at(trusting.ticks() - Duration.ofHours(1).toNanos());
        Duration since = Duration.between(hourAgo, before);
        assertThat(since).isBetween(Duration.ofMinutes(59), Duration.ofMinutes(61));
        assertThat(trusting.trustsHost()).isTrue();
        assertThatThrownBy(() -> VenueClock.trustingHost(Duration.ofNanos(-1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("bound must not be negative, was PT-0.000000001S");
    }
}
