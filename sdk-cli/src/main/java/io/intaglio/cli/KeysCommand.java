package io.intaglio.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
        name = "keys",
        mixinStandardHelpOptions = true,
        description = "Generates, inspects, converts, imports and checks keys. A password is never an argument.",
        subcommands = {
            KeysGenerateCommand.class,
            KeysInspectCommand.class,
            KeysConvertCommand.class,
            KeysImportCommand.class,
            KeysCheckCommand.class
        })
final class KeysCommand implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }
}
