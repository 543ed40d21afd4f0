package io.intaglio.client.internal.lane;

import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.venue.Purpose;
import io.intaglio.signing.venue.Venue;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The keys of a client, by what they are for. Each call is signed by the key that is for the least and suffices. Thread-safe. */
public final class KeyRing {
    private final Venue venue;
    private final EnumMap<Purpose, Lanes> lanes;

    /** At least one purpose. */
    public KeyRing(Venue venue, Map<Purpose, Lanes> lanes) {
        this.venue = venue;
        this.lanes = new EnumMap<>(lanes);
    }

    /**
     * The keys for a call; empty when none is for so much. A call of which nothing is known may be signed by the strongest, and the venue decides;
     * one that is known to withdraw may not.
     */
    public Optional<Lanes> forCall(ApiRequest request) {
        Purpose purpose = venue.purposeOf(request);
        Lanes least = from(purpose);
        return least != null || purpose != Purpose.WITHDRAW || venue.isWithdrawal(request)
                ? Optional.ofNullable(least)
                : Optional.ofNullable(from(Purpose.TRADE));
    }

    /**
     * The keys by which orders were placed. What became of an order is asked with the key that placed it: a later nonce of that key is part of the
     * proof.
     */
    public Lanes forOrders() {
        Lanes orders = from(Purpose.TRADE);
        return orders != null ? orders : lanes.values().iterator().next();
    }

    private @Nullable Lanes from(Purpose least) {
        for (Map.Entry<Purpose, Lanes> entry : lanes.entrySet()) {
            if (entry.getKey().compareTo(least) >= 0) {
                return entry.getValue();
            }
        }
        return null;
    }
}
