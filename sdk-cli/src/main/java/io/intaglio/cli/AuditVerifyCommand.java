package io.intaglio.cli;

import io.intaglio.client.audit.AuditVerification;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        description = "Says whether every record is as it was written, and names the first that is not.",
        footerHeading = "%nExample:%n",
        footer = {
            "  intaglio audit verify /var/lib/desk/audit --checkpoints /mnt/elsewhere/desk.checkpoints --public-key audit.pub",
            "",
            "The exit status is 1 when a record is missing, moved, changed or there twice."
        })
final class AuditVerifyCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FOLDER", description = "The log.")
    private Path folder = Path.of("");

    @Mixin
    private AuditCheckOptions check = new AuditCheckOptions();

    @Option(names = "--json", description = "One JSON object.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        AuditVerification found = check.verify(folder);
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(Json.line(members(found)));
        } else {
            out.println(found.isSound() ? "sound" : "NOT sound");
            out.println("  " + found);
            out.println("  " + found.files() + " files, " + found.checkpoints() + " checkpoints compared");
            found.notes().forEach(note -> out.println("  note: " + note));
        }
        return found.isSound() ? ExitCode.OK : ExitCode.FAULT;
    }

    private static Map<String, @Nullable Object> members(AuditVerification found) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        members.put("sound", found.isSound());
        members.put("first", found.first());
        members.put("last", found.last());
        members.put("vouchedFor", found.vouchedFor());
        members.put("files", found.files());
        members.put("checkpoints", found.checkpoints());
        found.fault().ifPresent(fault -> {
            members.put("record", fault.sequence());
            members.put("file", fault.file().toString());
            members.put("line", fault.line());
            members.put("what", fault.what());
        });
        members.put("notes", found.notes());
        return members;
    }
}
