package io.intaglio.client.internal.token;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a token and has it renewed, by one thread at a time whatever the number of those that want it. A little before its end the thread that
 * comes first renews it while the others go on with the old one; at its end all wait for that thread, and share what it gets, be it a failure.
 * Thread-safe; nobody holds a lock while a token is fetched.
 *
 * <p>A fetch that must not be broken off has a thread and a limit of its own: who comes first waits for it too, and who gives up or is interrupted
 * leaves it to go on for those who come later.
 */
public final class TokenKeeper<T extends AutoCloseable> {
    /** Renewed when a fifth of its life is left, or so much time, whichever is less. */
    private static final Duration AHEAD = Duration.ofMinutes(1);

    /** Not used when a tenth of its life is left, or so much time, whichever is less: it has to arrive before its end. */
    private static final Duration MARGIN = Duration.ofSeconds(5);

    /**
     * A token as it came.
     *
     * @param lifetime from {@code sinceTicks}
     * @param sinceTicks before it was asked for
     */
    public record Fresh<T>(T token, Duration lifetime, long sinceTicks) {}

    /** Where tokens come from. */
    public interface Source<T> {
        /** Gets a token, on the thread that takes it or on one of its own. */
        Fresh<T> fetch(Duration limit);

        /** For how long nobody asks again after this failure; null when it concerns the thread that met it alone. */
        @Nullable
        Duration restAfter(RuntimeException failure);

        /** What a thread gets that waited for another's fetch in vain. */
        RuntimeException waitedInVain(Duration limit, @Nullable InterruptedException interrupted);
    }

    /** Compared by identity: whether it is still the one that was seen. */
    private static final class Held<T> {
        private final T token;
        private final long renewTicks;
        private final long endTicks;

        Held(T token, long renewTicks, long endTicks) {
            this.token = token;
            this.renewTicks = renewTicks;
            this.endTicks = endTicks;
        }
    }

    private record Rest(RuntimeException failure, long untilTicks) {}

    private final LongSupplier ticker;
    private final @Nullable Duration ownLimit;
    private final AtomicReference<@Nullable Held<T>> held = new AtomicReference<>();
    private final AtomicReference<@Nullable Rest> rest = new AtomicReference<>();
    private final AtomicReference<@Nullable CompletableFuture<Boolean>> flight = new AtomicReference<>();

    /**
     * Fetches on the thread that comes first, within its limit.
     *
     * @param ticker monotonic nanoseconds
     */
    public TokenKeeper(LongSupplier ticker) {
        this(ticker, null);
    }

    /**
     * Fetches on a thread of its own.
     *
     * @param ticker monotonic nanoseconds
     * @param ownLimit of each fetch, whatever the limits of those who wait; null for the thread that comes first
     */
    public TokenKeeper(LongSupplier ticker, @Nullable Duration ownLimit) {
        this.ticker = ticker;
        this.ownLimit = ownLimit;
    }

    /**
     * A token with enough life left to be sent.
     *
     * @param limit for waiting and fetching
     */
    public T take(Source<T> source, Duration limit) {
        long start = ticker.getAsLong();
        while (true) {
            Held<T> now = held.get();
            long ticks = ticker.getAsLong();
            boolean usable = now != null && ticks - now.endTicks < 0;
            if (now != null && ticks - now.renewTicks < 0) {
                return now.token;
            }
            Rest pause = rest.get();
            if (pause != null && ticks - pause.untilTicks < 0) {
                if (now != null && usable) {
                    return now.token;
                }
                throw pause.failure;
            }
            CompletableFuture<Boolean> mine = new CompletableFuture<>();
            CompletableFuture<Boolean> others = flight.compareAndExchange(null, mine);
            Duration left = limit.minusNanos(ticks - start);
            if (others == null) {
                T token = ownLimit == null ? lead(source, now, left, mine) : launch(source, now, ownLimit, left, mine);
                if (token != null) {
                    return token;
                }
            } else if (now != null && usable) {
                return now.token;
            } else {
                follow(source, others, left);
            }
        }
    }

