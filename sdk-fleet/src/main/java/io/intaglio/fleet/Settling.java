package io.intaglio.fleet;

import io.intaglio.client.internal.share.LocalCount;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;

/** The slices of all limits of a venue's address, settled together with one question to Redis at a time. Guarded by the budget's lock. */
final class Settling {
    private static final Script SCRIPT = Script.named("settle");
    /** Limits in one question; there may be a count for each symbol. */
    private static final int MOST = 32;

    private final Fleet fleet;
    private final ReentrantLock lock;
    private final List<Slice> slices = new ArrayList<>();
    private boolean asking;

    Settling(Fleet fleet, ReentrantLock lock) {
        this.fleet = fleet;
        this.lock = lock;
    }

    Slice join(LocalCount count) {
        Slice slice = new Slice(this, count, Names.fingerprint(count.address() + '\n' + count.id()), fleet.ticks());
        slices.add(slice);
        return slice;
    }

    boolean isAsking() {
        return asking;
    }

    long term() {
        return fleet.termNanos();
    }

    /** How long what was granted can have been used after the last that was heard of a member. */
    long oldest() {
        return fleet.termNanos() + fleet.graceNanos();
    }

    long safeOf(long capacity) {
        return (long) Math.floor(capacity * fleet.safeShare());
    }

    /** The most that a member holds, so that little lies idle with others. */
    long largest(long capacity) {
        return Math.max(1, capacity / (20L * fleet.members()));
    }

    /** Asks for more for this slice, and for others that run low, unless a question is under way. */
    void ask(Slice wanting, long ticks) {
        if (asking) {
            return;
        }
        List<Slice> asked = new ArrayList<>();
        asked.add(wanting);
        for (Slice slice : slices) {
            if (slice != wanting && asked.size() < MOST && slice.isLow() && slice.isDue(ticks)) {
                asked.add(slice);
            }
        }
        ask(asked, true, ticks);
    }

    /** Says what is used and held, and gives back what is not needed. */
    void round(long ticks) {
        lock.lock();
        try {
            if (asking) {
                return;
            }
            List<Slice> asked = new ArrayList<>();
            for (Slice slice : slices) {
                if (asked.size() < MOST && slice.isDue(ticks)) {
                    asked.add(slice);
                }
            }
            if (!asked.isEmpty()) {
                ask(asked, false, ticks);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Gives all back. */
    CompletableFuture<List<Object>> leave(long ticks) {
        lock.lock();
        try {
            slices.forEach(Slice::giveUp);
            return slices.isEmpty() ? CompletableFuture.completedFuture(List.of()) : question(slices, false, ticks);
        } finally {
            lock.unlock();
        }
    }

    /** It is new, or has lost its data: what limits are called as well. */
    void redisKnowsNothing() {
        fleet.tellNamesAgain();
    }

    private CompletableFuture<List<Object>> question(List<Slice> asked, boolean wants, long ticks) {
        List<String> keys = new ArrayList<>(2 * asked.size());
        List<String> arguments = new ArrayList<>(6 + 18 * asked.size());
        fleet.putShared(arguments);
        for (Slice slice : asked) {
            keys.add(fleet.names().limit(slice.fingerprint()));
            keys.add(fleet.names().slots(slice.fingerprint()));
            slice.put(arguments, wants, ticks);
        }
        return fleet.run(SCRIPT, keys, arguments);
    }

    private void ask(List<Slice> asked, boolean wants, long ticks) {
        asking = true;
        CompletableFuture<Void> unused = question(asked, wants, ticks).handle((answer, failure) -> {
            lock.lock();
            try {
                asking = false;
                long now = fleet.ticks();
                for (int i = 0; i < asked.size(); i++) {
                    if (failure == null) {
                        asked.get(i).take(answer, i * Slice.ANSWERS, wants, ticks, now);
                    } else {
                        asked.get(i).failed(now);
                    }
                }
            } finally {
                lock.unlock();
            }
            return null;
        });
    }
}
