package io.intaglio.signing.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.intaglio.signing.SignedRequest;
import io.intaglio.signing.internal.JsonReader;
import io.intaglio.signing.internal.JsonText;
import io.intaglio.signing.venue.Confirmation;
import io.intaglio.signing.venue.Venue;
import io.intaglio.signing.venue.Venues;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every venue against its golden vectors, at every stage: address, headers, body, pre-hash, signature. */
class VectorsTest {
    /** Another P-256 key than any vector's; the base point, whose private key is 1. */
    private static final String STRANGERS_KEY = "-----BEGIN PUBLIC KEY-----\n"
            + "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEaxfR8uEsQkf4vOblY6RA8ncDfYEt\n"
            + "6zOg9KE5RdiYwpZP40Li/hp/m47n60p8D54WK84zV2sxXs7LtkBoN79R9Q==\n-----END PUBLIC KEY-----\n";

    static List<VectorCase> all() {
        return Vectors.all();
    }

    @ParameterizedTest
    @MethodSource("all")
    void vector_signedByItsVenue_matchesAtEveryStage(VectorCase vector) {
        assertThat(vector.differences(Venues.named(vector.venue()))).isEmpty();
    }

    @Test
    void venues_all_haveAVectorFileAndEveryFileAVenue() {
        Map<String, VectorFile> files = Vectors.files();

        assertThat(files.keySet())
                .containsExactlyElementsOf(
                        Venues.all().stream().map(Venue::name).toList());
        files.forEach((name, file) -> {
            assertThat(file.venue()).as("venue in the file").isEqualTo(name);
            assertThat(Vectors.of(Venues.named(name))).as("cases of " + name).isNotEmpty();
        });
    }

    /** A rule by description only has vectors that somebody computed by that description; all else has one from elsewhere. */
    @Test
    void venues_confirmedBySomebodyElse_haveACaseThatNobodyMadeFromADescription() {
        for (Venue venue : Venues.all()) {
            boolean fromElsewhere = Vectors.of(venue).stream()
                    .map(VectorCase::source)
                    .anyMatch(source -> !source.startsWith("second implementation: P")
                            && !source.startsWith("second implementation: plain Python"));
            if (venue.confirmation() == Confirmation.SECOND_IMPLEMENTATION) {
                assertThat(fromElsewhere).as("%s is confirmed by a case", venue).isTrue();
            }
            if (venue.confirmation() == Confirmation.UNCONFIRMED) {
                assertThat(fromElsewhere).as("%s is confirmed, say so", venue).isFalse();
            }
        }
    }

    /** The family is told from the places of a scheme; here from where the signature really is. */
    @ParameterizedTest
    @MethodSource("requests")
    void family_ofTheSchemeThatSigned_isWhereTheSignatureIs(VectorCase vector) {
        Venue venue = Venues.named(vector.venue());
        SignedRequest signed = vector.sign(venue);
        Assumptions.assumeTrue(signed.isSigned(), "nothing is signed");
        String signature = signed.signature().orElseThrow();
        String encoded = java.net.URLEncoder.encode(signature, StandardCharsets.UTF_8);
        String family = venue.scheme().family();

        if (signed.target().contains(signature) || signed.target().contains(encoded)) {
            assertThat(family).contains("signed parameters");
        } else if (signed.bodyText().contains(signature) || signed.bodyText().contains(encoded)) {
            assertThat(family).containsAnyOf("signed parameters", "signed body", "JWT");
        } else {
            assertThat(family).containsAnyOf("signed headers", "JWT");
        }
    }

    static List<VectorCase> requests() {
        return Vectors.requests();
    }

