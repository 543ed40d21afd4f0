package io.intaglio.signing.scheme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.Body;
import io.intaglio.signing.Credential;
import io.intaglio.signing.Moment;
import io.intaglio.signing.SignedRequest;
import io.intaglio.signing.SigningException;
import io.intaglio.signing.key.Hash;
import io.intaglio.signing.key.KeyKind;
import io.intaglio.signing.key.SecretForm;
import io.intaglio.signing.key.SigningKey;
import io.intaglio.signing.secret.Secret;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What each part writes for one request, placed in a header. Hashes are those of FIPS 180-4's example "abc", encodings those of RFC 4648; the rest
 * is what the part's documentation says.
 */
class PartsTest {
    private static final Moment MOMENT = Moment.of(Instant.parse("2024-04-05T19:34:38.901234567Z"), "n7");
    private static final Credential CREDENTIAL = Credential.hmac(
                    "key-7", Secret.of("secret".getBytes(StandardCharsets.US_ASCII)))
            .with("account", "a9")
            .with("passphrase", Secret.of("open sesame".getBytes(StandardCharsets.US_ASCII)));
    private static final String SHA_256_OF_ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    private static ApiRequest request() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("zone", Map.of("b", 2));
        json.put("list", Arrays.asList(1, "b", null));
        json.put("one", true);
        return ApiRequest.post("/v1/a%20b/last")
                .baseUri(URI.create("https://Api.Example.com:8443/base/"))
                .query("a", "1")
                .query("b", "x y")
                .header("X-Given", "given")
                .attribute("window", "30")
                .body(Body.json(json));
    }

    private static Scheme.Builder scheme() {
        return Scheme.named("parts")
                .preHash(Parts.literal("text"))
                .hmac(Hash.SHA256, SecretForm.UTF8)
                .allowAttributes("window");
    }

    private static String written(Part part, ApiRequest request, Credential credential) {
        return signed(part, request, credential).header("X-Part").orElseThrow();
    }

    private static SignedRequest signed(Part part, ApiRequest request, Credential credential) {
        return scheme().ed25519().attach(Places.header("X-Part"), part).build().sign(request, credential, MOMENT);
    }

    private static String hmac(String text) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec("secret".getBytes(StandardCharsets.US_ASCII), "HmacSHA256"));
        return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.US_ASCII)));
    }

    private static Stream<Arguments> parts() throws Exception {
        Predicate<ApiRequest> posts = When.method("POST");
        Predicate<ApiRequest> gets = When.method("GET");
        Part abc = Parts.literal("abc");
        Part bytes = (input, out) -> out.write(new byte[] {(byte) 0xfb, (byte) 0xff, 0x01, (byte) 0xfe});
        String json = "{\"zone\":{\"b\":2},\"list\":[1,\"b\",null],\"one\":true}";
        return Stream.of(
                Arguments.of(Parts.literal("lit"), "lit"),
                Arguments.of(Parts.method(), "POST"),
                Arguments.of(Parts.path(), "/v1/a%20b/last"),
                Arguments.of(Parts.fullPath(), "/base/v1/a%20b/last"),
                Arguments.of(Parts.path(path -> path + "!"), "/v1/a%20b/last!"),
                Arguments.of(Parts.decodedPath(), "/v1/a b/last"),
                Arguments.of(Parts.pathWithout("/v1"), "/a%20b/last"),
                Arguments.of(Parts.pathWithout("/v2"), "/v1/a%20b/last"),
                Arguments.of(Parts.lastPathSegment(), "last"),
                Arguments.of(Parts.pathAndQuery(), "/v1/a%20b/last?a=1&b=x%20y"),
                Arguments.of(Parts.url(), "https://Api.Example.com:8443/base/v1/a%20b/last?a=1&b=x%20y"),
                Arguments.of(Parts.urlWithoutQuery(), "https://Api.Example.com:8443/base/v1/a%20b/last"),
                Arguments.of(Parts.host(), "api.example.com:8443"),
                Arguments.of(Parts.query(), "a=1&b=x%20y"),
                Arguments.of(Parts.body(), json),
                Arguments.of(Parts.concat(Parts.query(), Parts.body()), "a=1&b=x%20y" + json),
                Arguments.of(Parts.queryFields().raw(), "a=1&b=x y"),
                Arguments.of(Parts.queryFields().headed("h", abc), "h=abc&a=1&b=x%20y"),
                Arguments.of(Parts.memberList("list"), "1bnull"),
                Arguments.of(Parts.memberList("one"), "true"),
                Arguments.of(Parts.memberList("none"), ""),
                Arguments.of(Parts.member("one"), "true"),
                Arguments.of(Parts.contentType(), "application/json"),
                Arguments.of(Parts.headerValue("x-given"), "given"),
                Arguments.of(Parts.attribute("window"), "30"),
                Arguments.of(Parts.attribute("other", "else"), "else"),
                Arguments.of(Parts.keyId(), "key-7"),
                Arguments.of(Parts.credential("account"), "a9"),
                Arguments.of(Parts.credential("passphrase"), "open sesame"),
                Arguments.of(Parts.credential("account", "else"), "a9"),
                Arguments.of(Parts.credential("other", "else"), "else"),
                Arguments.of(Parts.seconds(), "1712345678"),
                Arguments.of(Parts.secondsFromNow("other", 60), "1712345738"),
                Arguments.of(Parts.secondsFromNow("window", 60), "1712345708"),
                Arguments.of(Parts.decimalSeconds(), "1712345678.901"),
                Arguments.of(Parts.millis(), "1712345678901"),
                Arguments.of(Parts.millisFromNow(99), "1712345679000"),
                Arguments.of(Parts.micros(), "1712345678901234"),
                Arguments.of(Parts.nanos(), "1712345678901234567"),
                Arguments.of(Parts.isoMillis(), "2024-04-05T19:34:38.901Z"),
                Arguments.of(Parts.isoMicros(), "2024-04-05T19:34:38.901234Z"),
                Arguments.of(Parts.isoSeconds(), "2024-04-05T19:34:38"),
                Arguments.of(Parts.fixMillis(), "20240405-19:34:38.901"),
                Arguments.of(Parts.nonce(), "n7"),
                Arguments.of(Parts.nonce(abc), "n7"),
                Arguments.of(Parts.concat(abc, Parts.nonce(), abc), "abcn7abc"),
                Arguments.of(Parts.join("|", abc, Parts.literal(""), abc), "abc||abc"),
                Arguments.of(Parts.joinNonEmpty("|", Parts.literal(""), abc, Parts.literal(""), abc), "abc|abc"),
                Arguments.of(Parts.prefixed("?", abc), "?abc"),
                Arguments.of(Parts.prefixed("?", Parts.literal("")), ""),
                Arguments.of(Parts.when(posts, abc), "abc"),
                Arguments.of(Parts.when(gets, abc), ""),
                Arguments.of(Parts.when(gets, abc, Parts.keyId()), "key-7"),
                Arguments.of(Parts.whenKey(KeyKind.SECRET, abc, Parts.keyId()), "abc"),
                Arguments.of(Parts.whenKey(KeyKind.RSA, abc, Parts.keyId()), "key-7"),
                Arguments.of(Parts.hex(Parts.sha256(abc)), SHA_256_OF_ABC),
                Arguments.of(
                        Parts.hex(Parts.hash(Hash.SHA256, Parts.literal("a"), Parts.literal("bc"))), SHA_256_OF_ABC),
                Arguments.of(
                        Parts.hex(Parts.sha512(abc)),
                        "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
                                + "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"),
                Arguments.of(Parts.hexUpper(Parts.literal("\u00e9/")), "C3A92F"),
                Arguments.of(Parts.base64(Parts.literal("foob")), "Zm9vYg=="),
                Arguments.of(Parts.base64(Parts.literal("fooba")), "Zm9vYmE="),
                Arguments.of(Parts.base64(bytes), "+/8B/g=="),
                Arguments.of(Parts.base64Url(bytes), "-_8B_g"),
                Arguments.of(Parts.base64UrlPadded(bytes), "-_8B_g=="),
                Arguments.of(Parts.base32(Parts.literal("foob")), "mzxw6yq="),
                Arguments.of(Parts.base58(Parts.literal("Hello World!")), "2NEpo7TZRRrLZSi2U"),
                Arguments.of(Parts.percentEncoded(UrlEncoding.STRICT, Parts.literal("a b+\u00e9")), "a%20b%2B%C3%A9"),
                Arguments.of(Parts.hex(Parts.signature()), hmac("text")),
                Arguments.of(Parts.base64(Parts.hex(Parts.signature())), base64(hmac("text"))),
                Arguments.of(Parts.preHash(), "text"),
                Arguments.of(Parts.hex(Parts.signed(abc)), hmac("abc")),
                Arguments.of(Parts.jsonBody(), json),
                Arguments.of(Parts.sortedJsonBody(), "{\"list\":[1,\"b\",null],\"one\":true,\"zone\":{\"b\":2}}"),
                Arguments.of(Parts.sortedConcatenation(2), "list1bnullonetruezoneb2"),
                Arguments.of(
                        Parts.json(
                                Member.text("a", abc),
                                Member.text("q", "say \"x\""),
                                Member.value("n", Parts.seconds()),
                                Member.textList("l", Parts.keyId()),
                                Member.text("no", abc).when(gets),
                                Member.bodyMembers()),
                        "{\"a\":\"abc\",\"q\":\"say \\\"x\\\"\",\"n\":1712345678,\"l\":[\"key-7\"],"
                                + json.substring(1)),
                Arguments.of(
                        Parts.json(Member.sortedBodyMembers(), Member.text("a", abc)),
                        "{\"list\":[1,\"b\",null],\"one\":true,\"zone\":{\"b\":2},\"a\":\"abc\"}"),
                Arguments.of(Parts.json(Member.text("no", abc).when(gets)), "{}"),
                Arguments.of(
                        Parts.jwt(Parts.literal("{\"alg\":\"HS256\"}"), Parts.literal("{}")),
                        "eyJhbGciOiJIUzI1NiJ9.e30"),
                Arguments.of(
                        Parts.headerOf(
                                Scheme.named("second")
                                        .allowAttributes("window")
                                        .attach(Places.header("X-Second"), Parts.path())
                                        .build(),
                                "X-Second"),
                        "/v1/a%20b/last"));
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** In one test and not by a method source, which runs outside of what a mutation test sees. */
    @Test
    void parts_inAHeader_writeWhatTheySay() throws Exception {
        parts().forEach(arguments -> {
            Part part = (Part) arguments.get()[0];
            assertThat(part.label()).isNotEmpty();
            assertThat(written(part, request(), CREDENTIAL))
                    .as(part.label())
                    .isEqualTo(arguments.get()[1]);
            // shown step by step, the parts write the same
            Scheme scheme =
                    scheme().ed25519().attach(Places.header("X-Part"), part).build();
            assertThat(scheme.explain(request(), CREDENTIAL, MOMENT).steps()).isNotEmpty();
        });
    }

    @Test
    void lines_partsOfAPreHash_haveALineFeedBetweenThem() {
        SignedRequest signed = Scheme.named("lines")
                .allowAttributes("window")
                .preHash(Parts.lines(Parts.literal("a"), Parts.literal(""), Parts.literal("b")))
                .hmac(Hash.SHA256, SecretForm.UTF8)
                .attach(Places.header("X-Sign"), Parts.hex(Parts.signature()))
                .build()
                .sign(request(), CREDENTIAL, MOMENT);
        assertThat(new String(signed.preHash(), StandardCharsets.US_ASCII)).isEqualTo("a\n\nb");
    }

    @Test
    void publicKey_ofAnEd25519Key_isRawOrPem() {
        SigningKey key = SigningKey.generate(KeyKind.ED25519);
        Credential credential = Credential.of("key-7", key);
        PublicKey wanted = key.publicKey().orElseThrow();
        byte[] der = wanted.getEncoded();
        assertThat(written(Parts.hex(Parts.publicKey()), request(), credential))
                .isEqualTo(HexFormat.of().formatHex(der, der.length - 32, der.length));
        String pem = new String(
                Base64.getDecoder().decode(written(Parts.base64(Parts.publicKeyPem()), request(), credential)),
                StandardCharsets.US_ASCII);
        assertThat(pem)
                .isEqualTo("-----BEGIN PUBLIC KEY-----\n" + Base64.getEncoder().encodeToString(der)
                        + "\n-----END PUBLIC KEY-----\n");
    }

    @ParameterizedTest
    @MethodSource("fractions")
    void decimalSeconds_zerosAtTheEnd_areLeftOutButTheFirst(String time, String wanted) {
        Scheme scheme =
                scheme().attach(Places.header("X-Part"), Parts.decimalSeconds()).build();
        assertThat(scheme.sign(request(), CREDENTIAL, Moment.at(Instant.parse(time)))
                        .header("X-Part"))
                .hasValue(wanted);
    }

    static List<Arguments> fractions() {
        return List.of(
                Arguments.of("2024-04-05T19:34:38Z", "1712345678.0"),
                Arguments.of("2024-04-05T19:34:38.100Z", "1712345678.1"),
                Arguments.of("2024-04-05T19:34:38.120Z", "1712345678.12"),
                Arguments.of("2024-04-05T19:34:38.012Z", "1712345678.012"),
                Arguments.of("2024-04-05T19:34:38.010Z", "1712345678.01"));
    }

    @Test
    void part_thatHasNothingToWrite_refusesToSign() {
        for (Part part : List.of(
                Parts.member("none"),
                Parts.headerValue("X-None"),
                Parts.attribute("none"),
                Parts.credential("none"),
                Parts.publicKeyPem())) {
            assertThatThrownBy(() -> written(part, request(), CREDENTIAL)).isInstanceOf(SigningException.class);
        }
        Scheme scheme = scheme().attach(Places.header("X-Part"), Parts.nonce()).build();
        assertThatThrownBy(() -> scheme.sign(request(), CREDENTIAL, Moment.at(Instant.EPOCH)))
                .isInstanceOf(SigningException.class)
                .hasMessageContaining("parts needs a nonce");
        assertThat(Scheme.named("else")
                        .attach(Places.header("X-Part"), Parts.nonce(Parts.literal("own")))
                        .allowAttributes("window")
                        .build()
                        .sign(request(), CREDENTIAL, Moment.at(Instant.EPOCH))
                        .header("X-Part"))
                .hasValue("own");
    }

    @Test
    void place_eachKind_takesTheValueThere() {
        ApiRequest plain = ApiRequest.post("/x").baseUri(URI.create("https://example.com"));
        Part value = Parts.literal("v1");
        assertThat(placed(Places.param("p"), value, plain).target()).isEqualTo("/x?p=v1");
        assertThat(placed(Places.parameter("p"), value, plain).target()).isEqualTo("/x?p=v1");
        assertThat(placed(Places.parameter("p"), value, plain.form("a", "b")).bodyText())
                .isEqualTo("a=b&p=v1");
        assertThat(placed(Places.parameter("p").first(), value, plain.form("a", "b"))
                        .bodyText())
                .isEqualTo("p=v1&a=b");
        assertThat(placed(Places.formField("p"), value, plain).bodyText()).isEqualTo("p=v1");
        assertThat(placed(Places.parameter("p"), value, plain.json("a", 1)).bodyText())
                .isEqualTo("{\"a\":1,\"p\":\"v1\"}");
        assertThat(placed(Places.jsonField("p").first(), value, plain.json("a", 1))
                        .bodyText())
                .isEqualTo("{\"p\":\"v1\",\"a\":1}");
        assertThat(placed(Places.jsonField("p").asNumber(), Parts.seconds(), plain.json("a", 1))
                        .bodyText())
                .isEqualTo("{\"a\":1,\"p\":1712345678}");
        SignedRequest text = placed(Places.body("text/plain"), value, plain.json("a", 1));
        assertThat(text.bodyText()).isEqualTo("v1");
        assertThat(text.header("Content-Type")).hasValue("text/plain");
    }

    private static SignedRequest placed(Place place, Part part, ApiRequest request) {
        return Scheme.named("places").attach(place, part).build().sign(request, CREDENTIAL, MOMENT);
    }

    @Test
    void when_eachCondition_looksAtWhatItSays() {
        ApiRequest get = ApiRequest.get("/v1/orders/open");
        ApiRequest empty = ApiRequest.post("/v2/orders");
        assertThat(When.always()).accepts(get, empty);
        assertThat(When.method("POST", "PUT")).accepts(empty).rejects(get);
        assertThat(When.pathStarts("/v1/", "/v2/x", "/v3/")).accepts(get).rejects(empty, ApiRequest.get("/v"));
        assertThat(When.pathStarts("/v1/", "/v1/orders")).accepts(get).rejects(empty);
        assertThat(When.pathEnds("/open", "/x")).accepts(get).rejects(empty);
        assertThat(When.attribute("a")).accepts(get.attribute("a", "1")).rejects(get, get.attribute("b", "1"));
        assertThat(When.query()).accepts(get.query("a", "1")).rejects(get);
        assertThat(When.form()).accepts(empty.form("a", "1")).rejects(empty, empty.json("a", 1));
        assertThat(When.json()).accepts(empty.json("a", 1)).rejects(empty, empty.form("a", "1"));
        assertThat(When.jsonArray())
                .accepts(empty.body(Body.json(List.of(1))))
                .rejects(empty, empty.json("a", 1), empty.form("a", "1"));
        assertThat(When.body())
                .accepts(
                        empty.form("a", "1"),
                        empty.json("a", 1),
                        empty.body(Body.json(List.of())),
                        empty.body(Body.text("x", "text/plain")))
                .rejects(
                        get,
                        empty,
                        empty.body(Body.form(List.of())),
                        empty.body(Body.json(Map.of())),
                        empty.body(Body.text("", "text/plain")));
    }
}
