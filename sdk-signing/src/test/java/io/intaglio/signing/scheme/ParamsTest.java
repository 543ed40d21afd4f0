package io.intaglio.signing.scheme;

import static org.assertj.core.api.Assertions.assertThat;

import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.Body;
import io.intaglio.signing.Credential;
import io.intaglio.signing.Moment;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Fields of query and body as they are signed, in each of the forms that the documentation of {@link Params} shows. */
class ParamsTest {
    private static String written(Params fields, ApiRequest request) {
        return Scheme.named("test")
                .attach(Places.header("X-Part"), fields)
                .build()
                .sign(request, Credential.keyId("k"), Moment.at(Instant.EPOCH))
                .header("X-Part")
                .orElseThrow();
    }

    private static ApiRequest form() {
        return ApiRequest.post("/x")
                .query("q", "1")
                .form("b", "x y")
                .form("a", "2")
                .form("b", "1");
    }

    private static ApiRequest json() {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("l", Arrays.asList(1, "b c", null));
        members.put("o", Map.of("k", List.of(1)));
        members.put("t", "x");
        members.put("n", new java.math.BigDecimal("1.5"));
        return ApiRequest.post("/x").body(Body.json(members));
    }

    @Test
    void sources_areQueryThenBody() {
        assertThat(written(Parts.queryFields(), form())).isEqualTo("q=1");
        assertThat(written(Parts.bodyFields(), form())).isEqualTo("b=x%20y&a=2&b=1");
        assertThat(written(Parts.allFields(), form())).isEqualTo("q=1&b=x%20y&a=2&b=1");
        assertThat(written(Parts.allFields(), ApiRequest.get("/x"))).isEmpty();
    }

    @Test
    void sorted_fieldsOfOneName_keepTheirOrder() {
        assertThat(written(Parts.allFields().sorted(), form())).isEqualTo("a=2&b=x%20y&b=1&q=1");
        assertThat(written(
                        Parts.allFields()
                                .sorted()
                                .with("aa", Parts.literal("é"))
                                .without("b"),
                        form()))
                .isEqualTo("a=2&aa=%C3%A9&q=1");
    }

    @Test
    void with_andWithout_addAndLeaveOut() {
        Params fields = Parts.bodyFields().with("z", Parts.literal("9")).with("y", Parts.literal("8"));
        assertThat(written(fields, form())).isEqualTo("b=x%20y&a=2&b=1&z=9&y=8");
        assertThat(written(fields.without("b").without("z"), form())).isEqualTo("a=2&y=8");
    }

    @Test
    void separated_andRaw_writePlainText() {
        assertThat(written(Parts.bodyFields().raw().separated("|", ":"), form()))
                .isEqualTo("b:x y|a:2|b:1");
        assertThat(written(Parts.bodyFields().raw().separated("", ""), form())).isEqualTo("bx ya2b1");
    }

    @Test
    void lists_inEachForm() {
        Params raw = Parts.bodyFields().raw();
        String rest = "&o={\"k\":[1]}&t=x&n=1.5";
        assertThat(written(raw, json())).isEqualTo("l=1&l=b c&l=null" + rest);
        assertThat(written(raw.lists(Params.Lists.BRACKETS), json())).isEqualTo("l[]=1&l[]=b c&l[]=null" + rest);
        assertThat(written(raw.lists(Params.Lists.COMMA), json())).isEqualTo("l=1,b c,null" + rest);
        assertThat(written(raw.lists(Params.Lists.JSON), json())).isEqualTo("l=[1,\"b c\",null]" + rest);
    }

    @Test
    void headed_batch_isARunForEachElement() {
        ApiRequest batch = ApiRequest.post("/x").body(Body.json(List.of(Map.of("a", 1), Map.of("b", 2))));
        Params headed = Parts.bodyFields().headed("h", Parts.literal("0"));
        assertThat(written(headed, batch)).isEqualTo("h=0&a=1&h=0&b=2");
        assertThat(written(Parts.bodyFields(), batch)).isEmpty();
        assertThat(written(headed.sorted(), form())).isEqualTo("h=0&a=2&b=x%20y&b=1");
    }

    @Test
    void label_tellsOrderAndEncoding() {
        assertThat(Parts.queryFields().label()).isEqualTo("fields");
        assertThat(Parts.queryFields().sorted().label()).isEqualTo("sorted fields");
        assertThat(Parts.queryFields().sorted().raw().label()).isEqualTo("sorted fields, plain");
    }
}
