package io.intaglio.client.audit;

import io.intaglio.client.audit.AuditVerification.Fault;
import io.intaglio.client.internal.json.JsonLine;
import io.intaglio.signing.key.VerifyingKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.DigestException;
import java.security.MessageDigest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Checks a log from its first record to its last: that each names the hash of the one before it, and that the whole is what its checkpoints vouch
 * for. Reads the files once, in constant memory, and changes nothing; the log may be open meanwhile. Immutable and thread-safe.
 *
 * <pre>{@code
 * AuditVerification found = AuditVerifier.of(folder)
 *         .checkpoints(VerifyingKey.of(KeyReader.readPublic(pem)), Path.of("/mnt/elsewhere/desk.checkpoints"))
 *         .verify();
 * }</pre>
 */
public final class AuditVerifier {
    private final LogFolder folder;
    private final @Nullable VerifyingKey key;
    private final List<Checkpoint> checkpoints;
    private final long begin;

    private AuditVerifier(LogFolder folder, @Nullable VerifyingKey key, List<Checkpoint> checkpoints, long begin) {
        this.folder = folder;
        this.key = key;
        this.checkpoints = List.copyOf(checkpoints);
        this.begin = begin;
    }

    /** Of the chain alone. */
    public static AuditVerifier of(Path folder) {
        return new AuditVerifier(new LogFolder(folder), null, List.of(), 1);
    }

    /**
     * Also against checkpoints from outside. The newest is what counts; the others tell more exactly where a log that was written anew begins to
     * differ.
     *
     * @param publicKey of the key that signs the log's checkpoints
     * @throws IllegalArgumentException when there are none
     */
    public AuditVerifier checkpoints(VerifyingKey publicKey, List<Checkpoint> outside) {
        if (outside.isEmpty()) {
            throw new IllegalArgumentException("there is no checkpoint to compare " + folder + " with");
        }
        return new AuditVerifier(folder, Objects.requireNonNull(publicKey, "publicKey"), outside, begin);
    }

    /**
     * The same with those that {@link CheckpointSink#file} has written.
     *
     * @throws AuditException when the file cannot be read
     */
    public AuditVerifier checkpoints(VerifyingKey publicKey, Path file) {
        try {
            return checkpoints(publicKey, Checkpoint.read(file));
        } catch (IOException e) {
            throw new AuditException("the checkpoints " + file + " cannot be read: " + e, e);
        }
    }

    /**
     * For a log whose oldest files were taken away on purpose: it has to begin with this record. A checkpoint vouches for what it followed all the
     * same.
     */
    public AuditVerifier beginningAt(long sequence) {
        return new AuditVerifier(folder, key, checkpoints, sequence);
    }

    /**
     * Reads it all.
     *
     * @throws AuditException when the log or a checkpoint cannot be read, or no checkpoint is of this log and this key
     */
    public AuditVerification verify() {
        try {
            List<Path> files = folder.files();
            if (files.isEmpty()) {
                throw new AuditException("there is no audit log in " + folder, null);
            }
            return new Pass(files).run();
        } catch (IOException e) {
            throw new AuditException("the audit log " + folder + " cannot be read: " + e, e);
        }
    }

    /** One checkpoint on its way to the record that it names. */
    private static final class Pending {
        private final Checkpoint checkpoint;
        private final MerkleTree tree = new MerkleTree();

        Pending(Checkpoint checkpoint) {
            this.checkpoint = checkpoint;
        }
    }

    /** One reading. */
    private final class Pass {
        private final List<Path> files;
        private final LogLines lines;
        private final MessageDigest sha = Sha256.digest();
        private final List<String> notes = new ArrayList<>();
        private final Deque<Checkpoint> coming = new ArrayDeque<>();
        private final List<Pending> pending = new ArrayList<>();
        private @Nullable Checkpoint newest;
        private String log = "";
        /** The record that comes next, and the hash of the one before it, with its place. */
        private long expected = begin;

