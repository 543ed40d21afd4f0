package io.intaglio.signing.venue;

import io.intaglio.signing.ApiRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToLongBiFunction;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * One of a venue's rate limits, as data: who shares it, over what kind of window it counts, how much fits in, what a call costs, and how the
 * venue's answers tell where the count stands. A call may count against several. Immutable and thread-safe; the with-methods return a changed
 * copy.
 *
 * <pre>{@code
 * Limit.aligned("request weight", Limit.Scope.IP, 6000, Duration.ofMinutes(1))
 *     .costing(request -> request.path().equals("/api/v3/account") ? 20 : 1)
 *     .used("X-MBX-USED-WEIGHT-1M")
 * }</pre>
 */
public final class Limit {

    /** Who shares a count. */
    public enum Scope {
        /** All calls from one address, whoever signs. */
        IP,
        /** All calls signed with one key. */
        KEY,
        /** All calls of one account, whichever of its keys signs; taken to be the key where the account is not known. */
        ACCOUNT
    }

    /** How a count falls. */
    public enum Kind {
        /** To zero, at the multiples of the period on the venue's clock. */
        ALIGNED,
        /** By each call, one period after the call. */
        ROLLING,
        /** Evenly, from full to empty in one period. Also the counters with decay and the token buckets. */
        LEAKY
    }

    /** What a header of an answer tells of the count. */
    public enum Reading {
        /** Units used, this call included. */
        USED,
        /** Units left. */
        REMAINING,
        /** Units that fit in. */
        CAPACITY
    }

    /**
     * A header that tells of the count.
     *
     * @param header name, in any case
     */
    public record Report(String header, Reading reading) {}

    private final Facts facts;

    private Limit(Facts facts) {
        this.facts = facts;
        if (facts.capacity < 1) {
            throw new IllegalArgumentException(
                    "limit '" + facts.name + "' must let at least 1 unit through, was " + facts.capacity);
        }
        if (facts.period.isNegative() || facts.period.isZero()) {
            throw new IllegalArgumentException(
                    "the period of limit '" + facts.name + "' must be positive, was " + facts.period);
        }
        if (facts.reserve < 0 || facts.reserve >= facts.capacity) {
            throw new IllegalArgumentException("the reserve of limit '" + facts.name
                    + "' must be less than its capacity of " + facts.capacity + " and not negative, was "
                    + facts.reserve);
        }
    }

    /** Not changed once a limit is made of it. */
    private static final class Facts {
        private final String name;
        private final Scope scope;
        private final Kind kind;
        private long capacity;
        private Duration period;
        private long reserve;
        private ToLongFunction<ApiRequest> cost = request -> 1;
        private @Nullable Function<ApiRequest, String> group;
        private List<Report> reports = List.of();
        private List<String> breachCodes = List.of();
        private boolean errorsOnly;
        private List<String> errorCodes = List.of();
        private @Nullable Function<ApiRequest, Optional<String>> order;
        private ToLongBiFunction<ApiRequest, Duration> agedCost = (request, age) -> 0;

        Facts(String name, Scope scope, Kind kind, long capacity, Duration period) {
            this.name = Objects.requireNonNull(name, "name");
            this.scope = Objects.requireNonNull(scope, "scope");
            this.kind = kind;
            this.capacity = capacity;
            this.period = Objects.requireNonNull(period, "period");
            this.reserve = usualReserve(kind, capacity);
        }

        Facts(Facts from) {
            this.name = from.name;
            this.scope = from.scope;
            this.kind = from.kind;
            this.capacity = from.capacity;
            this.period = from.period;
            this.reserve = from.reserve;
            this.cost = from.cost;
            this.group = from.group;
            this.reports = from.reports;
            this.breachCodes = from.breachCodes;
            this.errorsOnly = from.errorsOnly;
            this.errorCodes = from.errorCodes;
            this.order = from.order;
            this.agedCost = from.agedCost;
        }
    }

