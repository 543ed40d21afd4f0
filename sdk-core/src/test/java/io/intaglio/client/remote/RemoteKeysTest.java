package io.intaglio.client.remote;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.intaglio.client.NotSentException;
import io.intaglio.client.VenueClient;
import io.intaglio.client.VenueException;
import io.intaglio.client.tls.Tls;
import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.Credential;
import io.intaglio.signing.key.EcdsaForm;
import io.intaglio.signing.key.Hash;
import io.intaglio.signing.key.KeyException;
import io.intaglio.signing.key.KeyKind;
import io.intaglio.signing.key.SecretForm;
import io.intaglio.signing.key.SignatureAlgorithm;
import io.intaglio.signing.key.SigningKey;
import io.intaglio.signing.secret.InsecureSecretAccess;
import io.intaglio.signing.secret.Secret;
import io.intaglio.signing.venue.BinanceSpot;
import java.net.URI;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The documented exchange over TLS: what is sent is compared with the documentation of Vault and KMS, the answers have its form, and each
 * signature in them is a real one by the JDK that has to arrive intact.
 */
@Tag("long")
class RemoteKeysTest {
    private static final byte[] DATA = "timestamp=1700000000000".getBytes(UTF_8);
    private static final String DATA64 = Base64.getEncoder().encodeToString(DATA);
    private static final SignatureAlgorithm HMAC = SignatureAlgorithm.hmac(Hash.SHA256, SecretForm.UTF8);

    @TempDir
    Path folder;

    private final MockWebServer server = new MockWebServer();
    private Tls tls;

