package io.intaglio.client.internal.limit;

import io.intaglio.client.internal.file.OwnedFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Keeps counts over restarts, in a mapped file of one process: what it holds survives the end of the process at any moment. One word for each count,
 * a time and a number, written by one store, so that it is never half of one and half of another. Counts are found by a hash; no key id is in the
 * file. Thread-safe.
 */
public final class CountFile implements AutoCloseable {
    private static final byte[] MAGIC = "intaglio-counts1".getBytes(StandardCharsets.US_ASCII);
    private static final int SLOTS = 1024;
    private static final int SLOT_BYTES = 24;
    private static final int NUMBER_BITS = 20;
    private static final long MOST = (1L << NUMBER_BITS) - 1;
    private static final VarHandle LONG = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final OwnedFile file;
    private final MappedByteBuffer slots;
    private final ReentrantLock lock = new ReentrantLock();
    private final boolean[] taken = new boolean[SLOTS];
    private volatile boolean closed;

    private CountFile(OwnedFile file, MappedByteBuffer slots) {
        this.file = file;
        this.slots = slots;
    }

    /**
     * Opens or makes one.
     *
     * @throws IllegalStateException when another process has it open, or when it is another kind of file
     * @throws UncheckedIOException when it cannot be read or written
     */
    public static CountFile open(Path file) {
        OwnedFile owned = null;
        try {
            owned = OwnedFile.open(file);
            if (owned == null) {
                throw new IllegalStateException(
                        "the budget file " + file
                                + " is open in another process or client; give each process a file and a part of the limits of its own");
            }
            return new CountFile(owned, mapped(owned.channel(), file));
        } catch (IOException e) {
            OwnedFile.giveUp(owned);
            throw new UncheckedIOException("the budget file " + file + " cannot be opened: " + e, e);
        } catch (IllegalStateException e) {
            OwnedFile.giveUp(owned);
            throw e;
        }
    }

    private static MappedByteBuffer mapped(FileChannel channel, Path file) throws IOException {
        long length = MAGIC.length + (long) SLOTS * SLOT_BYTES;
        byte[] begins = new byte[MAGIC.length];
        long found = channel.size();
        if (found > 0) {
            int read = channel.read(ByteBuffer.wrap(begins), 0);
            boolean isNew = read == MAGIC.length && Arrays.equals(begins, new byte[MAGIC.length]);
            if (found != length || !isNew && !Arrays.equals(begins, MAGIC)) {
                throw new IllegalStateException("the budget file " + file + ", " + found
                        + " bytes, is no budget file or a damaged one; move it away, and a new one is made");
            }
        }
        MappedByteBuffer all = channel.map(FileChannel.MapMode.READ_WRITE, 0, length);
        all.put(0, MAGIC);
        return all;
    }

    /** The place of a count, the same as before a restart; null when there are too many. */
    @Nullable
    Slot slot(String id) {
        ByteBuffer hash = hash(id);
        long high = hash.getLong();
        long low = hash.getLong();
        lock.lock();
        try {
            int oldest = -1;
            for (int i = 0; i < SLOTS; i++) {
                if (high == get(i, 0) && low == get(i, 8)) {
                    taken[i] = true;
                    return new Slot(i);
                }
                if (!taken[i] && (oldest < 0 || Long.compareUnsigned(get(i, 16), get(oldest, 16)) < 0)) {
                    oldest = i;
                }
            }
            if (oldest < 0) {
                return null;
            }
            taken[oldest] = true;
            set(oldest, 16, 0);
            set(oldest, 0, high);
            set(oldest, 8, low);
            return new Slot(oldest);
        } finally {
            lock.unlock();
        }
    }

    private static ByteBuffer hash(String id) {
        try {
            return ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(id.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private long get(int slot, int at) {
        return (long) LONG.getOpaque(slots, MAGIC.length + slot * SLOT_BYTES + at);
    }

    private void set(int slot, int at, long value) {
        if (!closed) {
            LONG.setOpaque(slots, MAGIC.length + slot * SLOT_BYTES + at, value);
        }
    }

    /** Lets another process have it. What is told afterwards is not kept. */
    @Override
    public void close() {
        closed = true;
        try {
            file.close();
        } catch (IOException e) {
            throw new UncheckedIOException("the budget file cannot be closed: " + e, e);
        }
    }

    /** The place of one count. */
    final class Slot {
        private final int index;

        private Slot(int index) {
            this.index = index;
        }

        /** @param number up to about a million; more is kept as that */
        void keep(long epochMillis, long number) {
            set(index, 16, epochMillis << NUMBER_BITS | Math.max(0, Math.min(MOST, number)));
        }

        /** As it was kept; 0 when it was not. */
        long epochMillis() {
            return get(index, 16) >>> NUMBER_BITS;
        }

        /** As it was kept; 0 when it was not. */
        long number() {
            return get(index, 16) & MOST;
        }
    }
}
