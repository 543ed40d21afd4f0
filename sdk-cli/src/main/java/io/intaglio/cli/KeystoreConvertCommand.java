package io.intaglio.cli;

import io.intaglio.client.tls.KeystoreContent.Format;
import io.intaglio.client.tls.KeystoreWriter;
import io.intaglio.signing.secret.Secret;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "convert",
        mixinStandardHelpOptions = true,
        description = "Reads a keystore in any form and writes it in another, to a new file of its owner alone.",
        footerHeading = "%nExample:%n",
        footer =
                "  intaglio keystore convert old.jks --password-prompt --to pkcs12 --out desk.p12 --new-password-prompt")
final class KeystoreConvertCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", description = "PEM, PKCS#12, JKS, BCFKS or DER, told by its content.")
    private Path file = Path.of("");

    @Option(names = "--to", required = true, paramLabel = "FORM", description = "PEM, PKCS12, JKS or BCFKS.")
    private Format form = Format.PKCS12;

    @Option(names = "--out", required = true, paramLabel = "FILE", description = "Must not exist.")
    private Path out = Path.of("");

    @Mixin
    private KeystoreOptions options = new KeystoreOptions();

    @Mixin
    private NewPasswordOptions newPassword = new NewPasswordOptions();

    @Option(names = "--json", description = "One JSON object.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        Optional<Secret> sealing = newPassword.password("new password of " + out);
        try (Secret written = KeystoreWriter.write(options.keystore(file).read(), form, sealing.orElse(null))) {
            written.toNewFile(out);
            if (json) {
                spec.commandLine().getOut().println(Json.line(Map.of("keystore", out.toString())));
            } else {
                spec.commandLine().getErr().println("wrote " + form + " to " + out);
            }
            return ExitCode.OK;
        } finally {
            sealing.ifPresent(Secret::close);
        }
    }
}
