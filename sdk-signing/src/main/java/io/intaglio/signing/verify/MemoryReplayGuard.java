package io.intaglio.signing.verify;

import io.intaglio.signing.standard.ReplayGuard;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * Remembers nonces in the memory of one process, up to a number. It forgets a nonce only when it has run out; when it is full of nonces that have
 * not, every further message counts as seen, since a guard that forgets early lets messages in twice. Thread-safe.
 */
public final class MemoryReplayGuard implements ReplayGuard {
    private final int capacity;
    private final Supplier<Instant> clock;
    private final Map<String, Instant> seen = new HashMap<>();
    private final TreeMap<Instant, Integer> ends = new TreeMap<>();

    /**
     * A guard.
     *
     * @param capacity most nonces to remember, at least one
     * @param clock tells when a nonce has run out
     */
    public MemoryReplayGuard(int capacity, Supplier<Instant> clock) {
        if (capacity < 1) {
            throw new IllegalArgumentException("capacity must be at least 1, was " + capacity);
        }
        this.capacity = capacity;
        this.clock = clock;
    }

    @Override
    public synchronized boolean firstUse(String keyId, String nonce, Instant until) {
        Instant now = clock.get();
        if (!ends.isEmpty() && ends.firstKey().isBefore(now)) {
            seen.values().removeIf(end -> end.isBefore(now));
            ends.headMap(now).clear();
        }
        String name = keyId.length() + ":" + keyId + nonce;
        if (seen.containsKey(name) || seen.size() >= capacity) {
            return false;
        }
        seen.put(name, until);
        ends.merge(until, 1, Integer::sum);
        return true;
    }
}
