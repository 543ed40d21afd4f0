package io.intaglio.signing.verify;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.intaglio.signing.Access;
import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.Body;
import io.intaglio.signing.Credential;
import io.intaglio.signing.Field;
import io.intaglio.signing.Moment;
import io.intaglio.signing.ReceivedRequest;
import io.intaglio.signing.SignedRequest;
import io.intaglio.signing.SigningException;
import io.intaglio.signing.SigningScheme;
import io.intaglio.signing.key.Hash;
import io.intaglio.signing.key.SecretForm;
import io.intaglio.signing.scheme.Choice;
import io.intaglio.signing.scheme.Parts;
import io.intaglio.signing.scheme.Places;
import io.intaglio.signing.scheme.Scheme;
import io.intaglio.signing.secret.Secret;
import io.intaglio.signing.standard.VerificationException;
import io.intaglio.signing.vector.VectorCase;
import io.intaglio.signing.vector.Vectors;
import io.intaglio.signing.venue.Venue;
import io.intaglio.signing.venue.Venues;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Random requests for every scheme of every venue: paths, queries, forms, JSON and raw bodies, with Unicode and with the characters that encodings are
 * about. What is signed equals what is sent, by two checks that leave it no way out:
 *
 * <ul>
 *   <li>the signature can be made again from the bytes that are sent and the moment alone, so nothing that is not sent was signed;
 *   <li>no byte of path, query and body can be changed without breaking it, so nothing that is sent was not signed.
 * </ul>
 *
 * Seeded; {@code intaglio.slow} makes a hundred times as many.
 */
@Tag("long")
class GeneratedRequestsTest {
    private static final int COUNT = Boolean.getBoolean("intaglio.slow") ? 1_000 : 10;
    private static final int FORGERIES = 3;
    private static final Venue.Window ANY = Venue.Window.of(Duration.ofDays(1));
    private static final int[] LETTERS =
            "abcXYZ019-_.~ +&=/?:,;@!$'()*[]{}\"\\<>|^`#\u00e9\u00fc\u0416\u4e2d\u20ac\ud83d\ude00"
                    .codePoints()
                    .toArray();

    private static final String ATTRIBUTE =
            "signs an attribute of the call that is not sent, or is sent in another form";
    private static final String PAYLOAD = "sends a payload made of the body in its place";
    private static final String PLACE =
            "puts the signature before fields of its own, which stay when the signature is taken off";

    /**
     * Schemes that cannot be signed again from what is sent, with the reason; nothing else is let off. What they sign must change with every
     * value that the caller gives, which is the second check without the first.
     */
    private static final Map<String, String> NOT_FROM_WHAT_IS_SENT = Map.ofEntries(
            Map.entry("ascendex", ATTRIBUTE),
            Map.entry("backpack", ATTRIBUTE),
            Map.entry("bingx", PAYLOAD),
            Map.entry("bitmex", ATTRIBUTE),
            Map.entry("bitvavo", ATTRIBUTE),
            Map.entry("bullish", PAYLOAD),
            Map.entry("coinex", ATTRIBUTE),
            Map.entry("coinmate", PLACE),
            Map.entry("coinone", PAYLOAD),
            Map.entry("cryptocom", PAYLOAD),
            Map.entry("gemini", PAYLOAD),
            Map.entry("hollaex", ATTRIBUTE),
            Map.entry("independentreserve", PLACE),
            Map.entry("whitebit", PAYLOAD));

    /** Beyond {@link VerifierTest#UNSIGNED}: what the venues' rules leave unsigned, so that a change of it passes, as it would at the venue. */
    private static final Set<String> UNSIGNED_TOO = Set.of(
            // a JWT binds the key and what its claims name
            "bigone: GET query",
            "bigone: POST query",
            "bigone: body",
            "bigone: path",
            "bithumb: POST query",
            "bithumb: path",
            "coinbase: body",
            "coinbasecdp: GET query",
            "upbit: path",
            // a query beside a body, which the venue's rule does not know
            "bitbank: POST query",
            "bitfinex: POST query",
            "bitopro: POST query",
            "btse: POST query",
            "coinone: POST query",
            "coinspot: POST query",
            "cryptocom: POST query",
            "digitalprime: POST query",
            "digitalprime: PUT query",
            "exmo: POST query",
            "gemini: POST query",
            "independentreserve: POST query",
            "indodax: POST query",
            "kraken: POST query",
            "lbank: POST query",
            "mercado: POST query",
            "novadax: POST query",
            "oxfun: POST query",
            "p2b: POST query",
            "poloniex: DELETE query",
            "poloniex: POST query",
            "poloniex: PUT query",
            "talos: POST query",
            "talos: PUT query",
            "whitebit: POST query",
            "zebpay: POST query",
            "zonda: POST query",
            // the last part of the path is signed as the call's name
            "cex: POST query",
            "cex: path",
            "finerymarkets: path",
            // the venue signs who calls and when, not what
            "btcturk: GET query",
            "btcturk: POST query",
            "coinmate: POST query",
            "coinmate: body",
            // the venue's rule has the path, or a payload, and no query
            "bitopro: GET query",
            "btse: GET query",
            "gemini: GET query",
            "krakenprime: GET query",
            "zonda: GET query");

