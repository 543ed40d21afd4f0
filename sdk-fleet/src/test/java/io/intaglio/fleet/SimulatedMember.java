package io.intaglio.fleet;

import io.intaglio.client.internal.limit.ClientBudget;
import io.intaglio.client.internal.limit.Ticket;
import io.intaglio.client.internal.limit.VenueBudget;
import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.Priority;
import io.intaglio.signing.time.VenueClock;
import io.intaglio.signing.venue.Limit;
import io.intaglio.testkit.VirtualClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * One member on virtual time, which moves in steps that all members take together: calls let out in a step reach the venue in the next and are answered in
 * the one after. Its host's clock is off by some milliseconds, which it corrects by the venue's, as a client does.
 */
final class SimulatedMember implements AutoCloseable {
    /** Between two rounds of a member. */
    private static final long BEAT = 500_000_000;

    private static final ApiRequest CALL = ApiRequest.get("/call");

    private final VirtualClock time;
    private final VenueClock clock;
    private final long start;
    private final Fleet fleet;
    private final ClientBudget budget;
    private final Deque<Ticket> underWay = new ArrayDeque<>();
    private final Deque<Ticket> waiting = new ArrayDeque<>();
    private final boolean tells;
    private double owed;
    private long asleepUntil;
    private long nextBeat;
    private long nextSample;

    /** @param tells whether the venue's answers tell its count */
    SimulatedMember(
            RedisAddress redis,
            int members,
            double safeShare,
            Limit limit,
            Instant begin,
            Duration off,
            boolean tells) {
        this.time = VirtualClock.at(begin.plus(off));
        this.start = begin.getEpochSecond() * 1_000_000_000 + begin.getNano();
        this.clock = VenueClock.of(time, time.ticker());
        this.tells = tells;
        this.fleet = Fleet.builder("sim", redis)
                .members(members)
                .safeShare(safeShare)
                .onVirtualTime(clock, () -> (start + time.nanos()) / 1000)
                .open();
        this.budget = new ClientBudget(
                new VenueBudget(null, fleet.counts(), "sim localhost"),
                List.of(tells ? limit.used("Used") : limit),
                clock,
                "key",
                "key");
        this.nextBeat = off.toNanos() % BEAT + BEAT;
    }

    /**
     * Takes a step.
     *
     * @param now nanoseconds since the beginning
     * @param calls that are wanted in this step
     * @param answered how many of the calls under way were answered, the oldest first
     * @param used what the venue told with them
     * @return calls let out
     */
    int step(long now, double calls, int answered, long used) {
        if (now > time.nanos()) {
            time.advance(Duration.ofNanos(now - time.nanos()));
        }
        if (now >= nextSample) {
            nextSample = now + 30_000_000_000L;
            clock.correct(
                    Instant.ofEpochSecond(0, start + now - 10_000_000), Duration.ofMillis(1), now - 20_000_000, now);
        }
        for (int i = 0; i < answered; i++) {
            underWay.removeFirst()
                    .answered(true, "", name -> Optional.of(Long.toString(used)).filter(u -> tells));
        }
        if (now >= nextBeat) {
            nextBeat += BEAT;
            fleet.beat();
        }
        owed += calls;
        while (owed >= 1) {
            owed--;
            waiting.addLast(budget.ticket(CALL, Priority.ORDER));
        }
        int out = 0;
        while (!waiting.isEmpty() && now >= asleepUntil) {
            long wait = waiting.peekFirst().poll();
            if (wait > 0) {
                asleepUntil = now + wait;
                break;
            }
            underWay.addLast(waiting.removeFirst());
            out++;
        }
        return out;
    }

    int backlog() {
        return waiting.size();
    }

    Fleet fleet() {
        return fleet;
    }

    @Override
    public void close() {
        fleet.close();
    }
}
