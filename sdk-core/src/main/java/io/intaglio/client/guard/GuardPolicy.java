package io.intaglio.client.guard;

import io.intaglio.client.internal.pipeline.Deadline;
import io.intaglio.signing.time.VenueClock;
import io.intaglio.signing.venue.CallPattern;
import io.intaglio.signing.venue.FieldPath;
import io.intaglio.signing.venue.Purpose;
import io.intaglio.signing.venue.Venue;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a credential may be used for. What no rule speaks of is allowed; {@code docs/guard.md} lists the rules with the reasons. Immutable and
 * thread-safe.
 *
 * <pre>{@code
 * GuardPolicy policy = GuardPolicy.builder()
 *         .allow(Purpose.READ, Purpose.TRADE)
 *         .environment("testnet")
 *         .symbols("BTCUSDT", "ETHUSDT")
 *         .maxOrderNotional(new BigDecimal("50000"))
 *         .maxNotional(new BigDecimal("1000000"), Duration.ofHours(1))
 *         .killSwitch(KillSwitch.whenExists(Path.of("/run/desk/stop")))
 *         .build();
 * VenueClient client = VenueClient.builder(venue).credential(key).guard(policy.guard(venue)).build();
 * }</pre>
 *
 * <p>A cancel passes whatever the policy says, unless it would go to another environment or is written ambiguously. A reduce-only order, where
 * the venue keeps that promise, passes the kill switch, all amounts and rates, and approval.
 */
public final class GuardPolicy {
    /** At most so much in any period of that length. */
    record Rolling(BigDecimal most, Duration period) {}

    /** Prices may be so far from the reference. */
    record Band(BigDecimal percent) {}

    /** When a second person is asked. */
    record Consent(
            Approval approval,
            Duration within,
            Set<Purpose> purposes,
            @Nullable BigDecimal above) {}

    final Set<Purpose> allowed;
    final List<CallPattern> calls;
    final Map<CallPattern, Purpose> purposes;
    final List<CallPattern> unlimited;
    final @Nullable String environment;
    final Set<String> hosts;
    final Set<String> symbols;
    final @Nullable BigDecimal maxOrderNotional;
    final @Nullable BigDecimal maxOrderQuantity;
    final Map<String, BigDecimal> maxQuantityOf;
    final Map<FieldPath, BigDecimal> maxFields;
    final List<Rolling> notionals;
    final List<Rolling> quantities;
    final List<Rolling> orders;
    final @Nullable Band band;
    final @Nullable Function<String, Optional<BigDecimal>> reference;
    final @Nullable Set<String> destinations;
    final List<KillSwitch> killSwitches;
    final @Nullable Consent consent;

    private GuardPolicy(Builder from) {
        this.allowed = Set.copyOf(from.allowed);
        this.calls = List.copyOf(from.calls);
        this.purposes = new LinkedHashMap<>(from.purposes);
        this.unlimited = List.copyOf(from.unlimited);
        this.environment = from.environment;
        this.hosts = Set.copyOf(from.hosts);
        this.symbols = Set.copyOf(from.symbols);
        this.maxOrderNotional = from.maxOrderNotional;
        this.maxOrderQuantity = from.maxOrderQuantity;
        this.maxQuantityOf = Map.copyOf(from.maxQuantityOf);
        this.maxFields = new LinkedHashMap<>(from.maxFields);
        this.notionals = List.copyOf(from.notionals);
        this.quantities = List.copyOf(from.quantities);
        this.orders = List.copyOf(from.orders);
        this.band = from.band;
        this.reference = from.reference;
        this.destinations = from.destinations == null ? null : Set.copyOf(from.destinations);
        this.killSwitches = List.copyOf(from.killSwitches);
        this.consent = from.consent;
    }

    /** Begins a policy that allows everything. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * A guard by this policy. It holds the rolling sums, so clients whose limits are to be shared take the same guard. The sums are in memory: they
     * begin at zero with each guard.
     *
     * @param venue that of the client, in its environment and at its address
     * @throws IllegalArgumentException when the venue has no such environment
     */
    public Guard guard(Venue venue) {
        return guard(venue, VenueClock.system());
    }