    /** A request of a venue's vectors, to be varied. */
    private record Template(Venue venue, VectorCase vector, Credential credential, String name) {
        SignedRequest sign(ApiRequest request) {
            return venue.scheme().sign(request, credential, vector.moment());
        }

        boolean verifies(ReceivedRequest request) {
            return GeneratedRequestsTest.verifies(venue.scheme(), request, credential, vector.moment());
        }
    }

    private static boolean verifies(
            SigningScheme scheme, ReceivedRequest request, Credential credential, Moment moment) {
        try {
            Verifier.of(scheme)
                    .momentFrom(received -> moment)
                    .verify(request, credential, moment.timestamp(), ANY, (key, nonce, until) -> true);
            return true;
        } catch (VerificationException e) {
            return false;
        }
    }

    /** One a venue, scheme, algorithm, method and kind of body. */
    private static List<Template> templates() {
        Map<String, Template> templates = new LinkedHashMap<>();
        for (VectorCase vector : Vectors.requests()) {
            Venue venue = Venues.named(vector.venue());
            Credential credential = vector.credential(venue);
            SigningScheme scheme = venue.scheme();
            boolean ofParts = scheme instanceof Scheme || scheme instanceof Choice;
            if (!ofParts || credential.key().isEmpty() || !vector.sign(venue).isSigned()) {
                continue;
            }
            var explanation = scheme.explain(vector.request(), credential, vector.moment());
            String name = venue.name() + ", " + explanation.scheme() + ", " + explanation.algorithm() + ", "
                    + vector.method() + ", "
                    + vector.request().body().getClass().getSimpleName();
            templates.putIfAbsent(name, new Template(venue, vector, credential, name));
        }
        return List.copyOf(templates.values());
    }

    @Test
    void sign_randomRequestsOfEveryScheme_whatIsSignedIsWhatIsSent() {
        Map<String, Integer> notFromWhatIsSent = new TreeMap<>();
        Set<String> unsigned = new TreeSet<>();
        Map<String, Integer> signedRequests = new TreeMap<>();
        Map<String, String> examples = new TreeMap<>();
        for (Template template : templates()) {
            SplittableRandom random = new SplittableRandom(template.name().hashCode());
            String venue = template.venue().name();
            for (int i = 0; i < COUNT; i++) {
                ApiRequest request = vary(template.vector().request(), random);
                SignedRequest signed;
                try {
                    signed = template.sign(request);
                } catch (SigningException | IllegalArgumentException e) {
                    continue;
                }
                signedRequests.merge(venue, 1, Integer::sum);
                ReceivedRequest received =
                        ReceivedRequest.of(signed, request.baseUri().orElseThrow());
                if (!template.verifies(received)) {
                    notFromWhatIsSent.merge(venue, 1, Integer::sum);
                    examples.putIfAbsent(venue, template.name() + ": " + signed.url() + " " + signed.bodyText());
                    for (int j = 0; j < FORGERIES; j++) {
                        changedByTheCaller(template, request, signed, random)
                                .ifPresent(part -> note(venue, part, request.method(), unsigned));
                    }
                    continue;
                }
                for (int j = 0; j < FORGERIES; j++) {
                    Forgery forgery = forge(received, random);
                    if (template.verifies(forgery.request())) {
                        note(venue, forgery.part(), request.method(), unsigned);
                    }
                }
            }
        }
        assertThat(unsigned).as("sent, but not signed").isEqualTo(new TreeSet<>(UNSIGNED_TOO));
        assertThat(notFromWhatIsSent.keySet())
                .as("signed from something that is not sent: %s, for example %s", notFromWhatIsSent, examples)
                .isEqualTo(new TreeSet<>(NOT_FROM_WHAT_IS_SENT.keySet()));
        assertThat(signedRequests)
                .allSatisfy((venue, count) -> assertThat(count)
                        .as("requests that %s did not refuse", venue)
                        .isGreaterThanOrEqualTo(COUNT / 2));
    }

