package io.intaglio.signing.time;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.FileLockInterruptionException;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Strictly rising integers for all threads and processes of one host, kept in a file.
 *
 * <p>The file is mapped into every process. The last nonce is one word of it, raised by compare-and-set, so that a draw costs no system call
 * and is ordered among all processes. A second number, the mark, is written and forced to disk before any nonce up to it is given out. A
 * process killed at any point loses nothing, because the mapped word outlives it; after a power failure the word may be old, but the mark is
 * not, and whoever opens the file begins above the mark.
 *
 * <p>The mark is set one second ahead of the clock, and a draw that would need a higher one waits until the clock allows it. So nothing that
 * was ever given lies further ahead than that, and whoever opens the file, be it an older copy, begins where the clock alone puts it above
 * everything. A number that is much further ahead says that the clock was set back: then the count goes on upward, and only the file knows from
 * where.
 *
 * <p>Layout, big-endian: 0 magic (8 bytes), 8 units in a second (8), 16 last nonce (8), 64 sequence of the mark (8), 72 mark (8), 80 CRC-32C of
 * both and of the unit (8), 4088 magic again (8), which is the first to go when the file is shortened. A mark that does not match its check is refused and not guessed at: the true one may have been any number higher.
 */
final class DurableNonces implements NonceSource {
    static final int SIZE = 4096;
    static final int LAST = 16;
    static final int MARK = 64;
    static final int END = SIZE - 8;

    private static final long MAGIC =
            ByteBuffer.wrap("INTGNCE1".getBytes(StandardCharsets.US_ASCII)).getLong();
    private static final VarHandle LONG = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    /** How far the mark runs ahead of the clock: what a restart can skip, and how long the disk is left alone. */
    private static final Duration AHEAD = Duration.ofSeconds(1);

    /** A number that is further ahead than the mark may be, and by this, was not drawn too fast: the clock was set back. */
    private static final Duration STEP = Duration.ofSeconds(1);

    /** A draw that has to wait waits until there is room for this much, so that not each one of a crowd moves the mark. */
    private static final Duration ROOM = Duration.ofMillis(10);

