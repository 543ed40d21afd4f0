package io.intaglio.client;

import io.intaglio.client.internal.limit.ClientBudget;
import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.venue.Venue;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What a client may still send before it meets a limit of the venue. A view: it takes nothing. Thread-safe. */
public final class Budget {

    /**
     * Where a limit stands.
     *
     * @param limit its name, as in {@link io.intaglio.signing.venue.Limit#name()}
     * @param capacity units that fit in, as declared, told by the venue or learnt from a refusal
     * @param used units that count now: ours, those of calls under way, and what the venue tells of others
     * @param untilEmpty how long until none of them counts any more, if nothing is sent
     */
    public record Standing(String limit, long capacity, long used, Duration untilEmpty) {
        /** Units left. */
        public long remaining() {
            return Math.max(0, capacity - used);
        }
    }

    private final Venue venue;
    private final ClientBudget counts;

    Budget(Venue venue, ClientBudget counts) {
        this.venue = venue;
        this.counts = counts;
    }

    /** Where each limit stands that has one count for all endpoints and symbols; empty when no limits of the venue are known. */
    public List<Standing> standings() {
        return counts.standings().stream()
                .map(s -> new Standing(s.name(), s.capacity(), s.used(), s.untilEmpty()))
                .toList();
    }

    /** How long until the call could go out, were it the next; zero when it could now, empty when it costs more than ever fits. */
    public Optional<Duration> untilFits(ApiRequest request) {
        return counts.untilFits(request, venue.priorityOf(request));
    }

    /**
     * How long until this many units of a limit are free for an order; zero when they are now, empty when they never are together.
     *
     * @throws IllegalArgumentException when no limit has that name
     */
    public Optional<Duration> untilFits(String limit, long units) {
        if (standings().stream().noneMatch(standing -> standing.limit().equals(limit))) {
            throw new IllegalArgumentException(venue + " has no limit '" + limit + "'; it has "
                    + String.join(
                            ", ", standings().stream().map(Standing::limit).toList()));
        }
        return counts.untilFits(limit, units);
    }
}