        private byte[] head = RecordLine.NOTHING_BEFORE;
        /** The record before, of which this many bytes are it. */
        private byte[] line = {};

        private int length;
        private Path previousFile;
        private long previousLine;
        private long vouchedFor;
        /** Where the first record stands for which no checkpoint vouched so far; null until it is read. */
        private @Nullable Path unvouchedFile;

        private long unvouchedLine;
        private int compared;
        private long gaps;

        Pass(List<Path> files) {
            this.files = files;
            this.lines = new LogLines(files);
            this.previousFile = files.get(0);
        }

        AuditVerification run() throws IOException {
            try (lines) {
                String named = LogFolder.logIn(files.get(0));
                log = named == null ? "" : named;
                prepare();
                Fault fault = read();
                if (fault == null) {
                    fault = end();
                }
                if (gaps > 0) {
                    notes.add(0, gaps + " records tell of a gap, a crash or a failed disk; see 'show --all'");
                }
                return new AuditVerification(begin, expected - 1, files.size(), vouchedFor, compared, fault, notes);
            }
        }

        private void prepare() {
            VerifyingKey signer = key;
            if (signer == null) {
                notes.add("no checkpoint was given: a cut tail, or a log written anew as a whole, cannot be seen");
                return;
            }
            List<Checkpoint> ours = checkpoints.stream()
                    .filter(checkpoint -> checkpoint.log().equals(log))
                    .sorted(Comparator.comparingLong(Checkpoint::to))
                    .toList();
            for (Checkpoint checkpoint : ours) {
                if (!checkpoint.isSignedBy(signer)) {
                    throw new AuditException(
                            "the checkpoint of " + checkpoint.at() + " that vouches for record " + checkpoint.to()
                                    + " of log " + log
                                    + " is not signed by this key; take the log's own key, or look who changed the checkpoint",
                            null);
                }
                if (checkpoint.to() >= begin) {
                    coming.add(checkpoint);
                }
            }
            newest = ours.isEmpty() ? null : ours.get(ours.size() - 1);
        }

        private @Nullable Fault read() throws IOException {
            while (lines.next()) {
                byte[] buffer = lines.buffer();
                int start = lines.start();
                int end = lines.end();
                if (unvouchedFile == null) {
                    unvouchedFile = lines.file();
                    unvouchedLine = lines.line();
                }
                if (!lines.isWhole()) {
                    return torn();
                }
                long sequence = RecordLine.sequence(buffer, start, end);
                boolean follows = sequence == expected
                        && (expected == begin && begin > 1 || RecordLine.follows(buffer, start, sequence, head));
                if (!follows) {
                    return diagnose(sequence);
                }
                if (RecordLine.isOf("gap", buffer, start, sequence)
                        || RecordLine.isOf("recovered", buffer, start, sequence)
                        || RecordLine.isOf("unforced", buffer, start, sequence)) {
                    gaps++;
                }
                head = hash(buffer, start, end);
                keep(buffer, start, end);
                Fault fault = vouched(expected);
                if (fault != null) {
                    return fault;
                }
                expected++;
            }
            return null;
        }

        /** Keeps the line, so that it can be looked at again when the next one does not follow it. */
        private void keep(byte[] buffer, int start, int end) {
            if (line.length < end - start) {
                line = new byte[2 * (end - start)];
            }
            System.arraycopy(buffer, start, line, 0, end - start);
            length = end - start;
            previousFile = lines.file();
            previousLine = lines.line();
        }

        private byte[] hash(byte[] bytes, int start, int end) {
            byte[] hash = new byte[Sha256.BYTES];
            sha.update(bytes, start, end - start);
            try {
                sha.digest(hash, 0, hash.length);
            } catch (DigestException e) {
                throw new IllegalStateException("SHA-256 has 32 bytes", e);
            }
            return hash;
        }

