package io.intaglio.client.internal.limit;

import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.Priority;
import io.intaglio.signing.time.VenueClock;
import io.intaglio.signing.venue.Limit;
import io.intaglio.testkit.VirtualClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.LongUnaryOperator;

/**
 * Clients in one process against a venue that counts by itself, event by event on virtual time: each call takes 1 to 40 ms to the venue and 1 to 40
 * ms back. The venue's counters are written apart from the code under test, each in the plainest way.
 */
final class LimitSimulation {
    /** A venue's counter, on the venue's clock in nanoseconds. */
    interface Counter {
        /** Takes the units, or refuses. */
        boolean take(long now, long units);

        long used(long now);

        /** Nanoseconds until it has fallen. */
        long untilLess(long now);

        static Counter of(Limit.Kind kind, LongUnaryOperator capacity, long period) {
            return switch (kind) {
                case ALIGNED -> new Aligned(capacity, period);
                case ROLLING -> new Rolling(capacity, period);
                case LEAKY -> new Leaky(capacity, period);
            };
        }
    }

    /** Counts per window of the clock. */
    static class Aligned implements Counter {
        private final LongUnaryOperator capacity;
        private final long period;
        long window = -1;
        long used;
        /** By how much this venue's counter falls later than its clock says. */
        long late;

        Aligned(LongUnaryOperator capacity, long period) {
            this.capacity = capacity;
            this.period = period;
        }

        @Override
        public boolean take(long now, long units) {
            roll(now);
            if (used + units > capacity.applyAsLong(now)) {
                return false;
            }
            used += units;
            return true;
        }

        @Override
        public long used(long now) {
            roll(now);
            return used;
        }

        @Override
        public long untilLess(long now) {
            return period - (now - late) % period;
        }

        private void roll(long now) {
            long current = windowAt(now);
            if (current != window) {
                window = current;
                used = 0;
            }
        }

        long windowAt(long now) {
            return (now - late) / period;
        }
    }

    /** Remembers each call. */
    static final class Rolling implements Counter {
        private final LongUnaryOperator capacity;
        private final long period;
        private final Deque<long[]> calls = new ArrayDeque<>();
        private long used;

        Rolling(LongUnaryOperator capacity, long period) {
            this.capacity = capacity;
            this.period = period;
        }

        @Override
        public boolean take(long now, long units) {
            if (used(now) + units > capacity.applyAsLong(now)) {
                return false;
            }
            calls.addLast(new long[] {now, units});
            used += units;
            return true;
        }

        @Override
        public long untilLess(long now) {
            return calls.isEmpty() ? 1 : calls.peekFirst()[0] + period - now;
        }

        @Override
        public long used(long now) {
            while (!calls.isEmpty() && calls.peekFirst()[0] <= now - period) {
                used -= calls.removeFirst()[1];
            }
            return used;
        }
    }

    /** A level that falls. */
    static final class Leaky implements Counter {
        private final LongUnaryOperator capacity;
        private final double perNano;
        private final long full;
        private double level;
        private long at;

        Leaky(LongUnaryOperator capacity, long period) {
            this.capacity = capacity;
            this.full = capacity.applyAsLong(0);
            this.perNano = (double) full / period;
        }

        @Override
        public boolean take(long now, long units) {
            leak(now);
            if (level + units > capacity.applyAsLong(now) + 1e-6) {
                return false;
            }
            level += units;
            return true;
        }

        @Override
        public long used(long now) {
            leak(now);
            return (long) Math.ceil(level);
        }

        @Override
        public long untilLess(long now) {
            return (long) (1 / perNano);
        }

        private void leak(long now) {
            level = Math.max(0, level - (now - at) * perNano);
            at = now;
        }
    }

    /** What came of a run. */
    record Result(long accepted, long refused, long acceptedUnits, long sentWhileClosed, List<Long> orderWaits) {
        Duration p99OrderWait() {
            long[] sorted =
                    orderWaits.stream().mapToLong(Long::longValue).sorted().toArray();
            return sorted.length == 0 ? Duration.ZERO : Duration.ofNanos(sorted[(int) (sorted.length * 0.99)]);
        }
    }

    private record Event(long at, long order, Runnable what) {}

    private static final Instant START = Instant.parse("2026-03-01T12:00:07.300Z");
    private static final Duration SKEW = Duration.ofMillis(1300);

    private final VirtualClock clock = VirtualClock.at(START);
    private final PriorityQueue<Event> events =
            new PriorityQueue<>(Comparator.comparingLong(Event::at).thenComparingLong(Event::order));
    private final SplittableRandom random;
    private final Limit limit;
    private int process;
    private final List<ClientBudget> clients = new ArrayList<>();
    private long eventCount;

    /** Hears of what the count of others rose by. */
    Consumer<Moved> moved = ignored -> {};

    /** Share of answers that lack the header. */
    double headersMissing;
    /** How much longer than other calls every tenth is under way, at most. */
    Duration delay = Duration.ZERO;
    /** Whether a refusal tells how long to wait. */
    boolean tellsWait = true;
    /** Whether orders come at all, one of ten. */
    final Counter counter;

