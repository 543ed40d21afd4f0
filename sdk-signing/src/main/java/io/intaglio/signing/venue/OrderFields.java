package io.intaglio.signing.venue;

import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.Body;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Where an order of a venue says what it trades, and how much. Whatever is not certain is not told: a method that needs it throws
 * {@link IllegalArgumentException} with the reason. Immutable and thread-safe; the with-methods return another.
 */
public final class OrderFields {

    /** Which way an order trades. */
    public enum Side {
        /** It buys. */
        BUY,
        /** It sells. */
        SELL
    }

    private final Function<ApiRequest, Optional<String>> symbol;
    private final Function<ApiRequest, Optional<String>> side;
    private final FieldPath price;
    private final FieldPath quantity;
    private final @Nullable FieldPath quoteQuantity;
    private final Predicate<ApiRequest> isPriced;
    private final Predicate<ApiRequest> isQuoted;
    private final Predicate<ApiRequest> isInContracts;
    private final Predicate<ApiRequest> isReduceOnly;
    private final boolean isSigned;

    private OrderFields(Draft draft) {
        this.symbol = draft.symbol;
        this.side = draft.side;
        this.price = draft.price;
        this.quantity = draft.quantity;
        this.quoteQuantity = draft.quoteQuantity;
        this.isPriced = draft.isPriced;
        this.isQuoted = draft.isQuoted;
        this.isInContracts = draft.isInContracts;
        this.isReduceOnly = draft.isReduceOnly;
        this.isSigned = draft.isSigned;
    }

    /** By the names of the venue's fields; {@link FieldPath} says what a name may be. */
    public static OrderFields of(String symbol, String side, String price, String quantity) {
        return of(FieldPath.of(symbol)::valueIn, FieldPath.of(side)::valueIn, price, quantity);
    }

    /** Where the path says symbol or side. */
    public static OrderFields of(
            Function<ApiRequest, Optional<String>> symbol,
            Function<ApiRequest, Optional<String>> side,
            String price,
            String quantity) {
        return new OrderFields(new Draft(symbol, side, FieldPath.of(price), FieldPath.of(quantity)));
    }

    /**
     * The price bounds the order when this field has one of these values, in any letter case; the empty text stands for an order without the
     * field. An order of another type has no price, whatever it writes.
     */
    public OrderFields limitTypes(String field, String... values) {
        FieldPath type = FieldPath.of(field);
        List<String> wanted = List.of(values).stream()
                .map(value -> value.toLowerCase(Locale.ROOT))
                .toList();
        return pricedWhen(
                request -> wanted.contains(type.valueIn(request).orElse("").toLowerCase(Locale.ROOT)));
    }

    /** The price bounds the order only then. */
    public OrderFields pricedWhen(Predicate<ApiRequest> when) {
        Draft draft = new Draft(this);
        draft.isPriced = when;
        return new OrderFields(draft);
    }

    /** The field that gives the amount to be spent or received, in the quote currency. */
    public OrderFields quoteQuantity(String name) {
        Draft draft = new Draft(this);
        draft.quoteQuantity = FieldPath.of(name);
        return new OrderFields(draft);
    }

    /** The quantity is then an amount of the quote currency. */
    public OrderFields quotedWhen(Predicate<ApiRequest> when) {
        Draft draft = new Draft(this);
        draft.isQuoted = when;
        return new OrderFields(draft);
    }

    /** The quantity is then a number of contracts, whose worth the order does not say. */
    public OrderFields contractsWhen(Predicate<ApiRequest> when) {
        Draft draft = new Draft(this);
        draft.isInContracts = when;
        return new OrderFields(draft);
    }

    /** The venue then promises to take the order only as far as it makes a position smaller. */
    public OrderFields reduceOnlyWhen(Predicate<ApiRequest> when) {
        Draft draft = new Draft(this);
        draft.isReduceOnly = when;
        return new OrderFields(draft);
    }

