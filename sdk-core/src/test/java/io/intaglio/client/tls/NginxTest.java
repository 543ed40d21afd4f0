package io.intaglio.client.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.intaglio.client.RejectedException;
import io.intaglio.client.VenueClient;
import io.intaglio.client.VenueException;
import io.intaglio.signing.ApiRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Client certificates against nginx, which wants one and lets nobody in without. Skipped where it is not installed. */
class NginxTest {
    private static final Pki.Issued ROOT = Pki.root("Desk root");
    private static final Pki.Issued ISSUING =
            ROOT.issue(spec -> spec.subject("CN=Desk issuing").ca(0));

    @TempDir
    Path folder;

    private Process nginx;
    private int port;

    private static String binary() {
        return Stream.of("/usr/sbin/nginx", "/usr/bin/nginx", "/usr/local/bin/nginx", "/opt/homebrew/bin/nginx")
                .filter(path -> Files.isExecutable(Path.of(path)))
                .findFirst()
                .orElse(null);
    }

    private void start(String protocols) throws Exception {
        String binary = binary();
        Assumptions.assumeTrue(
                binary != null, "no nginx to ask for client certificates; install it: apt-get install nginx-light");
        Pki.Issued venue = ROOT.issue(spec -> spec);
        pem("server.pem", venue.certificate());
        Files.writeString(
                folder.resolve("server.key"), block("PRIVATE KEY", venue.key().getEncoded()));
        pem("clients.pem", ROOT.certificate());
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        Path config = Files.writeString(folder.resolve("nginx.conf"), """
                daemon off;
                master_process off;
                pid nginx.pid;
                error_log stderr info;
                events {}
                http {
                  access_log off;
                  client_body_temp_path body;
                  proxy_temp_path proxy;
                  fastcgi_temp_path fastcgi;
                  uwsgi_temp_path uwsgi;
                  scgi_temp_path scgi;
                  server {
                    listen 127.0.0.1:%d ssl;
                    ssl_certificate server.pem;
                    ssl_certificate_key server.key;
                    ssl_protocols %s;
                    ssl_verify_client on;
                    ssl_verify_depth 3;
                    ssl_client_certificate clients.pem;
                    location / { default_type application/json; return 200 '{"you":"$ssl_client_s_dn","protocol":"$ssl_protocol"}'; }
                  }
                }
                """.formatted(port, protocols));
        nginx = new ProcessBuilder(binary, "-p", folder.toString(), "-c", config.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("nginx.log").toFile())
                .start();
        Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> {
            assertThat(nginx.isAlive()).as(() -> log()).isTrue();
            try (Socket probe = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return probe.isConnected();
            } catch (IOException notYet) {
                return false;
            }
        });
    }

    private String log() {
        try {
            return Files.readString(folder.resolve("nginx.log"));
        } catch (IOException e) {
            return e.toString();
        }
    }

    @AfterEach
    void stop() throws InterruptedException {
        if (nginx != null) {
            nginx.destroy();
            assertThat(nginx.waitFor(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    private Path pem(String name, X509Certificate... certificates) throws Exception {
        StringBuilder text = new StringBuilder();
        for (X509Certificate each : certificates) {
            text.append(block("CERTIFICATE", each.getEncoded()));
        }
        return Files.writeString(folder.resolve(name), text);
    }

    private static String block(String label, byte[] der) {
        return "-----BEGIN " + label + "-----\n"
                + Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                        .encodeToString(der) + "\n-----END "
                + label + "-----\n";
    }

    private Keystore keystore(Pki.Issued client) throws Exception {
        Path key = Files.writeString(
                folder.resolve("client.key"), block("PRIVATE KEY", client.key().getEncoded()));
        return Keystore.file(pem("client.pem", client.withoutRoot().toArray(new X509Certificate[0])))
                .key(key);
    }

    private static Pki.Issued client(Pki.Issued issuer) {
        return issuer.issue(spec -> spec.subject("CN=desk-7").names().uses(KeyPurposeId.id_kp_clientAuth));
    }

    private VenueClient sending(Tls.Builder tls) {
        return BadServersTest.client(
                "localhost", port, tls.trust(ROOT.certificate()).build());
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void send_rightCertificate_isLetIn(String protocol) throws Exception {
        start(protocol);
        for (Pki.Issued client : List.of(
                client(ROOT),
                client(ISSUING),
                ISSUING.issue(spec -> spec.subject("CN=desk-7")
                        .names()
                        .uses(KeyPurposeId.id_kp_clientAuth)
                        .key("RSA:2048")))) {
            try (VenueClient sender = sending(Tls.builder().keystore(keystore(client)))) {
                assertThat(sender.send(ApiRequest.get("/api/v3/account")).text())
                        .isEqualTo("{\"you\":\"CN=desk-7\",\"protocol\":\"" + protocol + "\"}");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void send_noCertificate_isRefusedAndSaysSo(String protocol) throws Exception {
        start(protocol);
        try (VenueClient sender = sending(Tls.builder())) {
            assertRefused(sender, "No required SSL certificate was sent");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void send_certificateOfAnotherAuthority_isRefusedAndSaysSo(String protocol) throws Exception {
        start(protocol);
        try (VenueClient sender = sending(Tls.builder().keystore(keystore(client(Pki.root("Stranger root")))))) {
            assertRefused(sender, "The SSL certificate error");
        }
    }

    /** It was valid when the client read it, by the client's clock. */
    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void send_expiredCertificate_isRefusedAndSaysSo(String protocol) throws Exception {
        start(protocol);
        Pki.Issued expired = ROOT.issue(spec -> spec.subject("CN=desk-7")
                .names()
                .uses(KeyPurposeId.id_kp_clientAuth)
                .valid(Duration.ofHours(-20), Duration.ofHours(-1)));
        Keystore keystore = keystore(expired);
        assertThatThrownBy(() -> Tls.builder().keystore(keystore).build()).hasMessageContaining("expired on ");
        Instant before = Instant.now().minus(Duration.ofHours(2));
        try (VenueClient sender =
                sending(Tls.builder().clock(InstantSource.fixed(before)).keystore(keystore))) {
            assertRefused(sender, "The SSL certificate error");
        }
    }

    /** nginx would refuse it; it does not come so far. */
    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3"})
    void build_certificateForServers_isRefusedBeforeItIsShown(String protocol) throws Exception {
        start(protocol);
        Keystore keystore = keystore(ROOT.issue(spec -> spec.subject("CN=desk-7")));
        assertThatThrownBy(() -> Tls.builder().keystore(keystore).build())
                .hasMessageContaining("is not for clients: its extended key usage lacks clientAuth");
    }

    private static void assertRefused(VenueClient sender, String reason) {
        assertThatThrownBy(() -> sender.send(ApiRequest.get("/api/v3/account")))
                .isInstanceOfSatisfying(RejectedException.class, e -> {
                    assertThat(e.status()).isEqualTo(400);
                    assertThat(e.effect()).isEqualTo(VenueException.Effect.NONE);
                    assertThat(e.body()).contains(reason);
                });
    }
}
