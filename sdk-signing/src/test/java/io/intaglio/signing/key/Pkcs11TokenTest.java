package io.intaglio.signing.key;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.intaglio.signing.secret.Secret;
import io.intaglio.signing.secret.SecretStore;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.Provider;
import java.security.Security;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real PKCS#11 module: SoftHSM 2. It reads its configuration's name from the environment when it is loaded, which a
 * running JVM cannot change, so the work is done in a child JVM; the tests here are its {@code main}'s steps.
 */
class Pkcs11TokenTest {
    private static final List<Path> LIBRARIES = List.of(
            Path.of("/usr/lib/softhsm/libsofthsm2.so"),
            Path.of("/usr/lib64/pkcs11/libsofthsm2.so"),
            Path.of("/usr/local/lib/softhsm/libsofthsm2.so"),
            Path.of("/opt/homebrew/lib/softhsm/libsofthsm2.so"));
    private static final String PIN = "5up3rpin";

    @TempDir
    static Path folder;

    private static Path softHsmConfig;

    @BeforeAll
    static void initialiseToken() throws Exception {
        Path library = LIBRARIES.stream().filter(Files::exists).findFirst().orElse(null);
        Assumptions.assumeTrue(library != null, "SoftHSM 2 is not installed: apt-get install softhsm2");
        Path tokens = Files.createDirectory(folder.resolve("tokens"));
        softHsmConfig = Files.writeString(
                folder.resolve("softhsm2.conf"),
                "directories.tokendir = " + tokens + "\nobjectstore.backend = file\nlog.level = ERROR\n");
        assertThat(run(List.of(
                        "softhsm2-util",
                        "--init-token",
                        "--free",
                        "--label",
                        "desk",
                        "--so-pin",
                        "12345678",
                        "--pin",
                        PIN)))
                .isZero();
        Files.writeString(
                folder.resolve("token.cfg"),
                "name = Desk\nlibrary = " + library + "\nslotListIndex = 0\n"
                        + "attributes(generate,*,*) = {\n CKA_TOKEN = true\n}\n"
                        + "attributes(*,CKO_SECRET_KEY,*) = {\n CKA_SIGN = true\n CKA_VERIFY = true\n"
                        + " CKA_SENSITIVE = true\n CKA_EXTRACTABLE = false\n}\n"
                        + "attributes(*,CKO_PRIVATE_KEY,*) = {\n CKA_SIGN = true\n CKA_SENSITIVE = true\n"
                        + " CKA_EXTRACTABLE = false\n}\n");
    }