    private long accepted;
    private long refused;
    private long acceptedUnits;
    private long sentWhileClosed;
    private long closedUntil = Long.MIN_VALUE;
    private final List<Long> orderWaits = new ArrayList<>();

    LimitSimulation(Limit limit, Counter counter, int clientCount, long seed) {
        this.limit = limit;
        this.counter = counter;
        this.random = new SplittableRandom(seed);
        begin(clientCount);
    }

    private void begin(int clientCount) {
        VenueBudget budget = new VenueBudget();
        clients.clear();
        for (int i = 0; i < clientCount; i++) {
            VenueClock venueClock = VenueClock.of(clock, clock.ticker());
            long sent = venueClock.ticks();
            clock.advance(Duration.ofMillis(20));
            Instant told = Instant.ofEpochMilli(clock.instant().plus(SKEW).toEpochMilli());
            clock.advance(Duration.ofMillis(15));
            venueClock.correct(told, Duration.ofMillis(1), sent, venueClock.ticks());
            clients.add(new ClientBudget(budget, List.of(limit), venueClock, "key", "key"));
        }
    }

    /** The process ends, whatever it has under way, and another begins that knows nothing of it. */
    void restart() {
        process++;
        begin(clients.size());
    }

    long venueNow() {
        Instant now = clock.instant().plus(SKEW);
        return now.getEpochSecond() * 1_000_000_000L + now.getNano();
    }

    void at(Duration after, Runnable what) {
        events.add(new Event(clock.nanos() + after.toNanos(), eventCount++, what));
    }

    /** Units of this size, at this rate, for this long; one call of ten is an order. */
    void offer(long[] sizes, double unitsPerSecond, Duration from, Duration until) {
        double mean = Arrays.stream(sizes).average().orElseThrow();
        long gap = (long) (mean / unitsPerSecond * 1e9);
        long calls = until.minus(from).toNanos() / gap;
        for (long i = 0; i < calls; i++) {
            long size = sizes[random.nextInt(sizes.length)];
            int client = (int) (i % clients.size());
            boolean order = random.nextInt(10) == 0;
            long jitter = random.nextLong(gap);
            at(from.plusNanos(i * gap + jitter), () -> call(clients.get(client), size, order));
        }
    }

    /** Somebody else's calls, which we see in no way but the venue's count. */
    void others(long size, double unitsPerSecond, Duration from, Duration until) {
        long gap = (long) (size / unitsPerSecond * 1e9);
        for (long t = from.toNanos(); t < until.toNanos(); t += gap) {
            at(Duration.ofNanos(t), () -> {
                boolean unused = counter.take(venueNow(), size);
            });
        }
    }

    private void call(ClientBudget client, long size, boolean order) {
        ApiRequest request = ApiRequest.get("/" + size);
        Ticket ticket = client.ticket(request, order ? Priority.ORDER : Priority.READ);
        poll(process, ticket, size, order, clock.nanos());
    }

    private void poll(int of, Ticket ticket, long size, boolean order, long cameAt) {
        if (of != process) {
            return;
        }
        long wait = ticket.poll();
        if (wait == Long.MAX_VALUE) {
            throw new AssertionError("never fits: " + ticket.reason());
        }
        if (wait > 0) {
            at(Duration.ofNanos(Math.min(wait, 1_000_000_000L)), () -> poll(of, ticket, size, order, cameAt));
            return;
        }
        if (order) {
            orderWaits.add(clock.nanos() - cameAt);
        }
        if (clock.nanos() < closedUntil) {
            sentWhileClosed++;
        }
        at(way(), () -> arrive(of, ticket, size));
    }

    private Duration way() {
        long more = delay.isZero() || random.nextInt(10) > 0 ? 0 : random.nextLong(delay.toMillis());
        return Duration.ofMillis(1 + random.nextInt(40) + more);
    }

    private void arrive(int of, Ticket ticket, long size) {
        long now = venueNow();
        boolean ok = counter.take(now, size);
        long used = counter.used(now);
        boolean tells = random.nextDouble() >= headersMissing;
        Duration wait = Duration.ofNanos(counter.untilLess(now));
        at(way(), () -> {
            if (of != process) {
                return;
            }
            ticket.answered(ok, "", name -> tells ? Optional.of(Long.toString(used)) : Optional.empty())
                    .forEach(moved);
            if (ok) {
                accepted++;
                acceptedUnits += size;
            } else {
                refused++;
                Duration closed = ticket.refused("", false, tellsWait ? wait : null);
                closedUntil = Math.max(closedUntil, clock.nanos() + closed.toNanos());
            }
        });
    }

    Result run(Duration length) {
        long end = clock.nanos() + length.toNanos();
        Event next;
        while ((next = events.peek()) != null && next.at() <= end) {
            events.poll();
            if (next.at() > clock.nanos()) {
                clock.advance(Duration.ofNanos(next.at() - clock.nanos()));
            }
            next.what().run();
        }
        return new Result(accepted, refused, acceptedUnits, sentWhileClosed, orderWaits);
    }
}
