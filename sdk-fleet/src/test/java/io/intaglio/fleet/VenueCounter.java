package io.intaglio.fleet;

import io.intaglio.signing.venue.Limit;
import java.util.ArrayDeque;
import java.util.Deque;

/** A venue's own count of a limit, in the plainest way, on its own clock in nanoseconds; it refuses what does not fit. */
final class VenueCounter {
    private final Limit limit;
    private final long period;
    private final Deque<Long> calls = new ArrayDeque<>();
    private long window = Long.MIN_VALUE;
    private long inWindow;
    private double level;
    private long levelAt;
    private long refused;
    private long accepted;
    private long strangers;

    VenueCounter(Limit limit) {
        this.limit = limit;
        this.period = limit.period().toNanos();
    }

    /** One call of one unit. */
    boolean take(long now) {
        fall(now);
        if (used() + 1 > limit.capacity()) {
            refused++;
            return false;
        }
        switch (limit.kind()) {
            case ALIGNED -> inWindow++;
            case ROLLING -> calls.addLast(now);
            case LEAKY -> level++;
        }
        accepted++;
        return true;
    }

    /** Somebody else uses so many units of the window. */
    void stranger(long units, long now) {
        fall(now);
        strangers += units;
    }

    private void fall(long now) {
        switch (limit.kind()) {
            case ALIGNED -> {
                if (Math.floorDiv(now, period) != window) {
                    window = Math.floorDiv(now, period);
                    inWindow = 0;
                    strangers = 0;
                }
            }
            case ROLLING -> {
                while (!calls.isEmpty() && calls.peekFirst() <= now - period) {
                    calls.removeFirst();
                }
            }
            case LEAKY -> {
                level = Math.max(0, level - (now - levelAt) * (double) limit.capacity() / period);
                levelAt = now;
            }
        }
    }

    long used() {
        return strangers
                + switch (limit.kind()) {
                    case ALIGNED -> inWindow;
                    case ROLLING -> calls.size();
                    case LEAKY -> (long) Math.ceil(level);
                };
    }

    long used(long now) {
        fall(now);
        return used();
    }

    long refused() {
        return refused;
    }

    long accepted() {
        return accepted;
    }
}
