package io.intaglio.client.audit;

import io.intaglio.client.internal.json.JsonLine;
import java.io.IOException;
import java.security.DigestException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Chains records and writes them. A record has its number and its place in the chain only once it is written, so that a failed write leaves no
 * hole: the file is cut back to where it was, and the next record that can be written is preceded by one that counts those which could not.
 * Those who wait for the disk share its work: one forces for all whose records were written before it began, the others wait without the lock,
 * and whoever came while it ran shares the next. Thread-safe.
 */
final class LogWriter {

    /**
     * What a checkpoint says.
     *
     * @param root in hex
     * @param head in hex
     */
    record Covered(long from, long to, String root, String head) {}

    /** One forced write, which all share whose records were written since the last one began. */
    private static final class Force {
        private boolean done;
        private @Nullable IOException failure;
    }

    private final LogFolder folder;
    private final LogFile.Opener opener;
    private final String log;
    private final long maxFileBytes;
    private final InstantSource clock;
    private final int checkpointEvery;
    private final Runnable checkpointDue;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition forced = lock.newCondition();

    // all under the lock
    private final MessageDigest sha = Sha256.digest();
    private LogFile current;
    private int number;
    private long length;
    private long sequence;
    private byte[] head;
    private byte[] buffer = new byte[1 << 12];
    private boolean dirty = true;
    private boolean closed;
    private MerkleTree tree = new MerkleTree();
    private long treeFrom;

    private long lost;
    private @Nullable Instant lostSince;
    private String lostWhy = "";
    private long resumedAfter;

    private Force next = new Force();
    private boolean forcing;
    private long durable;
    /** The first record that could not be forced to disk, while the log does not say so yet; else 0. */
    private long unforcedFrom;
    /** Whether the current file is the one that could not be forced. */
    private boolean suspect;

    /**
     * @param end where the log ends; null for a new one
     * @param checkpointEvery after how many records {@code checkpointDue} is called; 0 for never
     */
    LogWriter(
            LogFolder folder,
            LogFile.Opener opener,
            String log,
            LogFolder.@Nullable End end,
            long maxFileBytes,
            InstantSource clock,
            int checkpointEvery,
            Runnable checkpointDue)
            throws IOException {
        this.folder = folder;
        this.opener = opener;
        this.log = log;
        this.maxFileBytes = maxFileBytes;
        this.clock = clock;
        this.checkpointEvery = checkpointEvery;
        this.checkpointDue = checkpointDue;
        this.number = end == null ? 1 : end.file();
        this.length = end == null ? 0 : end.length();
        this.sequence = end == null ? 0 : end.sequence();
        this.head = end == null ? RecordLine.NOTHING_BEFORE : HexFormat.of().parseHex(end.head());
        this.treeFrom = sequence + 1;
        folder.make(number);
        this.current = opener.open(folder.file(number));
    }

    /**
     * Writes a record: when this returns, it survives the end of the process.
     *
     * @param body its members but the first two, as JSON that begins with the kind
     * @param isForced whether it has to survive a loss of power too when this returns
     */
    void append(byte[] body, boolean isForced) throws IOException {
        lock.lock();
        try {
            try {
                write(body);
            } catch (IOException e) {
                dirty = true;
                if (lost++ == 0) {
                    lostSince = clock.instant();
                }
                lostWhy = String.valueOf(e.getMessage());
                throw e;
            }
            if (isForced) {
                await(next);
            }
        } finally {
            lock.unlock();
        }
    }

    private void write(byte[] body) throws IOException {
        if (closed) {
            throw new IOException("the log is closed");
        }
        while (isToRotate() && forcing) {
            forced.awaitUninterruptibly();
        }
        if (isToRotate()) {
            rotate();
        }
        if (dirty) {
            current.truncate(length);
            dirty = false;
        }
        List<byte[]> bodies = notes();
        bodies.add(body);
        List<byte[]> hashes = new ArrayList<>(bodies.size());
        long last = sequence;
        byte[] hash = head;
        int end = 0;
        for (byte[] each : bodies) {
            int room = RecordLine.room(each);
            if (buffer.length - end < room) {
                buffer = Arrays.copyOf(buffer, Math.max(2 * buffer.length, end + room));
            }
            int begin = end;
            end = RecordLine.write(++last, hash, each, buffer, begin);
            hash = hash(begin, end);
            hashes.add(hash);
        }
        current.write(buffer, end);
        length += end;
        sequence = last;
        head = hash;
        resumedAfter += lost;
        lost = 0;
        unforcedFrom = 0;
        if (checkpointEvery > 0) {
            hashes.forEach(tree::add);
            if (sequence - treeFrom + 1 >= checkpointEvery) {
                checkpointDue.run();
            }
        }
    }