    @BeforeEach
    void startOverTls() throws Exception {
        Path store = folder.resolve("server.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "server",
                        "-keyalg",
                        "EC",
                        "-groupname",
                        "secp256r1",
                        "-dname",
                        "CN=server",
                        "-ext",
                        "SAN=ip:127.0.0.1",
                        "-validity",
                        "2",
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        "changeit",
                        "-keystore",
                        store.toString())
                .redirectErrorStream(true)
                .start();
        keytool.getInputStream().readAllBytes();
        assertThat(keytool.waitFor(30, TimeUnit.SECONDS)).isTrue();
        KeyStore keys = KeyStore.getInstance(store.toFile(), "changeit".toCharArray());
        KeyManagerFactory managers = KeyManagerFactory.getInstance("PKIX");
        managers.init(keys, "changeit".toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        server.useHttps(context.getSocketFactory());
        server.start();
        tls = Tls.builder()
                .trust((X509Certificate) keys.getCertificate("server"))
                .build();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private URI address() {
        return URI.create("https://127.0.0.1:" + server.getPort());
    }

    private Vault vault() {
        return Vault.at(address(), Secret.of("hvs.token".getBytes(UTF_8)), tls);
    }

    private AwsKms kms() {
        return AwsKms.at(
                address(),
                "us-east-1",
                Credential.hmac("AKIDEXAMPLE", Secret.of("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY".getBytes(UTF_8))),
                tls);
    }

    private void answer(int code, String body) {
        server.enqueue(new MockResponse.Builder().code(code).body(body).build());
    }

    private static KeyPair pair(String algorithm) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
        if (algorithm.equals("EC")) {
            generator.initialize(new ECGenParameterSpec("secp256r1"));
        }
        return generator.generateKeyPair();
    }

    private static byte[] signature(String name, KeyPair pair, byte[] data) throws Exception {
        Signature signer = Signature.getInstance(name);
        signer.initSign(pair.getPrivate());
        signer.update(data);
        return signer.sign();
    }

    private static boolean isValid(String name, KeyPair pair, byte[] data, byte[] signature) throws Exception {
        Signature verifier = Signature.getInstance(name);
        verifier.initVerify(pair.getPublic());
        verifier.update(data);
        return verifier.verify(signature);
    }

    private RecordedRequest taken() throws InterruptedException {
        RecordedRequest request = server.takeRequest(5, TimeUnit.SECONDS);
        assertThat(request).isNotNull();
        return request;
    }

    private static String body(RecordedRequest request) {
        return request.getBody() == null ? "" : request.getBody().utf8();
    }

    // ---- Vault

    /** https://developer.hashicorp.com/vault/api-docs/secret/kv/kv-v2#sample-response-2 */
    @Test
    void read_documentedAnswer_givesTheField() throws Exception {
        answer(
                200,
                "{\"data\":{\"data\":{\"foo\":\"bar\",\"a/b\":\"slash\"},\"metadata\":{\"created_time\":"
                        + "\"2018-03-22T02:24:06.945319214Z\",\"custom_metadata\":null,\"deletion_time\":\"\","
                        + "\"destroyed\":false,\"version\":2}}}");
        try (Vault vault = vault();
                Secret secret = vault.read("secret", "desk/kraken", "foo")) {
            String text = InsecureSecretAccess.use(secret, bytes -> new String(bytes, UTF_8));
            assertThat(text).isEqualTo("bar");
            RecordedRequest request = taken();
            assertThat(request.getMethod()).isEqualTo("GET");
            assertThat(request.getTarget()).isEqualTo("/v1/secret/data/desk/kraken");
            assertThat(request.getHeaders().get("X-Vault-Token")).isEqualTo("hvs.token");
        }
    }

    @Test
    void read_refusalsAndMissingFields_areNamedWithoutTheToken() {
        try (Vault vault = vault()) {
            answer(403, "{\"errors\":[\"permission denied\"]}");
            assertThatThrownBy(() -> vault.read("secret", "desk", "foo"))
                    .isInstanceOf(KeyServiceException.class)
                    .hasMessageContaining("vault did not serve secret secret/desk")
                    .hasMessageContaining("permission denied")
                    .hasMessageNotContaining("hvs.token");
            answer(200, "{\"data\":{\"data\":{\"bar\":\"x\"}}}");
            assertThatThrownBy(() -> vault.read("secret", "desk", "foo"))
                    .hasMessage(
                            "vault answered to secret secret/desk without /data/data/foo; check the path and the name");
            assertThatThrownBy(() -> vault.read("secret", "../sys/raw", "foo"))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void transitKey_ed25519_sendsInputAndTakesTheSignature() throws Exception {
        KeyPair pair = pair("Ed25519");
        answer(200, vaultSignature(Base64.getEncoder().encodeToString(signature("Ed25519", pair, DATA))));
        try (Vault vault = vault()) {
            SigningKey key = vault.transitKey("transit", "desk-7", KeyKind.ED25519);
            assertThat(isValid("Ed25519", pair, DATA, key.sign(SignatureAlgorithm.ed25519(), DATA)))
                    .isTrue();
            RecordedRequest request = taken();
            assertThat(request.getTarget()).isEqualTo("/v1/transit/sign/desk-7");
            assertThat(body(request)).isEqualTo("{\"input\":\"" + DATA64 + "\"}");
        }
    }

    /** https://developer.hashicorp.com/vault/api-docs/secret/transit#sample-response-sign-data */
    private static String vaultSignature(String text) {
        return "{\"data\":{\"signature\":\"vault:v1:" + text + "\"}}";
    }

    @Test
    void transitKey_ecdsa_asksForTheFormOfTheAlgorithm() throws Exception {
        KeyPair pair = pair("EC");
        byte[] raw = signature("SHA256withECDSAinP1363Format", pair, DATA);
        byte[] der = signature("SHA256withECDSA", pair, DATA);
        answer(200, vaultSignature(Base64.getUrlEncoder().withoutPadding().encodeToString(raw)));
        answer(200, vaultSignature(Base64.getEncoder().encodeToString(der)));
        try (Vault vault = vault()) {
            SigningKey key = vault.transitKey("transit", "desk-8", KeyKind.EC_P256);
            assertThat(key.sign(SignatureAlgorithm.ecdsa(Hash.SHA256, EcdsaForm.RAW), DATA))
                    .isEqualTo(raw);
            assertThat(body(taken()))
                    .isEqualTo("{\"input\":\"" + DATA64
                            + "\",\"hash_algorithm\":\"sha2-256\",\"marshaling_algorithm\":\"jws\"}");
            assertThat(key.sign(SignatureAlgorithm.ecdsa(Hash.SHA256, EcdsaForm.DER), DATA))
                    .isEqualTo(der);
            assertThat(body(taken())).contains("\"marshaling_algorithm\":\"asn1\"");
        }
    }

    @Test
    void transitKey_rsaAndHmac_nameTheirAlgorithms() throws Exception {
        KeyPair pair = pair("RSA");
        String made = Base64.getEncoder().encodeToString(signature("SHA256withRSA", pair, DATA));
        answer(200, vaultSignature(made));
        answer(200, vaultSignature(made));
        answer(200, "{\"data\":{\"hmac\":\"vault:v1:" + Base64.getEncoder().encodeToString(new byte[32]) + "\"}}");
        try (Vault vault = vault()) {
            SigningKey rsa = vault.transitKey("transit", "desk-9", KeyKind.RSA);
            assertThat(isValid("SHA256withRSA", pair, DATA, rsa.sign(SignatureAlgorithm.rsaPkcs1(Hash.SHA256), DATA)))
                    .isTrue();
            assertThat(body(taken()))
                    .isEqualTo("{\"input\":\"" + DATA64
                            + "\",\"hash_algorithm\":\"sha2-256\",\"signature_algorithm\":\"pkcs1v15\"}");
            rsa.sign(SignatureAlgorithm.rsaPss(Hash.SHA512), DATA);
            assertThat(body(taken()))
                    .isEqualTo("{\"input\":\"" + DATA64 + "\",\"hash_algorithm\":\"sha2-512\","
                            + "\"signature_algorithm\":\"pss\",\"salt_length\":\"hash\"}");
            SigningKey hmac = vault.transitKey("transit", "desk-10", KeyKind.SECRET);
            assertThat(hmac.sign(HMAC, DATA)).isEqualTo(new byte[32]);
            assertThat(taken().getTarget()).isEqualTo("/v1/transit/hmac/desk-10/sha2-256");
        }
    }

    // ---- AWS KMS

    /** https://docs.aws.amazon.com/kms/latest/APIReference/API_Sign.html#API_Sign_Examples */
    private static String kmsSignature(byte[] signature, String algorithm) {
        return "{\"KeyId\":\"arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab\",\"Signature\":\""
                + Base64.getEncoder().encodeToString(signature) + "\",\"SigningAlgorithm\":\"" + algorithm + "\"}";
    }

    @Test
    void kms_ecdsa_sendsADocumentedRequestAndWritesTheFormOfTheAlgorithm() throws Exception {
        KeyPair pair = pair("EC");
        byte[] der = signature("SHA256withECDSA", pair, DATA);
        answer(200, kmsSignature(der, "ECDSA_SHA_256"));
        answer(200, kmsSignature(der, "ECDSA_SHA_256"));
        try (AwsKms kms = kms()) {
            SigningKey key = kms.key("alias/desk-7", KeyKind.EC_P256);
            assertThat(key.sign(SignatureAlgorithm.ecdsa(Hash.SHA256, EcdsaForm.DER), DATA))
                    .isEqualTo(der);
            RecordedRequest request = taken();
            assertThat(request.getMethod()).isEqualTo("POST");
            assertThat(request.getTarget()).isEqualTo("/");
            assertThat(request.getHeaders().get("X-Amz-Target")).isEqualTo("TrentService.Sign");
            assertThat(request.getHeaders().get("Content-Type")).isEqualTo("application/x-amz-json-1.1");
            assertThat(request.getHeaders().get("Authorization"))
                    .startsWith("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/")
                    .contains("/us-east-1/kms/aws4_request, SignedHeaders=content-type;host;x-amz-date;x-amz-target,");
            assertThat(body(request))
                    .isEqualTo("{\"KeyId\":\"alias/desk-7\",\"Message\":\"" + DATA64
                            + "\",\"MessageType\":\"RAW\",\"SigningAlgorithm\":\"ECDSA_SHA_256\"}");
            byte[] raw = key.sign(SignatureAlgorithm.ecdsa(Hash.SHA256, EcdsaForm.RAW), DATA);
            assertThat(isValid("SHA256withECDSAinP1363Format", pair, DATA, raw)).isTrue();
        }
    }

    @Test
    void kms_longData_isSentAsItsHash() throws Exception {
        KeyPair pair = pair("RSA");
        byte[] data = new byte[5000];
        answer(200, kmsSignature(signature("SHA256withRSA", pair, data), "RSASSA_PKCS1_V1_5_SHA_256"));
        try (AwsKms kms = kms()) {
            SigningKey key = kms.key("1234abcd-12ab-34cd-56ef-1234567890ab", KeyKind.RSA);
            assertThat(isValid("SHA256withRSA", pair, data, key.sign(SignatureAlgorithm.rsaPkcs1(Hash.SHA256), data)))
                    .isTrue();
            String hash = Base64.getEncoder()
                    .encodeToString(
                            java.security.MessageDigest.getInstance("SHA-256").digest(data));
            assertThat(body(taken()))
                    .contains("\"Message\":\"" + hash + "\",\"MessageType\":\"DIGEST\"")
                    .contains("RSASSA_PKCS1_V1_5_SHA_256");
        }
    }

    /** https://docs.aws.amazon.com/kms/latest/APIReference/API_GenerateMac.html */
    @Test
    void kms_hmac_isGenerateMac() throws Exception {
        answer(
                200,
                "{\"KeyId\":\"alias/h\",\"Mac\":\"" + Base64.getEncoder().encodeToString(new byte[32])
                        + "\",\"MacAlgorithm\":\"HMAC_SHA_256\"}");
        try (AwsKms kms = kms()) {
            assertThat(kms.key("alias/h", KeyKind.SECRET).sign(HMAC, DATA)).isEqualTo(new byte[32]);
            RecordedRequest request = taken();
            assertThat(request.getHeaders().get("X-Amz-Target")).isEqualTo("TrentService.GenerateMac");
            assertThat(body(request))
                    .isEqualTo(
                            "{\"KeyId\":\"alias/h\",\"Message\":\"" + DATA64 + "\",\"MacAlgorithm\":\"HMAC_SHA_256\"}");
        }
    }

    @Test
    void kms_refusalAndStrangeAnswers_areNamed() {
        try (AwsKms kms = kms()) {
            SigningKey key = kms.key("alias/desk", KeyKind.EC_P256);
            SignatureAlgorithm es256 = SignatureAlgorithm.ecdsa(Hash.SHA256, EcdsaForm.RAW);
            answer(400, "{\"__type\":\"DisabledException\",\"message\":\"arn is disabled.\"}");
            assertThatThrownBy(() -> key.sign(es256, DATA))
                    .isInstanceOf(KeyServiceException.class)
                    .hasMessageContaining("aws-kms did not serve a signature of alias/desk")
                    .hasMessageContaining("DisabledException");
            answer(200, "{}");
            assertThatThrownBy(() -> key.sign(es256, DATA)).hasMessageContaining("without /Signature");
            answer(200, "{\"Signature\":\"!!\"}");
            assertThatThrownBy(() -> key.sign(es256, DATA)).hasMessageContaining("is no base64");
            answer(200, "{\"Signature\":\"AAAA\"}");
            assertThatThrownBy(() -> key.sign(es256, DATA))
                    .isInstanceOf(KeyException.class)
                    .hasMessageContaining("is not DER");
            assertThatThrownBy(() -> kms.key("a\"b", KeyKind.RSA)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    /** A service that loses an answer must not make an order look as if it were sent. */
    @Test
    void client_keyServiceLosesTheAnswer_sendsNothingToTheVenue() {
        try (AwsKms kms = kms()) {
            server.enqueue(new MockResponse.Builder().code(500).body("{}").build());
            Credential desk = Credential.of("desk-key", kms.key("alias/desk", KeyKind.RSA));
            try (VenueClient client = VenueClient.builder(BinanceSpot.VENUE.at(URI.create("https://127.0.0.1:9")))
                    .credential(desk)
                    .build()) {
                assertThatThrownBy(() -> client.send(ApiRequest.get("/api/v3/account")))
                        .isInstanceOf(NotSentException.class)
                        .hasMessageContaining("aws-kms did not serve")
                        .satisfies(e ->
                                assertThat(((NotSentException) e).reason()).isEqualTo(NotSentException.Reason.SIGNING))
                        .satisfies(
                                e -> assertThat(((VenueException) e).effect()).isEqualTo(VenueException.Effect.NONE));
            }
        }
    }
}
