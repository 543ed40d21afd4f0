package io.intaglio.client.guard;

import io.intaglio.signing.ApiRequest;
import java.math.BigDecimal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What was let through of late. An order counts from when it was let through until it is given back or old enough; one whose outcome is not
 * known counts. Exact, thread-safe, all limits at once or none.
 */
final class Rolls {
    private final LongSupplier ticker;
    private final List<Window> windows = new ArrayList<>();
    private final ReentrantLock lock = new ReentrantLock();

    private record Order(ApiRequest request, long ticks, BigDecimal amount) {}

    /** What of an order a limit adds up. */
    private enum Kind {
        NOTIONAL("max-notional"),
        QUANTITY("max-quantity"),
        ORDERS("max-orders");

        private final String rule;

        Kind(String rule) {
            this.rule = rule;
        }
    }

    private static final class Sum {
        private final Deque<Order> orders = new ArrayDeque<>();
        private BigDecimal total = BigDecimal.ZERO;

        void add(Order order) {
            orders.addLast(order);
            total = total.add(order.amount);
        }

        /** Takes off what is so old. */
        void forget(long now, long period) {
            while (!orders.isEmpty() && now - orders.getFirst().ticks >= period) {
                total = total.subtract(orders.removeFirst().amount);
            }
        }

        /** The oldest of several, so that what stays counts for longer. */
        boolean giveBack(ApiRequest request) {
            for (Iterator<Order> all = orders.iterator(); all.hasNext(); ) {
                Order order = all.next();
                if (order.request == request) {
                    all.remove();
                    total = total.subtract(order.amount);
                    return true;
                }
            }
            return false;
        }
    }

    private static final class Window {
        private final Kind kind;
        private final BigDecimal most;
        private final GuardPolicy.Rolling rolling;
        private final long period;
        private final Map<String, Sum> sums = new HashMap<>();

        Window(Kind kind, GuardPolicy.Rolling rolling) {
            this.kind = kind;
            this.rolling = rolling;
            this.most = rolling.most();
            this.period = rolling.period().toNanos();
        }

        private String group(String symbol) {
            return kind == Kind.QUANTITY ? symbol : "";
        }

        private BigDecimal amount(BigDecimal notional, BigDecimal quantity) {
            return switch (kind) {
                case NOTIONAL -> notional;
                case QUANTITY -> quantity;
                case ORDERS -> BigDecimal.ONE;
            };
        }

        void giveBack(ApiRequest request) {
            for (Sum sum : sums.values()) {
                if (sum.giveBack(request)) {
                    return;
                }
            }
        }

        @Nullable
        String refuses(String symbol, BigDecimal amount, long now) {
            sums.values().removeIf(sum -> {
                sum.forget(now, period);
                return sum.orders.isEmpty();
            });
            Sum sum = sums.get(group(symbol));
            BigDecimal total = sum == null ? BigDecimal.ZERO : sum.total;
            return total.add(amount).compareTo(most) > 0
                    ? kind.rule + ": " + amount.toPlainString() + " more than the " + total.toPlainString()
                            + " of the last " + rolling.period() + " is above " + most.toPlainString()
                    : null;
        }
    }

    Rolls(GuardPolicy policy, LongSupplier ticker) {
        this.ticker = ticker;
        policy.notionals.forEach(limit -> windows.add(new Window(Kind.NOTIONAL, limit)));
        policy.quantities.forEach(limit -> windows.add(new Window(Kind.QUANTITY, limit)));
        policy.orders.forEach(limit -> windows.add(new Window(Kind.ORDERS, limit)));
    }

    boolean areLimited() {
        return !windows.isEmpty();
    }

    /** Counts the order, or says which limit has no room for it. */
    @Nullable
    String take(ApiRequest request, BigDecimal notional, String symbol, BigDecimal quantity) {
        lock.lock();
        try {
            long now = ticker.getAsLong();
            for (Window window : windows) {
                String why = window.refuses(symbol, window.amount(notional, quantity), now);
                if (why != null) {
                    return why;
                }
            }
            for (Window window : windows) {
                window.sums
                        .computeIfAbsent(window.group(symbol), group -> new Sum())
                        .add(new Order(request, now, window.amount(notional, quantity)));
            }
            return null;
        } finally {
            lock.unlock();
        }
    }

    /** Counts the order no more. */
    void giveBack(ApiRequest request) {
        lock.lock();
        try {
            for (Window window : windows) {
                window.giveBack(request);
            }
        } finally {
            lock.unlock();
        }
    }
}
