package io.intaglio.signing.standard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.intaglio.signing.Access;
import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.Credential;
import io.intaglio.signing.Field;
import io.intaglio.signing.Moment;
import io.intaglio.signing.SignedRequest;
import io.intaglio.signing.SigningException;
import io.intaglio.signing.key.KeyReader;
import io.intaglio.signing.key.SecretForm;
import io.intaglio.signing.key.SigningKey;
import io.intaglio.signing.key.VerifyingKey;
import io.intaglio.signing.secret.Secret;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpMessageSignaturesTest {
    /** RFC 9421 appendix B.1.4 and B.1.5. */
    private static final String ED25519_SEED = "n4Ni+HpISpVObnQMW0wOhCKROaIKqKtW/2ZYb2p9KcU=";

    private static final String ED25519_PUBLIC = "MCowBQYDK2VwAyEAJrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs=";
    private static final String SHARED_SECRET =
            "uzvJfB4u3N0Jy4T7NZ75MDVcr8zSTInedJtkgcu46YW4XByzNJjxBdtjUkdJPBtbmHhIDi6pcl8jsasjlTMtDQ==";

    private static final Instant CREATED = Instant.ofEpochSecond(1618884473);
    private static final URI ORIGIN = URI.create("https://example.com");
    private static final Credential DESK =
            Credential.of("test-key-ed25519", KeyReader.ed25519(secret(ED25519_SEED), KeyReader.SeedForm.BASE64));

    private static Secret secret(String text) {
        return Secret.of(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The test request of RFC 9421 appendix B.2. */
    private static HttpMessage testRequest() {
        return HttpMessage.request("POST", ORIGIN, "/foo?param=Value&Pet=dog")
                .header("Host", "example.com")
                .header("Date", "Tue, 20 Apr 2021 02:07:55 GMT")
                .header("Content-Type", "application/json")
                .header(
                        "Content-Digest",
                        "sha-512=:WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm"
                                + "+AbwAgBWnrIiYllu7BNNyealdVLvRwEmTHWXvJwew==:")
                .header("Content-Length", "18")
                .body("{\"hello\": \"world\"}".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void sign_ed25519ExampleOfTheRfc_isByteIdentical() {
        HttpMessage signed = HttpMessageSignatures.signing(HttpSignatureAlgorithm.ED25519)
                .covering("date", "@method", "@path", "@authority", "content-type", "content-length")
                .leavingContentUncovered()
                .label("sig-b26")
                .build()
                .sign(testRequest(), DESK, Moment.at(CREATED));

        assertThat(signed.headers())
                .endsWith(
                        new Field(
                                "Signature-Input",
                                "sig-b26=(\"date\" \"@method\" \"@path\" \"@authority\" \"content-type\" \"content-length\")"
                                        + ";created=1618884473;keyid=\"test-key-ed25519\""),
                        new Field(
                                "Signature",
                                "sig-b26=:wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==:"));
    }

    @Test
    void sign_hmacExampleOfTheRfc_isByteIdentical() {
        Credential credential = Credential.hmac("test-shared-secret", secret(SHARED_SECRET));
        HttpMessage signed = HttpMessageSignatures.signing(HttpSignatureAlgorithm.HMAC_SHA256)
                .covering("date", "@authority", "content-type")
                .leavingContentUncovered()
                .secretForm(SecretForm.BASE64)
                .label("sig-b25")
                .build()
                .sign(testRequest(), credential, Moment.at(CREATED));

        assertThat(signed.headers())
                .endsWith(new Field("Signature", "sig-b25=:pxcQw6G3AjtMBQjwo8XzkZf/bws5LelbaMk5rGIGtE8=:"));
        HttpSignatureVerifier verifier = HttpSignatureVerifier.requiring("date")
                .secret("test-shared-secret", VerifyingKey.hmac(secret(SHARED_SECRET)), SecretForm.BASE64)
                .acceptingUncoveredContent()
                .build();
        assertThat(verifier.verify(signed, CREATED).components()).hasSize(3);
    }

    /** RFC 9421 section 2.2. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "@method|POST",
                "@target-uri|https://www.example.com/path?param=value",
                "@authority|www.example.com",
                "@scheme|https",
                "@request-target|/path?param=value",
                "@path|/path",
                "@query|?param=value"
            })
    void derivedComponent_exampleOfTheRfc_hasItsValue(String name, String value) {
        HttpMessage message =
                HttpMessage.request("POST", URI.create("https://WWW.example.com:443"), "/path?param=value");
        assertThat(line(message, Component.of(name))).isEqualTo("\"" + name + "\": " + value);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "var|this%20is%20a%20big%0Amultiline%20value",
                "bar|with%20plus%20whitespace",
                "fa\u00e7ade\": |something"
            },
            ignoreLeadingAndTrailingWhitespace = false)
    void queryParam_exampleOfTheRfc_isEncodedAgain(String name, String value) {
        HttpMessage message = HttpMessage.request(
                "GET",
                ORIGIN,
                "/parameters?var=this%20is%20a%20big%0Amultiline%20value&bar=with+plus+whitespace&fa%C3%A7ade%22%3A%20=something");
        assertThat(line(message, Component.queryParam(name))).endsWith("\": " + value);
    }

    private static String line(HttpMessage message, Component component) {
        byte[] base = SignatureBase.of(message, List.of(component), "()", Map.of());
        return new String(base, StandardCharsets.UTF_8).split("\n", -1)[0];
    }

    @Test
    void fieldComponents_withParameters_haveTheirForms() {
        HttpMessage message = HttpMessage.response(200)
                .header("Example-Dict", "a=1,    b=2;x=1;y=2,   c=(a   b   c)")
                .header("Lines", " value, with, lots")
                .header("lines", "of, commas")
                .trailers(List.of(new Field("Expires", "Wed, 9 Nov 2022 07:28:00 GMT")))
                .inResponseTo(testRequest());
        assertThat(line(message, Component.of("example-dict").key("b")))
                .isEqualTo("\"example-dict\";key=\"b\": 2;x=1;y=2");
        assertThat(line(message, Component.of("lines"))).isEqualTo("\"lines\": value, with, lots, of, commas");
        assertThat(line(message, Component.of("lines").bytes()))
                .isEqualTo("\"lines\";bs: :dmFsdWUsIHdpdGgsIGxvdHM=:, :b2YsIGNvbW1hcw==:");
        assertThat(line(message, Component.of("expires").trailer()))
                .isEqualTo("\"expires\";tr: Wed, 9 Nov 2022 07:28:00 GMT");
        assertThat(line(message, Component.of("@method").ofRequest())).isEqualTo("\"@method\";req: POST");
        assertThat(line(message, Component.of("@status"))).isEqualTo("\"@status\": 200");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "@status",
                "x-absent",
                "@query-param-absent",
                "expires;tr",
                "@method;req",
                "folded",
                "not-ascii",
                "host;sf"
            })
    void signatureBase_valueThatIsAbsentOrUnsafe_isRefused(String what) {
        HttpMessage message = testRequest().header("Folded", "a\nb").header("Not-Ascii", "\u00e9");
        String[] parts = what.split(";", -1);
        Component component =
                what.equals("@query-param-absent") ? Component.queryParam("absent") : Component.of(parts[0]);
        if (parts.length > 1) {
            component = switch (parts[1]) {
                case "tr" -> component.trailer();
                case "req" -> component.ofRequest();
                default -> component.structured();
            };
        }
        Component unsafe = component;
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SignatureBase.of(message, List.of(unsafe), "()", Map.of()))
                .withMessageContaining(component.toString());
    }

    @Test
    void component_thatMeansNothing_isRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> Component.of("@unknown"));
        assertThatIllegalArgumentException().isThrownBy(() -> Component.of("@signature-params"));
        assertThatIllegalArgumentException().isThrownBy(() -> Component.of("two words"));
        assertThatIllegalArgumentException().isThrownBy(() -> Component.of("@query-param"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Component.of("@method").key("a"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Component.of("@status").ofRequest());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Component.of("x").bytes().structured());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HttpMessageSignatures.signing(HttpSignatureAlgorithm.ED25519)
                        .covering("Date", "date"));
    }

    // ---- scheme

    private static final HttpMessageSignatures SCHEME = HttpMessageSignatures.signing(HttpSignatureAlgorithm.ED25519)
            .covering("@method", "@target-uri", "@authority")
            .expiresAfter(Duration.ofSeconds(60))
            .build();

    private static HttpSignatureVerifier.Builder verifier() {
        return HttpSignatureVerifier.requiring("@method", "@target-uri")
                .key(DESK.keyId(), HttpSignatureAlgorithm.ED25519, KeyReader.readPublic(ED25519_PUBLIC));
    }

    @Test
    void sign_apiRequest_isVerifiedWithItsContent() {
        ApiRequest order = ApiRequest.post("/orders")
                .query("note", "a b&c")
                .json("symbol", "BTC-USD")
                .baseUri(URI.create("https://api.example.com/v1"));
        SignedRequest signed = SCHEME.sign(order, DESK, Moment.of(CREATED, "n-1"));

        VerifiedSignature proof = verifier().build().verify(HttpMessage.of(signed), CREATED.plusSeconds(60));
        assertThat(signed.target()).isEqualTo("/v1/orders?note=a%20b%26c");
        assertThat(signed.header("content-digest")).contains(HttpDigest.SHA_256.field(signed.body()));
        assertThat(proof.components()).contains(Component.of("content-digest"));
        assertThat(proof.nonce()).contains("n-1");
        assertThat(proof.expires()).contains(CREATED.plusSeconds(60));
        assertThat(new String(signed.preHash(), StandardCharsets.UTF_8))
                .contains("\"@target-uri\": https://api.example.com/v1/orders?note=a%20b%26c\n");
        assertThat(SCHEME.explain(order, DESK, Moment.at(CREATED)).toString()).doesNotContain(DESK.keyId());
    }

    @Test
    void sign_whatCannotBeSigned_saysWhy() {
        ApiRequest order = ApiRequest.get("/orders");
        assertThatThrownBy(() -> SCHEME.sign(order, DESK, Moment.at(CREATED)))
                .isInstanceOf(SigningException.class)
                .hasMessageContaining("baseUri(...)");
        assertThatThrownBy(() -> SCHEME.sign(order.baseUri(ORIGIN), Credential.keyId("desk"), Moment.at(CREATED)))
                .isInstanceOf(SigningException.class)
                .hasMessageContaining("no signing key");
        assertThatThrownBy(() ->
                        SCHEME.sign(order.baseUri(ORIGIN), Credential.hmac("desk", secret("x")), Moment.at(CREATED)))
                .isInstanceOf(SigningException.class)
                .hasMessageContaining("HMAC secret");
        assertThatThrownBy(() -> SCHEME.sign(
                        ApiRequest.post("/a")
                                .json("b", 1)
                                .header("Content-Digest", "sha-256=:AAAA:")
                                .baseUri(ORIGIN),
                        DESK,
                        Moment.at(CREATED)))
                .isInstanceOf(SigningException.class)
                .hasMessageContaining("leave the header out");
        SignedRequest open = SCHEME.sign(order.access(Access.PUBLIC), DESK, Moment.at(CREATED));
        assertThat(open.isSigned()).isFalse();
    }

    @Test
    void sign_twiceWithTwoLabels_bothAreVerified() {
        HttpMessage once = SCHEME.sign(testRequest(), DESK, Moment.at(CREATED));
        assertThatThrownBy(() -> SCHEME.sign(once, DESK, Moment.at(CREATED)))
                .isInstanceOf(SigningException.class)
                .hasMessageContaining("another label");
        HttpMessage twice = HttpMessageSignatures.signing(HttpSignatureAlgorithm.ED25519)
                .covering("@method", "@target-uri")
                .covering(Component.of("signature").key("sig1"))
                .label("proxy")
                .tag("relay")
                .build()
                .sign(once, DESK, Moment.at(CREATED));
        assertThat(verifier().label("sig1").build().verify(twice, CREATED).label())
                .isEqualTo("sig1");
        assertThat(verifier().tag("relay").build().verify(twice, CREATED).label())
                .isEqualTo("proxy");
        refused(verifier(), twice, CREATED, "2 signatures");
    }

    @Test
    void sign_responseBoundToItsRequest_isRefusedForAnotherRequest() {
        HttpMessageSignatures responses = HttpMessageSignatures.signing(HttpSignatureAlgorithm.ED25519)
                .covering(Component.of("@status"), Component.of("@path").ofRequest())
                .build();
        HttpMessage answer = HttpMessage.response(503)
                .body("busy".getBytes(StandardCharsets.UTF_8))
                .inResponseTo(testRequest());
        HttpMessage signed = responses.sign(answer, DESK, Moment.at(CREATED));
        HttpSignatureVerifier.Builder verifier = HttpSignatureVerifier.requiring("@status")
                .key(DESK.keyId(), HttpSignatureAlgorithm.ED25519, KeyReader.readPublic(ED25519_PUBLIC));
        assertThat(verifier.build().verify(signed, CREATED).keyId()).isEqualTo(DESK.keyId());
        refused(
                verifier,
                signed.inResponseTo(HttpMessage.request("POST", ORIGIN, "/other")),
                CREATED,
                "does not match");
    }

    /** The answer covers what it answers, down to the bytes of the request. */
    @Test
    void verify_answerCoversTheDigestOfItsRequest_isHeldAgainstTheContentOfThatRequest() {
        HttpMessage signed = HttpMessageSignatures.signing(HttpSignatureAlgorithm.ED25519)
                .covering(
                        Component.of("@status"), Component.of("content-digest").ofRequest())
                .build()
                .sign(HttpMessage.response(204).inResponseTo(testRequest()), DESK, Moment.at(CREATED));
        HttpSignatureVerifier.Builder verifier = HttpSignatureVerifier.requiring(Component.of("@status"))
                .key(DESK.keyId(), HttpSignatureAlgorithm.ED25519, KeyReader.readPublic(ED25519_PUBLIC));
        assertThat(verifier.build().verify(signed, CREATED).keyId()).isEqualTo(DESK.keyId());
        refused(
                verifier,
                signed.inResponseTo(testRequest().body("{}".getBytes(StandardCharsets.UTF_8))),
                CREATED,
                "does not match the content");
    }

    @Test
    void verify_noContent_needsNoDigest() {
        HttpMessage get = SCHEME.sign(HttpMessage.request("GET", ORIGIN, "/foo"), DESK, Moment.at(CREATED));
        assertThat(verifier().build().verify(get, CREATED).components()).hasSize(3);
    }

    @Test
    void verify_oneDigestOfTheFieldCovered_provesTheContent() {
        HttpMessage signed = HttpMessageSignatures.signing(HttpSignatureAlgorithm.ED25519)
                .covering("@method", "@target-uri")
                .covering(Component.of("content-digest").key("sha-512"))
                .leavingContentUncovered()
                .build()
                .sign(testRequest(), DESK, Moment.at(CREATED));
        assertThat(verifier().build().verify(signed, CREATED).components()).hasSize(3);
    }

    @Test
    void verify_structuredFieldWrittenAnotherWay_isTheSame() {
        HttpMessage asked = HttpMessage.request("GET", ORIGIN, "/foo");
        HttpMessage signed = HttpMessageSignatures.signing(HttpSignatureAlgorithm.ED25519)
                .covering("@method", "@target-uri")
                .covering(Component.of("example").structured())
                .structuredField("example", FieldType.DICTIONARY)
                .build()
                .sign(asked.header("Example", "a=1,    b=2"), DESK, Moment.at(CREATED));
        HttpMessage relayed = asked;
        for (Field line : signed.headers()) {
            relayed = relayed.header(line.name(), line.name().equals("Example") ? "a=1, b=2" : line.value());
        }
        HttpSignatureVerifier.Builder knowing = verifier().structuredField("Example", FieldType.DICTIONARY);
        assertThat(knowing.build().verify(relayed, CREATED).components()).hasSize(3);
    }

    @Test
    void verify_noSignatureOfThatLabel_saysSo() {
        for (HttpSignatureVerifier.Builder choosing :
                List.of(verifier().label("other"), verifier().tag("other"))) {
            assertThatThrownBy(() -> choosing.build().verify(signed(), CREATED))
                    .isInstanceOf(VerificationException.class)
                    .hasMessageEndingWith("it has no signature with the label or tag wanted");
        }
        assertThatThrownBy(() -> verifier().build().verify(changed("Signature-Input", value -> ""), CREATED))
                .isInstanceOf(VerificationException.class)
                .hasMessageEndingWith("it has no signature");
    }

    // ---- policy

    private static void refused(
            HttpSignatureVerifier.Builder verifier, HttpMessage message, Instant now, String reason) {
        assertThatThrownBy(() -> verifier.build().verify(message, now))
                .isInstanceOf(VerificationException.class)
                .hasMessageContaining(reason);
    }

    private static HttpMessage signed() {
        return SCHEME.sign(testRequest(), DESK, Moment.of(CREATED, "n-1"));
    }

    /** The signed message with its header lines changed. */
    private static HttpMessage changed(String name, UnaryOperator<String> change) {
        List<Field> lines = new ArrayList<>();
        for (Field line : signed().headers()) {
            lines.add(line.name().equals(name) ? new Field(name, change.apply(line.value())) : line);
        }
        return HttpMessage.request("POST", ORIGIN, "/foo?param=Value&Pet=dog")
                .headers(lines)
                .body(testRequest().body());
    }

    @Test
    void verify_signedMessage_isAccepted() {
        assertThat(verifier().build().verify(signed(), CREATED).algorithm()).isEqualTo(HttpSignatureAlgorithm.ED25519);
        assertThat(verifier()
                        .build()
                        .verify(changed("Date", date -> "another"), CREATED)
                        .keyId())
                .isEqualTo(DESK.keyId());
    }

    @Test
    void verify_changedMessage_isRefused() {
        refused(verifier(), signed().body(new byte[] {1}), CREATED, "does not match the content");
        refused(
                verifier(),
                changed("Content-Digest", d -> HttpDigest.SHA_256.field(new byte[0])),
                CREATED,
                "does not match");
        refused(verifier(), changed("Signature", s -> s.replace("sig1=:", "sig1=:AAAA")), CREATED, "does not match");
        refused(verifier(), changed("Signature", s -> "sig1=:AAAA:"), CREATED, "does not match");
        refused(verifier(), changed("Signature", s -> "sig1=\"AAAA\""), CREATED, "byte sequence");
        refused(verifier(), changed("Signature", s -> s.replace("sig1", "sig2")), CREATED, "byte sequence");
        refused(verifier(), changed("Signature", s -> s + ", " + s), CREATED, "position");
        refused(verifier(), changed("Signature-Input", s -> s + ", " + s), CREATED, "position");
        refused(verifier(), changed("Signature-Input", s -> s + ";created=1"), CREATED, "position");
        refused(verifier(), changed("Signature-Input", s -> s.replace("created", "creates")), CREATED, "created");
        refused(verifier(), changed("Signature-Input", s -> s.replace("(", "(\"@method\" ")), CREATED, "twice");
        refused(verifier(), changed("Signature-Input", s -> s.replace("@authority", "@unknown")), CREATED, "@unknown");
        refused(verifier(), changed("Signature-Input", s -> s + ";alg=\"hmac-sha256\""), CREATED, "alg");
        refused(verifier(), changed("Signature-Input", s -> s + ";alg=\"ed25519\""), CREATED, "does not match");
        refused(verifier(), changed("Signature-Input", s -> s.replace("keyid=\"", "keyid=\"x")), CREATED, "keyid");
        refused(verifier(), changed("Signature-Input", s -> s.replaceFirst(";keyid=.*", "")), CREATED, "keyid");
        refused(
                verifier(),
                changed("Signature-Input", s -> s.replace("created=1618884473", "created=\"1\"")),
                CREATED,
                "whole");
        refused(verifier(), changed("Signature-Input", s -> "sig1=?1"), CREATED, "no list");
        refused(verifier(), testRequest(), CREATED, "no Signature-Input");
    }

    @Test
    void verify_outsideItsTime_isRefused() {
        refused(verifier(), signed(), CREATED.plusSeconds(61), "expired");
        refused(verifier(), signed(), CREATED.minusSeconds(31), "future");
        refused(
                verifier().maxAge(Duration.ofSeconds(10)).clockSkew(Duration.ZERO),
                signed(),
                CREATED.plusSeconds(11),
                "older");
    }

    @Test
    void verify_lessThanWanted_isRefused() {
        refused(verifier().and(Component.of("date")), signed(), CREATED, "does not cover \"date\"");
        refused(verifier().label("other"), signed(), CREATED, "label or tag");
        HttpMessage uncovered = HttpMessageSignatures.signing(HttpSignatureAlgorithm.ED25519)
                .covering("@method", "@target-uri")
                .leavingContentUncovered()
                .build()
                .sign(testRequest(), DESK, Moment.at(CREATED));
        refused(verifier(), uncovered, CREATED, "no signed Content-Digest covers");
        refused(verifier().replayGuard((key, nonce, until) -> true), uncovered, CREATED, "nonce");
        HttpMessage weak = HttpMessageSignatures.signing(HttpSignatureAlgorithm.ED25519)
                .covering("@method", "@target-uri")
                .covering(Component.of("content-digest").key("md5"))
                .leavingContentUncovered()
                .build()
                .sign(testRequest().header("Content-Digest", "md5=:AAAA:"), DESK, Moment.at(CREATED));
        refused(verifier(), weak, CREATED, "no signed Content-Digest covers");
    }

    @Test
    void verify_secondTime_isRefusedByTheGuard() {
        Set<String> seen = new HashSet<>();
        List<Instant> until = new ArrayList<>();
        HttpSignatureVerifier verifier = verifier()
                .replayGuard((key, nonce, end) -> {
                    until.add(end);
                    return seen.add(key + " " + nonce);
                })
                .build();
        verifier.verify(signed(), CREATED);
        assertThatThrownBy(() -> verifier.verify(signed(), CREATED))
                .isInstanceOf(VerificationException.class)
                .hasMessageContaining("used before");
        assertThat(until).first().isEqualTo(CREATED.plusSeconds(60));
    }

    @Test
    void verify_forgedMessage_doesNotUseUpTheNonce() {
        List<String> asked = new ArrayList<>();
        refused(
                verifier().replayGuard((key, nonce, end) -> asked.add(nonce)),
                signed().body(new byte[] {1}),
                CREATED,
                "content");
        assertThat(asked).isEmpty();
    }

    @Test
    void verifierKey_ofAnotherKind_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HttpSignatureVerifier.requiring("@method")
                        .key("a", HttpSignatureAlgorithm.HMAC_SHA256, KeyReader.readPublic(ED25519_PUBLIC)));
        SigningKey secp = KeyReader.read(secret("MC4CAQEEIAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8goAcGBSuBBAAK"));
        assertThatIllegalArgumentException()
                .as("secp256k1 is not P-256")
                .isThrownBy(() -> HttpSignatureVerifier.requiring("@method")
                        .key(
                                "a",
                                HttpSignatureAlgorithm.ECDSA_P256_SHA256,
                                secp.publicKey().orElseThrow()));
    }

    // ---- digests

    @Test
    void digest_exampleOfTheRfc_isMatched() {
        byte[] content = "{\"hello\": \"world\"}".getBytes(StandardCharsets.UTF_8);
        assertThat(HttpDigest.SHA_256.field(content))
                .isEqualTo("sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:");
        assertThat(HttpDigest.SHA_512.field(content))
                .isEqualTo("sha-512=:WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm"
                        + "+AbwAgBWnrIiYllu7BNNyealdVLvRwEmTHWXvJwew==:");
        HttpDigest.verify(HttpDigest.SHA_256.field(content) + ", md5=:AAAA:", content);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "md5=:Sd/dVLAcvNLSq16eXua5uQ==:",
                "sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPF=:",
                "sha-256=:AAAA:",
                "sha-256=\"x\"",
                "sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:, sha-512=:AAAA:",
                "sha-256=:AAAA:, sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:",
                ""
            })
    void digest_thatProvesNothing_isRefused(String field) {
        assertThatThrownBy(() -> HttpDigest.verify(field, "{\"hello\": \"world\"}".getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(VerificationException.class);
    }

    @Test
    void wanted_wishes_areWeighed() {
        assertThat(HttpDigest.wanted("sha-512=3, sha-256=10, unixsum=0")).contains(HttpDigest.SHA_256);
        assertThat(HttpDigest.wanted("sha-512=3, sha-256=3")).contains(HttpDigest.SHA_512);
        assertThat(HttpDigest.wanted("sha-256=3, sha-512=3")).contains(HttpDigest.SHA_512);
        assertThat(HttpDigest.wanted("sha-256=0, md5=10")).isEmpty();
        assertThat(HttpDigest.wanted("sha-512=0")).isEmpty();
        assertThatIllegalArgumentException().isThrownBy(() -> HttpDigest.wanted("sha-256=11"));
    }
}
