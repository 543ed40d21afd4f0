package io.intaglio.signing.key;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.intaglio.signing.internal.Codecs;
import io.intaglio.signing.secret.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.crypto.util.PBKDF2Config;
import org.bouncycastle.crypto.util.PBKDFConfig;
import org.bouncycastle.crypto.util.ScryptConfig;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfoBuilder;
import org.bouncycastle.pkcs.jcajce.JcePKCSPBEOutputEncryptorBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every form of a key that is read. What is refused is in {@link KeyReaderRefusalTest}. */
class KeyReaderTest {
    private static final KeyPair RSA = TestKeys.rsa(2048);
    private static final KeyPair ED25519 = TestKeys.ed25519();
    private static final KeyPair P256 = TestKeys.ec("secp256r1");
    private static final KeyPair P384 = TestKeys.ec("secp384r1");
    private static final KeyPair K1 = TestKeys.ec("secp256k1");
    private static final Secret PASSWORD = secret("p\u00e4ssword \u20ac");

    @TempDir
    Path folder;

    static Stream<Arguments> keys() throws IOException {
        List<Arguments> keys = new ArrayList<>();
        for (KeyPair pair : List.of(RSA, ED25519, P256, P384, K1)) {
            keys.add(Arguments.of("PRIVATE KEY", pair, pair.getPrivate().getEncoded()));
        }
        keys.add(Arguments.of("RSA PRIVATE KEY", RSA, inside(RSA)));
        for (KeyPair pair : List.of(P256, P384, K1)) {
            keys.add(Arguments.of("EC PRIVATE KEY", pair, sec1(pair)));
        }
        return keys.stream();
    }

    private static byte[] inside(KeyPair pair) throws IOException {
        return PrivateKeyInfo.getInstance(pair.getPrivate().getEncoded())
                .parsePrivateKey()
                .toASN1Primitive()
                .getEncoded();
    }

