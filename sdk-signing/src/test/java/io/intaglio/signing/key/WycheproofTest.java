package io.intaglio.signing.key;

import static org.assertj.core.api.Assertions.assertThat;

import io.intaglio.signing.internal.JsonReader;
import io.intaglio.signing.secret.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Google's and C2SP's collected attacks on signatures. Looks for them under the folder named by the system property
 * {@code intaglio.shared}.
 */
class WycheproofTest {
    /** One case: what it expects, and what we said. */
    private record Outcome(String name, String expected, boolean accepted) {
        boolean wrong() {
            return accepted ? expected.equals("invalid") : expected.equals("valid");
        }
    }

    /** Decides over one case of a group. */
    private interface Decision {
        boolean accepts(Node group, Node test);
    }

    @ParameterizedTest
    @ValueSource(strings = {"hmac_sha256", "hmac_sha384", "hmac_sha512"})
    void hmac_allCases_areDecidedRight(String name) throws IOException {
        SignatureAlgorithm algorithm =
                SignatureAlgorithm.hmac(Hash.valueOf("SHA" + name.substring(8)), SecretForm.UTF8);
        check(name, (group, test) -> {
            int length = group.number("tagSize") / 8;
            byte[] tag = test.bytes("tag");
            Secret secret = Secret.of(test.bytes("key"));
            if (length == algorithm.hash().orElseThrow().length()) {
                return VerifyingKey.hmac(secret).verify(algorithm, test.bytes("msg"), tag);
            }
            // a group of truncated codes: no venue has them, so only the code itself is compared
            byte[] code = SigningKey.hmac(secret).sign(algorithm, test.bytes("msg"));
            return Arrays.equals(Arrays.copyOf(code, length), tag);
        });
    }

    @ParameterizedTest
    @ValueSource(strings = "ed25519")
    void ed25519_allCases_areDecidedRight(String name) throws IOException {
        check(
                name,
                (group, test) -> VerifyingKey.ed25519(group.node("publicKey").bytes("pk"))
                        .verify(SignatureAlgorithm.ed25519(), test.bytes("msg"), test.bytes("sig")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ecdsa_secp256r1_sha256",
                "ecdsa_secp256r1_sha256_p1363",
                "ecdsa_secp256k1_sha256",
                "ecdsa_secp256k1_sha256_p1363",
                "ecdsa_secp384r1_sha384_p1363"
            })
    void ecdsa_allCases_areDecidedRight(String name) throws IOException {
        EcdsaForm form = name.endsWith("p1363") ? EcdsaForm.RAW : EcdsaForm.DER;
        check(
                name,
                (group, test) -> key(group)
                        .verify(
                                SignatureAlgorithm.ecdsa(group.hash("sha"), form),
                                test.bytes("msg"),
                                test.bytes("sig")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "rsa_signature_2048_sha256",
                "rsa_signature_2048_sha512",
                "rsa_signature_3072_sha256",
                "rsa_signature_3072_sha512",
                "rsa_signature_4096_sha256",
                "rsa_signature_4096_sha512"
            })
    void rsaPkcs1_allCases_areDecidedRight(String name) throws IOException {
        check(
                name,
                (group, test) -> key(group)
                        .verify(SignatureAlgorithm.rsaPkcs1(group.hash("sha")), test.bytes("msg"), test.bytes("sig")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "rsa_pss_2048_sha256_mgf1_32",
                "rsa_pss_2048_sha384_mgf1_48",
                "rsa_pss_3072_sha256_mgf1_32",
                "rsa_pss_4096_sha256_mgf1_32",
                "rsa_pss_4096_sha384_mgf1_48",
                "rsa_pss_4096_sha512_mgf1_64"
            })
    void rsaPss_allCases_areDecidedRight(String name) throws IOException {
        check(
                name,
                (group, test) -> key(group)
                        .verify(SignatureAlgorithm.rsaPss(group.hash("sha")), test.bytes("msg"), test.bytes("sig")));
    }

    /** Valid under other parameters is not valid under ours: a salt of another length, another hash in the mask. */
    @ParameterizedTest
    @ValueSource(strings = {"rsa_pss_2048_sha256_mgf1_0", "rsa_pss_misc"})
    void rsaPss_otherParameters_areAcceptedOnlyWhereTheyAreOurs(String name) throws IOException {
        int ours = 0;
        for (Node group : groups(name)) {
            if (group.text("sha").equals("SHA-224")) {
                continue; // not one of our hashes
            }
            Hash hash = group.hash("sha");
            boolean same = group.text("mgfSha").equals(group.text("sha")) && group.number("sLen") == hash.length();
            for (Node test : group.nodes("tests")) {
                boolean accepted =
                        key(group).verify(SignatureAlgorithm.rsaPss(hash), test.bytes("msg"), test.bytes("sig"));
                boolean expected = same && test.text("result").equals("valid");
                assertThat(accepted).as("%s case %d", name, test.number("tcId")).isEqualTo(expected);
                ours += same ? 1 : 0;
            }
        }
        assertThat(ours).isEqualTo(name.equals("rsa_pss_misc") ? 3 : 0);
    }

    private static VerifyingKey key(Node group) {
        return VerifyingKey.of(KeyReader.readPublic(group.text("publicKeyPem")));
    }

    private static void check(String name, Decision decision) throws IOException {
        List<Outcome> outcomes = new ArrayList<>();
        for (Node group : groups(name)) {
            for (Node test : group.nodes("tests")) {
                String which = name + " case " + test.number("tcId");
                outcomes.add(new Outcome(which, test.text("result"), decision.accepts(group, test)));
            }
        }
        assertThat(outcomes).filteredOn(Outcome::wrong).isEmpty();
        assertThat(outcomes).extracting(Outcome::accepted).contains(true, false);
    }

    private static List<Node> groups(String name) throws IOException {
        String shared = System.getProperty("intaglio.shared");
        Assumptions.assumeTrue(shared != null, "set the system property intaglio.shared to run Wycheproof");
        Path file = Path.of(Objects.requireNonNull(shared), "vectors/standards/wycheproof", name + "_test.json");
        Assumptions.assumeTrue(Files.exists(file), () -> file + " is not there");
        Object json = JsonReader.read(Files.readAllBytes(file));
        return new Node((Map<?, ?>) Objects.requireNonNull(json)).nodes("testGroups");
    }

    /** A JSON object. */
    private record Node(Map<?, ?> members) {
        Node node(String name) {
            return new Node((Map<?, ?>) member(name));
        }

        List<Node> nodes(String name) {
            return ((List<?>) member(name))
                    .stream().map(element -> new Node((Map<?, ?>) element)).toList();
        }

        String text(String name) {
            return (String) member(name);
        }

        int number(String name) {
            return ((Number) member(name)).intValue();
        }

        byte[] bytes(String name) {
            return HexFormat.of().parseHex(text(name));
        }

        Hash hash(String name) {
            return Hash.valueOf(text(name).replace("SHA-", "SHA"));
        }

        private Object member(String name) {
            return Objects.requireNonNull(members.get(name), name);
        }
    }
}
