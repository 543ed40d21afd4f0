package io.intaglio.signing.secret;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Something made of a watched secret, a signing key or a credential, that follows its source without a restart. A new
 * version is made and checked before anyone gets it; when that fails, the old one stays.
 *
 * <pre>{@code
 * Rotation<SigningKey> rotation = SigningKey.rotation(store.watch("file:/etc/desk/key.pem"), KeyReader::read)
 *         .check((old, fresh) -> probe(fresh)) // optional: a call that proves the venue takes it
 *         .overlap(Duration.ofSeconds(30))
 *         .onEvent(event -> log.info("{}", event))
 *         .build();
 * Credential desk = Credential.of("Q1sL...", SigningKey.rotating(rotation));
 * rotation.every(scheduler, Duration.ofMinutes(1)); // or call rotation.refresh() yourself
 * }</pre>
 *
 * <p>Thread-safe. It has no thread of its own. Whoever took the old version just before the swap may use it until the
 * overlap is over; the first {@link #refresh()} after that closes it.
 */
public final class Rotation<T extends AutoCloseable> implements AutoCloseable {
    /** What became of a version. */
    public enum Outcome {
        /** It is in use from now on. */
        ADOPTED,
        /** It failed its check or could not be read; the one before stays in use. */
        REFUSED,
        /** Its overlap is over and it is wiped. */
        RETIRED
    }

    /**
     * One event.
     *
     * @param version the source's version: 1 is the first
     * @param reason why it was refused, else empty; no secret unless a check of your own puts one in its message
     */
    public record Event(Outcome outcome, long version, String reason) {}

    private final WatchedSecret source;
    private final Function<Secret, T> maker;
    private final BiConsumer<T, T> check;
    private final Consumer<Event> listener;
    private final LongSupplier ticker;
    private final long overlapNanos;
    private final Object lock = new Object();

    private volatile Held<T> current;
    private final Deque<Held<T>> old = new ArrayDeque<>();
    private @Nullable Event last; // of the refresh before
    private boolean closed;

    private Rotation(Builder<T> builder) {
        source = builder.source;
        maker = builder.maker;
        check = builder.check;
        listener = builder.listener;
        ticker = builder.ticker;
        overlapNanos = builder.overlap.toNanos();
        current = new Held<>(maker.apply(source.current()), source.version());
    }

    /** A value and the version of the source that it was made of. */
    private static final class Held<T> {
        private final T value;
        private final long version;
        private long replacedAt; // under the lock alone

        Held(T value, long version) {
            this.value = value;
            this.version = version;
        }
    }

    /**
     * Starts to describe a rotation.
     *
     * @param source read once already; the rotation closes it
     * @param maker makes the value, throws when the content is not fit, and keeps no reference to the secret
     */
    public static <T extends AutoCloseable> Builder<T> of(WatchedSecret source, Function<Secret, T> maker) {
        return new Builder<>(source, maker);
    }

    /** What to use now. Ask again for each use; the rotation closes it, not the caller. */
    public T current() {
        return current.value;
    }

    /** The version in use. */
    public long version() {
        return current.version;
    }

    /**
     * Reads the source, adopts what is new when it passes, and wipes what is past its overlap. What was refused is made
     * and checked again by each refresh, until it passes or the source has other content. Failures are events, not
     * exceptions; one that repeats is told again only when its reason is another. What the listener throws reaches the
     * caller, after the work is done.
     *
     * @return whether a new version is in use
     */
    public boolean refresh() {
        List<Event> events = new ArrayList<>();
        boolean adopted;
        synchronized (lock) {
            if (closed) {
                return false;
            }
            retire(events);
            @Nullable Event event = follow();
            if (event != null && !event.equals(last)) {
                events.add(event);
            }
            last = event;
            adopted = event != null && event.outcome == Outcome.ADOPTED;
        }
        events.forEach(listener);
        return adopted;
    }

    /** What became of the source's content; null when it is in use already. */
    private @Nullable Event follow() {
        try {
            source.refresh();
            // the version, not whether it has just changed: a check may have failed for a moment alone
            return source.version() == current.version ? null : adopt();
        } catch (RuntimeException e) { // the source cannot be read
            return new Event(Outcome.REFUSED, source.version() + 1, reason(e));
        }
    }

    private void retire(List<Event> events) {
        Held<T> oldest = old.peekFirst();
        while (oldest != null && ticker.getAsLong() - oldest.replacedAt >= overlapNanos) {
            events.add(new Event(Outcome.RETIRED, oldest.version, ""));
            close(oldest.value);
            old.removeFirst();
            oldest = old.peekFirst();
        }
    }

    private Event adopt() {
        @Nullable T fresh = null;
        try {
            fresh = maker.apply(source.current());
            check.accept(current.value, fresh);
        } catch (RuntimeException e) {
            if (fresh != null) {
                close(fresh);
            }
            return new Event(Outcome.REFUSED, source.version(), reason(e));
        }
        Held<T> before = current;
        current = new Held<>(fresh, source.version());
        before.replacedAt = ticker.getAsLong();
        old.addLast(before);
        return new Event(Outcome.ADOPTED, source.version(), "");
    }

    private static String reason(RuntimeException e) {
        String message = e.getMessage();
        return message == null ? e.getClass().getSimpleName() : message;
    }

    private static void close(AutoCloseable value) {
        try {
            value.close();
        } catch (Exception e) {
            throw new IllegalStateException("a rotated value could not be closed", e);
        }
    }

    /** Refreshes on your executor, with a pause in between, until the future is cancelled or the listener throws. */
    public ScheduledFuture<?> every(ScheduledExecutorService executor, Duration pause) {
        return executor.scheduleWithFixedDelay(this::refresh, pause.toNanos(), pause.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** The version; nothing of the value. */
    @Override
    public String toString() {
        return "Rotation[version " + version() + "]";
    }

    /** Wipes all versions and the watched secret. */
    @Override
    public void close() {
        synchronized (lock) {
            closed = true;
            close(current.value);
            old.forEach(held -> close(held.value));
            old.clear();
            source.close();
        }
    }

    /** Describes a rotation. Not thread-safe. */
    public static final class Builder<T extends AutoCloseable> {
        private final WatchedSecret source;
        private final Function<Secret, T> maker;
        private BiConsumer<T, T> check = (old, fresh) -> {};
        private Consumer<Event> listener = event -> {};
        private LongSupplier ticker = System::nanoTime;
        private Duration overlap = Duration.ofSeconds(30);

        private Builder(WatchedSecret source, Function<Secret, T> maker) {
            this.source = Objects.requireNonNull(source, "source");
            this.maker = Objects.requireNonNull(maker, "maker");
        }

        /**
         * A check of the value in use and the new one, which throws to refuse it. Added to the checks before. While it
         * refuses, each refresh asks it again: one that calls a venue costs a call each time.
         */
        public Builder<T> check(BiConsumer<T, T> more) {
            check = check.andThen(more);
            return this;
        }

        /** Who is told; must be quick. */
        public Builder<T> onEvent(Consumer<Event> listener) {
            this.listener = Objects.requireNonNull(listener, "listener");
            return this;
        }

        /** How long the old version works beside the new; 30 s when not set. */
        public Builder<T> overlap(Duration overlap) {
            if (overlap.isNegative()) {
                throw new IllegalArgumentException("overlap is " + overlap + ", but it must not be negative");
            }
            this.overlap = overlap;
            return this;
        }

        /** Nanoseconds of a monotonic clock, for tests. */
        public Builder<T> ticker(LongSupplier ticker) {
            this.ticker = Objects.requireNonNull(ticker, "ticker");
            return this;
        }

        /** Makes the first version; what the maker throws reaches the caller. */
        public Rotation<T> build() {
            return new Rotation<>(this);
        }
    }
}
