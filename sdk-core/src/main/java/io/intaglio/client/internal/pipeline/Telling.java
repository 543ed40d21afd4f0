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
import io.intaglio.client.internal.limit.Moved;
import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.time.VenueClock;
import io.intaglio.signing.venue.Meaning;
import io.intaglio.signing.venue.Venue;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What a call tells those who listen, where anybody does. Used by one thread. */
final class Telling {
    private final Broadcast events;
    private final Venue venue;
    private final VenueClock clock;
    private final ApiRequest request;
    private final boolean isSigned;
    private long waited;

    Telling(Broadcast events, Venue venue, VenueClock clock, ApiRequest request, boolean isSigned) {
        this.events = events;
        this.venue = venue;
        this.clock = clock;
        this.request = request;
        this.isSigned = isSigned;
    }

    /** Does the work of the call, and tells how it ended. */
    VenueResponse of(Supplier<VenueResponse> work, @Nullable String clientOrderId, Deadline deadline) {
        if (!events.isHeard()) {
            return work.get();
        }
        VenueResponse response;
        try {
            response = work.get();
        } catch (VenueException e) {
            ended(clientOrderId, end(e), e.effect() == Effect.UNKNOWN, status(e), e.attempts(), deadline);
            throw e;
        }
        ended(clientOrderId, End.ACCEPTED, false, response.status(), response.attempts(), deadline);
        return response;
    }

    private void ended(
            @Nullable String clientOrderId, End end, boolean isUncertain, int status, int attempts, Deadline deadline) {
        events.tell(new Event.CallEnded(
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
                clock.now()));
    }

    void waited(long nanos) {
        waited += nanos;
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
        if (!events.isHeard()) {
            return;
        }
        URI server = request.baseUri().orElse(venue.baseUri());
        int port = server.getPort() >= 0 ? server.getPort() : "https".equals(server.getScheme()) ? 443 : 80;
        events.tell(new Event.AttemptEnded(
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
                clock.now()));
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
