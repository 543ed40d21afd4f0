package io.intaglio.client.internal.pipeline;

import io.intaglio.client.NotSentException;
import io.intaglio.client.NotSentException.Reason;
import io.intaglio.client.OrderOutcome;
import io.intaglio.client.PendingOrder;
import io.intaglio.client.RejectedException;
import io.intaglio.client.Sleeper;
import io.intaglio.client.ThrottledException;
import io.intaglio.client.UnansweredException;
import io.intaglio.client.VenueException;
import io.intaglio.client.VenueException.Effect;
import io.intaglio.client.VenueResponse;
import io.intaglio.client.audit.AuditException;
import io.intaglio.client.audit.AuditLog;
import io.intaglio.client.event.Event;
import io.intaglio.client.guard.Guard;
import io.intaglio.client.internal.event.Broadcast;
import io.intaglio.client.internal.http.RawAnswer;
import io.intaglio.client.internal.http.SendFailure;
import io.intaglio.client.internal.lane.KeyRing;
import io.intaglio.client.internal.lane.Lane;
import io.intaglio.client.internal.lane.Lanes;
import io.intaglio.client.internal.lane.Turns;
import io.intaglio.client.internal.limit.ClientBudget;
import io.intaglio.client.internal.limit.Moved;
import io.intaglio.client.internal.limit.Numbers;
import io.intaglio.client.internal.limit.Ticket;
import io.intaglio.client.internal.retry.Failure;
import io.intaglio.client.internal.retry.HostBreaker;
import io.intaglio.client.internal.retry.Proof;
import io.intaglio.client.internal.retry.RetryDecisions;
import io.intaglio.client.oauth.OAuthException;
import io.intaglio.client.tls.Tls;
import io.intaglio.signing.Access;
import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.Credential;
import io.intaglio.signing.Explanation;
import io.intaglio.signing.Moment;
import io.intaglio.signing.Priority;
import io.intaglio.signing.SignedRequest;
import io.intaglio.signing.SigningException;
import io.intaglio.signing.scheme.Place;
import io.intaglio.signing.time.ClockUncertainException;
import io.intaglio.signing.time.NonceException;
import io.intaglio.signing.time.VenueClock;
import io.intaglio.signing.venue.Dedup;
import io.intaglio.signing.venue.Meaning;
import io.intaglio.signing.venue.NonceRule;
import io.intaglio.signing.venue.OrderQuery;
import io.intaglio.signing.venue.PublishedLimits;
import io.intaglio.signing.venue.Venue;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One call, from request to certain outcome, on the caller's thread. Each step takes a value and gives a different one; nothing calls back
 * upstream. A repeated attempt begins again at <em>admit</em>: with a fresh moment and signature, and the same client order id. Thread-safe.
 */
public final class Pipeline {

    /** What a pipeline is made of. */
    public record Parts(
            Venue venue,
            Tls tls,
            KeyRing keys,
            Function<Credential, ClientBudget> budgets,
            VenueClock clock,
            Guard guard,
            Exit exit,
            RetryDecisions retries,
            Sleeper sleeper,
            RandomGenerator random,
            Duration timeLimit,
            Duration answerLimit,
            Duration mostBudgetWait,
            boolean ordered,
            int connections,
            OrderLog log,
            @Nullable AuditLog audit,
            Duration clockRefresh,
            Tokens tokens,
            Broadcast events,
            Executor background) {}

    /** A call that waits for budget looks again after this long at the latest: the venue may have told of more room. */
    private static final Duration BUDGET_LOOK = Duration.ofSeconds(1);

    /** How soon a call that waits sees that the client was closed. */
    private static final Duration REST = Duration.ofSeconds(1);

    /** What must be left of a time limit for a request to be written, unless a tenth of the limit is less. */
    private static final Duration SHORTEST_ANSWER = Duration.ofMillis(50);

    /** Entries of a published list of limits that are looked at. */
    private static final int MOST_PUBLISHED = 100;

    private static final List<String> REQUEST_IDS =
            List.of("X-Request-Id", "Request-Id", "Traceid", "X-Mbx-Uuid", "X-Trace-Id", "X-Amzn-RequestId", "CF-Ray");

    private final Parts parts;
    private final Venue venue;
    private final AnswerReader reader;
    private final ClockKeeper clockKeeper;
    private final TlsKeeper tlsKeeper;
    private final HostBreaker breaker;
    private final ReadShare reads;
    private final Turns connections;
    /** Calls that place an order now, by client order id, with what {@link #confirm} was told of them. */
    private final ConcurrentMap<String, Optional<VenueResponse>> running = new ConcurrentHashMap<>();

    /** Opens no connection yet. */
    public Pipeline(Parts parts) {
        this.parts = parts;
        this.venue = parts.venue();
        this.reader = new AnswerReader(venue);
        this.breaker = new HostBreaker(parts.clock()::ticks);
        this.reads = new ReadShare(parts.connections());
        this.connections = new Turns(parts.connections());
        this.tlsKeeper = new TlsKeeper(
                venue.name(), parts.tls(), parts.exit(), parts.clock(), parts.events(), parts.background());
        this.clockKeeper = new ClockKeeper(
                venue,
                parts.clock(),
                new TimeQuestion(venue, parts.clock(), parts.exit()),
                parts.events(),
                parts.background(),
                parts.clockRefresh(),
                parts.answerLimit());
    }

    /** Makes the call. */
    public VenueResponse send(ApiRequest asked) {
        return send(asked, 0);
    }

    /** What becomes of a queued call that no thread takes any more. */
    public NotSentException closed(ApiRequest asked) {
        return new NotSentException(
                new VenueException.Call(venue.name(), clientOrderId(asked), 0),
                Reason.CLOSED,
                asked + " was not sent to " + venue + ": the client was closed while it waited for a thread",
                null);
    }

