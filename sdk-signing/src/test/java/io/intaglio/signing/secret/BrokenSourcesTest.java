package io.intaglio.signing.secret;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.intaglio.signing.key.KeyException;
import io.intaglio.signing.key.KeyReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.stream.Stream;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.asn1.bc.ObjectStore;
import org.bouncycastle.asn1.bc.ObjectStoreIntegrityCheck;
import org.bouncycastle.asn1.bc.PbkdMacIntegrityCheck;
import org.bouncycastle.asn1.misc.MiscObjectIdentifiers;
import org.bouncycastle.asn1.misc.ScryptParams;
import org.bouncycastle.asn1.pkcs.KeyDerivationFunc;
import org.bouncycastle.asn1.pkcs.MacData;
import org.bouncycastle.asn1.pkcs.PBKDF2Params;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.Pfx;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.crypto.util.OpenSSHPrivateKeyUtil;
import org.bouncycastle.crypto.util.PrivateKeyFactory;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS8EncryptedPrivateKeyInfoBuilder;
import org.bouncycastle.pkcs.jcajce.JcePKCSPBEOutputEncryptorBuilder;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Broken keys, keystores and vault files, as a user has them on the disk: each is refused with its own sentence, and
 * cheaply. The cost is this thread's processor time and all that it allocates, which bounds what it holds, so that a
 * busy machine does not fail the test. Vault files here are made with a cheap derivation, as in {@link VaultFileTest}.
 */
class BrokenSourcesTest {
    private static final long MAX_NANOS = 2_000_000_000L;
    private static final long MAX_BYTES = 64_000_000L;
    /** The JDK writes no keystore under a password beyond ASCII. */
    private static final String STORE_PASSWORD = "open sesame";

    private static final String PASSWORD = "p\u00e4ssword";
    private static final VaultFile.Cost CHEAP = new VaultFile.Cost(64, 1, 1);
    private static final String AGAIN = "; export it again from its source";
    private static final String PLAIN =
            "this is not a private key but plain text, like an HMAC secret or a bare seed; use "
                    + "SigningKey.hmac(secret) for an HMAC secret and KeyReader.ed25519(text, form) for an Ed25519 seed";
    /** Encrypted with "correct horse" by ssh-keygen, for this test alone. */
    private static final String OPENSSH = """
            -----BEGIN OPENSSH PRIVATE KEY-----
            b3BlbnNzaC1rZXktdjEAAAAACmFlczI1Ni1jdHIAAAAGYmNyeXB0AAAAGAAAABALfAZ2uw
            WibR/blByxBUBmAAAAEAAAAAEAAAAzAAAAC3NzaC1lZDI1NTE5AAAAIMCyQJyYq/Hhk8LS
            YkI/D6ul6Q7pfvWIr5pM+KkpoOAwAAAAkGUCyCa1X2MTH0UMC/4UgK8V0Z5Yk/0TnLylQt
            lvqrq5C0LODfqviwb7gKh1hYm7mEXPHqCMG+VrSEs9W88hF+/OJSn6dehtR+6w55ibSM1J
            uhku00bs+W0TErlyooWJkIvWpzKkbXxb9iMSaRKXfk4brPk7PxcmCjJJxxX/SVmnN7D0iI
            pThC7lJmt85BUUZw==
            -----END OPENSSH PRIVATE KEY-----
            """;

    @TempDir
    static Path folder;

    private final List<DynamicTest> cases = new ArrayList<>();
    private static int number;

    private interface Step {
        Object run() throws Exception;
    }

    @TestFactory
    Stream<DynamicTest> broken_each_saysSoInItsOwnSentenceAndCheaply() throws Exception {
        files();
        pemKeys();
        encryptedKeys();
        openSsh();
        keystores();
        vaultFiles();
        assertThat(cases).hasSizeGreaterThanOrEqualTo(60);
        return cases.stream();
    }

    /** The measure is not blind: a derivation at full cost is over it. */
    @Test
    void cost_ofAFullDerivation_isNoticed() {
        Path file = folder.resolve("costly.vault");
        long before = allocated();
        VaultFile.create(file, secret(PASSWORD)).close();
        assertThat(allocated() - before).isGreaterThan(MAX_BYTES);
    }

