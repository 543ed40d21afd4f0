package io.intaglio.client.event;

import io.intaglio.client.tls.Tls;
import io.intaglio.signing.venue.Limit;
import io.intaglio.signing.venue.Meaning;
import io.intaglio.signing.venue.Purpose;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Something that a client did, on its own account or for a caller. Immutable; holds no secret and no key id. */
public sealed interface Event {

    /** Name of the venue; empty when it concerns no single one. */
    String venue();

    /** Where a venue told its time. */
    enum TimeSource {
        /** Its time endpoint. */
        TIME_ENDPOINT,
        /** The {@code Date} header of an answer (RFC 9110 section 6.6.1). */
        DATE_HEADER
    }

    /**
     * The client's notion of the venue's time was corrected.
     *
     * @param offsetBefore venue minus host, as it was taken to be
     * @param offsetAfter venue minus host, as it is taken to be from now on
     * @param bound how far the truth can be from {@code offsetAfter}, either way
     */
    record ClockCorrected(String venue, Duration offsetBefore, Duration offsetAfter, Duration bound, TimeSource source)
            implements Event {}

    /**
     * The venue told a time that was not believed; the client's clock stays as it was.
     *
     * @param offset venue minus host, as the answer has it
     * @param why for a person: what was wrong with it
     */
    record ClockRefused(String venue, Duration offset, String why, TimeSource source) implements Event {}

    /**
     * The venue told its limits, and the client keeps them from now on.
     *
     * @param capacities by the name of the limit, how much fits in
     * @param notKept limits that the venue told and that are not known here: nothing is counted against them
     */
    record LimitsRead(String venue, Map<String, Long> capacities, List<String> notKept) implements Event {
        /** Copies. */
        public LimitsRead {
            capacities = Map.copyOf(capacities);
            notKept = List.copyOf(notKept);
        }
    }

    /**
     * The audit log could not be written, forced to disk or vouched for outside. What became of the call is said by its own result.
     *
     * @param log the folder
     * @param why for a person
     */
    record AuditFailed(String venue, String log, String why) implements Event {}

    /**
     * The audit log is written again.
     *
     * @param log the folder
     * @param lost records that were not written meanwhile; the log says so too
     */
    record AuditResumed(String venue, String log, long lost) implements Event {}

    /**
     * A keystore or truststore had changed and was taken: new connections use it, and those of before are not used again.
     *
     * @param serialNumbers of the certificates that are shown from now on, in hexadecimal
     */
    record KeystoreReloaded(String venue, List<String> serialNumbers) implements Event {
        /** Copies. */
        public KeystoreReloaded {
            serialNumbers = List.copyOf(serialNumbers);
        }
    }

    /**
     * A keystore or truststore had changed and was not taken; what was read before still counts.
     *
     * @param why which file, what is wrong with it, and the next step
     */
    record KeystoreRefused(String venue, String why) implements Event {}

    /**
     * A certificate comes near its end: told at 30, 14, 7 and 1 days, and when it is past.
     *
     * @param certificate whose, and until when
     * @param days whole days that are left
     */
    record CertificateExpires(String venue, Tls.Expiry certificate, long days) implements Event {}

    /** How a call, or one attempt of it, ended. */
    enum End {
        /** The venue said yes, or a lost order was found with it. */
        ACCEPTED,
        /** The venue said no, or gave an answer that does not say. */
        REJECTED,
        /** The venue asked to wait. */
        THROTTLED,
        /** It was written, and no answer came. */
        UNANSWERED,
        /** Nothing was written. */
        NOT_SENT
    }

    /**
     * One request over the network ended. What was kept back before a connection was asked for, by the guard, the budget or the clock, is none; the
     * questions that a client asks about a lost order are.
     *
     * @param method of HTTP
     * @param server host of the venue
     * @param port of the venue
     * @param signed whether it carried proof of the key
     * @param number of the attempt within its call, from 1
     * @param status of HTTP; 0 without an answer
     * @param meaning of the venue's error code; null when there is none, or it is not known
     * @param took from the moment it was handed to the transport until its answer was read
     * @param at on the venue's clock
     */
    record AttemptEnded(
            String venue,
            String method,
            String server,
            int port,
            Purpose purpose,
            boolean signed,
            int number,
            End end,
            int status,
            @Nullable Meaning meaning,
            Duration took,
            Instant at)
            implements Event {}

    /**
     * A call of {@link io.intaglio.client.VenueClient#send} ended. One for which the client has no key is not told.
     *
     * @param method of HTTP
     * @param path without its query
     * @param clientOrderId of an order; null for other calls
     * @param isUncertain whether the venue may have acted though it did not say so
     * @param status of the last answer of HTTP; 0 without one
     * @param attempts how many times it was sent, or tried to be
     * @param took from beginning to end, waits included
     * @param waited of it, for budget
     * @param at its end, on the venue's clock
     */
    record CallEnded(
            String venue,
            String method,
            String path,
            Purpose purpose,
            @Nullable String clientOrderId,
            End end,
            boolean isUncertain,
            int status,
            int attempts,
            Duration took,
            Duration waited,
            Instant at)
            implements Event {}

    /**
     * The venue counts more than the calls of this process explain: somebody else uses the address, the key or the account. Of the address the client's
     * own questions for the time, and logging on, are such use too. Told when it is more than was told in the past period of the limit; not in the first
     * period after the start, in which calls of an earlier process may count. Less is told than is used: what could be ours is taken to be. Of an aligned
     * window of less than 5 seconds nothing is told, nor of a limit of which the venue says only what is left.
     *
     * @param limit its name
     * @param scope what the venue counts by
     * @param units in the venue's count that are not ours
     * @param capacity units that fit in
     * @param period of the limit
     * @param at on the venue's clock
     */
    record BudgetMoved(
            String venue, String limit, Limit.Scope scope, long units, long capacity, Duration period, Instant at)
            implements Event {}

    /** What {@link Detectors} look for. */
    enum Suspicion {
        /** Many refusals of the key in a short time. */
        AUTH_FAILURES,
        /** A key whose signatures were taken is refused for its signature, with no acceptance between. */
        REFUSED_AFTER_SUCCESS,
        /** Nonces are refused as used though others were taken: somebody else draws them for the key. */
        FOREIGN_NONCE,
        /** The venue's count of the key or account moves without us. */
        FOREIGN_BUDGET,
        /** This program trades or withdraws at an hour at which it never did. */
        UNUSUAL_HOUR,
        /** This program makes far more calls in an hour than it ever did. */
        UNUSUAL_VOLUME
    }

    /**
     * {@link Detectors} found what a thief of the key, or a broken set-up, looks like.
     *
     * @param why for a person: what was seen, and the next step
     * @param at on the venue's clock
     */
    record Alarm(String venue, Suspicion suspicion, String why, Instant at) implements Event {}

    /**
     * The Redis of a fleet does not answer: this process keeps to its safe share of each limit, draws no shared nonces, and goes on trying.
     *
     * @param fleet its name
     * @param why for a person
     */
    record FleetAway(String venue, String fleet, String why) implements Event {}

    /**
     * The Redis of a fleet answers again.
     *
     * @param fleet its name
     * @param away for how long it did not
     */
    record FleetBack(String venue, String fleet, Duration away) implements Event {}
}
