package io.intaglio.client.guard;

import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.venue.Purpose;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * A second person's word on a request, before it is signed. The client waits for it on the caller's thread. Whatever is no yes within the
 * time, a failure too, is a no. That the second person is another than the first is for the implementation to see to.
 */
@FunctionalInterface
public interface Approval {

    /**
     * What is asked.
     *
     * @param venue name of the venue
     * @param request exactly what is signed if the answer is yes; it is immutable
     * @param purpose what it does
     * @param notional what an order is worth in its quote currency, where that is known
     * @param destinations to whom a withdrawal goes, where that is known
     * @param within how long the answer is waited for
     */
    record Question(
            String venue,
            ApiRequest request,
            Purpose purpose,
            Optional<BigDecimal> notional,
            List<String> destinations,
            Duration within) {
        /** Copies. */
        public Question {
            destinations = List.copyOf(destinations);
        }
    }

    /** Begins to ask; the stage ends with true for a yes. It is cancelled when the time is over. */
    CompletionStage<Boolean> ask(Question question);
}