        /** Compares with the checkpoints that end at this record. */
        private @Nullable Fault vouched(long sequence) throws IOException {
            while (!coming.isEmpty() && coming.element().from() <= sequence) {
                pending.add(new Pending(coming.remove()));
            }
            if (pending.isEmpty()) {
                return null;
            }
            for (Iterator<Pending> all = pending.iterator(); all.hasNext(); ) {
                Pending one = all.next();
                one.tree.add(head);
                Checkpoint checkpoint = one.checkpoint;
                if (checkpoint.to() != sequence) {
                    continue;
                }
                boolean whole = checkpoint.from() >= begin;
                if (!checkpoint.head().equals(Sha256.hex(head))
                        || whole && !checkpoint.root().equals(Sha256.hex(one.tree.root()))) {
                    return differs(checkpoint);
                }
                all.remove();
                compared++;
                vouchedFor = sequence;
                unvouchedFile = null;
            }
            return null;
        }

        /** The chain is whole up to this record, but it is not what was vouched for. */
        private Fault differs(Checkpoint checkpoint) throws IOException {
            Fault damaged = damagedPrevious();
            if (damaged != null) {
                return damaged;
            }
            Path file = lines.file();
            long at = lines.line();
            byte[] genuine = HexFormat.of().parseHex(checkpoint.head());
            Next next = next();
            boolean rewritten = next != null
                    && next.sequence == checkpoint.to() + 1
                    && RecordLine.follows(next.line, 0, next.sequence, head);
            boolean named = next != null
                    && next.sequence == checkpoint.to() + 1
                    && RecordLine.follows(next.line, 0, next.sequence, genuine);
            if (named || !rewritten && vouchedFor == checkpoint.to() - 1) {
                return new Fault(file, at, checkpoint.to(), "it was changed: its hash is not the one vouched for");
            }
            if (!rewritten) {
                return new Fault(
                        file,
                        at,
                        checkpoint.to(),
                        "it was changed, or the records since " + (vouchedFor + 1)
                                + " were written anew: the checkpoint of " + checkpoint.at()
                                + " vouches for another content");
            }
            long first = Math.min(vouchedFor + 1, checkpoint.to()); // that one, should two checkpoints of it differ
            return new Fault(
                    unvouchedFile == null ? file : unvouchedFile,
                    unvouchedFile == null ? at : unvouchedLine,
                    first,
                    "records " + first + " to " + checkpoint.to()
                            + " were written anew: their chain is whole, but the checkpoint of " + checkpoint.at()
                            + " vouches for another");
        }

        /** A line further on. */
        private static final class Next {
            private final byte[] line;
            private final long sequence;

            Next(byte[] line, long sequence) {
                this.line = line;
                this.sequence = sequence;
            }
        }

        private @Nullable Next next() throws IOException {
            if (!lines.next()) {
                return null;
            }
            byte[] copy = lines.copy();
            long sequence = RecordLine.sequence(copy, 0, copy.length);
            return sequence < 0 || !isJson(copy, copy.length) ? null : new Next(copy, sequence);
        }

        private static boolean isJson(byte[] bytes, int length) {
            try {
                return !JsonLine.read(new String(bytes, 0, length, StandardCharsets.UTF_8))
                        .isEmpty();
            } catch (IllegalArgumentException e) {
                return false;
            }
        }

        /** A line that seemed to be a record and is two, because the line feed between them was changed, or is broken otherwise. */
        private @Nullable Fault damagedPrevious() {
            return length == 0 || isJson(line, length)
                    ? null
                    : new Fault(
                            previousFile,
                            previousLine,
                            expected == begin ? begin : sequenceOfKept(),
                            "the line is damaged");
        }

        private long sequenceOfKept() {
            return RecordLine.sequence(line, 0, length);
        }

