package io.intaglio.client;

import io.intaglio.signing.ApiRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An order that was about to be sent and of which nothing more is known. Immutable and thread-safe.
 *
 * @param clientOrderId the id it was sent with
 * @param venue name of the venue
 * @param sentAt when it was sent, on the venue's clock as it was then known
 * @param acceptedFor how long after {@code sentAt} the venue takes the order, by its window or the one that the order asked for; null when it checks no
 *     timestamp
 * @param questions how to ask the venue about it; empty when no way is known
 */
public record PendingOrder(
        String clientOrderId,
        String venue,
        Instant sentAt,
        @Nullable Duration acceptedFor,
        List<ApiRequest> questions) {
    /** Checks and copies. */
    public PendingOrder {
        Objects.requireNonNull(clientOrderId, "clientOrderId");
        Objects.requireNonNull(venue, "venue");
        Objects.requireNonNull(sentAt, "sentAt");
        questions = List.copyOf(questions);
    }
}
