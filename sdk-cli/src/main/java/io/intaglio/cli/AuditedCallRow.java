package io.intaglio.cli;

import io.intaglio.client.audit.AuditRecord;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** One call of a log: its intent, or its outcome where it had none, and its outcome, or null while there is none. Immutable. */
final class AuditedCallRow {
    private final AuditRecord first;
    private final @Nullable AuditRecord last;

    AuditedCallRow(AuditRecord first, @Nullable AuditRecord last) {
        this.first = first;
        this.last = last;
    }

    Instant at() {
        return first.at();
    }

    /** {@code open} without one. */
    String outcome() {
        return last == null ? "open" : last.text("outcome").orElse("");
    }

    /** As the outcome has it, or else the intent; empty when neither does. May hold anything: escape it. */
    String text(String member) {
        return Optional.ofNullable(last)
                .flatMap(record -> record.text(member))
                .or(() -> first.text(member))
                .orElse("");
    }

    OptionalLong number(String member) {
        OptionalLong told = last == null ? OptionalLong.empty() : last.number(member);
        return told.isPresent() ? told : first.number(member);
    }

    /** Of the request, as {@code symbol=BTCUSDT side=BUY}. */
    String fields() {
        StringJoiner all = new StringJoiner(" ");
        if (first.members().get("fields") instanceof Map<?, ?> fields) {
            fields.forEach((name, value) -> all.add(name + "=" + value));
        }
        return all.toString();
    }

    /** Why it failed, in a word: the venue's code, or our reason; empty when it did not. */
    String why() {
        for (String member : List.of("code", "reason", "meaning", "fault")) {
            String told = text(member);
            if (!told.isEmpty()) {
                return told;
            }
        }
        return "";
    }

    int attempts() {
        return attemptsTold().size();
    }

    /** Of the attempts that were followed by others. */
    String proofs() {
        StringJoiner proofs = new StringJoiner(" ");
        for (Object attempt : attemptsTold()) {
            if (attempt instanceof Map<?, ?> members && members.get("proof") instanceof String proof) {
                proofs.add(proof);
            }
        }
        return proofs.toString();
    }

    private List<?> attemptsTold() {
        return last != null && last.members().get("attempts") instanceof List<?> attempts ? attempts : List.of();
    }

    /** The exact lines of the log. */
    List<String> lines() {
        return last == null || last == first ? List.of(first.line()) : List.of(first.line(), last.line());
    }
}
