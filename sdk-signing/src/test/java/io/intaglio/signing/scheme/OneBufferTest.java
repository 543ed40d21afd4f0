package io.intaglio.signing.scheme;

import static io.intaglio.signing.scheme.Parts.base64;
import static io.intaglio.signing.scheme.Parts.body;
import static io.intaglio.signing.scheme.Parts.hex;
import static io.intaglio.signing.scheme.Parts.literal;
import static io.intaglio.signing.scheme.Parts.millis;
import static io.intaglio.signing.scheme.Parts.preHash;
import static io.intaglio.signing.scheme.Parts.query;
import static io.intaglio.signing.scheme.Parts.signature;
import static io.intaglio.signing.scheme.Places.formField;
import static io.intaglio.signing.scheme.Places.header;
import static io.intaglio.signing.scheme.Places.param;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.Body;
import io.intaglio.signing.Credential;
import io.intaglio.signing.Moment;
import io.intaglio.signing.SignedRequest;
import io.intaglio.signing.key.Hash;
import io.intaglio.signing.key.SecretForm;
import io.intaglio.signing.secret.Secret;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

/** The text that is signed may stand in the buffer of query or body, to which a scheme still adds: neither may spoil the other. */
class OneBufferTest {
    private static final byte[] SECRET = "a-made-up-secret".getBytes(UTF_8);
    private static final Credential CREDENTIAL = Credential.hmac("desk-key-000001", Secret.of(SECRET.clone()));
    private static final Moment MOMENT = Moment.at(Instant.ofEpochMilli(1_750_000_000_123L));
    private static final ApiRequest FORM =
            ApiRequest.post("/order").form("symbol", "BTC/USDT").form("note", "a b");
    private static final String ENCODED = "symbol=BTC%2FUSDT&note=a%20b";

