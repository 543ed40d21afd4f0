package io.intaglio.testkit;

import java.time.Duration;

/** How one venue checks, counts and answers. Its state is guarded by the lock of the house. */
abstract class VenueRules {
    private final House house;

    VenueRules(House house) {
        this.house = house;
    }

    final House house() {
        return house;
    }

    /** Whether a call needs no key. */
    abstract boolean isPublic(String path);

    /** A key of the kind the venue gives out. */
    abstract ApiKey newKey();

    /** Checks, counts, executes, answers. */
    abstract Answer handle(Call call);

    /** The venue's words for too many requests. */
    abstract Answer throttled(Call call, Duration retryAfter);

    /** The venue's words for being locked out. */
    Answer banned(Call call, Duration retryAfter) {
        return throttled(call, retryAfter);
    }

    /** Adds what every answer of the venue carries. */
    Answer finish(Call call, Answer answer) {
        return answer;
    }
}
