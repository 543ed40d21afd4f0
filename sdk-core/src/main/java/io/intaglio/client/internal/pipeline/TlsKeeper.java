package io.intaglio.client.internal.pipeline;

import io.intaglio.client.event.Event;
import io.intaglio.client.internal.event.Broadcast;
import io.intaglio.client.tls.Tls;
import io.intaglio.signing.time.VenueClock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Looks after trust and identity while calls are made, on the client's executor: takes changed keystores, lets connections of before go, and says when certificates come
 * near their end. A client at rest looks at nothing; it looks again before it opens a connection. Thread-safe.
 */
final class TlsKeeper {
    private static final long EVERY_NANOS = 1_000_000_000L;

    /** Days before a certificate's end at which it is told, once each. */
    private static final List<Integer> WARNINGS = List.of(0, 1, 7, 14, 30);

    private final String venue;
    private final Tls tls;
    private final Exit exit;
    private final VenueClock clock;
    private final Broadcast events;
    private final Executor executor;
    private final AtomicBoolean looking = new AtomicBoolean();
    private volatile long lookedAt;
    private long generation;
    private Optional<String> refusal = Optional.empty();
    private final Map<Tls.Expiry, Integer> warned = new HashMap<>();

    TlsKeeper(String venue, Tls tls, Exit exit, VenueClock clock, Broadcast events, Executor executor) {
        this.venue = venue;
        this.tls = tls;
        this.exit = exit;
        this.clock = clock;
        this.events = events;
        this.executor = executor;
        this.generation = tls.generation();
        this.lookedAt = clock.ticks() - EVERY_NANOS;
    }

    void lookWhenDue() {
        long now = clock.ticks();
        if (now - lookedAt < EVERY_NANOS || !looking.compareAndSet(false, true)) {
            return;
        }
        lookedAt = now;
        try {
            executor.execute(() -> {
                try {
                    look();
                } finally {
                    looking.set(false);
                }
            });
        } catch (RejectedExecutionException closedOrFull) {
            looking.set(false);
        }
    }

    /** One thread at a time. */
    private void look() {
        tls.refresh();
        if (tls.generation() != generation) {
            generation = tls.generation();
            exit.drain();
            events.tell(new Event.KeystoreReloaded(venue, tls.serialNumbers()));
        }
        Optional<String> nowRefused = tls.refusal();
        if (!nowRefused.equals(refusal)) {
            refusal = nowRefused;
            nowRefused.ifPresent(why -> events.tell(new Event.KeystoreRefused(venue, why)));
        }
        for (Tls.Expiry expiry : tls.expiries()) {
            warn(expiry);
        }
    }

    private void warn(Tls.Expiry expiry) {
        Duration left = Duration.between(clock.now(), expiry.notAfter());
        for (int days : WARNINGS) {
            if (left.compareTo(Duration.ofDays(days)) <= 0) {
                Integer before = warned.put(expiry, days);
                if (before == null || days < before) {
                    events.tell(new Event.CertificateExpires(venue, expiry, Math.max(0, left.toDays())));
                }
                return;
            }
        }
    }
}
