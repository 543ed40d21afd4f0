package io.intaglio.client;

import io.intaglio.client.internal.limit.CountFile;
import io.intaglio.client.internal.limit.VenueBudget;
import io.intaglio.client.internal.share.SharedCounts;
import io.intaglio.signing.venue.Venue;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * Who counts together. A venue counts the calls of an address, a key or an account, whichever client makes them; clients that are given the same
 * {@code Budgets} keep its limits together. Limits of an address are shared by all clients of a venue at the same host, those of a key by those
 * that sign with it. Thread-safe.
 *
 * <p>Clients use {@link #ofThisProcess()} unless told otherwise, since all threads of a process have one address. Processes do not hear of each
 * other: give each its part with {@link Venue#withLimits}, or make them a fleet (module {@code sdk-fleet}).
 */
public final class Budgets implements AutoCloseable {
    /** The one static state of this library: a process has one address, whoever makes its clients. */
    private static final Budgets PROCESS = new Budgets(null, null);

    private final ConcurrentMap<String, VenueBudget> byVenue = new ConcurrentHashMap<>();

    private final @Nullable CountFile file;
    private final @Nullable SharedCounts others;

    private Budgets(@Nullable CountFile file, @Nullable SharedCounts others) {
        this.file = file;
        this.others = others;
    }

    /** The one that all clients of this process share unless told otherwise. */
    public static Budgets ofThisProcess() {
        return PROCESS;
    }

    /** One of its own, shared by those to whom it is given: for clients that leave by another address, and for tests. */
    public static Budgets separate() {
        return new Budgets(null, null);
    }

    /**
     * One whose counts, and how long nobody may send, outlive the process: a service that is restarted in the middle of a window, or of a ban, goes on
     * where it was. The file is of one process at a time and survives {@code kill -9}; no key id is in it. Windows of up to a second are not kept. What
     * calls under way cost counts as used, so that a restart may wait longer than it had to, never less.
     *
     * @throws IllegalStateException when another process has the file open, or when it is another kind of file
     * @throws java.io.UncheckedIOException when it cannot be read or written
     */
    public static Budgets keptIn(Path file) {
        return new Budgets(CountFile.open(file), null);
    }

    /**
     * One that counts together with other processes; what {@code Fleet.budgets()} of module {@code sdk-fleet} gives. Not for others: its argument is of a
     * package that only that module may use.
     */
    @SuppressWarnings("exports") // that is meant: it is exported to the fleet's module alone
    public static Budgets together(SharedCounts others) {
        return new Budgets(null, Objects.requireNonNull(others, "others"));
    }

    /** Lets another process have the {@linkplain #keptIn file}; after the clients that use it are closed. Does nothing to the others. */
    @Override
    public void close() {
        if (file != null) {
            file.close();
        }
    }

    VenueBudget of(Venue venue) {
        return byVenue.computeIfAbsent(
                venue.name() + ' ' + venue.baseUri().getAuthority(), address -> new VenueBudget(file, others, address));
    }
}
