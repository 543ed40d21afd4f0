package io.intaglio.client.audit;

import io.intaglio.client.event.Event;
import io.intaglio.client.event.Listener;
import io.intaglio.client.internal.event.Broadcast;
import io.intaglio.client.internal.file.OwnedFile;
import io.intaglio.client.internal.json.JsonLine;
import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.Credential;
import io.intaglio.signing.Priority;
import io.intaglio.signing.key.KeyKind;
import io.intaglio.signing.key.SigningKey;
import io.intaglio.signing.venue.Venue;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A log of calls on disk in which a later change shows: each record names the hash of the one before it, and signed {@link Checkpoint}s go
 * outside. Before the first byte of a call stands its intent, after it its outcome; neither holds a secret, a signature, a header or a whole key
 * id. One process has it open at a time; its clients may share it. Thread-safe.
 *
 * <p>It does not see what happens while it is open to somebody who can also reach the checkpoints, and it does not say that a record is true: only
 * that it is the one that was written then. {@link AuditVerifier} checks it.
 */
public final class AuditLog implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AuditLog.class);

    private static final Duration EVERY = Duration.ofSeconds(1);

    /** A checkpoint is made after so many records at the latest. */
    static final int CHECKPOINT_RECORDS = 256;

    /** Checkpoints that are kept for a sink which does not take them; the chain head of each vouches for what the dropped ones did. */
    private static final int MOST_UNDELIVERED = 1024;

    /** When a record is sure to be on the disk. */
    public enum Policy {
        /** An intent before the first byte is sent: survives a loss of power. Callers that come together share one forced write. */
        BEFORE_SEND,
        /** Within about a second. Until then it survives the end of the process, kill -9 too, but not a loss of power. */
        EVERY_SECOND
    }

    /** What becomes of a call whose intent cannot be written, because the disk is full or fails. An event tells of it in any case. */
    public enum OnFailure {
        /** It fails: {@link io.intaglio.client.NotSentException} with reason AUDIT. */
        REFUSE,
        /** It fails, unless it reduces risk, as a cancel does. */
        REFUSE_UNLESS_RISK_REDUCING,
        /** It is sent; a later record counts what is missing. */
        SEND
    }

    private final LogFolder folder;
    private final Policy policy;
    private final OnFailure onFailure;
    private final RequestFields fields;
    private final @Nullable SigningKey key;
    private final CheckpointSink sink;
    private final Broadcast events;
    private final InstantSource clock;
    private final OwnedFile owner;
    private final String log;
    private final LogWriter writer;
    private final String session;
    private final AtomicLong calls = new AtomicLong();
    private final ConcurrentMap<String, KeyMask> masks = new ConcurrentHashMap<>();
    private final AtomicBoolean checkpointIsDue = new AtomicBoolean();
    private final AtomicBoolean failing = new AtomicBoolean();
    private final AtomicBoolean sinkFailing = new AtomicBoolean();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final ReentrantLock vouching = new ReentrantLock();
    private final Deque<Checkpoint> undelivered = new ArrayDeque<>();
    private final @Nullable ScheduledThreadPoolExecutor threads;

    private AuditLog(Builder settings, LogFolder folder, OwnedFile owner) throws IOException {
        this.folder = folder;
        this.owner = owner;
        this.policy = settings.policy;
        this.onFailure = settings.onFailure;
        this.fields = new RequestFields(settings.alsoRecorded);
        this.key = settings.key;
        this.sink = settings.sink;
        this.events = new Broadcast(settings.listeners);
        this.clock = settings.clock;
        SecureRandom random = new SecureRandom();
        this.session = hex(random, 4);
        this.threads = settings.hasThreads ? daemons() : null;
        LogFolder.End end = folder.recover();
        this.log = end == null ? hex(random, 8) : end.log();
        refuseOlder(end);
        this.writer = new LogWriter(
                folder,
                settings.opener,
                log,
                end,
                settings.maxFileBytes,
                clock,
                key == null ? 0 : CHECKPOINT_RECORDS,
                this::checkpointDue);
        try {
            opened(end);
        } catch (AuditException e) {
            if (onFailure != OnFailure.SEND) {
                writer.close();
                throw e;
            }
        }
    }

    private static String hex(SecureRandom random, int bytes) {
        byte[] id = new byte[bytes];
        random.nextBytes(id);
        return HexFormat.of().formatHex(id);
    }

    private static ScheduledThreadPoolExecutor daemons() {
        ScheduledThreadPoolExecutor threads = new ScheduledThreadPoolExecutor(2, work -> {
            Thread thread = new Thread(work, "intaglio-audit");
            thread.setDaemon(true);
            return thread;
        });
        threads.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        return threads;
    }

    private void start() {
        if (threads == null) {
            return;
        }
        repeat(threads, this::force);
        if (key != null) {
            repeat(threads, this::checkpoint);
        }
    }

    private static void repeat(ScheduledThreadPoolExecutor threads, Runnable work) {
        ScheduledFuture<?> untilShutdown =
                threads.scheduleWithFixedDelay(work, EVERY.toMillis(), EVERY.toMillis(), TimeUnit.MILLISECONDS);
        LOG.trace("scheduled {}", untilShutdown);
    }

    private void checkpointDue() {
        if (threads != null && checkpointIsDue.compareAndSet(false, true)) {
            try {
                threads.execute(this::checkpoint);
            } catch (RejectedExecutionException closing) {
                // close() makes the last one
            }
        }
    }

    /** A log that ends before what was vouched for is an older copy, or was cut. */
    private void refuseOlder(LogFolder.@Nullable End end) throws IOException {
        if (key == null) {
            return;
        }
        if (end == null) {
            return;
        }
        Checkpoint newest = sink.newest(log).orElse(null);
        if (newest == null) {
            return;
        }
        if (newest.to() > end.sequence()
                || newest.to() == end.sequence() && !newest.head().equals(end.head())) {
            throw new AuditException(
                    "the audit log " + folder + " ends with record " + end.sequence() + ", but its checkpoint of "
                            + newest.at() + " vouches for " + newest.to()
                            + (newest.to() == end.sequence() ? " with another content" : " records")
                            + ": it was cut, changed or replaced by an older copy; keep the folder, look for the newer one, or begin a new log in"
                            + " another folder",
                    null);
        }
    }

    private void opened(LogFolder.@Nullable End end) {
        if (end != null && (!end.closed() || end.torn() != null)) {
            Map<String, Object> recovered = record("recovered");
            recovered.put("after", end.sequence());
            Path torn = end.torn();
            if (torn != null) {
                recovered.put("torn", torn.getFileName().toString());
            }
            append(recovered, true);
        }
        Map<String, Object> opened = record("opened");
        opened.put("session", session);
        opened.put("policy", policy.name().toLowerCase(Locale.ROOT).replace('_', '-'));
        append(opened, true);
    }

    /** Begins the settings of the log in this folder, which is made when it is missing. */
    public static Builder builder(Path folder) {
        return new Builder(folder);
    }

    /** The folder. */
    public Path folder() {
        return folder.path();
    }

    /** Random name of the log, which its checkpoints have too. */
    public String id() {
        return log;
    }

    boolean refuses(Priority priority) {
        return switch (onFailure) {
            case REFUSE -> true;
            case REFUSE_UNLESS_RISK_REDUCING -> priority != Priority.RISK_REDUCING;
            case SEND -> false;
        };
    }

    /** Begins to follow a call; nothing is written yet. */
    public AuditedCall call(Venue venue, ApiRequest request, Credential credential) {
        KeyMask mask = masks.computeIfAbsent(credential.keyId(), id -> new KeyMask(id, Sha256.fingerprint(id)));
        return new AuditedCall(
                this,
                session + "-" + calls.incrementAndGet(),
                venue,
                request,
                mask,
                credential.key().orElse(null));
    }

    /** The same for a call that no key signs, such as one that was refused for want of a key. */
    public AuditedCall call(Venue venue, ApiRequest request) {
        return new AuditedCall(
                this, session + "-" + calls.incrementAndGet(), venue, request, new KeyMask("", ""), null);
    }

    RequestFields fields() {
        return fields;
    }

    String now() {
        return clock.instant().toString();
    }

    private Map<String, Object> record(String kind) {
        Map<String, Object> record = new LinkedHashMap<>();
        record.put("kind", kind);
        record.put("at", now());
        return record;
    }

    /**
     * Writes a record.
     *
     * @param isForced whether something waits for it to be as safe as the policy demands
     * @throws AuditException when it is not; an event has told so
     */
    void append(Map<String, Object> record, boolean isForced) {
        try {
            writer.append(JsonLine.writeAscii(record), isForced && policy == Policy.BEFORE_SEND);
        } catch (IOException e) {
            failed(e);
            throw new AuditException(
                    "the audit log " + folder + " cannot be written: " + e.getMessage()
                            + "; free its disk or mend it, it goes on by itself",
                    e);
        }
        written();
    }

    /** Writes a record that nobody can be refused for any more. */
    void appendOrTell(Map<String, Object> record) {
        try {
            append(record, false);
        } catch (AuditException told) {
            // by an event, and by the next record that can be written
        }
    }

    private void written() {
        long lost = failing.get() && failing.compareAndSet(true, false) ? writer.takeResumed() : -1;
        if (lost >= 0) {
            LOG.warn("the audit log {} is written again; {} records were lost", folder, lost);
            events.tell(new Event.AuditResumed("", folder.toString(), lost));
        }
    }

    private void failed(IOException e) {
        if (failing.compareAndSet(false, true)) {
            LOG.error("the audit log {} cannot be written", folder, e);
            events.tell(new Event.AuditFailed("", folder.toString(), String.valueOf(e.getMessage())));
        }
    }

    /** Forces to disk what was written. */
    void force() {
        try {
            writer.forceAll();
        } catch (IOException e) {
            failed(e);
        }
    }

    /** Vouches for what was written since the last time, and hands it out; nothing when another thread is at it. */
    void checkpoint() {
        if (vouching.tryLock()) {
            try {
                do {
                    checkpointIsDue.set(false);
                    vouch();
                } while (checkpointIsDue.get());
            } finally {
                vouching.unlock();
            }
        }
    }

    private void vouch() {
        SigningKey signer = key;
        LogWriter.Covered covered = signer == null ? null : writer.cover();
        if (signer != null && covered != null) {
            try {
                writer.forceAll(); // nothing is vouched for that a loss of power may take
                undelivered.add(Checkpoint.signed(
                        signer, log, covered.from(), covered.to(), covered.root(), covered.head(), clock.instant()));
            } catch (IOException e) {
                failed(e);
            } catch (RuntimeException e) {
                notVouched("they cannot be signed", e);
            }
        }
        while (!undelivered.isEmpty()) {
            try {
                sink.accept(undelivered.element());
            } catch (IOException | RuntimeException e) {
                notVouched("they are not taken", e);
                break;
            }
            undelivered.remove();
            if (sinkFailing.compareAndSet(true, false)) {
                events.tell(new Event.AuditResumed("", folder.toString(), 0));
            }
        }
        while (undelivered.size() > MOST_UNDELIVERED) {
            undelivered.remove();
        }
    }

    private void notVouched(String why, Exception e) {
        if (sinkFailing.compareAndSet(false, true)) {
            LOG.error("checkpoints of the audit log {} fail: {}", folder, why, e);
            events.tell(new Event.AuditFailed(
                    "", folder.toString(), "its checkpoints fail, " + why + ": " + e.getMessage()));
        }
    }

    /** Writes that the log is closed, forces it to disk and vouches for it. Close the clients that use it before. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        if (threads != null) {
            threads.shutdown();
        }
        appendOrTell(record("closed"));
        force();
        vouching.lock();
        try {
            vouch();
        } finally {
            vouching.unlock();
        }
        try {
            writer.close();
            owner.close();
        } catch (IOException e) {
            throw new AuditException("the audit log " + folder + " cannot be closed: " + e.getMessage(), e);
        }
    }

    /** The folder. */
    @Override
    public String toString() {
        return "AuditLog[" + folder + "]";
    }

    /** Collects the settings of a log. Not thread-safe. */
    public static final class Builder {
        private final LogFolder folder;
        private Policy policy = Policy.BEFORE_SEND;
        private OnFailure onFailure = OnFailure.REFUSE;
        private @Nullable SigningKey key;
        private CheckpointSink sink = checkpoint -> {};
        private final List<Listener> listeners = new ArrayList<>();
        private final List<String> alsoRecorded = new ArrayList<>();
        private long maxFileBytes = 64L << 20;
        private InstantSource clock = InstantSource.system();
        private LogFile.Opener opener = LogFile::open;
        private boolean hasThreads = true;

        private Builder(Path folder) {
            this.folder = new LogFolder(folder);
        }

        /** When a record is sure to be on the disk; {@link Policy#BEFORE_SEND} unless set. */
        public Builder policy(Policy newPolicy) {
            policy = Objects.requireNonNull(newPolicy, "policy");
            return this;
        }

        /** What becomes of a call whose intent cannot be written; {@link OnFailure#REFUSE} unless set. */
        public Builder onFailure(OnFailure newOnFailure) {
            onFailure = Objects.requireNonNull(newOnFailure, "onFailure");
            return this;
        }

        /**
         * Signs a checkpoint after 256 records or a second, and when the log is closed, and hands it out. Without, a cut tail and a log that was
         * written anew cannot be told.
         *
         * @param signer an Ed25519 key for nothing else; the log does not close it
         * @param outside a place that those who can write the log cannot
         * @throws IllegalArgumentException when the key is of another kind, or the file is in the log's own folder
         */
        public Builder checkpoints(SigningKey signer, CheckpointSink outside) {
            if (signer.kind() != KeyKind.ED25519) {
                throw new IllegalArgumentException("checkpoints are signed by an Ed25519 key, but this is "
                        + signer.kind() + "; make one for them");
            }
            if (outside instanceof CheckpointFile inFile && inFile.file().startsWith(folder.path())) {
                throw new IllegalArgumentException(
                        "checkpoint file " + inFile.file()
                                + " is in the folder of the log for which it has to vouch; put it elsewhere, best on another machine");
            }
            key = signer;
            sink = Objects.requireNonNull(outside, "outside");
            return this;
        }

        /**
         * Names of fields that are recorded besides those of orders and transfers. A name that looks like that of a secret is refused by
         * {@link #open} with an IllegalArgumentException.
         */
        public Builder alsoRecord(String... names) {
            alsoRecorded.addAll(List.of(names));
            return this;
        }

        /** Hears when the log cannot be written and when it can again; may be said more than once. */
        public Builder listener(Listener listener) {
            listeners.add(Objects.requireNonNull(listener, "listener"));
            return this;
        }

        /**
         * After how many bytes a new file is begun; 64 MiB unless set.
         *
         * @throws IllegalArgumentException when it is under 4 KiB
         */
        public Builder maxFileBytes(long bytes) {
            if (bytes < 4096) {
                throw new IllegalArgumentException("max file bytes must be at least 4096, was " + bytes);
            }
            maxFileBytes = bytes;
            return this;
        }

        /** Where the times of records come from; the host's clock unless set. */
        public Builder clock(InstantSource newClock) {
            clock = Objects.requireNonNull(newClock, "clock");
            return this;
        }

        /** What is written to; the disk unless set. */
        Builder opener(LogFile.Opener newOpener) {
            opener = newOpener;
            return this;
        }

        /** Forces and vouches only when it is told to. */
        Builder withoutThreads() {
            hasThreads = false;
            return this;
        }

        /**
         * Opens or makes the log. What a crash left of a last record is moved to a file beside, and a record names it.
         *
         * @throws AuditException when another process has it open, when it is damaged or older than its checkpoints, or cannot be written
         */
        public AuditLog open() {
            OwnedFile owner = null;
            try {
                folder.make();
                owner = OwnedFile.open(folder.lockFile());
                if (owner == null) {
                    throw new AuditException(
                            "the audit log " + folder
                                    + " is open in another process or twice in this one; give each process a folder of its own",
                            null);
                }
                AuditLog opened = new AuditLog(this, folder, owner);
                opened.start();
                return opened;
            } catch (IOException e) {
                OwnedFile.giveUp(owner);
                throw new AuditException("the audit log " + folder + " cannot be opened: " + e, e);
            } catch (RuntimeException e) {
                OwnedFile.giveUp(owner);
                throw e;
            }
        }
    }
}
