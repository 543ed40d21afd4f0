package io.intaglio.signing.secret;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A secret that may change at its source. Nothing happens by itself: {@link #refresh()} reads the source and compares
 * the content, so a swapped symbolic link, as Kubernetes does it, counts and a new time stamp alone does not. For a
 * change that is verified before it is used, see {@link Rotation}.
 *
 * <p>Thread-safe. A secret that was handed out stays open until the second change after it.
 */
public final class WatchedSecret implements AutoCloseable {
    private final SecretStore store;
    private final String reference;
    private final Object lock = new Object();
    private volatile Secret current;
    private volatile long version = 1;
    private @Nullable Secret previous;

    WatchedSecret(SecretStore store, String reference) {
        this.store = store;
        this.reference = Objects.requireNonNull(reference, "reference");
        this.current = store.resolve(reference);
    }

    /** Where it is read from. */
    public String reference() {
        return reference;
    }

    /** The content as last read. The watch closes it, not the caller. */
    public Secret current() {
        return current;
    }

    /** 1 for the content first read, and one more for each change seen. */
    public long version() {
        return version;
    }

    /**
     * Reads the source again.
     *
     * @return whether the content is another
     * @throws SecretException when the source cannot be read; the current content stays
     */
    @SuppressWarnings("NonAtomicOperationOnVolatileField") // written under the lock alone
    public boolean refresh() {
        Secret fresh = store.resolve(reference); // outside the lock: it may run a command
        synchronized (lock) {
            if (fresh.equals(current)) {
                fresh.close();
                return false;
            }
            if (previous != null) {
                previous.close();
            }
            previous = current;
            current = fresh;
            version++;
            return true;
        }
    }

    /** The version; nothing of the secret. */
    @Override
    public String toString() {
        return "WatchedSecret[version " + version + "]";
    }

    /** Wipes what it holds. */
    @Override
    public void close() {
        synchronized (lock) {
            current.close();
            if (previous != null) {
                previous.close();
            }
        }
    }
}
