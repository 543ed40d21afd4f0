package io.intaglio.client.profile;

import io.intaglio.signing.secret.InsecureSecretAccess;
import io.intaglio.signing.secret.Secret;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Loads the keystores that a profile names: PKCS#12 or JKS, told by the content, and certificates in PEM. */
final class Stores {
    private static final byte[] PEM = "-----BEGIN".getBytes(StandardCharsets.US_ASCII);

    private Stores() {}

    static KeyStore load(Path file, @Nullable Secret password) {
        char[] characters = password == null ? null : InsecureSecretAccess.use(password, Stores::characters);
        try {
            return KeyStore.getInstance(file.toFile(), characters);
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalArgumentException(
                    "keystore " + file + " cannot be opened (" + e.getClass().getSimpleName()
                            + "); check the path, the password, and that it is PKCS#12 or JKS",
                    e);
        } finally {
            if (characters != null) {
                Arrays.fill(characters, '\0');
            }
        }
    }

    /** All certificates that a truststore holds. */
    static List<X509Certificate> anchors(Path file, @Nullable Secret password) {
        try {
            byte[] content = Files.readAllBytes(file);
            boolean pem = content.length > PEM.length && Arrays.equals(content, 0, PEM.length, PEM, 0, PEM.length);
            List<X509Certificate> anchors = new ArrayList<>();
            for (Certificate found : pem ? certificates(content) : trusted(load(file, password))) {
                if (found instanceof X509Certificate anchor) {
                    anchors.add(anchor);
                }
            }
            if (anchors.isEmpty()) {
                throw new IllegalArgumentException("truststore " + file + " holds no trusted certificate");
            }
            return anchors;
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalArgumentException(
                    "truststore " + file + " cannot be read (" + e.getClass().getSimpleName()
                            + "); check the path, and that it holds certificates",
                    e);
        }
    }

    private static Collection<? extends Certificate> certificates(byte[] pem) throws GeneralSecurityException {
        return CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(pem));
    }

    private static Collection<Certificate> trusted(KeyStore store) throws GeneralSecurityException {
        List<Certificate> trusted = new ArrayList<>();
        for (String alias : Collections.list(store.aliases())) {
            if (store.isCertificateEntry(alias)) {
                trusted.add(store.getCertificate(alias));
            }
        }
        return trusted;
    }

    private static char[] characters(byte[] utf8) {
        CharBuffer text = StandardCharsets.UTF_8.decode(ByteBuffer.wrap(utf8));
        char[] characters = new char[text.remaining()];
        text.get(characters);
        Arrays.fill(text.array(), '\0');
        return characters;
    }
}