    /** The call, to be made on another thread; its time limit runs from now on. */
    public Supplier<VenueResponse> queued(ApiRequest asked) {
        long since = parts.clock().ticks();
        return () -> send(asked, parts.clock().ticks() - since);
    }

    private VenueResponse send(ApiRequest asked, long queuedNanos) {
        CallId.begin();
        try {
            return sent(asked, queuedNanos);
        } finally {
            CallId.end();
        }
    }

    private VenueResponse sent(ApiRequest asked, long queuedNanos) {
        ApiRequest request = identified(addressed(asked));
        Lanes lanes = parts.keys().forCall(request).orElse(null);
        if (lanes == null) {
            return withoutKey(request);
        }
        Duration limit = asked.timeLimit().orElse(parts.timeLimit());
        boolean isLate = limit.compareTo(Duration.ofNanos(queuedNanos)) <= 0;
        // a person may be asked, so the time limit goes on after it
        Optional<String> refusal = isLate ? Optional.empty() : parts.guard().refusal(request);
        Deadline deadline = new Deadline(parts.clock()::ticks, limit, queuedNanos);
        tlsKeeper.lookWhenDue();
        Lane lane = lanes.take();
        try {
            Run run = new Run(
                    request,
                    clientOrderId(request),
                    deadline,
                    lane,
                    venue.isOrder(request) || venue.isWithdrawal(request));
            return run.telling.of(
                    () -> run.trail.of(() -> isLate ? run.late() : run.guarded(refusal), deadline),
                    run.clientOrderId,
                    deadline);
        } catch (VenueException e) {
            if (e.effect() == Effect.NONE && refusal.isEmpty() && !isLate) {
                parts.guard().notExecuted(request);
            }
            throw e;
        } finally {
            lanes.giveBack(lane);
        }
    }

    private Lanes keysFor(ApiRequest request) {
        return parts.keys().forCall(request).orElseThrow(() -> noKey(request));
    }

    private NotSentException noKey(ApiRequest request) {
        return new NotSentException(
                new VenueException.Call(venue.name(), clientOrderId(request), 0),
                Reason.GUARD,
                "none of the keys of this client is for " + request + ", which counts as " + venue.purposeOf(request)
                        + "; give one by credential(Purpose, ..)",
                null);
    }

    /** Fails, on record and told as any other call. */
    private VenueResponse withoutKey(ApiRequest request) {
        Deadline deadline = new Deadline(parts.clock()::ticks, parts.timeLimit());
        Trail trail = new Trail(parts.audit(), venue, request, null);
        trail.guard("no key of this client is for " + venue.purposeOf(request));
        return new Telling(parts.events(), venue, parts.clock(), request, true)
                .of(
                        () -> trail.of(
                                () -> {
                                    throw noKey(request);
                                },
                                deadline),
                        clientOrderId(request),
                        deadline);
    }

    /** Asks what became of an order that may have been sent just now. */
    public OrderOutcome reconcile(ApiRequest order, String clientOrderId, Duration limit) {
        List<ApiRequest> questions = venue.orderQuery()
                .map(query -> query.about(order, clientOrderId))
                .orElse(List.of());
        return reconcile(
                new PendingOrder(clientOrderId, venue.name(), parts.clock().now(), acceptedFor(order), questions),
                limit);
    }

    /** Asks what became of an order until it is certain or the limit has passed. */
    public OrderOutcome reconcile(PendingOrder order, Duration limit) {
        CallId.begin();
        try {
            return reconciled(order, limit);
        } finally {
            CallId.end();
        }
    }

    private OrderOutcome reconciled(PendingOrder order, Duration limit) {
        OrderQuery query = venue.orderQuery()
                .orElseThrow(() -> new UnsupportedOperationException(
                        "how to ask " + venue + " about an order is not known; look the order up by hand"));
        Deadline deadline = new Deadline(parts.clock()::ticks, limit);
        Lanes lanes = parts.keys().forOrders();
        Lane lane = lanes.take();
        try {
            OrderOutcome outcome = new Reconciler(query, parts.clock(), this::rest)
                    .find(
                            order,
                            parts.ordered() && lanes.isSingle(),
                            deadline,
                            question -> ask(question, deadline, lane),
                            () -> null);
            if (outcome.state() != OrderOutcome.State.UNKNOWN) {
                parts.log().end(order.clientOrderId(), outcome.state().name());
            }
            return outcome;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new OrderOutcome(OrderOutcome.State.UNKNOWN, order.clientOrderId(), null);
        } finally {
            lanes.giveBack(lane);
        }
    }

    /** One question about an order, not repeated: whoever asks asks again. */
    private VenueResponse ask(ApiRequest question, Deadline deadline, Lane lane) {
        ApiRequest request = addressed(question).priority(Priority.ORDER);
        Run run = new Run(request, null, new Deadline(parts.clock()::ticks, deadline.left()), lane, true);
        return run.trail.of(run::once, run.deadline);
    }

    /** A venue's stream told that it has the order: a call that is placing it sends nothing more and ends with this. */
    public void confirm(String clientOrderId, VenueResponse told) {
        running.computeIfPresent(clientOrderId, (id, before) -> Optional.of(told));
        parts.log().end(clientOrderId, "CONFIRMED");
    }

    /** How long after its timestamp the venue takes a request. */
    private @Nullable Duration acceptedFor(ApiRequest request) {
        Duration past = venue.window().map(Venue.Window::past).orElse(null);
        String asked = request.attributes()
                .getOrDefault("recvWindow", request.value("recvWindow").orElse(""));
        if (past == null || asked.isEmpty()) {
            return past;
        }
        try {
            Duration wanted =
                    Duration.ofNanos(new BigDecimal(asked).movePointRight(6).longValue());
            return wanted.compareTo(past) > 0 ? wanted : past;
        } catch (NumberFormatException e) {
            return past;
        }
    }

