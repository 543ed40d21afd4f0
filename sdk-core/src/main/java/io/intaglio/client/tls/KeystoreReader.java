package io.intaglio.client.tls;

import io.intaglio.client.tls.KeystoreContent.Entry;
import io.intaglio.client.tls.KeystoreContent.Format;
import io.intaglio.signing.key.KeyException;
import io.intaglio.signing.key.Pkcs11Token;
import io.intaglio.signing.secret.InsecureSecretAccess;
import io.intaglio.signing.secret.Secret;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Security;
import java.security.UnrecoverableKeyException;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.jspecify.annotations.Nullable;

/** Opens keystores, and says in one sentence what keeps one from being opened. */
final class KeystoreReader {
    static final int MOST_BYTES = 4 << 20;

    private KeystoreReader() {}

    static KeystoreContent read(Keystore keystore) {
        KeyStore loaded = keystore.loaded();
        Path file = keystore.file();
        char[] password = characters(keystore.password(), keystore.wipes());
        char[] keyPassword = characters(keystore.keyPassword(), true);
        try {
            if (loaded != null || file == null) {
                return new KeystoreContent(
                        Format.LOADED,
                        entries(keystore.subject(), loaded, keyPassword != null ? keyPassword : password));
            }
            if (keystore.isToken()) {
                return token(keystore, file);
            }
            byte[] content = content(keystore.subject(), file);
            try {
                return opened(keystore, content, password, keyPassword);
            } finally {
                Arrays.fill(content, (byte) 0);
            }
        } finally {
            wipe(password);
            wipe(keyPassword);
        }
    }

    /** The file's bytes; the caller wipes them. */
    static byte[] content(String subject, Path file) {
        try {
            if (Files.isDirectory(file)) {
                throw new KeystoreException(subject + " is a directory; name the file in it");
            }
            if (Files.size(file) > MOST_BYTES) {
                throw new KeystoreException(
                        subject + " is longer than " + MOST_BYTES + " bytes, so it is no keystore; check the path");
            }
            byte[] content = Files.readAllBytes(file);
            if (content.length == 0) {
                throw new KeystoreException(subject + " is empty; write it again");
            }
            return content;
        } catch (NoSuchFileException e) {
            throw new KeystoreException(subject + " does not exist; check the path");
        } catch (AccessDeniedException e) {
            throw new KeystoreException(subject + " may not be read by this user; check its owner and its mode");
        } catch (IOException e) {
            throw new KeystoreException(
                    subject + " cannot be read: " + e.getClass().getSimpleName() + "; check the disk and the path");
        }
    }

    private static KeystoreContent opened(
            Keystore keystore, byte[] content, char @Nullable [] password, char @Nullable [] keyPassword) {
        String subject = keystore.subject();
        Format format = format(subject, content);
        Path keyFile = keystore.keyFile();
        if (format == Format.PEM || format == Format.DER && keyFile != null) {
            byte[] keyBytes = keyFile == null ? null : content("key file " + keyFile, keyFile);
            try {
                PemReader reader = new PemReader(subject, keyFile == null ? subject : "key file " + keyFile);
                for (Path issuers : keystore.issuers()) {
                    reader.issuers("file " + issuers, content("file " + issuers, issuers));
                }
                return new KeystoreContent(
                        format, reader.entries(content, keyBytes, keyPassword != null ? keyPassword : password));
            } finally {
                if (keyBytes != null) {
                    Arrays.fill(keyBytes, (byte) 0);
                }
            }
        }
        if (keyFile != null) {
            throw new KeystoreException(subject + " is a " + name(format) + " keystore and holds its keys itself, so "
                    + keyFile + " is not wanted; leave the key file out, or name the PEM file of the certificate");
        }
        if (format == Format.DER) {
            return new KeystoreContent(
                    format, List.of(new Entry("1", null, List.of(certificate(subject, content)), null)));
        }
        KeyStore store = loaded(subject, content, format, password);
        return new KeystoreContent(format, entries(subject, store, keyPassword != null ? keyPassword : password));
    }

    private static String name(Format format) {
        return switch (format) {
            case PKCS12 -> "PKCS#12";
            case PKCS11 -> "PKCS#11";
            default -> format.name();
        };
    }

    // ---- what it is

