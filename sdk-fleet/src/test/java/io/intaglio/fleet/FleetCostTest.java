package io.intaglio.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.intaglio.client.internal.limit.ClientBudget;
import io.intaglio.client.internal.limit.Ticket;
import io.intaglio.client.internal.limit.VenueBudget;
import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.Priority;
import io.intaglio.signing.time.VenueClock;
import io.intaglio.signing.venue.Limit;
import io.intaglio.signing.venue.Limit.Scope;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** What sharing a budget costs as members grow: the table of docs/fleet.md. Measures, so it runs with -Dintaglio.slow=true alone. */
class FleetCostTest {
    private static final ApiRequest CALL = ApiRequest.get("/call");
    private static final int CALLS_A_SECOND = 1000;
    private static final int WARM_UP = 10;
    private static final int SECONDS = 20;

    @Test
    void cost_asMembersGrow() throws Exception {
        assumeTrue(Boolean.getBoolean("intaglio.slow"), "runs with -Dintaglio.slow=true");
        System.out.println("| members | calls/s | Redis operations per call | p50 of admit | p99 of admit | refused |");
        System.out.println("|---|---|---|---|---|---|");
        for (int members : new int[] {1, 2, 4, 8, 16}) {
            try (RedisServer redis = RedisServer.start()) {
                assertThat(measure(redis, members)).isPositive();
            }
        }
    }

    /**
     * A thousand calls a second over all members, half of what a limit by the minute takes. The venue tells its count, as Binance does, so a fleet that is
     * new to its Redis soon knows it.
     */
    private static long measure(RedisServer redis, int members) throws Exception {
        Limit limit = Limit.rolling("calls", Scope.IP, 2 * 60 * CALLS_A_SECOND, Duration.ofMinutes(1));
        VenueClock clock = VenueClock.system();
        VenueCounter venue = new VenueCounter(limit);
        List<Fleet> fleet = new ArrayList<>();
        ExecutorService threads = Executors.newFixedThreadPool(members);
        try {
            List<Future<long[]>> running = new ArrayList<>();
            for (int i = 0; i < members; i++) {
                Fleet member =
                        Fleet.builder("cost", redis.address()).members(members).open();
                fleet.add(member);
                ClientBudget budget = new ClientBudget(
                        new VenueBudget(null, member.counts(), "venue host"),
                        List.of(limit.used("Used")),
                        clock,
                        "key",
                        "key");
                running.add(threads.submit(() -> calls(budget, venue, clock, members)));
            }
            long counted = clock.ticks() + WARM_UP * 1_000_000_000L;
            while (counted - clock.ticks() > 0) {
                LockSupport.parkNanos(counted - clock.ticks());
            }
            long before = operations(fleet);
            List<long[]> waits = new ArrayList<>();
            for (Future<long[]> one : running) {
                waits.add(one.get());
            }
            long operations = operations(fleet) - before;
            long[] all = waits.stream().flatMapToLong(Arrays::stream).sorted().toArray();
            System.out.printf(
                    Locale.ROOT,
                    "| %d | %d | %.3f | %.1f µs | %.1f µs | %d |%n",
                    members,
                    all.length / SECONDS,
                    operations / (double) all.length,
                    all[all.length / 2] / 1e3,
                    all[all.length * 99 / 100] / 1e3,
                    venue.refused());
            assertThat(venue.refused()).isZero();
            return all.length;
        } finally {
            threads.shutdownNow();
            fleet.forEach(Fleet::close);
        }
    }

    private static long operations(List<Fleet> fleet) {
        return fleet.stream().mapToLong(Fleet::redisOperations).sum();
    }

    /** How long each call waited for its admission, in nanoseconds. */
    private static long[] calls(ClientBudget budget, VenueCounter venue, VenueClock clock, int members) {
        long begun = clock.ticks();
        long between = 1_000_000_000L * members / CALLS_A_SECOND;
        long counted = begun + WARM_UP * 1_000_000_000L;
        long end = counted + SECONDS * 1_000_000_000L;
        List<Long> waits = new ArrayList<>();
        for (long due = begun; due - end < 0; due += between) {
            while (due - clock.ticks() > 0) {
                LockSupport.parkNanos(due - clock.ticks());
            }
            long asked = clock.ticks();
            Ticket ticket = budget.ticket(CALL, Priority.ORDER);
            for (long wait = ticket.poll(); wait > 0; wait = ticket.poll()) {
                LockSupport.parkNanos(Math.min(wait, 5_000_000));
            }
            if (asked - counted >= 0) {
                waits.add(clock.ticks() - asked);
            }
            long used;
            synchronized (venue) {
                venue.take(clock.ticks());
                used = venue.used(clock.ticks());
            }
            ticket.answered(true, "", name -> Optional.of(Long.toString(used)));
        }
        return waits.stream().mapToLong(Long::longValue).toArray();
    }
}