    /** Asks the venue for its limits, and keeps what it tells. */
    public void readLimits() {
        PublishedLimits published = venue.publishedLimits()
                .orElseThrow(() -> new UnsupportedOperationException(
                        "how to ask " + venue + " for its limits is not known; set them with Venue.withLimits(..)"));
        VenueResponse response = send(published.question());
        ClientBudget budget =
                parts.budgets().apply(keysFor(published.question()).first().credential());
        Map<String, Long> kept = new LinkedHashMap<>();
        List<String> notKept = new ArrayList<>();
        for (int i = 0; i < MOST_PUBLISHED; i++) {
            String entry = published.listAt() + '/' + i + '/';
            StringJoiner kind = new StringJoiner(" ");
            published.kindFields().forEach(field -> response.at(entry + field).ifPresent(kind::add));
            if (kind.length() == 0) {
                break;
            }
            String told = response.at(entry + published.capacityField()).orElse("no number");
            long capacity = Numbers.whole(told);
            String name = published.names().get(kind.toString());
            if (name == null || capacity < 1) {
                notKept.add(kind + ": " + told);
            } else {
                budget.published(name, capacity);
                kept.put(name, capacity);
            }
        }
        if (kept.isEmpty()) {
            throw new IllegalStateException(venue + " answered " + published.question() + " without a limit at "
                    + published.listAt() + " that is known here; the limits stay as they were");
        }
        parts.events().tell(new Event.LimitsRead(venue.name(), kept, notKept));
    }

    /** What {@link #send} would sign now, part by part. Sends nothing; takes a nonce, which leaves a gap. */
    public Explanation explain(ApiRequest asked) {
        ApiRequest request = identified(addressed(asked));
        Lane lane = keysFor(request).first();
        return venue.scheme()
                .explain(
                        request,
                        parts.tokens().of(lane) == null ? lane.credential() : CallToken.shown(lane.credential()),
                        moment(parts.clock().now(), lane));
    }

    private ApiRequest addressed(ApiRequest request) {
        return request.baseUri().isPresent() ? request : request.baseUri(venue.baseUri());
    }

    /** Gives an order its client order id, before anything is signed and the same for all attempts. */
    private ApiRequest identified(ApiRequest request) {
        Place place = venue.clientOrderId().orElse(null);
        if (place == null || !venue.isOrder(request)) {
            return request;
        }
        Optional<String> placed = place.valueIn(request);
        if (placed.isPresent()) {
            return request.clientOrderId(placed.get());
        }
        String id = request.clientOrderId().orElseGet(() -> venue.orderIdForm().next(parts.random()));
        return place.put(request, id).clientOrderId(id);
    }

    private @Nullable String clientOrderId(ApiRequest request) {
        return venue.isOrder(request) ? request.clientOrderId().orElse(null) : null;
    }

    private Moment moment(Instant now, Lane lane) {
        return venue.nonceRule() == NonceRule.NONE
                ? Moment.at(now)
                : Moment.of(now, lane.nonces().next(now));
    }

    /** Refused before it was executed, and perhaps for its time, whatever the answer calls it (RFC 9110 section 15.5). */
    private static boolean mayBeForTime(RawAnswer answer, @Nullable Meaning meaning) {
        boolean unsaid = meaning == null || meaning == Meaning.BAD_SIGNATURE || meaning == Meaning.BAD_KEY;
        int status = answer.status();
        return unsaid && (status == 400 || status == 401 || status == 403);
    }

    /** Ends when the client is closed, too: whoever rests looks then whether it is. */
    private void rest(Duration wait) throws InterruptedException {
        Duration left = wait;
        while (left.compareTo(REST) > 0 && !parts.exit().isClosed()) {
            parts.sleeper().sleep(REST);
            left = left.minus(REST);
        }
        if (!parts.exit().isClosed()) {
            parts.sleeper().sleep(left);
        }
    }

    private static Reason reasonOf(SendFailure unwritten) {
        return switch (unwritten.stage()) {
            case PROXY -> Reason.PROXY;
            case TLS -> Reason.TLS;
            case INTERRUPTED -> Reason.INTERRUPTED;
            case CLOSED -> Reason.CLOSED;
            default -> Reason.CONNECT;
        };
    }

    /**
     * Opens connections to the venue, and sends nothing over them.
     *
     * @throws NotSentException when one cannot be opened
     */
    public void warmUp(int connections) {
        try {
            parts.exit().warmUp(parts.venue().baseUri(), connections, parts.timeLimit(), parts.background());
        } catch (SendFailure e) {
            throw new NotSentException(
                    new VenueException.Call(parts.venue().name(), null, 1),
                    reasonOf(e),
                    "connections to " + parts.venue() + " were not opened ahead: " + e.getMessage(),
                    e);
        }
    }

    /** An attempt that was written, with the ticks at which it was stamped, handed to the transport and answered. */
    private record Sent(SignedRequest signed, Moment moment, long stampedTicks, long sentTicks, long receivedTicks) {}

    /** What came of an attempt. */
    private sealed interface Outcome permits Yes, No {}

    private record Yes(VenueResponse response) implements Outcome {}

    private record No(Failure failure) implements Outcome {}