    private static byte[] mac(String text) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(SECRET, "HmacSHA256"));
        return mac.doFinal(text.getBytes(UTF_8));
    }

    private static Scheme.Builder scheme() {
        return Scheme.named("test").hmac(Hash.SHA256, SecretForm.UTF8);
    }

    private static SignedRequest sign(Scheme scheme, ApiRequest request) {
        return scheme.sign(request, CREDENTIAL, MOMENT);
    }

    @Test
    void sign_fieldAddedBehindSignedBody_leavesPreHashAlone() throws Exception {
        Scheme scheme = scheme().preHash(query(), body())
                .attach(formField("signature"), base64(signature()))
                .build();
        SignedRequest signed = sign(scheme, FORM);
        String text = Base64.getEncoder().encodeToString(mac(ENCODED));
        assertThat(signed.preHash()).asString(UTF_8).isEqualTo(ENCODED);
        assertThat(signed.bodyText())
                .isEqualTo(ENCODED + "&signature="
                        + text.replace("+", "%2B").replace("/", "%2F").replace("=", "%3D"));
        assertThat(signed.signature()).hasValue(text);
    }

    @Test
    void sign_fieldAddedBeforeSignedBody_leavesPreHashAlone() throws Exception {
        Scheme scheme = scheme().preHash(query(), body())
                .attach(formField("signature").first(), hex(signature()))
                .attach(header("X-Text"), preHash())
                .build();
        SignedRequest signed = sign(scheme, FORM);
        String text = HexFormat.of().formatHex(mac(ENCODED));
        assertThat(signed.preHash()).asString(UTF_8).isEqualTo(ENCODED);
        assertThat(signed.header("X-Text")).hasValue(ENCODED);
        assertThat(signed.bodyText()).isEqualTo("signature=" + text + "&" + ENCODED);
    }

    @Test
    void sign_preHashPlacedInTheBodyItStandsIn_isWhatWasSigned() {
        Scheme scheme = scheme().preHash(body())
                .attach(formField("signature"), hex(signature()))
                .attach(formField("text"), preHash())
                .build();
        String body = sign(scheme, FORM).bodyText();
        assertThat(body)
                .startsWith(ENCODED + "&signature=")
                .endsWith("&text="
                        + ENCODED.replace("%", "%25").replace("&", "%26").replace("=", "%3D"));
    }

    @Test
    void sign_queryAndBody_areBothInThePreHash() {
        Scheme scheme = scheme().preHash(query(), body())
                .attach(param("signature"), hex(signature()))
                .build();
        SignedRequest signed = sign(scheme, FORM.query("a", "1"));
        assertThat(signed.preHash()).asString(UTF_8).isEqualTo("a=1" + ENCODED);
        assertThat(signed.bodyText()).isEqualTo(ENCODED);
        assertThat(signed.target()).startsWith("/order?a=1&signature=");
    }

    @Test
    void sign_bodyMuchShorterThanItsBuffer_isSentInItsOwnLength() throws Exception {
        Scheme scheme = scheme().preHash(millis(), body())
                .attach(header("X-Sign"), hex(signature()))
                .build();
        for (int length : new int[] {0, 1, 10, 40, 100, 1000}) {
            SignedRequest signed = sign(scheme, ApiRequest.post("/order").json("a", "x".repeat(length)));
            String wanted = "{\"a\":\"" + "x".repeat(length) + "\"}";
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            signed.writeBodyTo(out);
            assertThat(out.toString(UTF_8)).isEqualTo(wanted);
            assertThat(signed.body()).asString(UTF_8).isEqualTo(wanted);
            assertThat(signed.bodyText()).isEqualTo(wanted);
            assertThat(signed.bodyLength()).isEqualTo(wanted.length());
            assertThat(signed.preHash()).asString(UTF_8).isEqualTo("1750000000123" + wanted);
        }
    }

    @Test
    void sign_jsonWithEveryKindOfText_isEscapedAsEcmaScriptDoes() {
        Scheme scheme = scheme().preHash(body())
                .attach(header("X-Sign"), hex(signature()))
                .build();
        ApiRequest request = ApiRequest.post("/order")
                .json("plain", "a/b")
                .json("quote", "a\"b\\c")
                .json("lines", "\n\r\t\b\f\u0001")
                .json("wide", "\u00e9\u20ac\ud83d\ude00\u007f")
                .json("list", java.util.List.of(1, true, "x"))
                .json("amount", new java.math.BigDecimal("1E+3"))
                .json("none", null);
        assertThat(sign(scheme, request).bodyText())
                .isEqualTo(
                        "{\"plain\":\"a/b\",\"quote\":\"a\\\"b\\\\c\",\"lines\":\"\\n\\r\\t\\b\\f\\u0001\","
                                + "\"wide\":\"\u00e9\u20ac\ud83d\ude00\u007f\",\"list\":[1,true,\"x\"],\"amount\":1000,\"none\":null}");
    }

    @Test
    void sign_rawBody_isSentAndSignedAsGiven() {
        Scheme scheme = scheme().preHash(literal(""), body())
                .attach(header("X-Sign"), hex(signature()))
                .build();
        SignedRequest signed = sign(scheme, ApiRequest.post("/order").body(Body.text("{ }", "application/json")));
        assertThat(signed.bodyText()).isEqualTo("{ }");
        assertThat(signed.preHash()).asString(UTF_8).isEqualTo("{ }");
    }

    @Test
    void pathStarts_prefixesThatBeginAlike_matchesWhatStartsWithOneOfThem() {
        var starts = When.pathStarts("/api/v3/ping", "/api/v3/time", "/api/v3");
        assertThat(starts.test(ApiRequest.get("/api/v3/order"))).isTrue();
        assertThat(starts.test(ApiRequest.get("/api/v3"))).isTrue();
        assertThat(starts.test(ApiRequest.get("/api/v"))).isFalse();
        var longer = When.pathStarts("/api/v3/ping", "/api/v3/time");
        assertThat(longer.test(ApiRequest.get("/api/v3/time"))).isTrue();
        assertThat(longer.test(ApiRequest.get("/api/v3/tim"))).isFalse();
        assertThat(longer.test(ApiRequest.get("/api/v3/"))).isFalse();
        assertThat(longer.test(ApiRequest.get("/apo/v3/time"))).isFalse();
        assertThat(When.pathStarts().test(ApiRequest.get("/x"))).isFalse();
    }
}
