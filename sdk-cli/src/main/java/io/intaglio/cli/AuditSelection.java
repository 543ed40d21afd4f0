package io.intaglio.cli;

import io.intaglio.client.audit.AuditRecord;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which calls of a log are meant. */
final class AuditSelection {
    @Parameters(paramLabel = "FOLDER", description = "The log.")
    private Path folder = Path.of("");

    @Option(
            names = "--since",
            paramLabel = "TIME",
            description = "Calls that began then or later: 2026-03-01T12:00:00Z.")
    private @Nullable String since;

    @Option(names = "--until", paramLabel = "TIME", description = "Calls that began before.")
    private @Nullable String until;

    @Option(names = "--venue", paramLabel = "VENUE", description = "Calls to this venue.")
    private @Nullable String venue;

    @Option(names = "--order", paramLabel = "ID", description = "Calls with this client order id.")
    private @Nullable String order;

    @Option(
            names = "--outcome",
            paramLabel = "OUTCOME",
            description = "accepted, reconciled, rejected, throttled, unanswered, not-sent, fault or open.")
    private @Nullable String outcome;

    Path folder() {
        return folder;
    }

    /** Each call once, in the order of outcomes; those without one, which are under way or were cut short, at the end. */
    void read(Consumer<AuditedCallRow> reader) {
        Instant from = time("--since", since, Instant.MIN);
        Instant to = time("--until", until, Instant.MAX);
        Map<String, AuditRecord> open = new LinkedHashMap<>();
        AuditRecord.readAll(folder, record -> {
            String call = record.text("call").orElse("");
            if (record.kind().equals("intent")) {
                open.put(call, record);
            } else if (record.kind().equals("outcome")) {
                AuditRecord intent = open.remove(call);
                give(new AuditedCallRow(intent == null ? record : intent, record), from, to, reader);
            }
        });
        open.values().forEach(intent -> give(new AuditedCallRow(intent, null), from, to, reader));
    }

    private void give(AuditedCallRow call, Instant from, Instant to, Consumer<AuditedCallRow> reader) {
        if (!call.at().isBefore(from)
                && call.at().isBefore(to)
                && (venue == null || venue.equals(call.text("venue")))
                && (order == null || order.equals(call.text("order")))
                && (outcome == null || outcome.equals(call.outcome()))) {
            reader.accept(call);
        }
    }

    private static Instant time(String option, @Nullable String text, Instant otherwise) {
        try {
            return text == null ? otherwise : Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw new UsageException(option + " wants a time such as 2026-03-01T12:00:00Z, not '" + text + "'");
        }
    }
}
