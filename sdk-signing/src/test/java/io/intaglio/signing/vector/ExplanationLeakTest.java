package io.intaglio.signing.vector;

import static org.assertj.core.api.Assertions.assertThat;

import io.intaglio.signing.Credential;
import io.intaglio.signing.Explanation;
import io.intaglio.signing.SignedRequest;
import io.intaglio.signing.internal.JsonReader;
import io.intaglio.signing.venue.Venue;
import io.intaglio.signing.venue.Venues;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Explanations, which people paste into tickets, of every vector of every venue. */
class ExplanationLeakTest {
    private static final Set<String> SECRET = Set.of(
            "secret",
            "passphrase",
            "privateKey",
            "privateKeyPem",
            "privateKeyPkcs8",
            "privateKeySec1",
            "privateKeySeedBase64",
            "apiKeySecret",
            "secretAccessKey",
            "walletSecret",
            "token");

    static List<VectorCase> all() {
        return Vectors.requests();
    }

    @ParameterizedTest
    @MethodSource("all")
    void explain_anyVector_showsNoSecretNoWholeKeyIdAndNoWholeSignature(VectorCase vector) throws Exception {
        Venue venue = Venues.named(vector.venue());
        Credential credential = vector.credential(venue);
        SignedRequest signed = vector.sign(venue);
        Explanation explanation = venue.scheme().explain(vector.request(), credential, vector.moment());
        String shown = explanation + "\n" + explanation.asMap() + "\n" + signed + "\n" + credential;

        for (String secret : secrets(vector)) {
            assertThat(shown.contains(secret)).as("%s shows a secret", vector).isFalse();
        }
        if (credential.keyId().length() >= 12) {
            assertThat(shown.contains(credential.keyId()))
                    .as("%s shows the key id", vector)
                    .isFalse();
        }
        signed.signature().ifPresent(signature -> {
            String plain = URLDecoder.decode(signature.replace("+", "%2B"), StandardCharsets.UTF_8);
            assertThat(shown.contains(signature))
                    .as("%s shows the signature", vector)
                    .isFalse();
            assertThat(shown.contains(plain))
                    .as("%s shows the decoded signature", vector)
                    .isFalse();
        });
    }

    @ParameterizedTest
    @MethodSource("all")
    void explain_anyVector_namesEveryPlaceThatSigningAddsTo(VectorCase vector) {
        Venue venue = Venues.named(vector.venue());
        SignedRequest signed = vector.sign(venue);
        Explanation explanation = venue.scheme().explain(vector.request(), vector.credential(venue), vector.moment());
        List<String> places = explanation.steps().stream()
                .map(Explanation.Step::place)
                .filter(place -> place.startsWith("header "))
                .map(place -> place.substring(7))
                .toList();

        assertThat(places)
                .containsAll(signed.headers().stream()
                        .map(header -> header.name())
                        .filter(name -> !name.equalsIgnoreCase("Content-Type"))
                        .toList());
    }

    /** The secrets as the file gives them, and other ways of writing the same; one published example has the word "secret" for its secret. */
    private static List<String> secrets(VectorCase vector) throws Exception {
        List<String> secrets = new ArrayList<>();
        Map<?, ?> file =
                (Map<?, ?>) JsonReader.read(Files.readAllBytes(Vectors.folder().resolve(vector.venue() + ".json")));
        for (Object element : (List<?>) file.get("cases")) {
            Map<?, ?> members = (Map<?, ?>) element;
            if (vector.name().equals(members.get("name"))) {
                ((Map<?, ?>) members.get("credentials")).forEach((name, value) -> {
                    if (SECRET.contains(name) && value instanceof String text && text.length() >= 8) {
                        secrets.add(text);
                        secrets.add(Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8)));
                        text.lines()
                                .filter(line -> line.length() > 40 && !line.startsWith("-"))
                                .forEach(secrets::add);
                    }
                });
            }
        }
        return secrets;
    }
}
