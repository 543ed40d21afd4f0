package io.intaglio.client.tls;

import io.intaglio.client.tls.KeystoreContent.Entry;
import io.intaglio.client.tls.KeystoreContent.Format;
import io.intaglio.signing.secret.Secret;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Writes what a keystore holds in another form. Stateless. */
public final class KeystoreWriter {
    private KeystoreWriter() {}

    /**
     * All entries, keys in the clear to nobody but the given password.
     *
     * @param password of the new store and of its keys; for PEM null leaves the keys without one, the others need one
     * @return the file's bytes, to be closed by the caller
     * @throws KeystoreException when the format cannot be written, or a key does not leave its token
     */
    public static Secret write(KeystoreContent content, Format format, @Nullable Secret password) {
        for (Entry entry : content.entries()) {
            PrivateKey key = entry.key();
            if (key != null && key.getEncoded() == null) {
                throw new KeystoreException("the private key of entry " + entry.alias()
                        + " does not leave its token; name the token in the client's settings instead");
            }
        }
        char[] characters = KeystoreReader.characters(password == null ? null : () -> password, false);
        try {
            return switch (format) {
                case PEM -> pem(content, characters);
                case PKCS12, JKS, BCFKS -> store(content, format, characters);
                case DER, PKCS11, LOADED ->
                    throw new KeystoreException(format + " is not written; choose PEM, PKCS12, JKS or BCFKS");
            };
        } finally {
            if (characters != null) {
                Arrays.fill(characters, '\0');
            }
        }
    }

    private static Secret store(KeystoreContent content, Format format, char @Nullable [] password) {
        if (password == null) {
            throw new KeystoreException("a " + format + " keystore needs a password; give one");
        }
        try {
            KeyStore store = KeystoreReader.ofType(format.name());
            store.load(null, null);
            for (Entry entry : content.entries()) {
                PrivateKey key = entry.key();
                if (key != null) {
                    store.setKeyEntry(
                            entry.alias(), key, password, entry.certificates().toArray(new Certificate[0]));
                } else if (!entry.certificates().isEmpty()) {
                    store.setCertificateEntry(
                            entry.alias(), entry.certificates().get(0));
                }
            }
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            store.store(out, password);
            return Secret.takeOver(out.toByteArray());
        } catch (GeneralSecurityException | IOException e) {
            throw new KeystoreException("the keystore cannot be written as " + format + ": " + e.getMessage());
        }
    }

    private static Secret pem(KeystoreContent content, char @Nullable [] password) {
        StringBuilder text = new StringBuilder();
        for (Entry entry : content.entries()) {
            PrivateKey key = entry.key();
            if (key != null) {
                text.append(PemWriter.key(key, password));
            }
            entry.certificates().forEach(each -> text.append(PemWriter.certificate(each)));
        }
        return Secret.takeOver(text.toString().getBytes(StandardCharsets.US_ASCII));
    }
}
