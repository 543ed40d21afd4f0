package io.intaglio.client.internal.limit;

import static org.assertj.core.api.Assertions.assertThat;

import io.intaglio.client.internal.limit.LimitSimulation.Aligned;
import io.intaglio.client.internal.limit.LimitSimulation.Counter;
import io.intaglio.client.internal.limit.LimitSimulation.Result;
import io.intaglio.signing.venue.Limit;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A simulated hour against venues that count by themselves; see {@link LimitSimulation}. */
@Tag("long")
class BudgetHourTest {
    private static final Duration HOUR = Duration.ofHours(1);

    private static Limit limit(Limit.Kind kind, long capacity, Duration period) {
        Limit limit = switch (kind) {
            case ALIGNED -> Limit.aligned("weight", Limit.Scope.IP, capacity, period);
            case ROLLING -> Limit.rolling("weight", Limit.Scope.IP, capacity, period);
            case LEAKY -> Limit.leaky("weight", Limit.Scope.IP, capacity, period);
        };
        return limit.costing(request -> Long.parseLong(request.path().substring(1)));
    }

    @ParameterizedTest(name = "{0}, {1} in {2} s, {3} clients, told by header: {4}")
    @CsvSource({
        "ALIGNED, 1200, 60, 1, true",
        "ALIGNED, 1200, 60, 4, true",
        "ALIGNED, 6000, 60, 4, false",
        "ALIGNED, 100, 10, 4, true",
        "ROLLING, 600, 60, 1, false",
        "ROLLING, 600, 60, 4, true",
        "ROLLING, 100, 5, 4, false",
        "LEAKY, 20, 20, 1, false",
        "LEAKY, 500, 5, 4, true"
    })
    void poll_hourAtNinetyNinePercent_noRefusalAndNearlyAllUsed(
            Limit.Kind kind, long capacity, long seconds, int clients, boolean told, TestReporter reporter) {
        Duration period = Duration.ofSeconds(seconds);
        Limit limit = limit(kind, capacity, period);
        Limit told1 = told ? limit.used("Used") : limit;
        Counter counter = Counter.of(kind, now -> capacity, period.toNanos());
        LimitSimulation simulation = new LimitSimulation(told1, counter, clients, 42);
        double perSecond = 0.99 * capacity / seconds;
        long[] sizes = capacity < 200 ? new long[] {1, 1, 2} : new long[] {1, 1, 2, 5, 10};
        simulation.offer(sizes, perSecond, Duration.ZERO, HOUR);

        Result result = simulation.run(HOUR);

        double used = result.acceptedUnits() / (HOUR.toSeconds() * (double) capacity / seconds);
        reporter.publishEntry("used %.4f, 99 of 100 orders waited at most %d ms"
                .formatted(used, result.p99OrderWait().toMillis()));
        assertThat(result.refused()).isZero();
        assertThat(used).isGreaterThanOrEqualTo(0.97);
    }

    /** The simulated venue notices a budget that is a tenth too large: the check above can fail. */
    @Test
    void poll_budgetTooLarge_venueRefuses() {
        Counter counter =
                Counter.of(Limit.Kind.ROLLING, now -> 600, Duration.ofMinutes(1).toNanos());
        LimitSimulation simulation =
                new LimitSimulation(limit(Limit.Kind.ROLLING, 660, Duration.ofMinutes(1)), counter, 4, 42);
        simulation.offer(new long[] {1, 1, 2, 5, 10}, 11, Duration.ZERO, Duration.ofMinutes(3));

        assertThat(simulation.run(Duration.ofMinutes(3)).refused()).isPositive();
    }

    /** What changes while the hour runs; each may cost one refusal, and nobody sends while the venue's word to wait holds. */
    @ParameterizedTest(name = "{0}, {1}")
    @CsvSource({
        "ALIGNED, HALVED_UNTOLD",
        "ROLLING, HALVED_UNTOLD",
        "LEAKY, HALVED_UNTOLD",
        "ALIGNED, RESET_EARLY",
        "ALIGNED, RESET_LATE",
        "ALIGNED, HEADERS_MISSING",
        "ALIGNED, OTHERS",
        "ROLLING, OTHERS",
        "LEAKY, OTHERS",
    })
    void poll_somethingChangesMidRun_atMostOneRefusal(Limit.Kind kind, Change change) {
        Duration period = Duration.ofSeconds(60);
        long capacity = 1200;
        long half = Duration.ofMinutes(30).toNanos();
        boolean halves = change == Change.HALVED_UNTOLD;
        long[] start = new long[1];
        Counter counter =
                Counter.of(kind, now -> halves && now > start[0] + half ? capacity / 2 : capacity, period.toNanos());
        LimitSimulation simulation =
                new LimitSimulation(limit(kind, capacity, period).used("Used"), counter, 4, 43);
        start[0] = simulation.venueNow();
        simulation.headersMissing = change == Change.HEADERS_MISSING ? 0.3 : 0;
        simulation.tellsWait = true;
        if (change == Change.OTHERS) {
            simulation.others(5, 0.2 * capacity / 60, Duration.ofMinutes(30), HOUR);
        }
        if (change == Change.RESET_EARLY) {
            simulation.at(Duration.ofSeconds(1815), () -> ((Aligned) counter).used = 0);
        }
        if (change == Change.RESET_LATE) {
            simulation.at(Duration.ofMinutes(30), () -> ((Aligned) counter).late = 1_000_000_000);
        }
        long[] sizes = {1, 1, 2, 5, 10};
        Duration middle = Duration.ofMinutes(30);
        simulation.offer(sizes, 0.99 * capacity / 60, Duration.ZERO, middle);
        simulation.offer(sizes, change.offeredAfter * capacity / 60, middle, HOUR);

        Result result = simulation.run(HOUR);

        assertThat(result.refused()).isLessThanOrEqualTo(1);
        assertThat(result.sentWhileClosed()).isZero();
        assertThat(result.acceptedUnits() / (60.0 * capacity)).isGreaterThan((0.99 + change.offeredAfter) / 2 - 0.03);
    }

    enum Change {
        HALVED_UNTOLD(0.48),
        RESET_EARLY(0.99),
        RESET_LATE(0.99),
        HEADERS_MISSING(0.99),
        OTHERS(0.75);

        private final double offeredAfter;

        Change(double offeredAfter) {
            this.offeredAfter = offeredAfter;
        }
    }
}
