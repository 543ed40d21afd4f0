package io.intaglio.client;

import io.intaglio.client.internal.limit.VenueBudget;
import io.intaglio.signing.venue.Venue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Who counts together. A venue counts the calls of an address, a key or an account, whichever client makes them; clients that are given the same
 * {@code Budgets} keep its limits together. Limits of an address are shared by all clients of a venue at the same host, those of a key by those
 * that sign with it. Thread-safe.
 *
 * <p>Clients use {@link #ofThisProcess()} unless told otherwise, since all threads of a process have one address. Processes do not hear of each
 * other: give each its part with {@link Venue#withLimits}.
 */
public final class Budgets {
    /** The one static state of this library: a process has one address, whoever makes its clients. */
    private static final Budgets PROCESS = new Budgets();

    private final ConcurrentMap<String, VenueBudget> byVenue = new ConcurrentHashMap<>();

    private Budgets() {}

    /** The one that all clients of this process share unless told otherwise. */
    public static Budgets ofThisProcess() {
        return PROCESS;
    }

    /** One of its own, shared by those to whom it is given: for clients that leave by another address, and for tests. */
    public static Budgets separate() {
        return new Budgets();
    }

    VenueBudget of(Venue venue) {
        return byVenue.computeIfAbsent(
                venue.name() + ' ' + venue.baseUri().getAuthority(), address -> new VenueBudget());
    }
}
