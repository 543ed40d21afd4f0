package io.intaglio.signing.key;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.intaglio.signing.secret.Secret;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.interfaces.RSAPrivateKey;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.util.BigIntegers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class SigningKeyTest {
    private static final KeyPair RSA = TestKeys.rsa(2048);
    private static final KeyPair ED25519 = TestKeys.ed25519();
    private static final KeyPair P256 = TestKeys.ec("secp256r1");
    private static final KeyPair P384 = TestKeys.ec("secp384r1");
    private static final KeyPair K1 = TestKeys.ec("secp256k1");
    private static final byte[] DATA = "POST/api/v3/order?symbol=BTCUSDT".getBytes(UTF_8);

    // ---- against the JDK as second implementation

    @ParameterizedTest
    @EnumSource
    void hmac_keysAndDataOfManyLengths_agreesWithTheJdksMac(Hash hash) throws GeneralSecurityException {
        String name = "Hmac" + hash.jcaName().replace("SHA-", "SHA");
        Random random = new Random(7);
        for (int length = 1; length < 300; length += 1 + length / 20) {
            byte[] secret = bytes(random, length);
            byte[] data = bytes(random, random.nextInt(600));
            Mac mac = Mac.getInstance(name);
            mac.init(new SecretKeySpec(secret, name));
            SigningKey key = SigningKey.hmac(Secret.of(secret));
            SignatureAlgorithm algorithm = SignatureAlgorithm.hmac(hash, SecretForm.UTF8);
            assertThat(key.sign(algorithm, data)).isEqualTo(mac.doFinal(data));
        }
    }

    @Test
    void suffixedHash_always_isTheHashOfTextAndSecret() throws GeneralSecurityException {
        SigningKey key = SigningKey.hmac(Secret.of("c2VjcmV0".getBytes(UTF_8)));
        MessageDigest digest = MessageDigest.getInstance("SHA-512");
        digest.update(DATA);
        byte[] expected = digest.digest("secret".getBytes(UTF_8));
        assertThat(key.sign(SignatureAlgorithm.suffixedHash(Hash.SHA512, SecretForm.BASE64), DATA))
                .isEqualTo(expected);
    }

    static Stream<Arguments> asymmetric() {
        List<Arguments> all = new ArrayList<>();
        all.add(Arguments.of(ED25519, SignatureAlgorithm.ed25519(), "Ed25519"));
        for (Hash hash : List.of(Hash.SHA1, Hash.SHA256, Hash.SHA384, Hash.SHA512)) {
            all.add(Arguments.of(RSA, SignatureAlgorithm.rsaPkcs1(hash), hash + "withRSA"));
            all.add(Arguments.of(RSA, SignatureAlgorithm.rsaPss(hash), "RSASSA-PSS"));
            for (KeyPair pair : List.of(P256, P384, K1)) {
                all.add(Arguments.of(pair, SignatureAlgorithm.ecdsa(hash, EcdsaForm.DER), hash + "withECDSA"));
                String raw = pair == K1 ? hash + "withPLAIN-ECDSA" : hash + "withECDSAinP1363Format";
                all.add(Arguments.of(pair, SignatureAlgorithm.ecdsa(hash, EcdsaForm.RAW), raw));
            }
        }
        return all.stream();
    }

    @ParameterizedTest(name = "{1} {2}")
    @MethodSource("asymmetric")
    void sign_anyKind_verifiesWithTheJdk(KeyPair pair, SignatureAlgorithm algorithm, String jcaName)
            throws GeneralSecurityException {
        SigningKey key = SigningKey.of(pair.getPrivate());
        for (int i = 0; i < 5; i++) {
            byte[] signature = key.sign(algorithm, DATA);
            assertThat(signature.length).isLessThanOrEqualTo(key.maxSignatureLength(algorithm));
            Signature jdk = jdk(pair, algorithm, jcaName);
            jdk.initVerify(pair.getPublic());
            jdk.update(DATA);
            assertThat(jdk.verify(signature)).isTrue();
            assertThat(VerifyingKey.of(key.publicKey().orElseThrow()).verify(algorithm, DATA, signature))
                    .isTrue();
        }
    }

    @ParameterizedTest(name = "{1} {2}")
    @MethodSource("asymmetric")
    void verify_whatTheJdkSigned_isTrue(KeyPair pair, SignatureAlgorithm algorithm, String jcaName)
            throws GeneralSecurityException {
        VerifyingKey key = VerifyingKey.of(pair.getPublic());
        for (int i = 0; i < 5; i++) {
            Signature jdk = jdk(pair, algorithm, jcaName);
            jdk.initSign(pair.getPrivate());
            jdk.update(DATA);
            byte[] signature = jdk.sign();
            assertThat(key.verify(algorithm, DATA, signature)).isTrue();
        }
    }

    /** The JDK's own, or Bouncy Castle's for the curve that the JDK lacks. */
    private static Signature jdk(KeyPair pair, SignatureAlgorithm algorithm, String jcaName)
            throws GeneralSecurityException {
        Signature signature =
                pair == K1 ? Signature.getInstance(jcaName, TestKeys.BOUNCY_CASTLE) : Signature.getInstance(jcaName);
        if (jcaName.equals("RSASSA-PSS")) {
            Hash hash = algorithm.hash().orElseThrow();
            signature.setParameter(new PSSParameterSpec(
                    hash.jcaName(), "MGF1", new MGF1ParameterSpec(hash.jcaName()), hash.length(), 1));
        }
        return signature;
    }

    @Test
    void publicKey_ofEachKind_isTheOneOfThePair() {
        for (KeyPair pair : List.of(RSA, ED25519, P256, P384, K1)) {
            PublicKey found = SigningKey.of(pair.getPrivate()).publicKey().orElseThrow();
            assertThat(found.getEncoded()).isEqualTo(pair.getPublic().getEncoded());
        }
    }

    @Test
    void rawPublicKey_ofEcKeys_isTheUncompressedPoint() {
        for (KeyPair pair : List.of(P256, P384, K1)) {
            ECPublicKey numbers = (ECPublicKey) pair.getPublic();
            int length = pair == P384 ? 48 : 32;
            byte[] raw = SigningKey.of(pair.getPrivate()).rawPublicKey();
            assertThat(raw).hasSize(1 + 2 * length).startsWith(4);
            assertThat(Arrays.copyOfRange(raw, 1, 1 + length))
                    .isEqualTo(BigIntegers.asUnsignedByteArray(
                            length, numbers.getW().getAffineX()));
            assertThat(Arrays.copyOfRange(raw, 1 + length, raw.length))
                    .isEqualTo(BigIntegers.asUnsignedByteArray(
                            length, numbers.getW().getAffineY()));
        }
    }

    @Test
    void rawPublicKey_ofKeysWithoutOne_isRefused() {
        assertThatThrownBy(() -> SigningKey.of(RSA.getPrivate()).rawPublicKey())
                .isInstanceOf(KeyException.class)
                .hasMessage("a raw public key exists for Ed25519 and EC keys held in memory, "
                        + "but this key is an RSA private key");
    }

    // ---- the contract of signing

    @Test
    void signInto_partsOfArrays_leavesTheRestAlone() {
        byte[] padded = new byte[DATA.length + 20];
        System.arraycopy(DATA, 0, padded, 7, DATA.length);
        SigningKey hmac = SigningKey.hmac(Secret.of(new byte[] {1, 2, 3}));
        for (SigningKey key : List.of(hmac, SigningKey.of(ED25519.getPrivate()), SigningKey.of(RSA.getPrivate()))) {
            SignatureAlgorithm algorithm = deterministic(key.kind());
            byte[] expected = key.sign(algorithm, DATA);
            byte[] out = new byte[expected.length + 9];
            Arrays.fill(out, (byte) 0x77);
            int written = key.signInto(algorithm, padded, 7, DATA.length, out, 4);
            assertThat(written).isEqualTo(expected.length);
            assertThat(Arrays.copyOfRange(out, 4, 4 + written)).isEqualTo(expected);
            assertThat(Arrays.copyOf(out, 4)).containsOnly(0x77);
            assertThat(Arrays.copyOfRange(out, 4 + written, out.length)).containsOnly(0x77);
        }
    }

    private static SignatureAlgorithm deterministic(KeyKind kind) {
        return switch (kind) {
            case SECRET -> SignatureAlgorithm.hmac(Hash.SHA384, SecretForm.UTF8);
            case ED25519 -> SignatureAlgorithm.ed25519();
            default -> SignatureAlgorithm.rsaPkcs1(Hash.SHA256);
        };
    }

    @Test
    void signInto_arrayTooSmallOrRangeOutside_isRefusedBeforeSigning() {
        SigningKey key = SigningKey.hmac(Secret.of(new byte[] {1}));
        SignatureAlgorithm algorithm = SignatureAlgorithm.hmac(Hash.SHA256, SecretForm.UTF8);
        assertThatThrownBy(() -> key.signInto(algorithm, DATA, 0, DATA.length, new byte[40], 9))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> key.signInto(algorithm, DATA, 1, DATA.length, new byte[40], 0))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> key.sign(algorithm, DATA, -1, 2)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void sign_keyOfAnotherKind_saysWhatIsNeededAndWhatItIs() {
        SigningKey edwards = SigningKey.of(ED25519.getPrivate());
        SigningKey secret = SigningKey.hmac(Secret.of(new byte[] {1}));
        assertRefused(
                edwards,
                SignatureAlgorithm.hmac(Hash.SHA256, SecretForm.UTF8),
                "HMAC-SHA256 needs an HMAC secret, but this key is an Ed25519 private key");
        assertRefused(
                secret,
                SignatureAlgorithm.ed25519(),
                "Ed25519 needs an Ed25519 private key, but this key is an HMAC secret");
        assertRefused(
                secret,
                SignatureAlgorithm.ecdsa(Hash.SHA256, EcdsaForm.RAW),
                "ECDSA-SHA256 needs an EC private key, but this key is an HMAC secret");
        assertRefused(
                SigningKey.of(P256.getPrivate()),
                SignatureAlgorithm.rsaPss(Hash.SHA256),
                "RSA-PSS-SHA256 needs an RSA private key, but this key is an EC P-256 private key");
    }

    private static void assertRefused(SigningKey key, SignatureAlgorithm algorithm, String message) {
        assertThatThrownBy(() -> key.sign(algorithm, DATA))
                .isInstanceOf(KeyException.class)
                .hasMessage(message);
        assertThatThrownBy(() -> key.maxSignatureLength(algorithm))
                .isInstanceOf(KeyException.class)
                .hasMessage(message);
    }

    @Test
    void sign_afterClose_isRefusedByEveryKind() {
        List<SigningKey> keys = List.of(
                SigningKey.hmac(Secret.of(new byte[] {1})),
                SigningKey.of(ED25519.getPrivate()),
                SigningKey.of(RSA.getPrivate()),
                SigningKey.of(P256.getPrivate()),
                SigningKey.remote("kms", KeyKind.ED25519, (algorithm, data) -> new byte[64]));
        for (SigningKey key : keys) {
            SignatureAlgorithm algorithm = key.kind() == KeyKind.EC_P256
                    ? SignatureAlgorithm.ecdsa(Hash.SHA256, EcdsaForm.DER)
                    : deterministic(key.kind());
            assertThat(key.sign(algorithm, DATA)).isNotEmpty();
            key.close();
            key.close();
            assertThatIllegalStateException()
                    .isThrownBy(() -> key.sign(algorithm, DATA))
                    .withMessage("this signing key is closed; read the key again");
        }
    }

    @Test
    void toString_ofEachKind_namesTheKindAlone() {
        assertThat(SigningKey.hmac(Secret.of("content".getBytes(UTF_8)))).hasToString("SigningKey[an HMAC secret]");
        assertThat(SigningKey.of(P384.getPrivate())).hasToString("SigningKey[an EC P-384 private key]");
        assertThat(VerifyingKey.of(P384.getPublic())).hasToString("VerifyingKey[for an EC P-384 private key]");
    }

    // ---- what is refused when a key is made

    @Test
    void hmac_emptySecret_isRefused() {
        assertThatThrownBy(() -> SigningKey.hmac(Secret.of(new byte[0])))
                .isInstanceOf(KeyException.class)
                .hasMessage("an HMAC secret must not be empty; look at where it is read from");
    }

    @Test
    void of_rsaBelow2048Bits_isRefused() {
        KeyPair small = TestKeys.rsa(1024);
        String message = "the RSA key has 1024 bits, but at least 2048 are wanted; make a new key";
        assertThatThrownBy(() -> SigningKey.of(small.getPrivate()))
                .isInstanceOf(KeyException.class)
                .hasMessage(message);
        assertThatThrownBy(() -> VerifyingKey.of(small.getPublic()))
                .isInstanceOf(KeyException.class)
                .hasMessage(message);
    }

    @Test
    void of_kindsThatNoVenueSignsWith_isRefusedByName() throws GeneralSecurityException {
        PrivateKey agreement =
                KeyPairGenerator.getInstance("X25519").generateKeyPair().getPrivate();
        assertThatThrownBy(() -> SigningKey.of(agreement))
                .isInstanceOf(KeyException.class)
                .hasMessage("a private key of the kind X25519 (key agreement; it cannot sign) is not supported; "
                        + "Ed25519, RSA and EC keys are");
        PrivateKey edwards448 =
                KeyPairGenerator.getInstance("Ed448").generateKeyPair().getPrivate();
        assertThatThrownBy(() -> SigningKey.of(edwards448))
                .isInstanceOf(KeyException.class)
                .hasMessage("a private key of the kind Ed448 is not supported; Ed25519, RSA and EC keys are");
        PrivateKey curve = TestKeys.ec("secp521r1").getPrivate();
        assertThatThrownBy(() -> SigningKey.of(curve))
                .isInstanceOf(KeyException.class)
                .hasMessage("the EC key is on the curve 1.3.132.0.35, but P-256, P-384 and secp256k1 are supported");
    }

    @Test
    void ed25519_seedOfAnotherLength_isRefused() {
        assertThatThrownBy(() -> SigningKey.ed25519(new byte[31]))
                .isInstanceOf(KeyException.class)
                .hasMessage("an Ed25519 seed has 32 bytes, but this has 31");
        assertThatThrownBy(() -> VerifyingKey.ed25519(new byte[33]))
                .isInstanceOf(KeyException.class)
                .hasMessage("an Ed25519 public key has 32 bytes, but this has 33");
    }

    // ---- keys that are elsewhere

    @Test
    void of_keyWithoutEncoding_signsThroughItsProvider() throws GeneralSecurityException {
        RSAPrivateCrtKey numbers = (RSAPrivateCrtKey) RSA.getPrivate();
        RSAPrivateKey withoutPrimes = (RSAPrivateKey) java.security.KeyFactory.getInstance("RSA")
                .generatePrivate(
                        new java.security.spec.RSAPrivateKeySpec(numbers.getModulus(), numbers.getPrivateExponent()));
        SigningKey key = SigningKey.of(withoutPrimes);
        SignatureAlgorithm algorithm = SignatureAlgorithm.rsaPkcs1(Hash.SHA256);
        assertThat(key.publicKey()).isEmpty();
        assertThat(key.sign(algorithm, DATA))
                .isEqualTo(SigningKey.of(RSA.getPrivate()).sign(algorithm, DATA));
    }

    @Test
    void remote_signer_getsAlgorithmAndExactData() {
        List<Object> seen = new ArrayList<>();
        SigningKey key = SigningKey.remote("kms-key-7", KeyKind.EC_P256, (algorithm, data) -> {
            seen.add(algorithm);
            seen.add(new String(data, UTF_8));
            return new byte[64];
        });
        SignatureAlgorithm algorithm = SignatureAlgorithm.ecdsa(Hash.SHA256, EcdsaForm.RAW);
        assertThat(key.sign(algorithm, "..data..".getBytes(UTF_8), 2, 4)).hasSize(64);
        assertThat(seen).containsExactly(algorithm, "data");
        assertThat(key.kind()).isEqualTo(KeyKind.EC_P256);
        assertThat(key.publicKey()).isEmpty();
    }

    @Test
    void remote_signatureInAnotherForm_isRefused() {
        SigningKey key = SigningKey.remote("kms-key-7", KeyKind.EC_P256, (algorithm, data) -> new byte[70]);
        assertThatThrownBy(() -> key.sign(SignatureAlgorithm.ecdsa(Hash.SHA256, EcdsaForm.RAW), DATA))
                .isInstanceOf(KeyException.class)
                .hasMessage("remote key kms-key-7 answered 70 bytes to ECDSA-SHA256, wanted exactly 64; "
                        + "check the form it signs in");
    }

    private static byte[] bytes(Random random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }
}
