package io.intaglio.client.audit;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;

/** Checkpoints, one a line. */
final class CheckpointFile implements CheckpointSink {
    private final Path file;

    CheckpointFile(Path file) {
        this.file = file.toAbsolutePath();
    }

    Path file() {
        return file;
    }

    @Override
    public void accept(Checkpoint checkpoint) throws IOException {
        // a stream and not a channel, which an interrupt would close; a line that a crash cut off is ended first
        boolean cut = endsInsideALine();
        try (FileOutputStream out = new FileOutputStream(file.toFile(), true)) {
            out.write(((cut ? "\n" : "") + checkpoint.line() + "\n").getBytes(StandardCharsets.US_ASCII));
            out.getFD().sync();
        }
    }

    private boolean endsInsideALine() throws IOException {
        if (!Files.exists(file) || Files.size(file) == 0) {
            return false;
        }
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            in.seek(in.length() - 1);
            return in.read() != '\n';
        }
    }

    @Override
    public Optional<Checkpoint> newest(String log) throws IOException {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        return Checkpoint.read(file).stream()
                .filter(checkpoint -> checkpoint.log().equals(log))
                .max(Comparator.comparingLong(Checkpoint::to));
    }

    @Override
    public String toString() {
        return file.toString();
    }
}
