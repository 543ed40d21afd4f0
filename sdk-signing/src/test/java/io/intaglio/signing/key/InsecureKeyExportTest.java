package io.intaglio.signing.key;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.intaglio.signing.secret.InsecureSecretAccess;
import io.intaglio.signing.secret.Secret;
import io.intaglio.signing.secret.SecretException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is written is read back by others, the JDK and OpenSSL, and belongs to the same public key. */
@Tag("long")
class InsecureKeyExportTest {
    @TempDir
    Path folder;

    private static PublicKey publicKey(SigningKey key) {
        return key.publicKey().orElseThrow();
    }

    private static Secret secret(String text) {
        return Secret.of(text.getBytes(UTF_8));
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "SECRET")
    void pem_plainAndEncrypted_isReadBackAsTheSameKey(KeyKind kind) {
        try (SigningKey key = SigningKey.generate(kind)) {
            assertThat(key.kind()).isEqualTo(kind);
            assertThat(publicKey(KeyReader.read(InsecureKeyExport.pem(key)))).isEqualTo(publicKey(key));
            assertThat(publicKey(KeyReader.read(InsecureKeyExport.pkcs8(key)))).isEqualTo(publicKey(key));
            Secret sealed = InsecureKeyExport.pem(key, secret("p\u00e4sswort"));
            assertThat(publicKey(KeyReader.read(sealed, secret("p\u00e4sswort"))))
                    .isEqualTo(publicKey(key));
            assertThatThrownBy(() -> KeyReader.read(sealed, secret("passwort"))).isInstanceOf(KeyException.class);
            assertThatThrownBy(() -> KeyReader.read(sealed)).hasMessageContaining("encrypted private key");
        }
    }

    @Test
    void pkcs8_jdkReadsIt_isTheSameKey() throws GeneralSecurityException {
        for (KeyKind kind : List.of(KeyKind.ED25519, KeyKind.RSA, KeyKind.EC_P256, KeyKind.EC_P384)) {
            SigningKey key = SigningKey.generate(kind);
            String name = kind == KeyKind.ED25519 ? "Ed25519" : kind == KeyKind.RSA ? "RSA" : "EC";
            byte[] der = InsecureSecretAccess.copyBytes(InsecureKeyExport.pkcs8(key));
            SigningKey again =
                    SigningKey.of(KeyFactory.getInstance(name).generatePrivate(new PKCS8EncodedKeySpec(der)));
            assertThat(publicKey(again)).isEqualTo(publicKey(key));
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "SECRET")
    void pem_opensslReadsIt_showsTheSamePublicKey(KeyKind kind) throws IOException, InterruptedException {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/openssl")), "openssl is not installed");
        try (SigningKey key = SigningKey.generate(kind)) {
            Path plain = folder.resolve("plain.pem");
            Path sealed = folder.resolve("sealed.pem");
            Path password = Files.writeString(folder.resolve("password"), "p\u00e4sswort");
            InsecureKeyExport.pem(key).toNewFile(plain);
            InsecureKeyExport.pem(key, secret("p\u00e4sswort")).toNewFile(sealed);
            byte[] wanted = publicKey(key).getEncoded();
            assertThat(openssl("pkey", "-in", plain.toString(), "-pubout", "-outform", "DER"))
                    .isEqualTo(wanted);
            assertThat(openssl(
                            "pkey",
                            "-in",
                            sealed.toString(),
                            "-passin",
                            "file:" + password,
                            "-pubout",
                            "-outform",
                            "DER"))
                    .isEqualTo(wanted);
        }
    }

    private static byte[] openssl(String... arguments) throws IOException, InterruptedException {
        List<String> command = new java.util.ArrayList<>(List.of("/usr/bin/openssl"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        byte[] out = process.getInputStream().readAllBytes();
        assertThat(process.waitFor()).isZero();
        return out;
    }

    @Test
    void seed_ofAnEd25519Key_makesTheSameKeyAgain() {
        SigningKey key = SigningKey.generate(KeyKind.ED25519);
        byte[] seed = InsecureSecretAccess.copyBytes(InsecureKeyExport.seed(key));
        assertThat(publicKey(SigningKey.ed25519(seed))).isEqualTo(publicKey(key));
        assertThatThrownBy(() -> InsecureKeyExport.seed(SigningKey.generate(KeyKind.EC_P256)))
                .hasMessage("only an Ed25519 key has a seed, but this is an EC P-256 private key");
    }

    @Test
    void export_keysThatDoNotComeOut_areRefused() {
        SigningKey hmac = SigningKey.hmac(secret("secret"));
        assertThatThrownBy(() -> InsecureKeyExport.pem(hmac))
                .hasMessage("this key does not come out: it is an HMAC secret, not a private key");
        SigningKey remote = SigningKey.remote("kms", KeyKind.ED25519, (algorithm, data) -> new byte[64]);
        assertThatThrownBy(() -> InsecureKeyExport.pkcs8(remote))
                .hasMessage("this key does not come out: it is an Ed25519 private key held elsewhere");
        SigningKey closed = SigningKey.generate(KeyKind.ED25519);
        closed.close();
        assertThatThrownBy(() -> InsecureKeyExport.pem(closed)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> InsecureKeyExport.pem(SigningKey.generate(KeyKind.ED25519), secret("")))
                .hasMessage("the password for the private key is empty; give one");
    }

    @Test
    void generate_twice_givesTwoKeys() {
        for (KeyKind kind : List.of(KeyKind.ED25519, KeyKind.EC_P256, KeyKind.EC_SECP256K1)) {
            assertThat(publicKey(SigningKey.generate(kind))).isNotEqualTo(publicKey(SigningKey.generate(kind)));
        }
        assertThatThrownBy(() -> SigningKey.generateRsa(1024))
                .hasMessage("an RSA key of 1024 bits is not made; 2048, 3072 and 4096 are");
        assertThatThrownBy(() -> SigningKey.generate(KeyKind.SECRET)).hasMessageContaining("made by the venue");
    }

    @Test
    void toNewFile_always_isForItsOwnerAloneAndNeverOverwrites() throws IOException {
        Path file = folder.resolve("key");
        secret("first").toNewFile(file);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThatThrownBy(() -> secret("second").toNewFile(file))
                .isInstanceOf(SecretException.class)
                .hasMessage("file " + file + " exists already and is not overwritten; choose another name");
        assertThat(Files.readString(file)).isEqualTo("first");
        Path link = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("absent"));
        assertThatThrownBy(() -> secret("x").toNewFile(link)).hasMessageContaining("exists already");
        assertThatThrownBy(() -> secret("x").toNewFile(folder.resolve("none/key")))
                .hasMessageContaining("cannot be written (NoSuchFileException)");
        assertThat(Arrays.asList(folder.toFile().list())).containsExactlyInAnyOrder("key", "link");
    }
}
