package io.intaglio.client.internal.pipeline;

import io.intaglio.client.internal.lane.Lane;
import io.intaglio.client.oauth.TokenSource;
import org.jspecify.annotations.Nullable;

/** Where the access tokens of a key come from. Thread-safe. */
@FunctionalInterface
public interface Tokens {
    /** Null when requests of this key carry none. */
    @Nullable
    TokenSource of(Lane lane);
}