    /** A query beside a body is no habit of most venues, so it is told apart from the query of a GET. */
    private static void note(String venue, String part, String method, Set<String> unsigned) {
        if (!VerifierTest.UNSIGNED.contains(venue + ": " + part)) {
            unsigned.add(venue + ": " + (part.equals("query") ? method + " " : "") + part);
        }
    }

    /** Changes one value that the caller gives, and tells where, if what is signed stays the same. */
    private static Optional<String> changedByTheCaller(
            Template template, ApiRequest request, SignedRequest signed, SplittableRandom random) {
        boolean query = !request.query().isEmpty()
                && (random.nextBoolean() || request.body() instanceof Body.None || request.body() instanceof Body.Raw);
        ApiRequest changed = query ? withChangedQuery(request, random) : request.body(changed(request.body(), random));
        String part = query ? "query" : "body";
        boolean same = changed.body().equals(request.body()) && !query;
        return !same && Arrays.equals(template.sign(changed).preHash(), signed.preHash())
                ? Optional.of(part)
                : Optional.empty();
    }

    private static ApiRequest withChangedQuery(ApiRequest from, SplittableRandom random) {
        int changed = random.nextInt(from.query().size());
        ApiRequest request = ApiRequest.of(from.method(), from.path())
                .baseUri(from.baseUri().orElseThrow())
                .access(Access.SIGNED);
        for (Map.Entry<String, String> attribute : from.attributes().entrySet()) {
            request = request.attribute(attribute.getKey(), attribute.getValue());
        }
        for (Field header : from.headers()) {
            request = request.header(header.name(), header.value());
        }
        for (int i = 0; i < from.query().size(); i++) {
            Field field = from.query().get(i);
            request = request.query(field.name(), i == changed ? field.value() + "x" : field.value());
        }
        return request.body(from.body());
    }

    /** The same with a member or field more, whose name no scheme knows. */
    private static Body changed(Body from, SplittableRandom random) {
        if (from instanceof Body.Form form) {
            List<Field> fields = new ArrayList<>(form.fields());
            fields.add(new Field("changed", text(random)));
            return Body.form(fields);
        }
        if (from instanceof Body.Json json && json.value() instanceof Map<?, ?> members) {
            Map<String, Object> more = new LinkedHashMap<>();
            members.forEach((name, value) -> more.put((String) name, value));
            more.put("changed", text(random));
            return Body.json(more);
        }
        return from;
    }

    // ---- the two checks, shown to fail

    private static final Credential KEY = Credential.hmac("desk-7", Secret.of("0123456789abcdef".getBytes(UTF_8)));
    private static final Moment NOW = Moment.at(Instant.EPOCH);
    private static final ApiRequest REQUEST = ApiRequest.get("/orders")
            .baseUri(URI.create("https://venue.example"))
            .query("symbol", "BTC");

    private static Scheme signing(io.intaglio.signing.scheme.Part... preHash) {
        return Scheme.named("planted")
                .preHash(preHash)
                .hmac(Hash.SHA256, SecretForm.UTF8)
                .attach(Places.header("X-Sign"), Parts.hex(Parts.signature()))
                .build();
    }

    @Test
    void verifies_schemeThatSignsWhatItDoesNotSend_fails() {
        Scheme faulty = signing(Parts.path(), Parts.attribute("instruction"));
        ApiRequest request = REQUEST.attribute("instruction", "orderQuery");

        assertThat(verifies(
                        faulty,
                        ReceivedRequest.of(faulty.sign(request, KEY, NOW), URI.create("https://venue.example")),
                        KEY,
                        NOW))
                .isFalse();
    }

    @Test
    void forge_schemeThatSendsWhatItDoesNotSign_isFound() {
        Scheme faulty = signing(Parts.method(), Parts.path());
        Scheme right = signing(Parts.method(), Parts.pathAndQuery());

        assertThat(accepted(faulty)).containsExactly("query");
        assertThat(accepted(right)).isEmpty();
    }

