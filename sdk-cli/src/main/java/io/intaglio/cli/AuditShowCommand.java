package io.intaglio.cli;

import java.io.PrintWriter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "show",
        mixinStandardHelpOptions = true,
        description = "One line for each call, in the order in which they ended. Does not check the log.",
        footerHeading = "%nExample:%n",
        footer = {
            "  intaglio audit show /var/lib/desk/audit --outcome unanswered --since 2026-03-01T12:00:00Z",
            "",
            "A call that is 'open' has an intent and no outcome: it is under way, or its process was killed; ask the venue for its order."
        })
final class AuditShowCommand implements Callable<Integer> {
    @Mixin
    private AuditSelection selection = new AuditSelection();

    @Option(names = "--fields", description = "With the recorded fields of the requests.")
    private boolean fields;

    @Option(names = "--json", description = "The log's own lines, intent and outcome of each call.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        selection.read(call -> {
            if (json) {
                call.lines().forEach(out::println);
            } else {
                out.println(line(call));
            }
        });
        return ExitCode.OK;
    }

    private String line(AuditedCallRow call) {
        String took = call.number("us").isPresent() ? call.number("us").getAsLong() / 1000 + " ms" : "";
        String line = String.format(
                Locale.ROOT,
                "%-24s  %-10s  %-6s  %-32s  %-10s  %9s  %2d  %-20s  %s",
                call.at().truncatedTo(ChronoUnit.MILLIS),
                call.text("venue"),
                call.text("method"),
                call.text("path"),
                call.outcome(),
                took,
                call.attempts(),
                call.text("order"),
                call.why() + (fields ? "  " + call.fields() : ""));
        return Printable.text(line.stripTrailing());
    }
}