    @Test
    void cases_all_sayWhereTheyComeFromAndHaveANameOfTheirOwn() {
        for (VectorFile file : Vectors.files().values()) {
            Set<String> names = new HashSet<>();
            for (VectorCase vector : file.cases()) {
                assertThat(names.add(vector.name()))
                        .as("%s occurs once", vector)
                        .isTrue();
                assertThat(vector.source()).as("source of %s", vector).isNotBlank();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void vector_oneByteOfAnyStageChanged_differs(VectorCase vector) throws IOException {
        byte[] file = Files.readAllBytes(Vectors.folder().resolve(vector.venue() + ".json"));
        Venue venue = Venues.named(vector.venue());
        List<String> stages = new ArrayList<>(
                vector.isLogon()
                        ? List.of("prehash", "signature", "frame", "token")
                        : List.of("url", "body", "prehash", "signature"));
        for (String group : List.of("headers", "fix", "wsParams")) {
            expected(JsonReader.read(file), vector.name(), group)
                    .keySet()
                    .forEach(member -> stages.add(group + " " + member));
        }
        int planted = 0;
        for (String stage : stages) {
            Object tree = JsonReader.read(file);
            if (plant(tree, vector.name(), stage)) {
                planted++;
                StringBuilder json = new StringBuilder();
                JsonText.write(tree, json);
                VectorCase faulty =
                        VectorFile.parse(json.toString().getBytes(StandardCharsets.UTF_8), "planted").cases().stream()
                                .filter(other -> other.name().equals(vector.name()))
                                .findFirst()
                                .orElseThrow();
                assertThat(faulty.differences(venue))
                        .as("%s with a fault in %s", vector, stage)
                        .isNotEmpty();
            }
        }
        // a log-on by a session token signs nothing: its frame is its only stage
        assertThat(planted).as("stages of %s", vector).isGreaterThanOrEqualTo(vector.isLogon() ? 1 : 3);
    }

    /** Changes one byte of one expected value in the tree; false when the case expects nothing there. */
    private static boolean plant(Object tree, String name, String stage) {
        Map<String, Object> vector = caseOf(tree, name);
        Map<String, Object> expect = expected(tree, name);
        boolean randomised = expect.containsKey("verifyOnly") || vector.containsKey("verifyOnly");
        if (randomised && stage.equals("signature")) {
            expect.put("verifyKey", STRANGERS_KEY);
            return true;
        }
        if (randomised && expect.containsKey("jwt") && (stage.equals("prehash") || stage.startsWith("headers Auth"))) {
            Map<String, Object> jwt = members(expect.get("jwt"));
            Map<String, Object> segment = members(jwt.get(stage.equals("prehash") ? "claims" : "header"));
            segment.put(stage.equals("prehash") ? "sub" : "kid", changed((String) segment.get("kid")));
            return true;
        }
        if (stage.equals("body")) {
            if (vector.get("options") != null && members(vector.get("options")).containsKey("bodyIgnored")) {
                return false;
            }
            Object body = expect.get("body");
            expect.put("body", body == null || body.equals("") ? "x" : changed((String) body));
            return true;
        }
        if (stage.equals("prehash")) {
            boolean any = false;
            for (String form : List.of("prehash", "prehashBase64", "prehashHex", "encodedPrehash")) {
                any |= expect.computeIfPresent(form, (key, text) -> changed((String) text)) != null;
            }
            return any;
        }
        int group = stage.indexOf(' ');
        if (group > 0) {
            return expected(tree, name, stage.substring(0, group))
                            .computeIfPresent(stage.substring(group + 1), (key, value) -> changed(text(value)))
                    != null;
        }
        return expect.computeIfPresent(stage, (key, text) -> changed((String) text)) != null;
    }

    /** The text with its middle character replaced by another of the same kind, so that base64 and hex stay what they are. */
    private static String changed(String text) {
        if (text == null || text.isEmpty()) {
            return "x";
        }
        int middle = text.length() / 2;
        char c = text.charAt(middle);
        return text.substring(0, middle) + (c == '1' ? '2' : '1') + text.substring(middle + 1);
    }

    private static String text(Object value) {
        return value instanceof java.math.BigDecimal number ? number.toPlainString() : (String) value;
    }

    private static Map<String, Object> expected(Object tree, String name) {
        return members(caseOf(tree, name).get("expect"));
    }

    private static Map<String, Object> expected(Object tree, String name, String member) {
        Object value = expected(tree, name).get(member);
        return value == null ? Map.of() : members(value);
    }

    private static Map<String, Object> caseOf(Object tree, String name) {
        for (Object element : (List<?>) members(tree).get("cases")) {
            if (members(element).get("name").equals(name)) {
                return members(element);
            }
        }
        return fail("no case " + name);
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> members(Object tree) {
        return (Map<String, Object>) tree;
    }

    static Stream<Path> sharedFiles() {
        Path shared = Path.of(System.getProperty("intaglio.shared", ""), "vectors");
        if (System.getProperty("intaglio.shared", "").isEmpty() || !Files.isDirectory(shared)) {
            return Stream.of(shared);
        }
        return Stream.of("ccxt", "official")
                .map(shared::resolve)
                .filter(Files::isDirectory)
                .flatMap(folder -> Vectors.list(folder).stream());
    }

    /** The files from which ours were copied, so that the copies cannot drift. */
    @ParameterizedTest
    @MethodSource("sharedFiles")
    void sharedFile_ofAVenueThatExists_isCopiedAndMatches(Path path) {
        Assumptions.assumeTrue(
                Files.isRegularFile(path), "no shared vectors: set -Dintaglio.shared to the folder above " + path);
        VectorFile file = VectorFile.read(path);
        Venue venue = Vectors.venueOf(file);
        Assumptions.assumeTrue(venue != null, "no venue " + file.venue());
        List<String> copied = Vectors.files().get(venue.name()).cases().stream()
                .map(VectorCase::name)
                .toList();
        for (VectorCase vector : file.cases()) {
            assertThat(copied).contains(vector.name());
            assertThat(vector.differences(venue)).as(vector.toString()).isEmpty();
        }
    }
}
