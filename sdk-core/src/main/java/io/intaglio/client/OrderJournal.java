package io.intaglio.client;

import io.intaglio.client.internal.file.OwnedFile;
import io.intaglio.client.internal.json.JsonLine;
import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.Body;
import io.intaglio.signing.Field;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers each order before its first byte is written and until its outcome is certain, so that after a crash the orders of which nothing more is
 * known can be asked about. A file of one process, appended to line by line; it holds client order ids and how to ask for them, no key, signature,
 * price or amount. Clients of several venues may share one. Those of several accounts of one venue may do so only when no two of their orders have
 * the same id; ids that the library makes never have. Thread-safe.
 *
 * <pre>{@code
 * try (OrderJournal journal = OrderJournal.open(Path.of("orders.jsonl"), OrderJournal.Durability.BEFORE_SEND);
 *         VenueClient client = VenueClient.builder(BinanceSpot.VENUE).credential(key).journal(journal).build()) {
 *     for (PendingOrder order : client.pending()) {
 *         System.out.println(client.reconcile(order));
 *     }
 * }
 * }</pre>
 */
public final class OrderJournal implements AutoCloseable {

    /** When what is written is sure to be on the disk. */
    public enum Durability {
        /** Before an order is sent: survives a loss of power. Costs one forced write an order. */
        BEFORE_SEND,
        /** When the operating system pleases: survives the end of the process, kill -9 too, but not a loss of power. */
        PROCESS
    }

