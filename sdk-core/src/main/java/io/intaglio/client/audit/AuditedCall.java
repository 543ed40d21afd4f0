package io.intaglio.client.audit;

import io.intaglio.client.NotSentException;
import io.intaglio.client.RejectedException;
import io.intaglio.client.ThrottledException;
import io.intaglio.client.VenueException;
import io.intaglio.client.VenueResponse;
import io.intaglio.client.audit.AuditRecord.Outcome;
import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.key.SigningKey;
import io.intaglio.signing.venue.Venue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * One call on its way into a log: what was decided is told to it as it happens, {@link #begin} writes the intent, {@link #ended} or
 * {@link #failed} the outcome. A {@link io.intaglio.client.VenueClient} does all of this; it is public for those who send by other ways, such as
 * a WebSocket. Used by one thread at a time.
 */
public final class AuditedCall {

    private final AuditLog log;
    private final String id;
    private final Venue venue;
    private final ApiRequest request;
    private final KeyMask mask;
    private final @Nullable SigningKey key;
    private final List<Map<String, Object>> attempts = new ArrayList<>();
    private final Map<String, Object> decisions = new LinkedHashMap<>();
    private Duration waited = Duration.ZERO;
    private boolean begun;
    private boolean failedOpen;

    AuditedCall(AuditLog log, String id, Venue venue, ApiRequest request, KeyMask mask, @Nullable SigningKey key) {
        this.log = log;
        this.id = id;
        this.venue = venue;
        this.request = request;
        this.mask = mask;
        this.key = key;
    }

    /** What the guard decided: {@code allowed}, or why not. */
    public void guard(String decision) {
        decisions.put("guard", RequestFields.cut(mask.in(decision), 200));
    }

    /** Waited so long for room in the venue's limits; adds up. */
    public void waited(Duration time) {
        waited = waited.plus(time);
    }

    /** Which limit is fullest, and how full it is. */
    public void budget(String limit, long used, long capacity) {
        decisions.put("limit", limit);
        decisions.put("limitUsed", used);
        decisions.put("limitCapacity", capacity);
    }

    /** The venue's clock minus the host's, and how far the truth can be from that, either way. */
    public void clock(Duration offset, Duration bound) {
        decisions.put("clockOffsetUs", micros(offset));
        decisions.put("clockBoundUs", micros(bound));
    }

    /**
     * Writes the intent, unless it is written. Returns when it is as safe as the log's policy demands; the first byte may be sent then.
     *
     * @throws AuditException when it could not be written and the log is set to refuse the call then
     */
    public void begin() {
        if (begun || failedOpen) {
            return;
        }
        Map<String, Object> record = record("intent");
        describe(record);
        try {
            log.append(record, true);
            begun = true;
        } catch (AuditException e) {
            if (log.refuses(venue.priorityOf(request))) {
                throw e;
            }
            failedOpen = true;
        }
    }

    /**
     * An attempt was accepted.
     *
     * @param took from the first byte to the end of the answer
     */
    public void attempted(Duration took, VenueResponse answer) {
        attempts.add(attempt(took, Outcome.ACCEPTED, answer.status()));
    }

    /**
     * An attempt failed.
     *
     * @param took from the first byte to the end of the answer, or to when none was waited for any more
     */
    public void attempted(Duration took, VenueException failure) {
        int status = failure instanceof RejectedException rejected
                ? rejected.status()
                : failure instanceof ThrottledException throttled ? throttled.status() : 0;
        attempts.add(attempt(took, outcomeOf(failure), status));
    }

    private static Map<String, Object> attempt(Duration took, Outcome result, int status) {
        Map<String, Object> attempt = new LinkedHashMap<>();
        attempt.put("us", micros(took));
        attempt.put("result", result.written());
        if (status != 0) {
            attempt.put("status", status);
        }
        return attempt;
    }

    /** Why the last attempt may be followed by another, such as {@code NOTHING_WRITTEN}. */
    public void proof(String why) {
        if (!attempts.isEmpty()) {
            attempts.get(attempts.size() - 1).put("proof", written(why));
        }
    }

    /** Writes the outcome of a call that succeeded. Where it cannot be written, an event tells and not an exception: the call has its result. */
    public void ended(VenueResponse response) {
        Map<String, Object> record =
                outcome(response.isReconciled() ? Outcome.RECONCILED : Outcome.ACCEPTED, response.elapsed());
        record.put("status", response.status());
        log.appendOrTell(record);
    }

    /** Writes the outcome of a call that failed, as {@link #ended} does. */
    public void failed(Throwable failure, Duration elapsed) {
        Outcome outcome = outcomeOf(failure);
        Map<String, Object> record = outcome(outcome, elapsed);
        if (failure instanceof VenueException known) {
            record.put("effect", written(known.effect().name()));
        } else {
            record.put("fault", failure.getClass().getName());
        }
        if (failure instanceof NotSentException notSent) {
            record.put("reason", written(notSent.reason().name()));
        } else if (failure instanceof RejectedException rejected) {
            record.put("status", rejected.status());
            record.put("code", answered(rejected.venueCode()));
            rejected.meaning().ifPresent(meaning -> record.put("meaning", written(meaning.name())));
            rejected.requestId()
                    .ifPresent(requestId -> record.put("requestId", RequestFields.cut(mask.in(requestId), 64)));
        } else if (failure instanceof ThrottledException throttled) {
            record.put("status", throttled.status());
            record.put("code", answered(throttled.venueCode()));
        }
        log.appendOrTell(record);
    }

    private static Outcome outcomeOf(Throwable failure) {
        if (failure instanceof NotSentException) {
            return Outcome.NOT_SENT;
        }
        if (failure instanceof ThrottledException) {
            return Outcome.THROTTLED;
        }
        if (failure instanceof RejectedException) {
            return Outcome.REJECTED;
        }
        return failure instanceof VenueException ? Outcome.UNANSWERED : Outcome.FAULT;
    }

    private String answered(String code) {
        return RequestFields.cut(mask.inAnswer(code), 64);
    }

    private static String written(String constant) {
        return constant.toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static long micros(Duration time) {
        return time.toNanos() / 1000;
    }

    private Map<String, Object> record(String kind) {
        Map<String, Object> record = new LinkedHashMap<>();
        record.put("kind", kind);
        record.put("at", log.now());
        record.put("call", id);
        record.put("venue", venue.name());
        record.put("method", request.method());
        record.put("path", RequestFields.cut(mask.in(request.path()), 300));
        request.clientOrderId().ifPresent(order -> record.put("order", RequestFields.cut(mask.in(order), 100)));
        return record;
    }

    private void describe(Map<String, Object> record) {
        record.put("host", request.baseUri().orElse(venue.baseUri()).getAuthority());
        record.put("fields", log.fields().of(request, mask));
        if (!mask.fingerprint().isEmpty()) {
            record.put("key", mask.fingerprint());
        }
        OptionalLong version = Optional.ofNullable(key).map(SigningKey::version).orElse(OptionalLong.empty());
        if (version.isPresent()) {
            record.put("keyVersion", version.getAsLong());
        }
        record.putAll(decisions);
        record.put("waitedUs", micros(waited));
    }

    private Map<String, Object> outcome(Outcome outcome, Duration elapsed) {
        Map<String, Object> record = record("outcome");
        record.put("outcome", outcome.written());
        if (begun) {
            record.put("waitedUs", micros(waited));
            if (decisions.containsKey("clockOffsetUs")) {
                record.put("clockOffsetUs", decisions.get("clockOffsetUs"));
            }
        } else {
            describe(record); // there is no intent that does
        }
        record.put("us", micros(elapsed));
        record.put("attempts", attempts);
        return record;
    }
}
