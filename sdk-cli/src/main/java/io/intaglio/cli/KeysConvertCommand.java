package io.intaglio.cli;

import io.intaglio.signing.key.InsecureKeyExport;
import io.intaglio.signing.key.KeyReader;
import io.intaglio.signing.key.SigningKey;
import io.intaglio.signing.secret.InsecureSecretAccess;
import io.intaglio.signing.secret.Secret;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "convert",
        mixinStandardHelpOptions = true,
        description = "Reads a private key in any form and writes it in another, to a new file of its owner alone.")
final class KeysConvertCommand implements Callable<Integer> {
    /** What is written. */
    enum Form {
        /** PKCS#8 in PEM, encrypted when there is a new password. */
        PEM,
        /** PKCS#8 in DER. */
        DER,
        /** The 32 bytes of an Ed25519 seed in base64. */
        SEED_BASE64
    }

    @Parameters(paramLabel = "KEY", description = "A file, or a reference such as env:KEY.")
    private String source = "";

    @Option(names = "--out", required = true, paramLabel = "FILE", description = "Must not exist.")
    private Path out = Path.of("");

    @Option(names = "--to", paramLabel = "FORM", description = "${COMPLETION-CANDIDATES}; PEM unless set.")
    private Form form = Form.PEM;

    @Option(
            names = "--seed",
            paramLabel = "FORM",
            description = "The key is a bare Ed25519 seed in this form: ${COMPLETION-CANDIDATES}.")
    private KeyReader.@Nullable SeedForm seed;

    @Mixin
    private PasswordOptions password = new PasswordOptions();

    @Mixin
    private NewPasswordOptions newPassword = new NewPasswordOptions();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        Optional<Secret> sealing = newPassword.password("new password");
        if (sealing.isPresent() && form != Form.PEM) {
            throw new UsageException("a new password goes with --to pem alone");
        }
        try (SigningKey key = key();
                Secret text = text(key, sealing)) {
            text.toNewFile(out);
            spec.commandLine()
                    .getErr()
                    .println("wrote " + key.kind() + (sealing.isPresent() ? ", encrypted," : ", not encrypted,")
                            + " to " + out);
        } finally {
            sealing.ifPresent(Secret::close);
        }
        return ExitCode.OK;
    }

    private SigningKey key() {
        if (seed == null) {
            return KeySource.key(source, password.password("password of " + source));
        }
        try (Secret text = KeySource.secret(source)) {
            return KeyReader.ed25519(text, seed);
        }
    }

    private Secret text(SigningKey key, Optional<Secret> sealing) {
        return switch (form) {
            case PEM -> sealing.isPresent() ? InsecureKeyExport.pem(key, sealing.get()) : InsecureKeyExport.pem(key);
            case DER -> InsecureKeyExport.pkcs8(key);
            case SEED_BASE64 -> base64(InsecureKeyExport.seed(key));
        };
    }

    private static Secret base64(Secret bytes) {
        try (bytes) {
            byte[] text = InsecureSecretAccess.use(bytes, Base64.getEncoder()::encode);
            try {
                return Secret.of(text);
            } finally {
                Arrays.fill(text, (byte) 0);
            }
        }
    }
}
