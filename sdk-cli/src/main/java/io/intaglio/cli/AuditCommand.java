package io.intaglio.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
        name = "audit",
        mixinStandardHelpOptions = true,
        description = "Checks, shows, exports and draws audit logs. Changes none.",
        subcommands = {
            AuditVerifyCommand.class,
            AuditShowCommand.class,
            AuditExportCommand.class,
            AuditReportCommand.class
        })
final class AuditCommand implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }
}