    private void refused(String name, String message, Step step) {
        cases.add(DynamicTest.dynamicTest(name, () -> {
            Throwable thrown = null;
            long bytes = allocated();
            long nanos = cpu();
            try {
                step.run();
            } catch (SecretException | KeyException e) {
                thrown = e;
            }
            nanos = cpu() - nanos;
            bytes = allocated() - bytes;
            assertThat(thrown).isNotNull().hasMessage(message);
            assertThat(message).doesNotContain(PASSWORD).doesNotContain("\n");
            assertThat(nanos).as("processor time").isLessThan(MAX_NANOS);
            assertThat(bytes).as("allocated").isLessThan(MAX_BYTES);
        }));
    }

    // ---- files

    private void files() throws Exception {
        Path missing = folder.resolve("missing");
        file("missing", missing, "does not exist; check the path");
        file("directory", Files.createDirectory(next()), "is a directory; give a regular file");
        Path fifo = fifo();
        if (fifo != null) {
            file("FIFO", fifo, "is not a regular file; give a regular file");
        }
        for (String mode : List.of("rw-r--r--", "rw-r-----", "rw----r--", "rw--w----")) {
            Path open = put("x".getBytes(US_ASCII));
            Files.setPosixFilePermissions(open, PosixFilePermissions.fromString(mode));
            file(mode, open, "is open to others than its owner (" + mode + "); close it with: chmod 600 " + open);
            Path link = Files.createSymbolicLink(next(), open);
            file(
                    mode + " behind a link",
                    link,
                    "is open to others than its owner (" + mode + "); close it with: chmod 600 " + link);
        }
        file("dangling link", Files.createSymbolicLink(next(), missing), "does not exist; check the path");
        Path loop = next();
        Files.createSymbolicLink(loop, loop);
        file("link to itself", loop, "cannot be read (FileSystemException); check that this user owns it");
        file("empty", put(new byte[0]), "is empty; put the secret into it");
        file("one line break", put(new byte[] {'\r', '\n'}), "is empty; put the secret into it");
        file("too large", put(new byte[(1 << 20) + 1]), "is larger than 1 MiB; is it the right file?");
    }

    private void file(String name, Path file, String message) {
        refused(
                "file: " + name,
                "secret file " + file + " " + message,
                () -> SecretStore.standard().resolve("file:" + file));
    }

    private static Path fifo() throws Exception {
        Path fifo = folder.resolve("fifo");
        try {
            return new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor() == 0 ? fifo : null;
        } catch (IOException e) {
            return null; // no such command here
        }
    }

    // ---- private keys

    private void key(String name, String message, byte[] content) throws IOException {
        Path file = put(content);
        refused(
                "key: " + name,
                message,
                () -> KeyReader.read(SecretStore.standard().resolve("file:" + file)));
    }

    private void key(String name, String message, String content) throws IOException {
        key(name, message, content.getBytes(UTF_8));
    }

