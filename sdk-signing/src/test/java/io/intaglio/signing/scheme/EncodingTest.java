package io.intaglio.signing.scheme;

import static io.intaglio.signing.scheme.Parts.allFields;
import static io.intaglio.signing.scheme.Parts.base32;
import static io.intaglio.signing.scheme.Parts.base58;
import static io.intaglio.signing.scheme.Parts.bodyFields;
import static io.intaglio.signing.scheme.Parts.concat;
import static io.intaglio.signing.scheme.Parts.decodedPath;
import static io.intaglio.signing.scheme.Parts.fixMillis;
import static io.intaglio.signing.scheme.Parts.isoMicros;
import static io.intaglio.signing.scheme.Parts.isoMillis;
import static io.intaglio.signing.scheme.Parts.isoSeconds;
import static io.intaglio.signing.scheme.Parts.join;
import static io.intaglio.signing.scheme.Parts.joinNonEmpty;
import static io.intaglio.signing.scheme.Parts.literal;
import static io.intaglio.signing.scheme.Parts.micros;
import static io.intaglio.signing.scheme.Parts.nanos;
import static io.intaglio.signing.scheme.Parts.prefixed;
import static io.intaglio.signing.scheme.Parts.query;
import static io.intaglio.signing.scheme.Parts.queryFields;
import static io.intaglio.signing.scheme.Parts.sortedConcatenation;
import static io.intaglio.signing.scheme.Parts.url;
import static org.assertj.core.api.Assertions.assertThat;

import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.Body;
import io.intaglio.signing.Credential;
import io.intaglio.signing.Field;
import io.intaglio.signing.Moment;
import io.intaglio.signing.SignedRequest;
import io.intaglio.signing.key.Hash;
import io.intaglio.signing.key.SecretForm;
import io.intaglio.signing.secret.Secret;
import java.math.BigDecimal;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** What parts write and what is sent, by the JDK's and Jackson's own codecs where there are such. */
class EncodingTest {
    private static final byte[] SECRET = "test secret".getBytes(StandardCharsets.UTF_8);
    private static final Credential KEY = Credential.hmac("desk-seven-key", Secret.of(SECRET));
    private static final Moment NOW = Moment.of(Instant.parse("2024-04-05T19:34:38.901234567Z"), "n1");
    private static final ApiRequest FIELDS =
            ApiRequest.get("/x").query("b", "2 é").query("a", "+&/").query("b", "1");

    private static Scheme.Builder scheme(Part... parts) {
        return Scheme.named("test").preHash(parts).hmac(Hash.SHA256, SecretForm.UTF8);
    }

    private static String text(ApiRequest request, Part... parts) {
        return new String(scheme(parts).build().sign(request, KEY, NOW).preHash(), StandardCharsets.UTF_8);
    }

    private static String text(Part... parts) {
        return text(ApiRequest.get("/x"), parts);
    }

    @Test
    void times_oneMoment_areWrittenInEveryUnit() {
        assertThat(text(join(" ", micros(), nanos(), isoMillis(), isoMicros(), isoSeconds(), fixMillis())))
                .isEqualTo("1712345678901234 1712345678901234567 2024-04-05T19:34:38.901Z"
                        + " 2024-04-05T19:34:38.901234Z 2024-04-05T19:34:38 20240405-19:34:38.901");
    }

    @Test
    void combining_emptyParts_separatorsStandWhereTheyShould() {
        Part nothing = literal("");

        assertThat(text(join("|", literal("a"), nothing, literal("b")))).isEqualTo("a||b");
        assertThat(text(literal(">"), joinNonEmpty("|", nothing, literal("a"), nothing, literal("b"))))
                .isEqualTo(">a|b");
        assertThat(text(literal(">"), joinNonEmpty("|", nothing, nothing))).isEqualTo(">");
        assertThat(text(literal(">"), prefixed("?", nothing))).isEqualTo(">");
    }

    @Test
    void encodings_publishedExamples_match() {
        // RFC 4648 section 10 in lower case; base58 from the Bitcoin test data
        assertThat(text(base32(literal("foobar")))).isEqualTo("mzxw6ytboi======");
        assertThat(text(base58(literal("Hello World!")))).isEqualTo("2NEpo7TZRRrLZSi2U");
    }

