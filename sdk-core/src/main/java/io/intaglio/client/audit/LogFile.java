package io.intaglio.client.audit;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;

/** The file that is written to. Not thread-safe, but for {@link #force}. */
interface LogFile extends AutoCloseable {
    /** Opens files; what tests put in place of the disk. */
    @FunctionalInterface
    interface Opener {
        LogFile open(Path file) throws IOException;
    }

    void write(byte[] bytes, int length) throws IOException;

    /** Forces what was written to the disk. */
    void force() throws IOException;

    /** Cuts the file to this length; the next write begins there. */
    void truncate(long length) throws IOException;

    @Override
    void close() throws IOException;

    /** Opens a file that is there, or makes it. Not through a channel: an interrupted caller would close that. */
    static LogFile open(Path file) throws IOException {
        RandomAccessFile opened = new RandomAccessFile(file.toFile(), "rw");
        return new LogFile() {
            @Override
            public void write(byte[] bytes, int length) throws IOException {
                opened.write(bytes, 0, length);
            }

            @Override
            public void force() throws IOException {
                opened.getFD().sync();
            }

            @Override
            public void truncate(long length) throws IOException {
                opened.setLength(length);
                opened.seek(length);
            }

            @Override
            public void close() throws IOException {
                opened.close();
            }
        };
    }
}