        /** The record that was read does not follow the one before: finds out which of them, or of those around, is not as it was. */
        private Fault diagnose(long sequence) throws IOException {
            Fault damaged = damagedPrevious();
            if (damaged != null) {
                return damaged;
            }
            Path file = lines.file();
            long at = lines.line();
            byte[] copy = lines.copy();
            if (sequence < 0 || !isJson(copy, copy.length)) {
                return new Fault(file, at, expected, "the line is damaged: it is no record");
            }
            if (sequence == expected) {
                return broken(file, at, copy);
            }
            if (expected > begin && RecordLine.follows(copy, 0, sequence, head)) {
                return new Fault(file, at, expected, "it was changed: its number says " + sequence);
            }
            Next next = next();
            if (sequence > expected) {
                if (next != null && sequence == expected + 1 && next.sequence == expected) {
                    return new Fault(
                            file, at, expected, "records " + expected + " and " + sequence + " have changed places");
                }
                return new Fault(
                        file,
                        at,
                        expected,
                        sequence == expected + 1
                                ? "it is missing; record " + sequence + " stands in its place"
                                : "records " + expected + " to " + (sequence - 1) + " are missing");
            }
            if (expected == begin && next != null && next.sequence == expected + 1) {
                return new Fault(file, at, expected, "it was changed: its number says " + sequence);
            }
            return new Fault(file, at, sequence, "it stands here a second time, after record " + (expected - 1));
        }

        /** The number is right, the hash of the record before is not: one of the two was changed, and the record after tells which. */
        private Fault broken(Path file, long at, byte[] copy) throws IOException {
            byte[] hash = hash(copy, 0, copy.length);
            boolean genuine = false;
            Next next = next();
            if (next != null) {
                genuine = next.sequence == expected + 1 && RecordLine.follows(next.line, 0, next.sequence, hash);
            } else {
                for (Checkpoint checkpoint : checkpoints) {
                    genuine |= checkpoint.log().equals(log)
                            && checkpoint.to() == expected
                            && checkpoint.head().equals(Sha256.hex(hash));
                }
            }
            if (genuine && expected > begin) {
                return new Fault(
                        previousFile,
                        previousLine,
                        expected - 1,
                        "it was changed: its hash is not the one that record " + expected + " names");
            }
            return new Fault(
                    file, at, expected, "it was changed: it does not name the hash of record " + (expected - 1));
        }

        private Fault missingEnd(Checkpoint wanted) {
            return new Fault(
                    previousFile,
                    previousLine + 1,
                    expected,
                    "the log ends with record " + (expected - 1) + ", but the checkpoint of " + wanted.at()
                            + " vouches for " + wanted.to() + " records: its end was cut off, or it is an older copy");
        }

        /** The log ends inside a line. */
        private @Nullable Fault torn() throws IOException {
            Path file = lines.file();
            long at = lines.line();
            int bytes = lines.end() - lines.start();
            if (lines.next()) {
                return new Fault(file, at, expected, "the line is cut off");
            }
            Checkpoint known = newest;
            if (known != null && known.to() >= expected) {
                Fault damaged = damagedPrevious();
                return damaged != null
                        ? damaged
                        : new Fault(
                                file,
                                at,
                                expected,
                                "the line is cut off; the checkpoint of " + known.at() + " vouches for " + known.to()
                                        + " records");
            }
            notes.add("the log ends with " + bytes
                    + " bytes of a record that is not finished: it is being written, or its process was killed");
            return null;
        }

        private @Nullable Fault end() {
            Checkpoint known = newest;
            if (known != null && known.to() >= expected) {
                Fault damaged = damagedPrevious();
                return damaged != null ? damaged : missingEnd(known);
            }
            Fault damaged = damagedPrevious();
            if (damaged != null) {
                return damaged;
            }
            if (key != null && known == null) {
                throw new AuditException(
                        "none of the " + checkpoints.size() + " checkpoints is of log " + log + " in " + folder
                                + "; take those of this log",
                        null);
            }
            if (known != null && vouchedFor < expected - 1) {
                notes.add("records " + (vouchedFor + 1) + " to " + (expected - 1)
                        + " are newer than the newest checkpoint: their chain is whole,"
                        + " nobody vouches for them yet");
            }
            return null;
        }
    }
}
