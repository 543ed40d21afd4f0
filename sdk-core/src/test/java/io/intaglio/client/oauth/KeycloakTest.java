package io.intaglio.client.oauth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.intaglio.client.RejectedException;
import io.intaglio.client.VenueClient;
import io.intaglio.client.VenueResponse;
import io.intaglio.client.tls.Tls;
import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.Credential;
import io.intaglio.signing.key.KeyKind;
import io.intaglio.signing.key.SigningKey;
import io.intaglio.signing.scheme.Scheme;
import io.intaglio.signing.secret.InsecureSecretAccess;
import io.intaglio.signing.secret.Secret;
import io.intaglio.signing.standard.Jws;
import io.intaglio.signing.standard.JwsAlgorithm;
import io.intaglio.signing.venue.Venue;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Against a Keycloak of its own: what we send is taken by a server that we have not written, and what must be refused is refused there. Its
 * {@code userinfo} stands in for a venue. {@code mvn test -Pkeycloak}, see CONTRIBUTING.md, fetches it.
 */
@EnabledIfSystemProperty(
        named = "intaglio.keycloak",
        matches = ".+",
        disabledReason = "needs a Keycloak: mvn test -Pkeycloak")
class KeycloakTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final String PASSWORD = "changeit";
    private static final String TOKEN = "/realms/desk/protocol/openid-connect/token";
    private static final String USER_INFO = "/realms/desk/protocol/openid-connect/userinfo";
    private static final SigningKey KEY = SigningKey.generate(KeyKind.EC_P256);

    @TempDir
    static Path folder;

    private static int port;
    private static Process server;

    private final List<AutoCloseable> resources = new ArrayList<>();

    @BeforeAll
    static void startServer() throws Exception {
        Path home = Path.of(System.getProperty("intaglio.keycloak"));
        for (String name : List.of("server", "client", "other")) {
            keytool("-genkeypair", "-alias", name, "-keyalg", "EC", "-groupname", "secp256r1", "-dname", "CN=" + name)
                    .add("-ext", "SAN=ip:127.0.0.1", "-validity", "2")
                    .run(name + ".p12");
            keytool(
                            "-exportcert",
                            "-alias",
                            name,
                            "-file",
                            folder.resolve(name + ".cer").toString())
                    .run(name + ".p12");
        }
        for (String name : List.of("client", "other")) {
            keytool(
                            "-importcert",
                            "-noprompt",
                            "-alias",
                            name,
                            "-file",
                            folder.resolve(name + ".cer").toString())
                    .run("trust.p12");
        }
        Path imported = Files.createDirectories(home.resolve("data/import"));
        Files.writeString(imported.resolve("desk-realm.json"), realm());
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        server = new ProcessBuilder(
                        "bash",
                        home.resolve("bin/kc.sh").toString(),
                        "start-dev",
                        "--import-realm",
                        "--db=dev-mem",
                        "--cache=local",
                        "--http-enabled=false",
                        "--http-host=127.0.0.1",
                        "--https-port=" + port,
                        "--https-client-auth=request",
                        "--https-key-store-file=" + folder.resolve("server.p12"),
                        "--https-key-store-password=" + PASSWORD,
                        "--https-trust-store-file=" + folder.resolve("trust.p12"),
                        "--https-trust-store-password=" + PASSWORD,
                        "--hostname-strict=false")
                .redirectErrorStream(true)
                .start();
        awaitStart(server.inputReader(UTF_8));
        warmUp();
    }

    /** What it says goes to a file beside it. Reads on in another thread, so that the server does not wait for us to read. */
    private static void awaitStart(BufferedReader output) throws Exception {
        Path log = Path.of(System.getProperty("intaglio.keycloak")).resolve("data/test.log");
        CountDownLatch listening = new CountDownLatch(1);
        Thread reader = new Thread(
                () -> {
                    try (BufferedWriter out = Files.newBufferedWriter(log)) {
                        String line;
                        while ((line = output.readLine()) != null) {
                            out.write(line);
                            out.newLine();
                            out.flush();
                            if (line.contains("Listening on:")) {
                                listening.countDown();
                            }
                        }
                    } catch (IOException ended) {
                        // with the server
                    }
                },
                "keycloak-output");
        reader.setDaemon(true);
        reader.start();
        if (!listening.await(15, TimeUnit.MINUTES)) {
            throw new IllegalStateException("Keycloak did not start; see " + log);
        }
    }

    /** Its first answers take long, longer than a client waits. */
    private static void warmUp() throws Exception {
        try (VenueClient patient = form(Duration.ofMinutes(5))) {
            patient.send(ApiRequest.get("/realms/desk/.well-known/openid-configuration"));
            patient.send(ApiRequest.post(TOKEN)
                    .form("grant_type", "client_credentials")
                    .form("client_id", "secret")
                    .form("client_secret", "s3cret"));
        }
    }

    /** A client that sends what it is given. */
    private static VenueClient form(Duration patience) throws Exception {
        Venue venue = Venue.named("keycloak")
                .baseUri("https://127.0.0.1:" + port)
                .scheme(Scheme.named("form").build())
                .build();
        return VenueClient.builder(venue)
                .credential(Credential.keyId("any"))
                .tls(trusting().build())
                .timeLimit(patience)
                .responseTimeout(patience)
                .build();
    }

    @AfterAll
    static void stopServer() throws Exception {
        if (server != null) {
            List<ProcessHandle> all = server.descendants().toList(); // the script's java
            server.destroy();
            all.forEach(ProcessHandle::destroy);
            if (!server.waitFor(30, TimeUnit.SECONDS)) {
                server.destroyForcibly();
                all.forEach(ProcessHandle::destroyForcibly);
            }
        }
    }

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable resource : resources) {
            resource.close();
        }
    }

    private static String realm() {
        String key = new ECKey.Builder(
                        Curve.P_256, (ECPublicKey) KEY.publicKey().orElseThrow())
                .keyID("desk-key")
                .keyUse(KeyUse.SIGNATURE)
                .build()
                .toJSONString()
                .replace("\"", "\\\"");
        String signed = "\"clientAuthenticatorType\":\"client-jwt\",\"attributes\":{\"use.jwks.string\":\"true\","
                + "\"jwks.string\":\"{\\\"keys\\\":[" + key + "]}\",\"token.endpoint.auth.signing.alg\":\"ES256\"";
        String secret = "\"clientAuthenticatorType\":\"client-secret\",\"secret\":\"s3cret\",\"attributes\":{";
        String certificate =
                "\"clientAuthenticatorType\":\"client-x509\",\"attributes\":{\"x509.subjectdn\":\"CN=client\","
                        + "\"x509.allow.regex.pattern.comparison\":\"false\",\"tls.client.certificate.bound.access.tokens\":\"true\"";
        return "{\"realm\":\"desk\",\"enabled\":true,\"sslRequired\":\"all\",\"accessTokenLifespan\":300,\"clients\":["
                + client("signing", signed) + ","
                + client("secret", secret) + ","
                + client("proving", signed + ",\"dpop.bound.access.tokens\":\"true\"") + ","
                + client("certified", certificate) + "]}";
    }

    private static String client(String id, String authentication) {
        return "{\"clientId\":\"" + id + "\",\"enabled\":true,\"protocol\":\"openid-connect\",\"publicClient\":false,"
                + "\"serviceAccountsEnabled\":true,\"standardFlowEnabled\":false," + authentication + "}}";
    }

    /** One call of keytool. */
    private static final class Keytool {
        private final List<String> command = new ArrayList<>();

        Keytool add(String... words) {
            command.addAll(List.of(words));
            return this;
        }

        void run(String store) throws Exception {
            add(
                    "-storetype",
                    "PKCS12",
                    "-storepass",
                    PASSWORD,
                    "-keystore",
                    folder.resolve(store).toString());
            Process keytool =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String said = new String(keytool.getInputStream().readAllBytes(), UTF_8);
            assertThat(keytool.waitFor()).as(said).isZero();
        }
    }

    private static Keytool keytool(String... words) {
        return new Keytool()
                .add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString())
                .add(words);
    }

    private static KeyStore store(String name) throws Exception {
        return KeyStore.getInstance(folder.resolve(name).toFile(), PASSWORD.toCharArray());
    }

    private static Tls.Builder trusting() throws Exception {
        return Tls.builder().trust((X509Certificate) store("server.p12").getCertificate("server"));
    }

    private static Tls showing(String name) throws Exception {
        return trusting()
                .keystore(store(name + ".p12"), Secret.ofChars(PASSWORD.toCharArray()))
                .build();
    }

    private static URI issuer() {
        return URI.create("https://127.0.0.1:" + port + "/realms/desk");
    }

    private OAuth.Builder settings(ClientAuthentication client) throws Exception {
        return OAuth.discovered(issuer())
                .client(client)
                .scope("openid")
                .tls(trusting().build());
    }

    private static ClientAuthentication signing(String clientId) {
        SigningKey key = SigningKey.remote("desk-key", KeyKind.EC_P256, KEY::sign); // closing it leaves ours open
        return ClientAuthentication.privateKeyJwt(clientId, JwsAlgorithm.ES256, key)
                .keyId("desk-key");
    }

    private <T extends AutoCloseable> T open(T resource) {
        resources.add(resource);
        return resource;
    }

    private VenueClient client(TokenSource tokens, Tls tls) {
        Venue venue = Venue.named("desk")
                .baseUri("https://127.0.0.1:" + port)
                .scheme(Scheme.named("desk").build())
                .build()
                .withAccessTokens();
        return open(VenueClient.builder(venue)
                .credential(Credential.keyId("desk"))
                .tokens(tokens)
                .tls(tls)
                .build());
    }

    private static Map<String, Object> claimsOf(AccessToken token) throws Exception {
        return SignedJWT.parse(text(token)).getJWTClaimsSet().getClaims();
    }

    private static String text(AccessToken token) {
        return InsecureSecretAccess.use(
                token.on(Credential.keyId("any")).secret("token").orElseThrow(), bytes -> new String(bytes, UTF_8));
    }

    private static TokenSource only(AccessToken token) {
        return new TokenSource() {
            @Override
            public AccessToken token(Duration limit) {
                return token;
            }

            @Override
            public void refused(AccessToken refused) {}
        };
    }

    private static Secret secret(String text) {
        return Secret.takeOver(text.getBytes(UTF_8));
    }

    @Test
    void secret_rightOneServesACall_wrongOneIsRefused() throws Exception {
        OAuth oauth = open(settings(ClientAuthentication.secretBasic("secret", secret("s3cret")))
                .build());
        VenueResponse response = client(oauth, trusting().build()).send(ApiRequest.get(USER_INFO));
        assertThat(response.at("/sub")).isPresent();

        OAuth wrong = open(settings(ClientAuthentication.secretBasic("secret", secret("wrong")))
                .build());
        OAuthException refusal = catchThrowableOfType(OAuthException.class, () -> wrong.token(LIMIT));
        assertThat(refusal.error())
                .hasValueSatisfying(code -> assertThat(code).isIn("invalid_client", "unauthorized_client"));
    }

    @Test
    void privateKeyJwt_ourAssertions_areTakenEachTime() throws Exception {
        OAuth oauth = open(settings(signing("signing")).build());
        for (int i = 0; i < 5; i++) { // Keycloak remembers each assertion, see below
            oauth.refused(oauth.token(LIMIT));
        }
        assertThat(client(oauth, trusting().build())
                        .send(ApiRequest.get(USER_INFO))
                        .at("/sub"))
                .isPresent();
    }

    @Test
    void privateKeyJwt_anotherKey_isRefused() throws Exception {
        ClientAuthentication stranger = ClientAuthentication.privateKeyJwt(
                        "signing", JwsAlgorithm.ES256, SigningKey.generate(KeyKind.EC_P256))
                .keyId("desk-key");
        OAuth oauth = open(settings(stranger).build());
        OAuthException refusal = catchThrowableOfType(OAuthException.class, () -> oauth.token(LIMIT));
        assertThat(refusal.error()).contains("invalid_client");
    }

    /** So the requests of the test above had an assertion each. */
    @Test
    void privateKeyJwt_replayedAssertion_isRefusedByKeycloak() throws Exception {
        Instant now = InstantSource.system().instant();
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("iss", "signing");
        claims.put("sub", "signing");
        claims.put("aud", issuer().toString());
        claims.put("jti", UUID.randomUUID().toString());
        claims.put("iat", now.getEpochSecond());
        claims.put("exp", now.plusSeconds(60).getEpochSecond());
        String assertion =
                Jws.signing(JwsAlgorithm.ES256).header("kid", "desk-key").signClaims(claims, KEY);
        VenueClient form = open(form(LIMIT));
        ApiRequest request = ApiRequest.post(TOKEN)
                .form("grant_type", "client_credentials")
                .form("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
                .form("client_assertion", assertion);
        assertThat(form.send(request).at("/access_token")).isPresent();
        assertThatThrownBy(() -> form.send(request)).isInstanceOf(RejectedException.class);
    }

    @Test
    void certificate_boundToken_servesCallsOverItAlone() throws Exception {
        OAuth oauth = open(settings(ClientAuthentication.mutualTls("certified"))
                .tls(showing("client"))
                .build());
        AccessToken token = oauth.token(LIMIT);
        assertThat(claimsOf(token).get("cnf").toString()).contains("x5t#S256");
        assertThat(client(oauth, showing("client"))
                        .send(ApiRequest.get(USER_INFO))
                        .at("/sub"))
                .isPresent();

        VenueClient thief = client(only(token), showing("other"));
        assertThatThrownBy(() -> thief.send(ApiRequest.get(USER_INFO))).isInstanceOf(RejectedException.class);
        VenueClient bare = client(only(token), trusting().build());
        assertThatThrownBy(() -> bare.send(ApiRequest.get(USER_INFO))).isInstanceOf(RejectedException.class);
    }

    @Test
    void certificate_anotherOne_getsNoToken() throws Exception {
        OAuth oauth = open(settings(ClientAuthentication.mutualTls("certified"))
                .tls(showing("other"))
                .build());
        OAuthException refusal = catchThrowableOfType(OAuthException.class, () -> oauth.token(LIMIT));
        assertThat(refusal.error()).contains("invalid_client");
    }

    @Test
    void dpop_boundToken_servesCallsWithProofsAlone() throws Exception {
        OAuth oauth = open(settings(signing("proving")).dpop().build());
        AccessToken token = oauth.token(LIMIT);
        assertThat(claimsOf(token).get("cnf").toString()).contains("jkt");
        Tls tls = trusting().build();
        assertThat(client(oauth, tls).send(ApiRequest.get(USER_INFO)).at("/sub"))
                .isPresent();

        VenueClient thief = client(only(AccessToken.bearer(secret(text(token)))), tls);
        assertThatThrownBy(() -> thief.send(ApiRequest.get(USER_INFO))).isInstanceOf(RejectedException.class);
        AccessToken otherKey = AccessToken.bound(
                secret(text(token)), new Dpop(JwsAlgorithm.ES256, SigningKey.generate(KeyKind.EC_P256)));
        VenueClient impostor = client(only(otherKey), tls);
        assertThatThrownBy(() -> impostor.send(ApiRequest.get(USER_INFO))).isInstanceOf(RejectedException.class);
    }

    @Test
    void dpop_tokenRequestWithoutProof_isRefused() throws Exception {
        OAuth oauth = open(settings(signing("proving")).build());
        OAuthException refusal = catchThrowableOfType(OAuthException.class, () -> oauth.token(LIMIT));
        assertThat(refusal.reason()).isEqualTo(OAuthException.Reason.REFUSED);
    }

    @Test
    void discovery_issuerWithAnotherName_isRefused() throws Exception {
        URI other = URI.create("https://localhost:" + port + "/realms/desk/");
        OAuth oauth = open(OAuth.discovered(other)
                .client(signing("signing"))
                .tls(trusting().build())
                .build());
        assertThatThrownBy(() -> oauth.token(LIMIT)).isInstanceOf(OAuthException.class);
    }

    @Test
    void claims_ofOurAssertion_areWhatKeycloakNamesTheClient() throws Exception {
        OAuth oauth = open(settings(signing("signing")).build());
        JWTClaimsSet claims = SignedJWT.parse(text(oauth.token(LIMIT))).getJWTClaimsSet();
        assertThat(claims.getStringClaim("azp")).isEqualTo("signing");
        assertThat(claims.getIssuer()).isEqualTo(issuer().toString());
    }
}
