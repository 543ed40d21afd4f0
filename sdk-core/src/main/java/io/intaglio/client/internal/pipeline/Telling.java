package io.intaglio.client.internal.pipeline;

import io.intaglio.client.NotSentException;
import io.intaglio.client.RejectedException;
import io.intaglio.client.ThrottledException;
import io.intaglio.client.VenueException;
import io.intaglio.client.VenueException.Effect;
import io.intaglio.client.VenueResponse;
import io.intaglio.client.event.Event;
import io.intaglio.client.event.Event.End;
import io.intaglio.client.internal.event.Broadcast;
import io.intaglio.client.internal.jfr.AttemptSpan;
import io.intaglio.client.internal.jfr.CallSpan;
import io.intaglio.client.internal.jfr.WaitSpan;
import io.intaglio.client.internal.limit.Moved;
import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.Explanation;
import io.intaglio.signing.time.VenueClock;
import io.intaglio.signing.venue.Meaning;
import io.intaglio.signing.venue.Venue;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a call tells those who listen, the flight recorder and the log, where anybody does. Used by one thread. */
final class Telling {
    private static final Logger LOG = LoggerFactory.getLogger(Telling.class);

    private final Broadcast events;
    private final Venue venue;
    private final VenueClock clock;
    private final ApiRequest request;
    private final boolean isSigned;
    private long waited;
    private final WaitSpan waiting = new WaitSpan();
    private final AttemptSpan sending = new AttemptSpan();

    Telling(Broadcast events, Venue venue, VenueClock clock, ApiRequest request, boolean isSigned) {
        this.events = events;
        this.venue = venue;
        this.clock = clock;
        this.request = request;
        this.isSigned = isSigned;
    }

    /** Does the work of the call, and tells how it ended. */
    VenueResponse of(Supplier<VenueResponse> work, @Nullable String clientOrderId, Deadline deadline) {
        CallSpan span = new CallSpan();
        VenueResponse response;
        try {
            response = work.get();
        } catch (VenueException e) {
            ended(span, clientOrderId, end(e), e.effect() == Effect.UNKNOWN, status(e), e.attempts(), deadline);
            throw e;
        }
        ended(span, clientOrderId, End.ACCEPTED, false, response.status(), response.attempts(), deadline);
        return response;
    }

    private void ended(
            CallSpan span,
            @Nullable String clientOrderId,
            End end,
            boolean isUncertain,
            int status,
            int attempts,
            Deadline deadline) {
        span.end();
        boolean isRecorded = span.shouldCommit();
        if (!isRecorded && !isUncertain && !events.isHeard() && !LOG.isDebugEnabled()) {
            return;
        }
        Event.CallEnded call = new Event.CallEnded(
                venue.name(),
                request.method(),
                request.path(),
                venue.purposeOf(request),
                clientOrderId,
                end,
                isUncertain,
                status,
                attempts,
                deadline.elapsed(),
                Duration.ofNanos(waited),
                clock.now());
        if (isRecorded) {
            span.commit(call);
        }
        if (isUncertain) {
            LOG.warn("the venue may have acted: {}", shown(call));
        } else if (LOG.isDebugEnabled()) {
            LOG.debug("{}", shown(call));
        }
        events.tell(call);
    }

    /** The call waits from now on. */
    void waiting() {
        waiting.begin();
    }

    void waitedForLimits(long nanos) {
        waited += nanos;
        waiting.commit(venue.name(), "LIMIT");
    }

    void waitedForTurn() {
        waiting.commit(venue.name(), "TURN");
    }

    void waitedForConnection() {
        waiting.commit(venue.name(), "CONNECTION");
    }

    void waitedToRetry() {
        waiting.commit(venue.name(), "RETRY");
    }

    /** The request is handed to the transport now. */
    void sending() {
        sending.begin();
    }

    void moved(List<Moved> counts) {
        for (Moved moved : counts) {
            events.tell(new Event.BudgetMoved(
                    venue.name(),
                    moved.limit().name(),
                    moved.limit().scope(),
                    moved.units(),
                    moved.capacity(),
                    moved.limit().period(),
                    clock.now()));
        }
    }

    void accepted(int number, long nanos, VenueResponse response) {
        attempted(number, nanos, End.ACCEPTED, response.status(), null);
    }

    void failed(int number, long nanos, VenueException failure) {
        Meaning meaning =
                failure instanceof RejectedException refusal ? refusal.meaning().orElse(null) : null;
        attempted(number, nanos, end(failure), status(failure), meaning);
    }

    private void attempted(int number, long nanos, End end, int status, @Nullable Meaning meaning) {
        sending.end();
        boolean isRecorded = sending.shouldCommit();
        if (!isRecorded && !events.isHeard() && !LOG.isDebugEnabled()) {
            return;
        }
        URI server = request.baseUri().orElse(venue.baseUri());
        int port = server.getPort() >= 0 ? server.getPort() : "https".equals(server.getScheme()) ? 443 : 80;
        Event.AttemptEnded attempt = new Event.AttemptEnded(
                venue.name(),
                request.method(),
                server.getHost(),
                port,
                venue.purposeOf(request),
                isSigned,
                number,
                end,
                status,
                meaning,
                Duration.ofNanos(nanos),
                clock.now());
        if (isRecorded) {
            sending.commit(attempt);
        }
        if (LOG.isDebugEnabled()) {
            LOG.debug("{}", shown(attempt));
        }
        events.tell(attempt);
    }

    /** An id of the caller's may hold what would forge a line. */
    private static String shown(Event event) {
        return Explanation.show(event.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static End end(VenueException failure) {
        if (failure instanceof NotSentException) {
            return End.NOT_SENT;
        }
        if (failure instanceof ThrottledException) {
            return End.THROTTLED;
        }
        return failure instanceof RejectedException ? End.REJECTED : End.UNANSWERED;
    }

    private static int status(VenueException failure) {
        if (failure instanceof ThrottledException throttled) {
            return throttled.status();
        }
        return failure instanceof RejectedException refusal ? refusal.status() : 0;
    }
}
