package io.intaglio.client.internal.pipeline;

import io.intaglio.client.NotSentException;
import io.intaglio.client.OrderOutcome;
import io.intaglio.client.OrderOutcome.State;
import io.intaglio.client.PendingOrder;
import io.intaglio.client.RejectedException;
import io.intaglio.client.Sleeper;
import io.intaglio.client.VenueException;
import io.intaglio.client.VenueResponse;
import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.time.VenueClock;
import io.intaglio.signing.venue.Meaning;
import io.intaglio.signing.venue.OrderQuery;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks a venue what became of an order until that is certain. That the venue knows an order is certain at once. That it does not is so only once the
 * order, which may still be under way, could no longer be accepted, and once the venue has had time to show what it accepted before; and it stays so
 * only as long as the venue is known to tell of an order. Thread-safe.
 */
final class Reconciler {
    private static final Duration PAUSE = Duration.ofMillis(250);

    /** Questions refused for their nonce before asking ends: someone else draws higher ones, and goes on to. */
    private static final int MOST_BAD_NONCES = 3;

    private final OrderQuery query;
    private final VenueClock clock;
    private final Sleeper sleeper;

    Reconciler(OrderQuery query, VenueClock clock, Sleeper sleeper) {
        this.query = query;
        this.clock = clock;
        this.sleeper = sleeper;
    }

    /**
     * Returns when it is certain, or when the deadline leaves no time for another question.
     *
     * @param orderedNonces whether the questions carry higher nonces of the same key, so that the venue refuses the order once it has answered one
     * @param ask makes one call
     * @param confirmed gives the confirmation that came another way, null while there is none
     */
    OrderOutcome find(
            PendingOrder order,
            boolean orderedNonces,
            Deadline deadline,
            Function<ApiRequest, VenueResponse> ask,
            Supplier<@Nullable VenueResponse> confirmed)
            throws InterruptedException {
        String id = order.clientOrderId();
        Duration dead = orderedNonces ? null : left(order.sentAt(), order.acceptedFor());
        long deadAt = dead == null ? 0 : clock.ticks() + dead.toNanos();
        boolean mayDie = orderedNonces || dead != null;
        boolean deadKnown = dead != null;
        int badNonces = 0;
        while (true) {
            VenueResponse told = confirmed.get();
            if (told != null) {
                return new OrderOutcome(State.PRESENT, id, told);
            }
            long askedAt = clock.ticks();
            Answer answer = ask(order.questions(), ask);
            if (answer.found != null) {
                return new OrderOutcome(State.PRESENT, id, answer.found);
            }
            if (answer.absent) {
                if (isForgotten(order)) {
                    return OrderOutcome.unknown(id, forgotten(order));
                }
                if (!deadKnown && orderedNonces) {
                    deadAt = clock.ticks(); // the venue took a higher nonce
                    deadKnown = true;
                } else if (mayDie && askedAt - deadAt - query.visibilityDelay().toNanos() >= 0) {
                    return new OrderOutcome(State.ABSENT, id, null);
                }
            }
            Duration wait = PAUSE;
            if (answer.absent && deadKnown) {
                long nanos = deadAt + query.visibilityDelay().toNanos() - clock.ticks() + 1_000_000;
                // looking again half-way finds an order that shows up meanwhile
                wait = Duration.ofNanos(Math.max(1_000_000, nanos > 1_000_000_000L ? nanos / 2 : nanos));
            }
            badNonces += answer.badNonce ? 1 : 0;
            if (answer.over || badNonces == MOST_BAD_NONCES || !deadline.allows(wait)) {
                return new OrderOutcome(State.UNKNOWN, id, null);
            }
            sleeper.sleep(wait);
        }
    }

    private boolean isForgotten(PendingOrder order) {
        return Duration.between(order.sentAt(), clock.now()).compareTo(query.retention()) > 0;
    }

    private String forgotten(PendingOrder order) {
        return order.venue() + " is known to tell of an order for "
                + query.retention().toHours()
                + " hours, and this one was sent at " + order.sentAt()
                + ", so that it is not found proves nothing; look it up by hand, among the trades of that time too";
    }

    /** How long the order could still be accepted, the venue's clock being as late as it can; null when that is not known. */
    private @Nullable Duration left(Instant stamp, @Nullable Duration acceptedFor) {
        if (acceptedFor == null) {
            return null;
        }
        Duration left = Duration.between(clock.now().minus(clock.bound()), stamp.plus(acceptedFor))
                .plusMillis(1);
        return left.isNegative() ? Duration.ZERO : left;
    }

    /** What all questions together say; neither found nor absent when one could not be asked, over when none can be any more. */
    private record Answer(@Nullable VenueResponse found, boolean absent, boolean over, boolean badNonce) {}

    private Answer ask(List<ApiRequest> questions, Function<ApiRequest, VenueResponse> ask) {
        // an order that an older version wrote down may have fewer questions than the proof needs now
        boolean absent =
                !questions.isEmpty() && questions.size() >= query.questions().size();
        boolean badNonce = false;
        for (ApiRequest question : questions) {
            try {
                VenueResponse response = ask.apply(question);
                if (isFound(response)) {
                    return new Answer(response, false, false, false);
                }
                absent &= saysNone(response);
            } catch (RejectedException e) {
                String code = e.venueCode();
                badNonce |= e.meaning().orElse(null) == Meaning.BAD_NONCE;
                absent &= e.effect() == VenueException.Effect.NONE && query.saysAbsent(e.status(), code);
            } catch (NotSentException e) {
                if (e.reason() == NotSentException.Reason.CLOSED || e.reason() == NotSentException.Reason.INTERRUPTED) {
                    return new Answer(null, false, true, false);
                }
                absent = false;
            } catch (VenueException e) {
                absent = false;
            }
        }
        return new Answer(null, absent, false, badNonce);
    }

    private boolean isFound(VenueResponse response) {
        for (String pointer : query.foundAt()) {
            String value = response.at(pointer).orElse("");
            if (!value.isEmpty() && !isNothing(value)) {
                return true;
            }
        }
        return false;
    }

    /** An empty list or object where the order would be. Any other yes is no word of the venue about it: a page, say, of something in between. */
    private boolean saysNone(VenueResponse response) {
        for (String pointer : query.foundAt()) {
            int first = pointer.indexOf("/0/");
            String place = first < 0 ? pointer : pointer.substring(0, first);
            if (response.at(place).filter(Reconciler::isNothing).isPresent()) {
                return true;
            }
        }
        return false;
    }

    private static boolean isNothing(String value) {
        return value.length() < 100
                && (value.replaceAll("\\s", "").equals("{}")
                        || value.replaceAll("\\s", "").equals("[]"));
    }
}
