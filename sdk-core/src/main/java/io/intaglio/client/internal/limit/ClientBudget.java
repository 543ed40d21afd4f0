package io.intaglio.client.internal.limit;

import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.Priority;
import io.intaglio.signing.time.VenueClock;
import io.intaglio.signing.venue.Limit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What one client may still send: its limits, each with the bucket that it shares with other clients. Thread-safe. */
public final class ClientBudget {

    /**
     * Where a limit stands.
     *
     * @param name of the limit, and of the endpoint or symbol where there is a count for each
     * @param capacity units that fit in
     * @param used units that count now, calls under way included
     * @param untilEmpty how long until none of them counts any more, if nothing is sent
     */
    public record Standing(String name, long capacity, long used, Duration untilEmpty) {}

    private static final String EVERYBODY = "";

    private final VenueBudget shared;
    private final VenueClock clock;
    private final Limit[] limits;
    /** Buckets of the limits without groups; null where the request tells which. */
    private final @Nullable Bucket[] fixed;

    private final String[] sharers;
    private final boolean isByAge;
    private final Closure address;
    private final Closure key;
    private final Closure account;

    /**
     * @param keyId of the credential; kept in memory only
     * @param accountId of the account; the key where it is not known
     */
    public ClientBudget(VenueBudget shared, List<Limit> limits, VenueClock clock, String keyId, String accountId) {
        this.shared = shared;
        this.clock = clock;
        this.limits = limits.toArray(new Limit[0]);
        this.fixed = new Bucket[this.limits.length];
        this.sharers = new String[this.limits.length];
        this.isByAge = limits.stream().anyMatch(Limit::isByAge);
        shared.lock.lock();
        try {
            Now now = now();
            for (int i = 0; i < this.limits.length; i++) {
                Limit limit = this.limits[i];
                sharers[i] = switch (limit.scope()) {
                    case IP -> EVERYBODY;
                    case KEY -> "key " + keyId;
                    case ACCOUNT -> "account " + accountId;
                };
                if (!limit.isGrouped()) {
                    fixed[i] = shared.bucket(limit, sharers[i], null, now);
                }
            }
            this.address = shared.closure(EVERYBODY, clock, now);
            this.key = shared.closure("key " + keyId, clock, now);
            this.account = shared.closure("account " + accountId, clock, now);
        } finally {
            shared.lock.unlock();
        }
    }

    /** Asks for room for a call. Nothing is taken before {@link Ticket#poll()} says so. */
    public Ticket ticket(ApiRequest request, Priority priority) {
        int count = 0;
        long[] units = new long[limits.length];
        Bucket[] buckets = new Bucket[limits.length];
        for (int i = 0; i < limits.length; i++) {
            VenueBudget.PlacedOrder order = limits[i].isByAge() ? orderOf(limits[i], request) : null;
            long cost = order == null ? limits[i].cost(request) : limits[i].cost(request, order.age(clock.ticks()));
            if (cost > 0) {
                Bucket bucket = fixed[i];
                buckets[count] = bucket != null ? bucket : grouped(i, order == null ? request : order.order());
                units[count++] = cost;
            }
        }
        return new Ticket(this, buckets, units, count, priority);
    }

    private VenueBudget.@Nullable PlacedOrder orderOf(Limit limit, ApiRequest request) {
        String id = limit.order(request).orElse(null);
        if (id == null) {
            return null;
        }
        shared.lock.lock();
        try {
            return shared.order(id);
        } finally {
            shared.lock.unlock();
        }
    }

    /** Whether what a call costs can depend on the age of an order, so that {@link #placed} and {@link #changed} have to be told. */
    public boolean isByAge() {
        return isByAge;
    }

    /**
     * An order was accepted.
     *
     * @param ids those by which later calls name it
     */
    public void placed(ApiRequest order, List<String> ids) {
        VenueBudget.PlacedOrder placed = new VenueBudget.PlacedOrder(order, clock.ticks());
        shared.lock.lock();
        try {
            for (String id : ids) {
                shared.placed(id, placed);
            }
        } finally {
            shared.lock.unlock();
        }
    }

    /** A call that is about an order was accepted: the order's age begins again. */
    public void changed(ApiRequest request) {
        for (Limit limit : limits) {
            VenueBudget.PlacedOrder order = limit.isByAge() ? orderOf(limit, request) : null;
            if (order != null) {
                order.changed(clock.ticks());
            }
        }
    }

    /** The venue has published how much fits in a limit; for all clients of it. */
    public void published(String limit, long capacity) {
        shared.lock.lock();
        try {
            shared.published(limit, capacity);
        } finally {
            shared.lock.unlock();
        }
    }

    private Bucket grouped(int index, ApiRequest request) {
        Limit limit = limits[index];
        shared.lock.lock();
        try {
            return shared.bucket(limit, sharers[index], limit.group(request).orElse(""), now());
        } finally {
            shared.lock.unlock();
        }
    }

    /** How long until a call could go out, were it the next; empty when it never fits. */
    public Optional<Duration> untilFits(ApiRequest request, Priority priority) {
        return ticket(request, priority).estimate();
    }

    /** Where all limits stand that are not kept by endpoint or symbol. */
    public List<Standing> standings() {
        shared.lock.lock();
        try {
            Now now = now();
            List<Standing> standings = new ArrayList<>();
            for (Bucket bucket : fixed) {
                if (bucket != null) {
                    bucket.advance(now);
                    long used = bucket.used();
                    Duration empty = used == 0 ? Duration.ZERO : Duration.ofNanos(bucket.untilFreed(used, now));
                    standings.add(new Standing(bucket.name(), bucket.capacity(now), used, empty));
                }
            }
            return standings;
        } finally {
            shared.lock.unlock();
        }
    }

    /** Nanoseconds until this many units of the named limit fit in; empty for more than ever do, or when there is no such limit. */
    public Optional<Duration> untilFits(String limit, long units) {
        shared.lock.lock();
        try {
            Now now = now();
            for (Bucket bucket : fixed) {
                if (bucket != null && bucket.limit.name().equals(limit)) {
                    bucket.advance(now);
                    return bucket.everFits(units)
                            ? Optional.of(Duration.ofNanos(bucket.waitFor(units, 0, Priority.ORDER, now)))
                            : Optional.empty();
                }
            }
            return Optional.empty();
        } finally {
            shared.lock.unlock();
        }
    }

    VenueBudget shared() {
        return shared;
    }

    Now now() {
        return Now.on(clock);
    }

    /** Nanoseconds for which this client may not send; under the lock. */
    long closedFor(long ticks) {
        return Math.max(address.closedFor(ticks), Math.max(key.closedFor(ticks), account.closedFor(ticks)));
    }

    boolean isBanned() {
        return address.isBan() || key.isBan() || account.isBan();
    }

    Closure closure(Limit.Scope scope) {
        return switch (scope) {
            case IP -> address;
            case KEY -> key;
            case ACCOUNT -> account;
        };
    }
}
