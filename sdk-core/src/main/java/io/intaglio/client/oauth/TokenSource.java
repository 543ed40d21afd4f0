package io.intaglio.client.oauth;

import java.time.Duration;

/** Where a client's access tokens come from: {@link OAuth}, or a service of your own. Thread-safe. */
public interface TokenSource {
    /**
     * A token that is good for a request that is sent now. The same one to all who ask until it is replaced; it is wiped then.
     *
     * @param limit for all waiting
     * @throws OAuthException when none can be had
     */
    AccessToken token(Duration limit);

    /** A venue has refused this token. The next call of {@link #token} gives another, unless it was replaced already. */
    void refused(AccessToken token);
}
