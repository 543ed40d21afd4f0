package io.intaglio.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class VirtualClockTest {
    private final VirtualClock clock = VirtualClock.at(Desk.NOON);

    @Test
    void advance_movesWallClockAndTickerTogether() {
        clock.advance(Duration.ofHours(1));

        assertThat(clock.instant()).isEqualTo(Desk.NOON.plus(Duration.ofHours(1)));
        assertThat(clock.ticker().getAsLong()).isEqualTo(Duration.ofHours(1).toNanos());
        assertThat(clock.slept()).isZero();
    }

    @Test
    void sleep_returnsAtOnceAndIsAddedUp() {
        clock.sleep(Duration.ofSeconds(2));
        clock.sleep(Duration.ofSeconds(3));

        assertThat(clock.slept()).isEqualTo(Duration.ofSeconds(5));
        assertThat(clock.instant()).isEqualTo(Desk.NOON.plusSeconds(5));
    }

    @Test
    void step_leavesTheTickerAlone() {
        clock.step(Duration.ofHours(-1));

        assertThat(clock.instant()).isEqualTo(Desk.NOON.minus(Duration.ofHours(1)));
        assertThat(clock.nanos()).isZero();
    }

    @Test
    void advance_backwards_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> clock.advance(Duration.ofSeconds(-1)))
                .withMessageContaining("step");
    }
}