    /** What has to be said before the next record. */
    private List<byte[]> notes() {
        List<byte[]> bodies = new ArrayList<>(4);
        if (length == 0) {
            bodies.add(note("file", Map.of("log", log, "number", number, "format", 1)));
        }
        if (unforcedFrom > 0) {
            bodies.add(note("unforced", Map.of("from", unforcedFrom, "to", sequence)));
        }
        if (lost > 0) {
            Map<String, Object> gap = new LinkedHashMap<>();
            gap.put("lost", lost);
            gap.put("since", String.valueOf(lostSince));
            gap.put("why", lostWhy);
            bodies.add(note("gap", gap));
        }
        return bodies;
    }

    private byte[] hash(int begin, int end) {
        byte[] hash = new byte[Sha256.BYTES];
        sha.update(buffer, begin, end - begin);
        try {
            sha.digest(hash, 0, hash.length);
        } catch (DigestException e) {
            throw new IllegalStateException("SHA-256 has 32 bytes", e);
        }
        return hash;
    }

    private byte[] note(String kind, Map<String, Object> members) {
        Map<String, Object> record = new LinkedHashMap<>();
        record.put("kind", kind);
        record.put("at", clock.instant().toString());
        record.putAll(members);
        return JsonLine.writeAscii(record);
    }

    private boolean isToRotate() {
        return length > 0 && (length >= maxFileBytes || suspect);
    }

    /** Goes on in a new file. One that could not be forced is left at once: a second force may claim what the first denied. */
    private void rotate() throws IOException {
        if (!suspect) {
            Force whole = next;
            next = new Force();
            try {
                current.force();
                end(whole, sequence, null);
            } catch (IOException e) {
                end(whole, sequence, e);
            }
        }
        int following = number + 1;
        folder.make(following);
        LogFile fresh = opener.open(folder.file(following));
        LogFile left = current;
        current = fresh;
        number = following;
        length = 0;
        dirty = true;
        suspect = false;
        left.close();
    }

    /** Waits for a force, or does it when nobody else is at one. */
    private void await(Force mine) throws IOException {
        while (!mine.done) {
            if (forcing) {
                forced.awaitUninterruptibly();
            } else {
                force();
            }
        }
        if (mine.failure != null) {
            throw new IOException(
                    "what was written could not be forced to disk: " + mine.failure.getMessage(), mine.failure);
        }
    }

    /** Forces the next batch, without the lock meanwhile. */
    private void force() {
        Force mine = next;
        next = new Force();
        LogFile file = current;
        long upTo = sequence;
        forcing = true;
        lock.unlock();
        IOException failure = null;
        try {
            file.force();
        } catch (IOException e) {
            failure = e;
        } finally {
            lock.lock();
            forcing = false;
            end(mine, upTo, failure);
        }
    }

    private void end(Force force, long upTo, @Nullable IOException failure) {
        force.done = true;
        force.failure = failure;
        if (failure == null) {
            durable = Math.max(durable, upTo);
        } else {
            // of those who came meanwhile the records stand in the same file
            next.done = true;
            next.failure = failure;
            next = new Force();
            suspect = true;
            unforcedFrom = unforcedFrom > 0 ? unforcedFrom : durable + 1;
            durable = sequence;
        }
        forced.signalAll();
    }

    /** Forces all that was written, unless it is on disk. */
    void forceAll() throws IOException {
        lock.lock();
        try {
            if (durable < sequence) {
                await(next);
            }
        } finally {
            lock.unlock();
        }
    }

    /** The records since the last call; null when there are none. */
    @Nullable
    Covered cover() {
        lock.lock();
        try {
            if (sequence < treeFrom) {
                return null;
            }
            Covered covered = new Covered(treeFrom, sequence, Sha256.hex(tree.root()), Sha256.hex(head));
            tree = new MerkleTree();
            treeFrom = sequence + 1;
            return covered;
        } finally {
            lock.unlock();
        }
    }

    /** How many records were lost before writing went on, since the last call. */
    long takeResumed() {
        lock.lock();
        try {
            long after = resumedAfter;
            resumedAfter = 0;
            return after;
        } finally {
            lock.unlock();
        }
    }

    /** Refuses records from now on. */
    void close() throws IOException {
        lock.lock();
        try {
            while (forcing) {
                forced.awaitUninterruptibly();
            }
            if (!closed) {
                closed = true;
                if (dirty) {
                    current.truncate(length);
                }
                current.close();
            }
        } finally {
            lock.unlock();
        }
    }
}
