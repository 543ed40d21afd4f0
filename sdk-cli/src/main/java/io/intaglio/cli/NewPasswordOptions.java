package io.intaglio.cli;

import io.intaglio.signing.secret.Secret;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Of the private key that is written; without one it is not encrypted. */
final class NewPasswordOptions {
    @Option(
            names = "--new-password-prompt",
            description = {
                "Of the private key that is written; without one it is not encrypted.",
                "Asked for at the terminal."
            })
    private boolean prompt;

    @Option(
            names = "--new-password-file",
            paramLabel = "FILE",
            description = "From a file that only its owner may read.")
    private @Nullable Path file;

    @Option(names = "--new-password-fd", paramLabel = "N", description = "From an open file descriptor.")
    private @Nullable Integer descriptor;

    /** The password, if one of the options says where it is. */
    Optional<Secret> password(String subject) {
        return Passwords.read("--new-password", prompt, file, descriptor, subject);
    }
}