    static Format format(String subject, byte[] content) {
        if (startsWith(content, 0xFE, 0xED, 0xFE, 0xED) || startsWith(content, 0xCE, 0xCE, 0xCE, 0xCE)) {
            return Format.JKS;
        }
        if (content[0] == 0x30 && content.length > 8) {
            int first = (content[1] & 0x80) == 0 ? 2 : 2 + (content[1] & 0x7f);
            int tag = first < content.length ? content[first] : 0;
            if (tag == 0x02 && first + 2 < content.length && content[first + 2] == 3) {
                return Format.PKCS12;
            }
            if (tag == 0x30) {
                return isCertificate(content) ? Format.DER : Format.BCFKS;
            }
            if (tag == 0x02) {
                throw new KeystoreException(subject
                        + " is a private key in DER, without a certificate; put both in one file as PEM or PKCS#12");
            }
            if (tag == 0x06) {
                throw new KeystoreException(subject + " is a PKCS#7 bundle of certificates; convert it with: openssl "
                        + "pkcs7 -inform DER -print_certs");
            }
        }
        String text = new String(content, StandardCharsets.ISO_8859_1);
        if (text.contains("-----BEGIN ")) {
            return Format.PEM;
        }
        throw new KeystoreException(subject + foreign(text));
    }

    private static String foreign(String text) {
        String begin = text.stripLeading().toLowerCase(Locale.ROOT);
        if (begin.startsWith("\u00ff\u00fe") || begin.startsWith("\u00fe\u00ff")) {
            return " is text in UTF-16, as some Windows programs save it; save it as UTF-8";
        }
        if (text.contains("\u00ef\u00bf\u00bd")) {
            return " was copied as text, which damages it; copy it again in binary";
        }
        if (begin.startsWith("<!doctype") || begin.startsWith("<html")) {
            return " is a web page, as a download without log-on gives; download the keystore again";
        }
        if (begin.startsWith("putty-user-key-file")) {
            return " is a PuTTY key; export it from PuTTYgen in OpenSSH's form and have a certificate issued for it";
        }
        if (begin.startsWith("ssh-") || begin.startsWith("ecdsa-sha2-")) {
            return " is an SSH public key, which TLS does not use; take the certificate and its private key";
        }
        if (begin.startsWith("pk\u0003\u0004")) {
            return " is a ZIP archive; unpack it and name the keystore in it";
        }
        if (begin.startsWith("mii") || begin.startsWith("mig")) {
            return " is base64 without its BEGIN and END lines; put them around it, or decode it";
        }
        if (begin.isBlank()) {
            return " holds nothing but blanks; write it again";
        }
        return " is no PEM, PKCS#12, JKS or BCFKS keystore; check that it is the right file, and whole";
    }

