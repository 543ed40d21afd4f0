package io.intaglio.testkit;

import io.intaglio.signing.Credential;
import io.intaglio.signing.secret.InsecureSecretAccess;
import io.intaglio.signing.secret.Secret;
import io.intaglio.signing.venue.Limit;
import io.intaglio.signing.venue.Venue;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A venue on 127.0.0.1 with real TLS: it checks signatures, timestamps and nonces, keeps balances and orders, counts requests, and breaks when
 * {@link #faults()} says so. Stands in for Binance spot, Kraken spot, Coinbase Exchange and OKX. Thread-safe.
 *
 * <p>Nothing here matches orders: a limit order rests until it is {@linkplain #fill filled} or cancelled, a market order is filled at once, and
 * balances change only by {@link #balance}. A venue that nobody closes does not keep a JVM alive, and {@link #close} waits for nobody.
 */
public final class SimulatedVenue implements AutoCloseable {
    /** How many requests {@link #received()} remembers. */
    public static final int REMEMBERED_REQUESTS = 10_000;

    private static final DateTimeFormatter HTTP_DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private final House house;
    private final VenueRules rules;
    private final Certificates certificates;
    private final VenueServer server;
    private final Function<Instant, Optional<String>> dateHeader;
    private final Venue venue;
    private final ApiKey key;
    private final FaultScript faults = new FaultScript();
    private final Deque<ReceivedRequest> received = new ArrayDeque<>();
    /** Requests that something on the way holds back, by the time at which they arrive after all; guarded by itself. */
    private final Queue<ReceivedRequest> heldBack = new PriorityQueue<>(Comparator.comparing(ReceivedRequest::at));

    private SimulatedVenue(Builder builder) {
        SecureRandom random = new SecureRandom();
        this.house = new House(builder.clock, builder.skew, builder.visibilityDelay, builder.budget, random);
        this.rules = rules(builder.venue.name(), house);
        this.key = house.add(rules.newKey());
        for (String asset : List.of("BTC", "ETH", "EUR", "USD", "USDT")) {
            house.balance(asset, new BigDecimal("1000000.00000000"));
        }
        this.certificates = new Certificates(random);
        this.dateHeader = builder.dateHeader;
        this.server = new VenueServer(
                certificates.serverContext(),
                builder.clientCertificate
                        ? VenueServer.ClientCertificate.DEMANDED
                        : VenueServer.ClientCertificate.NOT_ASKED_FOR,
                house::now,
                new Exchange());
        server.start();
        this.venue = builder.venue
                .at(URI.create("https://127.0.0.1:" + server.port()))
                .withLimits(limits(builder.venue, builder.budget));
    }

    /** The venue's limits with the simulation's numbers; those of a day stay as they are. */
    private static List<Limit> limits(Venue venue, Budget budget) {
        return venue.limits().stream()
                .filter(limit -> limit.period().compareTo(Duration.ofDays(1)) < 0)
                .map(limit -> limit.name().contains("order")
                        ? limit.withCapacity(budget.orders()).withPeriod(budget.orderWindow())
                        : limit.withCapacity(budget.requests()).withPeriod(budget.window()))
                .toList();
    }

    /**
     * A started venue in real time with a generous budget.
     *
     * @throws IllegalArgumentException when there is no simulation of this venue
     */
    public static SimulatedVenue start(Venue venue) {
        return of(venue).start();
    }

    /** Begins a venue with settings of its own. */
    public static Builder of(Venue venue) {
        return new Builder(venue);
    }

    /** The venue at this simulation's address, with limits as the simulation has them: what a client is given. */
    public Venue venue() {
        return venue;
    }

    /** Where it listens, {@code https://127.0.0.1:port}. */
    public URI uri() {
        return venue.baseUri();
    }

    /** The HMAC credential, with a {@code passphrase}. A new object on each call with the same key, so it may be closed. */
    public Credential credential() {
        return key.credential();
    }

    /** A further HMAC key of the same account, with a nonce of its own. */
    public Credential newCredential() {
        return house.add(rules.newKey()).credential();
    }

    /** The key id of {@link #credential()} with a secret that the venue does not know. */
    public Credential wrongCredential() {
        return key.forged(house.random()).credential();
    }

    /**
     * A new Ed25519 key.
     *
     * @throws IllegalStateException when the venue takes no such keys
     */
    public Credential ed25519Credential() {
        if (!(rules instanceof BinanceRules)) {
            throw new IllegalStateException(venue + " takes no Ed25519 keys");
        }
        return house.add(ApiKey.ed25519(house.random())).credential();
    }

    /**
     * Makes a key of the test's own known to the venue.
     *
     * @param secret its text as a venue would hand it out; copied
     * @param passphrase empty where the venue has none
     */
    public void addKey(String keyId, Secret secret, String passphrase) {
        String text = InsecureSecretAccess.use(secret, bytes -> new String(bytes, StandardCharsets.UTF_8));
        house.add(ApiKey.known(keyId, text, passphrase));
    }

    /**
     * Makes a key pair of the test's own known to the venue by its public half: Ed25519 or RSA, on Binance alone.
     *
     * @throws IllegalStateException when the venue takes no such keys
     */
    public void addKey(String keyId, PublicKey publicKey) {
        if (!(rules instanceof BinanceRules)) {
            throw new IllegalStateException(venue + " takes no public keys");
        }
        house.add(ApiKey.ofPublic(keyId, Objects.requireNonNull(publicKey, "publicKey")));
    }

    /** The root certificate that signed the server's. Made for this venue alone. */
    public X509Certificate trustAnchor() {
        return certificates.root();
    }

    /** A new PKCS#12 store that holds only {@link #trustAnchor()}. */
    public KeyStore trustStore() {
        return certificates.trustStore();
    }

    /** A new PKCS#12 store with one entry, {@code client}: a key and a certificate that the venue accepts. */
    public KeyStore clientKeyStore() {
        return certificates.clientKeyStore();
    }

    /** A new PKCS#12 store as {@link #clientKeyStore()}, whose key and certificate nobody else has: the next one, for rotation. */
    public KeyStore newClientKeyStore() {
        return certificates.newClientKeyStore();
    }

    /** The password of the entries in {@link #clientKeyStore()} and {@link #newClientKeyStore()}. A new array on each call. */
    public char[] clientKeyPassword() {
        return Certificates.PASSWORD.toCharArray();
    }

    /** What will go wrong. */
    public FaultScript faults() {
        return faults;
    }

    /** The venue's time: its clock and the skew. */
    public Instant now() {
        return house.now();
    }

    /** Sets the venue's time apart from its clock from now on; negative when the venue is behind. */
    public void skew(Duration skew) {
        house.skew(Objects.requireNonNull(skew, "skew"));
    }

    /** Sets a balance. Assets are named as the venue names them in answers. */
    public void balance(String asset, BigDecimal amount) {
        house.balance(Objects.requireNonNull(asset, "asset"), Objects.requireNonNull(amount, "amount"));
    }

    /** All orders accepted so far, oldest first, as they stand now. */
    public List<PlacedOrder> orders() {
        letIn(now());
        return house.orders();
    }

    /** How many orders with this client order id were accepted; more than one is what a client must prevent. */
    public long acceptedOrders(String clientOrderId) {
        return orders().stream()
                .filter(order -> order.clientOrderId().equals(clientOrderId))
                .count();
    }

    /**
     * Fills an open order in full.
     *
     * @param orderId the venue's id
     * @throws IllegalArgumentException when there is no open order of that id
     */
    public PlacedOrder fill(String orderId) {
        letIn(now());
        synchronized (house) {
            PlacedOrder order = house.order(orderId)
                    .filter(PlacedOrder::isOpen)
                    .orElseThrow(() -> new IllegalArgumentException("no open order has the id " + orderId));
            return house.change(order, PlacedOrder.State.FILLED);
        }
    }

    /** The newest {@value #REMEMBERED_REQUESTS} requests, oldest first, whether or not they were accepted. */
    public List<ReceivedRequest> received() {
        synchronized (received) {
            return new ArrayList<>(received);
        }
    }

    /** How many TLS handshakes have succeeded: the number of connections that clients made. */
    public int handshakes() {
        return server.handshakes();
    }

    /** Stops listening and ends all connections at once. Does nothing the second time. */
    @Override
    public void close() {
        server.close();
    }

    /** Name and address. */
    @Override
    public String toString() {
        return "SimulatedVenue[" + venue + " at " + uri() + "]";
    }

    private void remember(ReceivedRequest request) {
        synchronized (received) {
            if (received.size() == REMEMBERED_REQUESTS) {
                received.removeFirst();
            }
            received.addLast(request);
        }
    }

    /** Takes the requests held back that arrive by this time. Nobody can tell it from taking each at its own time. */
    private void letIn(Instant time) {
        synchronized (heldBack) {
            for (ReceivedRequest next = heldBack.peek();
                    next != null && !next.at().isAfter(time);
                    next = heldBack.peek()) {
                rules.handle(new Call(heldBack.remove(), false));
            }
        }
    }

    private static VenueRules rules(String venue, House house) {
        return switch (venue) {
            case "binance" -> new BinanceRules(house);
            case "kraken" -> new KrakenRules(house);
            case "coinbaseexchange" -> new CoinbaseRules(house);
            case "okx" -> new OkxRules(house);
            default ->
                throw new IllegalArgumentException("there is no simulation of venue " + venue
                        + "; there are of binance, kraken, coinbaseexchange, okx");
        };
    }

    /** One request on its way through faults and rules. */
    private final class Exchange implements VenueServer.Handler {
        @Override
        public @Nullable Fault faultFor(String path) {
            return rules.isPublic(path) ? null : faults.take(path);
        }

        @Override
        public Answer answer(ReceivedRequest request, @Nullable Fault fault) {
            remember(request);
            letIn(request.at());
            Call call = new Call(request, fault != null && fault.kind() == Fault.Kind.INSUFFICIENT_FUNDS);
            Answer answer = rules.finish(call, fault == null ? rules.handle(call) : broken(call, fault));
            dateHeader.apply(house.now()).ifPresent(date -> answer.header("Date", date));
            return answer;
        }

        private Answer broken(Call call, Fault fault) {
            return switch (fault.kind()) {
                case THROTTLED -> rules.throttled(call, fault.duration());
                case BANNED -> rules.banned(call, fault.duration());
                case UNAVAILABLE -> unavailable();
                case ACCEPT_THEN_UNAVAILABLE -> executed(call, unavailable());
                case ACCEPT_THEN_LOSE_ANSWER -> executed(call, Answer.nothing(Answer.Ending.CLOSE));
                case ACCEPT_THEN_RESET -> executed(call, Answer.nothing(Answer.Ending.RESET));
                case ACCEPT_THEN_HALF_CLOSE -> rules.handle(call).ending(Answer.Ending.HALF_CLOSE);
                case ACCEPT_THEN_RESET_IN_BODY -> rules.handle(call).ending(Answer.Ending.RESET_IN_BODY);
                case ACCEPT_LATE -> {
                    synchronized (heldBack) {
                        heldBack.add(call.request().arrivingAt(call.now().plus(fault.duration())));
                    }
                    yield Answer.nothing(Answer.Ending.CLOSE);
                }
                case DUPLICATED -> {
                    rules.handle(call);
                    remember(call.request());
                    yield rules.handle(call);
                }
                case CLOSE_AFTER_READING -> Answer.nothing(Answer.Ending.CLOSE);
                case RESET_BEFORE_READING, RESET_AFTER_READING -> Answer.nothing(Answer.Ending.RESET);
                case SLOW -> rules.handle(call).after(fault.duration());
                case INSUFFICIENT_FUNDS -> rules.handle(call);
            };
        }

        private Answer executed(Call call, Answer instead) {
            rules.handle(call);
            return instead;
        }

        private static Answer unavailable() {
            return Answer.html(503, "Service Unavailable");
        }
    }

    /** Settings of a simulated venue. Not thread-safe. */
    public static final class Builder {
        private final Venue venue;
        private InstantSource clock = InstantSource.system();
        private Duration skew = Duration.ZERO;
        private Duration visibilityDelay = Duration.ZERO;
        private Budget budget = Budget.generous();
        private Function<Instant, Optional<String>> dateHeader = now -> Optional.of(HTTP_DATE.format(now));
        private boolean clientCertificate;

        private Builder(Venue venue) {
            this.venue = Objects.requireNonNull(venue, "venue");
        }

        /** Where the venue's time comes from, often a {@link VirtualClock}; the system's clock unless set. */
        public Builder clock(InstantSource newClock) {
            clock = Objects.requireNonNull(newClock, "clock");
            return this;
        }

        /** Venue time minus clock; zero unless set. Can be changed later, see {@link SimulatedVenue#skew}. */
        public Builder skew(Duration newSkew) {
            skew = Objects.requireNonNull(newSkew, "skew");
            return this;
        }

        /** How many requests the venue takes; {@link Budget#generous()} unless set. */
        public Builder budget(Budget newBudget) {
            budget = Objects.requireNonNull(newBudget, "budget");
            return this;
        }

        /** For how long, on the venue's clock, queries and cancellations do not find a new order; zero unless set. */
        public Builder visibilityDelay(Duration delay) {
            visibilityDelay = Objects.requireNonNull(delay, "delay");
            return this;
        }

        /**
         * What the {@code Date} header of every answer says when the venue's time is the one given, so that it can lie: empty leaves the header
         * out. The venue's time in the form of RFC 9110 section 5.6.7 unless set. Called by several threads.
         */
        public Builder dateHeader(Function<Instant, Optional<String>> header) {
            dateHeader = Objects.requireNonNull(header, "header");
            return this;
        }

        /** Refuses TLS handshakes without the certificate in {@link SimulatedVenue#clientKeyStore()}. */
        public Builder demandClientCertificate() {
            clientCertificate = true;
            return this;
        }

        /**
         * Starts the venue.
         *
         * @throws IllegalArgumentException when there is no simulation of this venue
         */
        public SimulatedVenue start() {
            return new SimulatedVenue(this);
        }
    }
}