    private void pemKeys() throws Exception {
        PrivateKey rsa = rsa().getPrivate();
        PrivateKey ec = ec().getPrivate();
        String pem = pem("PRIVATE KEY", rsa.getEncoded());
        String truncated = "the PEM text is truncated: it has -----BEGIN PRIVATE KEY----- but no "
                + "-----END PRIVATE KEY----- after it; copy it whole";
        for (int length : new int[] {5, 10}) {
            key("cut after " + length, PLAIN, pem.substring(0, length));
        }
        for (int length : new int[] {12, 26}) {
            key(
                    "cut after " + length,
                    "the PEM text is damaged: its BEGIN line does not end in -----",
                    pem.substring(0, length));
        }
        for (int length : new int[] {28, 100, 900, pem.length() - 26, pem.length() - 2}) {
            key("cut after " + length, truncated, pem.substring(0, length));
            key(
                    "cut after " + length + ", CRLF and BOM",
                    truncated,
                    "\ufeff" + pem.substring(0, length).replace("\n", "\r\n"));
        }
        key(
                "without BEGIN",
                "wanted a private key, but this is PEM text without its BEGIN line; copy it whole",
                pem.substring(28));
        key(
                "a line lost",
                "the private key is damaged: what its PEM block holds is not DER, or not all of it" + AGAIN,
                pem.replace(pem.split("\n")[5] + "\n", ""));
        key(
                "a character damaged",
                "the body of PRIVATE KEY is not base64: character 65 is outside the alphabet",
                pem.replace(pem.split("\n")[2], "*" + pem.split("\n")[2].substring(1)));
        key(
                "two keys",
                "the PEM text holds 2 private keys; leave the one to sign with",
                pem + pem("PRIVATE KEY", ec.getEncoded()));
        byte[] flipped = rsa.getEncoded();
        flipped[flipped.length - 1] ^= 1;
        key(
                "a bit of RSA flipped",
                "the private key is damaged: its RSA numbers do not belong together" + AGAIN,
                flipped);
        byte[] cut = Arrays.copyOf(rsa.getEncoded(), 1000);
        key("DER cut", "the private key is damaged: it starts like DER but is not whole" + AGAIN, cut);
        key(
                "certificate",
                "wanted a private key, but this is a certificate; give the private key that belongs to it",
                pem("CERTIFICATE", certificate(ec()).getEncoded()));
        key(
                "public key",
                "wanted a private key, but this is a public key; give the private key that belongs to it",
                pem("PUBLIC KEY", rsa().getPublic().getEncoded()));
        key("UTF-16", "wanted a private key, but this is text in UTF-16; save it as UTF-8", pem.getBytes(UTF_16));
        key("web page", PLAIN, "<!DOCTYPE html><html><body>Sign in</body></html>");
        key("zeros", PLAIN, new byte[100]);
    }

    private void encryptedKeys() throws Exception {
        byte[] der = new JcaPKCS8EncryptedPrivateKeyInfoBuilder(ec().getPrivate())
                .build(new JcePKCSPBEOutputEncryptorBuilder(
                                org.bouncycastle.asn1.nist.NISTObjectIdentifiers.id_aes256_CBC)
                        .setPRF(org.bouncycastle.crypto.util.PBKDF2Config.PRF_SHA256)
                        .setProvider(new BouncyCastleProvider())
                        .build("secret".toCharArray()))
                .getEncoded();
        String wrong =
                "the password does not open the encrypted private key; check the password, or the file is damaged";
        for (String password : List.of("", "Secret", "secret ", "s\u00e9cret", "\ud83d\udd11")) {
            encrypted("password '" + password + "'", wrong, der, password);
        }
        byte[] flipped = der.clone();
        flipped[der.length - 20] ^=
                1; // damages the block before the padding: the padding itself then reads wrong, or the key
        flipped[der.length - 1] ^= 1;
        encrypted("flipped", wrong, flipped, "secret");
        key(
                "no password",
                "this is an encrypted private key and no password is given; use KeyReader.read(text, password)",
                der);
    }

    private void encrypted(String name, String message, byte[] der, String password) throws IOException {
        Path file = put(pem("ENCRYPTED PRIVATE KEY", der).getBytes(US_ASCII));
        refused(
                "encrypted key: " + name,
                message,
                () -> KeyReader.read(SecretStore.standard().resolve("file:" + file), secret(password)));
    }

