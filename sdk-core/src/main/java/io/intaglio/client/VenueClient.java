package io.intaglio.client;

import io.intaglio.client.audit.AuditLog;
import io.intaglio.client.event.Listener;
import io.intaglio.client.guard.Guard;
import io.intaglio.client.internal.event.Broadcast;
import io.intaglio.client.internal.http.Dialing;
import io.intaglio.client.internal.http.Names;
import io.intaglio.client.internal.http.Transport;
import io.intaglio.client.internal.http.TransportSettings;
import io.intaglio.client.internal.lane.KeyRing;
import io.intaglio.client.internal.lane.Lane;
import io.intaglio.client.internal.lane.Lanes;
import io.intaglio.client.internal.limit.ClientBudget;
import io.intaglio.client.internal.limit.VenueBudget;
import io.intaglio.client.internal.login.Logins;
import io.intaglio.client.internal.pipeline.Deadline;
import io.intaglio.client.internal.pipeline.Exit;
import io.intaglio.client.internal.pipeline.OrderLog;
import io.intaglio.client.internal.pipeline.Pipeline;
import io.intaglio.client.internal.pipeline.Tokens;
import io.intaglio.client.internal.proxy.ProxyServers;
import io.intaglio.client.internal.retry.RetryDecisions;
import io.intaglio.client.oauth.AccessToken;
import io.intaglio.client.oauth.OAuth;
import io.intaglio.client.oauth.TokenSource;
import io.intaglio.client.profile.Profiles;
import io.intaglio.client.tls.Tls;
import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.Credential;
import io.intaglio.signing.Explanation;
import io.intaglio.signing.Priority;
import io.intaglio.signing.key.SignatureAlgorithm;
import io.intaglio.signing.key.SigningKey;
import io.intaglio.signing.secret.Secret;
import io.intaglio.signing.time.NonceSource;
import io.intaglio.signing.time.VenueClock;
import io.intaglio.signing.venue.Login;
import io.intaglio.signing.venue.Purpose;
import io.intaglio.signing.venue.Venue;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Calls one venue with one credential, or several of one account. Make one and keep it: it holds connections, the venue's time, nonces and limits. Thread-safe; as many
 * threads as you like share it, virtual ones too.
 *
 * <pre>{@code
 * try (VenueClient kraken = VenueClient.of(KrakenSpot.VENUE, key)) {
 *     System.out.println(kraken.send(ApiRequest.post("/0/private/Balance")).text());
 * }
 * }</pre>
 */
public final class VenueClient implements AutoCloseable {
    private static final TokenSource NO_TOKEN = new TokenSource() {
        @Override
        public AccessToken token(Duration limit) {
            return AccessToken.bearer(Secret.of("dry-run".getBytes(StandardCharsets.UTF_8)));
        }

        @Override
        public void refused(AccessToken token) {}
    };

    private final Venue venue;
    private final Tls tls;
    private final VenueClock clock;
    private final Transport transport;
    private final Pipeline pipeline;
    private final Background background;
    private final List<AutoCloseable> alsoClosed;
    private final @Nullable Logins logins;
    private final Budget budget;
    private final @Nullable OrderJournal journal;
    private final Duration timeLimit;
    private final int maxConnections;

    private VenueClient(Builder settings, KeyRing keys, Tls tls) {
        this.venue = settings.venue;
        this.background =
                settings.executor == null ? Background.own(settings.maxConnections) : Background.on(settings.executor);
        this.transport = new Transport(new TransportSettings(
                tls,
                settings.maxConnections,
                settings.connectTimeout,
                settings.connectionMaxAge,
                settings.idleValidation,
                settings.maxResponseBytes,
                settings.userAgent,
                settings.dialing()));
        this.clock = settings.clock != null ? settings.clock : VenueClock.system();
        VenueBudget shared = settings.budgets.of(venue);
        Map<String, ClientBudget> budgets = new HashMap<>();
        for (Credential credential : settings.allCredentials()) {
            String keyId = credential.keyId();
            budgets.put(keyId, new ClientBudget(shared, venue.limits(), clock, keyId, settings.account()));
        }
        this.budget = new Budget(
                venue,
                Objects.requireNonNull(
                        budgets.get(keys.forOrders().first().credential().keyId())));
        this.tls = tls;
        Login login = settings.tokens == null ? venue.login().orElse(null) : null;
        this.logins = login == null ? null : new Logins(venue, login, clock, transport, settings.responseTimeout);
        this.pipeline = new Pipeline(new Pipeline.Parts(
                venue,
                tls,
                keys,
                credential -> Objects.requireNonNull(budgets.get(credential.keyId())),
                clock,
                settings.guard,
                new Exit(venue, settings.guard, transport, settings.dryRun),
                new RetryDecisions(settings.retry, settings.random),
                settings.sleeper,
                settings.random,
                settings.timeLimit,
                settings.responseTimeout,
                settings.maxWaitForBudget,
                venue.nonceRule().isIncreasing() && settings.inFlight == 1,
                settings.maxConnections,
                settings.journal == null ? OrderLog.NONE : log(settings.journal, venue.name()),
                settings.audit,
                settings.clockRefresh,
                tokens(settings.tokens, logins, settings.dryRun),
                new Broadcast(settings.listeners),
                background.executor()));
        this.journal = settings.journal;
        this.timeLimit = settings.timeLimit;
        this.maxConnections = settings.maxConnections;
        this.alsoClosed = List.copyOf(settings.alsoClosed);
    }