    /** The same, with rolling periods measured on the ticker of this clock. */
    public Guard guard(Venue venue, VenueClock clock) {
        return new PolicyGuard(this, venue, clock::ticks);
    }

    /** Collects the rules. Not thread-safe. */
    public static final class Builder {
        private final Set<Purpose> allowed = EnumSet.allOf(Purpose.class);
        private final List<CallPattern> calls = new ArrayList<>();
        private final Map<CallPattern, Purpose> purposes = new LinkedHashMap<>();
        private final List<CallPattern> unlimited = new ArrayList<>();
        private @Nullable String environment;
        private final Set<String> hosts = new HashSet<>();
        private final Set<String> symbols = new HashSet<>();
        private @Nullable BigDecimal maxOrderNotional;
        private @Nullable BigDecimal maxOrderQuantity;
        private final Map<String, BigDecimal> maxQuantityOf = new LinkedHashMap<>();
        private final Map<FieldPath, BigDecimal> maxFields = new LinkedHashMap<>();
        private final List<Rolling> notionals = new ArrayList<>();
        private final List<Rolling> quantities = new ArrayList<>();
        private final List<Rolling> orders = new ArrayList<>();
        private @Nullable Band band;
        private @Nullable Function<String, Optional<BigDecimal>> reference;
        private @Nullable Set<String> destinations;
        private final List<KillSwitch> killSwitches = new ArrayList<>();
        private @Nullable Consent consent;

        private Builder() {}

        /** Calls of these groups alone, by {@link Venue#purposeOf}; all unless set. */
        public Builder allow(Purpose... groups) {
            return allow(Set.of(groups));
        }

        /** The same. */
        public Builder allow(Set<Purpose> groups) {
            allowed.clear();
            allowed.addAll(groups);
            return this;
        }

        /** These calls alone, reads too; see {@link CallPattern}. May be said more than once. */
        public Builder calls(String... patterns) {
            calls.addAll(patterns(patterns));
            return this;
        }

        /** These calls are of this group, where the venue's rules do not know it; a call that is known to withdraw stays one. */
        public Builder classify(Purpose group, String... patterns) {
            patterns(patterns).forEach(pattern -> purposes.put(pattern, group));
            return this;
        }

        /**
         * No symbol, price, amount, rate or destination is looked for in these calls. Without it, a call that acts and is no order that can be read
         * is refused as soon as there is a rule on such values: a batch of orders, a change of an order, a setting of leverage.
         */
        public Builder unlimited(String... patterns) {
            unlimited.addAll(patterns(patterns));
            return this;
        }

        private static List<CallPattern> patterns(String... texts) {
            return Stream.of(texts).map(CallPattern::of).toList();
        }

        /**
         * To this environment of the venue alone: {@code live}, or a test environment by the venue's name for it. A host that belongs to
         * another environment is refused, whatever address client or request carry; a host that belongs to none must be the client's own.
         */
        public Builder environment(String name) {
            environment = Objects.requireNonNull(name, "name");
            return this;
        }

        /** Further hosts of the environment: another line of the venue, a proxy. */
        public Builder hosts(String... names) {
            Stream.of(names).map(name -> name.toLowerCase(Locale.ROOT)).forEach(hosts::add);
            return this;
        }

        /** Orders in these alone, as the venue writes them, letter by letter. */
        public Builder symbols(String... names) {
            symbols.addAll(List.of(names));
            return this;
        }

        /**
         * An order may be worth so much, price times quantity or the amount it gives, in its quote currency. For a sell, and for an order without a
         * price, that needs a {@link #reference}: the price of a sell is the least, not the most.
         */
        public Builder maxOrderNotional(BigDecimal most) {
            maxOrderNotional = positive("max order notional", most);
            return this;
        }