    private record Key(String venue, String clientOrderId) {
        Key(PendingOrder order) {
            this(order.venue(), order.clientOrderId());
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(OrderJournal.class);

    private final Path file;
    private final Durability durability;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Key, PendingOrder> pending = new LinkedHashMap<>();
    private final OwnedFile guard;
    /** Not a channel: Java closes one when a thread that uses it is interrupted, as that of a cancelled call is. */
    private final RandomAccessFile lines;
    /** Bytes of whole lines. What a failed write left behind them, on a full disk, is cut off before the next. */
    private long length;

    private OrderJournal(Path file, Durability durability, OwnedFile guard) throws IOException {
        this.file = file;
        this.durability = durability;
        this.guard = guard;
        recover();
        compact();
        this.lines = new RandomAccessFile(file.toFile(), "rw");
        this.length = lines.length();
    }

    /**
     * Opens or makes a journal, and shortens it to the orders that are pending. A last line that a crash cut off is dropped: its order was not
     * sent.
     *
     * @throws IllegalStateException when another process or journal has it open, or when it is damaged; the message says where
     * @throws UncheckedIOException when it cannot be read or written
     */
    public static OrderJournal open(Path file, Durability durability) {
        Objects.requireNonNull(durability, "durability");
        Path lockFile = file.resolveSibling(file.getFileName() + ".lock");
        OwnedFile guard = null;
        try {
            guard = OwnedFile.open(lockFile);
            if (guard == null) {
                throw new IllegalStateException("the journal " + file
                        + " is open in another process or client; give each process a journal of its own");
            }
            return new OrderJournal(file, durability, guard);
        } catch (IOException e) {
            OwnedFile.giveUp(guard);
            throw new UncheckedIOException("the journal " + file + " cannot be opened: " + e, e);
        } catch (IllegalStateException e) {
            OwnedFile.giveUp(guard);
            throw e;
        }
    }

    private void recover() throws IOException {
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            return;
        }
        int start = 0;
        int line = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '\n') {
                line++;
                replay(new String(bytes, start, i - start, StandardCharsets.UTF_8), line);
                start = i + 1;
            }
        }
    }

    private void replay(String text, int line) {
        try {
            Map<String, Object> record = JsonLine.read(text);
            if (record.get("done") instanceof String done) {
                // a journal of before 0.1.0 names no venue
                pending.keySet()
                        .removeIf(key -> key.clientOrderId().equals(done)
                                && key.venue().equals(record.getOrDefault("venue", key.venue())));
            } else {
                PendingOrder order = order(record);
                pending.put(new Key(order), order);
            }
        } catch (DateTimeException | ClassCastException | IllegalArgumentException e) {
            throw new IllegalStateException(
                    "the journal " + file + " is damaged in line " + line
                            + "; orders from there on may be pending. Keep the file, ask the venue for open orders, and begin a new journal",
                    e);
        }
    }

    private static PendingOrder order(Map<String, Object> record) {
        List<ApiRequest> questions = new ArrayList<>();
        for (Object question : list(record.get("ask"))) {
            questions.add(question((Map<?, ?>) question));
        }
        return new PendingOrder(
                text(record.get("order")),
                text(record.get("venue")),
                Instant.parse(text(record.get("at"))),
                record.containsKey("for") ? Duration.parse(text(record.get("for"))) : null,
                questions);
    }

    private static ApiRequest question(Map<?, ?> told) {
        ApiRequest request = ApiRequest.of(text(told.get("method")), text(told.get("path")));
        for (Object field : list(told.get("query"))) {
            request = request.query(text(list(field).get(0)), text(list(field).get(1)));
        }
        for (Object field : list(told.get("form"))) {
            request = request.form(text(list(field).get(0)), text(list(field).get(1)));
        }
        return request;
    }

    private static String text(@Nullable Object value) {
        if (value instanceof String text) {
            return text;
        }
        throw new IllegalArgumentException("a text is missing");
    }

    private static List<?> list(@Nullable Object value) {
        if (value instanceof List<?> list) {
            return list;
        }
        throw new IllegalArgumentException("a list is missing");
    }

    private void compact() throws IOException {
        Path next = file.resolveSibling(file.getFileName() + ".next");
        try (FileOutputStream fresh = new FileOutputStream(next.toFile())) {
            for (PendingOrder order : pending.values()) {
                fresh.write(line(order));
            }
            fresh.getFD().sync();
        }
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Orders of this venue without a known outcome, oldest first. */
    List<PendingOrder> pending(String venue) {
        lock.lock();
        try {
            return pending.values().stream()
                    .filter(order -> order.venue().equals(venue))
                    .toList();
        } finally {
            lock.unlock();
        }
    }

    /** Writes an order down, each attempt with its time; returns what was pending under its id. */
    @Nullable
    PendingOrder begin(PendingOrder order) {
        lock.lock();
        try {
            append(line(order), durability == Durability.BEFORE_SEND);
            return pending.put(new Key(order), order);
        } finally {
            lock.unlock();
        }
    }

    /**
     * The outcome of an order is certain. Losing this line costs a question to the venue after a restart, so it is not forced, and when it cannot be
     * written the outcome reaches the caller all the same.
     */
    void end(String venue, String clientOrderId, String as) {
        lock.lock();
        try {
            if (pending.remove(new Key(venue, clientOrderId)) != null) {
                append(bytes(Map.of("done", clientOrderId, "venue", venue, "as", as)), false);
            }
        } catch (UncheckedIOException e) {
            LOG.warn(
                    "{}; order {} ended as {}, and is asked about again after a restart",
                    e.getMessage(),
                    clientOrderId,
                    as);
        } finally {
            lock.unlock();
        }
    }

    /** Ends an order unless a later one of its id was begun, of which this says nothing. */
    @SuppressWarnings("ReferenceEquality") // two copies of an order may be equal
    void notExecuted(PendingOrder order) {
        lock.lock();
        try {
            if (pending.get(new Key(order)) == order) {
                end(order.venue(), order.clientOrderId(), "NOT_EXECUTED");
            }
        } finally {
            lock.unlock();
        }
    }

    private static byte[] line(PendingOrder order) {
        Map<String, Object> record = new LinkedHashMap<>();
        record.put("order", order.clientOrderId());
        record.put("venue", order.venue());
        record.put("at", order.sentAt().toString());
        Duration acceptedFor = order.acceptedFor();
        if (acceptedFor != null) {
            record.put("for", acceptedFor.toString());
        }
        record.put("ask", order.questions().stream().map(OrderJournal::told).toList());
        return bytes(record);
    }

    private static Map<String, Object> told(ApiRequest question) {
        Map<String, Object> told = new LinkedHashMap<>();
        told.put("method", question.method());
        told.put("path", question.path());
        told.put("query", pairs(question.query()));
        told.put("form", pairs(question.body() instanceof Body.Form form ? form.fields() : List.of()));
        return told;
    }

    private static List<List<String>> pairs(List<Field> fields) {
        return fields.stream()
                .map(field -> List.of(field.name(), field.value()))
                .toList();
    }

    private static byte[] bytes(Map<String, Object> record) {
        return (JsonLine.write(record) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private void append(byte[] line, boolean force) {
        try {
            if (lines.length() != length) {
                lines.setLength(length);
            }
            lines.seek(length);
            lines.write(line);
            if (force) {
                lines.getFD().sync();
            }
            length += line.length;
        } catch (IOException e) {
            throw new UncheckedIOException("the journal " + file + " cannot be written: " + e, e);
        }
    }

    /** Closes the file. Close the clients that use it before. */
    @Override
    public void close() {
        lock.lock();
        try {
            lines.close();
            guard.close();
        } catch (IOException e) {
            throw new UncheckedIOException("the journal " + file + " cannot be closed: " + e, e);
        } finally {
            lock.unlock();
        }
    }

    /** The file. */
    @Override
    public String toString() {
        return "OrderJournal[" + file + "]";
    }
}
