package io.intaglio.signing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class ApiRequestTest {
    private static void refused(ThrowingCallable call, String message) {
        assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
    }

    @Test
    void path_thatCouldNotBeSentUnchanged_isRefused() {
        refused(() -> ApiRequest.get("api/x"), "path 'api/x' must start with '/'; give the host as the base URI");
        refused(
                () -> ApiRequest.get("/a?b=1"),
                "path '/a?b=1' holds '?' at position 3; give query fields with query(name, value)");
        refused(
                () -> ApiRequest.get("/a b"),
                "path '/a b' holds a character at position 3 that RFC 3986 does not allow in a path (U+0020); percent-encode it");
        refused(
                () -> ApiRequest.get("/a\r\nX: y"),
                "path '/a\\u000d\\u000aX: y' holds a character at position 3 that RFC 3986 does not allow in a path (U+000d);"
                        + " percent-encode it");
        refused(() -> ApiRequest.get("/a%2"), "path '/a%2' has a broken percent escape at position 3");
        refused(
                () -> ApiRequest.get("/a/%2E./b"),
                "path '/a/%2E./b' has a dot segment; proxies rewrite those and the signature would fail");
    }

    @Test
    void method_thatIsNone_isRefused() {
        refused(() -> ApiRequest.of("GE T", "/"), "method 'GE T' is not an HTTP method such as GET or POST");
        assertThat(ApiRequest.of("patch", "/").method()).isEqualTo("PATCH");
    }

    @Test
    void header_thatWouldSplitTheMessage_isRefused() {
        refused(
                () -> ApiRequest.get("/").header("X-A", "a\r\nX-B: b"),
                "header X-A holds a character at position 2 that cannot be sent in a header (U+000d)");
        refused(() -> ApiRequest.get("/").header("X A", "a"), "header name 'X A' is not an HTTP token");
    }

    @Test
    void body_ofAnotherKind_isRefused() {
        refused(
                () -> ApiRequest.post("/x").json("a", 1).form("b", "2"),
                "POST /x already has a json body; form field 'b' does not fit");
        refused(
                () -> ApiRequest.post("/x").form("b", "2").json("a", 1),
                "POST /x already has a form body; JSON member 'a' does not fit");
    }

    @Test
    void json_doubleAnywhere_isRefusedWithItsPlace() {
        refused(
                () -> ApiRequest.post("/x").json("orders", List.of(Map.of("price", 1.1))),
                "JSON at $.orders[0].price is a Double; binary floating point cannot hold an amount exactly,"
                        + " give a BigDecimal or text");
        refused(() -> Body.json(Map.of(1, "a")), "JSON at $ has a member name that is not text");
        refused(
                () -> Body.json(new StringBuilder("a")),
                "JSON at $ is a StringBuilder; give text, BigDecimal, long, boolean, a List or a Map");
    }

    @Test
    void json_deeperThanTheBound_isRefused() {
        Object tree = "leaf";
        for (int i = 0; i < 70; i++) {
            tree = List.of(tree);
        }
        Object deep = tree;
        assertThatThrownBy(() -> Body.json(deep))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageEndingWith(" is nested deeper than 64 levels");
    }

    @Test
    void json_callersTreeChangedAfterwards_isNotSeen() {
        List<Object> ids = new ArrayList<>(Arrays.asList("1", null));
        Map<String, Object> tree = new LinkedHashMap<>(Map.of("ids", ids));
        Body.Json body = (Body.Json) Body.json(tree);
        ids.add("2");
        tree.put("more", "3");

        assertThat(body.value()).isEqualTo(Map.of("ids", Arrays.asList("1", null)));
    }

    @Test
    void json_memberSetTwice_keepsItsPlaceWithTheNewValue() {
        ApiRequest request = ApiRequest.post("/x").json("a", 1).json("b", 2).json("a", 3);

        assertThat(((Map<?, ?>) ((Body.Json) request.body()).value()).toString())
                .isEqualTo("{a=3, b=2}");
    }

    @Test
    void amounts_inExponentForm_goOutAsPlainDecimals() {
        ApiRequest request =
                ApiRequest.get("/x").query("q", new BigDecimal("1E+3")).query("p", new BigDecimal("1E-8"));

        assertThat(request.query()).containsExactly(new Field("q", "1000"), new Field("p", "0.00000001"));
    }

    @Test
    void everyMethod_leavesTheRequestItWasCalledOnUnchanged() {
        ApiRequest first = ApiRequest.get("/x").query("a", "1");
        first.query("b", "2")
                .header("H", "v")
                .attribute("k", "v")
                .clientOrderId("id")
                .access(Access.PUBLIC);

        assertThat(first.query()).containsExactly(new Field("a", "1"));
        assertThat(first.headers()).isEmpty();
        assertThat(first.attributes()).isEmpty();
        assertThat(first.clientOrderId()).isEmpty();
        assertThat(first.access()).isEmpty();
    }

    @Test
    void baseUri_andTimeLimit_areChecked() {
        refused(
                () -> ApiRequest.get("/x").baseUri(URI.create("https://h/?a=1")),
                "base URI 'https://h/?a=1' must be an absolute http(s) address with a host and without user, query and fragment");
        refused(() -> ApiRequest.get("/x").timeLimit(Duration.ZERO), "time limit must be positive, was PT0S");
    }

    @Test
    void toString_holdsNoFieldValue() {
        assertThat(ApiRequest.post("/x")
                        .query("address", "bc1q")
                        .form("amount", "5")
                        .toString())
                .isEqualTo("POST /x");
    }

    @Test
    void credential_keyIdThatCannotBeSent_isRefused() {
        refused(
                () -> Credential.keyId("abc\n"),
                "key id holds a character at position 4 that cannot be sent (U+000a); a line break at the end is the usual cause");
        refused(() -> Credential.keyId(" "), "key id is empty; give it as the venue shows it");
        refused(() -> Credential.keyId("abc "), "key id is surrounded by blanks; give it as the venue shows it");
    }

    @Test
    void explanation_controlCharactersAndBinary_areShownEscaped() {
        assertThat(Explanation.show("a\nb\u001b[2J\u202e".getBytes(java.nio.charset.StandardCharsets.UTF_8)))
                .isEqualTo("a\\nb\\u001b[2J\\u202e");
        assertThat(Explanation.show(new byte[] {(byte) 0xff, 0})).isEqualTo("0xff00");
    }

    @Test
    void customScheme_explained_tellsItsPreHash() {
        SigningScheme odd = (request, credential, moment) -> {
            byte[] text = "text".getBytes(java.nio.charset.StandardCharsets.UTF_8);
            return SignedRequest.owning("GET", "/x?sig=1", null, List.of(), null, text, text.length, "1");
        };
        Explanation explanation =
                odd.explain(ApiRequest.get("/x"), Credential.keyId("k"), Moment.at(java.time.Instant.EPOCH));

        assertThat(explanation.preHash()).isEqualTo("text");
        assertThat(explanation.asMap()).containsEntry("request", "GET /x?...");
        assertThat(new HashMap<>(explanation.asMap()).keySet())
                .containsExactlyInAnyOrder("scheme", "algorithm", "request", "steps", "preHash");
    }
}