    @Test
    void params_everyForm_isWrittenFromTheSameFields() {
        assertThat(text(FIELDS, query())).isEqualTo("b=2%20%C3%A9&a=%2B%26%2F&b=1");
        assertThat(text(FIELDS, queryFields().raw())).isEqualTo("b=2 é&a=+&/&b=1");
        assertThat(text(FIELDS, queryFields().sorted())).isEqualTo("a=%2B%26%2F&b=2%20%C3%A9&b=1");
        assertThat(text(FIELDS, queryFields().raw().separated(";", ":"))).isEqualTo("b:2 é;a:+&/;b:1");
        assertThat(text(FIELDS, queryFields().without("b").with("t", literal("9"))))
                .isEqualTo("a=%2B%26%2F&t=9");
        assertThat(text(FIELDS, queryFields().encoded(UrlEncoding.FORM))).isEqualTo("b=2+%C3%A9&a=%2B%26%2F&b=1");
    }

    @Test
    void params_jsonBody_isWrittenAsFields() {
        ApiRequest request = ApiRequest.post("/x")
                .query("q", "1")
                .json("ids", List.of("a", 2))
                .json("n", new BigDecimal("1E+2"))
                .json("o", Map.of("k", true))
                .json("z", null);

        assertThat(text(request, allFields().raw())).isEqualTo("q=1&ids=a&ids=2&n=100&o={\"k\":true}&z=null");
        assertThat(text(request, bodyFields().raw().lists(Params.Lists.BRACKETS)))
                .startsWith("ids[]=a&ids[]=2&n");
        assertThat(text(request, bodyFields().raw().lists(Params.Lists.COMMA))).startsWith("ids=a,2&n");
        assertThat(text(request, bodyFields().raw().lists(Params.Lists.JSON))).startsWith("ids=[\"a\",2]&n");
    }

    @Test
    void urlEncoding_exceptions_stayPlain() {
        ApiRequest request = ApiRequest.get("/x").query("close[x]", "a:b,c").query("t", "a%20b");

        assertThat(text(
                        request,
                        queryFields()
                                .encoded(UrlEncoding.STRICT.withPlainNames().keeping(":"))))
                .isEqualTo("close[x]=a:b%2Cc&t=a%2520b");
        assertThat(text(request, queryFields().encoded(UrlEncoding.LEGAL))).isEqualTo("close%5Bx%5D=a:b,c&t=a%20b");
    }

    @Test
    void addresses_withPrefixAndEscapes_areWrittenAsSentOrDecoded() {
        ApiRequest request = ApiRequest.get("/a%20b")
                .baseUri(URI.create("https://Host:8443/v1/"))
                .query("q", "1");
        SignedRequest signed = scheme(concat(url(), literal("|"), decodedPath(), literal("|"), Parts.host()))
                .build()
                .sign(request, KEY, NOW);

        assertThat(signed.url()).isEqualTo("https://Host:8443/v1/a%20b?q=1");
        assertThat(new String(signed.preHash(), StandardCharsets.UTF_8))
                .isEqualTo("https://Host:8443/v1/a%20b?q=1|/a b|host:8443");
    }

    @Test
    void sortedConcatenation_nested_isTakenApartToItsDepth() {
        ApiRequest request = ApiRequest.post("/x")
                .json("b", List.of(Map.of("y", 1, "x", "2")))
                .json("a", null);

        assertThat(text(request, sortedConcatenation(3))).isEqualTo("anullbx2y1");
    }

    @Test
    void places_firstLastAndSorted_areSentInThatOrder() {
        Scheme sorted = scheme(query())
                .sortParameters()
                .stamp(Places.param("m"), literal("2"))
                .attach(Places.param("a").last(), Parts.hex(Parts.signature()))
                .build();

        assertThat(sorted.sign(ApiRequest.get("/x").query("z", "3").query("b", "1"), KEY, NOW)
                        .target())
                .startsWith("/x?b=1&m=2&z=3&a=");

        Scheme first = scheme(query())
                .stamp(Places.param("k").first(), literal("1"))
                .stamp(Places.param("t").first(), literal("2"))
                .stamp(Places.param("e"), literal("4"))
                .build();

        assertThat(first.sign(ApiRequest.get("/x").query("z", "3"), KEY, NOW).target())
                .isEqualTo("/x?k=1&t=2&z=3&e=4");
    }

    @Test
    void parameterPlace_request_goesWhereTheOthersAre() {
        Place id = Places.parameter("id");

        assertThat(id.put(ApiRequest.get("/x"), "1").query()).containsExactly(new Field("id", "1"));
        assertThat(((Body.Form) id.put(ApiRequest.post("/x").form("a", "b"), "1")
                                .body())
                        .fields())
                .containsExactly(new Field("a", "b"), new Field("id", "1"));
        assertThat(((Body.Json) id.put(ApiRequest.post("/x").json("a", "b"), "1")
                                .body())
                        .value())
                .isEqualTo(Map.of("a", "b", "id", "1"));
    }

