package io.intaglio.client.event;

import io.intaglio.client.event.Event.Alarm;
import io.intaglio.client.event.Event.AttemptEnded;
import io.intaglio.client.event.Event.BudgetMoved;
import io.intaglio.client.event.Event.End;
import io.intaglio.client.event.Event.Suspicion;
import io.intaglio.client.guard.KillSwitch;
import io.intaglio.signing.venue.Limit;
import io.intaglio.signing.venue.Meaning;
import io.intaglio.signing.venue.Purpose;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks in a client's events for what a stolen key or a program gone wrong looks like, and raises {@link Alarm}. Give it to one client, or to several of
 * one account. Thread-safe; its time is that of the events.
 *
 * <pre>{@code
 * KillSwitch stop = KillSwitch.create();   // the guard's
 * Detectors detectors = Detectors.telling(alarm -> page(alarm)).tripping(stop).keptIn(Path.of("/var/lib/desk/habits"));
 * VenueClient client = VenueClient.builder(venue).credential(key).listener(detectors).guard(guard).build();
 * }</pre>
 *
 * <p>Looked for are
 *
 * <ul>
 *   <li>5 refusals of the key within a minute;
 *   <li>3 refusals for its signature, with no call accepted between them, once one was;
 *   <li>3 nonces refused within 10 minutes, once one was taken;
 *   <li>in a limit that the venue counts by key or account and tells in its answers, a tenth of the capacity, and at least 2 units, that are not
 *       ours ({@link BudgetMoved}). A key that other processes use by right is not for this, unless with a larger share;
 *   <li>after 14 days with calls of the past 28: 3 orders or withdrawals in an hour at which, or beside which, there was none on any of them, and more
 *       than 100 calls and 3 times as many in an hour as in the busiest one.
 * </ul>
 *
 * <p>Of each suspicion and venue, one alarm an hour.
 */
public final class Detectors implements Listener {
    private static final Logger LOG = LoggerFactory.getLogger(Detectors.class);

    private static final int AUTH_FAILURES = 5;
    private static final Duration AUTH_PERIOD = Duration.ofMinutes(1);
    private static final int SIGNATURES = 3;
    private static final int NONCES = 3;
    private static final Duration NONCE_PERIOD = Duration.ofMinutes(10);
    private static final Duration QUIET = Duration.ofHours(1);
    private static final long HOUR_SECONDS = 3600;

    private final Listener alarms;
    private final double share;
    private final @Nullable KillSwitch toTrip;
    private final @Nullable HabitFile file;
    private final Map<String, Habit> habits;
    private final Map<String, Desk> desks = new HashMap<>();
    private long hour = Long.MIN_VALUE;

    private Detectors(Listener alarms, double share, @Nullable KillSwitch toTrip, @Nullable HabitFile file) {
        this.alarms = alarms;
        this.share = share;
        this.toTrip = toTrip;
        this.file = file;
        this.habits = file == null ? new HashMap<>() : file.read();
    }

    /** Detectors that tell this listener of alarms. */
    public static Detectors telling(Listener alarms) {
        return new Detectors(Objects.requireNonNull(alarms, "alarms"), 0.1, null, null);
    }

    /** New ones, which also trip this switch at each alarm. */
    public Detectors tripping(KillSwitch newToTrip) {
        return new Detectors(alarms, share, Objects.requireNonNull(newToTrip, "toTrip"), file);
    }

    /**
     * New ones, to which others may use up to this share of a key's or account's limit.
     *
     * @throws IllegalArgumentException unless it lies between 0 and 1
     */
    public Detectors toleratingOthers(double newShare) {
        if (!(newShare > 0 && newShare < 1)) {
            throw new IllegalArgumentException("the share of others must lie between 0 and 1, was " + newShare);
        }
        return new Detectors(alarms, newShare, toTrip, file);
    }

    /**
     * New ones that keep in this file which hours and how many calls are usual, so that a restart does not begin to learn anew. Written once an hour,
     * when the first call of it ends; made when it is missing, for its owner alone. It tells when and how much is traded, and nothing else.
     *
     * @param newFile of these detectors alone
     * @throws java.io.UncheckedIOException when it cannot be read
     * @throws IllegalArgumentException when it is damaged or of something else
     */
    public Detectors keptIn(Path newFile) {
        return new Detectors(alarms, share, toTrip, new HabitFile(Objects.requireNonNull(newFile, "file")));
    }

