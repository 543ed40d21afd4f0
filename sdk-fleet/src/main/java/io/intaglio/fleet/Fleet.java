package io.intaglio.fleet;

import io.intaglio.signing.Credential;
import io.intaglio.signing.time.NonceUnit;
import io.intaglio.signing.time.VenueClock;
import io.intaglio.signing.venue.Venue;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This process as a member of a fleet: all that use the same keys through the same Redis under the same name. Make one for each process, keep it, and close
 * it after the clients that use it. Thread-safe.
 */
public final class Fleet implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Fleet.class);

    private final Names names;
    private final Link link;
    private final VenueClock watch = VenueClock.system();
    private final String id = UUID.randomUUID().toString().substring(0, 13);
    private final Duration term;
    private final ScheduledExecutorService heart;
    private final List<FleetTurns> turns = new CopyOnWriteArrayList<>();

    private Fleet(Builder settings) {
        this.names = new Names(settings.name);
        this.term = settings.term;
        this.link = new Link(settings.redis, names.channel(), (channel, text) -> {});
        this.heart = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "intaglio-fleet-" + settings.name);
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * Begins to describe a member.
     *
     * @param name of the fleet, the same for all members: 1 to 64 letters, digits, dots, dashes and underscores
     */
    public static Builder builder(String name, RedisAddress redis) {
        return new Builder(name, redis);
    }

    private Fleet open() {
        try {
            link.connect();
        } catch (RuntimeException e) {
            close();
            throw new IllegalStateException(
                    "the Redis of fleet '" + names.fleet() + "' at " + link.address() + " cannot be used: " + causes(e)
                            + "; check address, TLS, user and password",
                    e);
        }
        long beat = term.toNanos() / 4;
        ScheduledFuture<?> unused = heart.scheduleWithFixedDelay(this::beat, beat, beat, TimeUnit.NANOSECONDS);
        return this;
    }

    private static String causes(Throwable failure) {
        StringBuilder text = new StringBuilder(String.valueOf(failure.getMessage()));
        for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
            text.append(": ").append(cause.getMessage());
        }
        return text.toString();
    }

    private void beat() {
        try {
            turns.forEach(FleetTurns::renew);
        } catch (RuntimeException e) {
            LOG.warn("fleet '{}' could not do its round", names.fleet(), e);
        }
    }

    /**
     * Nonces of a key, drawn by all members, for venues or keys that take them slightly out of order. All members have to agree on the unit.
     *
     * @param venue whose nonces they are
     * @param key whose; its id is kept as a fingerprint
     */
    public FleetNonces nonces(Venue venue, Credential key, NonceUnit unit) {
        return nonces(venue, key, unit, 0);
    }

    /**
     * The same above a nonce that was used before the fleet was.
     *
     * @param lastUsed the highest nonce ever sent with this key, 0 if none
     */
    public FleetNonces nonces(Venue venue, Credential key, NonceUnit unit, long lastUsed) {
        return nonces(venue, key, unit, lastUsed, Long.MAX_VALUE);
    }

    private FleetNonces nonces(Venue venue, Credential key, NonceUnit unit, long lastUsed, long largest) {
        if (lastUsed < 0) {
            throw new IllegalArgumentException("last used nonce must not be negative, was " + lastUsed);
        }
        return new FleetNonces(
                this,
                names.nonces(venue.name(), key.keyId()),
                venue.name(),
                Objects.requireNonNull(unit, "unit"),
                lastUsed,
                Duration.ofMillis(200),
                largest);
    }

    /**
     * Nonces of a key with which one process at a time sends, for venues that refuse a nonce below one that they have seen. The line is the one of
     * {@link #nonces}.
     *
     * @param lastUsed the highest nonce ever sent with this key, 0 if none or if it was the time
     */
    public FleetTurns turns(Venue venue, Credential key, NonceUnit unit, long lastUsed) {
        FleetTurns made = new FleetTurns(
                this,
                nonces(venue, key, unit, lastUsed, 1),
                names.turn(venue.name(), key.keyId()),
                venue.name(),
                term,
                id + '/' + turns.size());
        turns.add(made);
        return made;
    }

    /** Commands that this member gave to Redis since it was opened. */
    public long redisOperations() {
        return link.operations();
    }

    long ticks() {
        return watch.ticks();
    }

    Duration timeout() {
        return link.address().timeout();
    }

    CompletableFuture<List<Object>> run(Script script, List<String> keys, List<String> arguments) {
        return link.run(script, keys, arguments);
    }

    /** Leaves the fleet. Clients that use it have to be closed before. */
    @Override
    public void close() {
        heart.shutdownNow();
        link.close();
    }

    /** Describes a member. Not thread-safe. */
    public static final class Builder {
        private final String name;
        private final RedisAddress redis;
        private Duration term = Duration.ofSeconds(2);

        private Builder(String name, RedisAddress redis) {
            this.name = Objects.requireNonNull(name, "name");
            this.redis = Objects.requireNonNull(redis, "redis");
        }

        /**
         * For how long what a member has leased stays its own when nobody hears from it; two seconds unless set.
         *
         * @throws IllegalArgumentException when it is less than a tenth of a second
         */
        public Builder term(Duration newTerm) {
            if (newTerm.toMillis() < 100) {
                throw new IllegalArgumentException("the term of leases must be at least 100 ms, was " + newTerm);
            }
            term = newTerm;
            return this;
        }

        /**
         * Joins.
         *
         * @throws IllegalStateException when Redis cannot be reached or does not let us in
         */
        public Fleet open() {
            return new Fleet(this).open();
        }
    }
}
