package io.intaglio.client.audit;

import io.intaglio.client.internal.json.JsonLine;
import java.io.IOException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * One record of a log, as it was read. Its texts are what was recorded, not escaped any more: escape them again before they reach a terminal or
 * a page. Immutable and thread-safe.
 */
public final class AuditRecord {
    /** How a call ended. */
    public enum Outcome {
        /** The venue's yes. */
        ACCEPTED,
        /** The answer was lost, and the venue said afterwards that it has the order. */
        RECONCILED,
        /** The venue's no. */
        REJECTED,
        /** Refused for too many requests. */
        THROTTLED,
        /** Written, and no answer came. */
        UNANSWERED,
        /** Not a byte was written, or the order was proved absent. */
        NOT_SENT,
        /** The client itself failed. */
        FAULT;

        /** As a record has it. */
        String written() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    private final long sequence;
    private final Instant at;
    private final String kind;
    private final Map<String, Object> members;
    private final String line;

    private AuditRecord(long sequence, Instant at, String kind, Map<String, Object> members, String line) {
        this.sequence = sequence;
        this.at = at;
        this.kind = kind;
        this.members = members;
        this.line = line;
    }

    static AuditRecord parse(String line) {
        Map<String, Object> members = Collections.unmodifiableMap(JsonLine.read(line));
        try {
            if (members.get("seq") instanceof Number sequence
                    && members.get("kind") instanceof String kind
                    && members.get("at") instanceof String at) {
                return new AuditRecord(sequence.longValue(), Instant.parse(at), kind, members, line);
            }
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("a record's time cannot be read", e);
        }
        throw new IllegalArgumentException("a record lacks its number, kind or time");
    }

    /**
     * Reads a log in order, without checking it; see {@link AuditVerifier} for that. A last line that is not finished is left out.
     *
     * @throws AuditException when it cannot be read; the message names file and line
     */
    public static void readAll(Path folder, Consumer<AuditRecord> reader) {
        try {
            List<Path> files = new LogFolder(folder).files();
            if (files.isEmpty()) {
                throw new AuditException("there is no audit log in " + folder, null);
            }
            try (LogLines lines = new LogLines(files)) {
                while (lines.next()) {
                    if (lines.isWhole()) {
                        reader.accept(parsed(lines));
                    }
                }
            }
        } catch (IOException e) {
            throw new AuditException("the audit log " + folder + " cannot be read: " + e, e);
        }
    }

    private static AuditRecord parsed(LogLines lines) {
        try {
            return parse(lines.text());
        } catch (IllegalArgumentException e) {
            throw new AuditException(
                    lines.file() + " line " + lines.line() + " is no record; run 'intaglio audit verify'", e);
        }
    }

    /** Number in the log, from 1. */
    public long sequence() {
        return sequence;
    }

    /** When it was made, on the host's clock. */
    public Instant at() {
        return at;
    }

    /**
     * {@code intent} before the first byte of a call and {@code outcome} after it; of the log itself {@code file}, {@code opened},
     * {@code recovered}, {@code gap}, {@code unforced} and {@code closed}.
     */
    public String kind() {
        return kind;
    }

    /** How the call ended; absent unless this is an outcome. */
    public Optional<Outcome> outcome() {
        String written = text("outcome").orElse("");
        for (Outcome outcome : Outcome.values()) {
            if (outcome.written().equals(written)) {
                return Optional.of(outcome);
            }
        }
        return Optional.empty();
    }

    /** A member with a text. */
    public Optional<String> text(String member) {
        return members.get(member) instanceof String text ? Optional.of(text) : Optional.empty();
    }

    /** A member with a whole number. */
    public OptionalLong number(String member) {
        return members.get(member) instanceof Number number
                ? OptionalLong.of(number.longValue())
                : OptionalLong.empty();
    }

    /** All members, unmodifiable. */
    public Map<String, Object> members() {
        return members;
    }

    /** The exact line, without its end. */
    public String line() {
        return line;
    }

    /** Number and kind. */
    @Override
    public String toString() {
        return "AuditRecord[" + sequence + " " + kind + "]";
    }
}
