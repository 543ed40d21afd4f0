package io.intaglio.fleet;

import io.intaglio.client.Budgets;
import io.intaglio.client.event.Event;
import io.intaglio.client.event.Listener;
import io.intaglio.client.guard.KillSwitch;
import io.intaglio.client.internal.share.LocalCount;
import io.intaglio.signing.Credential;
import io.intaglio.signing.time.NonceUnit;
import io.intaglio.signing.time.VenueClock;
import io.intaglio.signing.venue.Limit;
import io.intaglio.signing.venue.Venue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This process as a member of a fleet: all that use the same keys through the same Redis under the same name. Make one for each process, keep it, and close
 * it after the clients that use it. Thread-safe.
 *
 * <pre>{@code
 * KillSwitch stop = KillSwitch.create();
 * Fleet fleet = Fleet.builder("desk", RedisAddress.single("redis.internal", 6379).tls())
 *         .members(4)                       // how many there are at the most
 *         .safeShare(0.05)                  // what each may use of a limit while Redis is away
 *         .killSwitch(stop).listener(events).open();
 * VenueClient client = VenueClient.builder(venue).credential(key)
 *         .budgets(fleet.budgets()).nonces(fleet.nonces(venue, key, NonceUnit.MICROS))
 *         .guard(GuardPolicy.builder().killSwitch(stop).build().guard(venue))   // without it stopAll stops nothing
 *         .build();
 * }</pre>
 */