    private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);

    /** One mapping of one file. Replaced as a whole when the file at the path is another one, or when an interrupted thread closed its channel. */
    private static final class Mapping {
        private final MappedByteBuffer buffer;
        private final FileChannel channel;
        private final @Nullable Object fileKey;
        private volatile long mark;
        private long sequence;

        Mapping(MappedByteBuffer buffer, FileChannel channel, @Nullable Object fileKey) {
            this.buffer = buffer;
            this.channel = channel;
            this.fileKey = fileKey;
        }
    }

    private record Mark(long sequence, long value) {}

    private final Path path;
    private final NonceUnit unit;
    private final long ahead;
    private final long step;
    private final long room;
    private final UnaryOperator<Duration> pause;
    private final Object lock = new Object();
    private volatile @Nullable Mapping mapping;
    /** The highest that may have been given from a mapping that is gone. */
    private long givenBefore = Long.MIN_VALUE;

    private boolean closed;

    DurableNonces(Path path, NonceUnit unit) {
        this(path, unit, DurableNonces::park);
    }

    /** @param pause waits for about as long, and says how long it was */
    DurableNonces(Path path, NonceUnit unit, UnaryOperator<Duration> pause) {
        this.path = Objects.requireNonNull(path, "path").toAbsolutePath();
        this.unit = Objects.requireNonNull(unit, "unit");
        this.pause = pause;
        this.ahead = count(AHEAD);
        this.step = count(STEP);
        this.room = count(ROOM);
    }

    private long count(Duration time) {
        return Math.max(1, unit.of(Instant.EPOCH.plus(time)));
    }

    private static Duration park(Duration time) {
        VenueClock watch = VenueClock.system();
        Instant begin = watch.now();
        LockSupport.parkNanos(time.toNanos());
        return Duration.between(begin, watch.now());
    }

    @Override
    public String next(Instant now) {
        return Long.toString(draw(now));
    }

    long draw(Instant now) {
        long floor = unit.of(now);
        Duration waited = Duration.ZERO;
        try {
            while (true) {
                Mapping current = mapping;
                if (current == null) {
                    current = open(floor);
                }
                long last = (long) LONG.getVolatile(current.buffer, LAST);
                long candidate = Math.max(Math.addExact(last, 1), floor);
                if (candidate > current.mark) {
                    long early = raiseMark(current, candidate, floor);
                    if (early > 0) {
                        waited = waited.plus(await(early, now.plus(waited), waited));
                        floor = unit.of(now.plus(waited));
                    }
                } else if (LONG.compareAndSet(current.buffer, LAST, last, candidate)) {
                    // where the file was shortened, the word above was made up; a file whose last word is there after
                    // the draw was whole before it. To ask for its length would cost a system call with each draw.
                    if ((long) LONG.getVolatile(current.buffer, END) != MAGIC) {
                        throw new NonceException(refusal("was shortened while in use"));
                    }
                    return candidate;
                }
            }
        } catch (InternalError e) {
            // how the JVM tells, now or a little later, that a mapped page is gone
            throw new NonceException(refusal("was shortened while in use"), e);
        }
    }

    /** Waits until the clock has counted so many more. */
    private Duration await(long early, Instant now, Duration waited) {
        long nanosEach = Duration.ofSeconds(1).toNanos() / perSecond();
        long begun = Duration.between(Instant.EPOCH, now).toNanosPart() % nanosEach;
        Duration time = Duration.ofNanos(early * nanosEach - begun);
        if (waited.plus(time).compareTo(LONGEST_WAIT) > 0) {
            throw new NonceException("nonces of " + path + " are drawn faster than " + unit + " counts, " + perSecond()
                    + " a second, and none was free within " + LONGEST_WAIT.toSeconds()
                    + " s; draw fewer, or use more keys with a file each");
        }
        Duration took = pause.apply(time);
        if (Thread.currentThread().isInterrupted()) {
            throw interrupted(null);
        }
        return took;
    }

    /** Maps the file and begins above everything that anyone may have been given. */
    private Mapping open(long floor) {
        synchronized (lock) {
            Mapping present = mapping;
            if (present != null) {
                return present;
            }
            if (closed) {
                throw new NonceException("nonce file " + path + " was closed; make a new source");
            }
            try {
                create(floor);
                Mapping fresh = map();
                try {
                    beginIn(fresh, floor);
                } catch (IOException | RuntimeException e) {
                    fresh.channel.close();
                    throw e;
                }
                mapping = fresh;
                return fresh;
            } catch (ClosedChannelException | FileLockInterruptionException e) {
                throw interrupted(e);
            } catch (IOException e) {
                throw new NonceException(refusal("cannot be used: " + text(e)), e);
            }
        }
    }

    private void beginIn(Mapping fresh, long floor) throws IOException {
        FileLock held = lock(fresh.channel);
        try {
            Mark mark = readMark(fresh);
            fresh.sequence = mark.sequence;
            fresh.mark = mark.value;
            raiseLast(fresh, Math.max(givenBefore, Math.max(mark.value, start(floor))));
        } finally {
            held.release();
        }
    }

    /**
     * Where a file that is new, or that may be an old copy, begins, and where the mark is set: nothing that was given by this clock until now is
     * further ahead.
     */
    private long start(long floor) {
        return Math.addExact(floor, ahead);
    }

    /** Writes a whole new file aside and moves it into place, unless there is one. */
    private void create(long floor) throws IOException {
        if (Files.exists(path)) {
            return;
        }
        ByteBuffer content = ByteBuffer.allocate(SIZE);
        content.putLong(0, MAGIC).putLong(END, MAGIC).putLong(8, perSecond()).putLong(LAST, start(floor));
        putMark(content, MARK, new Mark(1, start(floor)));
        Path folder = Objects.requireNonNullElse(path.getParent(), path);
        Path aside = Files.createTempFile(folder, ".nonce", ".new");
        try {
            try (FileChannel out = FileChannel.open(aside, StandardOpenOption.WRITE)) {
                while (content.hasRemaining()) {
                    out.write(content);
                }
                out.force(true);
            }
            ownerOnly(aside);
            try {
                Files.createLink(path, aside); // fails when somebody else was first, unlike a move
            } catch (FileAlreadyExistsException e) {
                // then that one is used
            }
        } finally {
            Files.deleteIfExists(aside);
        }
    }

    private static FileLock lock(FileChannel channel) throws IOException {
        while (true) {
            try {
                return channel.lock();
            } catch (OverlappingFileLockException e) {
                Thread.onSpinWait(); // another source of this process holds it, for one write
            }
        }
    }

    private static void ownerOnly(Path file) throws IOException {
        try {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        } catch (UnsupportedOperationException e) {
            // not a POSIX file system; the folder's own rules hold
        }
    }

    private Mapping map() throws IOException {
        Set<OpenOption> options = Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE);
        FileChannel channel = FileChannel.open(path, options);
        try {
            if (channel.size() != SIZE) {
                throw new NonceException(refusal("has " + channel.size() + " bytes instead of " + SIZE));
            }
            MappedByteBuffer buffer = channel.map(FileChannel.MapMode.READ_WRITE, 0, SIZE);
            if (buffer.getLong(0) != MAGIC || buffer.getLong(END) != MAGIC) {
                throw new NonceException(refusal("is not a nonce file"));
            }
            long perSecond = buffer.getLong(8);
            if (perSecond != perSecond()) {
                throw new NonceException("nonce file " + path + " counts " + perSecond + " in a second, but " + unit
                        + " was asked for; use another file for another venue");
            }
            return new Mapping(buffer, channel, fileKey());
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private @Nullable Object fileKey() throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
    }

    /**
     * Forces a higher mark to disk, under the lock of the file, before any nonce up to it is given.
     *
     * @return by how much the candidate is too early for a mark, which then stays as it is; else 0
     */
    private long raiseMark(Mapping current, long candidate, long floor) {
        synchronized (lock) {
            if (closed) {
                throw new NonceException("nonce file " + path + " was closed; make a new source");
            }
            if (mapping != current || candidate <= current.mark) {
                return 0;
            }
            try {
                if (!isStill(current) || !current.channel.isOpen()) {
                    leave(current);
                    return 0;
                }
                FileLock held = lock(current.channel);
                try {
                    Mark mark = readMark(current);
                    if (mark.sequence < current.sequence) {
                        throw new NonceException(refusal("went back to an older state while in use"));
                    }
                    if (mark.value < candidate) {
                        long early = Math.addExact(candidate, room - 1) - start(floor);
                        if (early > 0 && early <= step + room) {
                            return early;
                        }
                        mark = writeMark(current, new Mark(mark.sequence + 1, start(early > 0 ? candidate : floor)));
                    }
                    // also what another has written, who may have been interrupted before he forced it
                    current.channel.force(false);
                    current.sequence = mark.sequence;
                    current.mark = mark.value;
                } finally {
                    held.release();
                }
                return 0;
            } catch (ClosedChannelException | FileLockInterruptionException e) {
                throw interrupted(e);
            } catch (NoSuchFileException e) {
                throw new NonceException(refusal("was removed while in use"), e);
            } catch (IOException e) {
                throw new NonceException(refusal("cannot be written: " + text(e)), e);
            }
        }
    }

    private boolean isStill(Mapping current) throws IOException {
        return Objects.equals(current.fileKey, fileKey());
    }

    /** The next draw opens the file that is at the path then, and goes on above what this process was given. */
    private void leave(Mapping old) throws IOException {
        old.channel.close();
        givenBefore = Math.max(givenBefore, Math.max((long) LONG.getVolatile(old.buffer, LAST), old.mark));
        mapping = null;
    }

    /** Java closes the channel of a thread that is interrupted; whoever draws next opens the file again. */
    private NonceException interrupted(@Nullable IOException e) {
        String message = "the thread was interrupted while it waited for a nonce of " + path;
        return e == null ? new NonceException(message) : new NonceException(message, e);
    }

    private static void raiseLast(Mapping target, long least) {
        while (true) {
            long last = (long) LONG.getVolatile(target.buffer, LAST);
            if (last >= least || LONG.compareAndSet(target.buffer, LAST, last, least)) {
                return;
            }
        }
    }

    private Mark readMark(Mapping from) {
        Mark mark = new Mark(from.buffer.getLong(MARK), from.buffer.getLong(MARK + 8));
        if (from.buffer.getLong(MARK + 16) != check(mark.sequence, mark.value)) {
            throw new NonceException(refusal("is damaged"));
        }
        return mark;
    }

    private Mark writeMark(Mapping to, Mark mark) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(24);
        putMark(bytes, 0, mark);
        to.channel.write(bytes, MARK);
        return mark;
    }

    private void putMark(ByteBuffer content, int at, Mark mark) {
        content.putLong(at, mark.sequence)
                .putLong(at + 8, mark.value)
                .putLong(at + 16, check(mark.sequence, mark.value));
    }

    private long check(long sequence, long value) {
        CRC32C crc = new CRC32C();
        ByteBuffer bytes = ByteBuffer.allocate(24);
        bytes.putLong(sequence).putLong(value).putLong(perSecond()).flip();
        crc.update(bytes);
        return crc.getValue();
    }

    /** What tells the units apart in the file. */
    private long perSecond() {
        return unit.of(Instant.ofEpochSecond(1));
    }

    private String refusal(String what) {
        return "nonce file " + path + " " + what
                + "; nonces that were used might come again, so none is given. Stop all who use"
                + " this key, remove the file, and start again: a new file begins above this host's clock";
    }

    private static String text(IOException e) {
        return e.getClass().getSimpleName() + (e.getMessage() == null ? "" : " " + e.getMessage());
    }

    @Override
    public void close() {
        synchronized (lock) {
            closed = true;
            Mapping current = mapping;
            mapping = null;
            if (current != null) {
                try {
                    current.channel.close();
                } catch (IOException e) {
                    // everything that counts was forced to disk when it was written
                }
            }
        }
    }
}
