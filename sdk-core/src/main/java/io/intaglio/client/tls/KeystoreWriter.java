package io.intaglio.client.tls;

import io.intaglio.client.tls.KeystoreContent.Entry;
import io.intaglio.client.tls.KeystoreContent.Format;
import io.intaglio.signing.secret.Secret;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.PKCS8Generator;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8EncryptorBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.util.io.pem.PemObject;
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
            KeyStore store = format == Format.BCFKS
                    ? KeyStore.getInstance("BCFKS", new BouncyCastleProvider())
                    : KeyStore.getInstance(format.name());
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
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            for (Entry entry : content.entries()) {
                PrivateKey key = entry.key();
                if (key != null) {
                    writer.writeObject(sealed(key, password));
                }
                for (X509Certificate each : entry.certificates()) {
                    writer.writeObject(new PemObject("CERTIFICATE", each.getEncoded()));
                }
            }
        } catch (IOException | GeneralSecurityException | OperatorCreationException e) {
            throw new KeystoreException("the keystore cannot be written as PEM: " + e.getMessage());
        }
        return Secret.takeOver(text.toString().getBytes(StandardCharsets.US_ASCII));
    }

    static PemObject sealed(PrivateKey key, char @Nullable [] password) throws IOException, OperatorCreationException {
        if (password == null) {
            return new PemObject("PRIVATE KEY", key.getEncoded());
        }
        return new JcaPKCS8Generator(
                        key,
                        new JceOpenSSLPKCS8EncryptorBuilder(PKCS8Generator.AES_256_CBC)
                                .setProvider(new BouncyCastleProvider())
                                .setPRF(PKCS8Generator.PRF_HMACSHA256)
                                .setIterationCount(200_000)
                                .setPassword(password)
                                .build())
                .generate();
    }
}