    /** SEC 1 as OpenSSL writes it, with curve and public key. */
    private static byte[] sec1(KeyPair pair) throws IOException {
        PrivateKeyInfo info = PrivateKeyInfo.getInstance(pair.getPrivate().getEncoded());
        SubjectPublicKeyInfo known =
                SubjectPublicKeyInfo.getInstance(pair.getPublic().getEncoded());
        ECPrivateKey key = ECPrivateKey.getInstance(info.parsePrivateKey());
        int bits = pair == P384 ? 384 : 256;
        return new ECPrivateKey(
                        bits,
                        key.getKey(),
                        new DERBitString(known.getPublicKeyData().getOctets()),
                        info.getPrivateKeyAlgorithm().getParameters())
                .getEncoded();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("keys")
    void read_pemDerAndBareBase64_areTheSameKey(String label, KeyPair pair, byte[] der) {
        assertSame(KeyReader.read(secret(pem(label, der))), pair);
        assertSame(KeyReader.read(Secret.of(der)), pair);
        assertSame(KeyReader.read(secret(Base64.getEncoder().encodeToString(der))), pair);
        assertSame(KeyReader.pkcs8Base64(secret(Base64.getMimeEncoder().encodeToString(der))), pair);
        assertSame(KeyReader.read(secret(pem(label, der)), PASSWORD), pair);
        assertThat(KeyReader.looksLikePem(secret(pem(label, der)))).isTrue();
        assertThat(KeyReader.looksLikePem(Secret.of(der))).isFalse();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("keys")
    void looksLikePkcs8_bareBase64_onlyOfPkcs8(String label, KeyPair pair, byte[] der) {
        boolean pkcs8 = label.equals("PRIVATE KEY");

        assertThat(KeyReader.looksLikePkcs8(secret(Base64.getEncoder().encodeToString(der))))
                .isEqualTo(pkcs8);
        assertThat(KeyReader.looksLikePkcs8(secret(Base64.getMimeEncoder().encodeToString(der))))
                .isEqualTo(pkcs8);
        assertThat(KeyReader.looksLikePkcs8(secret(pem(label, der)))).isFalse();
        assertThat(KeyReader.looksLikePkcs8(secret(pair.getPublic().getAlgorithm())))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "7A1B9C3D5E7F0A2B4C6D8E0F1A3B5C7D",
                "MEUCIQD",
                "not base64!",
                "kQH5HW/8p1uGOVjbgWA7FunAmGO8lsSUXNsu3eow76s="
            })
    void looksLikePkcs8_sharedSecret_isNone(String text) {
        assertThat(KeyReader.looksLikePkcs8(secret(text))).isFalse();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("keys")
    void read_textThatTravelledBadly_isTheSameKey(String label, KeyPair pair, byte[] der) {
        String pem = pem(label, der);
        String escaped = pem.replace("\n", "\\n");
        List<String> travelled = List.of(
                pem.replace("\n", "\r\n"),
                pem.replace("\n", "\r"),
                pem.strip(),
                "\ufeff" + pem,
                "\ufeff" + pem.replace("\n", "\r\n"),
                "  \t\n" + pem + "\n \n",
                escaped,
                escaped.replace("\\n", "\\r\\n"),
                escaped.replace("\\n", "\\\\n"),
                '"' + escaped + '"',
                "'" + pem + "'",
                " \"" + pem.strip() + "\" ",
                pem.strip().replace("\n", " "),
                pem.replace("\n", "\n    "),
                "Bag Attributes\n    friendlyName: desk\nKey Attributes: <No Attributes>\n" + pem,
                pem(label, der, 76),
                pem(label, der, 1_000_000),
                pem("EC PARAMETERS", new byte[] {6, 1, 0}) + pem,
                pem + pem("CERTIFICATE", new byte[] {0x30, 0}));
        for (String text : travelled) {
            assertSame(KeyReader.read(secret(text)), pair);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("keys")
    void read_wrongLabelOverARightKey_goesByTheContent(String label, KeyPair pair, byte[] der) {
        String wrong = label.equals("PRIVATE KEY") ? "RSA PRIVATE KEY" : "PRIVATE KEY";
        assertSame(KeyReader.read(secret(pem(wrong, der))), pair);
    }

    @Test
    void read_derFileWhoseLastByteLooksLikeALineBreak_isWhole() throws IOException {
        byte[] seed = new byte[32];
        seed[31] = '\n';
        for (byte beforeLast : new byte[] {0, '\r'}) {
            seed[30] = beforeLast;
            byte[] der = ed25519Der(seed);
            Path file = Files.createFile(
                    folder.resolve("key" + beforeLast + ".der"),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.write(file, der);
            SigningKey key = KeyReader.read(Secret.fromFile(file));
            assertThat(key.rawPublicKey()).isEqualTo(SigningKey.ed25519(seed).rawPublicKey());
        }
    }

    private static byte[] ed25519Der(byte[] seed) {
        return HexFormat.of()
                .parseHex("302e020100300506032b657004220420" + HexFormat.of().formatHex(seed));
    }

    /** RFC 8410, section 10.3: the same key with and without its public half and attributes. */
    @Test
    void read_theExampleKeysOfRfc8410_areTheSame() {
        String plain = "MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC";
        String withPublic = "MHICAQEwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC"
                + "oB8wHQYKKoZIhvcNAQkJFDEPDA1DdXJkbGUgQ2hhaXJzgSEAGb9ECWmEzf6FQbrB"
                + "Z9w7lshQhqowtrbLDFw4rXAxZuE=";
        String expected = "19bf44096984cdfe8541bac167dc3b96c85086aa30b6b6cb0c5c38ad703166e1";
        assertThat(HexFormat.of().formatHex(KeyReader.read(secret(plain)).rawPublicKey()))
                .isEqualTo(expected);
        assertThat(HexFormat.of().formatHex(KeyReader.read(secret(withPublic)).rawPublicKey()))
                .isEqualTo(expected);
    }

    // ---- encrypted keys

    static Stream<Arguments> encryptions() {
        AlgorithmIdentifier sha256 = new AlgorithmIdentifier(PKCSObjectIdentifiers.id_hmacWithSHA256);
        AlgorithmIdentifier sha1 = new AlgorithmIdentifier(PKCSObjectIdentifiers.id_hmacWithSHA1);
        AlgorithmIdentifier sha512 = new AlgorithmIdentifier(PKCSObjectIdentifiers.id_hmacWithSHA512);
        return Stream.of(
                Arguments.of("PBKDF2-SHA256, AES-256", pbkdf2(sha256), NISTObjectIdentifiers.id_aes256_CBC),
                Arguments.of("PBKDF2-SHA512, AES-128", pbkdf2(sha512), NISTObjectIdentifiers.id_aes128_CBC),
                Arguments.of("PBKDF2-SHA1, 3DES", pbkdf2(sha1), PKCSObjectIdentifiers.des_EDE3_CBC),
                Arguments.of(
                        "scrypt, AES-256",
                        new ScryptConfig.Builder(16384, 8, 1).build(),
                        NISTObjectIdentifiers.id_aes256_CBC));
    }

    private static PBKDFConfig pbkdf2(AlgorithmIdentifier prf) {
        return new PBKDF2Config.Builder().withPRF(prf).withIterationCount(2048).build();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("encryptions")
    void read_encryptedWithItsPassword_isTheSameKey(String name, PBKDFConfig derivation, ASN1ObjectIdentifier cipher)
            throws IOException, OperatorCreationException {
        for (KeyPair pair : List.of(RSA, ED25519, P256, K1)) {
            byte[] der = encrypted(pair, derivation, cipher, "p\u00e4ssword \u20ac");
            assertSame(KeyReader.read(Secret.of(der), PASSWORD), pair);
            assertSame(KeyReader.read(secret(pem("ENCRYPTED PRIVATE KEY", der)), PASSWORD), pair);
            String escaped = pem("ENCRYPTED PRIVATE KEY", der).replace("\n", "\\n");
            assertSame(KeyReader.read(secret(escaped), PASSWORD), pair);
        }
    }

    @Test
    void read_wrongPasswords_neverOpenAndNeverShow() throws IOException, OperatorCreationException {
        AlgorithmIdentifier prf = new AlgorithmIdentifier(PKCSObjectIdentifiers.id_hmacWithSHA256);
        PBKDFConfig one =
                new PBKDF2Config.Builder().withPRF(prf).withIterationCount(1).build();
        byte[] der = encrypted(ED25519, one, NISTObjectIdentifiers.id_aes256_CBC, "right");
        for (int i = 0; i < 600; i++) {
            String wrong = "wrong" + i;
            assertThatThrownBy(() -> KeyReader.read(Secret.of(der), secret(wrong)))
                    .isInstanceOf(KeyException.class)
                    .hasMessage("the password does not open the encrypted private key; "
                            + "check the password, or the file is damaged")
                    .hasNoCause();
        }
    }

    static byte[] encrypted(KeyPair pair, PBKDFConfig derivation, ASN1ObjectIdentifier cipher, String password)
            throws IOException, OperatorCreationException {
        return new PKCS8EncryptedPrivateKeyInfoBuilder(pair.getPrivate().getEncoded())
                .build(new JcePKCSPBEOutputEncryptorBuilder(derivation, cipher)
                        .setProvider(TestKeys.BOUNCY_CASTLE)
                        .build(password.toCharArray()))
                .getEncoded();
    }

    // ---- bare Ed25519 keys

    @Test
    void ed25519_everyFormAndBothLengths_areTheSameKey() {
        Random random = new Random(11);
        for (int round = 0; round < 50; round++) {
            byte[] seed = new byte[32];
            random.nextBytes(seed);
            if (round % 5 == 0) {
                seed[0] = 0;
            }
            byte[] publicKey = SigningKey.ed25519(seed).rawPublicKey();
            byte[] both = Arrays.copyOf(seed, 64);
            System.arraycopy(publicKey, 0, both, 32, 32);
            for (byte[] bytes : List.of(seed, both)) {
                Base64.Encoder base64 = Base64.getEncoder();
                String hex = HexFormat.of().formatHex(bytes);
                String base58 = new String(Codecs.base58(bytes), US_ASCII);
                assertSeed(base64.encodeToString(bytes), KeyReader.SeedForm.BASE64, publicKey);
                assertSeed(base64.withoutPadding().encodeToString(bytes), KeyReader.SeedForm.BASE64, publicKey);
                assertSeed(" \"" + base64.encodeToString(bytes) + "\"\n", KeyReader.SeedForm.BASE64, publicKey);
                assertSeed(hex, KeyReader.SeedForm.HEX, publicKey);
                assertSeed("0x" + hex.toUpperCase(java.util.Locale.ROOT), KeyReader.SeedForm.HEX, publicKey);
                assertSeed(base58, KeyReader.SeedForm.BASE58, publicKey);
                assertSeed("ed25519:" + base58, KeyReader.SeedForm.BASE58, publicKey);
            }
            assertSeed(pem("PRIVATE KEY", ed25519Der(seed)), KeyReader.SeedForm.PEM, publicKey);
        }
    }

    private static void assertSeed(String text, KeyReader.SeedForm form, byte[] publicKey) {
        SigningKey key = KeyReader.ed25519(secret(text), form);
        assertThat(key.kind()).isEqualTo(KeyKind.ED25519);
        assertThat(key.rawPublicKey()).isEqualTo(publicKey);
    }

    // ---- public keys

    @Test
    void readPublic_pemAndBareBase64_areTheSameKey() {
        for (KeyPair pair : List.of(RSA, ED25519, P256, P384, K1)) {
            byte[] der = pair.getPublic().getEncoded();
            String pem = pem("PUBLIC KEY", der);
            for (String text : List.of(
                    pem,
                    pem.replace("\n", "\r\n"),
                    '"' + pem.replace("\n", "\\n") + '"',
                    Base64.getEncoder().encodeToString(der),
                    Base64.getMimeEncoder().encodeToString(der))) {
                assertThat(KeyReader.readPublic(text).getEncoded()).isEqualTo(der);
            }
        }
    }

    @Test
    void readPublic_rsaAsPkcs1_isTheSameKey() throws IOException {
        byte[] der = RSA.getPublic().getEncoded();
        byte[] pkcs1 = SubjectPublicKeyInfo.getInstance(der).parsePublicKey().getEncoded();
        assertThat(KeyReader.readPublic(pem("RSA PUBLIC KEY", pkcs1)).getEncoded())
                .isEqualTo(der);
    }

    // ---- helpers

    private static void assertSame(SigningKey key, KeyPair pair) {
        assertThat(key.publicKey().orElseThrow().getEncoded())
                .isEqualTo(pair.getPublic().getEncoded());
    }

    static Secret secret(String text) {
        return Secret.of(text.getBytes(UTF_8));
    }

    static String pem(String label, byte[] der) {
        return pem(label, der, 64);
    }

    private static String pem(String label, byte[] der, int width) {
        String body = Base64.getMimeEncoder(width, new byte[] {'\n'}).encodeToString(der);
        return "-----BEGIN " + label + "-----\n" + body + "\n-----END " + label + "-----\n";
    }
}