    @Test
    void secondSignature_part_isTheKeysOwnOverThatText() throws GeneralSecurityException {
        SignedRequest signed = scheme(literal("first"))
                .attach(Places.header("X-Second"), Parts.hex(Parts.signed(literal("second"))))
                .build()
                .sign(ApiRequest.get("/x"), KEY, NOW);

        assertThat(signed.header("X-Second")).contains(hmac("second".getBytes(StandardCharsets.UTF_8)));
    }

    private static String hmac(byte[] text) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(SECRET, "HmacSHA256"));
        return HexFormat.of().formatHex(mac.doFinal(text));
    }

    /** Field sets with every kind of character, from a seed that the failure names. */
    private static List<Field> fields(SplittableRandom random) {
        String[] alphabet = {
            "a", "Z", "0", "-", "~", " ", "+", "&", "=", "%", "/", "?", "#", "é", "€", "😀", "\"", "\\", "\n", "\u0000",
            "*", "'"
        };
        List<Field> fields = new ArrayList<>();
        for (int i = random.nextInt(1, 9); i > 0; i--) {
            StringBuilder name = new StringBuilder("f" + i);
            StringBuilder value = new StringBuilder();
            for (int j = random.nextInt(12); j > 0; j--) {
                value.append(alphabet[random.nextInt(alphabet.length)]);
                if (j % 3 == 0) {
                    name.append(alphabet[random.nextInt(alphabet.length)]);
                }
            }
            fields.add(new Field(name.toString(), value.toString()));
        }
        return fields;
    }

    private static List<Field> decoded(String encoded) {
        List<Field> fields = new ArrayList<>();
        for (String pair : encoded.split("&")) {
            String[] both = pair.split("=", -1);
            assertThat(both).hasSize(2);
            fields.add(new Field(
                    URLDecoder.decode(both[0], StandardCharsets.UTF_8),
                    URLDecoder.decode(both[1], StandardCharsets.UTF_8)));
        }
        return fields;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 20240405})
    void sign_randomFields_whatIsSignedIsWhatIsSentAndWhatWasMeant(long seed) throws GeneralSecurityException {
        SplittableRandom random = new SplittableRandom(seed);
        Scheme scheme = scheme(query(), literal("\n"), Parts.body())
                .attach(Places.param("signature"), Parts.hex(Parts.signature()))
                .build();
        for (int round = 0; round < 500; round++) {
            List<Field> queryFields = fields(random);
            List<Field> formFields = fields(random);
            ApiRequest request = ApiRequest.post("/x").body(Body.form(formFields));
            for (Field field : queryFields) {
                request = request.query(field.name(), field.value());
            }
            SignedRequest signed = scheme.sign(request, KEY, NOW);

            String query = signed.target().substring("/x?".length());
            int end = query.lastIndexOf("&signature=");
            String sent = query.substring(0, end) + "\n" + signed.bodyText();
            assertThat(signed.preHash()).isEqualTo(sent.getBytes(StandardCharsets.UTF_8));
            assertThat(query.substring(end + 11)).isEqualTo(hmac(sent.getBytes(StandardCharsets.UTF_8)));
            assertThat(decoded(query.substring(0, end))).isEqualTo(queryFields);
            assertThat(decoded(signed.bodyText())).isEqualTo(formFields);
            assertThat(signed.target()).matches("[!-~]*");
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 20240405})
    void sign_randomJson_bodyIsSignedAsSentAndReadsBackAsMeant(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        JsonMapper mapper = JsonMapper.builder()
                .enable(tools.jackson.databind.DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                .build();
        Scheme scheme = scheme(Parts.body()).build();
        for (int round = 0; round < 500; round++) {
            Map<String, Object> members = new LinkedHashMap<>();
            for (Field field : fields(random)) {
                members.put(
                        field.name(),
                        switch (random.nextInt(4)) {
                            case 0 -> field.value();
                            case 1 -> new BigDecimal(random.nextLong(1_000_000_000L)).movePointLeft(5);
                            case 2 -> Arrays.asList(field.value(), null, true);
                            default -> Map.of(field.value(), List.of());
                        });
            }
            SignedRequest signed = scheme.sign(ApiRequest.post("/x").body(Body.json(members)), KEY, NOW);

            assertThat(signed.preHash()).isEqualTo(signed.body());
            assertThat(mapper.readValue(signed.body(), Object.class)).isEqualTo(members);
            assertThat(new ArrayList<>(((Map<?, ?>) mapper.readValue(signed.body(), Object.class)).keySet()))
                    .isEqualTo(new ArrayList<>(members.keySet()));
        }
    }
}
