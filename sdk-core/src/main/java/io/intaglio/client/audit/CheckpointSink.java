package io.intaglio.client.audit;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where checkpoints go: outside the reach of whoever can write the log, such as a file of another machine, an append-only store or another
 * department's inbox. Called by one thread of the log at a time, never by a call's, with what is on disk already.
 */
@FunctionalInterface
public interface CheckpointSink {
    /**
     * Keeps a checkpoint for good. Has to end in bounded time: closing the log waits for it.
     *
     * @throws IOException when it is not kept; the log tells so and hands it out again later
     */
    void accept(Checkpoint checkpoint) throws IOException;

    /** The checkpoint with the highest sequence of this log that is kept, so that an older copy of the log is refused when it is opened. */
    default Optional<Checkpoint> newest(String log) throws IOException {
        return Optional.empty();
    }

    /** Appends {@link Checkpoint#line()} to a file and forces it to disk. It belongs on another machine's disk. */
    static CheckpointSink file(Path file) {
        return new CheckpointFile(file);
    }
}
