package io.intaglio.signing.standard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.intaglio.signing.Credential;
import io.intaglio.signing.Field;
import io.intaglio.signing.Moment;
import io.intaglio.signing.SharedVectors;
import io.intaglio.signing.SharedVectors.Node;
import io.intaglio.signing.internal.StructuredFields;
import io.intaglio.signing.internal.StructuredFields.InnerList;
import io.intaglio.signing.internal.StructuredFields.Item;
import io.intaglio.signing.key.KeyReader;
import io.intaglio.signing.key.SecretForm;
import io.intaglio.signing.key.SigningKey;
import io.intaglio.signing.key.VerifyingKey;
import io.intaglio.signing.secret.Secret;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The worked examples of RFC 9421 and RFC 9530, where the folder with third-party vectors is there. */
class HttpSignatureVectorsTest {

    @Test
    void components_allExamples_haveTheirValue() {
        int checked = 0;
        for (Node test : SharedVectors.cases("rfc9421/components.json")) {
            Map<String, FieldType> types = new HashMap<>();
            if (test.has("sf_types")) {
                test.node("sf_types")
                        .members()
                        .forEach((name, type) ->
                                types.put((String) name, FieldType.valueOf(((String) type).toUpperCase(Locale.ROOT))));
            }
            for (Field expected : test.fields("expect")) {
                Component component = Component.of(StructuredFields.item(expected.name()));
                HttpMessage message = message(test.node("message"), test.maybeText("scheme"));
                byte[] base = SignatureBase.of(message, List.of(component), "()", types);
                assertThat(new String(base, StandardCharsets.UTF_8))
                        .as(test.text("id"))
                        .isEqualTo(expected.name() + ": " + expected.value() + "\n\"@signature-params\": ()");
                checked++;
            }
        }
        assertThat(checked).isGreaterThan(20);
    }

    @Test
    void signatures_allExamples_areDecidedRight() {
        Node keys = new Node((Map<?, ?>) SharedVectors.json(SharedVectors.path("rfc9421/keys.json")));
        int valid = 0;
        int invalid = 0;
        for (Node test : SharedVectors.cases("rfc9421/signatures.json")) {
            HttpMessage message = message(test, "signed_message");
            HttpSignatureVerifier verifier = verifier(test, keys);
            Instant created = created(test);
            if (test.is("valid")) {
                valid++;
                VerifiedSignature proof = verifier.verify(message, created);
                assertThat(proof.keyId()).isEqualTo(test.text("key"));
                assertThat(signAgain(test, keys, created)).as(test.text("id")).isTrue();
            } else {
                invalid++;
                assertThatThrownBy(() -> verifier.verify(message, created))
                        .as(test.text("id"))
                        .isInstanceOf(VerificationException.class)
                        .hasMessageContaining("does not match");
            }
        }
        assertThat(valid).isGreaterThan(8);
        assertThat(invalid).isPositive();
    }

    /** Our own signature over the example's message: the same bytes where the algorithm allows, else genuine. */
    private static boolean signAgain(Node test, Node keys, Instant created) {
        InnerList input =
                (InnerList) StructuredFields.list(test.text("signature_input")).get(0);
        HttpMessageSignatures.Builder builder = HttpMessageSignatures.signing(algorithm(test))
                .leavingContentUncovered()
                .secretForm(SecretForm.BASE64)
                .label(test.text("label"))
                .parameters(input.parameters().keySet().stream()
                        .map(name -> SignatureParameter.valueOf(name.toUpperCase(Locale.ROOT)))
                        .toArray(SignatureParameter[]::new));
        for (Item item : input.items()) {
            builder.covering(Component.of(item));
        }
        Optional.ofNullable(input.parameters().get("tag")).ifPresent(tag -> builder.tag((String) tag));
        Optional.ofNullable(input.parameters().get("expires"))
                .ifPresent(end ->
                        builder.expiresAfter(java.time.Duration.between(created, Instant.ofEpochSecond((Long) end))));
        String nonce = (String) input.parameters().get("nonce");
        Moment moment = nonce == null ? Moment.at(created) : Moment.of(created, nonce);
        Credential credential = Credential.of(test.text("key"), signingKey(keys.node(test.text("key"))));

        HttpMessage plain = message(test, "message");
        HttpMessage signed = builder.build().sign(plain, credential, moment);
        List<Field> ours = signed.headers()
                .subList(plain.headers().size(), signed.headers().size());
        assertThat(ours.get(0))
                .isEqualTo(new Field("Signature-Input", test.text("label") + "=" + test.text("signature_input")));
        byte[] base = SignatureBase.of(
                plain, input.items().stream().map(Component::of).toList(), test.text("signature_input"), Map.of());
        assertThat(new String(base, StandardCharsets.UTF_8)).isEqualTo(test.text("signature_base"));
        if (test.is("deterministic")) {
            assertThat(ours.get(1).value()).isEqualTo(test.text("label") + "=:" + test.text("signature") + ":");
        }
        return verifier(test, keys).verify(signed, created).label().equals(test.text("label"));
    }

    private static HttpSignatureVerifier verifier(Node test, Node keys) {
        HttpSignatureVerifier.Builder builder =
                HttpSignatureVerifier.requiring(new String[0]).acceptingUncoveredContent();
        builder.label(test.text("label"));
        Node key = keys.node(test.text("key"));
        if (algorithm(test) == HttpSignatureAlgorithm.HMAC_SHA256) {
            return builder.secret(test.text("key"), VerifyingKey.hmac(secret(key)), SecretForm.BASE64)
                    .build();
        }
        return builder.key(test.text("key"), algorithm(test), KeyReader.readPublic(key.text("pem_public")))
                .build();
    }

