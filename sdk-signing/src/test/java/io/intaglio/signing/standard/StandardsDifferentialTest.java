package io.intaglio.signing.standard;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.Ed25519Signer;
import com.nimbusds.jose.crypto.Ed25519Verifier;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.util.Base64URL;
import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.Body;
import io.intaglio.signing.Credential;
import io.intaglio.signing.Field;
import io.intaglio.signing.Moment;
import io.intaglio.signing.SignedRequest;
import io.intaglio.signing.key.KeyKind;
import io.intaglio.signing.key.SigningKey;
import io.intaglio.signing.key.VerifyingKey;
import io.intaglio.signing.secret.Secret;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

/**
 * Random requests, signed here and verified by a second implementation, and the reverse. 2,000 of each kind; 100,000 where the system property
 * {@code intaglio.slow} is true. Random keys are no secret, and the generators are seeded.
 */
@Tag("long")
class StandardsDifferentialTest {
    private static final int COUNT = Boolean.getBoolean("intaglio.slow") ? 100_000 : 2_000;
    private static final String SECRET =
            "a shared secret of more than sixty-four bytes, as HS512 wants it to be: yes, it is";
    private static final Instant NOW = Instant.ofEpochSecond(1_700_000_000);

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] bytes(SplittableRandom random, int most) {
        byte[] bytes = new byte[random.nextInt(most + 1)];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) random.nextInt(256);
        }
        return bytes;
    }

    private static String text(SplittableRandom random, String letters, int least, int most) {
        StringBuilder out = new StringBuilder();
        int length = random.nextInt(least, most + 1);
        int[] points = letters.codePoints().toArray();
        for (int i = 0; i < length; i++) {
            out.appendCodePoint(points[random.nextInt(points.length)]);
        }
        return out.toString();
    }

    // ---- JSON Web Signatures and Nimbus

    @ParameterizedTest
    @EnumSource(names = {"HS256", "HS384", "HS512", "RS256", "PS256", "ES256", "ES384", "EDDSA"})
    void jws_randomPayloads_agreeWithNimbus(JwsAlgorithm algorithm) throws Exception {
        SplittableRandom random = new SplittableRandom(algorithm.ordinal());
        SigningKey ours;
        VerifyingKey verifying;
        JWSSigner signer;
        JWSVerifier verifier;
        switch (algorithm.kind()) {
            case SECRET -> {
                ours = SigningKey.hmac(Secret.of(utf8(SECRET)));
                verifying = VerifyingKey.hmac(Secret.of(utf8(SECRET)));
                signer = new MACSigner(SECRET);
                verifier = new MACVerifier(SECRET);
            }
            case RSA -> {
                KeyPair pair = KeyPairGenerator.getInstance("RSA").generateKeyPair();
                ours = SigningKey.of(pair.getPrivate());
                verifying = VerifyingKey.of(pair.getPublic());
                signer = new RSASSASigner(pair.getPrivate());
                verifier = new RSASSAVerifier((RSAPublicKey) pair.getPublic());
            }
            case ED25519 -> {
                KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
                ours = SigningKey.of(pair.getPrivate());
                verifying = VerifyingKey.of(pair.getPublic());
                byte[] info = pair.getPublic().getEncoded();
                OctetKeyPair key = new OctetKeyPair.Builder(
                                Curve.Ed25519,
                                Base64URL.encode(Arrays.copyOfRange(info, info.length - 32, info.length)))
                        .d(Base64URL.encode(
                                ((EdECPrivateKey) pair.getPrivate()).getBytes().orElseThrow()))
                        .build();
                signer = new Ed25519Signer(key);
                verifier = new Ed25519Verifier(key.toPublicJWK());
            }
            default -> {
                KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
                generator.initialize(
                        new ECGenParameterSpec(algorithm == JwsAlgorithm.ES256 ? "secp256r1" : "secp384r1"));
                KeyPair pair = generator.generateKeyPair();
                ours = SigningKey.of(pair.getPrivate());
                verifying = VerifyingKey.of(pair.getPublic());
                signer = new ECDSASigner((ECPrivateKey) pair.getPrivate());
                verifier = new ECDSAVerifier((ECPublicKey) pair.getPublic());
            }
        }
        JwsVerifier strict = JwsVerifier.of(algorithm, verifying);
        com.nimbusds.jose.JWSAlgorithm theirs = com.nimbusds.jose.JWSAlgorithm.parse(algorithm.label());
        // a signature by RSA or ECDSA takes milliseconds in pure Java
        int count = algorithm.kind() == KeyKind.SECRET || algorithm.kind() == KeyKind.ED25519 ? COUNT : COUNT / 20;
        for (int i = 0; i < count; i++) {
            byte[] payload = bytes(random, 300);
            String keyId = text(random, "abc\"\\/\u00e9\u20ac\ud83d\ude00", 1, 9);
            String token = Jws.signing(algorithm).header("kid", keyId).sign(payload, ours);
            JWSObject read = JWSObject.parse(token);
            assertThat(read.verify(verifier)).isTrue();
            assertThat(read.getPayload().toBytes()).isEqualTo(payload);
            assertThat(read.getHeader().getKeyID()).isEqualTo(keyId);

            JWSObject made = new JWSObject(
                    new JWSHeader.Builder(theirs)
                            .keyID(keyId)
                            .type(JOSEObjectType.JWT)
                            .build(),
                    new Payload(payload));
            made.sign(signer);
            VerifiedJws proof = strict.verify(made.serialize());
            assertThat(proof.payload()).isEqualTo(payload);
            assertThat(proof.header()).containsEntry("kid", keyId);
        }
    }

    // ---- AWS Signature Version 4 and AWS's SDK

    /** The signature is a function of the request, so equal signatures are signing and verifying at once. */
    @Test
    void awsSigV4_randomRequests_agreeWithTheSdkOfAws() {
        SplittableRandom random = new SplittableRandom(4);
        AwsV4HttpSigner sdk = AwsV4HttpSigner.create();
        AwsCredentialsIdentity identity = AwsCredentialsIdentity.create("AKIDEXAMPLE", SECRET);
        Credential credential = Credential.hmac("AKIDEXAMPLE", Secret.of(utf8(SECRET)));
        AwsSigV4 scheme = AwsSigV4.of("eu-central-1", "execute-api").withContentHash();
        for (int i = 0; i < COUNT; i++) {
            Instant now = NOW.plusSeconds(random.nextInt(100_000_000));
            ApiRequest request = request(random);
            SignedRequest signed = scheme.sign(request, credential, Moment.at(now));

            SdkHttpRequest.Builder builder = SdkHttpRequest.builder()
                    .method(SdkHttpMethod.valueOf(request.method()))
                    .uri(URI.create("https://api.example.com"))
                    .encodedPath(request.path());
            request.query().forEach(field -> builder.appendRawQueryParameter(field.name(), field.value()));
            for (Field header : signed.headers()) {
                if (!header.name().toLowerCase(Locale.ROOT).startsWith("x-amz-")
                        && !header.name().equals("Authorization")) {
                    builder.appendHeader(header.name(), header.value());
                }
            }
            SdkHttpRequest theirs = sdk.sign(r -> r.identity(identity)
                            .request(builder.build())
                            .payload(() -> new ByteArrayInputStream(signed.body()))
                            .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, "execute-api")
                            .putProperty(AwsV4HttpSigner.REGION_NAME, "eu-central-1")
                            .putProperty(HttpSigner.SIGNING_CLOCK, Clock.fixed(now, ZoneOffset.UTC)))
                    .request();
            assertThat(signed.header("Authorization"))
                    .as(signed.url())
                    .isEqualTo(theirs.firstMatchingHeader("Authorization"));
        }
    }

    static ApiRequest request(SplittableRandom random) {
        StringBuilder path = new StringBuilder();
        for (int i = random.nextInt(4); i >= 0; i--) {
            path.append('/')
                    .append(text(random, "abcXYZ019-_~!$()*,;:@", 1, 6))
                    .append(random.nextInt(8) == 0 ? "%2F%C3%A9" : "");
        }
        ApiRequest request = ApiRequest.of(random.nextInt(2) == 0 ? "GET" : "POST", path.toString())
                .baseUri(URI.create("https://api.example.com"));
        for (int i = random.nextInt(5); i > 0; i--) {
            request = request.query(
                    text(random, "abcAB[]-_ ", 1, 5) + i,
                    text(random, "abc019 +&=/?%~*'\u00e9\u20ac\ud83d\ude00", 0, 12));
        }
        for (int i = random.nextInt(3); i > 0; i--) {
            request = request.header(
                    "X-Test-" + i, text(random, "abc  ,;\"=", 1, 20).strip() + "x");
        }
        return request.method().equals("POST") ? request.body(Body.bytes(bytes(random, 200), "text/plain")) : request;
    }

    // ---- HTTP Message Signatures and a second reading of RFC 9421

    /**
     * Composes the base and the fields by hand from the request's parts, with the JDK's HMAC; it shares no code with ours. See also {@link
     * HttpSignatureDifferentialTest}.
     */
    @Test
    void httpMessageSignatures_randomRequests_agreeWithTheJdkByHand() throws Exception {
        SplittableRandom random = new SplittableRandom(9421);
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(utf8(SECRET), "HmacSHA256"));
        Credential credential = Credential.hmac("desk \"7\"", Secret.of(utf8(SECRET)));
        HttpMessageSignatures scheme = HttpMessageSignatures.signing(HttpSignatureAlgorithm.HMAC_SHA256)
                .covering("@method", "@target-uri", "@authority", "@path", "@query")
                .build();
        HttpSignatureVerifier verifier = HttpSignatureVerifier.requiring("@method", "@target-uri")
                .key("desk \"7\"", HttpSignatureAlgorithm.HMAC_SHA256, VerifyingKey.hmac(Secret.of(utf8(SECRET))))
                .build();
        for (int i = 0; i < COUNT; i++) {
            SignedRequest signed = scheme.sign(request(random), credential, Moment.at(NOW));
            boolean content = signed.bodyLength() > 0;
            String target = signed.target();
            int mark = target.indexOf('?');
            String list = "(\"@method\" \"@target-uri\" \"@authority\" \"@path\" \"@query\""
                    + (content ? " \"content-digest\"" : "") + ");created=1700000000;keyid=\"desk \\\"7\\\"\"";
            String digest = "sha-256=:"
                    + Base64.getEncoder()
                            .encodeToString(java.security.MessageDigest.getInstance("SHA-256")
                                    .digest(signed.body()))
                    + ":";
            String base = "\"@method\": " + signed.method() + "\n\"@target-uri\": https://api.example.com" + target
                    + "\n\"@authority\": api.example.com\n\"@path\": " + (mark < 0 ? target : target.substring(0, mark))
                    + "\n\"@query\": " + (mark < 0 ? "?" : target.substring(mark))
                    + (content ? "\n\"content-digest\": " + digest : "") + "\n\"@signature-params\": " + list;
            String signature = Base64.getEncoder().encodeToString(mac.doFinal(utf8(base)));
            // ours, read by the second reading
            assertThat(signed.header("Signature-Input")).contains("sig1=" + list);
            assertThat(signed.header("Signature")).contains("sig1=:" + signature + ":");
            // theirs, verified by ours
            HttpMessage made = HttpMessage.request(signed.method(), URI.create("https://api.example.com"), target)
                    .headers(content ? List.of(new Field("content-digest", digest)) : List.of())
                    .header("signature-input", "other=" + list)
                    .header("signature", "other=:" + signature + ":")
                    .body(signed.body());
            assertThat(verifier.verify(made, NOW).label()).isEqualTo("other");
        }
    }
}
