package io.intaglio.cli;

import io.intaglio.signing.secret.Secret;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Of the private key that is read. */
final class PasswordOptions {
    @Option(
            names = "--password-prompt",
            description = {"Of the private key that is read.", "Asked for at the terminal."})
    private boolean prompt;

    @Option(names = "--password-file", paramLabel = "FILE", description = "From a file that only its owner may read.")
    private @Nullable Path file;

    @Option(names = "--password-fd", paramLabel = "N", description = "From an open file descriptor.")
    private @Nullable Integer descriptor;

    /** The password, if one of the options says where it is. */
    Optional<Secret> password(String subject) {
        return Passwords.read("--password", prompt, file, descriptor, subject);
    }
}
