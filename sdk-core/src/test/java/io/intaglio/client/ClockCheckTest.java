package io.intaglio.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.intaglio.client.ClockCheck.Reading;
import io.intaglio.client.ClockCheck.Verdict;
import io.intaglio.client.event.Event.TimeSource;
import io.intaglio.client.tls.Tls;
import io.intaglio.signing.time.VenueClock;
import io.intaglio.signing.venue.BinanceSpot;
import io.intaglio.signing.venue.Venue;
import io.intaglio.testkit.SimulatedVenue;
import io.intaglio.testkit.VirtualClock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClockCheckTest {
    private final VirtualClock time = VirtualClock.at(Instant.parse("2026-03-01T12:00:00.250Z"));

    /** Tells its time in the Date header alone. */
    private static Venue dateOnly(Duration window) {
        return Venue.named("binance")
                .baseUri("https://api.binance.com")
                .scheme(BinanceSpot.VENUE.scheme())
                .window(window, window)
                .build();
    }

    private Reading reading(SimulatedVenue.Builder settings) {
        try (SimulatedVenue sim = settings.clock(time).start()) {
            return ClockCheck.of(sim.venue())
                    .withTls(Tls.builder().trust(sim.trustAnchor()).build())
                    .withSamples(2)
                    .withTimeout(Duration.ofSeconds(10))
                    .run(VenueClock.of(time, time.ticker()));
        }
    }

    /** Binance takes timestamps from 5 s behind its clock, less a second for the way, to 1 s ahead of it. */
    @ParameterizedTest
    @CsvSource({"0,INSIDE", "3990,INSIDE", "4001,OUTSIDE", "-990,INSIDE", "-1001,OUTSIDE", "60000,OUTSIDE"})
    void run_timeEndpoint_judgesByTheWindow(long offset, Verdict verdict) {
        Reading reading = reading(SimulatedVenue.of(BinanceSpot.VENUE).skew(Duration.ofMillis(offset)));
        assertThat(reading.verdict()).isEqualTo(verdict);
        assertThat(reading.offset().minusMillis(offset).abs()).isLessThanOrEqualTo(reading.bound());
        assertThat(reading.bound()).isLessThanOrEqualTo(Duration.ofMillis(1));
        assertThat(reading.source()).isEqualTo(TimeSource.TIME_ENDPOINT);
        assertThat(reading.answers()).isEqualTo(2);
        assertThat(reading.verified()).isTrue();
    }

    @Test
    void run_dateHeader_holdsTheTruthWithinASecond() {
        Reading reading = reading(SimulatedVenue.of(dateOnly(Duration.ofSeconds(5))));
        assertThat(reading.source()).isEqualTo(TimeSource.DATE_HEADER);
        assertThat(reading.offset().abs()).isLessThanOrEqualTo(reading.bound());
        assertThat(reading.verdict()).isEqualTo(Verdict.INSIDE);
    }

    @Test
    void run_boundWiderThanTheWindow_isUncertain() {
        assertThat(reading(SimulatedVenue.of(dateOnly(Duration.ofMillis(100)))).verdict())
                .isEqualTo(Verdict.UNCERTAIN);
    }

    @Test
    void run_noTimeToldAtAll_isAClockFault() {
        assertThatThrownBy(() -> reading(
                        SimulatedVenue.of(dateOnly(Duration.ofSeconds(5))).dateHeader(now -> Optional.empty())))
                .isInstanceOfSatisfying(
                        NotSentException.class, e -> assertThat(e.reason()).isEqualTo(NotSentException.Reason.CLOCK))
                .hasMessage("binance told no time that can be read; look at its address");
    }

    @Test
    void of_wrongNumbers_areRefused() {
        ClockCheck check = ClockCheck.of(BinanceSpot.VENUE);
        assertThatThrownBy(() -> check.withSamples(0)).hasMessage("samples must be 1 to 100, was 0");
        assertThatThrownBy(() -> check.withTimeout(Duration.ZERO)).hasMessage("timeout must be positive, was PT0S");
    }
}
