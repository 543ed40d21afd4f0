package io.intaglio.cli;

import io.intaglio.client.tls.Keystore;
import io.intaglio.client.tls.KeystoreContent;
import io.intaglio.client.tls.KeystoreContent.Format;
import io.intaglio.client.tls.KeystoreWriter;
import io.intaglio.signing.secret.Secret;
import io.intaglio.signing.time.VenueClock;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
        name = "import",
        mixinStandardHelpOptions = true,
        description =
                "Joins a private key and the certificate that an authority issued for it to a keystore, when they fit.",
        footerHeading = "%nExample:%n",
        footer =
                "  intaglio keystore import signed.pem issuing.pem --key desk.key --out desk.p12 --new-password-prompt")
final class KeystoreImportCommand implements Callable<Integer> {
    @Parameters(
            arity = "1..*",
            paramLabel = "FILE",
            description = "The certificate in PEM, and those of its issuers where they are in files of their own.")
    private List<Path> certificates = List.of();

    @Option(names = "--key", required = true, paramLabel = "FILE", description = "The private key in PEM.")
    private Path key = Path.of("");

    @Option(names = "--out", required = true, paramLabel = "FILE", description = "Must not exist.")
    private Path out = Path.of("");

    @Option(names = "--to", paramLabel = "FORM", description = "PEM, PKCS12, JKS or BCFKS; PKCS12 unless set.")
    private Format form = Format.PKCS12;

    @Mixin
    private PasswordOptions password = new PasswordOptions();

    @Mixin
    private NewPasswordOptions newPassword = new NewPasswordOptions();

    @Option(names = "--json", description = "One JSON object.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        Optional<Secret> unlock = password.password("password of " + key);
        Optional<Secret> sealing = newPassword.password("new password of " + out);
        try {
            Keystore source = Keystore.file(certificates.get(0))
                    .key(key)
                    .issuers(certificates.subList(1, certificates.size()).toArray(new Path[0]));
            source = unlock.isPresent() ? source.password(unlock.get()) : source;
            KeystoreContent content = source.read();
            List<String> faults = new ArrayList<>();
            content.entries()
                    .forEach(entry -> faults.addAll(
                            entry.hasKey() ? entry.faults(VenueClock.system().now()) : List.of()));
            if (!faults.isEmpty()) {
                throw new IllegalArgumentException(key + " and " + certificates.get(0) + ": " + faults.get(0));
            }
            try (Secret written = KeystoreWriter.write(content, form, sealing.orElse(null))) {
                written.toNewFile(out);
            }
            if (json) {
                spec.commandLine().getOut().println(Json.line(Map.of("keystore", out.toString())));
            } else {
                spec.commandLine().getErr().println("wrote " + form + " to " + out);
            }
            return ExitCode.OK;
        } finally {
            unlock.ifPresent(Secret::close);
            sealing.ifPresent(Secret::close);
        }
    }
}
