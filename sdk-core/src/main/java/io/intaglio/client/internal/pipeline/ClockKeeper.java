package io.intaglio.client.internal.pipeline;

import io.intaglio.client.internal.http.RawAnswer;
import io.intaglio.client.internal.http.SendFailure;
import io.intaglio.client.internal.http.Transport;
import io.intaglio.client.internal.json.JsonPointers;
import io.intaglio.signing.Access;
import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.Credential;
import io.intaglio.signing.Moment;
import io.intaglio.signing.SignedRequest;
import io.intaglio.signing.time.VenueClock;
import io.intaglio.signing.venue.Venue;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Corrects the clock from the venue's own time: its time endpoint where it has one, else the Date header. Thread-safe. */
final class ClockKeeper {
    private static final Duration DATE_RESOLUTION = Duration.ofSeconds(1);
    private static final BigDecimal NANOS = BigDecimal.valueOf(1_000_000_000L);

    private final Venue venue;
    private final VenueClock clock;
    private final Transport transport;
    private final JsonPointers json = new JsonPointers();

    ClockKeeper(Venue venue, VenueClock clock, Transport transport) {
        this.venue = venue;
        this.clock = clock;
        this.transport = transport;
    }

    /** After a refusal for clock skew; false when no trustworthy time was found. */
    boolean correct(RawAnswer refusal, long sentTicks, long receivedTicks, Duration limit) {
        Optional<Venue.TimeEndpoint> endpoint = venue.timeEndpoint();
        return endpoint.isPresent() && ask(endpoint.get(), limit) || correctByDate(refusal, sentTicks, receivedTicks);
    }

    private boolean ask(Venue.TimeEndpoint endpoint, Duration limit) {
        ApiRequest question =
                ApiRequest.get(endpoint.path()).baseUri(venue.baseUri()).access(Access.PUBLIC);
        SignedRequest plain = venue.scheme().sign(question, Credential.keyId("none"), Moment.at(clock.now()));
        try {
            long sent = clock.ticks();
            RawAnswer answer = transport.send(plain, limit, limit);
            long received = clock.ticks();
            String value = answer.status() == 200 ? json.at(answer.body(), endpoint.pointer()) : null;
            return value != null && clock.correct(time(value, endpoint.unit()), endpoint.unit(), sent, received);
        } catch (SendFailure | ArithmeticException | DateTimeException | NumberFormatException e) {
            return false; // the Date header of the refusal is the fallback
        }
    }

    private static Instant time(String value, Duration unit) {
        BigDecimal nanos = new BigDecimal(value).multiply(new BigDecimal(unit.toNanos()));
        BigDecimal[] parts = nanos.divideAndRemainder(NANOS);
        return Instant.ofEpochSecond(parts[0].longValueExact(), parts[1].longValue());
    }

    private boolean correctByDate(RawAnswer answer, long sentTicks, long receivedTicks) {
        return answer.header("Date")
                .flatMap(RetryAfter::date)
                .map(date -> clock.correct(date, DATE_RESOLUTION, sentTicks, receivedTicks))
                .orElse(false);
    }
}
