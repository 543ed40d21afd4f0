package io.intaglio.signing.standard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.intaglio.signing.Access;
import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.Credential;
import io.intaglio.signing.Field;
import io.intaglio.signing.Moment;
import io.intaglio.signing.SharedVectors;
import io.intaglio.signing.SharedVectors.Node;
import io.intaglio.signing.SignedRequest;
import io.intaglio.signing.SigningException;
import io.intaglio.signing.internal.Codecs;
import io.intaglio.signing.key.Hash;
import io.intaglio.signing.secret.Secret;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AwsSigV4Test {
    private static final Moment MOMENT = Moment.at(Instant.parse("2015-08-30T12:36:00Z"));
    private static final URI ORIGIN = URI.create("https://example.amazonaws.com");

    private static Credential key() {
        return Credential.hmac("AKIDEXAMPLE", secret("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"));
    }

    private static Secret secret(String text) {
        return Secret.of(text.getBytes(StandardCharsets.UTF_8));
    }

    /** AWS's own suite: canonical request, string to sign and signature, in the header and in the query. */
    @Test
    void suiteOfAws_allCases_areByteIdentical() {
        int checked = 0;
        for (Node test : SharedVectors.cases("aws-sigv4/v4.json")) {
            Node context = test.node("context");
            Node credentials = context.node("credentials");
            AwsSigV4 scheme = AwsSigV4.of(context.text("region"), context.text("service"));
            scheme = context.is("normalize") ? scheme : scheme.withPathAsItIs();
            scheme = context.is("sign_body") ? scheme.withContentHash() : scheme;
            scheme = context.is("omit_session_token") ? scheme.withTokenUnsigned() : scheme;
            Credential credential =
                    Credential.hmac(credentials.text("access_key_id"), secret(credentials.text("secret_access_key")));
            if (credentials.has("token")) {
                credential = credential.with("session-token", secret(credentials.text("token")));
            }
            Moment moment = Moment.at(Instant.parse(context.text("timestamp")));
            SignedRequest plain = parse(test.text("request"));
            SignedRequest header = scheme.sign(plain, credential, moment);
            check(test.text("id") + " header", test.node("header"), header);
            assertThat(lines(header))
                    .as(test.text("id"))
                    .containsExactlyInAnyOrderElementsOf(
                            headerLines(test.node("header").text("signed_request")));
            Duration validity = Duration.ofSeconds(context.number("expiration_in_seconds"));
            SignedRequest query = scheme.presign(plain, credential, moment, validity);
            check(test.text("id") + " query", test.node("query"), query);
            assertThat(query.target())
                    .as(test.text("id"))
                    .isEqualTo(target(test.node("query").text("signed_request")));
            checked++;
        }
        assertThat(checked).isGreaterThan(20);
    }

    private static void check(String name, Node expected, SignedRequest signed) {
        byte[] canonical = expected.text("canonical_request").getBytes(StandardCharsets.UTF_8);
        String text = new String(signed.preHash(), StandardCharsets.UTF_8);
        assertThat(text).as(name).isEqualTo(expected.text("string_to_sign"));
        assertThat(text).as(name).endsWith(Codecs.hex(Hash.SHA256.digest(canonical, 0, canonical.length)));
        assertThat(signed.signature()).as(name).contains(expected.text("signature"));
    }

    private static List<String> lines(SignedRequest signed) {
        return signed.headers().stream()
                .map(field -> field.name() + ":" + field.value())
                .toList();
    }

    private static List<String> headerLines(String request) {
        return request.lines()
                .skip(1)
                .takeWhile(line -> !line.isEmpty())
                .map(line -> line.replaceFirst(":\\s*", ":"))
                .toList();
    }

    private static String target(String request) {
        String first = request.lines().findFirst().orElseThrow();
        return first.substring(first.indexOf(' ') + 1, first.lastIndexOf(' '));
    }

    private static SignedRequest parse(String request) {
        int blank = request.indexOf("\n\n");
        String head = blank < 0 ? request : request.substring(0, blank);
        String body = blank < 0 ? "" : request.substring(blank + 2);
        List<Field> headers = new ArrayList<>();
        for (String line : head.lines().skip(1).toList()) {
            if (line.startsWith(" ")) {
                Field folded = headers.remove(headers.size() - 1);
                headers.add(new Field(folded.name(), folded.value() + "\n" + line));
            } else {
                int colon = line.indexOf(':');
                headers.add(new Field(
                        line.substring(0, colon), line.substring(colon + 1).strip()));
            }
        }
        return SignedRequest.owning(
                head.substring(0, head.indexOf(' ')),
                target(head),
                ORIGIN,
                headers,
                body.isEmpty() ? null : body.getBytes(StandardCharsets.UTF_8),
                null,
                0,
                null);
    }

    /** AWS's suite, case get-vanilla. */
    @Test
    void sign_vanillaExample_isByteIdentical() {
        SignedRequest signed =
                AwsSigV4.of("us-east-1", "service").sign(ApiRequest.get("/").baseUri(ORIGIN), key(), MOMENT);
        assertThat(signed.headers())
                .containsExactly(
                        new Field("X-Amz-Date", "20150830T123600Z"),
                        new Field(
                                "Authorization",
                                "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
                                        + "SignedHeaders=host;x-amz-date, "
                                        + "Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"));
    }

    @Test
    void canonical_pathsAndQueries_followTheRules() {
        AwsSigV4 scheme = AwsSigV4.of("us-east-1", "service");
        assertThat(scheme.canonical("GET", "/a%20b//c/./../d?z=%2f&a=2&a=1&b", List.of(), "")
                        .request())
                .startsWith("GET\n/a%2520b/d\na=1&a=2&b=&z=%2F\n");
        assertThat(AwsSigV4.s3("us-east-1")
                        .canonical("GET", "/a%20b//c", List.of(new Field("X", "  a \t b ")), "")
                        .request())
                .isEqualTo("GET\n/a%20b//c\n\nx:a b\n\nx\n");
    }

    @Test
    void sign_whatCannotBeSigned_saysWhy() {
        AwsSigV4 scheme = AwsSigV4.of("us-east-1", "service");
        ApiRequest request = ApiRequest.get("/");
        assertThatThrownBy(() -> scheme.sign(request, key(), MOMENT))
                .isInstanceOf(SigningException.class)
                .hasMessageContaining("baseUri(...)");
        ApiRequest complete = request.baseUri(ORIGIN);
        assertThatThrownBy(() -> scheme.sign(complete, Credential.keyId("AKIDEXAMPLE"), MOMENT))
                .isInstanceOf(SigningException.class)
                .hasMessageContaining("no secret access key");
        assertThatThrownBy(() -> scheme.sign(complete.header("X-Amz-Date", "now"), key(), MOMENT))
                .isInstanceOf(SigningException.class)
                .hasMessageContaining("remove it");
        assertThatThrownBy(() -> scheme.sign(complete.access(Access.KEY_ONLY), key(), MOMENT))
                .isInstanceOf(SigningException.class);
        assertThatIllegalArgumentException().isThrownBy(() -> AwsSigV4.of("us east", "service"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> scheme.presign(complete, key(), MOMENT, Duration.ofDays(8)));
        assertThat(scheme.sign(complete.access(Access.PUBLIC), key(), MOMENT).isSigned())
                .isFalse();
    }
}