    private static int run(List<String> command) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("SOFTHSM2_CONF", softHsmConfig.toString());
        builder.redirectOutput(folder.resolve("output").toFile());
        Process process = builder.start();
        assertThat(process.waitFor(240, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }

    @Test
    void token_inAChildJvm_signsAndRefusesAsPromised() throws Exception {
        int status = run(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                InTheChild.class.getName(),
                folder.toString()));
        assertThat(status).as(Files.readString(folder.resolve("output"))).isZero();
        assertThat(Files.readString(folder.resolve("output"))).contains("all steps done");
        // the token is back: a new process signs with it
        status = run(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                InTheChild.class.getName(),
                folder.toString(),
                "again"));
        assertThat(status).as(Files.readString(folder.resolve("output"))).isZero();
        assertThat(Files.readString(folder.resolve("output"))).contains("signed again");
    }

    /** Runs where SOFTHSM2_CONF points to the token. */
    static final class InTheChild {
        private static final byte[] DATA = "the pre-hash".getBytes(UTF_8);
        private static final byte[] SECRET = "desk secret 123".getBytes(UTF_8);

        private final Path config;
        private final Path files;

        private InTheChild(Path files) {
            this.files = files;
            this.config = files.resolve("token.cfg");
        }

        public static void main(String[] arguments) throws Exception {
            InTheChild child = new InTheChild(Path.of(arguments[0]));
            if (arguments.length > 1) {
                child.signsAgain();
                return;
            }
            KeyPair rsa = TestKeys.rsa(2048);
            KeyPair ec = TestKeys.ec("secp256r1");
            child.importKeys(rsa, ec);
            child.signs(rsa, ec);
            child.refuses();
            child.goesAway();
            System.out.println("all steps done");
        }

        /** With the JDK alone. SoftHSM refuses an HMAC key shorter than the hash; zeros at its end do not change the MAC. */
        private void importKeys(KeyPair rsa, KeyPair ec) throws Exception {
            Provider provider = Security.getProvider("SunPKCS11").configure(config.toString());
            KeyStore store = KeyStore.getInstance("PKCS11", provider);
            store.load(null, PIN.toCharArray());
            store.setKeyEntry("mac", new SecretKeySpec(Arrays.copyOf(SECRET, 64), "Generic"), null, null);
            for (Map.Entry<String, KeyPair> entry : Map.of("rsa", rsa, "ec", ec).entrySet()) {
                store.setKeyEntry(entry.getKey(), entry.getValue().getPrivate(), null, new X509Certificate[] {
                    certificate(entry.getValue())
                });
            }
        }

        private static X509Certificate certificate(KeyPair pair) throws Exception {
            X500Name name = new X500Name("CN=desk");
            String algorithm = pair.getPrivate().getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA";
            Instant now = Instant.parse("2026-01-01T00:00:00Z");
            return new JcaX509CertificateConverter()
                    .getCertificate(new JcaX509v3CertificateBuilder(
                                    name,
                                    BigInteger.ONE,
                                    Date.from(now),
                                    Date.from(now.plusSeconds(1_000_000_000)),
                                    name,
                                    pair.getPublic())
                            .build(new JcaContentSignerBuilder(algorithm).build(pair.getPrivate())));
        }

        private void signs(KeyPair rsa, KeyPair ec) throws Exception {
            Path pinFile = files.resolve("pin");
            Files.writeString(pinFile, PIN + "\n");
            Files.setPosixFilePermissions(pinFile, PosixFilePermissions.fromString("rw-------"));
            SecretStore store =
                    SecretStore.builder().unlock(config, "file:" + pinFile).build();
            SigningKey mac = Pkcs11Token.key(store, "pkcs11:" + config + "#mac");
            Pkcs11Token token = Pkcs11Token.open(config, Secret.of(PIN.getBytes(UTF_8)));
            assertThat(token.aliases()).contains("mac", "rsa", "ec");
            SigningKey rsaKey = token.key("rsa");
            SigningKey ecKey = token.key("ec");
            assertThat(List.of(mac.kind(), rsaKey.kind(), ecKey.kind()))
                    .containsExactly(KeyKind.SECRET, KeyKind.RSA, KeyKind.EC_P256);

            SignatureAlgorithm hmac = SignatureAlgorithm.hmac(Hash.SHA256, SecretForm.UTF8);
            SignatureAlgorithm hmac512 = SignatureAlgorithm.hmac(Hash.SHA512, SecretForm.UTF8);
            SignatureAlgorithm pss = SignatureAlgorithm.rsaPss(Hash.SHA256);
            SignatureAlgorithm pkcs1 = SignatureAlgorithm.rsaPkcs1(Hash.SHA256);
            SignatureAlgorithm raw = SignatureAlgorithm.ecdsa(Hash.SHA256, EcdsaForm.RAW);
            SignatureAlgorithm der = SignatureAlgorithm.ecdsa(Hash.SHA256, EcdsaForm.DER);
            VerifyingKey rsaPublic = VerifyingKey.of(rsa.getPublic());
            VerifyingKey ecPublic = VerifyingKey.of(ec.getPublic());
            Callable<Void> all = () -> {
                for (int i = 0; i < 10; i++) {
                    assertThat(mac.sign(hmac, DATA)).isEqualTo(jdk("HmacSHA256"));
                    assertThat(mac.sign(hmac512, DATA)).isEqualTo(jdk("HmacSHA512"));
                    assertThat(rsaPublic.verify(pss, DATA, rsaKey.sign(pss, DATA)))
                            .isTrue();
                    assertThat(rsaPublic.verify(pkcs1, DATA, rsaKey.sign(pkcs1, DATA)))
                            .isTrue();
                    assertThat(ecPublic.verify(raw, DATA, ecKey.sign(raw, DATA)))
                            .isTrue();
                    assertThat(ecPublic.verify(der, DATA, ecKey.sign(der, DATA)))
                            .isTrue();
                }
                return null;
            };
            ExecutorService threads = Executors.newFixedThreadPool(16);
            try {
                List<Future<Void>> running = new ArrayList<>();
                for (int i = 0; i < 16; i++) {
                    running.add(threads.submit(all));
                }
                for (Future<Void> one : running) {
                    one.get();
                }
            } finally {
                threads.shutdown();
            }
            assertThatThrownBy(() -> mac.sign(SignatureAlgorithm.suffixedHash(Hash.SHA256, SecretForm.UTF8), DATA))
                    .hasMessageContaining("does not leave a token");
            mac.close();
            assertThatThrownBy(() -> mac.sign(hmac, DATA)).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> token.key("nothing"))
                    .isInstanceOf(KeyException.class)
                    .hasMessageStartingWith("the token of " + config + " has no key nothing; it has ");
        }

        private static byte[] jdk(String name) throws Exception {
            Mac mac = Mac.getInstance(name, "SunJCE");
            mac.init(new SecretKeySpec(SECRET, name));
            return mac.doFinal(DATA);
        }

        private void signsAgain() throws Exception {
            SigningKey mac =
                    Pkcs11Token.open(config, Secret.of(PIN.getBytes(UTF_8))).key("mac");
            assertThat(mac.sign(SignatureAlgorithm.hmac(Hash.SHA256, SecretForm.UTF8), DATA))
                    .isEqualTo(jdk("HmacSHA256"));
            System.out.println("signed again");
        }

        /**
         * While the token is away each signature is refused in a sentence. SoftHSM does not take a store back that vanished under it, so in
         * this process it stays so; nothing hangs and nothing ends the process.
         */
        private void goesAway() throws Exception {
            SigningKey mac =
                    Pkcs11Token.open(config, Secret.of(PIN.getBytes(UTF_8))).key("mac");
            SignatureAlgorithm hmac = SignatureAlgorithm.hmac(Hash.SHA256, SecretForm.UTF8);
            assertThat(mac.sign(hmac, DATA)).isEqualTo(jdk("HmacSHA256"));
            Path tokens = files.resolve("tokens");
            Path away = Files.move(tokens, files.resolve("away"));
            for (int i = 0; i < 100; i++) {
                assertThatThrownBy(() -> mac.sign(hmac, DATA))
                        .isInstanceOf(KeyException.class)
                        .hasMessageStartingWith(
                                "HMAC-SHA256 failed in the token (InvalidKeyException); check that it is present");
            }
            Files.move(away, tokens);
        }

        /** A wrong PIN is given to the token once: its source is asked once, and nothing that follows asks again. */
        private void refuses() throws Exception {
            Path second = Files.writeString(
                    files.resolve("second.cfg"), Files.readString(config).replace("name = Desk", "name = Second"));
            // SunPKCS11 shares one login of the process among its sessions, so the wrong PIN needs a token logged out
            // of
            java.security.AuthProvider first = (java.security.AuthProvider)
                    Security.getProvider("SunPKCS11").configure(config.toString());
            first.logout();
            assertThatThrownBy(() -> Pkcs11Token.open(second, Secret.of("0000".getBytes(UTF_8))))
                    .isInstanceOf(KeyException.class)
                    .hasMessage(
                            "the token of " + second + " refuses the login (CKR_PIN_INCORRECT); check the PIN before "
                                    + "you try again, since tokens lock after a few wrong ones");
            Path asked = files.resolve("asked");
            Path script = Files.writeString(files.resolve("wrong-pin.sh"), "echo x >> " + asked + "\necho 0000\n");
            SecretStore wrong = SecretStore.builder()
                    .unlock(second, "exec:/bin/sh " + script)
                    .build();
            assertThatThrownBy(() -> Pkcs11Token.key(wrong, "pkcs11:" + second + "#mac"))
                    .hasMessageContaining("CKR_PIN_INCORRECT");
            assertThat(Files.readAllLines(asked)).hasSize(1);
            assertThatThrownBy(() -> Pkcs11Token.open(files.resolve("none.cfg"), Secret.of(new byte[] {1})))
                    .hasMessage("PKCS#11 configuration " + files.resolve("none.cfg")
                            + " does not exist or is no file; check the path");
            Path broken =
                    Files.writeString(files.resolve("broken.cfg"), "name = Broken\nlibrary = /no/such/module.so\n");
            assertThatThrownBy(() -> Pkcs11Token.open(broken, Secret.of(new byte[] {1})))
                    .isInstanceOf(KeyException.class)
                    .hasMessageStartingWith("PKCS#11 configuration " + broken + " is not accepted (");
        }
    }
}
