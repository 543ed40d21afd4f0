package io.intaglio.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class MeterTest {
    private static final Instant NOON = Desk.NOON;

    @Test
    void aligned_endOfWindow_givesTheWholeCapacityBack() {
        Meter meter = Meter.aligned(2, Duration.ofMinutes(1));
        Instant late = NOON.plusSeconds(59);

        assertThat(meter.take(late, 2)).isTrue();
        assertThat(meter.take(late, 1)).isFalse();
        assertThat(meter.untilMore(late)).isEqualTo(Duration.ofSeconds(1));
        assertThat(meter.take(NOON.plusSeconds(60), 2)).isTrue();
    }

    @Test
    void draining_comesBackEvenly() {
        Meter meter = Meter.draining(15, Duration.ofSeconds(45));

        assertThat(meter.take(NOON, 15)).isTrue();
        assertThat(meter.take(NOON.plusSeconds(2), 1)).isFalse();
        assertThat(meter.take(NOON.plusSeconds(3), 1)).isTrue();
        assertThat(meter.used(NOON.plusSeconds(48))).isZero();
    }
}