    /** The state of one call. */
    private final class Run {
        private final ApiRequest request;
        private final @Nullable String clientOrderId;
        private final Deadline deadline;
        private final Lane lane;
        private final ClientBudget budget;
        private final Priority priority;
        private final boolean isSigned;
        private final Trail trail;
        private final Telling telling;
        private final boolean isOfWeight;
        private final CallToken token;
        private Ticket ticket;
        private int attempts;
        private boolean isLetThrough;
        private Instant lastStamp = Instant.MIN;
        private long sentTicks;
        private boolean clockCorrected;
        /** Of an attempt that may have acted, repeated since the venue takes its id once. */
        private @Nullable VenueException unknown;

        private boolean holdsConnection;
        private boolean nonceRenewed;
        /** What the log has of this order from this call, and whether no other call may have placed one of the same id. */
        private @Nullable PendingOrder noted;

        private boolean isOnlyCopy = true;
        /** Of the last attempt, to be told once nothing is held any more. */
        private long took;

        private List<Moved> moved = List.of();

        Run(ApiRequest request, @Nullable String clientOrderId, Deadline deadline, Lane lane, boolean isOfWeight) {
            this.request = request;
            this.clientOrderId = clientOrderId;
            this.deadline = deadline;
            this.lane = lane;
            this.isOfWeight = isOfWeight;
            this.budget = parts.budgets().apply(lane.credential());
            this.priority = venue.priorityOf(request);
            this.ticket = budget.ticket(request, priority);
            Access access = venue.scheme().accessOf(request);
            this.isSigned = access == Access.SIGNED;
            this.token = new CallToken(
                    access == Access.PUBLIC ? null : parts.tokens().of(lane));
            this.trail = new Trail(parts.audit(), venue, request, lane.credential());
            this.telling = new Telling(parts.events(), venue, parts.clock(), request, access != Access.PUBLIC);
        }

        VenueResponse guarded(Optional<String> refusal) {
            trail.guard(refusal.orElse("allowed"));
            if (refusal.isPresent()) {
                throw notSent(Reason.GUARD, "the guard refused " + request + ": " + refusal.get(), null);
            }
            return untilDone();
        }

        /** Its time limit passed before a thread took it, so nobody is asked whether it may go. */
        VenueResponse late() {
            trail.guard("not asked");
            throw tooLate();
        }

        private NotSentException tooLate() {
            return notSent(
                    Reason.TIME_LIMIT,
                    "the time limit of " + shown(deadline.limit()) + " passed before " + request + " was sent",
                    null);
        }

        VenueResponse untilDone() {
            String id = clientOrderId;
            if (id == null) {
                return untilCertain();
            }
            boolean isFirst = running.putIfAbsent(id, Optional.empty()) == null;
            try {
                VenueResponse response = untilCertain();
                parts.log().end(id, "ACCEPTED");
                return response;
            } catch (VenueException e) {
                VenueResponse told = isToBeAsked(e) ? confirmed() : null;
                if (told != null) {
                    return told.asReconciled(id, attempts, deadline.elapsed());
                }
                if (e.effect() == Effect.NONE && noted != null && isOnlyCopy) {
                    parts.log().notExecuted(noted);
                }
                throw e;
            } finally {
                if (isFirst) {
                    running.remove(id);
                }
            }
        }

        private VenueResponse untilCertain() {
            RetryDecisions.Session decisions = parts.retries().begin();
            while (true) {
                Outcome outcome = repeated();
                if (outcome instanceof Yes yes) {
                    decisions.succeeded();
                    clockKeeper.refreshWhenDue();
                    return yes.response();
                }
                Failure failure = ((No) outcome).failure();
                if (clientOrderId != null && failure.proof() == null && isToBeAsked(failure.exception())) {
                    OrderOutcome order = reconciled(clientOrderId);
                    if (order.state() == OrderOutcome.State.PRESENT) {
                        decisions.succeeded();
                        return order.answer().orElseThrow().asReconciled(clientOrderId, attempts, deadline.elapsed());
                    }
                    if (order.state() == OrderOutcome.State.UNKNOWN) {
                        throw failure.exception();
                    }
                    failure = absent(failure);
                    unknown = null;
                    isOnlyCopy = true; // no earlier one is there either
                } else if (failure.proof() == Proof.DEDUPLICATED && unknown == null) {
                    unknown = failure.exception();
                }
                trail.proof(failure.proof());
                VenueException last = failure.exception();
                Duration wait = decisions.after(failure).orElseThrow(() -> knownTo(last));
                if (!deadline.allows(wait)) {
                    throw knownTo(last);
                }
                telling.waiting();
                pause(wait, unknown == null ? last : unknown);
                telling.waitedToRetry();
                VenueResponse told = confirmed();
                if (told != null) {
                    return told.asReconciled(Objects.requireNonNull(clientOrderId), attempts, deadline.elapsed());
                }
            }
        }

        private Outcome repeated() {
            try {
                return tryOnce();
            } catch (VenueException e) {
                throw knownTo(e);
            }
        }

        /** What the call ends with: that a later attempt had no effect says nothing of an earlier one whose answer was lost. */
        private VenueException knownTo(VenueException end) {
            VenueException lost = unknown;
            if (lost == null || end.effect() == Effect.UNKNOWN) {
                return end;
            }
            lost.addSuppressed(end);
            return lost;
        }

        /** Not when the venue knows the id already: only the caller can tell an order of before from a copy of this one. */
        private static boolean isToBeAsked(VenueException exception) {
            return exception.effect() == Effect.UNKNOWN
                    && !(exception instanceof RejectedException refusal
                            && refusal.meaning().orElse(null) == Meaning.DUPLICATE);
        }

        /** One attempt, and the reason why it failed. */
        VenueResponse once() {
            Outcome outcome = tryOnce();
            if (outcome instanceof Yes yes) {
                return yes.response();
            }
            throw ((No) outcome).failure().exception();
        }

