package io.intaglio.client.internal.limit;

import static org.assertj.core.api.Assertions.assertThat;

import io.intaglio.client.event.Detectors;
import io.intaglio.client.event.Event;
import io.intaglio.signing.venue.Limit;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A thief who spends a fifth of a key's budget is found within one window, and nobody is accused in a hundred days without one. The venue counts by
 * itself on virtual time, and its counter falls up to a second sooner or later than its clock says.
 */
@Tag("long")
class ThiefTest {
    private static final Duration DAY = Duration.ofDays(1);

    private final List<Event> alarms = new ArrayList<>();

    /** An aligned counter each of whose windows begins up to a second sooner or later. */
    private static final class Unsteady extends LimitSimulation.Aligned {
        private static final long OFF = 1_000_000_000;

        private final long period;
        private final long seed;

        Unsteady(long capacity, long period, long seed) {
            super(now -> capacity, period);
            this.period = period;
            this.seed = seed;
        }

        private long beginning(long index) {
            return index * period + new SplittableRandom(seed ^ index * 0x9E3779B97F4A7C15L).nextLong(-OFF, OFF + 1);
        }

        @Override
        long windowAt(long now) {
            long near = Math.floorDiv(now, period);
            return now < beginning(near) ? near - 1 : now < beginning(near + 1) ? near : near + 1;
        }

        @Override
        public long untilLess(long now) {
            return beginning(windowAt(now) + 1) - now;
        }
    }

    private static LimitSimulation simulation(
            Limit.Kind kind, long capacity, Duration period, Detectors detectors, long seed) {
        Limit plain = switch (kind) {
            case ALIGNED -> Limit.aligned("calls", Limit.Scope.KEY, capacity, period);
            case ROLLING -> Limit.rolling("calls", Limit.Scope.KEY, capacity, period);
            case LEAKY -> Limit.leaky("calls", Limit.Scope.KEY, capacity, period);
        };
        LimitSimulation.Counter counter = kind == Limit.Kind.ALIGNED
                ? new Unsteady(capacity, period.toNanos(), seed)
                : LimitSimulation.Counter.of(kind, now -> capacity, period.toNanos());
        LimitSimulation simulation = new LimitSimulation(
                plain.costing(request -> Long.parseLong(request.path().substring(1)))
                        .used("Used"),
                counter,
                2,
                seed);
        simulation.moved = moved -> detectors.on(new Event.BudgetMoved(
                "venue",
                moved.limit().name(),
                moved.limit().scope(),
                moved.units(),
                moved.capacity(),
                moved.limit().period(),
                Instant.ofEpochSecond(0, simulation.venueNow())));
        simulation.delay = Duration.ofMillis(700);
        return simulation;
    }

    /** The thief begins with a window of the venue's clock, or anywhere where there are none, and spends evenly. */
    @ParameterizedTest(name = "{0}, {1} in {2} s, we use {3}, {4} of answers tell nothing")
    @CsvSource({
        "ALIGNED, 100, 10, 0.05, 0",
        "ALIGNED, 100, 10, 0.3, 0",
        "ALIGNED, 1200, 60, 0.1, 0.5",
        "ALIGNED, 1200, 60, 0.7, 0.5",
        "ROLLING, 100, 10, 0.3, 0",
        "ROLLING, 1000, 60, 0.1, 0.5",
        "ROLLING, 1000, 60, 0.7, 0.5",
    })
    void on_thiefSpendsAFifth_isFoundWithinOneWindow(
            Limit.Kind kind, long capacity, long seconds, double ours, double missing) {
        Duration period = Duration.ofSeconds(seconds);
        for (int seed = 0; seed < 40; seed++) {
            alarms.clear();
            LimitSimulation simulation = simulation(kind, capacity, period, Detectors.telling(alarms::add), seed);
            simulation.headersMissing = missing;
            Duration begins = period.multipliedBy(4)
                    .minusNanos(
                            kind == Limit.Kind.ALIGNED ? Math.floorMod(simulation.venueNow(), period.toNanos()) : seed);
            simulation.offer(new long[] {1}, ours * capacity / seconds, Duration.ZERO, begins.plus(period));
            simulation.others(1, 0.2 * capacity / seconds, begins, begins.plus(period));
            simulation.run(begins);
            assertThat(alarms).as("before the thief, seed %d", seed).isEmpty();
            simulation.run(period);
            assertThat(alarms)
                    .as("seed %d", seed)
                    .singleElement()
                    .isInstanceOfSatisfying(
                            Event.Alarm.class,
                            alarm -> assertThat(alarm.suspicion()).isEqualTo(Event.Suspicion.FOREIGN_BUDGET));
        }
    }

    /** A level that falls shows a burst; what leaks away between our calls is seen by nobody. */
    @ParameterizedTest
    @CsvSource({"120, 60, 0.3", "500, 60, 0.6"})
    void on_thiefTakesAFifthOfALevelAtOnce_isFound(long capacity, long seconds, double ours) {
        Duration period = Duration.ofSeconds(seconds);
        for (int seed = 0; seed < 20; seed++) {
            alarms.clear();
            LimitSimulation simulation =
                    simulation(Limit.Kind.LEAKY, capacity, period, Detectors.telling(alarms::add), seed);
            Duration begins = period.multipliedBy(2);
            simulation.offer(new long[] {1}, ours * capacity / seconds, Duration.ZERO, begins.plus(period));
            simulation.at(
                    begins,
                    () -> assertThat(simulation.counter.take(simulation.venueNow(), capacity / 5))
                            .isTrue());
            simulation.run(begins.plus(period));
            assertThat(alarms).as("seed %d", seed).hasSize(1);
        }
    }

    /** Days of a desk: little at night, much at noon, a rush to all that fits, two restarts, answers that are late or tell nothing. */
    @ParameterizedTest(name = "{0}, {1} in {2} s")
    @CsvSource({"ALIGNED, 100, 10", "ALIGNED, 120, 60", "ROLLING, 120, 60", "LEAKY, 120, 60"})
    void on_hundredCleanDays_noAlarm(Limit.Kind kind, long capacity, long seconds) {
        Detectors detectors = Detectors.telling(alarms::add);
        long accepted = 0;
        for (int day = 0; day < 100; day++) {
            LimitSimulation simulation = simulation(kind, capacity, Duration.ofSeconds(seconds), detectors, day);
            SplittableRandom noise = new SplittableRandom(day);
            simulation.headersMissing = day % 3 == 0 ? 0.3 : 0;
            for (int hour = 0; hour < 24; hour++) {
                double daily = 0.5 - 0.5 * Math.cos(2 * Math.PI * hour / 24);
                Duration from = Duration.ofHours(hour);
                simulation.offer(
                        new long[] {1, 1, 2}, 0.005 + 0.02 * daily * noise.nextDouble(), from, from.plusHours(1));
            }
            Duration rush = Duration.ofMinutes(noise.nextInt(24 * 60 - 10));
            simulation.offer(new long[] {1}, 0.95 * capacity / seconds, rush, rush.plusSeconds(3 * seconds));
            simulation.offer(new long[] {1}, 0.5 * capacity / seconds, rush.plusMinutes(20), rush.plusMinutes(22));
            simulation.at(rush.plusSeconds(seconds + noise.nextInt((int) seconds)), simulation::restart);
            simulation.at(Duration.ofMinutes(noise.nextInt(24 * 60)), simulation::restart);
            accepted += simulation.run(DAY).accepted();
            assertThat(alarms).as("day %d", day).isEmpty();
        }
        assertThat(accepted).isGreaterThan(40_000);
    }
}
