package io.intaglio.fleet;

import io.intaglio.client.internal.share.LocalCount;
import io.intaglio.client.internal.share.SharedCount;
import io.intaglio.client.internal.share.SharedCounts;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/** The limits of all venues, counted together with the other members. Thread-safe. */
final class FleetBudget implements SharedCounts {
    private static final Script CLOSE = Script.named("close");

    private final Fleet fleet;
    private final ConcurrentMap<ReentrantLock, Settling> settlings = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, List<Closing>> hearers = new ConcurrentHashMap<>();

    FleetBudget(Fleet fleet) {
        this.fleet = fleet;
    }

    @Override
    public SharedCount join(LocalCount count) {
        fleet.named(Names.fingerprint(count.address() + '\n' + count.id()), count);
        return settlings
                .computeIfAbsent(count.lock(), lock -> new Settling(fleet, lock))
                .join(count);
    }

    @Override
    public Closing closing(String address, String sharer, Closing hearer) {
        String whose = Names.fingerprint(address + '\n' + sharer);
        hearers.computeIfAbsent(whose, w -> new CopyOnWriteArrayList<>()).add(hearer);
        String venue = address.substring(0, Math.max(0, address.indexOf(' ')));
        return (nanos, ban) -> {
            List<String> arguments = List.of(
                    fleet.redisTime(),
                    whose,
                    Long.toString(TimeUnit.NANOSECONDS.toMicros(nanos) + 1),
                    ban ? "1" : "0",
                    venue);
            CompletableFuture<List<Object>> unused = fleet.run(
                    CLOSE, List.of(fleet.names().closures(), fleet.names().channel()), arguments);
        };
    }

    /** Another member was asked to wait; or this one, which hears of it too. */
    void heard(String whose, long micros, boolean ban) {
        hearers.getOrDefault(whose, List.of())
                .forEach(hearer -> hearer.closed(TimeUnit.MICROSECONDS.toNanos(micros), ban));
    }

    void round(long ticks) {
        settlings.values().forEach(settling -> settling.round(ticks));
    }

    CompletableFuture<Void> leave(long ticks) {
        List<CompletableFuture<List<Object>>> all = new ArrayList<>();
        settlings.values().forEach(settling -> all.add(settling.leave(ticks)));
        return CompletableFuture.allOf(all.toArray(new CompletableFuture<?>[0]));
    }
}