    /** In a dry run nothing is sent to anybody, so a token that nobody takes stands for one. */
    private static Tokens tokens(@Nullable TokenSource source, @Nullable Logins logins, boolean isDryRun) {
        if (isDryRun && (source != null || logins != null)) {
            return lane -> NO_TOKEN;
        }
        return source != null ? lane -> source : logins != null ? logins::of : lane -> null;
    }

    private static OrderLog log(OrderJournal journal, String venue) {
        return new OrderLog() {
            @Override
            public @Nullable PendingOrder begin(PendingOrder order) {
                return journal.begin(order);
            }

            @Override
            public void end(String clientOrderId, String as) {
                journal.end(venue, clientOrderId, as);
            }

            @Override
            public void notExecuted(PendingOrder order) {
                journal.notExecuted(order);
            }
        };
    }

    /** The venue's time, as this client knows it. */
    public VenueClock clock() {
        return clock;
    }

    /** Trust and identity of its connections: when certificates expire, and why a changed keystore was not taken. */
    public Tls tls() {
        return tls;
    }

    /** With all settings at their defaults. */
    public static VenueClient of(Venue venue, Credential credential) {
        return builder(venue).credential(credential).build();
    }

    /**
     * The client that a profile of {@code ~/.config/intaglio/profiles.toml} describes; see {@link Profiles#standard()}. It owns its credential
     * and wipes it when it is closed.
     *
     * @throws io.intaglio.client.profile.ProfileException when anything is missing or wrong
     */
    public static VenueClient fromProfile(String name) {
        return Profiles.standard().get(name).client().build();
    }

    /** Begins a client with settings of its own. */
    public static Builder builder(Venue venue) {
        return new Builder(venue);
    }

    /** The venue. */
    public Venue venue() {
        return venue;
    }

    /**
     * Makes the call on the calling thread: waits where the venue asks for it, signs, sends, reads, and tries again what provably had no
     * effect. An order gets a client order id if it has none.
     *
     * @throws NotSentException effect NONE: nothing was written
     * @throws ThrottledException effect NONE: refused for too many requests
     * @throws RejectedException the venue said no; {@link VenueException#effect()} says whether it may have acted
     * @throws UnansweredException effect UNKNOWN: written and not answered
     */
    public VenueResponse send(ApiRequest request) {
        return pipeline.send(request);
    }

    /**
     * As {@link #send}, on another thread; waiting for that thread counts against the time limit. Cancelling the future interrupts the call; a
     * request that was already written may have been executed all the same.
     */
    public CompletableFuture<VenueResponse> sendAsync(ApiRequest request) {
        Priority priority;
        try {
            priority = venue.priorityOf(request);
        } catch (RuntimeException e) { // of a venue of the caller's own
            return CompletableFuture.failedFuture(e);
        }
        return background.call(priority, pipeline.queued(request), () -> pipeline.closed(request));
    }

    /**
     * Asks the venue what became of an order whose answer was lost, until that is certain or the client's time limit has passed. An order is absent
     * only once it can no longer be accepted. {@link #send} does the same by itself within the call's time limit.
     *
     * @param order as it was sent, with its client order id; it is taken to have been sent just now, so an older one is to be asked for as it stands in
     *     the {@linkplain #pending() journal}: venues forget orders
     * @throws IllegalArgumentException when it has no client order id
     * @throws UnsupportedOperationException when it is not known how to ask the venue
     */
    public OrderOutcome reconcile(ApiRequest order) {
        String id = order.clientOrderId()
                .or(() -> venue.clientOrderId().flatMap(place -> place.valueIn(order)))
                .orElseThrow(
                        () -> new IllegalArgumentException(
                                order
                                        + " has no client order id to ask for; the exception that told of its loss has it, set it by clientOrderId(..)"));
        return pipeline.reconcile(order, id, timeLimit);
    }