        private Outcome tryOnce() {
            admit();
            attempts++;
            try {
                isLetThrough = breaker.lets();
                if (!isLetThrough && priority != Priority.RISK_REDUCING) {
                    attempts--;
                    throw notSent(
                            Reason.BREAKER,
                            request + " was not sent: " + venue
                                    + " has not answered most of the last calls, so it is left alone for up to "
                                    + shown(HostBreaker.OPEN) + "; try again then",
                            null);
                }
                return attempt();
            } finally {
                if (isLetThrough) {
                    breaker.unused();
                }
                ticket.unsent(); // does nothing when the attempt has come to its end
            }
        }

        /** What the attempt says of the host; null when it got an answer. */
        private void learn(@Nullable Throwable fault) {
            if (isLetThrough) {
                isLetThrough = false;
                if (fault == null) {
                    breaker.answered();
                } else {
                    breaker.failed(fault);
                }
            }
        }

        private @Nullable VenueResponse confirmed() {
            String id = clientOrderId;
            return id == null
                    ? null
                    : running.getOrDefault(id, Optional.empty()).orElse(null);
        }

        private OrderOutcome reconciled(String id) {
            OrderQuery query = venue.orderQuery().orElse(null);
            if (query == null) {
                return new OrderOutcome(OrderOutcome.State.UNKNOWN, id, null);
            }
            try {
                return new Reconciler(query, parts.clock(), Pipeline.this::rest)
                        .find(
                                new PendingOrder(
                                        id, venue.name(), lastStamp, acceptedFor(request), query.about(request, id)),
                                parts.ordered(),
                                deadline,
                                question -> ask(question, deadline, lane),
                                this::confirmed);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return new OrderOutcome(OrderOutcome.State.UNKNOWN, id, null);
            }
        }

        /**
         * Not placed again where it may have been accepted and cancelled: whoever cancelled it, by a stop of everything say, meant it. Nor where the venue
         * has answered in words of its own, such as that its deadline has passed; a refused nonce is no such word, for the next attempt draws another.
         */
        private Failure absent(Failure lost) {
            boolean isAnswered = lost.exception() instanceof RejectedException refusal
                    && refusal.status() < 500
                    && refusal.status() != 408
                    && refusal.meaning().orElse(null) != Meaning.BAD_NONCE;
            boolean mayBeCancelled =
                    venue.orderQuery().map(OrderQuery::forgetsCancelled).orElse(false);
            NotSentException exception = notSent(
                    Reason.ABSENT,
                    venue + " does not know order " + clientOrderId
                            + " at a time when it would, and takes it no more: it was not executed, "
                            + (mayBeCancelled
                                    ? "but may have been accepted and cancelled; place it again if you still want it"
                                    : "and can be placed again")
                            + ". Before that: " + lost.exception().getMessage(),
                    lost.exception());
            return new Failure(exception, mayBeCancelled || isAnswered ? null : Proof.RECONCILED, null);
        }

        /** Waits until the budget has room for the call, and takes it. */
        private void admit() {
            long asked = parts.clock().ticks();
            boolean isAdmitted = false;
            telling.waiting();
            try {
                checkIsOpen();
                Deadline patience = new Deadline(parts.clock()::ticks, parts.mostBudgetWait());
                long wait;
                while ((wait = ticket.poll()) != 0) {
                    if (wait == Long.MAX_VALUE) {
                        throw notSent(
                                Reason.BUDGET, venue + " " + ticket.reason() + ": " + request + " can never go", null);
                    }
                    Duration left = min(deadline.left(), patience.left());
                    if (left.toNanos() <= wait) {
                        throw notSent(
                                Reason.BUDGET,
                                venue + " " + ticket.reason() + "; there is room for " + request + " in "
                                        + shown(Duration.ofNanos(wait)) + " at the earliest, and " + shown(left)
                                        + " are left to wait; send it later or give the call a longer time limit",
                                null);
                    }
                    pause(
                            min(Duration.ofNanos(wait), BUDGET_LOOK),
                            notSent(Reason.INTERRUPTED, "interrupted while waiting to send " + request, null));
                    checkIsOpen();
                }
                if (deadline.left().isZero()) {
                    throw tooLate();
                }
                isAdmitted = true;
            } finally {
                if (!isAdmitted) {
                    ticket.leave();
                }
                long waited = parts.clock().ticks() - asked;
                trail.waited(waited);
                telling.waitedForLimits(waited);
            }
        }

        private static Duration min(Duration a, Duration b) {
            return a.compareTo(b) < 0 ? a : b;
        }

        private void pause(Duration wait, VenueException whenInterrupted) {
            try {
                rest(wait);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw whenInterrupted;
            }
        }

        private Outcome attempt() {
            Outcome outcome;
            while ((outcome = priority == Priority.READ ? amongReads() : inTurn()) == null) {
                ticket.unsent();
                admit();
            }
            tell(outcome);
            return outcome;
        }

        /** Holding neither connection, turn nor lane, so that whoever hears of an answer may call again. */
        private void tell(Outcome outcome) {
            telling.moved(moved);
            if (outcome instanceof Yes yes) {
                telling.accepted(attempts, took, yes.response());
            } else {
                telling.failed(attempts, took, ((No) outcome).failure().exception());
            }
        }

        private @Nullable Outcome amongReads() {
            enterReads();
            try {
                return inTurn();
            } finally {
                reads.leave();
            }
        }

        private @Nullable Outcome inTurn() {
            if (!isSigned) {
                return onConnection();
            }
            enterLane();
            try {
                return onConnection();
            } finally {
                lane.leave();
            }
        }