    private Limit with(Consumer<Facts> change) {
        Facts changed = new Facts(facts);
        change.accept(changed);
        return new Limit(changed);
    }

    /**
     * What is kept for risk-reducing calls: 2 % of an aligned window, rounded down; 1 % of a rolling one; 10 % of a leaky bucket, rounded up, since
     * there it costs no throughput.
     */
    private static long usualReserve(Kind kind, long capacity) {
        return switch (kind) {
            case ALIGNED -> capacity / 50;
            case ROLLING -> capacity / 100;
            case LEAKY -> capacity > 1 ? (capacity + 9) / 10 : 0;
        };
    }

    /** Counts from each multiple of the period on the venue's clock: {@code 6000 a minute, from :00}. */
    public static Limit aligned(String name, Scope scope, long capacity, Duration period) {
        return new Limit(new Facts(name, scope, Kind.ALIGNED, capacity, period));
    }

    /** Counts over the period before each call. Right too for windows whose beginning nobody tells, which it keeps all the more. */
    public static Limit rolling(String name, Scope scope, long capacity, Duration period) {
        return new Limit(new Facts(name, scope, Kind.ROLLING, capacity, period));
    }

    /**
     * A bucket that leaks evenly.
     *
     * @param drain the time in which a full bucket empties: 45 s for 15 units that decay by a third of a unit each second
     */
    public static Limit leaky(String name, Scope scope, long capacity, Duration drain) {
        return new Limit(new Facts(name, scope, Kind.LEAKY, capacity, drain));
    }

    /** The same with what each call costs, in units; 0 for calls that do not count. 1 for every call unless set. */
    public Limit costing(ToLongFunction<ApiRequest> units) {
        return with(changed -> changed.cost = Objects.requireNonNull(units, "units"));
    }

    /** The same, counting 1 for these calls only. */
    public Limit counting(Predicate<ApiRequest> which) {
        return costing(request -> which.test(request) ? 1 : 0);
    }

    /**
     * The same, where calls about an order that was placed before cost by the age of that order, and count where the order did.
     *
     * @param order the id of the order that a call is about, the client's or the venue's; empty for calls that are about none, which cost what
     *     {@link #costing} says
     * @param units what such a call costs, given how long ago the order was placed or last changed; zero when that is not known, which has to be the
     *     dearest
     */
    public Limit costingByAge(
            Function<ApiRequest, Optional<String>> order, ToLongBiFunction<ApiRequest, Duration> units) {
        return with(changed -> {
            changed.order = Objects.requireNonNull(order, "order");
            changed.agedCost = Objects.requireNonNull(units, "units");
        });
    }

    /** The same, with a count of its own for each value of this: for each path, for each symbol. */
    public Limit per(Function<ApiRequest, String> value) {
        return with(changed -> changed.group = Objects.requireNonNull(value, "value"));
    }

    /** The same, told by the venue in a header as units used. */
    public Limit used(String header) {
        return reporting(header, Reading.USED);
    }

    /** The same, told by the venue in a header as units left. */
    public Limit remaining(String header) {
        return reporting(header, Reading.REMAINING);
    }

    /** The same, its capacity told by the venue in a header. */
    public Limit capacityIn(String header) {
        return reporting(header, Reading.CAPACITY);
    }

    private Limit reporting(String header, Reading reading) {
        List<Report> more = new ArrayList<>(facts.reports);
        more.add(new Report(header, reading));
        return with(changed -> changed.reports = List.copyOf(more));
    }

    /** The same, with the venue's codes that say that it is this limit which was passed. */
    public Limit breach(String... codes) {
        return with(changed -> changed.breachCodes = List.of(codes));
    }

    /**
     * The same, counting only calls that the venue refuses: for venues that lock out who errs too often.
     *
     * @param codes how the venue's codes begin that count; all refusals when none is given
     */
    public Limit onErrors(String... codes) {
        return with(changed -> {
            changed.errorsOnly = true;
            changed.errorCodes = List.of(codes);
        });
    }