    /** A quantity below zero sells. */
    public OrderFields signed() {
        Draft draft = new Draft(this);
        draft.isSigned = true;
        return new OrderFields(draft);
    }

    /** What is traded, as the venue writes it. */
    public String symbol(ApiRequest request) {
        return symbol.apply(request)
                .filter(text -> !text.isEmpty())
                .orElseThrow(() -> new IllegalArgumentException("the order names no symbol"));
    }

    /** Which way it trades; empty when the order does not say it in a known way. */
    public Optional<Side> side(ApiRequest request) {
        if (isSigned) {
            return quantity.valueIn(request).map(text -> text.startsWith("-") ? Side.SELL : Side.BUY);
        }
        return side.apply(request).map(text -> text.toLowerCase(Locale.ROOT)).flatMap(OrderFields::sideOf);
    }

    private static Optional<Side> sideOf(String text) {
        if (text.startsWith("buy")) {
            return Optional.of(Side.BUY);
        }
        return text.startsWith("sell") ? Optional.of(Side.SELL) : Optional.empty();
    }

    /** The price that bounds it; empty for an order that takes what the market gives. */
    public Optional<BigDecimal> price(ApiRequest request) {
        return isPriced.test(request) ? price.decimalIn(request) : Optional.empty();
    }

    /** How much, in the venue's unit for the symbol; empty when it gives an amount of the quote currency instead. */
    public Optional<BigDecimal> quantity(ApiRequest request) {
        return isQuoted.test(request) ? Optional.empty() : given(request);
    }

    private Optional<BigDecimal> given(ApiRequest request) {
        return isSigned
                ? quantity.valueIn(request)
                        .map(text -> quantity.decimal(text.startsWith("-") ? text.substring(1) : text))
                : quantity.decimalIn(request);
    }

    /** How much in the quote currency; empty when it gives a quantity instead. */
    public Optional<BigDecimal> quoteQuantity(ApiRequest request) {
        if (isQuoted.test(request)) {
            return given(request);
        }
        return quoteQuantity == null ? Optional.empty() : quoteQuantity.decimalIn(request);
    }

    /** Whether the quantity counts contracts, so that price times quantity is not what the order is worth. */
    public boolean isInContracts(ApiRequest request) {
        return isInContracts.test(request);
    }

    /**
     * Whether the venue promises to take it only as far as it makes a position smaller. Not for a request with fields in its query and in a body
     * too: a venue that reads one of them may miss the promise in the other.
     */
    public boolean isReduceOnly(ApiRequest request) {
        return isSaidInOnePlace(request) && isReduceOnly.test(request);
    }

    private static boolean isSaidInOnePlace(ApiRequest request) {
        return request.query().isEmpty() || request.body() instanceof Body.None;
    }

    private static final class Draft {
        private final Function<ApiRequest, Optional<String>> symbol;
        private final Function<ApiRequest, Optional<String>> side;
        private final FieldPath price;
        private final FieldPath quantity;
        private @Nullable FieldPath quoteQuantity;
        private Predicate<ApiRequest> isPriced = request -> true;
        private Predicate<ApiRequest> isQuoted = request -> false;
        private Predicate<ApiRequest> isInContracts = request -> false;
        private Predicate<ApiRequest> isReduceOnly = request -> false;
        private boolean isSigned;

        Draft(
                Function<ApiRequest, Optional<String>> symbol,
                Function<ApiRequest, Optional<String>> side,
                FieldPath price,
                FieldPath quantity) {
            this.symbol = symbol;
            this.side = side;
            this.price = price;
            this.quantity = quantity;
        }

        Draft(OrderFields from) {
            this(from.symbol, from.side, from.price, from.quantity);
            quoteQuantity = from.quoteQuantity;
            isPriced = from.isPriced;
            isQuoted = from.isQuoted;
            isInContracts = from.isInContracts;
            isReduceOnly = from.isReduceOnly;
            isSigned = from.isSigned;
        }
    }
}