    private static boolean isCertificate(byte[] content) {
        try {
            CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(content));
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private static X509Certificate certificate(String subject, byte[] der) {
        try {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
        } catch (GeneralSecurityException e) {
            throw new KeystoreException(subject + " is a damaged certificate; copy it again, whole");
        }
    }

    private static boolean startsWith(byte[] content, int... start) {
        for (int i = 0; i < start.length; i++) {
            if (i >= content.length || (content[i] & 255) != start[i]) {
                return false;
            }
        }
        return true;
    }

    // ---- opening

    private static KeyStore loaded(String subject, byte[] content, Format format, char @Nullable [] password) {
        if (password == null) {
            throw new KeystoreException(subject + " is a " + name(format)
                    + " keystore, which has a password, and none was given; give password(..)");
        }
        try {
            return load(content, format, password);
        } catch (IOException | GeneralSecurityException | RuntimeException e) { // a cause may show decrypted bytes
            String hint = otherPassword(content, format, password);
            if (hint != null) {
                throw new KeystoreException("the password does not open " + subject + ": " + hint);
            }
            throw new KeystoreException(
                    isPasswordFault(e)
                            ? "the password does not open " + subject + "; check it"
                                    + (format == Format.PKCS12 ? "" : ", or the file is damaged")
                            : subject + " is damaged or cut off; copy it again, whole and in binary");
        }
    }

    private static boolean isPasswordFault(Exception e) {
        String message = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
        return e.getCause() instanceof UnrecoverableKeyException
                || message.contains("password")
                || message.contains("mac");
    }

    /** What would open it instead; null when nothing simple does. */
    private static @Nullable String otherPassword(byte[] content, Format format, char[] password) {
        char[] stripped = String.valueOf(password).strip().toCharArray();
        try {
            if (password.length > 0 && opens(content, format, new char[0])) {
                return "an empty one does; give the store a password";
            }
            if (stripped.length < password.length && opens(content, format, stripped)) {
                return "it has blanks or a line end around it, and opens without them; save it without";
            }
            if (password.length == 0 && opens(content, format, "changeit".toCharArray())) {
                return "it is empty, and Java's standard password opens the store; give the store a password of its own";
            }
            return null;
        } finally {
            Arrays.fill(stripped, '\0');
        }
    }

    private static boolean opens(byte[] content, Format format, char[] password) {
        try {
            load(content, format, password);
            return true;
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            return false;
        }
    }

    private static KeyStore load(byte[] content, Format format, char[] password)
            throws IOException, GeneralSecurityException {
        boolean jceks = format == Format.JKS && content[0] == (byte) 0xCE;
        KeyStore store = ofType(jceks ? "JCEKS" : format.name());
        store.load(new ByteArrayInputStream(content), password);
        return store;
    }

    static KeyStore ofType(String type) throws GeneralSecurityException {
        return type.equals("BCFKS")
                ? KeyStore.getInstance(type, new BouncyCastleProvider())
                : KeyStore.getInstance(type);
    }

    private static KeystoreContent token(Keystore keystore, Path config) {
        Supplier<Secret> pin = keystore.password();
        if (pin == null) {
            throw new KeystoreException(keystore.subject() + " has no PIN; give one");
        }
        try (Secret secret = pin.get()) {
            KeyStore keys = Pkcs11Token.open(config, secret).keyStore();
            Security.addProvider(keys.getProvider()); // does nothing the second time
            return new KeystoreContent(Format.PKCS11, entries(keystore.subject(), keys, null));
        } catch (KeyException e) {
            throw new KeystoreException(String.valueOf(e.getMessage()));
        }
    }

    // ---- entries

    private static List<Entry> entries(String subject, @Nullable KeyStore store, char @Nullable [] keyPassword) {
        if (store == null) {
            return List.of();
        }
        try {
            List<X509Certificate> all = new ArrayList<>();
            for (String alias : Collections.list(store.aliases())) {
                Certificate[] chain = store.getCertificateChain(alias);
                all.addAll(x509(chain == null ? new Certificate[] {store.getCertificate(alias)} : chain));
            }
            List<Entry> entries = new ArrayList<>();
            for (String alias : Collections.list(store.aliases())) {
                entries.add(entry(subject, store, alias, keyPassword, all));
            }
            return entries;
        } catch (GeneralSecurityException e) {
            throw new KeystoreException(
                    subject + " does not list its entries: " + e.getClass().getSimpleName() + "; write it again");
        }
    }

    private static Entry entry(
            String subject, KeyStore store, String alias, char @Nullable [] keyPassword, List<X509Certificate> all)
            throws GeneralSecurityException {
        Certificate[] given = store.getCertificateChain(alias);
        List<X509Certificate> chain = x509(given == null ? new Certificate[] {store.getCertificate(alias)} : given);
        if (!store.isKeyEntry(alias)) {
            return new Entry(alias, null, chain, null);
        }
        try {
            Key key = store.getKey(alias, keyPassword);
            if (key instanceof PrivateKey privateKey) {
                // a store may hold the issuers apart from the key
                List<X509Certificate> whole = chain.size() == 1 ? Certificates.chain(chain.get(0), all) : chain;
                return new Entry(alias, privateKey, whole, null);
            }
            return new Entry(alias, null, chain, "it is a secret key, not a private key with a certificate");
        } catch (UnrecoverableKeyException e) {
            return new Entry(
                    alias,
                    null,
                    chain,
                    "the password opens " + subject + " but not its entry " + alias
                            + "; the entry has a password of its own, give it as keyPassword(..)");
        } catch (GeneralSecurityException | RuntimeException e) {
            return new Entry(
                    alias,
                    null,
                    chain,
                    "its private key cannot be read (" + e.getClass().getSimpleName()
                            + "); its kind is not known to this Java, use RSA or EC on P-256");
        }
    }

    private static List<X509Certificate> x509(@Nullable Certificate[] chain) {
        List<X509Certificate> found = new ArrayList<>();
        for (Certificate each : chain) {
            if (each instanceof X509Certificate certificate) {
                found.add(certificate);
            }
        }
        return found;
    }

    // ---- passwords

    static char @Nullable [] characters(@Nullable Supplier<Secret> source, boolean wipes) {
        if (source == null) {
            return null;
        }
        Secret secret = source.get();
        try {
            return InsecureSecretAccess.use(secret, utf8 -> {
                CharBuffer text = StandardCharsets.UTF_8.decode(ByteBuffer.wrap(utf8));
                char[] characters = new char[text.remaining()];
                text.get(characters);
                Arrays.fill(text.array(), '\0');
                return characters;
            });
        } finally {
            if (wipes) {
                secret.close();
            }
        }
    }

    private static void wipe(char @Nullable [] password) {
        if (password != null) {
            Arrays.fill(password, '\0');
        }
    }
}
