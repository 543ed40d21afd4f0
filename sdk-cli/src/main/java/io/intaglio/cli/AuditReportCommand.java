package io.intaglio.cli;

import io.intaglio.client.audit.AuditException;
import io.intaglio.client.audit.AuditVerification;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "report",
        mixinStandardHelpOptions = true,
        description = "Checks a log and writes one HTML page with charts: no script, nothing from elsewhere.",
        footerHeading = "%nExample:%n",
        footer = {
            "  intaglio audit report /var/lib/desk/audit --out report.html",
            "",
            "The page is written for a log that is not sound, too, and says so; the exit status is 1 then."
        })
final class AuditReportCommand implements Callable<Integer> {
    @Mixin
    private AuditSelection selection = new AuditSelection();

    @Mixin
    private AuditCheckOptions check = new AuditCheckOptions();

    @Option(
            names = "--out",
            paramLabel = "FILE",
            required = true,
            description = "The page; written over when it is there.")
    private Path out = Path.of("");

    @Option(names = "--json", description = "Says what was written as one JSON object.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** Of a damaged log what stands before the damage. */
    private void read(AuditReport report, Consumer<AuditedCallRow> reader) {
        try {
            selection.read(reader);
        } catch (AuditException e) {
            report.note("Drawn from the records before the damage alone: " + e.getMessage());
        }
    }

    @Override
    public Integer call() {
        AuditVerification found = check.verify(selection.folder());
        AuditReport report = new AuditReport();
        read(report, report::span);
        read(report, report::add);
        try {
            java.nio.file.Files.writeString(
                    out, report.page(selection.folder().toString(), found), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalArgumentException("file " + out + " cannot be written: " + e, e);
        }
        if (json) {
            Map<String, @Nullable Object> members = new LinkedHashMap<>();
            members.put("file", out.toString());
            members.put("calls", report.calls());
            members.put("sound", found.isSound());
            spec.commandLine().getOut().println(Json.line(members));
        } else {
            spec.commandLine().getErr().println("intaglio: " + report.calls() + " calls drawn in " + out);
        }
        return found.isSound() ? ExitCode.OK : ExitCode.FAULT;
    }
}