        /** Waits for a connection before the request is stamped, so that no timestamp grows old in the queue and a cancel goes past orders. */
        private @Nullable Outcome onConnection() {
            takeToken(); // which may have to be fetched, and that needs no turn
            enterConnections();
            holdsConnection = true;
            try {
                checkIsWorthSending();
                return unlessOverruled();
            } finally {
                leaveConnections();
            }
        }

        /** As soon as the answer is read. */
        private void leaveConnections() {
            if (holdsConnection) {
                holdsConnection = false;
                connections.end();
            }
        }

        private void checkIsOpen() {
            if (parts.exit().isClosed()) {
                throw notSent(Reason.CLOSED, request + " was not sent to " + venue + ": the client is closed", null);
            }
        }

        /** A request that is written with no time left for its answer can only become an order of which nobody knows. */
        private void checkIsWorthSending() {
            checkIsOpen();
            Duration left = deadline.left();
            if (left.isZero()) {
                throw tooLate();
            }
            // a cancel is worth sending all the same
            boolean isTooShort =
                    left.compareTo(min(SHORTEST_ANSWER, deadline.limit().dividedBy(10))) < 0;
            if (isTooShort && !isCancel()) {
                throw notSent(
                        Reason.TIME_LIMIT,
                        request + " was not sent to " + venue + ": of its time limit of " + shown(deadline.limit())
                                + " only " + shown(left)
                                + " are left, too little for an answer; allow more connections or a longer time limit",
                        null);
            }
        }

        private void takeToken() {
            try {
                parts.exit().check(request);
                token.take(deadline.left());
            } catch (Exit.Held e) {
                throw held(e);
            } catch (OAuthException e) {
                throw notSent(reason(e.reason()), request + " was not sent to " + venue + ": " + e.getMessage(), e);
            }
        }

        /** Null, and nothing is sent, when the venue has asked everyone to wait while this call waited for its turn. */
        private @Nullable Outcome unlessOverruled() {
            return ticket.isOverruled() ? null : recorded();
        }

