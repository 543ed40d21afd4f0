package io.intaglio.client.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.intaglio.client.NotSentException;
import io.intaglio.client.VenueClient;
import io.intaglio.signing.ApiRequest;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.cert.ocsp.BasicOCSPRespBuilder;
import org.bouncycastle.cert.ocsp.CertificateID;
import org.bouncycastle.cert.ocsp.CertificateStatus;
import org.bouncycastle.cert.ocsp.OCSPResp;
import org.bouncycastle.cert.ocsp.OCSPRespBuilder;
import org.bouncycastle.cert.ocsp.RevokedStatus;
import org.bouncycastle.cert.ocsp.jcajce.JcaBasicOCSPRespBuilder;
import org.bouncycastle.cert.ocsp.jcajce.JcaCertificateID;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.DigestCalculator;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;
import org.bouncycastle.util.io.pem.PemObject;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Old protocols, weak suites and stapled OCSP answers, from a server that can speak them: OpenSSL's. Skipped where there is no openssl. */
class OpensslServersTest {
    private static final Pki.Issued ROOT = Pki.root("Desk root");

    @TempDir
    Path folder;

    @BeforeAll
    static void openssl() {
        boolean found = Arrays.stream(System.getenv("PATH").split(java.io.File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, "openssl")));
        Assumptions.assumeTrue(found, "no openssl to be the server");
    }

    /** {@code openssl s_server} and what it has said. */
    private static final class Server implements AutoCloseable {
        private final Process process;
        private final BufferedReader out;
        private final int port;

        Server(List<String> options) throws IOException {
            List<String> command = new ArrayList<>(List.of("openssl", "s_server", "-accept", "127.0.0.1:0"));
            command.addAll(options);
            process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectInput(ProcessBuilder.Redirect.PIPE)
                    .start();
            out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.ISO_8859_1));
            StringBuilder said = new StringBuilder();
            String line;
            while ((line = out.readLine()) != null && !line.startsWith("ACCEPT")) {
                said.append(line).append('\n');
            }
            assertThat(line).as(said.toString()).isNotNull();
            port = Integer.parseInt(line.substring(line.lastIndexOf(':') + 1).strip());
        }

        /** Ends it, and gives all that it said. */
        String said() throws IOException {
            process.toHandle().destroy(); // the process's own destroy closes what it said
            StringBuilder said = new StringBuilder();
            String line;
            while ((line = out.readLine()) != null) {
                said.append(line).append('\n');
            }
            return said.toString();
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }

    private List<String> files(Pki.Issued issued) throws IOException {
        return List.of(
                "-cert", pem("cert.pem", issued.certificate()).toString(),
                "-key",
                        pem("key.pem", new PemObject("PRIVATE KEY", issued.key().getEncoded()))
                                .toString());
    }

    private Path pem(String name, Object content) throws IOException {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            writer.writeObject(content);
        }
        return Files.writeString(folder.resolve(name), text.toString());
    }

    private static Tls trusting() {
        return Tls.builder().trust(ROOT.certificate()).build();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "TLS 1.0              | RSA:2048 | -tls1                                  | it speaks neither TLS 1.2 nor 1.3",
                "TLS 1.1              | RSA:2048 | -tls1_1                                | it speaks neither TLS 1.2 nor 1.3",
                "NULL cipher          | RSA:2048 | -tls1_2 -cipher NULL-SHA256            | strong ones alone are offered here",
                "ECDHE with NULL      | RSA:2048 | -tls1_2 -cipher ECDHE-RSA-NULL-SHA     | strong ones alone are offered here",
                "anonymous            | RSA:2048 | -tls1_2 -cipher AECDH-AES128-SHA       | strong ones alone are offered here",
                "anonymous DH         | RSA:2048 | -tls1_2 -cipher ADH-AES128-GCM-SHA256  | strong ones alone are offered here",
                "static RSA           | RSA:2048 | -tls1_2 -cipher AES128-GCM-SHA256      | strong ones alone are offered here",
                "CBC                  | RSA:2048 | -tls1_2 -cipher ECDHE-RSA-AES128-SHA   | strong ones alone are offered here",
                "RSA 1024, TLS 1.2    | RSA:1024 | -tls1_2                                | has an RSA key of 1024 bits",
            })
    void send_oldProtocolOrWeakSuite_isRefusedBeforeAByte(String name, String key, String options, String reason)
            throws Exception {
        List<String> command = new ArrayList<>(files(ROOT.issue(spec -> spec.key(key))));
        boolean hasCipher = options.contains("-cipher");
        for (String option : options.split(" ")) {
            boolean isCipher = hasCipher && command.get(command.size() - 1).equals("-cipher");
            command.add(isCipher ? option + ":@SECLEVEL=0" : option);
        }
        if (!hasCipher) {
            command.addAll(List.of("-cipher", "ALL:@SECLEVEL=0"));
        }
        try (Server server = new Server(command);
                VenueClient client = BadServersTest.client("localhost", server.port, trusting())) {
            assertThatThrownBy(() -> client.send(ApiRequest.get("/api/v3/account")))
                    .isInstanceOfSatisfying(
                            NotSentException.class, e -> assertThat(e.reason()).isEqualTo(NotSentException.Reason.TLS))
                    .hasMessageContaining(reason);
            assertThat(server.said()).doesNotContain("/api/v3/account");
        }
    }

    @ParameterizedTest(name = "TLS {0}")
    @CsvSource({"-tls1_2", "-tls1_3"})
    void send_oneProtocolAlone_isAccepted(String protocol) throws Exception {
        List<String> command = new ArrayList<>(files(ROOT.issue(spec -> spec.key("RSA:2048"))));
        command.addAll(List.of(protocol, "-www"));
        try (Server server = new Server(command);
                VenueClient client = BadServersTest.client("localhost", server.port, trusting())) {
            assertThat(client.send(ApiRequest.get("/api/v3/account")).status()).isEqualTo(200);
        }
    }

    @Test
    void send_stapledAnswerSaysRevoked_isRefusedBeforeAByte() throws Exception {
        for (Revocation revocation : List.of(Revocation.SOFT, Revocation.HARD)) {
            Pki.Issued issued = ROOT.issue(spec -> spec);
            Date since = Date.from(Instant.parse("2026-11-01T00:00:00Z"));
            Path stapled = ocsp(issued, new RevokedStatus(since, CRLReason.keyCompromise));
            List<String> command = new ArrayList<>(files(issued));
            command.addAll(List.of("-status_file", stapled.toString(), "-www"));
            try (Server server = new Server(command);
                    VenueClient client = BadServersTest.client("localhost", server.port, looking(revocation))) {
                assertThatThrownBy(() -> client.send(ApiRequest.get("/api/v3/account")))
                        .isInstanceOf(NotSentException.class)
                        .hasMessageContaining("its certificate was revoked on 2026-11-01 (KEY_COMPROMISE)");
                assertThat(server.said()).doesNotContain("/api/v3/account");
            }
        }
    }

    @Test
    void send_stapledAnswerSaysGood_isAcceptedEvenWhenHard() throws Exception {
        Pki.Issued issued = ROOT.issue(spec -> spec);
        List<String> command = new ArrayList<>(files(issued));
        command.addAll(
                List.of("-status_file", ocsp(issued, CertificateStatus.GOOD).toString(), "-www"));
        try (Server server = new Server(command);
                VenueClient client = BadServersTest.client("localhost", server.port, looking(Revocation.HARD))) {
            assertThat(client.send(ApiRequest.get("/api/v3/account")).status()).isEqualTo(200);
        }
    }

    private static Tls looking(Revocation revocation) {
        return Tls.builder().trust(ROOT.certificate()).revocation(revocation).build();
    }

    private Path ocsp(Pki.Issued issued, CertificateStatus status) throws Exception {
        DigestCalculator sha1 = new JcaDigestCalculatorProviderBuilder().build().get(CertificateID.HASH_SHA1);
        BasicOCSPRespBuilder builder =
                new JcaBasicOCSPRespBuilder(ROOT.certificate().getPublicKey(), sha1);
        builder.addResponse(
                new JcaCertificateID(
                        sha1, ROOT.certificate(), issued.certificate().getSerialNumber()),
                status,
                Date.from(Instant.now().minusSeconds(60)),
                Date.from(Instant.now().plusSeconds(3600)),
                null);
        OCSPResp response = new OCSPRespBuilder()
                .build(
                        OCSPRespBuilder.SUCCESSFUL,
                        builder.build(
                                new JcaContentSignerBuilder("SHA256withECDSA").build(ROOT.key()),
                                new JcaX509CertificateHolder[] {new JcaX509CertificateHolder(ROOT.certificate())},
                                new Date()));
        return Files.write(folder.resolve("ocsp.der"), response.getEncoded());
    }
}
