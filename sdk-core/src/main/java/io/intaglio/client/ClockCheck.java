package io.intaglio.client;

import io.intaglio.client.NotSentException.Reason;
import io.intaglio.client.event.Event.TimeSource;
import io.intaglio.client.guard.Guard;
import io.intaglio.client.internal.http.Dialing;
import io.intaglio.client.internal.http.SendFailure;
import io.intaglio.client.internal.http.Transport;
import io.intaglio.client.internal.http.TransportSettings;
import io.intaglio.client.internal.pipeline.Exit;
import io.intaglio.client.internal.pipeline.TimeQuestion;
import io.intaglio.client.internal.pipeline.TimeQuestion.Sample;
import io.intaglio.client.tls.Tls;
import io.intaglio.signing.time.VenueClock;
import io.intaglio.signing.venue.Venue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Compares this host's clock with a venue's, without a key: for a look before trading, and for monitoring. Sets no clock. Immutable.
 *
 * <pre>{@code
 * ClockCheck.Reading reading = ClockCheck.of(BinanceSpot.VENUE).run();
 * }</pre>
 *
 * @param venue asked at its time endpoint, or for the {@code Date} header of its front page where it has none
 * @param tls trust
 * @param samples how often it is asked, one after the other
 * @param timeout for each question
 */
public record ClockCheck(Venue venue, Tls tls, int samples, Duration timeout) {
    private static final Duration ANY_CORRECTION = Duration.ofDays(100 * 365);

    /** Checks. */
    public ClockCheck {
        Objects.requireNonNull(venue, "venue");
        Objects.requireNonNull(tls, "tls");
        if (samples < 1 || samples > 100) {
            throw new IllegalArgumentException("samples must be 1 to 100, was " + samples);
        }
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("timeout must be positive, was " + timeout);
        }
    }

    /** What the host's clock means for this venue. */
    public enum Verdict {
        /** A timestamp of this host's clock is accepted, wherever in the bound the truth is. */
        INSIDE,
        /** It is, or may be, refused: synchronise the host's clock. A {@link VenueClient} corrects itself at the cost of one refusal. */
        OUTSIDE,
        /** The line is too slow or uneven to place a timestamp in the venue's window with certainty. */
        UNCERTAIN,
        /** The venue is not known to check timestamps. */
        UNCHECKED
    }

    /**
     * What was found.
     *
     * @param offset venue minus this host's clock
     * @param bound how far the truth can be from {@code offset}, either way
     * @param roundTrip of the fastest question
     * @param answers how many questions were answered with a time
     * @param source where the venue told its time
     * @param verified whether the answers came over TLS
     * @param verdict what that means
     */
    public record Reading(
            Duration offset,
            Duration bound,
            Duration roundTrip,
            int answers,
            TimeSource source,
            boolean verified,
            Verdict verdict) {}

    /** Five samples, the Java installation's trust, five seconds for each question. */
    public static ClockCheck of(Venue venue) {
        return new ClockCheck(venue, Tls.system(), 5, Duration.ofSeconds(5));
    }

    /** The same with this trust. */
    public ClockCheck withTls(Tls newTls) {
        return new ClockCheck(venue, newTls, samples, timeout);
    }

    /** The same with so many samples. */
    public ClockCheck withSamples(int newSamples) {
        return new ClockCheck(venue, tls, newSamples, timeout);
    }

    /** The same with so much time for each question. */
    public ClockCheck withTimeout(Duration newTimeout) {
        return new ClockCheck(venue, tls, samples, newTimeout);
    }

    /**
     * Asks.
     *
     * @throws NotSentException reason CONNECT or TLS when the venue was not reached, CLOCK when it told no time
     */
    public Reading run() {
        return run(VenueClock.system());
    }

    Reading run(VenueClock host) {
        VenueClock clock = host.withLargestCorrection(ANY_CORRECTION);
        TransportSettings settings =
                new TransportSettings(tls, 1, timeout, timeout, timeout, 1 << 20, "intaglio", Dialing.direct());
        try (Transport transport = new Transport(settings)) {
            TimeQuestion question = new TimeQuestion(venue, clock, new Exit(venue, Guard.none(), transport, false));
            List<Sample> told = ask(question);
            // the clock's bound is that of the last sample it was given
            told.sort(Comparator.comparingLong(Sample::roundTrip).reversed());
            told.forEach(sample -> clock.correct(sample.time(), sample.resolution(), sample.sent(), sample.received()));
            Sample fastest = told.get(told.size() - 1);
            Duration offset = clock.hostSkew();
            Duration bound = clock.bound();
            return new Reading(
                    offset,
                    bound,
                    Duration.ofNanos(fastest.roundTrip()),
                    told.size(),
                    fastest.source(),
                    question.isVerified(),
                    venue.window().map(window -> verdict(window, offset, bound)).orElse(Verdict.UNCHECKED));
        }
    }

    private List<Sample> ask(TimeQuestion question) {
        List<Sample> told = new ArrayList<>();
        for (int i = 1; i <= samples; i++) {
            try {
                question.askAnyhow(timeout).ifPresent(told::add);
            } catch (SendFailure e) {
                if (i == samples && told.isEmpty()) {
                    Reason reason = e.stage() == SendFailure.Stage.TLS ? Reason.TLS : Reason.CONNECT;
                    throw failure(i, reason, venue + " was not reached: " + e.getMessage(), e);
                }
            }
        }
        if (told.isEmpty()) {
            throw failure(samples, Reason.CLOCK, venue + " told no time that can be read; look at its address", null);
        }
        return told;
    }

    private NotSentException failure(int attempts, Reason reason, String message, @Nullable Throwable cause) {
        return new NotSentException(new VenueException.Call(venue.name(), null, attempts), reason, message, cause);
    }

    /** With the same allowance for the way as {@link VenueClock#stamp}: a quarter of the window, at most a second. */
    private static Verdict verdict(Venue.Window window, Duration offset, Duration bound) {
        Duration quarter = window.past().dividedBy(4);
        Duration way = quarter.compareTo(Duration.ofSeconds(1)) < 0 ? quarter : Duration.ofSeconds(1);
        if (bound.multipliedBy(2).plus(way).compareTo(window.past().plus(window.future())) > 0) {
            return Verdict.UNCERTAIN;
        }
        boolean notTooOld = offset.plus(bound).plus(way).compareTo(window.past()) <= 0;
        boolean notTooEarly = bound.minus(offset).compareTo(window.future()) < 0;
        return notTooOld && notTooEarly ? Verdict.INSIDE : Verdict.OUTSIDE;
    }
}