    private static SigningKey signingKey(Node key) {
        return key.has("pem_private")
                ? KeyReader.read(Secret.of(key.text("pem_private").getBytes(StandardCharsets.UTF_8)))
                : SigningKey.hmac(secret(key));
    }

    private static Secret secret(Node key) {
        return Secret.of(key.text("base64").getBytes(StandardCharsets.UTF_8));
    }

    private static HttpSignatureAlgorithm algorithm(Node test) {
        for (HttpSignatureAlgorithm algorithm : HttpSignatureAlgorithm.values()) {
            if (algorithm.label().equals(test.text("alg"))) {
                return algorithm;
            }
        }
        throw new AssertionError(test.text("alg"));
    }

    private static Instant created(Node test) {
        InnerList input =
                (InnerList) StructuredFields.list(test.text("signature_input")).get(0);
        return Instant.ofEpochSecond((Long) input.parameters().get("created"));
    }

    private static HttpMessage message(Node test, String member) {
        HttpMessage message = message(test.node(member), Optional.empty());
        return test.has("request") ? message.inResponseTo(message(test.node("request"), Optional.empty())) : message;
    }

    private static HttpMessage message(Node json, Optional<String> scheme) {
        List<Field> fields = json.fields("fields");
        HttpMessage message;
        if (json.has("method")) {
            String host = fields.stream()
                    .filter(field -> field.name().equals("Host"))
                    .map(Field::value)
                    .findFirst()
                    .orElse("www.example.com");
            message = HttpMessage.request(
                    json.text("method"), URI.create(scheme.orElse("https") + "://" + host), json.text("target"));
        } else {
            message = HttpMessage.response(json.has("status") ? json.number("status") : 200);
        }
        byte[] body = json.maybeText("body").orElse("").getBytes(StandardCharsets.UTF_8);
        return message.headers(fields).body(body);
    }

    @Test
    void syntax_allExamples_areReadAndWrittenTheSame() {
        for (Node test : SharedVectors.cases("rfc9421/syntax.json")) {
            String text = test.text("value");
            String again = test.text("kind").equals("signature-params")
                    ? StructuredFields.write(StructuredFields.list(text))
                    : StructuredFields.write(StructuredFields.unambiguousDictionary(text));
            assertThat(again).isEqualTo(text);
        }
    }

    /** Section 2.2.8: decoded values would let a line feed into the base, and section 7.2.8: content needs its digest. */
    @Test
    void securityCases_allExamples_areSafe() {
        for (Node test : SharedVectors.cases("rfc9421/security-cases.json")) {
            if (test.has("wrong_base_lines")) {
                HttpMessage message = message(test.node("message"), Optional.empty());
                for (String name : List.of("var", "bar", "fa\u00e7ade\": ")) {
                    byte[] base = SignatureBase.of(message, List.of(Component.queryParam(name)), "()", Map.of());
                    String line = new String(base, StandardCharsets.UTF_8).split("\n", -1)[0];
                    assertThat(test.text("wrong_base_lines").lines()).doesNotContain(line);
                    assertThat(new String(base, StandardCharsets.UTF_8).lines()).hasSize(2);
                }
            } else {
                HttpMessage message = message(test.node("with_digest"), Optional.empty());
                List<Component> covered = List.of(Component.of("@status"), Component.of("content-digest"));
                byte[] base = SignatureBase.of(message, covered, "(\"@status\" \"content-digest\")", Map.of());
                assertThat(new String(base, StandardCharsets.UTF_8).lines().limit(2))
                        .isEqualTo(test.text("base").lines().limit(2).toList());
                String digest = SignatureBase.joined(message.headers(), "content-digest");
                HttpDigest.verify(digest, message.content());
                assertThatThrownBy(() -> HttpDigest.verify(digest, "{}".getBytes(StandardCharsets.UTF_8)))
                        .isInstanceOf(VerificationException.class);
            }
        }
    }

    /** Three values are misprinted in the RFC with base64 that no strict parser reads; insecure digests prove nothing. */
    @Test
    void digests_allExamples_areDecidedRight() {
        int accepted = 0;
        int refused = 0;
        for (Node test : SharedVectors.cases("rfc9530/digests.json")) {
            if (!test.has("content_base64")) {
                assertThat(StructuredFields.dictionary(test.text("value"))).hasSize(2);
                continue;
            }
            byte[] content = Base64.getDecoder().decode(test.text("content_base64"));
            if (test.text("status").equals("valid") && !test.has("erratum")) {
                HttpDigest.verify(test.text("value"), content);
                assertThat(HttpDigest.SHA_256.field(content) + "," + HttpDigest.SHA_512.field(content))
                        .contains(test.text("value").split(",", -1));
                accepted++;
            } else {
                assertThatThrownBy(() -> HttpDigest.verify(test.text("value"), content))
                        .isInstanceOf(VerificationException.class);
                refused++;
            }
        }
        assertThat(accepted).isGreaterThan(12);
        assertThat(refused).isGreaterThan(5);
    }

    @Test
    void digestWishes_allExamples_areUnderstood() {
        for (Node test : SharedVectors.cases("rfc9530/want.json")) {
            assertThat(HttpDigest.wanted(test.text("value"))).contains(HttpDigest.SHA_256);
        }
    }
}
