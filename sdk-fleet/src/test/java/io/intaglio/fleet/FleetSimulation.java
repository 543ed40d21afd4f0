package io.intaglio.fleet;

import io.intaglio.signing.venue.Limit;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.LongToIntFunction;
import org.awaitility.Awaitility;

/** Members in this process, each with its own connections to Redis, against one venue, on virtual time. */
final class FleetSimulation implements AutoCloseable {
    static final Instant BEGIN = Instant.parse("2026-03-01T12:00:00Z");
    private static final long STEP = 10_000_000;

    private final Limit limit;
    private final VenueCounter venue;
    private final List<SimulatedMember> members = new ArrayList<>();
    private final TreeMap<Long, Runnable> plan = new TreeMap<>();
    private final List<int[]> onTheWay = new ArrayList<>();
    private final List<Integer> answers = new ArrayList<>();
    private final long begin = BEGIN.getEpochSecond() * 1_000_000_000;
    private double demand = 0.99;
    private long now;
    private LongToIntFunction busiest = t -> -1;
    private double busiestPart = 0.7;
    private int frozen = -1;

    FleetSimulation(RedisServer redis, int count, double safeShare, Limit limit, boolean tells) {
        this.limit = limit;
        this.venue = new VenueCounter(limit);
        for (int i = 0; i < count; i++) {
            Duration off = Duration.ofMillis(new int[] {0, 130, -250, 40}[i % 4]);
            members.add(new SimulatedMember(redis.address(), count, safeShare, limit, BEGIN, off, tells));
            onTheWay.add(new int[1]);
            answers.add(0);
        }
    }

    /** What is wanted of the whole limit. */
    FleetSimulation demand(double share) {
        demand = share;
        return this;
    }

    /** One member alone wants anything, or all alike again when negative. */
    FleetSimulation only(int member) {
        busiest = t -> member;
        busiestPart = 1;
        return this;
    }

    /** A member does nothing, as its host is stopped, but for what it has sent; none when negative. */
    void freeze(int member) {
        frozen = member;
    }

    /** Which member wants seven tenths of all at a time; none when negative. */
    FleetSimulation busiest(LongToIntFunction member) {
        busiest = member;
        return this;
    }

    /** Something happens. */
    FleetSimulation at(Duration time, Runnable what) {
        plan.put(time.toNanos(), what);
        return this;
    }

    void run(Duration duration) {
        long end = now + duration.toNanos();
        double perStep = demand * limit.capacity() * STEP / limit.period().toNanos();
        while (now < end) {
            now += STEP;
            while (!plan.isEmpty() && plan.firstKey() <= now) {
                plan.pollFirstEntry().getValue().run();
            }
            for (int i = 0; i < members.size(); i++) {
                int arrived = onTheWay.get(i)[0];
                for (int k = 0; k < arrived; k++) {
                    venue.take(begin + now);
                }
                onTheWay.get(i)[0] = -arrived;
            }
            long used = venue.used(begin + now);
            int favoured = busiest.applyAsInt(now);
            for (int i = 0; i < members.size(); i++) {
                SimulatedMember member = members.get(i);
                int arrived = -onTheWay.get(i)[0];
                if (i == frozen) {
                    answers.set(i, answers.get(i) + arrived);
                    onTheWay.get(i)[0] = 0;
                    continue;
                }
                if (member == null) {
                    onTheWay.get(i)[0] = 0;
                    continue;
                }
                double part = favoured < 0
                        ? 1.0 / members.size()
                        : i == favoured ? busiestPart : (1 - busiestPart) / (members.size() - 1);
                onTheWay.get(i)[0] = member.step(now, perStep * part, answers.get(i), used);
                answers.set(i, arrived);
            }
        }
    }

    /** A member is gone, as by kill -9: what it let out in this step still arrives. */
    void kill(int member) {
        members.get(member).fleet().crash();
        members.set(member, null);
    }

    void stranger(long units) {
        venue.stranger(units, begin + now);
    }

    /** Waits, in real time, until all members have Redis again. */
    void reconnect() {
        for (int i = 0; i < members.size(); i++) {
            SimulatedMember member = members.get(i);
            if (i == frozen) {
                continue;
            }
            Awaitility.await()
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> {
                        member.fleet().beat();
                        return member.fleet().isConnected();
                    });
        }
    }

    VenueCounter venue() {
        return venue;
    }

    List<SimulatedMember> members() {
        return members;
    }

    long operations() {
        return members.stream()
                .filter(m -> m != null)
                .mapToLong(m -> m.fleet().redisOperations())
                .sum();
    }

    @Override
    public void close() {
        members.stream().filter(m -> m != null).forEach(SimulatedMember::close);
    }
}
