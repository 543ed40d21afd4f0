package io.intaglio.signing.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.intaglio.signing.venue.NonceRule;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TimeTest {
    private static final Instant NOW = Instant.parse("2024-04-05T19:34:38.901234567Z");

    @Test
    void unit_time_isCountedSince1970RoundedDown() {
        assertThat(NonceUnit.SECONDS.of(NOW)).isEqualTo(1_712_345_678L);
        assertThat(NonceUnit.MILLIS.of(NOW)).isEqualTo(1_712_345_678_901L);
        assertThat(NonceUnit.MICROS.of(NOW)).isEqualTo(1_712_345_678_901_234L);
        assertThat(NonceUnit.NANOS.of(NOW)).isEqualTo(1_712_345_678_901_234_567L);
    }

    @Test
    void increasing_clockStepsBack_goesOnRising() {
        NonceSource source = NonceSource.increasing(NonceUnit.MILLIS);

        assertThat(source.next(NOW)).isEqualTo("1712345678901");
        assertThat(source.next(NOW)).isEqualTo("1712345678902");
        assertThat(source.next(NOW.minusSeconds(3600))).isEqualTo("1712345678903");
        assertThat(source.next(NOW.plusSeconds(1))).isEqualTo("1712345679901");
    }

    @Test
    void increasing_lastUsedAboveTheClock_beginsAboveIt() {
        assertThat(NonceSource.increasing(NonceUnit.MILLIS, 1_800_000_000_000L).next(NOW))
                .isEqualTo("1800000000001");
        assertThatThrownBy(() -> NonceSource.increasing(NonceUnit.MILLIS, -1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("last used nonce must not be negative, was -1");
    }

    @Test
    void increasing_atTheEndOfItsRange_throwsAndDoesNotWrap() {
        NonceSource source = NonceSource.increasing(NonceUnit.MILLIS, Long.MAX_VALUE);

        assertThatThrownBy(() -> source.next(NOW)).isInstanceOf(ArithmeticException.class);
    }

    @Test
    void increasing_eightThreads_neverGivesOneTwice() throws InterruptedException {
        NonceSource source = NonceSource.increasing(NonceUnit.MICROS);
        Set<String> seen = ConcurrentHashMap.newKeySet();
        var pool = Executors.newFixedThreadPool(8);
        for (int thread = 0; thread < 8; thread++) {
            pool.execute(() -> {
                for (int i = 0; i < 10_000; i++) {
                    seen.add(source.next(NOW));
                }
            });
        }
        pool.shutdown();

        assertThat(pool.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
        assertThat(seen).hasSize(80_000);
    }

    @Test
    void uuid_ofAGenerator_isVersionFourAndOfTheRightVariant() {
        NonceSource source = NonceSource.uuid(new SplittableRandom(7));
        for (int i = 0; i < 100; i++) {
            UUID uuid = UUID.fromString(source.next(NOW));
            assertThat(uuid.version()).isEqualTo(4);
            assertThat(uuid.variant()).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @EnumSource(NonceRule.class)
    void rule_newSource_givesItsFormAndNeverTheSameTwice(NonceRule rule) {
        NonceSource source = rule.newSource();
        Set<String> seen = new HashSet<>();
        String form = switch (rule) {
            case NONE, UUID -> "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";
            case INCREASING_MILLIS -> "[0-9]{13}";
            case INCREASING_MICROS -> "[0-9]{16}";
            case INCREASING_NANOS -> "[0-9]{19}";
            case RANDOM_HEX -> "[0-9a-f]{32}";
            case RANDOM_ALPHANUMERIC -> "[0-9A-Za-z]{35}";
        };
        for (int i = 0; i < 1_000; i++) {
            String nonce = source.next(NOW);
            assertThat(nonce).matches(form);
            assertThat(seen.add(nonce)).isTrue();
        }
        assertThat(rule.isIncreasing()).isEqualTo(rule.name().startsWith("INCREASING"));
    }

    @Test
    void clock_hostClockStepped_followsTheTickerAlone() {
        AtomicLong ticks = new AtomicLong(Long.MAX_VALUE - 5);
        Instant[] host = {NOW};
        VenueClock clock = VenueClock.of(() -> host[0], ticks::get);
        host[0] = NOW.plusSeconds(86_400);
        ticks.addAndGet(1_000_000_000);

        assertThat(clock.now()).isEqualTo(NOW.plusSeconds(1));
    }

    @Test
    void correct_roundTrip_putsTheVenuesTimeInItsMiddleAndBoundsTheError() {
        AtomicLong ticks = new AtomicLong();
        VenueClock clock = VenueClock.of(() -> NOW, ticks::get);
        long sent = clock.ticks();
        ticks.addAndGet(Duration.ofMillis(100).toNanos());

        assertThat(clock.correct(NOW.plusSeconds(3), Duration.ofMillis(2), sent, clock.ticks()))
                .isTrue();
        // middle of the round trip is NOW + 50 ms; the venue's time is the middle of its millisecond pair, NOW + 3,001
        // ms
        assertThat(clock.offset()).isEqualTo(Duration.ofMillis(2_951));
        assertThat(clock.bound()).isEqualTo(Duration.ofMillis(51));
        assertThat(clock.now()).isEqualTo(NOW.plusMillis(100 + 2_951));
    }

    @Test
    void correct_moreThanADay_isRefusedAndChangesNothing() {
        VenueClock clock = VenueClock.of(() -> NOW, () -> 0);

        assertThat(clock.correct(NOW.plus(Duration.ofHours(25)), Duration.ZERO, 0, 0))
                .isFalse();
        assertThat(clock.correct(NOW.minus(Duration.ofHours(25)), Duration.ZERO, 0, 0))
                .isFalse();
        assertThat(clock.offset()).isZero();
    }

    @Test
    void correct_beyondTheLimit_isTakenOnceTheHostClockIsRepaired() {
        Instant[] host = {NOW.minus(Duration.ofHours(30))};
        long[] ticks = {0};
        VenueClock clock = VenueClock.of(() -> host[0], () -> ticks[0]);
        assertThat(clock.correct(NOW, Duration.ofMillis(1), 0, 0)).isFalse();
        assertThat(clock.offset()).isZero();

        ticks[0] = Duration.ofMinutes(1).toNanos();
        host[0] = NOW.plusSeconds(61); // stepped by NTP; one second off
        assertThat(clock.correct(NOW.plusSeconds(60), Duration.ofMillis(1), ticks[0], ticks[0]))
                .isTrue();
        assertThat(clock.offset()).isEqualTo(Duration.ofHours(30).plusNanos(500_000));
        assertThat(clock.now()).isEqualTo(NOW.plusSeconds(60).plusNanos(500_000));
        assertThat(clock.at(0)).isEqualTo(NOW.plusNanos(500_000));

        assertThat(clock.correct(NOW.plusSeconds(10 * 365 * 86_400L), Duration.ofMillis(1), ticks[0], ticks[0]))
                .as("a lie stays one")
                .isFalse();
    }
}
