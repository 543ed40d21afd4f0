package io.intaglio.client.internal.limit;

import io.intaglio.signing.time.VenueClock;
import java.time.Instant;

/**
 * A moment on a client's clock.
 *
 * @param ticks monotonic nanoseconds
 * @param venue the venue's time, estimated, in nanoseconds since 1970
 * @param bound how far the venue's time can be from that, in nanoseconds
 */
record Now(long ticks, long venue, long bound) {
    static Now on(VenueClock clock) {
        Instant now = clock.now();
        return new Now(
                clock.ticks(),
                now.getEpochSecond() * 1_000_000_000L + now.getNano(),
                clock.bound().toNanos());
    }
}
