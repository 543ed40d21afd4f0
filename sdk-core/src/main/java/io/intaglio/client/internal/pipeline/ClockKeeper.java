package io.intaglio.client.internal.pipeline;

import io.intaglio.client.event.Event;
import io.intaglio.client.internal.event.Broadcast;
import io.intaglio.client.internal.http.RawAnswer;
import io.intaglio.client.internal.pipeline.TimeQuestion.Sample;
import io.intaglio.signing.time.ClockUncertainException;
import io.intaglio.signing.time.VenueClock;
import io.intaglio.signing.venue.Venue;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the clock near the venue's: after a refusal for skew, when its bound has grown too wide for a timestamp, and, while calls are made, every so
 * often on the client's executor. A client at rest asks nothing and holds no thread. Only answers over TLS are followed. Thread-safe.
 */
final class ClockKeeper {
    /** Of this many answers in a row the one that came back fastest is taken. */
    private static final int SAMPLES = 3;

    private final Venue venue;
    private final VenueClock clock;
    private final TimeQuestion question;
    private final Broadcast events;
    private final Executor executor;
    private final Duration every;
    private final Duration answerLimit;
    private final Venue.@Nullable Window window;
    private final AtomicBoolean refreshing = new AtomicBoolean();

    ClockKeeper(
            Venue venue,
            VenueClock clock,
            TimeQuestion question,
            Broadcast events,
            Executor executor,
            Duration every,
            Duration answerLimit) {
        this.venue = venue;
        this.clock = clock;
        this.question = question;
        this.events = events;
        this.executor = executor;
        this.every = every;
        this.answerLimit = answerLimit;
        this.window = venue.window().orElse(null);
    }

    /**
     * The time for a request that is sent now, inside the venue's window. Asks the venue when the clock is too uncertain for it.
     *
     * @throws ClockUncertainException when asking did not help
     */
    Instant stamp(Duration limit) {
        if (window == null) {
            return clock.now();
        }
        try {
            return clock.stamp(window.past(), window.future());
        } catch (ClockUncertainException e) {
            if (!question.ask(limit).map(this::apply).orElse(false)) {
                throw e;
            }
            return clock.stamp(window.past(), window.future());
        }
    }

    /** After a refusal for clock skew; false when no trustworthy time was found. */
    boolean correct(RawAnswer refusal, long sentTicks, long receivedTicks, Duration limit) {
        return question.ask(limit)
                .or(() -> TimeQuestion.dateOf(refusal, sentTicks, receivedTicks))
                .map(this::apply)
                .orElse(false);
    }

    /**
     * Whether a refusal that says nothing of time is one for skew: by its own Date header, the timestamp lay outside the window.
     *
     * @param stamp of the refused request
     */
    boolean isSkewByDate(RawAnswer refusal, Instant stamp) {
        Venue.Window known = window;
        return known != null
                && TimeQuestion.dateOf(refusal, 0, 0)
                        .map(told -> stamp.isBefore(told.time().minus(known.past()))
                                || !stamp.isBefore(
                                        told.time().plus(told.resolution()).plus(known.future())))
                        .orElse(false);
    }

    /**
     * Whether a request was stamped inside the window and can have left it on its way, so that the clock is not the fault.
     *
     * @param stamp its timestamp
     * @param stampedTicks when it was taken
     * @param receivedTicks when the refusal had come
     */
    boolean wasDelayed(Instant stamp, long stampedTicks, long receivedTicks) {
        if (window == null) {
            return false;
        }
        Instant stamped = clock.at(stampedTicks);
        Instant received = clock.at(receivedTicks);
        boolean insideAtFirst =
                !stamp.isBefore(stamped.minus(window.past())) && stamp.isBefore(stamped.plus(window.future()));
        boolean outsideAtLast = stamp.isBefore(received.minus(window.past()));
        return insideAtFirst && outsideAtLast;
    }

    /** While calls are made: begins a refresh when the last one is long enough ago. */
    void refreshWhenDue() {
        if (window == null
                || clock.trustsHost()
                || clock.age().compareTo(every) < 0
                || !refreshing.compareAndSet(false, true)) {
            return;
        }
        try {
            executor.execute(() -> {
                try {
                    best().ifPresent(this::apply);
                } finally {
                    refreshing.set(false);
                }
            });
        } catch (RejectedExecutionException closedOrFull) {
            refreshing.set(false);
        }
    }

    private Optional<Sample> best() {
        Sample best = null;
        for (int i = 0; i < SAMPLES; i++) {
            Sample sample = question.ask(answerLimit).orElse(null);
            if (sample == null) {
                break;
            }
            best = best == null || sample.roundTrip() < best.roundTrip() ? sample : best;
        }
        return Optional.ofNullable(best);
    }

    /** Corrects the clock, or says why not. */
    private boolean apply(Sample sample) {
        if (clock.trustsHost()) {
            return false;
        }
        Duration before = clock.offset();
        if (!question.isVerified()) {
            refuse(sample, "it did not come over TLS");
            return false;
        }
        if (!clock.correct(sample.time(), sample.resolution(), sample.sent(), sample.received())) {
            refuse(sample, "it is further off than " + clock.largestCorrection());
            return false;
        }
        events.tell(new Event.ClockCorrected(venue.name(), before, clock.offset(), clock.bound(), sample.source()));
        return true;
    }

    private void refuse(Sample sample, String why) {
        Instant host = clock.at(sample.received()).minus(clock.offset());
        events.tell(new Event.ClockRefused(venue.name(), Duration.between(host, sample.time()), why, sample.source()));
    }
}
