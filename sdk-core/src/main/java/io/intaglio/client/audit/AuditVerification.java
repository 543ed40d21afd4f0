package io.intaglio.client.audit;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What became of the check of a log. Immutable. */
public final class AuditVerification {

    /**
     * The first record that is not as it was written.
     *
     * @param file in which it stands, or would
     * @param line in that file, from 1
     * @param sequence of the record
     * @param what is wrong, for a person
     */
    public record Fault(Path file, long line, long sequence, String what) {
        /** Checks. */
        public Fault {
            Objects.requireNonNull(file, "file");
            Objects.requireNonNull(what, "what");
        }
    }

    private final long first;
    private final long last;
    private final int files;
    private final long vouchedFor;
    private final int checkpoints;
    private final @Nullable Fault fault;
    private final List<String> notes;

    AuditVerification(
            long first,
            long last,
            int files,
            long vouchedFor,
            int checkpoints,
            @Nullable Fault fault,
            List<String> notes) {
        this.first = first;
        this.last = last;
        this.files = files;
        this.vouchedFor = vouchedFor;
        this.checkpoints = checkpoints;
        this.fault = fault;
        this.notes = List.copyOf(notes);
    }

    /** Whether every record is as it was written, as far as the checkpoints go. */
    public boolean isSound() {
        return fault == null;
    }

    /** The first bad record; absent when the log is sound. */
    public Optional<Fault> fault() {
        return Optional.ofNullable(fault);
    }

    /** Sequence of the first record that was read. */
    public long first() {
        return first;
    }

    /** Sequence of the last record that was found good. */
    public long last() {
        return last;
    }

    /** Files of the log. */
    public int files() {
        return files;
    }

    /** Up to which record a checkpoint vouches; of the later ones only their chain was checked. 0 without checkpoints. */
    public long vouchedFor() {
        return vouchedFor;
    }

    /** How many checkpoints were compared. */
    public int checkpoints() {
        return checkpoints;
    }

    /** What is worth knowing and no fault: gaps that the log tells of, crashes, records that nobody vouches for. */
    public List<String> notes() {
        return notes;
    }

    /** In one line. */
    @Override
    public String toString() {
        return fault == null
                ? "records " + first + " to " + last + " are as they were written; vouched for up to " + vouchedFor
                : "record " + fault.sequence() + " (" + fault.file() + " line " + fault.line() + "): " + fault.what();
    }
}