    private void openSsh() throws Exception {
        String wrong =
                "the password does not open the encrypted OpenSSH private key; check the password, or the file is damaged";
        for (String password : List.of("correct horsf", "", "\u00e9")) {
            openSsh("password '" + password + "'", wrong, OPENSSH, password);
        }
        key(
                "OpenSSH, no password",
                "this is an encrypted OpenSSH private key and no password is given; use KeyReader.read(text, password)",
                OPENSSH);
        byte[] blob = Base64.getMimeDecoder().decode(OPENSSH.replaceAll("-----.*-----", ""));
        byte[] costly = blob.clone();
        int rounds = 15 + 4 + 10 + 4 + 6 + 4 + 4 + 16; // magic, cipher, derivation, options, salt
        ByteBuffer.wrap(costly).putInt(rounds, -1);
        openSsh(
                "rounds",
                "the encrypted OpenSSH private key asks for 4294967295 bcrypt rounds, but at most 256 are done; "
                        + "encrypt it again with fewer: ssh-keygen -p -a 16",
                pem("OPENSSH PRIVATE KEY", costly),
                "correct horse");
        for (int length : new int[] {10, 40, 80, 120}) {
            openSsh(
                    "cut after " + length,
                    "the private key is damaged: its OpenSSH block "
                            + (length < 15 ? "does not start with openssh-key-v1" : "ends early") + AGAIN,
                    pem("OPENSSH PRIVATE KEY", Arrays.copyOf(blob, length)),
                    "correct horse");
        }
        byte[] mixed = OpenSSHPrivateKeyUtil.encodePrivateKey(PrivateKeyFactory.createKey(ed25519()));
        byte[] other = OpenSSHPrivateKeyUtil.encodePrivateKey(PrivateKeyFactory.createKey(ed25519()));
        int shown = 15 + 4 + 4 + 4 + 4 + 4 + 4 + 4 + 4 + 11 + 4; // up to the public key's bytes in the header
        System.arraycopy(other, shown, mixed, shown, 32);
        key(
                "OpenSSH with another's public key",
                "the private key is damaged: the public key beside it belongs to another private key" + AGAIN,
                pem("OPENSSH PRIVATE KEY", mixed));
    }

    private void openSsh(String name, String message, String text, String password) throws IOException {
        Path file = put(text.getBytes(US_ASCII));
        refused(
                "OpenSSH: " + name,
                message,
                () -> KeyReader.read(SecretStore.standard().resolve("file:" + file), secret(password)));
    }

    // ---- keystores

    private void keystores() throws Exception {
        byte[] p12 = keystore(KeyStore.getInstance("PKCS12"));
        byte[] fips = keystore(KeyStore.getInstance("BCFKS", new BouncyCastleProvider()));
        for (byte[] store : List.of(p12, fips)) {
            String type = store == p12 ? "PKCS#12" : "BCFKS";
            for (String password : List.of("passwort", "p\u00e4ssword", "\u00e9")) {
                keystore(type + " password '" + password + "'", notOpened(), store, "key", password);
            }
            keystore(
                    type + " alias",
                    " has no alias nokey; it has " + (store == p12 ? "key, cert" : "*"),
                    store,
                    "nokey",
                    STORE_PASSWORD);
            keystore(
                    type + " certificate",
                    " has a certificate under the alias cert, but a key is wanted; import the private key that belongs to it",
                    store,
                    "cert",
                    STORE_PASSWORD);
            for (int length : new int[] {20, 200, store.length / 2, store.length - 1}) {
                keystore(
                        type + " cut after " + length,
                        " is damaged: it is not whole DER; restore it from its backup",
                        Arrays.copyOf(store, length),
                        "key",
                        STORE_PASSWORD);
            }
            byte[] flipped = store.clone();
            flipped[store.length / 2] ^= 0x40; // within what is encrypted
            keystore(type + " flipped", notOpened(), flipped, "key", STORE_PASSWORD);
        }
        Pfx pfx = Pfx.getInstance(p12);
        byte[] costly = new Pfx(
                        pfx.getAuthSafe(),
                        new MacData(pfx.getMacData().getMac(), pfx.getMacData().getSalt(), Integer.MAX_VALUE))
                .getEncoded();
        keystore(
                "PKCS#12 iterations",
                " asks for 2147483647 iterations, but at most 1000000 are done; write it again with fewer",
                costly,
                "key",
                STORE_PASSWORD);
        keystore(
                "BCFKS iterations",
                " asks for 1073741824 iterations, but at most 1000000 are done; write it again with fewer",
                withDerivation(
                        fips,
                        new KeyDerivationFunc(
                                PKCSObjectIdentifiers.id_PBKDF2, new PBKDF2Params(new byte[16], 1 << 30))),
                "key",
                STORE_PASSWORD);
        keystore(
                "BCFKS scrypt",
                " asks for scrypt with N 1073741824 and r 8, but at most 256 MiB are spent; write it again with less",
                withDerivation(
                        fips,
                        new KeyDerivationFunc(
                                MiscObjectIdentifiers.id_scrypt, new ScryptParams(new byte[16], 1 << 30, 8, 1))),
                "key",
                STORE_PASSWORD);
        keystore(
                "JKS",
                " is a JKS or JCEKS keystore; convert it with: keytool -importkeystore -deststoretype PKCS12",
                keystore(KeyStore.getInstance("JKS")),
                "key",
                STORE_PASSWORD);
        keystore(
                "PEM",
                " is PEM text; refer to it with file: instead",
                OPENSSH.getBytes(US_ASCII),
                "key",
                STORE_PASSWORD);
        keystore("empty", " is empty; is it the right file?", new byte[0], "key", STORE_PASSWORD);
        keystore(
                "text",
                " is neither PKCS#12 nor BCFKS; is it the right file?",
                "hello".getBytes(US_ASCII),
                "key",
                STORE_PASSWORD);
        Path file = put(p12);
        refused(
                "keystore: no password source",
                file
                        + " needs a password and no source for it is given; use SecretStore.builder().unlock(file, reference), "
                        + "or set INTAGLIO_UNLOCK to a reference",
                () -> SecretStore.builder().build().resolve("keystore:" + file + "#key"));
    }

