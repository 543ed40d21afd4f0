package io.intaglio.client.internal.pipeline;

import io.intaglio.client.VenueException;
import io.intaglio.client.VenueResponse;
import io.intaglio.client.audit.AuditException;
import io.intaglio.client.audit.AuditLog;
import io.intaglio.client.audit.AuditedCall;
import io.intaglio.client.internal.limit.ClientBudget;
import io.intaglio.client.internal.retry.Proof;
import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.Credential;
import io.intaglio.signing.time.VenueClock;
import io.intaglio.signing.venue.Venue;
import java.time.Duration;
import java.util.Comparator;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What a call tells the audit log, where there is one. Used by one thread. */
final class Trail {
    private final @Nullable AuditedCall call;

    /** @param credential that signs it, null when none does */
    Trail(@Nullable AuditLog log, Venue venue, ApiRequest request, @Nullable Credential credential) {
        this.call = log == null
                ? null
                : credential == null ? log.call(venue, request) : log.call(venue, request, credential);
    }

    /** Does the work of the call, and writes down how it ended. */
    VenueResponse of(Supplier<VenueResponse> work, Deadline deadline) {
        if (call == null) {
            return work.get();
        }
        VenueResponse response;
        try {
            response = work.get();
        } catch (RuntimeException | Error e) {
            call.failed(e, deadline.elapsed());
            throw e;
        }
        call.ended(response);
        return response;
    }

    void guard(String decision) {
        if (call != null) {
            call.guard(decision);
        }
    }

    void waited(long nanos) {
        if (call != null) {
            call.waited(Duration.ofNanos(nanos));
        }
    }

    /**
     * Before the first byte of an attempt.
     *
     * @throws AuditException when the intent could not be written, and the log is set to refuse the call then
     */
    void begin(ClientBudget budget, VenueClock clock) {
        if (call == null) {
            return;
        }
        if (clock.isSampled() || clock.trustsHost()) {
            call.clock(clock.offset(), clock.bound());
        }
        budget.standings().stream()
                .max(Comparator.comparingDouble(limit -> (double) limit.used() / limit.capacity()))
                .ifPresent(limit -> call.budget(limit.name(), limit.used(), limit.capacity()));
        call.begin();
    }

    void accepted(long nanos, VenueResponse response) {
        if (call != null) {
            call.attempted(Duration.ofNanos(nanos), response);
        }
    }

    void failed(long nanos, VenueException failure) {
        if (call != null) {
            call.attempted(Duration.ofNanos(nanos), failure);
        }
    }

    void proof(@Nullable Proof proof) {
        if (call != null && proof != null) {
            call.proof(proof.name());
        }
    }
}