    /** The same with another capacity: a higher tier, or a share of the limit when others use the rest. */
    public Limit withCapacity(long units) {
        return with(changed -> {
            changed.capacity = units;
            changed.reserve = usualReserve(changed.kind, units);
        });
    }

    /** The same with another period. */
    public Limit withPeriod(Duration newPeriod) {
        return with(changed -> changed.period = Objects.requireNonNull(newPeriod, "period"));
    }

    /** The same with this many units that only risk-reducing calls may use. */
    public Limit withReserve(long units) {
        return with(changed -> changed.reserve = units);
    }

    /** Name for messages and for overriding; unique within a venue. */
    public String name() {
        return facts.name;
    }

    /** Who shares the count. */
    public Scope scope() {
        return facts.scope;
    }

    /** How the count falls. */
    public Kind kind() {
        return facts.kind;
    }

    /** How many units fit in. */
    public long capacity() {
        return facts.capacity;
    }

    /** The window, or the time in which a full bucket empties. */
    public Duration period() {
        return facts.period;
    }

    /** Units that only risk-reducing calls may use. */
    public long reserve() {
        return facts.reserve;
    }

    /** What a call costs, in units; the most that it can, where that depends on the age of an order. */
    public long cost(ApiRequest request) {
        return order(request).isPresent() ? cost(request, Duration.ZERO) : facts.cost.applyAsLong(request);
    }

    /** What a call costs that is about an order of this age, in units. */
    public long cost(ApiRequest request, Duration age) {
        return facts.agedCost.applyAsLong(request, age);
    }

    /** The id of the order on whose age the cost of a call depends; empty when it depends on none. */
    public Optional<String> order(ApiRequest request) {
        Function<ApiRequest, Optional<String>> by = facts.order;
        return by == null ? Optional.empty() : by.apply(request);
    }

    /** Whether the cost of a call can depend on the age of an order. */
    public boolean isByAge() {
        return facts.order != null;
    }

    /** The value by which the count is kept apart; absent when there is one for all calls. */
    public Optional<String> group(ApiRequest request) {
        Function<ApiRequest, String> by = facts.group;
        return by == null ? Optional.empty() : Optional.of(by.apply(request));
    }

    /** Whether there is a count for each value of something. */
    public boolean isGrouped() {
        return facts.group != null;
    }

    /** How the venue tells where the count stands. */
    public List<Report> reports() {
        return facts.reports;
    }

    /** Whether this code of the venue says that it is this limit which was passed. */
    public boolean isBreachedBy(String code) {
        return beginsWithOne(code, facts.breachCodes);
    }

    private static boolean beginsWithOne(String code, List<String> beginnings) {
        for (String beginning : beginnings) {
            if (code.startsWith(beginning)) {
                return true;
            }
        }
        return false;
    }

    /** Whether only calls that the venue refuses count. */
    public boolean isOnErrors() {
        return facts.errorsOnly;
    }

    /** Whether a refusal with this code counts, where only refusals do. */
    public boolean countsError(String code) {
        return facts.errorCodes.isEmpty() || beginsWithOne(code, facts.errorCodes);
    }

    /** As {@code request weight: 6000 in 1 min per ip, aligned}. */
    @Override
    public String toString() {
        return facts.name + ": " + facts.capacity + " in " + shown(facts.period) + " per "
                + facts.scope.name().toLowerCase(Locale.ROOT)
                + (facts.group == null ? "" : " and endpoint or symbol") + ", "
                + facts.kind.name().toLowerCase(Locale.ROOT);
    }

    private static String shown(Duration period) {
        long millis = period.toMillis();
        if (millis % 3_600_000 == 0) {
            return millis / 3_600_000 + " h";
        }
        if (millis % 60_000 == 0) {
            return millis / 60_000 + " min";
        }
        return millis % 1000 == 0 ? millis / 1000 + " s" : millis + " ms";
    }
}
