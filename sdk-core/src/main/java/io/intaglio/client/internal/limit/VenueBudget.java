package io.intaglio.client.internal.limit;

import io.intaglio.client.internal.share.SharedCounts;
import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.time.VenueClock;
import io.intaglio.signing.venue.Limit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
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

    /** The limits of whose kept counts a restart can be seen. */
    private static final long SHORTEST_KEPT_NANOS = 1_000_000_000;

    /** Of ten thousand orders, which have two each. */
    private static final int MOST_ORDER_IDS = 20_000;

    private final @Nullable CountFile file;
    private final @Nullable SharedCounts others;
    private final String name;
    private final Map<String, Bucket> buckets = new HashMap<>();
    private final Map<String, Long> published = new HashMap<>();
    /** The latest orders by their ids, for limits by age. */
    private final Map<String, PlacedOrder> orders = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, PlacedOrder> eldest) {
            return size() > MOST_ORDER_IDS;
        }
    };

    private final Map<String, Closure> closures = new HashMap<>();
    private long arrivals;
    private int overtaking;
    private @Nullable Ticket favoured;

    /** An order that was accepted, the same by each of its ids. Thread-safe. */
    static final class PlacedOrder {
        private final ApiRequest order;
        private volatile long newAt;

        PlacedOrder(ApiRequest order, long ticks) {
            this.order = order;
            this.newAt = ticks;
        }

        ApiRequest order() {
            return order;
        }

        Duration age(long ticks) {
            return Duration.ofNanos(ticks - newAt);
        }

        /** It was changed, and its age begins again. */
        void changed(long ticks) {
            newAt = ticks;
        }
    }

    /** Of one process, forgotten with it. */
    public VenueBudget() {
        this(null, null, "");
    }

    /**
     * @param file where counts are kept over restarts; null for nowhere
     * @param others who counts together with this process; null for nobody
     * @param name of the venue and its address, unique in the file
     */
    public VenueBudget(@Nullable CountFile file, @Nullable SharedCounts others, String name) {
        this.file = file;
        this.others = others;
        this.name = name;
    }

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
    Bucket bucket(Limit limit, String sharer, @Nullable String group, Now now) {
        String id = limit.name() + '\n' + sharer + '\n' + (group == null ? "" : group);
        Bucket bucket = buckets.get(id);
        if (bucket == null) {
            bucket = Bucket.of(limit, group, now.ticks());
            bucket.capacityTold(published.getOrDefault(limit.name(), 0L));
            if (file != null && limit.period().toNanos() > SHORTEST_KEPT_NANOS) {
                CountFile.Slot slot = file.slot(name + '\n' + id);
                if (slot != null) {
                    bucket.keptIn(slot, now);
                }
            }
            if (others != null) {
                bucket.shareWith(others, lock, name, id, now);
            }
            buckets.put(id, bucket);
        }
        return bucket;
    }

    /** @param clock of the client, by which it hears how long others were told to wait */
    Closure closure(String sharer, VenueClock clock, Now now) {
        return closures.computeIfAbsent(sharer, s -> {
            Closure closure = new Closure();
            if (others != null) {
                closure.shareWith(others.closing(name, s, (nanos, ban) -> heard(closure, nanos, ban, clock)));
            }
            CountFile.Slot slot = file == null ? null : file.slot(name + "\nclosure\n" + s);
            if (slot != null) {
                closure.keptIn(slot, now);
            }
            return closure;
        });
    }

    /** Another process was asked to wait. */
    private void heard(Closure closure, long nanos, boolean ban, VenueClock clock) {
        lock.lock();
        try {
            Now now = Now.on(clock);
            closure.heard(now.ticks() + nanos, ban, now);
        } finally {
            lock.unlock();
        }
    }

    /** The venue has published how much fits in. */
    void published(String limit, long capacity) {
        published.put(limit, capacity);
        for (Bucket bucket : buckets.values()) {
            if (bucket.limit.name().equals(limit)) {
                bucket.capacityTold(capacity);
            }
        }
    }

    /** An order was accepted. */
    void placed(String orderId, PlacedOrder order) {
        orders.put(orderId, order);
    }

    @Nullable
    PlacedOrder order(String orderId) {
        return orders.get(orderId);
    }
}
