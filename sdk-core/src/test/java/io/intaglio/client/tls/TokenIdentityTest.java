package io.intaglio.client.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.intaglio.client.NotSentException;
import io.intaglio.client.VenueClient;
import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.secret.Secret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.Provider;
import java.security.Security;
import java.security.cert.Certificate;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A client certificate whose key stays in a real PKCS#11 module, SoftHSM 2. It reads its configuration's name from the environment when it is loaded, so the work
 * is done in a child JVM. An RSA key there is of no use: Java's TLS does not sign with it.
 */
class TokenIdentityTest {
    private static final String PIN = "5up3rpin";

    @TempDir
    Path folder;

    private int run(String... command) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("output").toFile());
        builder.environment()
                .put("SOFTHSM2_CONF", folder.resolve("softhsm2.conf").toString());
        Process process = builder.start();
        assertThat(process.waitFor(240, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }

    @Test
    void send_keyInAToken_serverSeesItsCertificate() throws Exception {
        Path library = Path.of("/usr/lib/softhsm/libsofthsm2.so");
        Assumptions.assumeTrue(Files.exists(library), "SoftHSM 2 is not installed: apt-get install softhsm2");
        Files.writeString(
                folder.resolve("softhsm2.conf"),
                "directories.tokendir = " + Files.createDirectory(folder.resolve("tokens"))
                        + "\nobjectstore.backend = file\nlog.level = ERROR\n");
        assertThat(run(
                        "softhsm2-util",
                        "--init-token",
                        "--free",
                        "--label",
                        "desk",
                        "--so-pin",
                        "12345678",
                        "--pin",
                        PIN))
                .isZero();
        Files.writeString(
                folder.resolve("token.cfg"),
                "name = Desk\nlibrary = " + library + "\nslotListIndex = 0\nattributes(*,CKO_PRIVATE_KEY,*) = {\n"
                        + " CKA_SIGN = true\n CKA_SENSITIVE = true\n CKA_EXTRACTABLE = false\n}\n");
        int status = run(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                InTheChild.class.getName(),
                folder.resolve("token.cfg").toString());
        assertThat(status).as(Files.readString(folder.resolve("output"))).isZero();
        assertThat(Files.readString(folder.resolve("output")))
                .contains("EC shown", "RSA: the client's key cannot sign; ");
    }

    /** Runs where SOFTHSM2_CONF points to the token. */
    static final class InTheChild {
        private InTheChild() {}

        public static void main(String[] arguments) throws Exception {
            Path config = Path.of(arguments[0]);
            Pki.Issued root = Pki.root("Desk root");
            Pki.Issued venue = root.issue(spec -> spec);
            for (String kind : List.of("EC:secp256r1", "RSA:2048")) {
                String alias = kind.substring(0, kind.indexOf(':'));
                Pki.Issued desk = root.issue(spec -> spec.subject("CN=" + alias)
                        .names()
                        .uses(KeyPurposeId.id_kp_clientAuth)
                        .key(kind));
                Provider provider = Security.getProvider("SunPKCS11").configure(config.toString());
                KeyStore token = KeyStore.getInstance("PKCS11", provider);
                token.load(null, PIN.toCharArray());
                token.setKeyEntry(alias, desk.key(), null, desk.withoutRoot().toArray(new Certificate[0]));
                Tls tls = Tls.builder()
                        .trust(root.certificate())
                        .keystore(Keystore.token(config, () -> Secret.of(PIN.getBytes(StandardCharsets.UTF_8)))
                                .alias(alias))
                        .build();
                try (TlsServer server = new TlsServer(
                                venue.withoutRoot(), venue.key(), TlsServer.trusting(root.certificate()));
                        VenueClient client = BadServersTest.client("localhost", server.port(), tls)) {
                    client.send(ApiRequest.get("/api/v3/account"));
                    assertThat(server.byClients())
                            .extracting(TlsServer.Handshake::serial)
                            .containsExactly(
                                    desk.certificate().getSerialNumber().toString(16));
                    System.out.println(alias + " shown");
                } catch (NotSentException e) {
                    System.out.println(alias + ": " + e.getMessage().replaceFirst(".* failed: ", ""));
                }
            }
            System.exit(0);
        }
    }
}
