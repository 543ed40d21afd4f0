package io.intaglio.client.audit;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The lines of several files one after the other, in a buffer that is used again. Not thread-safe. */
final class LogLines implements AutoCloseable {
    private final Iterator<Path> files;
    private @Nullable InputStream in;
    private Path file = Path.of("");
    private byte[] buffer = new byte[1 << 16];
    private int start;
    private int end;
    private int filled;
    private long line;
    private boolean ended = true;

    LogLines(List<Path> files) {
        this.files = files.iterator();
    }

    /** Goes to the next line; false behind the last. Then {@link #start} to {@link #end} of {@link #buffer} is it, its line feed included. */
    boolean next() throws IOException {
        while (true) {
            start = end;
            int feed = indexOfFeed(start);
            while (feed < 0 && !ended) {
                int known = filled - start;
                fill();
                feed = indexOfFeed(start + known);
            }
            if (feed >= 0 || start < filled) {
                end = feed >= 0 ? feed + 1 : filled;
                line++;
                return true;
            }
            if (!files.hasNext()) {
                return false;
            }
            close();
            file = files.next();
            in = Files.newInputStream(file);
            ended = false;
            line = 0;
        }
    }

    private int indexOfFeed(int from) {
        for (int i = from; i < filled; i++) {
            if (buffer[i] == '\n') {
                return i;
            }
        }
        return -1;
    }

    private void fill() throws IOException {
        if (start > 0) {
            System.arraycopy(buffer, start, buffer, 0, filled - start);
            filled -= start;
            end -= start;
            start = 0;
        }
        if (filled == buffer.length) {
            buffer = Arrays.copyOf(buffer, 2 * buffer.length);
        }
        int read = in == null ? -1 : in.read(buffer, filled, buffer.length - filled);
        if (read < 0) {
            ended = true;
        } else {
            filled += read;
        }
    }

    /** Whether the line ends as a line does, and not with the file. */
    boolean isWhole() {
        return end > start && buffer[end - 1] == '\n';
    }

    byte[] buffer() {
        return buffer;
    }

    int start() {
        return start;
    }

    int end() {
        return end;
    }

    byte[] copy() {
        return Arrays.copyOfRange(buffer, start, end);
    }

    String text() {
        return new String(buffer, start, isWhole() ? end - start - 1 : end - start, StandardCharsets.UTF_8);
    }

    Path file() {
        return file;
    }

    /** Number in its file, from 1. */
    long line() {
        return line;
    }

    @Override
    public void close() throws IOException {
        start = 0;
        end = 0;
        filled = 0;
        ended = true;
        if (in != null) {
            in.close();
            in = null;
        }
    }
}
