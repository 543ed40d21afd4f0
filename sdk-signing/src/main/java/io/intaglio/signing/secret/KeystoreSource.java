package io.intaglio.signing.secret;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.UnrecoverableKeyException;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.Supplier;
import org.bouncycastle.jce.provider.BouncyCastleProvider;

/** A key out of a PKCS#12 or BCFKS keystore. The format is told by the content, and its cost looked at before it is paid. */
final class KeystoreSource {
    private static final String SUBJECT = "keystore";

    private KeystoreSource() {}

    static Secret read(Path file, String alias, Supplier<Secret> password) {
        return OwnerOnlyFile.use(file, SUBJECT, content -> {
            String type = type(file, content);
            KeystoreCost.check(content, SUBJECT + " " + file);
            try (Secret secret = password.get()) {
                char[] chars = InsecureSecretAccess.use(secret, KeystoreSource::characters);
                try {
                    return entry(file, opened(file, type, content, chars), alias, chars);
                } finally {
                    Arrays.fill(chars, '\0');
                }
            }
        });
    }

    private static char[] characters(byte[] utf8) {
        CharBuffer decoded = StandardCharsets.UTF_8.decode(ByteBuffer.wrap(utf8));
        char[] characters = new char[decoded.remaining()];
        decoded.get(characters);
        Arrays.fill(decoded.array(), '\0');
        return characters;
    }

    private static String type(Path file, byte[] content) {
        String found = "neither PKCS#12 nor BCFKS; is it the right file?";
        if (content.length == 0) {
            found = "empty; is it the right file?";
        } else if (startsWith(content, 0xFE, 0xED, 0xFE, 0xED) || startsWith(content, 0xCE, 0xCE, 0xCE, 0xCE)) {
            found = "a JKS or JCEKS keystore; convert it with: keytool -importkeystore -deststoretype PKCS12";
        } else if (startsWith(content, '-', '-', '-', '-', '-')) {
            found = "PEM text; refer to it with file: instead";
        } else if (content[0] == 0x30 && content.length > 8) {
            int first = (content[1] & 0x80) == 0 ? 2 : 2 + (content[1] & 0x7f);
            if (first + 2 < content.length && content[first] == 0x02 && content[first + 2] == 3) {
                return "PKCS12";
            }
            if (first < content.length && content[first] == 0x30) {
                return "BCFKS";
            }
        }
        throw new SecretException(SUBJECT + " " + file + " is " + found);
    }

    private static boolean startsWith(byte[] content, int... start) {
        for (int i = 0; i < start.length; i++) {
            if (i >= content.length || (content[i] & 255) != start[i]) {
                return false;
            }
        }
        return true;
    }

    private static KeyStore opened(Path file, String type, byte[] content, char[] password) {
        try {
            KeyStore store = type.equals("BCFKS")
                    ? KeyStore.getInstance(type, new BouncyCastleProvider())
                    : KeyStore.getInstance(type);
            store.load(new ByteArrayInputStream(content), password);
            return store;
        } catch (IOException | GeneralSecurityException | RuntimeException e) { // a cause may show decrypted bytes
            throw closed(file);
        }
    }

    private static SecretException closed(Path file) {
        return new SecretException(
                "the password does not open " + SUBJECT + " " + file + "; check the password, or the file is damaged");
    }

    private static Secret entry(Path file, KeyStore store, String alias, char[] password) {
        try {
            if (!store.containsAlias(alias)) {
                List<String> aliases = Collections.list(store.aliases());
                throw new SecretException(SUBJECT + " " + file + " has no alias " + alias + "; it has "
                        + (aliases.isEmpty() ? "none" : String.join(", ", aliases)));
            }
            if (!store.isKeyEntry(alias)) {
                throw new SecretException(SUBJECT + " " + file + " has a certificate under the alias " + alias
                        + ", but a key is wanted; import the private key that belongs to it");
            }
            Key key = store.getKey(alias, password);
            byte[] encoded = key == null ? null : key.getEncoded();
            if (encoded == null) {
                throw closed(file);
            }
            return Secret.takeOver(encoded);
        } catch (UnrecoverableKeyException e) {
            throw new SecretException("the password opens " + SUBJECT + " " + file + " but not its entry " + alias
                    + "; give the entry the password of the keystore");
        } catch (GeneralSecurityException e) {
            throw closed(file);
        }
    }
}
