package io.intaglio.signing.key;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.intaglio.signing.secret.Secret;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.PublicKey;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class VerifyingKeyTest {
    private static final byte[] DATA = "GET/api/v3/account?timestamp=1700000000000".getBytes(UTF_8);
    private static final KeyPair P256 = TestKeys.ec("secp256r1");

    static Stream<Arguments> keys() {
        Secret secret = Secret.of("secret".getBytes(UTF_8));
        KeyPair edwards = TestKeys.ed25519();
        KeyPair rsa = TestKeys.rsa(2048);
        KeyPair p384 = TestKeys.ec("secp384r1");
        KeyPair k1 = TestKeys.ec("secp256k1");
        return Stream.of(
                Arguments.of(
                        SignatureAlgorithm.hmac(Hash.SHA256, SecretForm.UTF8),
                        SigningKey.hmac(secret),
                        VerifyingKey.hmac(secret)),
                Arguments.of(
                        SignatureAlgorithm.suffixedHash(Hash.SHA512, SecretForm.UTF8),
                        SigningKey.hmac(secret),
                        VerifyingKey.hmac(secret)),
                arguments(SignatureAlgorithm.ed25519(), edwards),
                arguments(SignatureAlgorithm.rsaPkcs1(Hash.SHA256), rsa),
                arguments(SignatureAlgorithm.rsaPss(Hash.SHA256), rsa),
                arguments(SignatureAlgorithm.ecdsa(Hash.SHA256, EcdsaForm.DER), P256),
                arguments(SignatureAlgorithm.ecdsa(Hash.SHA256, EcdsaForm.RAW), P256),
                arguments(SignatureAlgorithm.ecdsa(Hash.SHA384, EcdsaForm.DER), p384),
                arguments(SignatureAlgorithm.ecdsa(Hash.SHA384, EcdsaForm.RAW), p384),
                arguments(SignatureAlgorithm.ecdsa(Hash.SHA256, EcdsaForm.DER), k1),
                arguments(SignatureAlgorithm.ecdsa(Hash.SHA256, EcdsaForm.RAW), k1));
    }

    private static Arguments arguments(SignatureAlgorithm algorithm, KeyPair pair) {
        return Arguments.of(algorithm, SigningKey.of(pair.getPrivate()), VerifyingKey.of(pair.getPublic()));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("keys")
    void verify_anyBitFlipped_isFalse(SignatureAlgorithm algorithm, SigningKey signing, VerifyingKey verifying) {
        Random random = new Random(20240611);
        byte[] signature = signing.sign(algorithm, DATA);
        assertThat(verifying.verify(algorithm, DATA, signature)).isTrue();
        for (int bit = 0; bit < signature.length * 8; bit += signature.length > 100 ? 7 : 1) {
            assertThat(verifying.verify(algorithm, DATA, flipped(signature, bit)))
                    .as("signature bit %d", bit)
                    .isFalse();
        }
        for (int i = 0; i < 100; i++) {
            int bit = random.nextInt(DATA.length * 8);
            assertThat(verifying.verify(algorithm, flipped(DATA, bit), signature))
                    .as("data bit %d", bit)
                    .isFalse();
        }
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("keys")
    void verify_anythingElse_isFalseAndNeverThrows(
            SignatureAlgorithm algorithm, SigningKey signing, VerifyingKey verifying) {
        byte[] signature = signing.sign(algorithm, DATA);
        for (int length = 0; length < signature.length; length++) {
            assertThat(verifying.verify(algorithm, DATA, Arrays.copyOf(signature, length)))
                    .isFalse();
        }
        assertThat(verifying.verify(algorithm, DATA, Arrays.copyOf(signature, signature.length + 1)))
                .isFalse();
        byte[] shifted = new byte[signature.length + 1];
        System.arraycopy(signature, 0, shifted, 1, signature.length);
        assertThat(verifying.verify(algorithm, DATA, shifted)).isFalse();
        for (int value : new int[] {0, 1, 0x30, 0x7f, 0x80, 0xff}) {
            byte[] filled = new byte[signature.length];
            Arrays.fill(filled, (byte) value);
            assertThat(verifying.verify(algorithm, DATA, filled)).isFalse();
        }
        Random random = new Random(5);
        for (int i = 0; i < 100; i++) {
            byte[] noise = new byte[random.nextInt(300)];
            random.nextBytes(noise);
            assertThat(verifying.verify(algorithm, DATA, noise)).isFalse();
        }
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("keys")
    void verify_algorithmOfAnotherKind_isAnErrorNotFalse(
            SignatureAlgorithm algorithm, SigningKey signing, VerifyingKey verifying) {
        SignatureAlgorithm other = algorithm.isSymmetric()
                ? SignatureAlgorithm.ed25519()
                : SignatureAlgorithm.hmac(Hash.SHA256, SecretForm.UTF8);
        assertThatThrownBy(() -> verifying.verify(other, DATA, new byte[64]))
                .isInstanceOf(KeyException.class)
                .hasMessage(other + " cannot be verified with the counterpart of " + signing.kind());
    }

    @Test
    void verify_ed25519WithSPlusTheOrder_isFalse() {
        SigningKey key = SigningKey.ed25519(new byte[32]);
        VerifyingKey verifying = VerifyingKey.ed25519(key.rawPublicKey());
        byte[] signature = key.sign(SignatureAlgorithm.ed25519(), DATA);
        BigInteger order = new BigInteger("1000000000000000000000000000000014def9dea2f79cd65812631a5cf5d3ed", 16);
        byte[] bigEndian = reversed(Arrays.copyOfRange(signature, 32, 64));
        byte[] malleable = signature.clone();
        byte[] sum = reversed(fixed(new BigInteger(1, bigEndian).add(order), 32));
        System.arraycopy(sum, 0, malleable, 32, 32);
        assertThat(verifying.verify(SignatureAlgorithm.ed25519(), DATA, malleable))
                .isFalse();
    }

    @Test
    void verify_derInAnotherEncoding_isFalse() {
        SignatureAlgorithm algorithm = SignatureAlgorithm.ecdsa(Hash.SHA256, EcdsaForm.DER);
        byte[] der = SigningKey.of(P256.getPrivate()).sign(algorithm, DATA);
        VerifyingKey verifying = VerifyingKey.of(P256.getPublic());
        byte[] longLength = new byte[der.length + 1];
        longLength[0] = 0x30;
        longLength[1] = (byte) 0x81;
        System.arraycopy(der, 1, longLength, 2, der.length - 1);
        byte[] trailing = Arrays.copyOf(der, der.length + 2);
        trailing[1] = (byte) (trailing[1] + 2);
        int rLength = der[3];
        byte[] paddedR = new byte[der.length + 1];
        paddedR[0] = 0x30;
        paddedR[1] = (byte) (der[1] + 1);
        paddedR[2] = 2;
        paddedR[3] = (byte) (rLength + 1);
        System.arraycopy(der, 4, paddedR, 5, der.length - 4);
        byte[] emptyR = {0x30, 5, 2, 0, 2, 1, 1};
        byte[] emptyS = {0x30, 5, 2, 1, 1, 2, 0};
        for (byte[] other : List.of(longLength, trailing, paddedR, emptyR, emptyS)) {
            assertThat(verifying.verify(algorithm, DATA, other)).isFalse();
        }
        assertThat(verifying.verify(algorithm, DATA, der)).isTrue();
    }

    @Test
    void of_keyThatIsTooShortOrOfAnotherKind_isRefused() {
        PublicKey small = TestKeys.rsa(1024).getPublic();
        assertThatThrownBy(() -> VerifyingKey.of(small))
                .isInstanceOf(KeyException.class)
                .hasMessageContaining("has 1024 bits, but at least 2048 are wanted");
        assertThatThrownBy(() -> VerifyingKey.ec(KeyKind.RSA, new byte[65]))
                .isInstanceOf(KeyException.class)
                .hasMessage("an EC point cannot be the counterpart of " + KeyKind.RSA);
        assertThat(VerifyingKey.of(P256.getPublic())).hasToString("VerifyingKey[for " + KeyKind.EC_P256 + "]");
    }

    private static byte[] flipped(byte[] bytes, int bit) {
        byte[] copy = bytes.clone();
        copy[bit / 8] = (byte) (copy[bit / 8] ^ (1 << (bit % 8)));
        return copy;
    }

    private static byte[] reversed(byte[] bytes) {
        byte[] out = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            out[i] = bytes[bytes.length - 1 - i];
        }
        return out;
    }

    private static byte[] fixed(BigInteger number, int length) {
        byte[] bytes = number.toByteArray();
        byte[] out = new byte[length];
        int from = Math.max(0, bytes.length - length);
        System.arraycopy(bytes, from, out, length - (bytes.length - from), bytes.length - from);
        return out;
    }
}
