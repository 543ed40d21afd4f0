package io.intaglio.client.internal.pipeline;

import io.intaglio.client.event.Event.TimeSource;
import io.intaglio.client.internal.http.RawAnswer;
import io.intaglio.client.internal.http.SendFailure;
import io.intaglio.client.internal.json.JsonPointers;
import io.intaglio.signing.Access;
import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.Credential;
import io.intaglio.signing.Field;
import io.intaglio.signing.Moment;
import io.intaglio.signing.SignedRequest;
import io.intaglio.signing.time.VenueClock;
import io.intaglio.signing.venue.Venue;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Asks a venue for its time. Thread-safe. */
public final class TimeQuestion {
    /** What a {@code Date} header counts in (RFC 9110 section 5.6.7). */
    static final Duration DATE_RESOLUTION = Duration.ofSeconds(1);

    private static final BigDecimal NANOS = BigDecimal.valueOf(1_000_000_000L);

    /**
     * A time that the venue told.
     *
     * @param time rounded down to {@code resolution}
     * @param sent ticks before the question was written
     * @param received ticks when the answer had come
     */
    public record Sample(Instant time, Duration resolution, long sent, long received, TimeSource source) {
        /** Nanoseconds from question to answer. */
        public long roundTrip() {
            return received - sent;
        }
    }

    private final Venue venue;
    private final VenueClock clock;
    private final Exit exit;
    private final JsonPointers json = new JsonPointers();

    /** Measures round trips on this clock's ticker. */
    public TimeQuestion(Venue venue, VenueClock clock, Exit exit) {
        this.venue = venue;
        this.clock = clock;
        this.exit = exit;
    }

    /** Whether the venue's answers are authenticated, so that the clock may follow them. */
    public boolean isVerified() {
        return "https".equals(venue.baseUri().getScheme());
    }

    /** Asks the time endpoint; empty where the venue has none, or when it gave no time. */
    Optional<Sample> ask(Duration limit) {
        try {
            return venue.timeEndpoint().isEmpty()
                    ? Optional.empty()
                    : askEndpoint(venue.timeEndpoint().get(), limit);
        } catch (SendFailure e) {
            return Optional.empty();
        }
    }

    /** Asks the time endpoint, or looks at the Date header of the venue's front page where there is none; empty when that gave no time. */
    public Optional<Sample> askAnyhow(Duration limit) throws SendFailure {
        if (venue.timeEndpoint().isPresent()) {
            return askEndpoint(venue.timeEndpoint().get(), limit);
        }
        long sent = clock.ticks();
        RawAnswer answer = get("/", limit);
        return dateOf(answer, sent, clock.ticks());
    }

    private Optional<Sample> askEndpoint(Venue.TimeEndpoint endpoint, Duration limit) throws SendFailure {
        long sent = clock.ticks();
        RawAnswer answer = get(endpoint.path(), limit);
        long received = clock.ticks();
        String value = answer.status() == 200 ? json.at(answer.body(), endpoint.pointer()) : null;
        if (value == null) {
            return Optional.empty();
        }
        try {
            Duration unit = endpoint.unit();
            return Optional.of(new Sample(time(value, unit), unit, sent, received, TimeSource.TIME_ENDPOINT));
        } catch (ArithmeticException | DateTimeException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    private RawAnswer get(String path, Duration limit) throws SendFailure {
        ApiRequest question = ApiRequest.get(path).baseUri(venue.baseUri()).access(Access.PUBLIC);
        SignedRequest plain = venue.scheme().sign(question, Credential.keyId("none"), Moment.at(clock.now()));
        try {
            return exit.send(question, plain, limit, limit);
        } catch (Exit.Held e) {
            throw new SendFailure(SendFailure.Stage.HELD, e.getMessage(), e);
        }
    }

    /** The Date header of an answer; empty unless there is exactly one that can be read. */
    static Optional<Sample> dateOf(RawAnswer answer, long sent, long received) {
        List<String> dates = answer.headers().stream()
                .filter(header -> header.name().equalsIgnoreCase("Date"))
                .map(Field::value)
                .toList();
        return dates.size() != 1
                ? Optional.empty()
                : RetryAfter.date(dates.get(0).strip())
                        .map(date -> new Sample(date, DATE_RESOLUTION, sent, received, TimeSource.DATE_HEADER));
    }

    private static Instant time(String value, Duration unit) {
        BigDecimal nanos = new BigDecimal(value).multiply(new BigDecimal(unit.toNanos()));
        BigDecimal[] parts = nanos.divideAndRemainder(NANOS);
        return Instant.ofEpochSecond(parts[0].longValueExact(), parts[1].longValue());
    }
}
