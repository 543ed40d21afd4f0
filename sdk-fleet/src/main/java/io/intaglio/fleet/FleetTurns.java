package io.intaglio.fleet;

import io.intaglio.signing.time.NonceException;
import io.intaglio.signing.time.NonceTurns;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Nonces of a key that one process of a fleet at a time may draw and send with, for venues that refuse a nonce below one that they have seen. Made by
 * {@link Fleet#turns}. Thread-safe.
 *
 * <p>A turn is held from the nonce to the answer, and ends by itself when its process dies or is cut off from Redis: after two seconds unless set. A
 * process that was stopped meanwhile and goes on draws no more nonces without a new turn, and what it had signed carries a lower nonce than what others
 * sent since, so the venue refuses it: the nonce is the fence. Each call costs three questions to Redis. Who waits asks again every few milliseconds;
 * there is no queue between processes.
 */
public final class FleetTurns implements NonceTurns {
    private static final Script SCRIPT = Script.named("turn");
    private static final long LONGEST_PAUSE_MILLIS = 20;

    private final Fleet fleet;
    private final FleetNonces nonces;
    private final String turn;
    private final String what;
    private final long term;
    private final Semaphore local = new Semaphore(1, true);
    private final String holder;
    private volatile boolean held;
    private volatile long heldUntil;

    FleetTurns(Fleet fleet, FleetNonces nonces, String turn, String what, Duration term, String holder) {
        this.fleet = fleet;
        this.nonces = nonces;
        this.turn = turn;
        this.what = what;
        this.term = term.toNanos();
        this.holder = holder;
    }

    @Override
    public boolean enter(Duration limit) throws InterruptedException {
        long begun = fleet.ticks();
        if (!local.tryAcquire(limit.toNanos(), TimeUnit.NANOSECONDS)) {
            return false;
        }
        boolean entered = false;
        try {
            long pause = 1;
            while (true) {
                long asked = fleet.ticks();
                if (ask("take")) {
                    heldUntil = asked + term;
                    held = true;
                    entered = true;
                    return true;
                }
                if (fleet.ticks() - begun >= limit.toNanos()) {
                    return false;
                }
                park(pause);
                pause = Math.min(LONGEST_PAUSE_MILLIS, pause * 2);
            }
        } finally {
            if (!entered) {
                local.release();
            }
        }
    }

    private static void park(long millis) throws InterruptedException {
        long nanos = TimeUnit.MILLISECONDS.toNanos(millis);
        LockSupport.parkNanos(nanos / 2 + ThreadLocalRandom.current().nextLong(nanos));
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }

    private CompletableFuture<List<Object>> request(String verb) {
        return fleet.run(
                SCRIPT, List.of(turn), List.of(verb, holder, Long.toString(TimeUnit.NANOSECONDS.toMillis(term))));
    }

    private boolean ask(String verb) {
        try {
            return FleetNonces.number(request(verb).join().get(0)) == 1;
        } catch (CompletionException | CancellationException e) {
            throw new NonceException(
                    "Redis gave no turn of " + what + " (" + e.getMessage()
                            + "); nothing is sent with this key until it does",
                    e);
        }
    }

    /** Keeps a turn that is held. */
    void renew() {
        if (!held) {
            return;
        }
        long asked = fleet.ticks();
        CompletableFuture<Void> unused = request("renew").thenAccept(answer -> {
            if (held && FleetNonces.number(answer.get(0)) == 1) {
                heldUntil = asked + term;
            }
        });
    }

    @Override
    public void leave() {
        held = false;
        CompletableFuture<List<Object>> unused = request("leave");
        local.release();
    }

    /** The next number; within a turn. Outside of one, as for an explanation, it takes one for itself. */
    @Override
    public String next(Instant now) {
        if (held) {
            return drawn(now);
        }
        try {
            if (!enter(fleet.timeout().multipliedBy(4))) {
                throw new NonceException("another process of the fleet has the turn of " + what + "; try again");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new NonceException("the thread was interrupted while it waited for the turn of " + what, e);
        }
        try {
            return drawn(now);
        } finally {
            leave();
        }
    }

    private String drawn(Instant now) {
        String nonce = nonces.next(now);
        if (heldUntil - fleet.ticks() <= 0) {
            throw new NonceException(
                    "the turn of " + what + " was lost, because Redis did not hear from this process for "
                            + Duration.ofNanos(term).toMillis() + " ms; nothing was sent, so send it again");
        }
        return nonce;
    }
}
