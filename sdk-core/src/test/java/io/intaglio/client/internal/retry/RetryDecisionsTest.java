package io.intaglio.client.internal.retry;

import static org.assertj.core.api.Assertions.assertThat;

import io.intaglio.client.NotSentException;
import io.intaglio.client.RetryPolicy;
import io.intaglio.client.VenueException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The numbers of docs/limits-and-retries.md. */
class RetryDecisionsTest {
    private static final VenueException FAILED = new NotSentException(
            new VenueException.Call("simulated", null, 1), NotSentException.Reason.CONNECT, "", null);

    /** Draws the highest that is allowed. */
    private static final RandomGenerator HIGHEST = new RandomGenerator() {
        @Override
        public long nextLong() {
            throw new IllegalStateException("jitter has a bound");
        }

        @Override
        public long nextLong(long bound) {
            return bound - 1;
        }
    };

    private static final RandomGenerator LOWEST = new RandomGenerator() {
        @Override
        public long nextLong() {
            throw new IllegalStateException("jitter has a bound");
        }

        @Override
        public long nextLong(long bound) {
            return 0;
        }
    };

    private static Failure failure(@Nullable Proof proof, @Nullable Duration leastWait) {
        return new Failure(FAILED, proof, leastWait);
    }

    private static List<Duration> waits(RetryPolicy policy, RandomGenerator random, Failure failure) {
        RetryDecisions.Session session = new RetryDecisions(policy, random).begin();
        List<Duration> waits = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            var wait = session.after(failure);
            if (wait.isEmpty()) {
                break;
            }
            waits.add(wait.get());
        }
        return waits;
    }

    @ParameterizedTest
    @EnumSource(Proof.class)
    void after_anyProof_threeAttemptsWithDoublingWaits(Proof proof) {
        Failure failure = failure(proof, null);
        int first = proof == Proof.THROTTLED ? 1_000 : 100;
        assertThat(waits(RetryPolicy.standard(), HIGHEST, failure))
                .containsExactly(Duration.ofMillis(first), Duration.ofMillis(2L * first));
        assertThat(waits(RetryPolicy.standard(), LOWEST, failure)).containsExactly(Duration.ZERO, Duration.ZERO);
    }

    @Test
    void after_noProof_isNeverRepeated() {
        assertThat(waits(RetryPolicy.standard(), HIGHEST, failure(null, null))).isEmpty();
        assertThat(waits(RetryPolicy.standard(), HIGHEST, failure(null, Duration.ofSeconds(1))))
                .isEmpty();
    }

    @Test
    void after_oneAttemptAllowed_isNeverRepeated() {
        assertThat(waits(RetryPolicy.none(), HIGHEST, failure(Proof.READ_ONLY, null)))
                .isEmpty();
    }

    @Test
    void after_manyAttempts_waitsGrowToTheLongestAndNoFurther() {
        List<Duration> waits =
                waits(RetryPolicy.standard().withMaxAttempts(60), HIGHEST, failure(Proof.NOT_EXECUTED, null));
        assertThat(waits).hasSize(59);
        assertThat(waits.subList(0, 9))
                .extracting(Duration::toMillis)
                .containsExactly(100L, 200L, 400L, 800L, 1_600L, 3_200L, 6_400L, 12_800L, 20_000L);
        assertThat(waits.subList(9, 59)).containsOnly(Duration.ofSeconds(20));
    }

    @Test
    void after_waitsBelowAMillisecond_areUpToOneMillisecond() {
        RetryPolicy hasty = new RetryPolicy(2, Duration.ofNanos(1), Duration.ofNanos(1), Duration.ofSeconds(1));
        assertThat(waits(hasty, HIGHEST, failure(Proof.READ_ONLY, null))).containsExactly(Duration.ofMillis(1));
    }

    @ParameterizedTest
    @CsvSource({"PT0S,0", "PT0.001S,1", "PT0.001000001S,2", "PT0.000000001S,1", "PT30S,30000", "PT30.0005S,30001"})
    void after_theVenueAsksForAWait_itIsWaitedAndNotAMomentLess(Duration asked, long millis) {
        assertThat(waits(RetryPolicy.standard(), LOWEST, failure(Proof.THROTTLED, asked)))
                .containsExactly(Duration.ofMillis(millis), Duration.ofMillis(millis));
    }

    private static int retriesLeft(RetryDecisions decisions) {
        int made = 0;
        while (made < 1_000
                && decisions.begin().after(failure(Proof.READ_ONLY, null)).isPresent()) {
            made++;
        }
        return made;
    }

    @Test
    void store_ofFiveHundred_isSpentByFivesAndFilledByOnes() {
        RetryDecisions decisions = new RetryDecisions(RetryPolicy.standard(), LOWEST);
        assertThat(retriesLeft(decisions)).isEqualTo(100);
        for (int i = 0; i < 4; i++) {
            decisions.begin().succeeded();
        }
        assertThat(retriesLeft(decisions)).as("four of five").isZero();
        decisions.begin().succeeded();
        assertThat(retriesLeft(decisions)).isEqualTo(1);
        for (int i = 0; i < 14; i++) {
            decisions.begin().succeeded();
        }
        assertThat(retriesLeft(decisions)).as("fourteen").isEqualTo(2);
    }

    @Test
    void store_successesWhileItIsFull_addNothing() {
        RetryDecisions decisions = new RetryDecisions(RetryPolicy.standard(), LOWEST);
        for (int i = 0; i < 100; i++) {
            decisions.begin().succeeded();
        }
        assertThat(retriesLeft(decisions)).isEqualTo(100);
    }

    /** What the venue has told us to mend, such as a nonce, is no sign of an outage. */
    @Test
    void store_whatTheVenueDidNotExecute_takesNothing() {
        RetryDecisions decisions = new RetryDecisions(RetryPolicy.standard(), LOWEST);
        for (int i = 0; i < 200; i++) {
            assertThat(decisions.begin().after(failure(Proof.NOT_EXECUTED, null)))
                    .isPresent();
        }
        assertThat(retriesLeft(decisions)).isEqualTo(100);
        assertThat(decisions.begin().after(failure(Proof.NOT_EXECUTED, null)))
                .as("not even when it is empty")
                .isPresent();
    }

    private final long[] ticks = {0};
    private final HostBreaker breaker = new HostBreaker(() -> ticks[0]);

    private void calls(int failing, int answered) {
        for (int i = 0; i < failing + answered; i++) {
            assertThat(breaker.lets()).isTrue();
            if (i < failing) {
                breaker.failed(FAILED);
            } else {
                breaker.answered();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"19,0,true", "20,0,false", "16,4,false", "15,5,true"})
    void breaker_fourOfFiveOfTwentyCallsFailed_stopsCalls(int failing, int answered, boolean lets) {
        calls(failing, answered);
        assertThat(breaker.lets()).isEqualTo(lets);
    }

    @Test
    void breaker_threeSecondsLater_threeCallsTryIt() {
        calls(20, 0);
        ticks[0] = HostBreaker.OPEN.toNanos() - 1;
        assertThat(breaker.lets()).isFalse();
        ticks[0] = Duration.ofMillis(3_001).toNanos();
        for (int i = 0; i < 3; i++) {
            assertThat(breaker.lets()).isTrue();
        }
        assertThat(breaker.lets()).isFalse();

        breaker.unused();
        assertThat(breaker.lets())
                .as("a call that was not made leaves its place")
                .isTrue();
        for (int i = 0; i < 3; i++) {
            breaker.answered();
        }
        calls(0, 10);
    }

    @Test
    void breaker_trialsFail_stopsCallsForAnotherThreeSeconds() {
        calls(20, 0);
        ticks[0] = Duration.ofMillis(3_001).toNanos();
        calls(3, 0);
        assertThat(breaker.lets()).isFalse();
        ticks[0] = Duration.ofMillis(6_002).toNanos();
        assertThat(breaker.lets()).isTrue();
    }
}
