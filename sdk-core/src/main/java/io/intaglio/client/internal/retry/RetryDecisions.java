package io.intaglio.client.internal.retry;

import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;
import io.intaglio.client.RetryPolicy;
import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Decides by Resilience4j whether an attempt is followed by another; the waiting is done by the pipeline. Thread-safe. */
public final class RetryDecisions {
    private final RetryPolicy policy;
    private final RandomGenerator random;
    private final Retry retry;
    private final RetryTokens tokens = new RetryTokens();

    /** @param random for jitter; thread-safe */
    public RetryDecisions(RetryPolicy policy, RandomGenerator random) {
        this.policy = policy;
        this.random = random;
        this.retry = Retry.of(
                "calls",
                RetryConfig.<Failure>custom()
                        .maxAttempts(policy.maxAttempts())
                        .retryOnResult(failure -> failure.proof() != null)
                        .intervalBiFunction((attempt, result) -> delayMillis(attempt, result.get()))
                        .build());
    }

    /** Begins a call. */
    public Session begin() {
        return new Session(retry.asyncContext(), tokens);
    }

    private long delayMillis(int attempt, Failure failure) {
        Duration least = failure.leastWait();
        if (least != null) {
            return least.toMillis() + (least.toNanosPart() % 1_000_000 == 0 ? 0 : 1);
        }
        Duration base = failure.proof() == Proof.THROTTLED ? policy.throttledDelay() : policy.baseDelay();
        long ceiling = policy.maxDelay().toMillis();
        long grown = base.toMillis() << Math.min(attempt - 1, 20); // of a century too: that is less than 2^42
        return random.nextLong(Math.max(1, Math.min(ceiling, grown)) + 1);
    }

    /** One call's decisions. Used by one thread. */
    public static final class Session {
        private final Retry.AsyncContext<Failure> context;
        private final RetryTokens tokens;

        private Session(Retry.AsyncContext<Failure> context, RetryTokens tokens) {
            this.context = context;
            this.tokens = tokens;
        }

        /** How long to wait before the next attempt; empty when there is to be none. */
        public Optional<Duration> after(Failure failure) {
            long millis = context.onResult(failure);
            // what the venue has told us to mend is not a sign of an outage
            boolean free = failure.proof() == Proof.NOT_EXECUTED;
            if (millis < 0 || !free && !tokens.take()) {
                return Optional.empty();
            }
            return Optional.of(Duration.ofMillis(millis));
        }

        /** The call succeeded. */
        public void succeeded() {
            context.onComplete();
            tokens.giveBack();
        }
    }
}