    private static String notOpened() {
        return null; // the message has the file's name in its middle
    }

    private void keystore(String name, String message, byte[] content, String alias, String password)
            throws IOException {
        Path file = put(content);
        String whole = message == null
                ? "the password does not open keystore " + file + "; check the password, or the file is damaged"
                : "keystore " + file + (message.endsWith("*") ? message.replace("*", "cert, key") : message);
        Path passwordFile = put(password.getBytes(UTF_8));
        SecretStore store =
                SecretStore.builder().unlock(file, "file:" + passwordFile).build();
        refused("keystore: " + name, whole, () -> store.resolve("keystore:" + file + "#" + alias));
    }

    private static byte[] withDerivation(byte[] store, KeyDerivationFunc derivation) throws IOException {
        ObjectStore whole = ObjectStore.getInstance(store);
        PbkdMacIntegrityCheck check =
                PbkdMacIntegrityCheck.getInstance(whole.getIntegrityCheck().getIntegrityCheck());
        return new ObjectStore(
                        org.bouncycastle.asn1.bc.EncryptedObjectStoreData.getInstance(whole.getStoreData()),
                        new ObjectStoreIntegrityCheck(
                                new PbkdMacIntegrityCheck(check.getMacAlgorithm(), derivation, check.getMac())))
                .getEncoded();
    }

    private static byte[] keystore(KeyStore store) throws Exception {
        store.load(null, null);
        KeyPair pair = ec();
        store.setKeyEntry(
                "key", pair.getPrivate(), STORE_PASSWORD.toCharArray(), new X509Certificate[] {certificate(pair)});
        store.setCertificateEntry("cert", certificate(ec()));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        store.store(out, STORE_PASSWORD.toCharArray());
        return out.toByteArray();
    }

