package io.intaglio.benchmarks;

import io.intaglio.client.internal.limit.ClientBudget;
import io.intaglio.client.internal.limit.Ticket;
import io.intaglio.client.internal.limit.VenueBudget;
import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.Credential;
import io.intaglio.signing.Priority;
import io.intaglio.signing.SignedRequest;
import io.intaglio.signing.secret.Secret;
import io.intaglio.signing.time.VenueClock;
import io.intaglio.signing.venue.BinanceSpot;
import io.intaglio.signing.venue.Limit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** How the cost of a call grows with the keys in use and with the limits that it is counted in. */
public class GrowthBenchmark {
    private GrowthBenchmark() {}

    private static boolean book(ClientBudget budget, ApiRequest order) {
        Ticket ticket = budget.ticket(order, Priority.ORDER);
        if (ticket.poll() != 0) {
            throw new IllegalStateException("there was no room: " + ticket.reason());
        }
        ticket.answered(true, "", header -> Optional.empty());
        return true;
    }

    /** One account and one IP address; each call is of the next key. */
    @State(Scope.Thread)
    public static class Keys {
        /** How many. */
        @Param({"1", "100", "10000"})
        public int keys;

        private final List<Credential> credentials = new ArrayList<>();
        private final List<ClientBudget> budgets = new ArrayList<>();
        private final ApiRequest order = Orders.binance();
        private int next;

        /** Makes the keys. */
        @Setup
        public void prepare() {
            VenueBudget shared = new VenueBudget();
            VenueClock clock = VenueClock.system();
            List<Limit> limits = Orders.roomyLimits();
            for (int i = 0; i < keys; i++) {
                credentials.add(Credential.hmac("key-" + i, Secret.of(Orders.SECRET)));
                budgets.add(new ClientBudget(shared, limits, clock, "key-" + i, "account-" + i));
            }
        }

        /** Books and signature of an order. */
        @Benchmark
        public SignedRequest bookAndSign() {
            next = next + 1 == keys ? 0 : next + 1;
            book(budgets.get(next), order);
            return BinanceSpot.VENUE.scheme().sign(order, credentials.get(next), Orders.MOMENT);
        }
    }

    /** Limits that all count the call, one in three of each kind of window. */
    @State(Scope.Thread)
    public static class Limits {
        /** How many. */
        @Param({"1", "10", "100"})
        public int limits;

        private ClientBudget budget =
                new ClientBudget(new VenueBudget(), List.of(), VenueClock.system(), "key", "account");
        private final ApiRequest order = Orders.binance();

        /** Makes the limits. */
        @Setup
        public void prepare() {
            List<Limit> all = new ArrayList<>();
            for (int i = 0; i < limits; i++) {
                String name = "limit " + i;
                all.add(
                        switch (i % 3) {
                            case 0 -> Limit.aligned(name, Limit.Scope.KEY, Orders.PLENTY, Duration.ofMinutes(1));
                            case 1 -> Limit.rolling(name, Limit.Scope.KEY, Orders.PLENTY, Duration.ofMinutes(1));
                            default -> Limit.leaky(name, Limit.Scope.KEY, Orders.PLENTY, Duration.ofMinutes(1));
                        });
            }
            budget = new ClientBudget(new VenueBudget(), all, VenueClock.system(), "key", "account");
        }

        /** Books of an order. */
        @Benchmark
        public boolean book() {
            return GrowthBenchmark.book(budget, order);
        }
    }
}
