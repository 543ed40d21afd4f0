package io.intaglio.client.internal.retry;

import io.intaglio.client.VenueException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * An attempt that failed.
 *
 * @param exception what the caller gets when it is not tried again
 * @param proof why it may be tried again, null when it may not
 * @param leastWait what the venue asks for before the next attempt; zero when it asks for nothing, null when the wait is ours to choose
 */
public record Failure(
        VenueException exception,
        @Nullable Proof proof,
        @Nullable Duration leastWait) {}
