package io.intaglio.cli;

import io.intaglio.signing.key.KeyReader;
import io.intaglio.signing.key.SigningKey;
import io.intaglio.signing.secret.Secret;
import io.intaglio.signing.secret.SecretStore;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/** A key named on the command line: a reference, or the path of a file. */
final class KeySource {
    private static final Pattern REFERENCE = Pattern.compile("(env|file|exec|keystore|vaultfile|keyring|pkcs11):.*");

    private KeySource() {}

    static Secret secret(String referenceOrPath) {
        return SecretStore.standard().resolve(reference(referenceOrPath));
    }

    static String reference(String referenceOrPath) {
        return REFERENCE.matcher(referenceOrPath).matches() ? referenceOrPath : "file:" + referenceOrPath;
    }

    /** The file behind it, when it is one. */
    static Optional<Path> file(String referenceOrPath) {
        String reference = reference(referenceOrPath);
        return reference.startsWith("file:") ? Optional.of(Path.of(reference.substring(5))) : Optional.empty();
    }

    static SigningKey key(String referenceOrPath, Optional<Secret> password) {
        try (Secret text = secret(referenceOrPath)) {
            return password.isPresent() ? KeyReader.read(text, password.get()) : KeyReader.read(text);
        } finally {
            password.ifPresent(Secret::close);
        }
    }
}
