package io.intaglio.signing.scheme;

import static org.assertj.core.api.Assertions.assertThat;

import io.intaglio.signing.Access;
import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.Credential;
import io.intaglio.signing.Explanation;
import io.intaglio.signing.Explanation.Phase;
import io.intaglio.signing.Explanation.Step;
import io.intaglio.signing.Moment;
import io.intaglio.signing.key.Hash;
import io.intaglio.signing.key.SecretForm;
import io.intaglio.signing.secret.Secret;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Every step of an explanation: which part, how deep, where its value went, and which of its bytes are shown. */
class ExplanationTest {
    private static final Moment MOMENT = Moment.of(Instant.ofEpochMilli(1_712_345_678_901L), "n7");
    private static final Credential CREDENTIAL = Credential.hmac("key-of-desk-seven", secret("secret"))
            .with("account", "a9")
            .with("passphrase", secret("open sesame"));

    private static Secret secret(String text) {
        return Secret.takeOver(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Scheme.Builder scheme(Part... preHash) {
        return Scheme.named("test").preHash(preHash).hmac(Hash.SHA256, SecretForm.UTF8);
    }

    private static java.util.List<Step> steps(Scheme scheme, ApiRequest request) {
        return scheme.explain(request, CREDENTIAL, MOMENT).steps();
    }

    private static Step step(int depth, String part, String text) {
        return new Step(Phase.PRE_HASH, depth, part, "", text);
    }

    @Test
    void explain_stampsPreHashAndAttachments_areToldInOrderWithTheirPlaces() {
        Scheme scheme = scheme(Parts.millis(), Parts.method(), Parts.pathAndQuery())
                .stamp(Places.param("nonce"), Parts.nonce())
                .stamp(When.method("POST"), Places.param("not"), Parts.literal("here"))
                .attach(Places.header("X-Key"), Parts.keyId())
                .attach(Places.header("X-Sign"), Parts.base64(Parts.hex(Parts.signature())))
                .attach(Places.parameter("ts"), Parts.millis())
                .build();

        Explanation explanation = scheme.explain(ApiRequest.get("/v1/orders").query("a", "1"), CREDENTIAL, MOMENT);

        assertThat(explanation.scheme()).isEqualTo("test");
        assertThat(explanation.algorithm()).isEqualTo("HMAC-SHA256");
        assertThat(explanation.preHash()).isEqualTo("1712345678901GET/v1/orders?a=1&nonce=n7");
        assertThat(explanation.steps().stream()
                        .filter(step ->
                                !step.part().contains("hex") && !step.part().equals("base64")))
                .containsExactly(
                        new Step(Phase.STAMP, 0, "nonce", "query field nonce", "n7"),
                        step(0, "concatenation", "1712345678901GET/v1/orders?a=1&nonce=n7"),
                        step(1, "milliseconds", "1712345678901"),
                        step(1, "method", "GET"),
                        step(1, "path and query", "/v1/orders?a=1&nonce=n7"),
                        step(2, "path", "/v1/orders"),
                        step(2, "after '?'", "?a=1&nonce=n7"),
                        step(3, "query", "a=1&nonce=n7"),
                        new Step(Phase.ATTACH, 0, "key id", "header X-Key", CREDENTIAL.shortKeyId()),
                        new Step(Phase.ATTACH, 2, "signature", "", "[32 bytes]"),
                        new Step(Phase.ATTACH, 0, "milliseconds", "query field ts", "1712345678901"));
        String signature = scheme.sign(ApiRequest.get("/v1/orders").query("a", "1"), CREDENTIAL, MOMENT)
                .signature()
                .orElseThrow();
        assertThat(explanation.steps())
                .contains(new Step(Phase.ATTACH, 0, "base64", "header X-Sign", signature.substring(0, 8) + "..."));
    }

    @Test
    void explain_secretValues_areMaskedInEveryPartAroundThem() {
        Part masked = Parts.credential("passphrase");
        assertThat(steps(
                        scheme(Parts.join("|", Parts.literal("a"), masked, Parts.literal("b")))
                                .build(),
                        get()))
                .containsExactly(
                        step(0, "joined by '|'", "a|[masked, 11 bytes]|b"),
                        step(1, "literal", "a"),
                        step(1, "credential passphrase", "[masked, 11 bytes]"),
                        step(1, "literal", "b"));
        // two levels up, and twice
        assertThat(steps(
                        scheme(Parts.concat(Parts.join("\n", masked, masked)), Parts.literal("\u0001"))
                                .build(),
                        get()))
                .contains(
                        step(0, "concatenation", "[masked, 11 bytes]\\n[masked, 11 bytes]\\u0001"),
                        step(1, "concatenation", "[masked, 11 bytes]\\n[masked, 11 bytes]"),
                        step(2, "joined by '\\n'", "[masked, 11 bytes]\\n[masked, 11 bytes]"));
        // an encoding of a secret is the secret
        assertThat(steps(
                        scheme(Parts.literal("a"), Parts.base64(Parts.literal("b"), masked))
                                .build(),
                        get()))
                .containsExactly(
                        step(0, "concatenation", "a[masked, 16 bytes]"),
                        step(1, "literal", "a"),
                        step(1, "base64", "[masked, 16 bytes]"),
                        step(2, "concatenation", "b[masked, 11 bytes]"),
                        step(3, "literal", "b"),
                        step(3, "credential passphrase", "[masked, 11 bytes]"));
        // what is not secret is shown, encoded or not
        assertThat(steps(scheme(Parts.hex(Parts.credential("account", ""))).build(), get()))
                .containsExactly(step(0, "hex", "6139"), step(1, "credential account", "a9"));
    }

    private static ApiRequest get() {
        return ApiRequest.get("/x");
    }

    @Test
    void explain_secondSignature_isMasked() {
        Scheme scheme = scheme(Parts.body())
                .attach(Places.header("X-Second"), Parts.hex(Parts.signed(Parts.literal("a"))))
                .build();
        assertThat(steps(scheme, get()))
                .contains(
                        new Step(Phase.ATTACH, 0, "hex", "header X-Second", "[masked, 64 bytes]"),
                        new Step(Phase.ATTACH, 1, "second signature", "", "[masked, 32 bytes]"));
    }

    @Test
    void explain_headerOfASecondKey_isMasked() {
        Scheme second = Scheme.named("second")
                .attach(Places.header("X-Own"), Parts.literal("value"))
                .build();
        Scheme scheme = scheme(Parts.body())
                .attach(Places.header("X-Second"), Parts.headerOf(second, "X-Own"))
                .build();
        assertThat(steps(scheme, get()))
                .contains(new Step(
                        Phase.ATTACH, 0, "header X-Own of a second key", "header X-Second", "[masked, 5 bytes]"));
    }

    @Test
    void explain_fieldThatTheCallerGave_namesNoPartForIt() {
        Scheme scheme = scheme(Parts.query())
                .stamp(Places.param("nonce"), Parts.nonce())
                .build();
        assertThat(steps(scheme, get().query("nonce", "mine"))).containsExactly(step(0, "query", "nonce=mine"));
    }

    @Test
    void explain_unsignedCalls_showNoPreHash() {
        Scheme scheme = scheme(Parts.method())
                .keyOnly(Places.header("X-Key"), Parts.keyId())
                .attach(Places.header("X-Key"), Parts.keyId())
                .build();

        Explanation open = scheme.explain(get().access(Access.PUBLIC), CREDENTIAL, MOMENT);
        assertThat(open.steps()).isEmpty();
        assertThat(open.algorithm()).isEmpty();
        assertThat(open.preHash()).isEmpty();

        Explanation keyOnly = scheme.explain(get().access(Access.KEY_ONLY), CREDENTIAL, MOMENT);
        assertThat(keyOnly.steps())
                .containsExactly(new Step(Phase.STAMP, 0, "key id", "header X-Key", CREDENTIAL.shortKeyId()));
        assertThat(keyOnly.algorithm()).isEmpty();
    }

    @Test
    void shorten_shortKeyIdsAndSignatures_areShownWhole() {
        assertThat(Trace.shorten("a key-id-of-11 b", "key-id-of-1", "key-...", ""))
                .isEqualTo("a key-id-of-11 b");
        assertThat(Trace.shorten("a key-id-of-12 b", "key-id-of-12", "key-...", ""))
                .isEqualTo("a key-... b");
        String shortest = "abcdefghijklmnopqrstuvwx";
        assertThat(Trace.shorten("<" + shortest + ">", "k", "k", shortest)).isEqualTo("<abcdefgh...>");
        String shorter = shortest.substring(1);
        assertThat(Trace.shorten("<" + shorter + ">", "k", "k", shorter)).isEqualTo("<" + shorter + ">");
    }
}
