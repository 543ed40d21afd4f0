package io.intaglio.signing.venue;

import io.intaglio.signing.ApiRequest;
import java.time.Duration;
import java.util.List;
import java.util.function.BiFunction;

/**
 * How to ask a venue what became of an order by its client order id, and how to read the answer. Immutable and thread-safe.
 *
 * <p>An order is found when the venue answers yes and there is a value at {@link #foundAt()}; an empty object or list is none. It is absent when
 * the venue refuses the question with one of {@link #absentCodes()}, or answers yes with an empty object or list there. Absent proves that the order
 * was not executed only once two things have passed: the visibility delay, and the time in which the order's timestamp would still be accepted,
 * since it may be under way; and only until the retention has passed, since venues forget orders.
 *
 * @param questions each makes a question from the order as it was sent and its client order id; the order is absent when all answers say so
 * @param foundAt JSON pointers (RFC 6901) of which a found order has one
 * @param absentCodes the codes, beginnings of messages, or HTTP statuses as {@code HTTP 404}, by which the venue says that it does not know the order
 * @param visibilityDelay how long the venue may not yet know an order that it accepted
 * @param retention how long after it was sent an order that was executed is surely told of; that one is not found later proves nothing
 * @param forgetsCancelled whether the venue forgets at once an order that was cancelled before it was executed at all: then absent says that it was not
 *     executed, and not that nobody cancelled it, so that no client places it again by itself
 */
public record OrderQuery(
        List<BiFunction<ApiRequest, String, ApiRequest>> questions,
        List<String> foundAt,
        List<String> absentCodes,
        Duration visibilityDelay,
        Duration retention,
        boolean forgetsCancelled) {
    /** For a venue that tells of cancelled orders as well. */
    public OrderQuery(
            List<BiFunction<ApiRequest, String, ApiRequest>> questions,
            List<String> foundAt,
            List<String> absentCodes,
            Duration visibilityDelay,
            Duration retention) {
        this(questions, foundAt, absentCodes, visibilityDelay, retention, false);
    }

    /** Checks and copies. */
    public OrderQuery {
        questions = List.copyOf(questions);
        foundAt = List.copyOf(foundAt);
        absentCodes = List.copyOf(absentCodes);
        if (visibilityDelay.isNegative()) {
            throw new IllegalArgumentException("visibility delay must not be negative, was " + visibilityDelay);
        }
        if (retention.compareTo(visibilityDelay) <= 0) {
            throw new IllegalArgumentException(
                    "retention must be longer than the visibility delay of " + visibilityDelay + ", was " + retention);
        }
    }

    /** The questions about an order, to be asked in this sequence until one finds it. */
    public List<ApiRequest> about(ApiRequest order, String clientOrderId) {
        return questions.stream()
                .map(question -> question.apply(order, clientOrderId))
                .toList();
    }

    /** Whether a refusal of the question says that the venue does not know the order. */
    public boolean saysAbsent(int status, String code) {
        String text = "HTTP " + status;
        for (String absent : absentCodes) {
            if (absent.equals(text) || !code.isEmpty() && Venue.fits(absent, code)) {
                return true;
            }
        }
        return false;
    }
}
