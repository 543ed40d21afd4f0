package io.intaglio.client.internal.retry;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Stops calls to a host that fails: after 20 calls of which four of five got no answer or one that says nothing, for 3 s; then three calls try it.
 * A refusal is an answer, for too many requests too. Thread-safe.
 */
public final class HostBreaker {
    /** How long calls are stopped before some try again. */
    public static final Duration OPEN = Duration.ofSeconds(3);

    private static final int WINDOW = 50;
    private static final int FEWEST = 20;
    private static final int PERCENT = 80;
    private static final int TRIALS = 3;

    private final CircuitBreaker breaker;

    /** @param ticker monotonic nanoseconds */
    public HostBreaker(LongSupplier ticker) {
        this.breaker = CircuitBreaker.of(
                "host",
                CircuitBreakerConfig.custom()
                        .slidingWindowType(CircuitBreakerConfig.SlidingWindowType.COUNT_BASED)
                        .slidingWindowSize(WINDOW)
                        .minimumNumberOfCalls(FEWEST)
                        .failureRateThreshold(PERCENT)
                        .permittedNumberOfCallsInHalfOpenState(TRIALS)
                        .maxWaitDurationInHalfOpenState(OPEN)
                        .waitDurationInOpenState(OPEN)
                        .clock(new TickClock(ticker))
                        .build());
    }

    /** Whether a call may go out; each that may is ended by {@link #answered}, {@link #failed} or {@link #unused}. */
    public boolean lets() {
        return breaker.tryAcquirePermission();
    }

    /** The host answered. */
    public void answered() {
        breaker.onSuccess(0, TimeUnit.NANOSECONDS);
    }

    /** The host did not answer, or in a way that says nothing. */
    public void failed(Throwable how) {
        breaker.onError(0, TimeUnit.NANOSECONDS, how);
    }

    /** The call was not made after all. */
    public void unused() {
        breaker.releasePermission();
    }

    /** The ticker as the clock that the breaker wants. */
    private static final class TickClock extends Clock {
        private final LongSupplier ticker;

        TickClock(LongSupplier ticker) {
            this.ticker = ticker;
        }

        @Override
        public Instant instant() {
            return Instant.EPOCH.plusNanos(ticker.getAsLong());
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
