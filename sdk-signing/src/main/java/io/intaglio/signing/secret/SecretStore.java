package io.intaglio.signing.secret;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Finds secrets by reference, so that a program and its configuration hold no secret but only say where it is:
 *
 * <pre>{@code
 * try (Secret secret = SecretStore.standard().resolve("file:/etc/desk/secret")) { ... }
 *
 * SecretStore store = SecretStore.builder()
 *         .unlock(Path.of("desk.vault"), "exec:/bin/cat /run/credentials/desk.service/unlock")
 *         .build();
 * Secret secret = store.resolve("vaultfile:desk.vault#kraken");
 * }</pre>
 *
 * <table>
 * <caption>References</caption>
 * <tr><td>{@code env:NAME}</td><td>an environment variable</td></tr>
 * <tr><td>{@code file:PATH}</td><td>a file that only its owner may see</td></tr>
 * <tr><td>{@code exec:PROGRAM ARGUMENT...}</td><td>what a program writes to standard output; no shell</td></tr>
 * <tr><td>{@code keystore:PATH#ALIAS}</td><td>a private key (as PKCS#8) or a secret key (its bytes) from PKCS#12 or BCFKS</td></tr>
 * <tr><td>{@code vaultfile:PATH#NAME}</td><td>an entry of a {@link VaultFile}</td></tr>
 * <tr><td>{@code keyring:NAME}</td><td>the operating system's store, through its own command</td></tr>
 * </table>
 *
 * {@code docs/secrets.md} says which to prefer. A key that never leaves its token is a signing key, not a secret: see
 * {@code Pkcs11Token}. Immutable and thread-safe; every call reads its source anew.
 */
public final class SecretStore {
    private final Map<Path, String> unlocks;
    private final @Nullable String unlock;
    private final Duration commandTimeLimit;

    private SecretStore(Builder builder) {
        unlocks = Map.copyOf(builder.unlocks);
        unlock = builder.unlock;
        commandTimeLimit = builder.commandTimeLimit;
    }

    /**
     * The store without settings: commands may take 10 s, and when the environment variable {@code INTAGLIO_UNLOCK} is
     * set, it is the reference (not the password itself) of the password for keystores and vault files.
     */
    public static SecretStore standard() {
        Builder builder = builder();
        String reference = System.getenv("INTAGLIO_UNLOCK");
        return reference == null ? builder.build() : builder.unlock(reference).build();
    }

    /** A store with settings. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Reads a secret. The caller closes it.
     *
     * @throws SecretException in one sentence: the source, what is wrong and the next step
     */
    public Secret resolve(String reference) {
        int colon = reference.indexOf(':');
        String scheme = colon < 0 ? "" : reference.substring(0, colon);
        String rest = reference.substring(colon + 1);
        return switch (scheme) {
            case "env" -> Secret.fromEnv(rest);
            case "file" -> Secret.fromFile(path(rest, "file:"));
            case "exec" -> exec(rest);
            case "keystore" -> {
                InFile place = InFile.of(rest, "keystore:", "ALIAS");
                yield KeystoreSource.read(place.file, place.name, () -> password(place.file));
            }
            case "vaultfile" -> {
                InFile place = InFile.of(rest, "vaultfile:", "NAME");
                yield vaultEntry(place);
            }
            case "keyring" -> keyring(rest);
            case "pkcs11" ->
                throw new SecretException(
                        "pkcs11: names a key that never leaves its token; open it as a signing key with"
                                + " Pkcs11Token");
            // what stands there may be a secret given in place of a reference, so it is not shown
            default ->
                throw new SecretException(
                        "a secret is given by reference, and this begins with none of env:, file:,"
                                + " exec:, keystore:, vaultfile:, keyring: and pkcs11:; write for example file:/etc/desk/secret");
        };
    }

    /** Reads a secret and keeps it, to be read again when asked. */
    public WatchedSecret watch(String reference) {
        return new WatchedSecret(this, reference);
    }

    /**
     * The password that this store was told for a keystore, a vault file or a token's configuration file.
     *
     * @throws SecretException when it was told none, or the password's own source fails
     */
    public Secret password(Path file) {
        String reference = unlocks.get(file.toAbsolutePath().normalize());
        if (reference == null) {
            reference = unlock;
        }
        if (reference == null) {
            throw new SecretException(file + " needs a password and no source for it is given; use"
                    + " SecretStore.builder().unlock(file, reference), or set INTAGLIO_UNLOCK to a reference");
        }
        if (reference.startsWith("keystore:") || reference.startsWith("vaultfile:")) {
            throw new SecretException("the password for " + file
                    + " lies in a file that needs a password itself; take it from file:, env:, exec: or keyring:");
        }
        return resolve(reference);
    }

    private Secret vaultEntry(InFile place) {
        try (Secret password = password(place.file);
                VaultFile vault = VaultFile.open(place.file, password)) {
            return vault.get(place.name);
        }
    }

    private Secret exec(String line) {
        Command command = new Command(Command.words(line), commandTimeLimit);
        Secret secret = command.run()
                .orElseThrow(() ->
                        new SecretException("command " + Command.words(line).get(0)
                                + " ended with a status other than 0; run it by hand to see why, its messages are not shown"
                                + " here"));
        if (secret.length() == 0) {
            throw new SecretException("command " + Command.words(line).get(0)
                    + " wrote nothing to standard output; run it by hand to see why");
        }
        return secret;
    }

    private Secret keyring(String name) {
        Keyring keyring = Keyring.of(System.getProperty("os.name", ""));
        Command command = new Command(keyring.command(Keyring.checked(name)), commandTimeLimit);
        return command.run()
                .filter(secret -> secret.length() > 0)
                .orElseThrow(() -> new SecretException(keyring.nothing(name)));
    }

    private static Path path(String text, String scheme) {
        try {
            if (text.isEmpty()) {
                throw new SecretException(scheme + " names no file; write " + scheme + "/path/to/file");
            }
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new SecretException(scheme + " is followed by what is no path; write " + scheme + "/path/to/file");
        }
    }

    /** A file and a name in it, parted by the last hash. */
    private static final class InFile {
        private final Path file;
        private final String name;

        private InFile(Path file, String name) {
            this.file = file;
            this.name = name;
        }

        static InFile of(String text, String scheme, String what) {
            int hash = text.lastIndexOf('#');
            if (hash < 0 || hash == text.length() - 1) {
                throw new SecretException(
                        scheme + " wants a file and a name in it; write " + scheme + "/path/to/file#" + what);
            }
            return new InFile(path(text.substring(0, hash), scheme), text.substring(hash + 1));
        }
    }

    /** Collects the settings of a store. Not thread-safe. */
    public static final class Builder {
        private final Map<Path, String> unlocks = new LinkedHashMap<>();
        private @Nullable String unlock;
        private Duration commandTimeLimit = Duration.ofSeconds(10);

        private Builder() {}

        /** Where the password of one keystore, vault file or token is: {@code env:}, {@code file:}, {@code exec:} or {@code keyring:}. */
        public Builder unlock(Path file, String reference) {
            unlocks.put(file.toAbsolutePath().normalize(), Objects.requireNonNull(reference, "reference"));
            return this;
        }

        /** Where the password of every other keystore, vault file and token is. */
        public Builder unlock(String reference) {
            unlock = Objects.requireNonNull(reference, "reference");
            return this;
        }

        /** How long a command may take, in whole seconds; 10 when not set. */
        public Builder commandTimeLimit(Duration limit) {
            if (limit.compareTo(Duration.ofSeconds(1)) < 0 || limit.compareTo(Duration.ofMinutes(10)) > 0) {
                throw new IllegalArgumentException(
                        "command time limit is " + limit + ", but 1 second to 10 minutes are wanted");
            }
            commandTimeLimit = limit;
            return this;
        }

        /** The store. */
        public SecretStore build() {
            return new SecretStore(this);
        }
    }
}
