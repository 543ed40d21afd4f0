package io.intaglio.cli;

import io.intaglio.signing.secret.Secret;
import io.intaglio.signing.secret.VaultFile;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "import",
        mixinStandardHelpOptions = true,
        description = "Puts a secret or a private key into an encrypted vault file.",
        footerHeading = "%nExample:%n",
        footer = {
            "  intaglio keys import kraken.secret --into desk.vault --name kraken --create --password-prompt",
            "",
            "Then use vaultfile:desk.vault#kraken. The file that it came from stays: remove it yourself."
        })
final class KeysImportCommand implements Callable<Integer> {
    @Parameters(paramLabel = "SECRET", description = "A file, or a reference such as env:KRAKEN_SECRET.")
    private String source = "";

    @Option(names = "--into", required = true, paramLabel = "VAULT", description = "The vault file.")
    private Path vault = Path.of("");

    @Option(names = "--name", required = true, paramLabel = "NAME", description = "Of the entry.")
    private String name = "";

    @Option(names = "--create", description = "Make the vault file; it must not exist.")
    private boolean create;

    @Option(names = "--replace", description = "Replace an entry of this name.")
    private boolean replace;

    @Mixin
    private PasswordOptions password = new PasswordOptions();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        try (Secret unlock = password.password("password of " + vault)
                        .orElseThrow(() -> new UsageException(
                                "a vault has a password; give --password-prompt, --password-file or --password-fd"));
                Secret secret = KeySource.secret(source);
                VaultFile opened = create ? VaultFile.create(vault, unlock) : VaultFile.open(vault, unlock)) {
            if (!replace && opened.names().contains(name)) {
                throw new IllegalArgumentException(
                        vault + " has an entry " + name + " already; give --replace, or choose another name");
            }
            opened.put(name, secret);
        }
        spec.commandLine().getErr().println("use it as vaultfile:" + vault + "#" + name);
        return ExitCode.OK;
    }
}
