package io.intaglio.fleet;

import io.intaglio.signing.time.NonceException;
import io.intaglio.signing.time.NonceSource;
import io.intaglio.signing.time.NonceUnit;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Strictly rising integers for all threads, processes and machines of a fleet that use one key. Made by {@link Fleet#nonces}. Thread-safe.
 *
 * <p>Ranges are leased from Redis, the next one ahead of need, so that most draws touch no network. Within a process the numbers rise; no number is ever
 * given twice. Numbers of different processes may cross by as much as a range lives, a fifth of a second unless set: for venues, or keys with a nonce
 * window, that allow it. Where each call has to have a higher nonce than all before it, use {@link Fleet#turns}.
 *
 * <p>The line is never more than three seconds ahead of the clock of the Redis server, so a Redis that lost its data goes on above everything: at three
 * seconds ahead of its clock or of the asking member's, and above what that member has seen. The exception is a Redis that lost its data and whose new
 * clock, and that of the member who asks first, are more than those seconds behind the old one; the venue then refuses the low nonces. When Redis does
 * not answer, a draw fails and nothing is sent.
 */
public final class FleetNonces implements NonceSource {
    private static final Script SCRIPT = Script.named("nonces");
    /** By how much the line may be ahead of the clock, and where it begins after a loss. */
    private static final long LEAD_SECONDS = 3;

    private static final long LARGEST_RANGE = 1 << 16;
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);

    /** Numbers that this process may give. */
    private static final class Range {
        private final long end;
        private final long size;
        private final long leasedAt;
        private long next;

        Range(long first, long size, long leasedAt) {
            this.next = first;
            this.size = size;
            this.end = first + size;
            this.leasedAt = leasedAt;
        }
    }

    private final Fleet fleet;
    private final String line;
    private final String what;
    private final NonceUnit unit;
    private final long perSecond;
    private final long life;
    private final long largest;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable Range current;
    private @Nullable CompletableFuture<Range> ahead;
    private long highest;
    private long size = 1;

    /**
     * @param what for messages: the venue, no key id
     * @param largest the most that are leased at once
     */
    FleetNonces(Fleet fleet, String line, String what, NonceUnit unit, long lastUsed, Duration life, long largest) {
        this.fleet = fleet;
        this.line = line;
        this.what = what;
        this.unit = unit;
        this.perSecond = unit.of(Instant.ofEpochSecond(1));
        this.life = life.toNanos();
        this.largest = Math.min(largest, LARGEST_RANGE);
        this.highest = lastUsed;
    }

    /**
     * The next number.
     *
     * @throws NonceException when Redis did not give one in time, or when more are drawn than the unit counts; nothing has been sent
     */
    @Override
    public String next(Instant now) {
        return Long.toString(draw(now));
    }

    long draw(Instant now) {
        lock.lock();
        try {
            Range range = current;
            if (range == null || range.next == range.end || fleet.ticks() - range.leasedAt > life) {
                range = renewed(range, now);
                current = range;
            }
            long nonce = range.next++;
            if (nonce <= highest) {
                throw new NonceException("the fleet's nonce line of " + what
                        + " went back; none is given. Was another Redis put in its place whose clock is behind?");
            }
            highest = nonce;
            if (ahead == null && range.end - range.next < range.size / 2) {
                ahead = lease(now, range.end - 1);
            }
            return nonce;
        } finally {
            lock.unlock();
        }
    }

    /** A range that is still young enough to be drawn from; waits for it. */
    private Range renewed(@Nullable Range old, Instant now) {
        if (old != null) {
            boolean usedUp = old.next == old.end;
            size = usedUp ? Math.min(largest, old.size * 2) : Math.max(1, old.size / 2);
        }
        long begun = fleet.ticks();
        while (true) {
            CompletableFuture<Range> pending = ahead;
            ahead = null;
            if (pending == null) {
                pending = lease(now, highest);
            }
            Range range = await(pending);
            if (range.size > 0 && fleet.ticks() - range.leasedAt <= life) {
                return range;
            }
            long waited = fleet.ticks() - begun;
            if (waited > LONGEST_WAIT.toNanos()) {
                throw new NonceException("the fleet draws nonces of " + what + " faster than " + unit + " counts, "
                        + perSecond + " a second, and none was free within " + LONGEST_WAIT.toSeconds()
                        + " s; draw fewer, or use more keys");
            }
            if (range.size == 0) {
                // the range says by its first number how many nanoseconds to wait
                LockSupport.parkNanos(Math.min(range.next, LONGEST_WAIT.toNanos()));
                if (Thread.currentThread().isInterrupted()) {
                    throw new NonceException("the thread was interrupted while it waited for a nonce of " + what);
                }
            }
        }
    }

    private Range await(CompletableFuture<Range> pending) {
        try {
            return pending.get(2 * fleet.timeout().toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new NonceException("the thread was interrupted while it waited for a nonce of " + what, e);
        } catch (TimeoutException | ExecutionException e) {
            Throwable cause = e instanceof ExecutionException && e.getCause() != null ? e.getCause() : e;
            String text = cause.getMessage();
            if (text != null && text.startsWith("UNIT")) {
                throw new NonceException(
                        "the fleet's nonces of " + what + " are counted in another unit than " + unit
                                + "; all members have to use the same",
                        cause);
            }
            throw new NonceException(
                    "Redis gave no nonce of " + what + " (" + cause + "); nothing is sent with this key until it does",
                    cause);
        }
    }

    private CompletableFuture<Range> lease(Instant now, long last) {
        long leasedAt = fleet.ticks();
        long clock = unit.of(now);
        List<String> arguments = List.of(
                Long.toString(perSecond),
                Long.toString(clock / perSecond),
                Long.toString(clock % perSecond),
                Long.toString(last / perSecond),
                Long.toString(last % perSecond),
                Long.toString(Math.min(size, largest)),
                Long.toString(LEAD_SECONDS));
        return fleet.run(SCRIPT, List.of(line), arguments).thenApply(answer -> {
            long count = number(answer.get(2));
            if (count == 0) {
                return new Range(number(answer.get(3)) * 1000, 0, leasedAt);
            }
            long first = Math.addExact(Math.multiplyExact(number(answer.get(0)), perSecond), number(answer.get(1)));
            return new Range(first, count, leasedAt);
        });
    }

    static long number(Object told) {
        return Long.parseLong(told.toString());
    }
}