    /** Fetches, unless somebody has since the caller looked; then null. */
    private @Nullable T lead(Source<T> source, @Nullable Held<T> seen, Duration left, CompletableFuture<Boolean> mine) {
        try {
            if (held.get() != seen) {
                return null;
            }
            Fresh<T> fresh = source.fetch(left);
            replace(seen, heldUntil(fresh));
            rest.set(null);
            return fresh.token();
        } catch (RuntimeException e) {
            Duration pause = source.restAfter(e);
            if (pause != null) {
                rest.set(new Rest(e, ticker.getAsLong() + pause.toNanos()));
            }
            if (pause != null || ownLimit != null) {
                end(mine, e);
            }
            return stillServing(source, seen, e);
        } catch (Error e) {
            end(mine, e);
            throw e;
        } finally {
            end(mine, null);
        }
    }

    /** The next may fetch before those who wait are told: nobody who was told meets a fetch that is over. Does nothing the second time. */
    private void end(CompletableFuture<Boolean> mine, @Nullable Throwable failure) {
        flight.compareAndSet(mine, null); // unless it was stopped
        if (failure == null) {
            mine.complete(true);
        } else {
            mine.completeExceptionally(failure);
        }
    }

    /** Null when the token is there. */
    private @Nullable T launch(
            Source<T> source, @Nullable Held<T> seen, Duration limit, Duration left, CompletableFuture<Boolean> mine) {
        Thread thread = new Thread(
                () -> {
                    try {
                        lead(source, seen, limit, mine);
                    } catch (RuntimeException e) {
                        // those who wait have it
                    }
                },
                "intaglio-token");
        thread.setDaemon(true);
        try {
            thread.start();
        } catch (Error e) { // no thread can be had
            end(mine, e);
            throw e;
        }
        try {
            follow(source, mine, left);
            return null;
        } catch (RuntimeException e) {
            return stillServing(source, seen, e);
        }
    }

    /** The old token, when it still serves in spite of a failure that concerns all. */
    private T stillServing(Source<T> source, @Nullable Held<T> seen, RuntimeException failure) {
        if (seen != null && source.restAfter(failure) != null && ticker.getAsLong() - seen.endTicks < 0) {
            return seen.token;
        }
        throw failure;
    }

    private void follow(Source<T> source, CompletableFuture<Boolean> others, Duration left) {
        try {
            others.get(Math.max(1, left.toNanos()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw source.waitedInVain(left, null);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw source.waitedInVain(left, e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    private static <T> Held<T> heldUntil(Fresh<T> fresh) {
        long life = fresh.lifetime().toNanos();
        return new Held<>(
                fresh.token(),
                fresh.sinceTicks() + life - Math.min(life / 5, AHEAD.toNanos()),
                fresh.sinceTicks() + life - Math.min(life / 10, MARGIN.toNanos()));
    }

    /** The token was refused, so the next {@link #take} gets another. Does nothing when it has been replaced already. */
    public void refused(T token) {
        Held<T> now = held.get();
        if (now != null && now.token == token) {
            long ticks = ticker.getAsLong();
            held.compareAndSet(now, new Held<>(token, ticks, ticks));
        }
    }

    /**
     * Lets no further fetch begin, and waits for the one under way, even when the calling thread is interrupted.
     *
     * @param failure of who would have to fetch from now on
     * @param limit after which the fetch is left to itself
     */
    public void stop(RuntimeException failure, Duration limit) {
        CompletableFuture<Boolean> others = flight.getAndSet(CompletableFuture.failedFuture(failure));
        if (others != null) {
            others.copy()
                    .completeOnTimeout(true, limit.toNanos(), TimeUnit.NANOSECONDS)
                    .exceptionally(e -> true)
                    .join();
        }
    }

    /** Wipes the token. */
    public void close() {
        replace(held.get(), null);
    }

    private void replace(@Nullable Held<T> before, @Nullable Held<T> after) {
        held.set(after);
        if (before != null) {
            try {
                before.token.close();
            } catch (Exception e) {
                throw new IllegalStateException("a token could not be wiped", e);
            }
        }
    }
}
