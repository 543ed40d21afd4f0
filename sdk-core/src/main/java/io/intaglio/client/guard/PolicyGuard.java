package io.intaglio.client.guard;

import io.intaglio.client.guard.GuardPolicy.Consent;
import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.Field;
import io.intaglio.signing.venue.CallPattern;
import io.intaglio.signing.venue.FieldPath;
import io.intaglio.signing.venue.OrderFields;
import io.intaglio.signing.venue.Purpose;
import io.intaglio.signing.venue.Venue;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The rules of a policy, each asked in turn; the first that refuses decides. */
final class PolicyGuard implements Guard {
    /** Servers and proxies that heed these send or route a request other than the one that was looked at. */
    private static final Set<String> REROUTING = Set.of(
            "host",
            "x-http-method",
            "x-http-method-override",
            "x-method-override",
            "x-original-url",
            "x-rewrite-url",
            "x-forwarded-host");

    private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);

    private final GuardPolicy policy;
    private final Venue venue;
    private final Hosts hosts;
    private final Rolls rolls;
    private final List<Rule> forAll;
    private final List<Rule> forAllButCancels;
    private final List<Rule> forWhatMayRaiseRisk;

    /** Null, or why not; throws {@link IllegalArgumentException} when what it needs cannot be read. */
    @FunctionalInterface
    private interface Check {
        @Nullable
        String refuses(Call call);
    }

    private record Rule(String name, Check check) {
        @Nullable
        String refuses(Call call) {
            try {
                String why = check.refuses(call);
                return why == null ? null : "rule " + name + ": " + why;
            } catch (IllegalArgumentException e) {
                return "rule " + name + " cannot be applied: " + e.getMessage();
            }
        }
    }

    PolicyGuard(GuardPolicy policy, Venue venue, LongSupplier ticker) {
        this.policy = policy;
        this.venue = venue;
        this.hosts = new Hosts(venue, policy.environment, policy.hosts);
        this.rolls = new Rolls(policy, ticker);
        this.forAll = List.of(
                new Rule("clear-request", PolicyGuard::isUnclear),
                new Rule("environment", call -> hosts.refuses(call.request)));
        this.forAllButCancels = List.of(
                new Rule("kill-switch", this::isKilled),
                new Rule("allow", this::isNotAllowed),
                new Rule("calls", this::isNotAmongCalls),
                new Rule("symbols", this::isOfAnotherSymbol),
                new Rule("price-band", this::isOutsideBand));
        this.forWhatMayRaiseRisk = List.of(
                new Rule("destinations", this::goesElsewhere),
                new Rule("max-field", this::isTooMuch),
                new Rule("limits", this::isNoReadableOrder),
                new Rule("max-order-quantity", this::isTooLarge),
                new Rule("max-order-notional", this::isWorthTooMuch),
                new Rule("rolling-limits", this::isTooMuchOfLate),
                new Rule("approval", this::isNotApproved));
    }

    @Override
    public Optional<String> refusal(ApiRequest request) {
        Call call = new Call(request);
        String why = first(forAll, call);
        if (why == null && !call.cancels) {
            why = first(forAllButCancels, call);
            if (why == null && !call.isReduceOnly()) {
                why = first(forWhatMayRaiseRisk, call);
            }
        }
        return Optional.ofNullable(why);
    }

    @Override
    public Optional<String> halt(ApiRequest request) {
        Call call = new Call(request);
        String why = first(forAll, call);
        if (why == null && !call.cancels) {
            why = forAllButCancels.get(0).refuses(call);
        }
        return Optional.ofNullable(why);
    }

    @Override
    public void notExecuted(ApiRequest request) {
        rolls.giveBack(request);
    }

    private static @Nullable String first(List<Rule> rules, Call call) {
        for (Rule rule : rules) {
            String why = rule.refuses(call);
            if (why != null) {
                return why;
            }
        }
        return null;
    }

    /** What is asked about, with what the venue's rules say of it. */
    private final class Call {
        private final ApiRequest request;
        private final boolean cancels;
        private final Purpose purpose;
        private final boolean isOrder;
        private final boolean isUnlimited;

        Call(ApiRequest request) {
            this.request = request;
            this.cancels = venue.isRiskReducing(request);
            this.purpose = purpose(request);
            this.isOrder = venue.isOrder(request) && !venue.isWithdrawal(request);
            this.isUnlimited = policy.unlimited.stream().anyMatch(call -> call.matches(request));
        }

        private Purpose purpose(ApiRequest of) {
            if (!venue.isWithdrawal(of)) {
                for (Map.Entry<CallPattern, Purpose> one : policy.purposes.entrySet()) {
                    if (one.getKey().matches(of)) {
                        return one.getValue();
                    }
                }
            }
            return venue.purposeOf(of);
        }

        boolean isRead() {
            return purpose == Purpose.READ;
        }

        /** One that cannot be told for certain is none. */
        boolean isReduceOnly() {
            try {
                return isOrder
                        && venue.orderFields()
                                .map(fields -> fields.isReduceOnly(request))
                                .orElse(false);
            } catch (IllegalArgumentException e) {
                return false;
            }
        }

        OrderFields fields() {
            return venue.orderFields()
                    .orElseThrow(() -> new IllegalArgumentException("how orders at " + venue
                            + " say what they trade is not known; name the call in unlimited(..) to do without"));
        }
    }

    private static @Nullable String isUnclear(Call call) {
        String why = Paths.unclear(call.request.path());
        if (why != null) {
            return why;
        }
        for (Field header : call.request.headers()) {
            if (REROUTING.contains(header.name().toLowerCase(Locale.ROOT))) {
                return "header " + header.name() + " may make another request of it";
            }
        }
        for (Field field : call.request.query()) {
            if (field.name().equalsIgnoreCase("_method")) {
                return "query field _method may make another request of it";
            }
        }
        return null;
    }

    private @Nullable String isKilled(Call call) {
        if (call.isRead()) {
            return null;
        }
        for (KillSwitch killSwitch : policy.killSwitches) {
            Optional<String> why = killSwitch.tripped();
            if (why.isPresent() && !call.isReduceOnly()) {
                return "everything that acts is stopped: " + why.get();
            }
        }
        return null;
    }

    private @Nullable String isNotAllowed(Call call) {
        return policy.allowed.contains(call.purpose)
                ? null
                : call.request + " counts as " + call.purpose + ", and allowed is "
                        + policy.allowed.stream().sorted().toList();
    }

    private @Nullable String isNotAmongCalls(Call call) {
        return policy.calls.isEmpty() || policy.calls.stream().anyMatch(pattern -> pattern.matches(call.request))
                ? null
                : call.request + " is none of " + policy.calls;
    }

    private @Nullable String isOfAnotherSymbol(Call call) {
        if (policy.symbols.isEmpty() || call.isRead() || call.isUnlimited || isKnownWithdrawal(call)) {
            return null;
        }
        if (!call.isOrder) {
            return call.request + " acts, and what it trades is not known; name it in unlimited(..) if it may";
        }
        String symbol = call.fields().symbol(call.request);
        return policy.symbols.contains(symbol)
                ? null
                : Shown.of(symbol) + " is none of "
                        + policy.symbols.stream().sorted().toList();
    }

    private @Nullable String isOutsideBand(Call call) {
        GuardPolicy.Band band = policy.band;
        if (band == null || !call.isOrder || call.isUnlimited) {
            return null;
        }
        OrderFields fields = call.fields();
        Optional<BigDecimal> price = fields.price(call.request);
        if (price.isEmpty()) {
            return call.isReduceOnly() ? null : "the order has no price that could be compared";
        }
        BigDecimal reference = neededReference(fields.symbol(call.request));
        BigDecimal off = price.get().subtract(reference).abs().multiply(HUNDRED);
        return off.compareTo(reference.multiply(band.percent())) <= 0
                ? null
                : "price " + price.get().toPlainString() + " is more than "
                        + band.percent().toPlainString() + " percent off " + reference.toPlainString();
    }

    private Optional<BigDecimal> reference(String symbol) {
        return policy.reference == null
                ? Optional.empty()
                : policy.reference.apply(symbol).filter(price -> price.signum() > 0);
    }

    private BigDecimal neededReference(String symbol) {
        return reference(symbol)
                .orElseThrow(() -> new IllegalArgumentException("there is no reference price of " + Shown.of(symbol)));
    }

    private boolean isKnownWithdrawal(Call call) {
        return venue.isWithdrawal(call.request);
    }

    private @Nullable String goesElsewhere(Call call) {
        Set<String> wanted = policy.destinations;
        if (wanted == null || call.purpose != Purpose.WITHDRAW || call.isUnlimited) {
            return null;
        }
        if (!isKnownWithdrawal(call)) {
            return call.request + " may move money, and where to is not known; name it in unlimited(..) if it may";
        }
        for (String destination : destinations(call)) {
            if (!wanted.contains(destination)) {
                return Shown.of(destination) + " is none of the " + wanted.size() + " allowed destinations";
            }
        }
        return null;
    }

    private List<String> destinations(Call call) {
        return venue.withdrawals()
                .map(withdrawals -> withdrawals.destinations(call.request))
                .orElse(List.of());
    }

    private @Nullable String isTooMuch(Call call) {
        if (call.isRead() || call.isUnlimited) {
            return null;
        }
        for (Map.Entry<FieldPath, BigDecimal> limit : policy.maxFields.entrySet()) {
            Optional<BigDecimal> value = limit.getKey().decimalIn(call.request);
            if (value.isPresent() && value.get().compareTo(limit.getValue()) > 0) {
                return limit.getKey() + " " + value.get().toPlainString() + " is more than "
                        + limit.getValue().toPlainString();
            }
        }
        return null;
    }

    private boolean limitsOrders() {
        return policy.maxOrderNotional != null
                || policy.maxOrderQuantity != null
                || !policy.maxQuantityOf.isEmpty()
                || policy.band != null
                || rolls.areLimited();
    }

    private @Nullable String isNoReadableOrder(Call call) {
        return limitsOrders() && !call.isRead() && !call.isOrder && !call.isUnlimited && !isKnownWithdrawal(call)
                ? call.request
                        + " acts, and how much it trades or at what price is not known; name it in unlimited(..) if it may"
                : null;
    }

    private @Nullable BigDecimal maxQuantity(String symbol) {
        return policy.maxQuantityOf.getOrDefault(symbol, policy.maxOrderQuantity);
    }

    private @Nullable String isTooLarge(Call call) {
        if (!isLimited(call) || policy.maxOrderQuantity == null && policy.maxQuantityOf.isEmpty()) {
            return null;
        }
        String symbol = call.fields().symbol(call.request);
        BigDecimal most = maxQuantity(symbol);
        if (most == null) {
            return null;
        }
        BigDecimal quantity = quantity(call);
        return quantity.compareTo(most) > 0
                ? "quantity " + quantity.toPlainString() + " is more than " + most.toPlainString()
                : null;
    }

    private boolean isLimited(Call call) {
        return call.isOrder && !call.isUnlimited;
    }

    private static BigDecimal quantity(Call call) {
        return call.fields()
                .quantity(call.request)
                .orElseThrow(() -> new IllegalArgumentException("the order gives no quantity"));
    }

    private @Nullable String isWorthTooMuch(Call call) {
        BigDecimal most = policy.maxOrderNotional;
        if (most == null || !isLimited(call)) {
            return null;
        }
        BigDecimal notional = notional(call);
        return notional.compareTo(most) > 0
                ? "the order is worth " + notional.toPlainString() + ", more than " + most.toPlainString()
                : null;
    }

    /** The most that the order can be worth, as far as it and the reference tell. */
    private BigDecimal notional(Call call) {
        OrderFields fields = call.fields();
        ApiRequest request = call.request;
        Optional<BigDecimal> amount = fields.quoteQuantity(request);
        Optional<BigDecimal> quantity = fields.quantity(request);
        if (quantity.isEmpty()) {
            return amount.orElseThrow(
                    () -> new IllegalArgumentException("the order gives neither a quantity nor an amount"));
        }
        if (fields.isInContracts(request)) {
            throw new IllegalArgumentException(
                    "the order counts contracts, and what one is worth it does not say; limit the quantity instead");
        }
        Optional<BigDecimal> price = fields.price(request);
        String symbol = fields.symbol(request);
        Optional<BigDecimal> reference = reference(symbol);
        if (reference.isEmpty()) {
            if (price.isEmpty()) {
                throw new IllegalArgumentException("the order has no price, and there is no reference price of "
                        + Shown.of(symbol) + "; give one by reference(..)");
            }
            if (fields.side(request).orElse(null) != OrderFields.Side.BUY && maxQuantity(symbol) == null) {
                throw new IllegalArgumentException("the price of a sell is the least that it brings; give a reference"
                        + " price by reference(..), or limit the quantity too");
            }
        }
        BigDecimal unit = price.orElse(BigDecimal.ZERO).max(reference.orElse(BigDecimal.ZERO));
        return unit.multiply(quantity.get()).max(amount.orElse(BigDecimal.ZERO));
    }

    private @Nullable String isTooMuchOfLate(Call call) {
        if (!rolls.areLimited() || !isLimited(call)) {
            return null;
        }
        BigDecimal notional = policy.notionals.isEmpty() ? BigDecimal.ZERO : notional(call);
        boolean counts = !policy.quantities.isEmpty();
        return rolls.take(
                call.request,
                notional,
                counts ? call.fields().symbol(call.request) : "",
                counts ? quantity(call) : BigDecimal.ZERO);
    }

    private @Nullable String isNotApproved(Call call) {
        Consent consent = policy.consent;
        if (consent == null || !isToBeApproved(consent, call)) {
            return null;
        }
        String why = refusedBy(consent, call);
        if (why != null) {
            rolls.giveBack(call.request);
        }
        return why;
    }

    private boolean isToBeApproved(Consent consent, Call call) {
        if (consent.purposes().contains(call.purpose)) {
            return true;
        }
        return consent.above() != null
                && !call.isRead()
                && knownNotional(call)
                        .map(notional -> notional.compareTo(Objects.requireNonNull(consent.above())) > 0)
                        .orElse(true);
    }

    private Optional<BigDecimal> knownNotional(Call call) {
        try {
            return call.isOrder ? Optional.of(notional(call)) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private List<String> knownDestinations(Call call) {
        try {
            return isKnownWithdrawal(call) ? destinations(call) : List.of();
        } catch (IllegalArgumentException e) {
            return List.of();
        }
    }

    private @Nullable String refusedBy(Consent consent, Call call) {
        Approval.Question question = new Approval.Question(
                venue.name(),
                call.request,
                call.purpose,
                knownNotional(call),
                knownDestinations(call),
                consent.within());
        CompletableFuture<Boolean> answer;
        try {
            answer = consent.approval().ask(question).toCompletableFuture();
        } catch (RuntimeException e) {
            return "it could not be asked for (" + e.getClass().getSimpleName() + ")";
        }
        try {
            return Boolean.TRUE.equals(answer.get(consent.within().toNanos(), TimeUnit.NANOSECONDS))
                    ? null
                    : "the second person said no to " + call.request;
        } catch (TimeoutException e) {
            answer.cancel(true);
            return "nobody said yes to " + call.request + " within " + consent.within();
        } catch (InterruptedException e) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            return "interrupted while waiting for a second person's yes";
        } catch (ExecutionException | CompletionException | CancellationException e) {
            return "it could not be asked for (" + e.getClass().getSimpleName() + ")";
        }
    }
}