public final class Fleet implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Fleet.class);
    private static final Script BEAT = Script.named("beat");
    private static final Script NAME = Script.named("name");

    /** How long after its term a call that a member let out can still reach the venue. */
    private static final Duration GRACE = Duration.ofSeconds(1);

    /** The names of limits are told again after so many rounds, in case Redis has lost them. */
    private static final int ROUNDS_A_NAME = 20;

    /**
     * Redis does not answer.
     *
     * @param since ticks
     */
    private record Away(long since) {}

    private final Names names;
    private final Link link;
    private final VenueClock watch;
    private final @Nullable LongSupplier redisMicros;
    private final String id = UUID.randomUUID().toString().substring(0, 13);
    private final String member;
    private final Duration term;
    private final int members;
    private final double safeShare;
    private final List<Listener> listeners;
    private final FleetStop stop;
    private final FleetBudget budget = new FleetBudget(this);
    private final Budgets budgets = Budgets.together(budget);
    private final ScheduledExecutorService heart;
    /** A thread of its own for listeners, who may take their time: whoever finds Redis away often holds a budget's lock. */
    private final ThreadPoolExecutor teller;

    private final List<FleetTurns> turns = new CopyOnWriteArrayList<>();
    private final Map<String, String> limitNames = new ConcurrentHashMap<>();
    /** Null while Redis answers. */
    private final AtomicReference<@Nullable Away> away = new AtomicReference<>();

    private volatile boolean namesAreNew;
    private int rounds;

    private Fleet(Builder settings) {
        this.names = new Names(settings.name);
        this.member = settings.member;
        this.term = settings.term;
        this.members = settings.members;
        this.safeShare = settings.safeShare >= 0 ? settings.safeShare : 0.1 / settings.members;
        this.listeners = List.copyOf(settings.listeners);
        this.stop = new FleetStop(this, settings.killSwitch);
        this.watch = settings.watch;
        this.redisMicros = settings.redisMicros;
        this.link = new Link(settings.redis, names.channel(), (channel, text) -> heard(text));
        this.heart = Executors.newSingleThreadScheduledExecutor(daemon("intaglio-fleet-" + settings.name));
        this.teller = new ThreadPoolExecutor(
                1,
                1,
                1,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                daemon("intaglio-fleet-events-" + settings.name),
                new ThreadPoolExecutor.DiscardPolicy());
        teller.allowCoreThreadTimeOut(true);
    }

    private static ThreadFactory daemon(String name) {
        return task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        };
    }

    /**
     * Begins to describe a member.
     *
     * @param name of the fleet, the same for all members: 1 to 64 letters, digits, dots, dashes and underscores
     */
    public static Builder builder(String name, RedisAddress redis) {
        return new Builder(name, redis);
    }

    private Fleet open(boolean needsRedis) {
        try {
            link.connect();
        } catch (RuntimeException e) {
            if (needsRedis) {
                close();
                throw new IllegalStateException(
                        "the Redis of fleet '" + names.fleet() + "' at " + link.address() + " cannot be used: "
                                + causes(e)
                                + "; check address, TLS, user and password, or allow it with startsWithoutRedis()",
                        e);
            }
            failed(e);
        }
        if (redisMicros == null) {
            long beat = term.toNanos() / 4;
            ScheduledFuture<?> unused = heart.scheduleWithFixedDelay(this::beat, 0, beat, TimeUnit.NANOSECONDS);
        }
        return this;
    }

    static String causes(Throwable failure) {
        StringBuilder text = new StringBuilder(String.valueOf(failure.getMessage()));
        for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
            String message = String.valueOf(cause.getMessage());
            if (text.indexOf(message) < 0) {
                text.append(": ").append(message);
            }
        }
        return text.toString();
    }

    /** One round: says that we are there, what we use and hold, and hears what others were told. */
    void beat() {
        try {
            if (!link.isConnected()) {
                link.connect();
            }
            stop.round();
            turns.forEach(FleetTurns::renew);
            budget.round(ticks());
            if (namesAreNew || ++rounds % ROUNDS_A_NAME == 0) {
                tellNames();
            }
            FleetStop.Word last = stop.last();
            List<String> arguments = List.of(
                    redisTime(),
                    id,
                    safeShare + " " + member,
                    Long.toString(TimeUnit.NANOSECONDS.toMicros(termNanos())),
                    Long.toString(last.number()),
                    last.why());
            run(BEAT, List.of(names.members(), names.stop(), names.closures(), names.channel()), arguments)
                    .thenAccept(this::told)
                    .get(2 * timeout().toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.debug("fleet '{}' had no answer in its round", names.fleet(), e);
        } catch (RuntimeException e) {
            failed(e);
        }
    }

    private void tellNames() {
        List<String> arguments = new ArrayList<>();
        limitNames.forEach((fingerprint, name) -> {
            arguments.add(fingerprint);
            arguments.add(name);
        });
        if (!arguments.isEmpty()) {
            namesAreNew = false;
            CompletableFuture<List<Object>> unused = run(NAME, List.of(names.limits()), arguments);
        }
    }

    private void told(List<Object> answer) {
        stop.heard(new FleetStop.Word(
                FleetNonces.number(answer.get(0)), answer.get(1).toString()));
        for (int i = 2; i + 2 < answer.size(); i += 3) {
            budget.heard(
                    answer.get(i).toString(),
                    FleetNonces.number(answer.get(i + 1)),
                    FleetNonces.number(answer.get(i + 2)) == 1);
        }
    }

    /** A message: {@code stop NUMBER WHY} or {@code closed WHOSE MICROS BAN}. */
    private void heard(String text) {
        try {
            if (text.startsWith("stop ")) {
                String[] words = text.split(" ", 3);
                stop.heard(new FleetStop.Word(Long.parseLong(words[1]), words[2]));
            } else if (text.startsWith("closed ")) {
                String[] words = text.split(" ", -1);
                budget.heard(words[1], Long.parseLong(words[2]), words[3].equals("1"));
            }
        } catch (RuntimeException e) {
            LOG.warn("fleet '{}' sent a message that cannot be read", names.fleet(), e);
        }
    }

    /**
     * The budgets of all venues, counted together with the other members; for {@link io.intaglio.client.VenueClient.Builder#budgets}. All members have to
     * be given the same limits.
     */
    public Budgets budgets() {
        return budgets;
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

    /**
     * Trips the kill switch of every member until {@link #resumeAll}: this one's first, whether Redis answers or not, the others' at once where messages
     * arrive and within half a term otherwise. A Redis that loses its data is told again by each member that knows of the stop. A member that cannot hear
     * Redis is not stopped by others.
     *
     * @param why for whoever is refused: who stopped it, and for what; up to 200 characters are kept in Redis
     * @throws IllegalStateException when Redis does not answer: then this member is stopped, and tells the others in its next round in which Redis does,
     *     also if they heard of it already and the answer was lost
     */
    public void stopAll(String why) {
        String text = Objects.requireNonNull(why, "why").strip();
        stop.stopAll(text.isEmpty() ? "no reason was given" : text.substring(0, Math.min(200, text.length())));
    }

    /**
     * Takes {@link #stopAll} back. A switch that was tripped otherwise, before or meanwhile, stays so.
     *
     * @throws IllegalStateException when Redis does not answer; then what is stopped stays so
     */
    public void resumeAll() {
        stop.resumeAll();
    }

    /**
     * How the fleet stands.
     *
     * @throws IllegalStateException when Redis does not answer
     */
    public FleetStatus status() {
        try {
            return FleetStatus.read(names, link);
        } catch (CompletionException e) {
            throw new IllegalStateException(
                    "the Redis of fleet '" + names.fleet() + "' does not answer: " + causes(e), e);
        }
    }

    /** Commands that this member gave to Redis since it was opened. */
    public long redisOperations() {
        return link.operations();
    }

    /** Whether Redis answered when it was last asked. */
    public boolean isConnected() {
        return link.isConnected() && away.get() == null;
    }

    long ticks() {
        return watch.ticks();
    }

    Duration timeout() {
        return link.address().timeout();
    }

    String id() {
        return id;
    }

    FleetBudget counts() {
        return budget;
    }

    Names names() {
        return names;
    }

    long termNanos() {
        return term.toNanos();
    }

    long graceNanos() {
        return GRACE.toNanos();
    }

    int members() {
        return members;
    }

    double safeShare() {
        return safeShare;
    }

    /** The time that scripts are to go by: 0 for the server's own. */
    String redisTime() {
        return redisMicros == null ? "0" : Long.toString(redisMicros.getAsLong());
    }

    /** What every question about limits begins with. */
    void putShared(List<String> arguments) {
        arguments.add(redisTime());
        arguments.add(id);
        arguments.add(Integer.toString(members));
        arguments.add(Double.toString(safeShare));
        arguments.add(Long.toString(termNanos() / 1000));
        arguments.add(Long.toString(graceNanos() / 1000));
    }

    void named(String fingerprint, LocalCount count) {
        Limit limit = count.limit();
        String venue = count.address().substring(0, Math.max(0, count.address().indexOf(' ')));
        limitNames.put(
                fingerprint,
                venue
                        + '\t'
                        + limit.scope().name().toLowerCase(Locale.ROOT)
                        + '\t'
                        + limit.kind().name().toLowerCase(Locale.ROOT)
                        + '\t'
                        + limit.name());
        namesAreNew = true;
    }

    void tellNamesAgain() {
        namesAreNew = true;
    }

    /** Runs a script, and keeps in mind whether Redis answers. */
    CompletableFuture<List<Object>> run(Script script, List<String> keys, List<String> arguments) {
        CompletableFuture<List<Object>> answer = link.run(script, keys, arguments)
                .whenComplete((told, failure) -> {
                    if (failure == null) {
                        succeeded();
                    } else {
                        failed(failure);
                    }
                });
        if (redisMicros != null) {
            // on a virtual clock no time passes while Redis answers
            answer.exceptionally(failure -> List.of()).join();
        }
        return answer;
    }

    private void failed(Throwable failure) {
        if (away.compareAndSet(null, new Away(ticks()))) {
            LOG.warn("the Redis of fleet '{}' does not answer: {}", names.fleet(), causes(failure));
            tell(new Event.FleetAway("", names.fleet(), causes(failure)));
        }
    }

    private void succeeded() {
        Away ended = away.get();
        if (ended != null && away.compareAndSet(ended, null)) {
            LOG.info("the Redis of fleet '{}' answers again", names.fleet());
            tell(new Event.FleetBack("", names.fleet(), Duration.ofNanos(ticks() - ended.since())));
        }
    }

    /** In the order of events; until the fleet is closed. */
    private void tell(Event event) {
        teller.execute(() -> {
            for (Listener listener : listeners) {
                try {
                    listener.on(event);
                } catch (RuntimeException e) {
                    LOG.warn("a listener failed at {}", event, e);
                }
            }
        });
    }

    /** Leaves the fleet and gives back what it holds. Clients that use it have to be closed before. A kill switch that the fleet tripped stays so. */
    @Override
    public void close() {
        heart.shutdownNow();
        try {
            budget.leave(ticks()).get(timeout().toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.debug("fleet '{}' was left without a word, since Redis does not answer", names.fleet(), e);
        }
        link.close();
        teller.shutdown();
    }

    /** For tests: ends as a process does that is killed. */
    void crash() {
        heart.shutdownNow();
        teller.shutdownNow();
        link.close();
    }

    /** Describes a member. Not thread-safe. */
    public static final class Builder {
        private final String name;
        private final RedisAddress redis;
        private String member = "process " + ProcessHandle.current().pid();
        private Duration term = Duration.ofSeconds(2);
        private int members = 1;
        private double safeShare = -1;
        private final List<Listener> listeners = new ArrayList<>();
        private @Nullable KillSwitch killSwitch;
        private boolean needsRedis = true;
        private VenueClock watch = VenueClock.system();
        private @Nullable LongSupplier redisMicros;

        private Builder(String name, RedisAddress redis) {
            this.name = Objects.requireNonNull(name, "name");
            this.redis = Objects.requireNonNull(redis, "redis");
        }

        /** What this member is called, for people; its process number unless set. It is kept in Redis. */
        public Builder member(String newMember) {
            if (newMember.isBlank() || newMember.length() > 64) {
                throw new IllegalArgumentException(
                        "the name of a member has 1 to 64 characters, was '" + newMember + "'");
            }
            member = newMember;
            return this;
        }

        /**
         * How many members there are at the most, this one and those of an update that overlaps included; the same for all. 1 unless set. For those that
         * are not there, their safe share is kept.
         */
        public Builder members(int most) {
            if (most < 1) {
                throw new IllegalArgumentException("a fleet has at least one member, was " + most);
            }
            members = most;
            return this;
        }

        /**
         * Which part of each limit this member may use while Redis does not answer; the same for all members. A tenth of a limit, in equal parts, unless
         * set. Nobody else is given it meanwhile, so what a member does not use of it is used by none.
         *
         * @param share of the whole limit; with all members' it has to stay below 1
         */
        public Builder safeShare(double share) {
            if (!(share >= 0 && share < 1)) {
                throw new IllegalArgumentException("a safe share lies between 0 and 1, was " + share);
            }
            safeShare = share;
            return this;
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

        /** Hears when Redis stops to answer and when it answers again, on a thread of the fleet's own; may be said more than once. */
        public Builder listener(Listener listener) {
            listeners.add(Objects.requireNonNull(listener, "listener"));
            return this;
        }

        /** Tripped while the fleet is stopped, by a {@link KillSwitch#hold} of its own: what else trips or resets the switch changes nothing of it. */
        public Builder killSwitch(KillSwitch newKillSwitch) {
            killSwitch = Objects.requireNonNull(newKillSwitch, "killSwitch");
            return this;
        }

        /** Joins also when Redis does not answer at the start; then the member begins with its safe share, after a period in which it sends nothing. */
        public Builder startsWithoutRedis() {
            needsRedis = false;
            return this;
        }

        /** For tests: time that passes when the test says so; rounds are made by hand, and answers are waited for. */
        Builder onVirtualTime(VenueClock newWatch, LongSupplier newRedisMicros) {
            watch = newWatch;
            redisMicros = newRedisMicros;
            return this;
        }

        /**
         * Joins.
         *
         * @throws IllegalStateException when Redis cannot be reached or does not let us in
         */
        public Fleet open() {
            if (safeShare * members >= 1) {
                throw new IllegalStateException(members + " safe shares of " + safeShare
                        + " are more than a limit; give a smaller share or fewer members");
            }
            return new Fleet(this).open(needsRedis);
        }
    }
}
