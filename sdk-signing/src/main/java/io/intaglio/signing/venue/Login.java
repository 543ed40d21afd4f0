package io.intaglio.signing.venue;

import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.Credential;
import io.intaglio.signing.SigningScheme;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How a venue gives an access token for a request that the key signs. The client logs on by itself, renews the token ahead of its end, and puts it
 * into the credential as {@code token}. A venue with a standard OAuth 2 token endpoint has none.
 *
 * @param request the log-on of a credential, not signed yet
 * @param scheme signs it
 * @param tokenAt where the token is in the answer, as a JSON pointer
 * @param lifetimeAt where its life in seconds is, null when the answer does not tell it
 * @param lifetime as the venue documents it; a longer one in an answer is not believed
 */
public record Login(
        Function<Credential, ApiRequest> request,
        SigningScheme scheme,
        String tokenAt,
        @Nullable String lifetimeAt,
        Duration lifetime) {}
