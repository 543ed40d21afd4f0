package io.intaglio.client.internal.limit;

import io.intaglio.signing.venue.Limit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * All counts of one venue at one address, shared by every client of it. One lock guards them, so that a call takes from all its buckets at once
 * or from none. Thread-safe.
 */
public final class VenueBudget {
    /** After so many calls of higher priority went past those that wait, the one that waits longest goes next. */
    static final int MOST_OVERTAKING = 8;

    final ReentrantLock lock = new ReentrantLock();
    /** Calls that wait, in the order in which they came. */
    final List<Ticket> waiting = new ArrayList<>();

    private final Map<String, Bucket> buckets = new HashMap<>();
    private final Map<String, Closure> closures = new HashMap<>();
    private long arrivals;
    private int overtaking;
    private @Nullable Ticket favoured;

    long nextArrival() {
        return arrivals++;
    }

    /** Whether this call goes before others of its priority and lower ones, having waited longest while others went past. */
    boolean favours(Ticket ticket) {
        return favoured == ticket;
    }

    /** A call goes out; whether it went past one that came before. */
    void goes(Ticket ticket, boolean overtook) {
        if (favoured == ticket) {
            favoured = null;
        }
        overtaking = overtook ? overtaking + 1 : overtaking;
        if (overtaking >= MOST_OVERTAKING && favoured == null && !waiting.isEmpty()) {
            overtaking = 0;
            favoured = waiting.get(0);
        }
    }

    /** A call waits no longer. */
    void leaves(Ticket ticket) {
        waiting.remove(ticket);
        if (favoured == ticket) {
            favoured = null;
        }
    }

    /** The bucket of a limit for who shares it; the newest declaration of a limit's capacity holds for all. */
    Bucket bucket(Limit limit, String sharer, @Nullable String group, long ticks) {
        String id = limit.name() + '\n' + sharer + '\n' + (group == null ? "" : group);
        Bucket bucket = buckets.get(id);
        if (bucket == null) {
            bucket = Bucket.of(limit, group, ticks);
            buckets.put(id, bucket);
        }
        return bucket;
    }

    Closure closure(String sharer) {
        return closures.computeIfAbsent(sharer, s -> new Closure());
    }
}
