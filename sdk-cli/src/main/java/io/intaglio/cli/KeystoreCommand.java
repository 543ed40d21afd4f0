package io.intaglio.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
        name = "keystore",
        mixinStandardHelpOptions = true,
        description =
                "Inspects, makes, converts and tries keystores of TLS client certificates. A password is never an argument.",
        subcommands = {
            KeystoreInspectCommand.class,
            KeystoreCreateCommand.class,
            KeystoreImportCommand.class,
            KeystoreConvertCommand.class,
            KeystoreHandshakeCommand.class,
            KeystoreExpiryCommand.class
        })
final class KeystoreCommand implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }
}
