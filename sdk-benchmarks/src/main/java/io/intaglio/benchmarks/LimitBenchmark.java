package io.intaglio.benchmarks;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.ratelimiter.RateLimiter;
import io.github.resilience4j.ratelimiter.RateLimiterConfig;
import io.github.resilience4j.retry.Retry;
import io.intaglio.client.RetryPolicy;
import io.intaglio.client.internal.limit.ClientBudget;
import io.intaglio.client.internal.limit.Ticket;
import io.intaglio.client.internal.limit.VenueBudget;
import io.intaglio.client.internal.retry.HostBreaker;
import io.intaglio.client.internal.retry.RetryDecisions;
import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.Priority;
import io.intaglio.signing.time.VenueClock;
import java.time.Duration;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Threads;

/**
 * The books that are kept of a call that succeeds: three limits of Binance taken and corrected by the answer's header, the breaker, the store of
 * retries. Beside it Resilience4j's limiter of one fixed window, breaker and retry.
 */
public class LimitBenchmark {
    private LimitBenchmark() {}

    /** What all threads share. */
    private static final class Ours {
        private final ClientBudget budget;
        private final HostBreaker breaker = new HostBreaker(System::nanoTime);
        private final RetryDecisions retries = new RetryDecisions(RetryPolicy.standard(), new SplittableRandom());
        private final ApiRequest order =
                ApiRequest.post("/api/v3/order").form("symbol", "BTCUSDT").form("side", "BUY");

        Ours() {
            budget = new ClientBudget(new VenueBudget(), Orders.roomyLimits(), VenueClock.system(), "key", "account");
        }

        private static Optional<String> header(String name) {
            return name.equals("X-MBX-USED-WEIGHT-1M") ? Optional.of("12") : Optional.empty();
        }

        boolean call() {
            RetryDecisions.Session session = retries.begin();
            Ticket ticket = budget.ticket(order, Priority.ORDER);
            if (ticket.poll() != 0 || !breaker.lets()) {
                throw new IllegalStateException("there was no room: " + ticket.reason());
            }
            ticket.answered(true, "", Ours::header);
            breaker.answered();
            session.succeeded();
            return true;
        }
    }

    /** The same of Resilience4j. */
    private static final class Theirs {
        private final RateLimiter limiter = RateLimiter.of(
                "calls",
                RateLimiterConfig.custom()
                        .limitForPeriod(Orders.PLENTY)
                        .limitRefreshPeriod(Duration.ofMinutes(1))
                        .timeoutDuration(Duration.ZERO)
                        .build());
        private final CircuitBreaker breaker = CircuitBreaker.ofDefaults("calls");
        private final Retry retry = Retry.ofDefaults("calls");

        boolean call() {
            Retry.AsyncContext<Object> context = retry.asyncContext();
            if (!limiter.acquirePermission() || !breaker.tryAcquirePermission()) {
                throw new IllegalStateException("there was no room");
            }
            breaker.onSuccess(0, TimeUnit.NANOSECONDS);
            context.onComplete();
            return true;
        }
    }

    private static final Ours OURS = new Ours();
    private static final Theirs THEIRS = new Theirs();

    /** A call's books. */
    @State(Scope.Thread)
    public static class Books {
        /** All of ours. */
        @Benchmark
        public boolean intaglio() {
            return OURS.call();
        }

        /** All of ours, from eight threads. */
        @Benchmark
        @Threads(8)
        public boolean intaglioEightThreads() {
            return OURS.call();
        }

        /** Resilience4j. */
        @Benchmark
        public boolean resilience4j() {
            return THEIRS.call();
        }

        /** Resilience4j, from eight threads. */
        @Benchmark
        @Threads(8)
        public boolean resilience4jEightThreads() {
            return THEIRS.call();
        }
    }
}