    /** The same for an order of the {@linkplain #pending() journal}. */
    public OrderOutcome reconcile(PendingOrder order) {
        return pipeline.reconcile(order, timeLimit);
    }

    /** Orders in the journal of which the outcome is not known, oldest first; none without a journal. To be looked at after a restart. */
    public List<PendingOrder> pending() {
        return journal == null ? List.of() : journal.pending(venue.name());
    }

    /**
     * Tells that the venue has an order, as a stream of it has said. A call that is placing it sends nothing more: it ends with a response that
     * {@linkplain VenueResponse#isReconciled() is reconciled} and has this text.
     *
     * @param told what the stream said
     */
    public void confirm(String clientOrderId, String told) {
        pipeline.confirm(
                clientOrderId,
                new VenueResponse(
                        200, List.of(), told.getBytes(StandardCharsets.UTF_8), clientOrderId, 0, Duration.ZERO));
    }

    /**
     * Asks the venue for its limits and keeps them from now on, for all clients that share its budget, in place of those that were known when this
     * library was made. To be called at the start of a program, and again when it runs for months. Listeners hear what was told
     * ({@link io.intaglio.client.event.Event.LimitsRead}). Where nobody calls it, the known limits are kept.
     *
     * @throws UnsupportedOperationException when it is not known how to ask the venue
     * @throws IllegalStateException when the answer has none of the known limits; nothing is changed
     * @throws VenueException as {@link #send}
     */
    public void readLimits() {
        pipeline.readLimits();
    }

    /**
     * Opens connections to the venue's address and shakes hands, so that the first calls need not; sends nothing over them. Connections that are
     * open already count. They wait as others do: a venue may end one that is not used, often after a minute, and the client opens another then.
     *
     * @param connections how many are to be open, at most all that the client may have; fewer where calls hold the others
     * @throws IllegalArgumentException when it is not positive
     * @throws NotSentException when one could not be opened; others may be open
     */
    public void warmUp(int connections) {
        if (connections < 1) {
            throw new IllegalArgumentException("connections must be at least 1, was " + connections);
        }
        pipeline.warmUp(Math.min(connections, maxConnections));
    }

    /** What may still be sent, by the venue's own limits; with several keys, that of the first that may trade. */
    public Budget budget() {
        return budget;
    }

    /** What {@link #send} would sign now, part by part, secrets masked. Sends nothing. The first stop for "invalid signature". */
    public Explanation explain(ApiRequest request) {
        return pipeline.explain(request);
    }