    private static Set<String> accepted(Scheme scheme) {
        SplittableRandom random = new SplittableRandom(1);
        Set<String> accepted = new TreeSet<>();
        ReceivedRequest received =
                ReceivedRequest.of(scheme.sign(REQUEST, KEY, NOW), URI.create("https://venue.example"));
        assertThat(verifies(scheme, received, KEY, NOW)).isTrue();
        for (int i = 0; i < 100; i++) {
            Forgery forgery = forge(received, random);
            if (verifies(scheme, forgery.request(), KEY, NOW)) {
                accepted.add(forgery.part());
            }
        }
        return accepted;
    }

    // ---- random requests

    private static ApiRequest vary(ApiRequest from, SplittableRandom random) {
        String path = from.path();
        for (int i = random.nextInt(3); i > 0; i--) {
            path += "/" + (random.nextBoolean() ? "o" + random.nextInt(1_000_000) : "%C3%A9-~._" + random.nextInt(10));
        }
        ApiRequest request = ApiRequest.of(from.method(), path)
                .baseUri(from.baseUri().orElseThrow())
                .access(Access.SIGNED);
        for (Map.Entry<String, String> attribute : from.attributes().entrySet()) {
            request = request.attribute(attribute.getKey(), attribute.getValue());
        }
        for (Field header : from.headers()) {
            request = request.header(header.name(), header.value());
        }
        for (Field field : from.query()) {
            request = request.query(field.name(), field.value());
        }
        for (int i = random.nextInt(4); i > 0; i--) {
            request = request.query("q" + i, text(random));
        }
        return request.body(vary(from.body(), random));
    }

    private static Body vary(Body from, SplittableRandom random) {
        if (from instanceof Body.Form form) {
            List<Field> fields = new ArrayList<>(form.fields());
            for (int i = random.nextInt(4); i > 0; i--) {
                fields.add(new Field("f" + i, text(random)));
            }
            return Body.form(fields);
        }
        if (from instanceof Body.Json json && json.value() instanceof Map<?, ?> members) {
            Map<String, Object> more = new LinkedHashMap<>();
            members.forEach((name, value) -> more.put((String) name, value));
            for (int i = random.nextInt(4); i > 0; i--) {
                more.put("j" + i, value(random));
            }
            return Body.json(more);
        }
        if (from instanceof Body.Raw raw) {
            String text = new String(raw.bytes(), UTF_8);
            String blanks = " \n".repeat(random.nextInt(3));
            return text.endsWith("}") && text.length() > 2
                    ? Body.text(
                            text.substring(0, text.length() - 1) + "," + blanks + "\"r\": \"" + random.nextInt(1000)
                                    + "\u00e9\ud83d\ude00\"" + blanks + "}",
                            raw.contentType())
                    : from;
        }
        return from;
    }

    private static Object value(SplittableRandom random) {
        return switch (random.nextInt(4)) {
            case 0 -> new BigDecimal(random.nextInt(1_000_000)).movePointLeft(random.nextInt(9));
            case 1 -> random.nextBoolean();
            default -> text(random);
        };
    }

    private static String text(SplittableRandom random) {
        StringBuilder out = new StringBuilder();
        for (int i = random.nextInt(1, 13); i > 0; i--) {
            out.appendCodePoint(LETTERS[random.nextInt(LETTERS.length)]);
        }
        return out.toString();
    }

    // ---- forgeries

    private record Forgery(String part, ReceivedRequest request) {}

    /** One character of path, query or body changed to another letter or digit, or the method. */
    private static Forgery forge(ReceivedRequest was, SplittableRandom random) {
        String target = was.target();
        int mark = target.indexOf('?');
        int path = mark < 0 ? target.length() : mark;
        byte[] body = was.body();
        for (int tries = 0; tries < 100; tries++) {
            int at = random.nextInt(target.length() + body.length);
            if (at < target.length()) {
                char c = target.charAt(at);
                if (Character.isLetterOrDigit(c)) {
                    String forged = target.substring(0, at) + (c == '1' ? '2' : '1') + target.substring(at + 1);
                    return new Forgery(
                            at < path ? "path" : "query",
                            ReceivedRequest.of(was.baseUri(), was.method(), forged, was.headers(), body));
                }
            } else {
                byte[] forged = body.clone();
                int i = at - target.length();
                if (forged[i] >= '0') {
                    forged[i] = (byte) (forged[i] == '1' ? '2' : '1');
                    return new Forgery(
                            "body", ReceivedRequest.of(was.baseUri(), was.method(), target, was.headers(), forged));
                }
            }
        }
        return new Forgery(
                "method",
                ReceivedRequest.of(
                        was.baseUri(), was.method().equals("GET") ? "PUT" : "GET", target, was.headers(), body));
    }
}
