package io.intaglio.client.internal.lane;

import io.intaglio.signing.Priority;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Lets a fixed number of threads in at a time. The others wait: risk-reducing calls before orders, orders before reads, each kind in the order of
 * its coming. Nobody starves: whoever has waited longest is let in after {@value #MOST_OVERTAKEN} others were let in before him. Thread-safe;
 * a turn is handed over directly, so that nobody slips in between.
 */
public final class Turns {
    static final int MOST_OVERTAKEN = 8;

    /** More nanoseconds than a long holds. */
    private static final Duration FOR_EVER = Duration.ofNanos(Long.MAX_VALUE);

    /** Guarded by the lock. */
    private static final class Waiter {
        private final long number;
        private final Condition turn;
        private boolean admitted;
        private int overtaken;

        Waiter(long number, Condition turn) {
            this.number = number;
            this.turn = turn;
        }
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Priority, Deque<Waiter>> waiting = new EnumMap<>(Priority.class);
    private int free;
    private long numbers;

    /** @param atOnce how many, at least 1 */
    public Turns(int atOnce) {
        if (atOnce < 1) {
            throw new IllegalArgumentException("at least one request must be under way at a time, was " + atOnce);
        }
        this.free = atOnce;
        for (Priority priority : Priority.values()) {
            waiting.put(priority, new ArrayDeque<>());
        }
    }

    /**
     * Waits for a turn; {@link #end} gives it back.
     *
     * @return false when none came within the limit
     */
    public boolean begin(Priority priority, Duration limit) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            if (free > 0) {
                free--; // then nobody waits
                return true;
            }
            Waiter waiter = new Waiter(numbers++, lock.newCondition());
            long left = limit.compareTo(FOR_EVER) < 0 ? limit.toNanos() : Long.MAX_VALUE;
            queue(priority).addLast(waiter);
            boolean waited = false;
            try {
                while (!waiter.admitted && left > 0) {
                    left = waiter.turn.awaitNanos(left);
                }
                waited = true;
            } finally {
                if (!waited) {
                    leave(priority, waiter); // else a turn handed over now would be lost
                }
            }
            if (!waiter.admitted) {
                queue(priority).remove(waiter);
            }
            return waiter.admitted;
        } finally {
            lock.unlock();
        }
    }

    private void leave(Priority priority, Waiter waiter) {
        if (waiter.admitted) {
            handOver();
        } else {
            queue(priority).remove(waiter);
        }
    }

    /** Gives a turn back. */
    public void end() {
        lock.lock();
        try {
            handOver();
        } finally {
            lock.unlock();
        }
    }

    /** How many wait. */
    int waiting() {
        lock.lock();
        try {
            return waiting.values().stream().mapToInt(Deque::size).sum();
        } finally {
            lock.unlock();
        }
    }

    private void handOver() {
        Deque<Waiter> first = null;
        Deque<Waiter> longest = null;
        for (Priority priority : Priority.values()) {
            Deque<Waiter> queue = queue(priority);
            if (!queue.isEmpty()) {
                first = first == null ? queue : first;
                longest = longest == null || queue.getFirst().number < longest.getFirst().number ? queue : longest;
            }
        }
        if (first == null || longest == null) {
            free++;
            return;
        }
        Waiter next = first.getFirst();
        Waiter oldest = longest.getFirst();
        if (oldest != next && oldest.overtaken++ >= MOST_OVERTAKEN) {
            next = oldest;
            first = longest;
        }
        first.removeFirst();
        next.admitted = true;
        next.turn.signal();
    }

    private Deque<Waiter> queue(Priority priority) {
        @Nullable Deque<Waiter> queue = waiting.get(priority);
        if (queue == null) {
            throw new IllegalStateException("no queue for " + priority);
        }
        return queue;
    }
}