    /** The sound ones, so that the refusals above are known to be about what is broken. */
    @Test
    void keystore_sound_givesItsKeys() throws Exception {
        for (KeyStore store :
                List.of(KeyStore.getInstance("PKCS12"), KeyStore.getInstance("BCFKS", new BouncyCastleProvider()))) {
            byte[] content = keystore(store);
            store.load(new ByteArrayInputStream(content), STORE_PASSWORD.toCharArray());
            store.setKeyEntry(
                    "mac",
                    new SecretKeySpec(new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}, "HmacSHA256"),
                    STORE_PASSWORD.toCharArray(),
                    null);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            store.store(out, STORE_PASSWORD.toCharArray());
            Path file = put(out.toByteArray());
            SecretStore secrets = SecretStore.builder()
                    .unlock("file:" + put((STORE_PASSWORD + "\n").getBytes(UTF_8)))
                    .build();
            byte[] key = InsecureSecretAccess.copyBytes(secrets.resolve("keystore:" + file + "#key"));
            assertThat(key)
                    .isEqualTo(store.getKey("key", STORE_PASSWORD.toCharArray()).getEncoded());
            assertThat(KeyReader.read(Secret.of(key)).kind().toString()).isEqualTo("an EC P-256 private key");
            assertThat(InsecureSecretAccess.copyBytes(secrets.resolve("keystore:" + file + "#mac")))
                    .containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16);
        }
    }

    // ---- vault files

    private void vaultFiles() throws Exception {
        Path sound = next();
        try (VaultFile vault = VaultFile.create(sound, secret(PASSWORD), CHEAP)) {
            vault.put("desk", secret("content"));
        }
        byte[] whole = Files.readAllBytes(sound);
        for (String password : List.of("", "passwort", "p\u00c4ssword")) {
            vault("password '" + password + "'", null, whole, password);
        }
        for (int length : new int[] {8, 30, 66, 200, whole.length - 1}) {
            vault("cut after " + length, null, Arrays.copyOf(whole, length), PASSWORD);
        }
        for (int at : new int[] {22, 37, 38, 49, 50, 100, whole.length - 1}) {
            byte[] flipped = whole.clone();
            flipped[at] ^= 0x10;
            vault("flipped at " + at, null, flipped, PASSWORD);
        }
        for (byte[] content : List.of(new byte[0], "INTAGLI".getBytes(US_ASCII), OPENSSH.getBytes(US_ASCII))) {
            vault(content.length + " foreign bytes", " is no vault file; is it the right file?", content, PASSWORD);
        }
        refused(
                "vault: missing entry",
                "vault file " + sound + " has no entry nodesk; it has desk",
                () -> VaultFile.open(sound, secret(PASSWORD), CHEAP).get("nodesk"));
    }

    private void vault(String name, String message, byte[] content, String password) throws IOException {
        Path file = put(content);
        String whole = message == null
                ? "the password does not open vault file " + file
                        + "; check the password, or the file is damaged and its backup is needed"
                : "vault file " + file + message;
        refused("vault: " + name, whole, () -> VaultFile.open(file, secret(password), CHEAP));
    }

    // ---- material

    private static Path next() {
        return folder.resolve("f" + number++);
    }

    private static Path put(byte[] content) throws IOException {
        Path file = next();
        Files.write(file, content);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    private static Secret secret(String text) {
        return Secret.of(text.getBytes(UTF_8));
    }

    private static String pem(String label, byte[] der) {
        return "-----BEGIN " + label + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der) + "\n-----END " + label + "-----\n";
    }

    private static KeyPair rsa() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        return generator.generateKeyPair();
    }

    private static KeyPair ec() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        return generator.generateKeyPair();
    }

    private static byte[] ed25519() throws Exception {
        return KeyPairGenerator.getInstance("Ed25519")
                .generateKeyPair()
                .getPrivate()
                .getEncoded();
    }

    private static X509Certificate certificate(KeyPair pair) throws Exception {
        X500Name name = new X500Name("CN=desk");
        Instant now = Instant.parse("2026-01-01T00:00:00Z");
        return new JcaX509CertificateConverter()
                .getCertificate(new JcaX509v3CertificateBuilder(
                                name,
                                BigInteger.ONE,
                                Date.from(now),
                                Date.from(now.plusSeconds(1_000_000_000)),
                                name,
                                pair.getPublic())
                        .build(new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate())));
    }

    /** By reflection, because this module does not read java.management. */
    private static long ask(String type, String method, Object... arguments) {
        try {
            Class<?> factory = Class.forName("java.lang.management.ManagementFactory");
            Object bean = factory.getMethod("getThreadMXBean").invoke(null);
            Class<?>[] types = arguments.length == 0 ? new Class<?>[0] : new Class<?>[] {long.class};
            return (Long) Class.forName(type).getMethod(method, types).invoke(bean, arguments);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static long cpu() {
        return ask("java.lang.management.ThreadMXBean", "getCurrentThreadCpuTime");
    }

    private static long allocated() {
        return ask(
                "com.sun.management.ThreadMXBean",
                "getThreadAllocatedBytes",
                Thread.currentThread().getId());
    }
}
