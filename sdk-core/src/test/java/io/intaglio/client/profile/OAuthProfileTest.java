package io.intaglio.client.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.intaglio.client.NotSentException;
import io.intaglio.client.VenueClient;
import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.key.InsecureKeyExport;
import io.intaglio.signing.key.KeyKind;
import io.intaglio.signing.key.SigningKey;
import io.intaglio.signing.secret.Secret;
import io.intaglio.testkit.TokenServer;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Profiles of venues that take tokens, against the testkit's authorization server. */
class OAuthProfileTest {
    @TempDir
    Path folder;

    private final TokenServer server = TokenServer.start();

    @BeforeEach
    void writeTruststore() throws Exception {
        KeyStore trust = KeyStore.getInstance("PKCS12");
        trust.load(null, null);
        trust.setCertificateEntry("server", server.trustAnchor());
        try (OutputStream out = Files.newOutputStream(folder.resolve("trust.p12"))) {
            trust.store(out, "changeit".toCharArray());
        }
        ownerOnly("trust.password", "changeit");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private void ownerOnly(String name, String content) throws Exception {
        Files.writeString(
                Files.createFile(
                        folder.resolve(name),
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))),
                content);
    }

    private Profile profile(String keys) throws Exception {
        ownerOnly(
                "profiles.toml",
                "[desk]\nvenue='paxos'\nkey-id='desk-7'\nbase-uri='" + server.uri() + "'\ntruststore='"
                        + folder.resolve("trust.p12") + "'\ntruststore-password='file:"
                        + folder.resolve("trust.password") + "'\n" + keys);
        return Profiles.read(folder.resolve("profiles.toml"), Map.of(), Map.of())
                .get("desk");
    }

    @Test
    void client_privateKeyJwtAndDpop_servesACall() throws Exception {
        SigningKey key = SigningKey.generate(KeyKind.EC_P256);
        server.addClient("desk-7", key.publicKey().orElseThrow());
        try (Secret pem = InsecureKeyExport.pem(key)) {
            pem.toNewFile(folder.resolve("desk.pem"));
        }
        Profile desk = profile("secret='file:" + folder.resolve("desk.pem") + "'\noauth-issuer='" + server.uri()
                + "'\noauth-method='private_key_jwt'\noauth-dpop='true'\n");
        assertThat(desk.faults()).isEmpty();
        try (VenueClient client = desk.client().build()) {
            assertThat(client.send(ApiRequest.get("/v2/profiles")).at("/client"))
                    .contains("desk-7");
        }
        assertThat(server.received())
                .last()
                .satisfies(request -> assertThat(request.header("Authorization"))
                        .hasValueSatisfying(value -> assertThat(value).startsWith("DPoP ")));
    }

    @Test
    void client_secretAtTokenUrl_servesACall() throws Exception {
        server.addClient("desk-7", Secret.ofChars("s3cret".toCharArray()));
        ownerOnly("client.secret", "s3cret\n");
        Profile desk = profile("secret='file:" + folder.resolve("client.secret") + "'\noauth-token-url='"
                + server.tokenEndpoint() + "'\noauth-method='client_secret_post'\n");
        try (VenueClient client = desk.client().build()) {
            assertThat(client.send(ApiRequest.get("/v2/profiles")).at("/client"))
                    .contains("desk-7");
        }
    }

    @Test
    void client_withProxy_asksForTokensThroughIt() throws Exception {
        server.addClient("desk-7", Secret.ofChars("s3cret".toCharArray()));
        ownerOnly("client.secret", "s3cret\n");
        Profile desk = profile("secret='file:" + folder.resolve("client.secret") + "'\noauth-token-url='"
                + server.tokenEndpoint() + "'\nproxy='http://127.0.0.1:1'\ntime-limit='5s'\n");
        try (VenueClient client = desk.client().build()) {
            assertThatThrownBy(() -> client.send(ApiRequest.get("/v2/profiles")))
                    .isInstanceOf(NotSentException.class)
                    .hasMessageContaining("token endpoint " + server.tokenEndpoint() + " was not asked")
                    .hasMessageContaining("HTTP proxy 127.0.0.1:1");
        }
        assertThat(server.received()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "oauth-scope='a'|is of no use without oauth-issuer",
                "oauth-token-url='http://x.example/token'|over TLS alone",
                "oauth-issuer='https://x.example?a=b'|has a query",
                "oauth-token-url='https://x.example/t'~oauth-issuer='https://x.example'|leave one of the two out",
                "oauth-issuer='https://x.example'~oauth-dpop='yes'|wanted true or false",
            })
    void staticFaults_wrongSetting_isNamed(String keys, String fault) throws Exception {
        assertThat(profile(keys.replace('~', '\n') + "\n").staticFaults())
                .singleElement()
                .asString()
                .contains(fault);
    }
}
