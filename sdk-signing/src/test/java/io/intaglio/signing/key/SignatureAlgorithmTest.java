package io.intaglio.signing.key;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class SignatureAlgorithmTest {
    private static final List<SignatureAlgorithm> ALL = List.of(
            SignatureAlgorithm.hmac(Hash.SHA256, SecretForm.UTF8),
            SignatureAlgorithm.hmac(Hash.SHA256, SecretForm.BASE64),
            SignatureAlgorithm.hmac(Hash.SHA3_256, SecretForm.UTF8),
            SignatureAlgorithm.suffixedHash(Hash.SHA256, SecretForm.UTF8),
            SignatureAlgorithm.ed25519(),
            SignatureAlgorithm.rsaPkcs1(Hash.SHA256),
            SignatureAlgorithm.rsaPss(Hash.SHA256),
            SignatureAlgorithm.ecdsa(Hash.SHA256, EcdsaForm.DER),
            SignatureAlgorithm.ecdsa(Hash.SHA256, EcdsaForm.RAW));

    @Test
    void equals_sameChoices_isTrueAndAnyOtherIsFalse() {
        assertThat(new HashSet<>(ALL)).hasSameSizeAs(ALL);
        assertThat(SignatureAlgorithm.hmac(Hash.SHA256, SecretForm.UTF8))
                .isEqualTo(ALL.get(0))
                .hasSameHashCodeAs(ALL.get(0));
        assertThat(SignatureAlgorithm.ed25519()).isEqualTo(ALL.get(4)).hasSameHashCodeAs(ALL.get(4));
    }

    @Test
    void name_ofEach_isReadable() {
        assertThat(ALL)
                .extracting(SignatureAlgorithm::name)
                .containsExactly(
                        "HMAC-SHA256",
                        "HMAC-SHA256",
                        "HMAC-SHA3-256",
                        "SHA256-of-text-and-secret",
                        "Ed25519",
                        "RSA-SHA256",
                        "RSA-PSS-SHA256",
                        "ECDSA-SHA256",
                        "ECDSA-SHA256");
    }

    @Test
    void accepts_eachKind_onlyWhereItFits() {
        List<List<KeyKind>> accepted = ALL.stream()
                .map(algorithm -> Arrays.stream(KeyKind.values())
                        .filter(algorithm::accepts)
                        .toList())
                .toList();
        List<KeyKind> curves = List.of(KeyKind.EC_P256, KeyKind.EC_P384, KeyKind.EC_SECP256K1);
        assertThat(accepted)
                .containsExactly(
                        List.of(KeyKind.SECRET),
                        List.of(KeyKind.SECRET),
                        List.of(KeyKind.SECRET),
                        List.of(KeyKind.SECRET),
                        List.of(KeyKind.ED25519),
                        List.of(KeyKind.RSA),
                        List.of(KeyKind.RSA),
                        curves,
                        curves);
        assertThat(ALL).filteredOn(SignatureAlgorithm::isSymmetric).hasSize(4);
    }
}
