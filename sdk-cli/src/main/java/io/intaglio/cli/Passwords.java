package io.intaglio.cli;

import io.intaglio.signing.secret.Secret;
import java.io.Console;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Passwords come from a terminal, a file or an open descriptor; an argument would show in every list of processes. */
final class Passwords {
    private static final int MAX_BYTES = 4096;

    private Passwords() {}

    /** @param option how the options are called, {@code --password}, for messages */
    static Optional<Secret> read(
            String option, boolean prompt, @Nullable Path file, @Nullable Integer descriptor, String subject) {
        int given = (prompt ? 1 : 0) + (file == null ? 0 : 1) + (descriptor == null ? 0 : 1);
        if (given > 1) {
            throw new UsageException("give one of " + option + "-prompt, " + option + "-file and " + option + "-fd");
        }
        if (prompt) {
            return Optional.of(prompted(option, subject));
        }
        if (file != null) {
            return Optional.of(Secret.fromFile(file));
        }
        return descriptor == null ? Optional.empty() : Optional.of(fromDescriptor(descriptor));
    }

    /** From JDK 22 on there is a console without a terminal too; the password is then read from standard input. */
    @SuppressWarnings("SystemConsoleNull") // null before JDK 22
    private static Secret prompted(String option, String subject) {
        Console console = System.console();
        char[] typed = console == null ? null : console.readPassword("%s: ", subject);
        if (typed == null) {
            throw new UsageException("there is no terminal to ask for the " + subject + "; use " + option + "-file or "
                    + option + "-fd");
        }
        try {
            return Secret.ofChars(typed);
        } finally {
            Arrays.fill(typed, '\0');
        }
    }

    private static Secret fromDescriptor(int descriptor) {
        byte[] bytes = new byte[MAX_BYTES];
        try (FileInputStream in = new FileInputStream("/dev/fd/" + descriptor)) {
            int length = in.readNBytes(bytes, 0, bytes.length);
            while (length > 0 && (bytes[length - 1] == '\n' || bytes[length - 1] == '\r')) {
                length--;
            }
            if (length == 0) {
                throw new UsageException("descriptor " + descriptor + " held no password");
            }
            return Secret.takeOver(Arrays.copyOf(bytes, length));
        } catch (IOException e) {
            throw new UsageException(
                    "descriptor " + descriptor + " cannot be read; open it as in: " + descriptor + "< password.txt");
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }
}