    @Override
    public void on(Event event) {
        List<Alarm> raised = new ArrayList<>();
        synchronized (desks) {
            Desk desk = desks.computeIfAbsent(event.venue(), Desk::new);
            if (event instanceof AttemptEnded attempt && attempt.signed() && attempt.end() != End.NOT_SENT) {
                desk.attempted(attempt, raised);
                keepHourly(attempt.at());
                Habit habit = habits.computeIfAbsent(event.venue(), venue -> new Habit());
                habit.add(hourOf(attempt.at()), attempt.purpose() != Purpose.READ)
                        .forEach((suspicion, why) -> desk.raise(suspicion, why, attempt.at(), raised));
            } else if (event instanceof BudgetMoved moved && moved.scope() != Limit.Scope.IP) {
                desk.moved(moved, share, raised);
            }
        }
        for (Alarm alarm : raised) {
            if (toTrip != null) {
                toTrip.trip(alarm.venue() + ": " + alarm.why());
            }
            alarms.on(alarm);
        }
    }

    private static long hourOf(Instant at) {
        return Math.floorDiv(at.getEpochSecond(), HOUR_SECONDS);
    }

    private void keepHourly(Instant at) {
        if (file == null || hourOf(at) <= hour) {
            return;
        }
        hour = hourOf(at);
        try {
            file.write(habits);
        } catch (IOException e) {
            LOG.warn("what detectors have learnt is not kept over a restart", e);
        }
    }

    /** What is remembered of one venue. */
    private static final class Desk {
        private final String venue;
        private final Recent authFailures = new Recent(AUTH_PERIOD);
        private final Recent nonces = new Recent(NONCE_PERIOD);
        private final Map<Suspicion, Instant> raisedAt = new EnumMap<>(Suspicion.class);
        private boolean worked;
        private int signatures;

        Desk(String venue) {
            this.venue = venue;
        }

        void attempted(AttemptEnded attempt, List<Alarm> raised) {
            Instant at = attempt.at();
            if (attempt.end() == End.ACCEPTED) {
                worked = true;
                signatures = 0;
                return;
            }
            Meaning meaning = attempt.meaning();
            boolean isSignature = meaning == Meaning.BAD_SIGNATURE;
            boolean isOfKey = isSignature || meaning == Meaning.BAD_KEY || meaning == null && attempt.status() == 401;
            if (isOfKey && authFailures.add(at) >= AUTH_FAILURES) {
                raise(
                        Suspicion.AUTH_FAILURES,
                        AUTH_FAILURES
                                + " calls within a minute were refused for their key; look at the key with the venue",
                        at,
                        raised);
            }
            signatures = isSignature ? signatures + 1 : signatures;
            if (worked && signatures >= SIGNATURES) {
                raise(
                        Suspicion.REFUSED_AFTER_SUCCESS,
                        SIGNATURES
                                + " signatures of a key that had worked were refused, and none was taken between; ask who changed"
                                + " the key at the venue or here",
                        at,
                        raised);
            }
            if (worked && meaning == Meaning.BAD_NONCE && nonces.add(at) >= NONCES) {
                raise(
                        Suspicion.FOREIGN_NONCE,
                        NONCES
                                + " nonces within 10 minutes had been used or passed; if no program of yours shares the key,"
                                + " withdraw it at the venue",
                        at,
                        raised);
            }
        }

        void moved(BudgetMoved moved, double share, List<Alarm> raised) {
            if (moved.units() >= Math.max(2, Math.ceil(share * moved.capacity()))) {
                raise(
                        Suspicion.FOREIGN_BUDGET,
                        moved.units() + " of " + moved.capacity() + " units of limit '" + moved.limit() + "' in "
                                + moved.period()
                                + " are not ours; if no program of yours shares the key or account, withdraw the"
                                + " key at the venue",
                        moved.at(),
                        raised);
            }
        }

        void raise(Suspicion suspicion, String why, Instant at, List<Alarm> raised) {
            Instant last = raisedAt.get(suspicion);
            if (last == null || Duration.between(last, at).abs().compareTo(QUIET) >= 0) {
                raisedAt.put(suspicion, at);
                raised.add(new Alarm(venue, suspicion, why, at));
            }
        }
    }

    /** Times that are not older than a period. */
    private static final class Recent {
        private final Deque<Instant> times = new ArrayDeque<>();
        private final Duration period;

        Recent(Duration period) {
            this.period = period;
        }

        /** How many there are with this. */
        int add(Instant at) {
            Instant oldest;
            while ((oldest = times.peekFirst()) != null
                    && Duration.between(oldest, at).compareTo(period) >= 0) {
                times.removeFirst();
            }
            times.addLast(at);
            return times.size();
        }
    }
}