        /** An order may be for so much, in the venue's unit for the symbol. */
        public Builder maxOrderQuantity(BigDecimal most) {
            maxOrderQuantity = positive("max order quantity", most);
            return this;
        }

        /** The same for one symbol. */
        public Builder maxOrderQuantity(String symbol, BigDecimal most) {
            maxQuantityOf.put(symbol, positive("max order quantity of " + symbol, most));
            return this;
        }

        /** Every value of this field in a call that acts may be so much; for the amount of a withdrawal. See {@link FieldPath}. */
        public Builder maxField(String field, BigDecimal most) {
            maxFields.put(FieldPath.of(field), positive("max " + field, most));
            return this;
        }

        /** All orders of any such period together may be worth so much. Allow symbols of one quote currency: the amounts are added as they are. */
        public Builder maxNotional(BigDecimal most, Duration period) {
            notionals.add(rolling("max notional", most, period));
            return this;
        }

        /** All orders in a symbol of any such period together may be for so much. */
        public Builder maxQuantity(BigDecimal most, Duration period) {
            quantities.add(rolling("max quantity", most, period));
            return this;
        }

        /** So many orders in any such period. */
        public Builder maxOrders(int most, Duration period) {
            orders.add(rolling("max orders", BigDecimal.valueOf(most), period));
            return this;
        }

        /**
         * What a symbol costs now, from a source of your own; asked on the caller's thread, so it must be quick. With it a notional is reckoned by
         * the higher of reference and price. Where it gives none, an order that needs it is refused.
         */
        public Builder reference(Function<String, Optional<BigDecimal>> priceOfSymbol) {
            reference = Objects.requireNonNull(priceOfSymbol, "priceOfSymbol");
            return this;
        }

        /** The price of an order may be so many percent off the {@link #reference}, either way; an order without a price is refused. */
        public Builder priceBand(BigDecimal percent) {
            band = new Band(positive("price band", percent));
            return this;
        }

        /**
         * Withdrawals to these alone: an address, {@code address:tag}, or whatever else names a destination at the venue, letter by letter.
         * None may be given, for no withdrawal at all.
         */
        public Builder destinations(String... names) {
            destinations = Set.of(names);
            return this;
        }

        /** Stops all that acts while it is tripped; may be said more than once. */
        public Builder killSwitch(KillSwitch newSwitch) {
            killSwitches.add(Objects.requireNonNull(newSwitch, "newSwitch"));
            return this;
        }

        /** Calls of these groups need a second person's yes within this time. */
        public Builder approval(Approval who, Duration within, Purpose... groups) {
            consent =
                    new Consent(Objects.requireNonNull(who, "who"), positive("approval", within), Set.of(groups), null);
            return this;
        }

        /** Withdrawals, and orders worth more than this, need a second person's yes within this time. */
        public Builder approvalAbove(BigDecimal notional, Approval who, Duration within) {
            consent = new Consent(
                    Objects.requireNonNull(who, "who"),
                    positive("approval", within),
                    Set.of(Purpose.WITHDRAW),
                    positive("approval above", notional));
            return this;
        }

        private static Rolling rolling(String name, BigDecimal most, Duration period) {
            return new Rolling(positive(name, most), positive(name + " period", period));
        }

        private static Duration positive(String name, Duration value) {
            if (value.isNegative() || value.isZero()) {
                throw new IllegalArgumentException(name + " must be positive, was " + value);
            }
            return Deadline.bounded(value);
        }

        private static BigDecimal positive(String name, BigDecimal value) {
            if (value.signum() <= 0) {
                throw new IllegalArgumentException(name + " must be positive, was " + value.toPlainString());
            }
            return value;
        }

        /**
         * Builds the policy.
         *
         * @throws IllegalArgumentException when there is a price band without a reference
         */
        public GuardPolicy build() {
            if (band != null && reference == null) {
                throw new IllegalArgumentException("a price band needs a reference; call reference(...)");
            }
            return new GuardPolicy(this);
        }
    }
}
