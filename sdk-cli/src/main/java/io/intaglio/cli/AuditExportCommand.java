package io.intaglio.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.StringJoiner;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "export",
        mixinStandardHelpOptions = true,
        description = "Prints calls as CSV (RFC 4180) or JSON Lines, one call a line. Does not check the log.",
        footerHeading = "%nExample:%n",
        footer = {
            "  intaglio audit export /var/lib/desk/audit --csv > calls.csv",
            "",
            "Texts that a spreadsheet would take for a formula get an apostrophe in front."
        })
final class AuditExportCommand implements Callable<Integer> {
    private static final List<String> TEXTS = List.of(
            "venue",
            "host",
            "method",
            "path",
            "order",
            "key",
            "guard",
            "limit",
            "effect",
            "reason",
            "code",
            "meaning",
            "requestId",
            "fault");
    private static final List<String> NUMBERS = List.of(
            "seq",
            "keyVersion",
            "status",
            "us",
            "waitedUs",
            "limitUsed",
            "limitCapacity",
            "clockOffsetUs",
            "clockBoundUs");

    @Mixin
    private AuditSelection selection = new AuditSelection();

    @Option(names = "--csv", description = "CSV with a head; what is printed unless --json is given.")
    private boolean csv;

    @Option(names = "--json", description = "One JSON object for each call.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        if (csv && json) {
            throw new UsageException("give --csv or --json, not both");
        }
        PrintWriter out = spec.commandLine().getOut();
        if (!json) {
            StringJoiner head = new StringJoiner(",")
                    .add("at")
                    .add("outcome")
                    .add("attempts")
                    .add("proofs");
            NUMBERS.forEach(head::add);
            TEXTS.forEach(head::add);
            out.print(head.add("fields") + "\r\n");
        }
        selection.read(call -> out.print(json ? object(call) + "\n" : row(call) + "\r\n"));
        return ExitCode.OK;
    }

    private static String row(AuditedCallRow call) {
        StringJoiner row = new StringJoiner(",")
                .add(call.at().toString())
                .add(cell(call.outcome()))
                .add(Integer.toString(call.attempts()))
                .add(cell(call.proofs()));
        NUMBERS.forEach(name -> row.add(
                call.number(name).isPresent() ? Long.toString(call.number(name).getAsLong()) : ""));
        TEXTS.forEach(name -> row.add(cell(call.text(name))));
        return row.add(cell(call.fields())).toString();
    }

    private static String cell(String text) {
        String shown = Printable.text(text);
        if (!shown.isEmpty() && "=+-@".indexOf(shown.charAt(0)) >= 0) {
            shown = "'" + shown;
        }
        return shown.matches("[^,\"]*") ? shown : '"' + shown.replace("\"", "\"\"") + '"';
    }

    private static String object(AuditedCallRow call) {
        java.util.Map<String, Object> members = new java.util.LinkedHashMap<>();
        members.put("at", call.at().toString());
        members.put("outcome", call.outcome());
        members.put("attempts", call.attempts());
        members.put("proofs", call.proofs());
        NUMBERS.forEach(name -> call.number(name).ifPresent(number -> members.put(name, number)));
        TEXTS.forEach(name -> {
            if (!call.text(name).isEmpty()) {
                members.put(name, Printable.text(call.text(name)));
            }
        });
        members.put("fields", Printable.text(call.fields()));
        return Json.line(members);
    }
}