    /**
     * Ends all connections and fails calls under way. The credential stays open: who made it closes it, unless it was given to
     * {@link Builder#alsoClose}.
     *
     * @throws IllegalStateException when one of those could not be closed; all others are
     */
    @Override
    public void close() {
        transport.close();
        background.close();
        if (logins != null) {
            logins.close();
        }
        IllegalStateException failure = null;
        for (AutoCloseable resource : alsoClosed) {
            try {
                resource.close();
            } catch (Exception e) {
                if (failure == null) {
                    failure = new IllegalStateException("a resource of " + this + " could not be closed", e);
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    /** The venue. */
    @Override
    public String toString() {
        return "VenueClient[" + venue + " at " + venue.baseUri().getHost() + "]";
    }

    /** Collects the settings of a client. Not thread-safe. */
    public static final class Builder {
        private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

        private final Venue venue;
        private final Map<Purpose, List<Credential>> credentials = new EnumMap<>(Purpose.class);
        private boolean dryRun;
        private int inFlight = 1;
        private Budgets budgets = Budgets.ofThisProcess();
        private @Nullable String account;
        private Duration maxWaitForBudget = Duration.ofDays(1);
        private @Nullable OrderJournal journal;
        private @Nullable AuditLog audit;
        private RetryPolicy retry = RetryPolicy.standard();
        private Guard guard = Guard.none();
        private @Nullable TokenSource tokens;
        private @Nullable Tls tls;
        private @Nullable VenueClock clock;
        private @Nullable NonceSource nonces;
        private Duration clockRefresh = Duration.ofMinutes(10);
        private final List<Listener> listeners = new ArrayList<>();
        private Sleeper sleeper = Sleeper.system();
        private RandomGenerator random = new SecureRandom();
        private @Nullable Executor executor;
        private Duration timeLimit = Duration.ofSeconds(30);
        private Duration connectTimeout = Duration.ofSeconds(3);
        private Duration responseTimeout = Duration.ofSeconds(10);
        private Duration connectionMaxAge = Duration.ofMinutes(5);
        private Duration idleValidation = Duration.ofSeconds(1);
        private final List<AutoCloseable> alsoClosed = new ArrayList<>();
        private int maxConnections = 64;
        private int maxResponseBytes = 16 << 20;
        private String userAgent = "intaglio";
        private @Nullable Proxy proxy;
        private @Nullable InetAddress localAddress;
        private AddressFamily addressFamily = AddressFamily.ANY;

        private Builder(Venue venue) {
            this.venue = Objects.requireNonNull(venue, "venue");
        }

        /** Who signs. The client keeps it and does not close it. */
        public Builder credential(Credential newCredential) {
            return credentials(newCredential);
        }

        /**
         * Who signs: several keys of one account, among which calls are spread. A call takes the key with the fewest calls under way and keeps it
         * to its end. Where the venue demands rising nonces each key is a lane of its own, so that more keys carry more calls at a time. The
         * client keeps the credentials and does not close them.
         */
        public Builder credentials(Credential... pool) {
            credentials.clear();
            if (pool.length > 0) {
                credentials.put(Purpose.WITHDRAW, List.of(pool));
            }
            return this;
        }

        /**
         * Who signs calls of this purpose ({@link Venue#purposeOf}): several keys of one account, by what each may do at the venue. A call is signed by
         * the key that is for the least and suffices, so that a key that trades never signs a read that another can sign; what became of an
         * order is asked with the key that placed it. A call for which no key suffices is refused before it is signed. Said again for the same purpose it
         * adds a key.
         */
        public Builder credential(Purpose purpose, Credential newCredential) {
            List<Credential> pool = new ArrayList<>(credentials.getOrDefault(purpose, List.of()));
            pool.add(newCredential);
            credentials.put(purpose, List.copyOf(pool));
            return this;
        }

        /**
         * Nothing that is signed goes out: a call passes the guard, the budget and the signer, and then fails with {@link NotSentException}, reason
         * {@link NotSentException.Reason#DRY_RUN}, where its first byte would be written. Budget is given back; a nonce is used up. Public calls, such as
         * the question for the venue's time, are sent. Applies to what the client asks on its own account too.
         */
        public Builder dryRun() {
            dryRun = true;
            return this;
        }

        private List<Credential> allCredentials() {
            return credentials.values().stream().flatMap(List::stream).toList();
        }

        /**
         * How many requests of one key may be on their way at once, where the venue demands rising nonces; 1 unless set. More needs a nonce window
         * at least as large, set for every key at the venue.
         *
         * @throws IllegalArgumentException when it is not positive, or when the venue is not known to have nonce windows
         */
        public Builder inFlight(int requests) {
            if (requests < 1) {
                throw new IllegalArgumentException("requests in flight must be at least 1, was " + requests);
            }
            if (requests > 1 && venue.nonceRule().isIncreasing() && !venue.takesNonceWindow()) {
                throw new IllegalArgumentException(venue + " refuses nonces that arrive out of order, so " + requests
                        + " requests of a key cannot be on their way at once; use credentials(...) with more keys");
            }
            inFlight = requests;
            return this;
        }

        /**
         * With whom the venue's limits are shared; {@link Budgets#ofThisProcess()} unless set, so that all clients of a process keep the limits
         * together.
         */
        public Builder budgets(Budgets newBudgets) {
            budgets = Objects.requireNonNull(newBudgets, "budgets");
            return this;
        }

        /**
         * A name for the account to which the keys belong. Clients whose keys are of one account share its limits; unless set, each key is taken
         * to be an account of its own, or all keys of this client to be one.
         */
        public Builder account(String name) {
            account = Objects.requireNonNull(name, "name");
            return this;
        }

        private String account() {
            return account != null ? account : allCredentials().get(0).keyId();
        }

        /**
         * How long a call waits for room in the venue's limits before it fails with {@link NotSentException}; as long as its time limit unless
         * set.
         */
        public Builder maxWaitForBudget(Duration longest) {
            if (longest.isNegative()) {
                throw new IllegalArgumentException("max wait for budget must not be negative, was " + longest);
            }
            maxWaitForBudget = longest;
            return this;
        }

        /**
         * Where every call is written down, its intent before the first byte and its outcome after; nowhere unless set. Questions about the venue's
         * time are not. Clients may share it; none closes it.
         */
        public Builder audit(AuditLog newAudit) {
            audit = Objects.requireNonNull(newAudit, "audit");
            return this;
        }

        /** Where orders are written down until their outcome is certain; nowhere unless set. The client does not close it. */
        public Builder journal(OrderJournal newJournal) {
            journal = Objects.requireNonNull(newJournal, "journal");
            return this;
        }

        /** Hears what the client does on its own account; may be said more than once. */
        public Builder listener(Listener listener) {
            listeners.add(Objects.requireNonNull(listener, "listener"));
            return this;
        }

        /**
         * How old the last word of the venue's time may become while calls are made before it is asked again, besides those calls; 10 minutes
         * unless set. A client at rest does not ask.
         */
        public Builder clockRefresh(Duration every) {
            clockRefresh = positive("clock refresh", every);
            return this;
        }

        /** Something that lives as long as the client and is closed with it: a credential that nobody else uses, a nonce source. */
        public Builder alsoClose(AutoCloseable resource) {
            alsoClosed.add(Objects.requireNonNull(resource, "resource"));
            return this;
        }

        /** How often and how far apart attempts are made; {@link RetryPolicy#standard()} unless set. */
        public Builder retry(RetryPolicy policy) {
            retry = Objects.requireNonNull(policy, "policy");
            return this;
        }

        /**
         * Access tokens that calls carry, from an authorization server; none unless set, but for a venue with a {@linkplain Venue#login() log-on} of
         * its own, where the client logs on by itself. The client does not close the source. Without a credential its client id stands for one.
         */
        public Builder tokens(TokenSource source) {
            tokens = Objects.requireNonNull(source, "source");
            return this;
        }

        /** What may be asked at all; everything unless set. */
        public Builder guard(Guard newGuard) {
            guard = Objects.requireNonNull(newGuard, "guard");
            return this;
        }

        /** Trust and identity; {@link Tls#system()} unless set. */
        public Builder tls(Tls newTls) {
            tls = Objects.requireNonNull(newTls, "tls");
            return this;
        }

        /** The venue's time; {@link VenueClock#system()} unless set. */
        public Builder clock(VenueClock newClock) {
            clock = Objects.requireNonNull(newClock, "clock");
            return this;
        }

        /**
         * Where nonces come from; in memory, by the venue's rule and one for each key, unless set. A source that is set serves all keys of the
         * client. Whoever else uses a key has to draw from the same source; and as the order of arrival is kept by the client, one client for each
         * key and process is the rule.
         */
        public Builder nonces(NonceSource source) {
            nonces = Objects.requireNonNull(source, "source");
            return this;
        }

        /** How the client waits; in real time unless set. */
        public Builder sleeper(Sleeper newSleeper) {
            sleeper = Objects.requireNonNull(newSleeper, "sleeper");
            return this;
        }

        /** Randomness of jitter and client order ids; thread-safe; {@link SecureRandom} unless set. */
        public Builder random(RandomGenerator generator) {
            random = Objects.requireNonNull(generator, "generator");
            return this;
        }

        /**
         * Runs {@link #sendAsync}; unless set, virtual threads where the JVM has them, else a bounded pool of daemon threads for reads, one for orders
         * and one for what reduces risk, so that no cancel stands behind orders. A call that this executor rejects fails with its
         * {@link java.util.concurrent.RejectedExecutionException}.
         */
        public Builder executor(Executor newExecutor) {
            executor = Objects.requireNonNull(newExecutor, "executor");
            return this;
        }

        /** Bounds a whole call, waits and attempts together, where the request sets no limit of its own; 30 s unless set. */
        public Builder timeLimit(Duration limit) {
            timeLimit = positive("time limit", limit);
            return this;
        }

        /** Bounds opening a connection, and again its TLS handshake; 3 s unless set. */
        public Builder connectTimeout(Duration timeout) {
            connectTimeout = positive("connect timeout", timeout);
            return this;
        }

        /** Bounds one attempt from its first byte to the end of the answer; 10 s unless set. */
        public Builder responseTimeout(Duration timeout) {
            responseTimeout = positive("response timeout", timeout);
            return this;
        }

        /** After this age a connection is not used again; 5 minutes unless set. */
        public Builder connectionMaxAge(Duration age) {
            connectionMaxAge = positive("connection max age", age);
            return this;
        }

        /** A connection that was idle for longer is tested before it is used; 1 s unless set. */
        public Builder idleValidation(Duration idle) {
            idleValidation = positive("idle validation", idle);
            return this;
        }

        /** Connections at most; 64 unless set. Further calls wait for one. Calls that only read never hold the last quarter of them. */
        public Builder maxConnections(int connections) {
            if (connections < 1) {
                throw new IllegalArgumentException("max connections must be at least 1, was " + connections);
            }
            maxConnections = connections;
            return this;
        }

        /** The longest answer that is read; 16 MiB unless set. */
        public Builder maxResponseBytes(int bytes) {
            if (bytes < 1) {
                throw new IllegalArgumentException("max response bytes must be at least 1, was " + bytes);
            }
            maxResponseBytes = bytes;
            return this;
        }

        /** The User-Agent header, unless the request sets one; {@code intaglio} unless set. */
        public Builder userAgent(String name) {
            userAgent = Objects.requireNonNull(name, "name");
            return this;
        }

        /** Through whom the venue is reached; directly unless set, whatever the JVM's own properties say. */
        public Builder proxy(Proxy newProxy) {
            proxy = Objects.requireNonNull(newProxy, "proxy");
            return this;
        }

        /**
         * The address of this host from which connections leave, for a key that the venue binds to one of several; chosen by the operating system
         * unless set. Only addresses of its kind are connected to.
         */
        public Builder localAddress(InetAddress address) {
            localAddress = Objects.requireNonNull(address, "address");
            return this;
        }

        /** The kind of address that is connected to, the proxy's where there is one; {@link AddressFamily#ANY} unless set. */
        public Builder addressFamily(AddressFamily family) {
            addressFamily = Objects.requireNonNull(family, "family");
            return this;
        }

        private Dialing dialing() {
            return new Dialing(
                    proxy == null ? null : ProxyServers.of(proxy), localAddress, addressFamily.kind(), Names.system());
        }

        /**
         * Builds the client.
         *
         * @throws IllegalArgumentException when the credential is missing or does not fit the venue, the address is not https, or the local
         *     address is not of the wanted family
         */
        public VenueClient build() {
            if (credentials.isEmpty() && tokens instanceof OAuth oauth) {
                credential(Credential.keyId(oauth.clientId()));
            }
            if (credentials.isEmpty()) {
                throw new IllegalArgumentException(
                        "a client of " + venue + " lacks its credential; call credential(...)");
            }
            URI base = venue.baseUri();
            if (!"https".equals(base.getScheme())
                    && !LOOPBACK.contains(base.getHost().toLowerCase(Locale.ROOT))) {
                throw new IllegalArgumentException("the address of " + venue + ", " + base
                        + ", is not https; plain http is for this machine alone");
            }
            if (localAddress != null && !addressFamily.kind().isInstance(localAddress)) {
                throw new IllegalArgumentException("local address " + localAddress.getHostAddress() + " is not "
                        + addressFamily + "; change one of localAddress(..) and addressFamily(..)");
            }
            return new VenueClient(this, keys(), tls != null ? tls : Tls.system());
        }

        private KeyRing keys() {
            Map<Purpose, Lanes> lanes = new EnumMap<>(Purpose.class);
            credentials.forEach((purpose, pool) ->
                    lanes.put(purpose, new Lanes(pool.stream().map(this::lane).toList())));
            return new KeyRing(venue, lanes);
        }

        private Lane lane(Credential credential) {
            checked(credential);
            NonceSource source = nonces != null ? nonces : venue.nonceRule().newSource();
            return venue.nonceRule().isIncreasing()
                    ? Lane.ordered(credential, source, inFlight)
                    : Lane.open(credential, source);
        }

        private void checked(Credential given) {
            SigningKey key = given.key().orElse(null);
            List<SignatureAlgorithm> fitting = key == null
                    ? List.of()
                    : venue.scheme().algorithms().stream()
                            .filter(algorithm -> algorithm.accepts(key.kind()))
                            .toList();
            if (key != null && fitting.isEmpty() && !venue.scheme().algorithms().isEmpty()) {
                throw new IllegalArgumentException(
                        venue + " takes " + venue.scheme().algorithms() + ", but credential " + given.shortKeyId()
                                + " holds " + key.kind() + "; create a key of a kind that the venue takes");
            }
        }

        private static Duration positive(String name, Duration value) {
            if (value.isNegative() || value.isZero()) {
                throw new IllegalArgumentException(name + " must be positive, was " + value);
            }
            return Deadline.bounded(value);
        }
    }
}
