package io.intaglio.testkit;

import java.time.Duration;
import java.time.Instant;

/** Counts what was used of a capacity. Not thread-safe: guarded by the lock of the house. */
interface Meter {
    /** Uses units if there is room for them. */
    boolean take(Instant now, int units);

    /** What is in use. */
    int used(Instant now);

    /** Least time until all or part of the capacity is back. */
    Duration untilMore(Instant now);

    /** A window aligned to the clock; refused units count as well. */
    static Meter aligned(int capacity, Duration window) {
        return new Aligned(capacity, window);
    }

    /** Drains evenly, the whole capacity in one window; refused units do not count. */
    static Meter draining(int capacity, Duration window) {
        return new Draining(capacity, window);
    }

    /** See {@link Meter#aligned}. */
    final class Aligned implements Meter {
        private final int capacity;
        private final long windowMillis;
        private long window = Long.MIN_VALUE;
        private int used;

        private Aligned(int capacity, Duration window) {
            this.capacity = capacity;
            this.windowMillis = window.toMillis();
        }

        @Override
        public boolean take(Instant now, int units) {
            used = Math.addExact(used(now), units);
            return used <= capacity;
        }

        @Override
        public int used(Instant now) {
            long current = Math.floorDiv(now.toEpochMilli(), windowMillis);
            if (current != window) {
                window = current;
                used = 0;
            }
            return used;
        }

        @Override
        public Duration untilMore(Instant now) {
            return Duration.ofMillis(windowMillis - Math.floorMod(now.toEpochMilli(), windowMillis));
        }
    }

    /** See {@link Meter#draining}. */
    final class Draining implements Meter {
        private final int capacity;
        private final double perMilli;
        private Instant last = Instant.MIN;
        private double level;

        private Draining(int capacity, Duration window) {
            this.capacity = capacity;
            this.perMilli = (double) capacity / window.toMillis();
        }

        @Override
        public boolean take(Instant now, int units) {
            drain(now);
            if (level + units > capacity + 1e-9) {
                return false;
            }
            level += units;
            return true;
        }

        @Override
        public int used(Instant now) {
            drain(now);
            return (int) Math.ceil(level);
        }

        @Override
        public Duration untilMore(Instant now) {
            return Duration.ofMillis((long) Math.ceil(1 / perMilli));
        }

        private void drain(Instant now) {
            if (now.isAfter(last)) {
                level = last.equals(Instant.MIN)
                        ? 0
                        : Math.max(0, level - Duration.between(last, now).toMillis() * perMilli);
                last = now;
            }
        }
    }
}
