package io.intaglio.client.audit;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A log on disk: a folder with files {@code 000001.jsonl}, {@code 000002.jsonl} and so on, through which one chain of records goes. */
final class LogFolder {
    private static final Pattern NAME = Pattern.compile("\\d{6,9}\\.jsonl");

    /** No record is longer; see {@link RequestFields}. */
    private static final int LONGEST_LINE = 1 << 20;

    /**
     * Where a log ends.
     *
     * @param file its last whole record stands in
     * @param length of the whole records in that file
     * @param head hash of the last one, in hex
     * @param closed whether the last one says that the log was closed
     * @param torn the file to which an unfinished record was moved, null when there was none
     */
    record End(
            String log,
            int file,
            long length,
            long sequence,
            String head,
            boolean closed,
            @Nullable Path torn) {}

    private final Path path;

    LogFolder(Path path) {
        this.path = path.toAbsolutePath().normalize();
    }

    Path path() {
        return path;
    }

    Path lockFile() {
        return path.resolve("lock");
    }

    Path file(int number) {
        String digits = Integer.toString(number);
        return path.resolve("0".repeat(Math.max(0, 6 - digits.length())) + digits + ".jsonl");
    }

    static int number(Path file) {
        String name = file.getFileName().toString();
        return Integer.parseInt(name.substring(0, name.indexOf('.')));
    }

    /** The log's files in their order. */
    List<Path> files() throws IOException {
        try (Stream<Path> all = Files.list(path)) {
            return all.filter(
                            file -> NAME.matcher(file.getFileName().toString()).matches())
                    .sorted(Comparator.comparingInt(LogFolder::number))
                    .toList();
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }

    /** Makes the folder, for its owner alone where the file system knows owners. */
    void make() throws IOException {
        if (Files.isDirectory(path)) {
            return;
        }
        Files.createDirectories(path);
        permit(path, "rwx------");
    }

    /** Makes an empty file, for its owner alone, unless it is there. */
    void make(int number) throws IOException {
        try {
            permit(Files.createFile(file(number)), "rw-------");
        } catch (FileAlreadyExistsException e) {
            return;
        }
        force();
    }

    private static void permit(Path path, String permissions) throws IOException {
        try {
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
        } catch (UnsupportedOperationException e) {
            // not a POSIX file system; the folder's own rules hold
        }
    }

    /** Forces the names of files to disk, where a folder can be opened for that. */
    private void force() {
        try (FileChannel folder = FileChannel.open(path, StandardOpenOption.READ)) {
            folder.force(true);
        } catch (IOException notOnWindows) {
            // there the file's own force includes its name
        }
    }

    /**
     * Finds where the log ends, and moves what a crash left of an unfinished record to a file of its own.
     *
     * @return null when there is no record yet
     * @throws AuditException when the last whole line is no record
     */
    @Nullable
    End recover() throws IOException {
        List<Path> files = files();
        Path torn = null;
        for (int i = files.size() - 1; i >= 0; i--) {
            Path file = files.get(i);
            byte[] tail = tail(file);
            long size = Files.size(file);
            int end = lastIndexOf(tail, tail.length - 1) + 1;
            if (end == 0 && tail.length < size) {
                throw damaged(file, "its end holds no line");
            }
            if (end < tail.length) {
                if (torn != null) {
                    throw damaged(file, "it ends inside a record, though a later file exists");
                }
                torn = cut(file, size - tail.length + end, Arrays.copyOfRange(tail, end, tail.length));
            }
            if (end > 0) {
                int start = lastIndexOf(tail, end - 2) + 1;
                return end(file, size - tail.length + end, Arrays.copyOfRange(tail, start, end), torn);
            }
        }
        return null;
    }

    private End end(Path file, long length, byte[] line, @Nullable Path torn) throws IOException {
        long sequence = RecordLine.sequence(line, 0, line.length);
        String log = logIn(file);
        if (sequence < 1 || log == null) {
            throw damaged(file, sequence < 1 ? "its last line is no record" : "its first line is not that of a log");
        }
        return new End(
                log,
                number(file),
                length,
                sequence,
                Sha256.hex(Sha256.digest().digest(line)),
                RecordLine.isOf("closed", line, 0, sequence),
                torn);
    }

    private static AuditException damaged(Path file, String how) {
        return new AuditException(
                "the audit log is damaged: " + file + ": " + how
                        + "; keep the folder, run 'intaglio audit verify' on it, and begin a new log in another folder",
                null);
    }

    /** The id in a file's first line; null when that is not what a log begins a file with. */
    static @Nullable String logIn(Path file) throws IOException {
        try (LogLines lines = new LogLines(List.of(file))) {
            if (!lines.next()) {
                return null;
            }
            AuditRecord first = AuditRecord.parse(lines.text());
            return first.kind().equals("file") ? first.text("log").orElse(null) : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static byte[] tail(Path file) throws IOException {
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            byte[] tail = new byte[(int) Math.min(in.length(), LONGEST_LINE)];
            in.seek(in.length() - tail.length);
            in.readFully(tail);
            return tail;
        }
    }

    private static int lastIndexOf(byte[] bytes, int from) {
        int at = from;
        while (at >= 0 && bytes[at] != '\n') {
            at--;
        }
        return at;
    }

    private Path cut(Path file, long length, byte[] rest) throws IOException {
        Path side = path.resolve(file.getFileName() + "." + length + ".torn");
        Files.write(side, rest);
        permit(side, "rw-------");
        try (RandomAccessFile written = new RandomAccessFile(side.toFile(), "rw");
                RandomAccessFile shortened = new RandomAccessFile(file.toFile(), "rw")) {
            written.getFD().sync();
            shortened.setLength(length);
            shortened.getFD().sync();
        }
        force();
        return side;
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
