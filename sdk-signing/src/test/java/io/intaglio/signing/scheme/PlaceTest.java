package io.intaglio.signing.scheme;

import static org.assertj.core.api.Assertions.assertThat;

import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.Body;
import io.intaglio.signing.Credential;
import io.intaglio.signing.Moment;
import io.intaglio.signing.SignedRequest;
import io.intaglio.signing.key.Hash;
import io.intaglio.signing.key.SecretForm;
import io.intaglio.signing.secret.Secret;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Where a place is in a request, for values of the caller (client order ids) and for those of a scheme. */
class PlaceTest {
    private static final ApiRequest PLAIN = ApiRequest.post("/x");
    private static final ApiRequest FORM = PLAIN.form("a", "1");
    private static final ApiRequest JSON = PLAIN.json("a", 1);

    @Test
    void put_eachKind_isReadBackFromThere() {
        List<Place> places = List.of(
                Places.header("X-Id"),
                Places.param("id"),
                Places.formField("id"),
                Places.jsonField("id"),
                Places.parameter("id"));
        for (Place place : places) {
            assertThat(place.valueIn(PLAIN)).as("%s", place).isEmpty();
            assertThat(place.valueIn(place.put(PLAIN, "7"))).as("%s", place).hasValue("7");
        }
        assertThat(Places.header("X-Id").put(PLAIN, "7").headers())
                .singleElement()
                .hasToString(ApiRequest.get("/y")
                        .header("X-Id", "7")
                        .headers()
                        .get(0)
                        .toString());
        assertThat(Places.param("id").put(PLAIN, "7").query()).hasSize(1);
        assertThat(Places.parameter("id").put(PLAIN, "7").query()).hasSize(1);
        assertThat(((Body.Form) Places.parameter("id").put(FORM, "7").body()).fields())
                .extracting(field -> field.name() + "=" + field.value())
                .containsExactly("a=1", "id=7");
        assertThat(((Body.Json) Places.parameter("id").put(JSON, "7").body()).value())
                .isEqualTo(Map.of("a", 1, "id", "7"));
        assertThat(((Body.Json) Places.jsonField("id").asNumber().put(JSON, "7").body()).value())
                .isEqualTo(Map.of("a", 1, "id", new BigDecimal("7")));
        Body raw = Places.body("text/plain").put(JSON, "7").body();
        assertThat(new String(((Body.Raw) raw).bytes(), StandardCharsets.UTF_8)).isEqualTo("7");
        assertThat(((Body.Raw) raw).contentType()).isEqualTo("text/plain");
        assertThat(Places.body("text/plain").valueIn(JSON)).isEmpty();
    }

    @Test
    void valueIn_nameInAnotherCase_isAHeadersAlone() {
        assertThat(Places.header("X-ID").valueIn(PLAIN.header("x-id", "7"))).hasValue("7");
        assertThat(Places.param("ID").valueIn(PLAIN.query("id", "7"))).isEmpty();
        assertThat(Places.formField("ID").valueIn(PLAIN.form("id", "7"))).isEmpty();
        assertThat(Places.parameter("a").valueIn(FORM)).hasValue("1");
        assertThat(Places.parameter("a").valueIn(JSON)).hasValue("1");
        assertThat(Places.jsonField("a").valueIn(PLAIN.body(Body.json(List.of(1)))))
                .isEmpty();
    }

    @Test
    void stamps_firstAndLast_standInTheOrderDeclared() {
        Scheme.Builder scheme = Scheme.named("test");
        for (String name : List.of("p", "q")) {
            scheme.attach(Places.parameter(name).first(), Parts.literal("0"));
        }
        scheme.attach(Places.parameter("n"), Parts.literal("1"))
                .attach(Places.parameter("l").last(), Parts.literal("2"));
        assertThat(sent(scheme, PLAIN.query("z", "9"))).isEqualTo("/x?p=0&q=0&z=9&n=1&l=2");
        assertThat(body(scheme, PLAIN.form("z", "9"))).isEqualTo("p=0&q=0&z=9&n=1&l=2");
        assertThat(body(scheme, PLAIN.json("z", 9).json("y", 8)))
                .isEqualTo("{\"p\":\"0\",\"q\":\"0\",\"z\":9,\"y\":8,\"n\":\"1\",\"l\":\"2\"}");
        scheme.sortParameters();
        assertThat(sent(scheme, PLAIN.query("z", "9").query("a", "8"))).isEqualTo("/x?a=8&n=1&p=0&q=0&z=9&l=2");
        assertThat(body(scheme, PLAIN.form("z", "9").form("a", "8"))).isEqualTo("a=8&n=1&p=0&q=0&z=9&l=2");
    }

    /** What was signed stays as it was, also where query or body are encoded once more for a field that comes after it. */
    @Test
    void attach_beforeWhatWasSigned_leavesThePreHashAsItWas() {
        Credential key = Credential.hmac("k", Secret.of(new byte[] {1, 2, 3}));
        for (boolean isSorted : List.of(true, false)) {
            for (Place place : List.of(Places.parameter("a").first(), Places.parameter("a"))) {
                Scheme.Builder scheme = Scheme.named("test")
                        .preHash(Parts.query(), Parts.body())
                        .hmac(Hash.SHA256, SecretForm.UTF8)
                        .attach(place, Parts.literal("0"));
                String wanted = isSorted || place.isFirst() ? "a=0&b=1" : "b=1&a=0";
                if (isSorted) {
                    scheme.sortParameters();
                }
                SignedRequest query = scheme.build().sign(PLAIN.query("b", "1"), key, Moment.at(Instant.EPOCH));
                assertThat(query.target()).isEqualTo("/x?" + wanted);
                assertThat(query.preHash()).asString(StandardCharsets.US_ASCII).isEqualTo("b=1");
                SignedRequest form = scheme.build().sign(PLAIN.form("b", "1"), key, Moment.at(Instant.EPOCH));
                assertThat(form.bodyText()).isEqualTo(wanted);
                assertThat(form.preHash()).asString(StandardCharsets.US_ASCII).isEqualTo("b=1");
            }
        }
    }

    private static String sent(Scheme.Builder scheme, ApiRequest request) {
        return scheme.build()
                .sign(request, Credential.keyId("k"), Moment.at(Instant.EPOCH))
                .target();
    }

    private static String body(Scheme.Builder scheme, ApiRequest request) {
        return scheme.build()
                .sign(request, Credential.keyId("k"), Moment.at(Instant.EPOCH))
                .bodyText();
    }

    @Test
    void toString_isAsAnExplanationWritesIt() {
        assertThat(List.of(
                        Places.header("API-Sign"),
                        Places.param("a"),
                        Places.formField("b"),
                        Places.jsonField("c"),
                        Places.parameter("d"),
                        Places.body("text/plain")))
                .extracting(Place::toString)
                .containsExactly(
                        "header API-Sign", "query field a", "form field b", "JSON member c", "parameter d", "body");
    }
}
