package io.intaglio.testkit;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What will go wrong, in order. Each fault happens to one signed request and is then gone; public requests are never touched. A request that
 * several faults fit gets the one scripted first. Thread-safe.
 *
 * <pre>{@code
 * sim.faults().next(Fault.unavailable(), Fault.acceptThenLoseAnswer());
 * sim.faults().next(path -> path.equals("/api/v3/order"), Fault.slow(Duration.ofMillis(300)));
 * }</pre>
 */
public final class FaultScript {
    private record Entry(Predicate<String> path, Fault fault) {}

    private final List<Entry> entries = new ArrayList<>();

    FaultScript() {}

    /** Adds faults for the next signed requests, one each. */
    public FaultScript next(Fault... faults) {
        return next(path -> true, faults);
    }

    /** Adds faults for the next signed requests whose path (without the query) fits, one each. */
    public synchronized FaultScript next(Predicate<String> path, Fault... faults) {
        Objects.requireNonNull(path, "path");
        for (Fault fault : faults) {
            entries.add(new Entry(path, Objects.requireNonNull(fault, "fault")));
        }
        return this;
    }

    /** Adds the same fault for so many of the next signed requests: a venue that is down stays down. */
    public FaultScript repeat(int times, Fault fault) {
        return next(Collections.nCopies(times, Objects.requireNonNull(fault, "fault"))
                .toArray(Fault[]::new));
    }

    /** How many faults have not happened yet. */
    public synchronized int left() {
        return entries.size();
    }

    /** Forgets the faults that have not happened yet. */
    public synchronized void clear() {
        entries.clear();
    }

    synchronized @Nullable Fault take(String path) {
        for (Iterator<Entry> it = entries.iterator(); it.hasNext(); ) {
            Entry entry = it.next();
            if (entry.path.test(path)) {
                it.remove();
                return entry.fault;
            }
        }
        return null;
    }
}
