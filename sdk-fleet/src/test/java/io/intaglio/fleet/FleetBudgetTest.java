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
import io.intaglio.testkit.VirtualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Members of a fleet on virtual time against a venue that refuses each call too many, over a real Redis. */
@Tag("long")
class FleetBudgetTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final boolean SLOW = Boolean.getBoolean("intaglio.slow");
    /** In which a fleet that is new to its Redis keeps to its safe shares: a period, a term and the grace, to the end of a window. */
    private static final Duration FIRST = MINUTE.multipliedBy(2);

    private RedisServer redis;

    @BeforeEach
    void start() {
        redis = RedisServer.start();
    }

    @AfterEach
    void stop() {
        redis.close();
    }

    private static Limit limit(Limit.Kind kind, int capacity) {
        return switch (kind) {
            case ALIGNED -> Limit.aligned("calls", Scope.IP, capacity, MINUTE);
            case ROLLING -> Limit.rolling("calls", Scope.IP, capacity, MINUTE);
            case LEAKY -> Limit.leaky("calls", Scope.IP, capacity, MINUTE);
        };
    }

    /** One thousand calls a second, or a hundred; all members alike, or one that makes most of them, by turns. */
    @ParameterizedTest
    @CsvSource({"ALIGNED,60000,false", "ALIGNED,6000,true", "ROLLING,60000,false", "LEAKY,60000,true"})
    void fourMembers_at99PercentOfOneLimit_noneIsRefusedAnd95PercentAreUsed(
            Limit.Kind kind, int capacity, boolean byTurns) {
        assumeTrue(
                SLOW || !byTurns && kind == Limit.Kind.ALIGNED,
                "rolling and leaky limits, and members by turns, run with -Dintaglio.slow=true");
        try (FleetSimulation sim = new FleetSimulation(redis, 4, 0.01, limit(kind, capacity), false)) {
            if (byTurns) {
                sim.busiest(t -> (int) (t / 20_000_000_000L % 4));
            }
            sim.demand(0.02).run(FIRST);
            sim.demand(0.99);
            long acceptedBefore = sim.venue().accepted();
            long operationsBefore = sim.operations();
            int minutes = SLOW ? 60 : 1;
            sim.run(MINUTE.multipliedBy(minutes));
            long accepted = sim.venue().accepted() - acceptedBefore;
            long operations = sim.operations() - operationsBefore;
            double used = accepted / (double) (capacity * minutes);
            System.out.printf(
                    Locale.ROOT,
                    "%s %d by turns %s: %d calls, %.2f %% used, %d refused, one Redis operation for %.1f calls%n",
                    kind,
                    capacity,
                    byTurns,
                    accepted,
                    used * 100,
                    sim.venue().refused(),
                    accepted / (double) operations);
            assertThat(sim.venue().refused()).isZero();
            assertThat(used).isGreaterThanOrEqualTo(0.95);
            if (capacity == 60_000) {
                assertThat(operations).as("one for 20 calls").isLessThanOrEqualTo(accepted / 20);
            }
        }
    }

    /** Redis loses all it has in the middle of a window that is half used: the members say again what they used, and go on. */
    @Test
    void redisLosesItsData_inTheMiddleOfAWindow_noneIsRefusedAndTheNextWindowsAreUsed() {
        try (FleetSimulation sim = new FleetSimulation(redis, 4, 0.01, limit(Limit.Kind.ALIGNED, 6000), false)) {
            sim.demand(0.02).run(FIRST);
            sim.demand(0.99).at(FIRST.plusSeconds(33), () -> {
                redis.kill();
                redis.restart();
                sim.reconnect();
            });
            sim.run(MINUTE.minusMillis(10));
            assertThat(sim.venue().used()).as("in the window of the loss").isGreaterThan(5700);
            sim.run(MINUTE);
            assertThat(sim.venue().used()).isGreaterThan(5700);
            assertThat(sim.venue().refused()).isZero();
        }
    }

    /** The same, and one member cannot say what it used, since its host stands still: until then the others grant themselves nothing of it. */
    @Test
    void redisLosesItsData_whileAMemberStandsStill_noneIsRefused() {
        try (FleetSimulation sim = new FleetSimulation(redis, 4, 0.01, limit(Limit.Kind.ALIGNED, 6000), false)) {
            sim.demand(0.02).run(FIRST);
            sim.demand(1.2).run(Duration.ofSeconds(30));
            sim.freeze(3);
            sim.run(Duration.ofSeconds(1));
            redis.kill();
            redis.restart();
            sim.reconnect();
            sim.demand(3).run(Duration.ofSeconds(20));
            long before = sim.venue().used();
            assertThat(before).as("no more than safe shares since").isLessThan(4000);
            sim.freeze(-1);
            sim.reconnect();
            sim.demand(1).run(Duration.ofMillis(8_990));
            assertThat(sim.venue().used())
                    .as("once it has said so, all is granted")
                    .isGreaterThan(5_700);
            assertThat(sim.venue().refused()).isZero();
        }
    }

    /** One member has used all that there is for it when Redis goes: the safe shares of the others are still there. */
    @Test
    void redisGoes_whenOneMemberHasUsedNearlyAll_theOthersHaveTheirSafeShares() {
        try (FleetSimulation sim = new FleetSimulation(redis, 4, 0.1, limit(Limit.Kind.ALIGNED, 6000), false)) {
            sim.demand(0.02).run(FIRST);
            sim.only(0).demand(1.5).run(Duration.ofSeconds(50));
            assertThat(sim.venue().used()).isBetween(4_000L, 4_200L);
            redis.kill();
            sim.only(-1).run(Duration.ofMillis(9_990));
            assertThat(sim.venue().used()).isGreaterThan(4_600);
            assertThat(sim.venue().refused()).isZero();
        }
    }

    /** While Redis is away each member sends its safe share, no more and no less; then all is as before. */
    @ParameterizedTest
    @CsvSource({"ALIGNED", "ROLLING"})
    void redisIsAwayForOneWindow_safeSharesAreUsedAndNoneIsRefused(Limit.Kind kind) {
        try (FleetSimulation sim = new FleetSimulation(redis, 4, 0.1, limit(kind, 6000), false)) {
            sim.demand(0.02).run(FIRST);
            sim.demand(0.99).run(MINUTE.plusSeconds(30));
            redis.kill();
            sim.run(Duration.ofSeconds(30));
            long before = sim.venue().accepted();
            assertThat(sim.members()).noneMatch(member -> member.fleet().isConnected());
            sim.demand(0.6).run(MINUTE);
            assertThat(sim.venue().accepted() - before)
                    .as("four safe shares of a tenth; a tenth of those is for calls that reduce risk")
                    .isBetween(kind == Limit.Kind.ALIGNED ? 2100L : 0L, 2400L);
            redis.restart();
            sim.reconnect();
            sim.demand(0.99).run(MINUTE.multipliedBy(2));
            before = sim.venue().accepted();
            sim.run(MINUTE);
            assertThat(sim.venue().accepted() - before).as("as before").isGreaterThan(5700);
            assertThat(sim.venue().refused()).isZero();
        }
    }

    /** A member is killed while it holds a grant: what it held counts as used, its term gives it back, and the others use the rest. */
    @Test
    void memberIsKilled_whileItHoldsAGrant_itsTermGivesItBack() {
        try (FleetSimulation sim = new FleetSimulation(redis, 4, 0.01, limit(Limit.Kind.ALIGNED, 60_000), false)) {
            sim.demand(0.02).run(FIRST);
            sim.demand(1.31).run(Duration.ofSeconds(20));
            String dead = sim.members().get(1).fleet().id();
            assertThat(held(sim, dead)).as("held when it was killed").isPositive();
            sim.kill(1);
            sim.run(Duration.ofMillis(2900));
            assertThat(held(sim, dead)).as("within term and grace").isPositive();
            sim.run(Duration.ofMillis(600));
            assertThat(held(sim, dead)).as("after term and grace").isZero();
            sim.run(Duration.ofMillis(36_500));
            sim.run(Duration.ofMillis(59_990));
            assertThat(sim.venue().used()).as("by the other three").isGreaterThan(57_000);
            assertThat(sim.venue().refused()).isZero();
        }
    }

    private static long held(FleetSimulation sim, String member) {
        FleetStatus.Share share =
                sim.members().get(0).fleet().status().limits().get(0).shares().get(member);
        return share == null ? 0 : share.held();
    }

    /** Somebody outside of the fleet uses a third; the venue's answers tell, to whoever asks, and all keep to it. */
    @Test
    void strangerUsesAThird_whatTheVenueTellsReachesAll() {
        try (FleetSimulation sim = new FleetSimulation(redis, 4, 0.01, limit(Limit.Kind.ALIGNED, 6000), true)) {
            sim.demand(0.02).run(FIRST);
            sim.demand(0.99).run(Duration.ofSeconds(5));
            sim.stranger(2000);
            sim.run(Duration.ofMillis(54_990));
            assertThat(sim.venue().used()).isBetween(5600L, 6000L);
            assertThat(sim.venue().refused()).isZero();
        }
    }

    /** What is reserved is left by orders of every member, and a cancel of any of them gets it. */
    @Test
    void reserve_ordersLeaveIt_cancelsOfAnyMemberGetIt() {
        VirtualClock time = VirtualClock.at(FleetSimulation.BEGIN);
        VenueClock clock = VenueClock.of(time, time.ticker());
        Limit limit = Limit.rolling("orders", Scope.KEY, 100, MINUTE).withReserve(20);
        List<Fleet> fleet = new ArrayList<>();
        List<ClientBudget> budgets = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            Fleet member = Fleet.builder("reserve", redis.address())
                    .members(2)
                    .safeShare(0.01)
                    .onVirtualTime(clock, () -> 1_000_000_000_000_000L + time.nanos() / 1000)
                    .open();
            fleet.add(member);
            budgets.add(new ClientBudget(
                    new VenueBudget(null, member.counts(), "venue host"), List.of(limit), clock, "key", "key"));
        }
        for (int i = 0; i < 140; i++) {
            time.advance(Duration.ofMillis(500));
            fleet.forEach(Fleet::beat);
        }
        int orders = 0;
        for (int i = 0; i < 400; i++) {
            time.advance(Duration.ofMillis(50));
            orders += goes(budgets.get(i % 2), Priority.ORDER);
        }
        assertThat(orders).as("80, and a safe unit of each").isBetween(75, 82);
        int cancels = 0;
        for (int i = 0; i < 200; i++) {
            time.advance(Duration.ofMillis(50));
            cancels += goes(budgets.get(i % 2), Priority.RISK_REDUCING);
        }
        assertThat(orders + cancels).isBetween(97, 100);
        fleet.forEach(Fleet::close);
    }

    private static int goes(ClientBudget budget, Priority priority) {
        Ticket ticket = budget.ticket(ApiRequest.get("/call"), priority);
        if (ticket.poll() != 0) {
            ticket.leave();
            return 0;
        }
        ticket.answered(true, "", name -> Optional.empty());
        return 1;
    }
}
