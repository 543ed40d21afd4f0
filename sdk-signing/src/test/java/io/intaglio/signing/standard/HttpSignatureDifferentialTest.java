package io.intaglio.signing.standard;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.Credential;
import io.intaglio.signing.Field;
import io.intaglio.signing.Moment;
import io.intaglio.signing.SignedRequest;
import io.intaglio.signing.internal.JsonReader;
import io.intaglio.signing.internal.JsonText;
import io.intaglio.signing.key.SigningKey;
import io.intaglio.signing.key.VerifyingKey;
import io.intaglio.signing.secret.Secret;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * RFC 9421 against another library, the npm package http-message-signatures 1.0.6: random requests signed by each and verified by the other.
 *
 * <p>What the library signed once is in {@code rfc9421-by-http-message-signatures-1.0.6.jsonl} and is verified here wherever the tests run. The
 * whole exchange needs Node and the package, in a folder that {@code -Dintaglio.node.modules} names ({@code npm install
 * http-message-signatures@1.0.6}, then its {@code node_modules}); without it, it is skipped. 2,000 requests, or 100,000 where {@code
 * intaglio.slow} is true; a twentieth for RSA and ECDSA, whose signatures take milliseconds in pure Java.
 */
class HttpSignatureDifferentialTest {
    private static final int COUNT = Boolean.getBoolean("intaglio.slow") ? 100_000 : 2_000;
    private static final String FIXTURE = "/rfc9421-by-http-message-signatures-1.0.6.jsonl";
    private static final String KEY_ID = "desk \"7\"";
    private static final URI BASE = URI.create("https://api.example.com");
    private static final Instant NOW = Instant.ofEpochSecond(1_700_000_000);
    private static final List<String> COVERED = List.of("@method", "@target-uri", "@authority", "@path", "@query");

    /** A key as each side wants it. */
    private record Keys(SigningKey signing, VerifyingKey verifying, Object theirs) {}

    private static Keys keys(HttpSignatureAlgorithm algorithm) throws Exception {
        KeyPairGenerator generator;
        switch (algorithm) {
            case HMAC_SHA256 -> {
                byte[] secret = "a shared secret of thirty-two bytes".getBytes(UTF_8);
                return new Keys(
                        SigningKey.hmac(Secret.of(secret)),
                        VerifyingKey.hmac(Secret.of(secret)),
                        Base64.getEncoder().encodeToString(secret));
            }
            case ED25519 -> generator = KeyPairGenerator.getInstance("Ed25519");
            case ECDSA_P256_SHA256 -> {
                generator = KeyPairGenerator.getInstance("EC");
                generator.initialize(new ECGenParameterSpec("secp256r1"));
            }
            default -> generator = KeyPairGenerator.getInstance("RSA");
        }
        KeyPair pair = generator.generateKeyPair();
        Map<String, Object> theirs = new LinkedHashMap<>();
        theirs.put("private", pem("PRIVATE KEY", pair.getPrivate().getEncoded()));
        theirs.put("public", pem("PUBLIC KEY", pair.getPublic().getEncoded()));
        return new Keys(SigningKey.of(pair.getPrivate()), VerifyingKey.of(pair.getPublic()), theirs);
    }

    private static String pem(String label, byte[] der) {
        return "-----BEGIN " + label + "-----\n" + Base64.getMimeEncoder().encodeToString(der) + "\n-----END " + label
                + "-----\n";
    }

    @ParameterizedTest
    @EnumSource(names = {"HMAC_SHA256", "ED25519", "ECDSA_P256_SHA256", "RSA_PSS_SHA512"})
    void randomRequests_signedByEach_areVerifiedByTheOther(HttpSignatureAlgorithm algorithm, @TempDir Path folder)
            throws Exception {
        String modules = System.getProperty("intaglio.node.modules", "");
        Assumptions.assumeTrue(
                !modules.isEmpty() && Files.isDirectory(Path.of(modules, "http-message-signatures")),
                "no folder with http-message-signatures, see -Dintaglio.node.modules");
        Keys keys = keys(algorithm);
        boolean fast = algorithm == HttpSignatureAlgorithm.HMAC_SHA256 || algorithm == HttpSignatureAlgorithm.ED25519;
        int count = fast ? COUNT : COUNT / 20;
        Path questions = folder.resolve("questions");
        Path answers = folder.resolve("answers");
        HttpMessageSignatures scheme = HttpMessageSignatures.signing(algorithm)
                .covering(COVERED.toArray(String[]::new))
                .build();
        Credential credential = Credential.of(KEY_ID, keys.signing());
        SplittableRandom random = new SplittableRandom(algorithm.ordinal());
        try (BufferedWriter out = Files.newBufferedWriter(questions)) {
            for (int i = 0; i < count; i++) {
                SignedRequest signed =
                        scheme.sign(StandardsDifferentialTest.request(random), credential, Moment.at(NOW));
                StringBuilder line = new StringBuilder();
                JsonText.write(question(i, algorithm, keys, signed), line);
                out.append(line).append('\n');
            }
        }
        Process node = node(modules, questions, answers);
        assertThat(node.waitFor(20, TimeUnit.MINUTES)).isTrue();
        assertThat(node.exitValue()).isZero();
        int agreed = 0;
        try (BufferedReader asked = Files.newBufferedReader(questions);
                BufferedReader answered = Files.newBufferedReader(answers)) {
            for (String question = asked.readLine(); question != null; question = asked.readLine()) {
                Map<?, ?> answer = read(Objects.requireNonNull(answered.readLine(), "an answer to " + question));
                assertThat(answer.get("verified")).as(question).isEqualTo(true);
                assertThat(label(read(question), answer, algorithm, keys.verifying()))
                        .isEqualTo("theirs");
                agreed++;
            }
        }
        assertThat(agreed).isEqualTo(count);
    }

