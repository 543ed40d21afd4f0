package io.intaglio.signing.time;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/**
 * Gives every attempt its nonce. Implementations are thread-safe; those that count never give the same or a lower number twice in one
 * source, however the clock steps.
 */
@FunctionalInterface
public interface NonceSource extends AutoCloseable {

    /**
     * The nonce for one attempt.
     *
     * @param now the venue's time as well as it is known; counters begin there so that a restart goes on above where it stopped
     */
    String next(Instant now);

    /** Lets go of files and connections; does nothing for sources that have none. */
    @Override
    default void close() {}

    /** Strictly rising integers, at least the time in the venue's unit, kept in memory: for one process and one source per key. */
    static NonceSource increasing(NonceUnit unit) {
        return increasing(unit, 0);
    }

    /**
     * Strictly rising integers above both the time in the venue's unit and {@code lastUsed}.
     *
     * @param lastUsed the highest nonce ever sent with this key, 0 if none
     */
    static NonceSource increasing(NonceUnit unit, long lastUsed) {
        if (lastUsed < 0) {
            throw new IllegalArgumentException("last used nonce must not be negative, was " + lastUsed);
        }
        AtomicLong last = new AtomicLong(lastUsed);
        return now -> {
            long floor = unit.of(now);
            return Long.toString(last.updateAndGet(previous -> Math.max(Math.addExact(previous, 1), floor)));
        };
    }

    /**
     * Strictly rising integers for all threads and processes of this host that use the same file, over restarts, kills and steps of the
     * clock: at least the time in the venue's unit, and always above what anyone was given before. The file is made, readable to its owner
     * alone, when it is not there. Use one file for each key, on a local disk.
     *
     * <p>No nonce is further ahead of the clock than one second: a draw that would be waits, so that no more are given than the unit counts (a
     * thousand a second in milliseconds). So an older copy of the file that is put back brings no nonce back: whoever opens it begins above
     * all that the clock allowed. The exception is a clock that was set back meanwhile: then the file alone knows the last nonce. Keep it out of
     * backups.
     *
     * <p>A restart skips up to one second's worth of numbers, and its first draw may wait as long. The order is that of drawing: to have them
     * arrive in that order from several processes, give each process a key of its own, or use the venue's nonce window.
     *
     * @throws NonceException from {@link #next}, when the file is damaged, shortened, of another unit or cannot be written, when none was free
     *     within five seconds because more are drawn than the unit counts, or when the thread was interrupted
     */
    static NonceSource durable(Path file, NonceUnit unit) {
        return new DurableNonces(file, unit);
    }

    /** Random version 4 UUIDs (RFC 9562) from the platform's secure generator. */
    static NonceSource uuid() {
        SecureRandom random = new SecureRandom();
        return uuid(random);
    }

    /** Random version 4 UUIDs from this generator. */
    static NonceSource uuid(RandomGenerator random) {
        return now -> {
            long high = random.nextLong() & 0xffffffffffff0fffL | 0x4000L;
            long low = random.nextLong() & 0x3fffffffffffffffL | 0x8000000000000000L;
            return new UUID(high, low).toString();
        };
    }

    /** Random lower-case hex text of this many bytes from the platform's secure generator. */
    static NonceSource randomHex(int bytes) {
        SecureRandom random = new SecureRandom();
        return now -> {
            byte[] value = new byte[bytes];
            random.nextBytes(value);
            return java.util.HexFormat.of().formatHex(value);
        };
    }

    /** Random letters and digits from the platform's secure generator. */
    static NonceSource randomAlphanumeric(int length) {
        String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
        SecureRandom random = new SecureRandom();
        return now -> {
            StringBuilder text = new StringBuilder(length);
            for (int i = 0; i < length; i++) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            return text.toString();
        };
    }
}
