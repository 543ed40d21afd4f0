package io.intaglio.client.internal.lane;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** The lanes of a pool of keys of one account. A call takes the one with the fewest calls under way and keeps it until it is done. Thread-safe. */
public final class Lanes {
    private final List<Lane> lanes;
    private final AtomicInteger next = new AtomicInteger();

    /** At least one. */
    public Lanes(List<Lane> lanes) {
        if (lanes.isEmpty()) {
            throw new IllegalArgumentException("a pool of keys must hold at least one");
        }
        this.lanes = List.copyOf(lanes);
    }

    /** Begins a call; {@link #giveBack} ends it. */
    public Lane take() {
        Lane best = first();
        if (lanes.size() > 1) {
            int start = Math.floorMod(next.getAndIncrement(), lanes.size());
            best = lanes.get(start);
            for (int i = 1; i < lanes.size(); i++) {
                Lane lane = lanes.get((start + i) % lanes.size());
                best = lane.load().get() < best.load().get() ? lane : best;
            }
        }
        best.load().incrementAndGet();
        return best;
    }

    /** Ends a call. */
    public void giveBack(Lane lane) {
        lane.load().decrementAndGet();
    }

    /** Whether there is but one key. */
    public boolean isSingle() {
        return lanes.size() == 1;
    }

    /** The lane of the key that was named first. */
    public Lane first() {
        return lanes.get(0);
    }
}
