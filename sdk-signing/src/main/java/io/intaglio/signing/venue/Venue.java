package io.intaglio.signing.venue;

import static io.intaglio.signing.scheme.Parts.concat;
import static io.intaglio.signing.scheme.Parts.literal;
import static io.intaglio.signing.scheme.Places.header;

import io.intaglio.signing.Access;
import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.Credential;
import io.intaglio.signing.LogonScheme;
import io.intaglio.signing.Priority;
import io.intaglio.signing.SigningScheme;
import io.intaglio.signing.key.SignatureAlgorithm;
import io.intaglio.signing.key.SigningKey;
import io.intaglio.signing.scheme.Parts;
import io.intaglio.signing.scheme.Place;
import io.intaglio.signing.scheme.Scheme;
import io.intaglio.signing.secret.Secret;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a venue, as data; see the {@linkplain io.intaglio.signing.venue package}. Immutable and thread-safe; {@link #at} gives the
 * same venue at another address.
 */
public final class Venue {

    /**
     * The time in which a venue accepts a timestamp, around its own clock. A request is accepted when
     * {@code server - past <= timestamp < server + future}.
     *
     * @param past how old a timestamp may be
     * @param future how far ahead a timestamp may be
     */
    public record Window(Duration past, Duration future) {
        /** The same both ways. */
        public static Window of(Duration each) {
            return new Window(each, each);
        }
    }

    /**
     * Where a venue tells its time.
     *
     * @param path of a public GET
     * @param pointer JSON pointer (RFC 6901) to the value in the answer
     * @param unit of the value: one millisecond, one second and so on
     */
    public record TimeEndpoint(String path, String pointer, Duration unit) {}

    /**
     * What an answer means for how long nobody may send, where the venue does not say it by {@code Retry-After}.
     *
     * @param code the beginning of the venue's code or message, or an HTTP status as {@code HTTP 429}
     */
    private record Pause(String code, Duration length) {}

    /** Where an error names the time until which nobody may send. */
    private record PauseUntil(Pattern text, Duration unit) {
        /** Never negative; a time that is not reasonable counts as not told. */
        Optional<Duration> after(String body, Instant now) {
            Matcher found = text.matcher(body);
            if (!found.find() || found.group(1).length() > 19) {
                return Optional.empty();
            }
            try {
                Duration wait =
                        Duration.between(now, Instant.EPOCH.plus(unit.multipliedBy(Long.parseLong(found.group(1)))));
                return wait.isNegative() ? Optional.of(Duration.ZERO) : Optional.of(wait);
            } catch (ArithmeticException | java.time.DateTimeException | NumberFormatException e) {
                return Optional.empty();
            }
        }
    }

    private static final Pattern NUMBER = Pattern.compile("-?[0-9]+");

    /** A path that says one of these does more than to cancel an order, or cancels something else. */
    private static final List<String> ACTS_BESIDES =
            List.of("replace", "amend", "edit", "modif", "withdraw", "transfer", "new", "create", "send");

    private record ErrorRule(String code, Meaning meaning) {}

    /** A number is a whole code, else 10002 would be found in 100028; a text is the beginning of messages. */
    static boolean fits(String declared, String said) {
        return NUMBER.matcher(declared).matches() ? said.equals(declared) : said.startsWith(declared);
    }

    private final String name;
    private final List<String> aliases;
    private final Map<String, URI> environments;
    private final @Nullable URI override;
    private final SigningScheme scheme;
    private final Confirmation confirmation;
    private final NonceRule nonceRule;
    private final @Nullable Window window;
    private final @Nullable TimeEndpoint timeEndpoint;
    private final @Nullable Place clientOrderId;
    private final Dedup dedup;
    private final Predicate<ApiRequest> isOrder;
    private final @Nullable Predicate<ApiRequest> isRiskReducing;
    private final boolean takesNonceWindow;
    private final OrderIdForm orderIdForm;
    private final List<String> errorPointers;
    private final @Nullable List<String> okCodes;
    private final Map<String, Set<String>> refusalFlags;
    private final List<ErrorRule> errors;
    private final Predicate<ApiRequest> isRead;
    private final List<Limit> limits;
    private final List<Pause> pauses;
    private final @Nullable PauseUntil pauseUntil;
    private final @Nullable OrderQuery orderQuery;
    private final @Nullable String orderIdPointer;
    private final @Nullable PublishedLimits publishedLimits;
    private final @Nullable LogonScheme webSocket;
    private final @Nullable LogonScheme fix;
    private final List<CallPattern> trades;
    private final @Nullable Withdrawals withdrawals;
    private final @Nullable OrderFields orderFields;
    private final @Nullable Login login;
    private final @Nullable Login tokenLogin;

    private Venue(Builder builder, @Nullable URI override) {
        this.name = builder.name;
        this.aliases = List.copyOf(builder.aliases);
        this.environments = Map.copyOf(builder.environments);
        this.override = override;
        this.scheme = Objects.requireNonNull(builder.scheme);
        this.confirmation = builder.confirmation;
        this.nonceRule = builder.nonceRule;
        this.window = builder.window;
        this.timeEndpoint = builder.timeEndpoint;
        this.clientOrderId = builder.clientOrderId;
        this.dedup = builder.dedup;
        this.isOrder = builder.isOrder;
        this.isRiskReducing = builder.isRiskReducing;
        this.takesNonceWindow = builder.takesNonceWindow;
        this.orderIdForm = builder.orderIdForm;
        this.errorPointers = List.copyOf(builder.errorPointers);
        this.okCodes = builder.okCodes;
        this.refusalFlags = Map.copyOf(builder.refusalFlags);
        this.errors = List.copyOf(builder.errors);
        this.isRead = builder.isRead;
        this.limits = List.copyOf(builder.limits);
        this.pauses = List.copyOf(builder.pauses);
        this.pauseUntil = builder.pauseUntil;
        this.orderQuery = builder.orderQuery;
        this.orderIdPointer = builder.orderIdPointer;
        this.publishedLimits = builder.publishedLimits;
        this.webSocket = builder.webSocket;
        this.fix = builder.fix;
        this.trades = List.copyOf(builder.trades);
        this.withdrawals = builder.withdrawals;
        this.orderFields = builder.orderFields;
        this.login = builder.login;
        this.tokenLogin = builder.tokenLogin;
    }

    private Venue(Venue from, @Nullable URI override, List<Limit> limits) {
        this(from, override, limits, from.scheme, from.login);
    }

    private Venue(Venue from, @Nullable URI override, List<Limit> limits, SigningScheme scheme, @Nullable Login login) {
        this.name = from.name;
        this.aliases = from.aliases;
        this.environments = from.environments;
        this.override = override;
        this.scheme = scheme;
        this.confirmation = from.confirmation;
        this.nonceRule = from.nonceRule;
        this.window = scheme == from.scheme ? from.window : null; // what carries a token carries no timestamp
        this.timeEndpoint = from.timeEndpoint;
        this.clientOrderId = from.clientOrderId;
        this.dedup = from.dedup;
        this.isOrder = from.isOrder;
        this.isRiskReducing = from.isRiskReducing;
        this.takesNonceWindow = from.takesNonceWindow;
        this.orderIdForm = from.orderIdForm;
        this.errorPointers = from.errorPointers;
        this.okCodes = from.okCodes;
        this.refusalFlags = from.refusalFlags;
        this.errors = from.errors;
        this.isRead = from.isRead;
        this.limits = limits;
        this.pauses = from.pauses;
        this.pauseUntil = from.pauseUntil;
        this.orderQuery = from.orderQuery;
        this.orderIdPointer = from.orderIdPointer;
        this.publishedLimits = from.publishedLimits;
        this.webSocket = from.webSocket;
        this.fix = from.fix;
        this.trades = from.trades;
        this.withdrawals = from.withdrawals;
        this.orderFields = from.orderFields;
        this.login = login;
        this.tokenLogin = from.tokenLogin;
    }

    /** Begins a venue. The name is short, lower case, and appears in messages and on the command line. */
    public static Builder named(String name) {
        return new Builder(Objects.requireNonNull(name, "name"));
    }

    /** Name for messages and the command line. */
    public String name() {
        return name;
    }

    /** Other names by which it is found. */
    public List<String> aliases() {
        return aliases;
    }

    /** The address of the live environment, or the one given to {@link #at}. */
    public URI baseUri() {
        return override != null ? override : Objects.requireNonNull(environments.get("live"));
    }

    /** Addresses by environment: {@code live}, and test environments under the venue's own names for them. */
    public Map<String, URI> environments() {
        return environments;
    }

    /** The same venue in one of its environments. */
    public Venue environment(String environment) {
        URI uri = environments.get(environment);
        if (uri == null) {
            throw new IllegalArgumentException("venue " + name + " has no environment '" + environment + "'; it has "
                    + String.join(", ", environments.keySet().stream().sorted().toList()));
        }
        return new Venue(this, uri, limits);
    }

    /** The same venue at another address: a proxy, a private line, a simulated venue. */
    public Venue at(URI baseUri) {
        return new Venue(this, Objects.requireNonNull(baseUri, "baseUri"), limits);
    }

    /**
     * The same venue with these limits: each takes the place of the one of its name, or is added. For another tier, a share of a limit whose
     * rest others use, or what the venue told after this was written.
     */
    public Venue withLimits(List<Limit> changed) {
        Map<String, Limit> byName = new LinkedHashMap<>();
        limits.forEach(limit -> byName.put(limit.name(), limit));
        changed.forEach(limit -> byName.put(limit.name(), limit));
        return new Venue(this, override, List.copyOf(byName.values()));
    }

    /** The same venue without limits: for an address that has none, such as a venue simulated for a load test. */
    public Venue withoutLimits() {
        return new Venue(this, override, List.of());
    }

    /**
     * The same venue, whose calls carry an access token in {@code Authorization} in place of a signature: of its own {@linkplain #login() log-on} where
     * it has one, else of an OAuth 2 authorization server, which the client is told. Calls that are public stay so. It has no {@linkplain #window()
     * window}: no call carries a timestamp.
     */
    public Venue withAccessTokens() {
        return new Venue(this, override, limits, tokenScheme(), tokenLogin);
    }

    private SigningScheme tokenScheme() {
        SigningScheme own = scheme;
        return Scheme.named(name + ", access token")
                .publicWhen(request -> own.accessOf(request) == Access.PUBLIC)
                .attach(
                        header("Authorization"),
                        concat(Parts.credential("token-type"), literal(" "), Parts.credential("token")))
                .build();
    }

    /** How the token is got that every call carries; empty where calls carry none, or that of an authorization server. */
    public Optional<Login> login() {
        return Optional.ofNullable(login);
    }

    /** The rule that signs requests. */
    public SigningScheme scheme() {
        return scheme;
    }

    /** How well the signing rule is known. */
    public Confirmation confirmation() {
        return confirmation;
    }

    /** The rule that signs a log-on or a call over WebSocket with the same key, where it is known. */
    public Optional<LogonScheme> webSocket() {
        return Optional.ofNullable(webSocket);
    }

    /** The rule that signs a FIX Logon with the same key, where it is known. */
    public Optional<LogonScheme> fix() {
        return Optional.ofNullable(fix);
    }

    /** What a nonce must be. */
    public NonceRule nonceRule() {
        return nonceRule;
    }

    /** The time in which a timestamp is accepted, when the venue checks it. */
    public Optional<Window> window() {
        return Optional.ofNullable(window);
    }

    /** Where the venue tells its time; the {@code Date} header of any answer is the fallback. */
    public Optional<TimeEndpoint> timeEndpoint() {
        return Optional.ofNullable(timeEndpoint);
    }

    /** Where a client order id goes, when the venue takes one. */
    public Optional<Place> clientOrderId() {
        return Optional.ofNullable(clientOrderId);
    }

    /** What the venue promises about a repeated client order id. */
    public Dedup dedup() {
        return dedup;
    }

    /** Whether the request places an order, so that it gets a client order id and is never blindly repeated. */
    public boolean isOrder(ApiRequest request) {
        return isOrder.test(request);
    }

    /**
     * Which calls go before which: what the caller asked for, else {@link Priority#RISK_REDUCING} for the venue's known ways to cancel orders
     * and close positions, {@link Priority#READ} for what only reads, and {@link Priority#ORDER} for the rest.
     */
    public Priority priorityOf(ApiRequest request) {
        return request.priority().orElseGet(() -> {
            if (isRiskReducing != null && isRiskReducing.test(request)) {
                return Priority.RISK_REDUCING;
            }
            return isRead(request) ? Priority.READ : Priority.ORDER;
        });
    }

    /**
     * Whether the call cancels orders or closes positions, by the venue's rules and whatever priority the caller asks for. Where none are known, a
     * path that speaks of cancelling, or a DELETE of an order, is taken for it, unless it speaks of anything else as well.
     */
    public boolean isRiskReducing(ApiRequest request) {
        if (isRiskReducing != null) {
            return isRiskReducing.test(request);
        }
        String path = request.path().toLowerCase(Locale.ROOT);
        boolean cancels = path.contains("cancel")
                ? !request.method().equals("GET")
                : request.method().equals("DELETE") && path.contains("order");
        return cancels && !isWithdrawal(request) && ACTS_BESIDES.stream().noneMatch(path::contains);
    }

    /**
     * What the call does, by the venue's rules. A withdrawal is one whatever else it looks like; what is known neither as a read nor as a trade
     * counts as {@link Purpose#WITHDRAW}.
     */
    public Purpose purposeOf(ApiRequest request) {
        if (isWithdrawal(request)) {
            return Purpose.WITHDRAW;
        }
        if (isRiskReducing(request)
                || isOrder.test(request)
                || trades.stream().anyMatch(call -> call.matches(request))) {
            return Purpose.TRADE;
        }
        return isRead.test(request) ? Purpose.READ : Purpose.WITHDRAW;
    }

    /** Whether the call is known to move money out of the account. */
    public boolean isWithdrawal(ApiRequest request) {
        return withdrawals != null && withdrawals.matches(request);
    }

    /** By which calls money leaves an account, where that is known. */
    public Optional<Withdrawals> withdrawals() {
        return Optional.ofNullable(withdrawals);
    }

    /** Where an order says what it trades and how much, where that is known. */
    public Optional<OrderFields> orderFields() {
        return Optional.ofNullable(orderFields);
    }

    /**
     * Whether rising nonces may arrive a little out of order when the key, or the request, is set so at the venue. Several requests of a key
     * can then be on their way at once.
     */
    public boolean takesNonceWindow() {
        return takesNonceWindow;
    }

    /** Whether the request only reads, so that it can be asked again: GET and HEAD, and what else the venue is known to read by. */
    public boolean isRead(ApiRequest request) {
        return isRead.test(request) && !isOrder.test(request) && !isWithdrawal(request);
    }

    /** Its rate limits, as far as they are known. */
    public List<Limit> limits() {
        return limits;
    }

    /**
     * For how long nobody may send after this answer, where its headers do not say it: from the text of the error, else what the venue's
     * documentation says of its code or status.
     *
     * @param code the venue's code or message, empty when it gave none
     * @param now the venue's time
     */
    public Optional<Duration> pauseAfter(int status, String code, String body, Instant now) {
        PauseUntil rule = pauseUntil;
        Optional<Duration> told = rule == null ? Optional.empty() : rule.after(body, now);
        if (told.isPresent()) {
            return told;
        }
        String text = "HTTP " + status;
        for (Pause pause : pauses) {
            if (pause.code.equals(text) || !code.isEmpty() && code.startsWith(pause.code)) {
                return Optional.of(pause.length);
            }
        }
        return Optional.empty();
    }

    /** How to ask what became of an order, where it is known. */
    public Optional<OrderQuery> orderQuery() {
        return Optional.ofNullable(orderQuery);
    }

    /** Where in the answer to an accepted order the venue's own id of it is, as a JSON pointer; empty when that is not known. */
    public Optional<String> orderIdPointer() {
        return Optional.ofNullable(orderIdPointer);
    }

    /** How the venue tells its limits; empty when it does not, or when that is not known. */
    public Optional<PublishedLimits> publishedLimits() {
        return Optional.ofNullable(publishedLimits);
    }

    /** What a client order id must look like. */
    public OrderIdForm orderIdForm() {
        return orderIdForm;
    }

    /**
     * Whether an answer with this code, found at an error pointer, is a refusal although its HTTP status is 2xx. Always false for venues
     * that tell errors by the status.
     */
    public boolean refusesWith(String code) {
        return okCodes != null && !okCodes.contains(code);
    }

    /** Whether errors come with a 2xx status too, so that such answers have to be read for their code. */
    public boolean hasErrorsInOkAnswers() {
        return okCodes != null;
    }

    /**
     * JSON pointers at which a 2xx answer says whether it is a refusal, each with the texts that say so. An answer that has none of them there is none.
     */
    public Map<String, Set<String>> refusalFlags() {
        return refusalFlags;
    }

    /** JSON pointers at which an error answer holds the venue's code, tried in this order. */
    public List<String> errorPointers() {
        return errorPointers;
    }

    /**
     * What a code or message of the venue means; the declared number that it is, or the longest declared text with which it begins, decides.
     *
     * @param code {@code HTTP 403} and the like for an answer without a code
     */
    public Optional<Meaning> meaningOf(String code) {
        ErrorRule best = null;
        for (ErrorRule rule : errors) {
            if (fits(rule.code, code) && (best == null || rule.code.length() > best.code.length())) {
                best = rule;
            }
        }
        return best == null ? Optional.empty() : Optional.of(best.meaning);
    }

    /**
     * Makes a credential from the key as the venue hands it out: PEM text, a seed, or an HMAC secret, whichever the scheme takes. For a
     * venue without signatures the text becomes the credential's value {@code secret}.
     *
     * @throws io.intaglio.signing.key.KeyException when it is no key this venue takes
     */
    public Credential credential(String keyId, Secret key) {
        if (scheme instanceof Scheme && scheme.algorithms().isEmpty()) {
            return Credential.keyId(keyId).with("secret", key);
        }
        SigningKey signingKey = scheme.readKey(key);
        boolean fits = scheme.algorithms().isEmpty();
        for (SignatureAlgorithm algorithm : scheme.algorithms()) {
            fits |= algorithm.accepts(signingKey.kind());
        }
        if (!fits) {
            throw new IllegalArgumentException(
                    name + " takes " + scheme.algorithms() + ", but this is " + signingKey.kind());
        }
        return Credential.of(keyId, signingKey);
    }

    /** The name. */
    @Override
    public String toString() {
        return name;
    }

    /** Collects the facts of a venue. Not thread-safe. */
    public static final class Builder {
        private final String name;
        private final List<String> aliases = new ArrayList<>();
        private final Map<String, URI> environments = new LinkedHashMap<>();
        private @Nullable SigningScheme scheme;
        private Confirmation confirmation = Confirmation.UNCONFIRMED;
        private NonceRule nonceRule = NonceRule.NONE;
        private @Nullable Window window;
        private @Nullable TimeEndpoint timeEndpoint;
        private @Nullable Place clientOrderId;
        private Dedup dedup = Dedup.NONE;
        private Predicate<ApiRequest> isOrder = request -> false;
        private @Nullable Predicate<ApiRequest> isRiskReducing;
        private boolean takesNonceWindow;
        private OrderIdForm orderIdForm = OrderIdForm.HEX;
        private final List<String> errorPointers = new ArrayList<>();
        private @Nullable List<String> okCodes;
        private final Map<String, Set<String>> refusalFlags = new LinkedHashMap<>();
        private final List<ErrorRule> errors = new ArrayList<>();
        private Predicate<ApiRequest> isRead =
                request -> request.method().equals("GET") || request.method().equals("HEAD");
        private final List<Limit> limits = new ArrayList<>();
        private final List<Pause> pauses = new ArrayList<>();
        private @Nullable PauseUntil pauseUntil;
        private @Nullable OrderQuery orderQuery;
        private @Nullable String orderIdPointer;
        private @Nullable PublishedLimits publishedLimits;
        private @Nullable LogonScheme webSocket;
        private @Nullable LogonScheme fix;
        private final List<CallPattern> trades = new ArrayList<>();
        private @Nullable Withdrawals withdrawals;
        private @Nullable OrderFields orderFields;
        private @Nullable Login login;
        private @Nullable Login tokenLogin;

        private Builder(String name) {
            this.name = name;
        }

        /** Another name by which it is found. */
        public Builder alias(String alias) {
            aliases.add(alias);
            return this;
        }

        /** The live address. */
        public Builder baseUri(String uri) {
            return environment("live", uri);
        }

        /** The address of an environment. */
        public Builder environment(String environment, String uri) {
            environments.put(environment, URI.create(uri));
            return this;
        }

        /** The signing rule. */
        public Builder scheme(SigningScheme newScheme) {
            scheme = newScheme;
            return this;
        }

        /** How well the signing rule is known; unconfirmed unless set. */
        public Builder confirmed(Confirmation how) {
            confirmation = how;
            return this;
        }

        /** The rule for WebSocket. */
        public Builder webSocket(LogonScheme rule) {
            webSocket = rule;
            return this;
        }

        /** The rule for a FIX Logon. */
        public Builder fix(LogonScheme rule) {
            fix = rule;
            return this;
        }

        /** Every call carries a token of this log-on, and the scheme places it. */
        public Builder login(Login how) {
            login = how;
            tokenLogin = how;
            return this;
        }

        /** Calls may carry a token of this log-on in place of a signature; see {@link Venue#withAccessTokens()}. */
        public Builder tokenLogin(Login how) {
            tokenLogin = how;
            return this;
        }

        /** The nonce rule; none unless set. */
        public Builder nonce(NonceRule rule) {
            nonceRule = rule;
            return this;
        }

        /** The time in which a timestamp is accepted. */
        public Builder window(Duration past, Duration future) {
            window = new Window(past, future);
            return this;
        }

        /** Where the venue tells its time. */
        public Builder time(String path, String pointer, Duration unit) {
            timeEndpoint = new TimeEndpoint(path, pointer, unit);
            return this;
        }

        /** Which requests place an order, where their client order id goes, and what the venue promises about it. */
        public Builder orders(Predicate<ApiRequest> which, Place id, Dedup promise) {
            isOrder = which;
            clientOrderId = id;
            dedup = promise;
            return this;
        }

        /** Which requests cancel orders or close positions, so that they go before others. */
        public Builder riskReducing(Predicate<ApiRequest> which) {
            isRiskReducing = which;
            return this;
        }

        /** The venue can be told to take rising nonces a little out of order. */
        public Builder nonceWindow() {
            takesNonceWindow = true;
            return this;
        }

        /** What a client order id must look like; {@link OrderIdForm#HEX} unless set. */
        public Builder orderIds(OrderIdForm form) {
            orderIdForm = form;
            return this;
        }

        /** Requests that only read although they are no GET. */
        public Builder reads(Predicate<ApiRequest> which) {
            isRead = isRead.or(which);
            return this;
        }

        /** At this venue a GET may act: these calls alone read. */
        public Builder readsOnly(Predicate<ApiRequest> which) {
            isRead = which;
            return this;
        }

        /** Calls that trade besides orders and cancels; see {@link CallPattern}. */
        public Builder trades(String... calls) {
            for (String call : calls) {
                trades.add(CallPattern.of(call));
            }
            return this;
        }

        /** By which calls money leaves an account. */
        public Builder withdrawals(Withdrawals how) {
            withdrawals = how;
            return this;
        }

        /** Where an order says what it trades and how much. */
        public Builder orderFields(OrderFields fields) {
            orderFields = fields;
            return this;
        }

        /** A rate limit; may be said more than once. */
        public Builder limit(Limit limit) {
            limits.add(limit);
            return this;
        }

        /** How long nobody may send after an error whose code begins so, or after an HTTP status, unless the answer says it. */
        public Builder pause(String codeOrStatus, Duration wait) {
            pauses.add(new Pause(codeOrStatus, wait));
            return this;
        }

        /**
         * Errors name the time until which nobody may send.
         *
         * @param text regular expression whose first group is the time since 1970
         * @param unit of that time
         */
        public Builder pauseUntil(String text, Duration unit) {
            pauseUntil = new PauseUntil(Pattern.compile(text), unit);
            return this;
        }

        /** How to ask what became of an order. */
        public Builder orderQuery(OrderQuery query) {
            orderQuery = query;
            return this;
        }

        /** Where in the answer to an accepted order the venue's own id of it is, as a JSON pointer. */
        public Builder orderIdAt(String pointer) {
            orderIdPointer = pointer;
            return this;
        }

        /** How the venue tells its limits. */
        public Builder publishedLimits(PublishedLimits how) {
            publishedLimits = how;
            return this;
        }

        /** Errors come with a 2xx status too: any code at an error pointer is a refusal, but for these. */
        public Builder errorsInOkAnswers(String... exceptCodes) {
            okCodes = List.of(exceptCodes);
            return this;
        }

        /**
         * A 2xx answer with one of these texts there is a refusal, such as {@code false} at {@code /success}; its code is at the error pointers. An
         * answer without them is none, so it fits venues whose yes has many forms. May be said once for each pointer.
         */
        public Builder refusalFlagAt(String pointer, String... texts) {
            refusalFlags.put(pointer, Set.of(texts));
            return this;
        }

        /** Where in an error answer the venue's code is; may be said more than once. */
        public Builder errorCodeAt(String pointer) {
            errorPointers.add(pointer);
            return this;
        }

        /** What codes, or the beginnings of messages, mean. */
        public Builder errors(Meaning meaning, String... codes) {
            for (String code : codes) {
                errors.add(new ErrorRule(code, meaning));
            }
            return this;
        }

        /**
         * Builds the venue.
         *
         * @throws IllegalArgumentException when the live address or the scheme is missing
         */
        public Venue build() {
            if (scheme == null || !environments.containsKey("live")) {
                throw new IllegalArgumentException("venue " + name + " lacks "
                        + (scheme == null ? "its scheme; call scheme(...)" : "its live address; call baseUri(...)"));
            }
            return new Venue(this, null);
        }
    }
}
