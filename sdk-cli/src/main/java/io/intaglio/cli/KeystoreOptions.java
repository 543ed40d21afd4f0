package io.intaglio.cli;

import io.intaglio.client.tls.Keystore;
import io.intaglio.signing.secret.InsecureSecretAccess;
import io.intaglio.signing.secret.Secret;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a keystore is opened. */
final class KeystoreOptions {
    @Option(names = "--key", paramLabel = "FILE", description = "The private key, when it is in a PEM file of its own.")
    private @Nullable Path key;

    @Option(names = "--alias", paramLabel = "NAME", description = "The entry, where there are several.")
    private @Nullable String alias;

    @Option(
            names = "--password-prompt",
            description = {"Of the keystore, or of its private key in PEM.", "Asked for at the terminal."})
    private boolean prompt;

    @Option(names = "--password-file", paramLabel = "FILE", description = "From a file that only its owner may read.")
    private @Nullable Path passwordFile;

    @Option(names = "--password-fd", paramLabel = "N", description = "From an open file descriptor.")
    private @Nullable Integer passwordFd;

    @Option(
            names = "--key-password-prompt",
            description = {"Of the private key, where it is another.", "Asked for at the terminal."})
    private boolean keyPrompt;

    @Option(
            names = "--key-password-file",
            paramLabel = "FILE",
            description = "From a file that only its owner may read.")
    private @Nullable Path keyPasswordFile;

    @Option(names = "--key-password-fd", paramLabel = "N", description = "From an open file descriptor.")
    private @Nullable Integer keyPasswordFd;

    Keystore keystore(Path file) {
        Keystore keystore = Keystore.file(file);
        Optional<Secret> password =
                Passwords.read("--password", prompt, passwordFile, passwordFd, "password of " + file);
        if (password.isPresent()) {
            keystore = keystore.password(password.get());
        }
        Optional<Secret> keyPassword = Passwords.read(
                "--key-password", keyPrompt, keyPasswordFile, keyPasswordFd, "password of the key in " + file);
        if (keyPassword.isPresent()) {
            Secret given = keyPassword.get();
            keystore =
                    keystore.keyPassword(() -> InsecureSecretAccess.use(given, Secret::of)); // asked for once a reading
        }
        if (key != null) {
            keystore = keystore.key(key);
        }
        return alias == null ? keystore : keystore.alias(alias);
    }

    @Nullable
    String alias() {
        return alias;
    }
}