    private static Process node(String modules, Path questions, Path answers) throws IOException {
        ProcessBuilder builder = new ProcessBuilder("node", "src/test/node/http-signatures.cjs")
                .redirectInput(questions.toFile())
                .redirectOutput(answers.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .directory(new File(System.getProperty("basedir", ".")));
        builder.environment().put("NODE_PATH", modules);
        return builder.start();
    }

    private static Map<String, Object> question(
            int id, HttpSignatureAlgorithm algorithm, Keys keys, SignedRequest signed) {
        Map<String, Object> headers = new LinkedHashMap<>();
        Map<String, Object> signature = new LinkedHashMap<>();
        for (Field header : signed.headers()) {
            String name = header.name().toLowerCase(Locale.ROOT);
            (name.startsWith("signature") ? signature : headers).put(name, header.value());
        }
        List<String> fields = new ArrayList<>(COVERED);
        if (headers.containsKey("content-digest")) {
            fields.add("content-digest");
        }
        Map<String, Object> question = new LinkedHashMap<>();
        question.put("id", id);
        question.put("method", signed.method());
        question.put("url", signed.url());
        question.put("headers", headers);
        question.put("body", Base64.getEncoder().encodeToString(signed.body()));
        question.put("fields", fields);
        question.put("created", NOW.getEpochSecond());
        question.put("keyid", KEY_ID);
        question.put("alg", algorithm.label());
        question.put("key", keys.theirs());
        question.put("signed", signature);
        return question;
    }

    /** Verifies what the library signed by our code; the label of the signature that was proven. */
    private static String label(
            Map<?, ?> question, Map<?, ?> answer, HttpSignatureAlgorithm algorithm, VerifyingKey key) {
        List<Field> headers = new ArrayList<>();
        ((Map<?, ?>) question.get("headers"))
                .forEach((name, value) -> headers.add(new Field((String) name, (String) value)));
        headers.add(new Field("signature-input", (String) answer.get("signature-input")));
        headers.add(new Field("signature", (String) answer.get("signature")));
        String url = (String) question.get("url");
        HttpMessage message = HttpMessage.request(
                        (String) question.get("method"),
                        BASE,
                        url.substring(BASE.toString().length()))
                .headers(headers)
                .body(Base64.getDecoder().decode((String) question.get("body")));
        return HttpSignatureVerifier.requiring(COVERED.toArray(String[]::new))
                .key(KEY_ID, algorithm, key)
                .build()
                .verify(message, NOW)
                .label();
    }

    // ---- what the library signed once

    static Stream<Map<?, ?>> signedByTheLibrary() throws IOException {
        List<Map<?, ?>> lines = new ArrayList<>();
        try (BufferedReader in = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(HttpSignatureDifferentialTest.class.getResourceAsStream(FIXTURE)), UTF_8))) {
            in.lines().filter(line -> !line.startsWith("#")).forEach(line -> lines.add(read(line)));
        }
        return lines.stream();
    }

    @ParameterizedTest
    @MethodSource("signedByTheLibrary")
    void fixture_signedByTheLibrary_isVerifiedAndSignedAlike(Map<?, ?> line) {
        byte[] secret = Base64.getDecoder().decode((String) line.get("key"));

        assertThat(label(line, line, HttpSignatureAlgorithm.HMAC_SHA256, VerifyingKey.hmac(Secret.of(secret))))
                .isEqualTo("theirs");

        ApiRequest request = request(line);
        SignedRequest signed = HttpMessageSignatures.signing(HttpSignatureAlgorithm.HMAC_SHA256)
                .covering(COVERED.toArray(String[]::new))
                .build()
                .sign(request, Credential.hmac(KEY_ID, Secret.of(secret)), Moment.at(NOW));
        assertThat(signed.url()).isEqualTo(line.get("url"));
        assertThat(signed.header("Signature-Input").map(value -> value.substring(value.indexOf('='))))
                .contains(afterLabel(line, "signature-input"));
        assertThat(signed.header("Signature").map(value -> value.substring(value.indexOf('='))))
                .contains(afterLabel(line, "signature"));
    }

    private static String afterLabel(Map<?, ?> line, String name) {
        String value = (String) line.get(name);
        return value.substring(value.indexOf('='));
    }

    private static ApiRequest request(Map<?, ?> line) {
        String target = ((String) line.get("url")).substring(BASE.toString().length());
        int mark = target.indexOf('?');
        ApiRequest request = ApiRequest.of((String) line.get("method"), mark < 0 ? target : target.substring(0, mark))
                .baseUri(BASE);
        if (mark >= 0) {
            for (String pair : target.substring(mark + 1).split("&")) {
                int equal = pair.indexOf('=');
                request = request.query(decoded(pair.substring(0, equal)), decoded(pair.substring(equal + 1)));
            }
        }
        byte[] body = Base64.getDecoder().decode((String) line.get("body"));
        return body.length == 0 ? request : request.body(io.intaglio.signing.Body.bytes(body, "text/plain"));
    }

    private static String decoded(String text) {
        return java.net.URLDecoder.decode(text.replace("+", "%2B"), UTF_8);
    }

    private static Map<?, ?> read(String line) {
        return (Map<?, ?>) Objects.requireNonNull(JsonReader.read(line.getBytes(UTF_8)));
    }
}
