package io.intaglio.client.internal.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** A file that one owner in one process has open at a time; free again when that process has ended, however it ended. */
public final class OwnedFile implements AutoCloseable {
    private final FileChannel channel;

    private OwnedFile(FileChannel channel) {
        this.channel = channel;
    }

    /** Opens the file, made when it is missing; null when somebody else owns it. */
    public static @Nullable OwnedFile open(Path file) throws IOException {
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        boolean owned = false;
        try {
            owned = channel.tryLock() != null;
        } catch (OverlappingFileLockException inThisProcess) {
            owned = false;
        } finally {
            if (!owned) {
                channel.close();
            }
        }
        return owned ? new OwnedFile(channel) : null;
    }

    /** The open file. */
    public FileChannel channel() {
        return channel;
    }

    /** Gives it up where another failure is being told, which the failure to close must not hide. */
    public static void giveUp(@Nullable OwnedFile file) {
        try {
            if (file != null) {
                file.close();
            }
        } catch (IOException alreadyFailing) {
            // the failure that led here is told
        }
    }

    /** Gives it up; the lock goes with the channel. */
    @Override
    public void close() throws IOException {
        channel.close();
    }
}