        private void enterReads() {
            telling.waiting();
            try {
                if (!reads.enter(deadline.left())) {
                    throw notSent(
                            Reason.TIME_LIMIT,
                            "reads may hold most of the " + parts.connections() + " connections to " + venue
                                    + ", and none of them came free for " + request + " within "
                                    + shown(deadline.limit()) + "; allow more connections or a longer time limit",
                            null);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw notSent(Reason.INTERRUPTED, "interrupted while waiting to send " + request, e);
            } finally {
                telling.waitedForTurn();
            }
        }

        private void enterConnections() {
            telling.waiting();
            try {
                if (!connections.begin(priority, deadline.left())) {
                    throw notSent(
                            Reason.TIME_LIMIT,
                            "every connection to " + venue + " was in use (maxConnections is " + parts.connections()
                                    + "), and none came free for " + request + " within " + shown(deadline.limit())
                                    + "; allow more connections or a longer time limit",
                            null);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw notSent(Reason.INTERRUPTED, "interrupted while waiting to send " + request, e);
            } finally {
                telling.waitedForConnection();
            }
        }

        /** Held from nonce to answer, so that requests of a key arrive in the order of their nonces. */
        private void enterLane() {
            telling.waiting();
            try {
                if (!lane.enter(priority, deadline.left()) || !lane.enterAmongProcesses(deadline.left())) {
                    throw notSent(
                            Reason.TIME_LIMIT,
                            "requests of this key go to " + venue + " in order, and the turn of " + request
                                    + " did not come within " + shown(deadline.limit())
                                    + "; use more keys or a longer time limit",
                            null);
                }
            } catch (NonceException e) {
                throw noNonce(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw notSent(Reason.INTERRUPTED, "interrupted while waiting to send " + request, e);
            } finally {
                telling.waitedForTurn();
            }
        }

        private Outcome recorded() {
            moved = List.of();
            Outcome outcome = exchange();
            took = parts.clock().ticks() - sentTicks;
            if (outcome instanceof Yes yes) {
                trail.accepted(took, yes.response());
            } else {
                trail.failed(took, ((No) outcome).failure().exception());
            }
            return outcome;
        }

        private Outcome exchange() {
            SignedRequest signed;
            Moment moment;
            long stampedTicks;
            try {
                parts.exit().check(request);
                Instant now = isSigned
                        ? clockKeeper.stamp(deadline.left())
                        : parts.clock().now();
                stampedTicks = parts.clock().ticks();
                moment = isSigned ? moment(now, lane) : Moment.at(now);
                signed = token.sign(venue.scheme(), request, lane.credential(), moment, deadline.left());
            } catch (Exit.Held e) {
                throw held(e);
            } catch (ClockUncertainException e) {
                throw notSent(Reason.CLOCK, request + " was not sent to " + venue + ": " + e.getMessage(), e);
            } catch (NonceException e) {
                throw noNonce(e);
            } catch (OAuthException e) {
                throw notSent(reason(e.reason()), request + " was not sent to " + venue + ": " + e.getMessage(), e);
            } catch (SigningException e) {
                throw notSent(Reason.SIGNING, e.getMessage() == null ? "cannot sign " + request : e.getMessage(), e);
            }
            lastStamp = moment.timestamp();
            writeDown();
            try {
                trail.begin(budget, parts.clock());
            } catch (AuditException e) {
                throw notSent(Reason.AUDIT, request + " was not sent to " + venue + ": " + e.getMessage(), e);
            }
            checkIsWorthSending(); // the clock, a far key or a slow disk may have taken the time
            sentTicks = parts.clock().ticks();
            telling.sending();
            RawAnswer answer;
            try {
                answer = parts.exit().send(request, signed, deadline.left(), parts.answerLimit());
            } catch (Exit.Held e) {
                throw held(e);
            } catch (SendFailure e) {
                if (e.written()) {
                    ticket.lost();
                }
                if (e.stage() != SendFailure.Stage.INTERRUPTED && e.stage() != SendFailure.Stage.CLOSED) {
                    learn(e);
                }
                return new No(unanswered(e));
            } finally {
                leaveConnections();
            }
            long receivedTicks = parts.clock().ticks();
            if (answer.status() != 401) { // else when it is looked at why
                token.learn(signed, answer);
            }
            Verdict verdict =
                    reader.read(request, answer, isOfWeight, parts.clock().now());
            moved = ticket.answered(verdict.kind() == Verdict.Kind.ACCEPTED, verdict.code(), answer::header);
            if (verdict.kind() == Verdict.Kind.ACCEPTED) {
                learn(null);
                VenueResponse response = new VenueResponse(
                        answer.status(), answer.headers(), answer.body(), clientOrderId, attempts, deadline.elapsed());
                tellOrders(response);
                return new Yes(response);
            }
            Failure failure =
                    refused(answer, verdict, new Sent(signed, moment, stampedTicks, sentTicks, receivedTicks));
            learn(verdict.kind() == Verdict.Kind.UNKNOWN_OUTCOME ? failure.exception() : null);
            return new No(failure);
        }

        /** Where the cost of later calls depends on the age of orders. */
        private void tellOrders(VenueResponse response) {
            if (!budget.isByAge()) {
                return;
            }
            if (venue.isOrder(request)) {
                List<String> ids = new ArrayList<>();
                request.clientOrderId().ifPresent(ids::add);
                venue.orderIdPointer().flatMap(response::at).ifPresent(ids::add);
                budget.placed(request, ids);
            } else if (!isCancel()) {
                budget.changed(request);
            }
        }

        /** Before the first byte: how to ask for the order, should nothing more be known of it. */
        @SuppressWarnings("ReferenceEquality") // two copies of an order may be equal
        private void writeDown() {
            String id = clientOrderId;
            if (id == null || parts.log() == OrderLog.NONE) {
                return;
            }
            List<ApiRequest> questions =
                    venue.orderQuery().map(query -> query.about(request, id)).orElse(List.of());
            PendingOrder order = new PendingOrder(id, venue.name(), lastStamp, acceptedFor(request), questions);
            try {
                PendingOrder before = parts.log().begin(order);
                isOnlyCopy &= before == noted; // the one of an attempt before, if any
                noted = order;
            } catch (UncheckedIOException e) {
                throw notSent(Reason.JOURNAL, request + " was not sent to " + venue + ": " + e.getMessage(), e);
            }
        }

        /** Not for want of one when the thread was interrupted while it waited for it. */
        private NotSentException noNonce(NonceException e) {
            Reason reason = Thread.currentThread().isInterrupted() ? Reason.INTERRUPTED : Reason.NONCE;
            return notSent(reason, request + " was not sent to " + venue + ": " + e.getMessage(), e);
        }

        private NotSentException held(Exit.Held e) {
            return notSent(e.isDryRun() ? Reason.DRY_RUN : Reason.GUARD, String.valueOf(e.getMessage()), null);
        }

        private Failure unanswered(SendFailure e) {
            String what = e.getMessage();
            if (!e.written()) {
                Reason reason = reasonOf(e);
                Proof proof = reason == Reason.CONNECT ? Proof.NOTHING_WRITTEN : null;
                return new Failure(
                        notSent(reason, request + " was not sent to " + venue + ": " + what, e), proof, null);
            }
            String next = clientOrderId != null
                    ? "; it may have been placed: ask the venue for client order id " + clientOrderId
                    : isRead()
                            ? "; it only reads, so it can be asked again"
                            : "; it may have been executed: ask the venue";
            UnansweredException exception =
                    new UnansweredException(call(), request + " was sent to " + venue + ", but " + what + next, e);
            boolean mayRepeat = e.stage() == SendFailure.Stage.EXCHANGE;
            return new Failure(exception, mayRepeat ? proofOfRepeat() : null, null);
        }

        private static Reason reason(OAuthException.Reason reason) {
            return switch (reason) {
                case UNREACHABLE -> Reason.CONNECT;
                case TIME_LIMIT -> Reason.TIME_LIMIT;
                case INTERRUPTED -> Reason.INTERRUPTED;
                case REFUSED, MALFORMED, NOT_KEPT -> Reason.TOKEN;
            };
        }

        private Failure refused(RawAnswer answer, Verdict read, Sent sent) {
            Verdict verdict = mayBeForTime(answer, read.meaning())
                            && clockKeeper.isSkewByDate(answer, sent.moment().timestamp())
                    ? new Verdict(read.kind(), Meaning.CLOCK_SKEW, read.code(), read.retryAfter())
                    : read;
            int status = answer.status();
            String said = said(answer, verdict, sent.signed());
            switch (verdict.kind()) {
                case THROTTLED, BANNED -> {
                    boolean banned = verdict.kind() == Verdict.Kind.BANNED;
                    Duration told = verdict.retryAfter();
                    Duration closed = ticket.refused(verdict.code(), banned, told);
                    String message =
                            venue + (banned ? " has locked us out" : " refused " + request + " for too many requests")
                                    + ", " + said + (told == null ? "; nobody sends for " : " and asks to wait ")
                                    + shown(closed)
                                    + "; it was not executed";
                    ThrottledException exception =
                            new ThrottledException(call(), status, verdict.code(), banned, closed, message);
                    return new Failure(exception, Proof.THROTTLED, closed);
                }
                case UNKNOWN_OUTCOME -> {
                    String next = clientOrderId == null ? "" : "; ask the venue for client order id " + clientOrderId;
                    String message = venue + " answered " + request + " with " + said
                            + ", which does not say whether it was executed" + next;
                    return new Failure(rejected(Effect.UNKNOWN, answer, verdict, message), proofOfRepeat(), null);
                }
                default -> {
                    boolean mayHaveActed = mayHaveActedBefore(verdict.meaning());
                    boolean again = verdict.meaning() == Meaning.CLOCK_SKEW && clockIsCorrected(answer, sent)
                            || verdict.meaning() == Meaning.BAD_NONCE && !mayHaveActed && nonceIsRenewed()
                            || token.isMended(sent.signed(), answer, verdict.meaning());
                    String message = venue + " refused " + request + ", " + said + advice(verdict.meaning(), sent);
                    RejectedException exception =
                            rejected(mayHaveActed ? Effect.UNKNOWN : Effect.NONE, answer, verdict, message);
                    return new Failure(exception, again ? Proof.NOT_EXECUTED : null, again ? Duration.ZERO : null);
                }
            }
        }

        /** Once a call: a second refusal for skew means that the clock is not the fault. */
        private boolean clockIsCorrected(RawAnswer answer, Sent sent) {
            if (clockCorrected) {
                return false;
            }
            clockCorrected = true;
            return clockKeeper.correct(answer, sent.sentTicks(), sent.receivedTicks(), deadline.left());
        }

        /**
         * The venue has seen this nonce or this client order id. Should something on the way have repeated the request, then it was an earlier copy that
         * used them, and that one was executed. Reads and cancels may be executed twice.
         */
        private boolean mayHaveActedBefore(@Nullable Meaning meaning) {
            return (meaning == Meaning.BAD_NONCE || meaning == Meaning.DUPLICATE) && !isRead() && !isCancel();
        }

        /** By the venue's rules: an order stays an order, whatever priority the caller asks for. */
        private boolean isCancel() {
            return venue.isRiskReducing(request) && !venue.isOrder(request);
        }

        /** Once a call: the next attempt draws a higher nonce. */
        private boolean nonceIsRenewed() {
            boolean again = !nonceRenewed;
            nonceRenewed = true;
            return again;
        }

        private boolean isRead() {
            return venue.isRead(request);
        }

        private @Nullable Proof proofOfRepeat() {
            if (isRead()) {
                return Proof.READ_ONLY;
            }
            return clientOrderId != null && venue.dedup() == Dedup.ALL_ORDERS ? Proof.DEDUPLICATED : null;
        }

        private RejectedException rejected(Effect effect, RawAnswer answer, Verdict verdict, String message) {
            return new RejectedException(
                    call(),
                    effect,
                    answer.status(),
                    verdict.code(),
                    verdict.meaning(),
                    answer.text(),
                    requestId(answer),
                    message);
        }

        private static @Nullable String requestId(RawAnswer answer) {
            for (String name : REQUEST_IDS) {
                Optional<String> id = answer.header(name);
                if (id.isPresent()) {
                    return id.get();
                }
            }
            return null;
        }

        private NotSentException notSent(Reason reason, String message, @Nullable Throwable cause) {
            return new NotSentException(call(), reason, message, cause);
        }

        private VenueException.Call call() {
            return new VenueException.Call(venue.name(), clientOrderId, attempts);
        }

        /** The status and the venue's own words, without control characters, the key id and the signature, which some venues repeat. */
        private String said(RawAnswer answer, Verdict verdict, SignedRequest signed) {
            String text =
                    answer.body().length == 0 ? verdict.code() : answer.text().strip();
            if (text.isEmpty()) {
                return "HTTP " + answer.status();
            }
            String keyId = lane.credential().keyId();
            text = text.replace(keyId, lane.credential().shortKeyId());
            String signature = signed.signature().orElse("");
            if (!signature.isEmpty()) {
                text = text.replace(signature, "[signature]");
            }
            String authorization = signed.header("Authorization").orElse("");
            String token = authorization.substring(authorization.indexOf(' ') + 1);
            if (!token.isEmpty()) {
                text = text.replace(token, "[token]");
            }
            String shown = Explanation.show(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
            return "HTTP " + answer.status() + " '" + (shown.length() > 160 ? shown.substring(0, 160) + "..." : shown)
                    + "'";
        }

        /** Told apart by the clock as it is known after the refusal. */
        private String clockAdvice(Sent sent) {
            Instant stamp = sent.moment().timestamp();
            if (!clockKeeper.wasDelayed(stamp, sent.stampedTicks(), sent.receivedTicks())) {
                return ": our time is outside its window; synchronise this host's clock";
            }
            return ": the clock is right, but the request was queued: up to "
                    + shown(Duration.ofNanos(sent.receivedTicks() - sent.stampedTicks()))
                    + " passed from its timestamp to its check, more than the venue's window; look at connections and load, not at the clock";
        }

        private String advice(@Nullable Meaning meaning, Sent sent) {
            if (meaning == null) {
                return "";
            }
            return switch (meaning) {
                case CLOCK_SKEW -> clockAdvice(sent);
                case BAD_NONCE ->
                    ": the nonce was used or is too low; share one nonce source among all who use the key";
                case BAD_SIGNATURE -> ": the signature does not match; client.explain(request) shows what was signed";
                case BAD_KEY ->
                    ": key " + lane.credential().shortKeyId()
                            + " is unknown, expired, not permitted or used from another address; look at it with the venue";
                case DUPLICATE -> ": the client order id was used before; ask the venue what became of it";
                default -> "";
            };
        }
    }

    static String shown(Duration duration) {
        return duration.compareTo(Duration.ofSeconds(10)) < 0
                ? duration.toMillis() + " ms"
                : duration.toSeconds() + " s";
    }
}
