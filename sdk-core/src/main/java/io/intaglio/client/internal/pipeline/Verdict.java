package io.intaglio.client.internal.pipeline;

import io.intaglio.signing.venue.Meaning;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What an answer says.
 *
 * @param kind yes, or which kind of no
 * @param meaning of the venue's code, when it is known
 * @param code the venue's code or message, empty when it gave none
 * @param retryAfter the wait that the venue asks for, null when it names none
 */
record Verdict(
        Kind kind,
        @Nullable Meaning meaning,
        String code,
        @Nullable Duration retryAfter) {
    enum Kind {
        ACCEPTED,
        THROTTLED,
        BANNED,
        REFUSED,
        UNKNOWN_OUTCOME
    }
}
