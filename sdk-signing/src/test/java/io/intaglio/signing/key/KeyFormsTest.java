package io.intaglio.signing.key;

import static io.intaglio.signing.key.KeyReaderTest.pem;
import static io.intaglio.signing.key.KeyReaderTest.secret;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.intaglio.signing.secret.Secret;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.bouncycastle.crypto.util.OpenSSHPrivateKeyUtil;
import org.bouncycastle.crypto.util.PrivateKeyFactory;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** OpenSSH files and JSON Web Keys, and keys that are of the wrong kind for their purpose. */
class KeyFormsTest {
    private static final KeyPair RSA = TestKeys.rsa(2048);
    private static final KeyPair P256 = TestKeys.ec("secp256r1");

    @TempDir
    Path folder;

    // ---- OpenSSH

    static Stream<Arguments> openSsh() {
        return Stream.of(TestKeys.ed25519(), P256, TestKeys.ec("secp384r1"), RSA)
                .map(pair -> Arguments.of(pair.getPrivate().getAlgorithm(), pair));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("openSsh")
    void read_openSshWrittenByBouncyCastle_isTheKey(String name, KeyPair pair) throws IOException {
        byte[] blob = OpenSSHPrivateKeyUtil.encodePrivateKey(
                PrivateKeyFactory.createKey(pair.getPrivate().getEncoded()));
        // Bouncy Castle writes RSA and EC in their old forms
        boolean own = new String(blob, 0, 14, java.nio.charset.StandardCharsets.US_ASCII).equals("openssh-key-v1");
        SigningKey key =
                own ? KeyReader.read(secret(pem("OPENSSH PRIVATE KEY", blob))) : KeyReader.read(Secret.of(blob));
        assertThat(key.publicKey().orElseThrow().getEncoded())
                .isEqualTo(pair.getPublic().getEncoded());
    }

    @ParameterizedTest
    @MethodSource("sshKeygen")
    void read_openSshWrittenBySshKeygen_isTheKey(List<String> options, String password) throws Exception {
        Path file = folder.resolve("key");
        run(Stream.concat(
                        Stream.of("ssh-keygen", "-q", "-C", "desk", "-N", password, "-f", file.toString()),
                        options.stream())
                .toList());
        Secret text = Secret.fromFile(file);
        SigningKey key = password.isEmpty() ? KeyReader.read(text) : KeyReader.read(text, secret(password));
        String line = Files.readString(folder.resolve("key.pub"));
        byte[] wanted = Base64.getDecoder().decode(line.split(" ")[1]);
        assertThat(org.bouncycastle.crypto.util.OpenSSHPublicKeyUtil.encodePublicKey(
                        org.bouncycastle.crypto.util.PublicKeyFactory.createKey(
                                key.publicKey().orElseThrow().getEncoded())))
                .isEqualTo(wanted);
    }

    static Stream<Arguments> sshKeygen() {
        return Stream.of(
                Arguments.of(List.of("-t", "ed25519"), ""),
                Arguments.of(List.of("-t", "ed25519"), "correct horse \u00e9"),
                Arguments.of(List.of("-t", "ed25519", "-a", "64"), "correct horse"),
                Arguments.of(List.of("-t", "ecdsa", "-b", "256"), ""),
                Arguments.of(List.of("-t", "ecdsa", "-b", "384"), "correct horse"),
                Arguments.of(List.of("-t", "rsa", "-b", "2048"), ""),
                Arguments.of(List.of("-t", "rsa", "-b", "2048"), "correct horse"));
    }

    private static void run(List<String> command) throws Exception {
        Process process;
        try {
            process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            Assumptions.abort(command.get(0) + " is not installed");
            return;
        }
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
    }

    // ---- JSON Web Keys

    /** RFC 8037, appendix A.1 and A.2. */
    @Test
    void read_theOkpExampleOfRfc8037_isItsPublicKey() {
        SigningKey key = KeyReader.read(secret("""
                {"kty":"OKP","crv":"Ed25519",
                 "d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A",
                 "x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"""));
        assertThat(key.kind()).isEqualTo(KeyKind.ED25519);
        assertThat(HexFormat.of().formatHex(key.rawPublicKey()))
                .isEqualTo("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
    }

    /** RFC 7515, appendix A.1: the key of the first example, with HMAC-SHA256. */
    @Test
    void read_theOctExampleOfRfc7515_signsAsThere() {
        SigningKey key = KeyReader.read(
                secret(
                        "{\"kty\":\"oct\",\"k\":\"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow\"}"));
        byte[] signature = key.sign(
                SignatureAlgorithm.hmac(Hash.SHA256, SecretForm.UTF8),
                ("eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFt"
                                + "cGxlLmNvbS9pc19yb290Ijp0cnVlfQ")
                        .getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        assertThat(Base64.getUrlEncoder().withoutPadding().encodeToString(signature))
                .isEqualTo("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
    }

    /** RFC 7517, appendix A.2. */
    @Test
    void read_theEcExampleOfRfc7517_isItsPublicKey() {
        SigningKey key = KeyReader.read(secret("""
                {"kty":"EC", "crv":"P-256",
                 "x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",
                 "y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM",
                 "d":"870MB6gfuTJ4HtUnUvYMyJpr5eUZNP4Bk43bVdj3eAE",
                 "use":"enc", "kid":"1 \\"quoted\\"", "key_ops":["sign", {"a":[1e3, true, null]}], "n":-1.5}"""));
        assertThat(key.kind()).isEqualTo(KeyKind.EC_P256);
        assertThat(key.rawPublicKey()[0]).isEqualTo((byte) 4);
        assertThat(Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString(Arrays.copyOfRange(key.rawPublicKey(), 1, 33)))
                .isEqualTo("MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4");
    }

    @Test
    void read_rsaAndEcAsTheJdkMadeThem_areTheKeys() {
        assertThat(KeyReader.read(secret(rsaJson())).publicKey()).hasValue(RSA.getPublic());
        assertThat(KeyReader.read(secret("\ufeff " + ecJson() + "\r\n"))
                        .publicKey()
                        .orElseThrow()
                        .getEncoded())
                .isEqualTo(P256.getPublic().getEncoded());
    }

    static Stream<Arguments> brokenJson() {
        return Stream.of(
                Arguments.of(
                        "{\"kty\":\"OKP\",\"crv\":\"X25519\",\"d\":\"AA\"}",
                        "the JSON Web Key is on the curve X25519, but Ed25519 is supported"),
                Arguments.of(
                        "{\"kty\":\"EC\",\"crv\":\"P-521\",\"d\":\"AA\"}",
                        "the JSON Web Key is on the curve P-521, but P-256, P-384 and secp256k1 are supported"),
                Arguments.of(
                        "{\"kty\":\"AKP\",\"d\":\"AA\"}",
                        "the JSON Web Key is of the type AKP, but OKP, EC, RSA and oct are supported"),
                Arguments.of(
                        "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"AA\"}",
                        "wanted a private key, but this is a public JSON Web Key: it has no member d; "
                                + "give the private key that belongs to it"),
                Arguments.of(
                        "{\"keys\":[{\"kty\":\"oct\",\"k\":\"AA\"}]}",
                        "this is a set of JSON Web Keys or holds one inside; give the one key alone"),
                Arguments.of(
                        "{\"kty\":\"oct\",\"k\":\"A+A\"}",
                        "the member k of the JSON Web Key is not base64url: character 2 is outside the alphabet "
                                + "(it belongs to base64)"),
                Arguments.of(
                        "{\"kty\":\"oct\",\"k\":\"\"}",
                        "an HMAC secret must not be empty; look at where it is read from"),
                Arguments.of(
                        "{\"kty\":\"oct\",\"k\":5}",
                        "the private key is damaged: its JSON Web Key has no member k that is text; "
                                + "export it again from its source"),
                Arguments.of(
                        "{\"kty\":\"oct\",\"kty\":\"OKP\"}",
                        "the JSON Web Key has a member twice at byte 25; copy it whole"),
                Arguments.of("{\"kty\":\"oct\",\"k\":\"AA", "the JSON Web Key ends early at byte 21; copy it whole"),
                Arguments.of("{\"kty\":\"oct\"} x", "the JSON Web Key goes on after its end at byte 15; copy it whole"),
                Arguments.of("{\"kty\":\"oct\",,}", "the JSON Web Key is damaged at byte 14; copy it whole"),
                Arguments.of(
                        "{\"kty\":" + "[".repeat(20) + "]".repeat(20) + "}",
                        "the JSON Web Key is nested too deeply at byte 25; copy it whole"),
                Arguments.of(
                        withAnotherX(ecJson()),
                        "the private key is damaged: x and y of its JSON Web Key are no point of the curve P-256; "
                                + "export it again from its source"),
                Arguments.of(
                        ecJson().replaceFirst("\"y\":\"....", "\"y\":\""),
                        "the private key is damaged: d, x and y of its JSON Web Key must have 32 bytes each; "
                                + "export it again from its source"));
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("brokenJson")
    void read_brokenJson_saysWhatIsWrong(String json, String message) {
        assertThatThrownBy(() -> KeyReader.read(secret(json)))
                .isInstanceOf(KeyException.class)
                .hasMessage(message)
                .hasNoCause();
    }

    /** Each cut of the text is a KeyException; what is cut off last is the closing brace alone. */
    @Test
    void read_jsonCutAnywhere_isRefused() {
        String json = rsaJson();
        for (int length = 1; length < json.length(); length += 7) {
            String cut = json.substring(0, length);
            assertThatThrownBy(() -> KeyReader.read(secret(cut))).isInstanceOf(KeyException.class);
        }
    }

    private static String rsaJson() {
        RSAPrivateCrtKey key = (RSAPrivateCrtKey) RSA.getPrivate();
        return "{\"kty\":\"RSA\",\"n\":\"" + url(key.getModulus(), 256) + "\",\"e\":\"AQAB\",\"d\":\""
                + url(key.getPrivateExponent(), 256) + "\",\"p\":\"" + url(key.getPrimeP(), 128) + "\",\"q\":\""
                + url(key.getPrimeQ(), 128) + "\",\"dp\":\"" + url(key.getPrimeExponentP(), 128) + "\",\"dq\":\""
                + url(key.getPrimeExponentQ(), 128) + "\",\"qi\":\"" + url(key.getCrtCoefficient(), 128) + "\"}";
    }

    private static String withAnotherX(String json) {
        return json.contains("\"x\":\"_")
                ? json.replace("\"x\":\"_", "\"x\":\"A")
                : json.replaceFirst("\"x\":\".", "\"x\":\"_");
    }

    private static String ecJson() {
        ECPublicKey shown = (ECPublicKey) P256.getPublic();
        return "{\"kty\":\"EC\",\"crv\":\"P-256\",\"d\":\"" + url(((ECPrivateKey) P256.getPrivate()).getS(), 32)
                + "\",\"x\":\"" + url(shown.getW().getAffineX(), 32) + "\",\"y\":\""
                + url(shown.getW().getAffineY(), 32) + "\"}";
    }

    private static String url(BigInteger number, int length) {
        byte[] bytes = number.toByteArray();
        byte[] fixed = new byte[length];
        int used = Math.min(length, bytes.length);
        System.arraycopy(bytes, bytes.length - used, fixed, length - used, used);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(fixed);
    }

    // ---- the wrong kind

    @Test
    void readFor_keyOfAnotherKind_namesFormKindAndWhatIsTaken() throws IOException {
        List<SignatureAlgorithm> binance = List.of(
                SignatureAlgorithm.ed25519(),
                SignatureAlgorithm.rsaPkcs1(Hash.SHA256),
                SignatureAlgorithm.hmac(Hash.SHA256, SecretForm.UTF8));
        byte[] sec1 = org.bouncycastle.asn1.pkcs.PrivateKeyInfo.getInstance(
                        P256.getPrivate().getEncoded())
                .parsePrivateKey()
                .toASN1Primitive()
                .getEncoded();
        org.bouncycastle.asn1.sec.ECPrivateKey bare = org.bouncycastle.asn1.sec.ECPrivateKey.getInstance(sec1);
        byte[] named = new org.bouncycastle.asn1.sec.ECPrivateKey(
                        256, bare.getKey(), org.bouncycastle.asn1.sec.SECObjectIdentifiers.secp256r1)
                .getEncoded();
        assertRefused(
                binance,
                pem("EC PRIVATE KEY", named),
                "this is a SEC1 EC P-256 key; binance takes Ed25519, RSA or an HMAC secret");
        assertRefused(
                List.of(SignatureAlgorithm.hmac(Hash.SHA512, SecretForm.BASE64)),
                pem("PRIVATE KEY", RSA.getPrivate().getEncoded()),
                "this is a PKCS#8 RSA key; binance takes an HMAC secret");
        assertRefused(
                List.of(SignatureAlgorithm.ed25519()),
                ecJson(),
                "this is a JWK EC P-256 key; binance takes Ed25519 keys");
        String fits = pem("PRIVATE KEY", RSA.getPrivate().getEncoded());
        assertThat(KeyReader.readFor("binance", binance, secret(fits)).kind()).isEqualTo(KeyKind.RSA);
        assertThat(KeyReader.readFor("any", List.of(), secret(fits)).kind()).isEqualTo(KeyKind.RSA);
    }

    private static void assertRefused(List<SignatureAlgorithm> algorithms, String text, String message) {
        assertThatThrownBy(() -> KeyReader.readFor("binance", algorithms, secret(text)))
                .isInstanceOf(KeyException.class)
                .hasMessage(message)
                .hasNoCause();
    }
}
