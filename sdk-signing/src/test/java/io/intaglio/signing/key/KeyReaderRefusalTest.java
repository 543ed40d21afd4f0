package io.intaglio.signing.key;

import static io.intaglio.signing.key.KeyReaderTest.pem;
import static io.intaglio.signing.key.KeyReaderTest.secret;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.intaglio.signing.secret.Secret;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Date;
import java.util.HexFormat;
import java.util.Random;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.misc.MiscObjectIdentifiers;
import org.bouncycastle.asn1.misc.ScryptParams;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.EncryptedPrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.EncryptionScheme;
import org.bouncycastle.asn1.pkcs.KeyDerivationFunc;
import org.bouncycastle.asn1.pkcs.PBES2Parameters;
import org.bouncycastle.asn1.pkcs.PBKDF2Params;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.RSAPrivateKey;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfoBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.bouncycastle.pkcs.jcajce.JcePKCSPBEOutputEncryptorBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is no private key is refused with its name and the next step, and never shown. */
class KeyReaderRefusalTest {
    private static final KeyPair RSA = TestKeys.rsa(2048);
    private static final KeyPair ED25519 = TestKeys.ed25519();
    private static final KeyPair P256 = TestKeys.ec("secp256r1");
    private static final byte[] KEY = ED25519.getPrivate().getEncoded();
    private static final String PEM = pem("PRIVATE KEY", KEY);
    private static final String DAMAGED = "the private key is damaged: ";
    private static final String AGAIN = "; export it again from its source";

    static Stream<Arguments> wrong() throws Exception {
        byte[] publicKey = P256.getPublic().getEncoded();
        byte[] certificate = certificate().getEncoded();
        byte[] request = request();
        return Stream.of(
                wrong("empty", "", "the private key is empty; look at where it is read from"),
                wrong("blanks", " \n\t\r\n ", "the private key is empty; look at where it is read from"),
                wrong(
                        "public key",
                        pem("PUBLIC KEY", publicKey),
                        "wanted a private key, but this is a public key; give the private key that belongs to it"),
                wrong(
                        "public key in base64",
                        Base64.getEncoder().encodeToString(publicKey),
                        "wanted a private key, but this is a public key; give the private key that belongs to it"),
                wrong(
                        "public key as PKCS#1",
                        pem("RSA PUBLIC KEY", inside(RSA.getPublic().getEncoded())),
                        "wanted a private key, but this is an RSA public key (PKCS#1); "
                                + "give the private key that belongs to it"),
                wrong(
                        "public key under the label of a private one",
                        pem("PRIVATE KEY", publicKey),
                        "wanted a private key, but this is a public key; give the private key that belongs to it"),
                wrong(
                        "certificate",
                        pem("CERTIFICATE", certificate),
                        "wanted a private key, but this is a certificate; give the private key that belongs to it"),
                wrong(
                        "certificate request",
                        pem("CERTIFICATE REQUEST", request),
                        "wanted a private key, but this is a certificate request; give the key that it was made from"),
                wrong(
                        "old certificate request",
                        pem("NEW CERTIFICATE REQUEST", request),
                        "wanted a private key, but this is a certificate request; give the key that it was made from"),
                wrong(
                        "OpenSSH private key",
                        pem("OPENSSH PRIVATE KEY", "openssh-key-v1\0none".getBytes(US_ASCII)),
                        DAMAGED + "its OpenSSH block ends early" + AGAIN),
                wrong(
                        "OpenSSH public key",
                        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHVwZGF0ZWQ desk@example",
                        "wanted a private key, but this is an OpenSSH public key; take the private key, "
                                + "the file without .pub"),
                wrong(
                        "SSH2 key",
                        "---- BEGIN SSH2 PUBLIC KEY ----\nAAAAB3NzaC1yc2EAAA\n---- END SSH2 PUBLIC KEY ----",
                        "wanted a private key, but this is an SSH2 key; convert it with ssh-keygen -i"),
                wrong(
                        "PuTTY key",
                        "PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\nPrivate-Lines: 1\nAAAAIHVwZGF0",
                        "wanted a private key, but this is a PuTTY key; export it with: "
                                + "puttygen -O private-openssh-new"),
                wrong(
                        "PGP private key",
                        "-----BEGIN PGP PRIVATE KEY BLOCK-----\n\nlQHYBGNvbnRlbnQ=\n=abcd\n"
                                + "-----END PGP PRIVATE KEY BLOCK-----",
                        "wanted a private key, but this is a PGP block, which no venue signs with; make a new key"),
                wrong(
                        "encrypted without password",
                        pem("ENCRYPTED PRIVATE KEY", encrypted(costly(2048))),
                        "this is an encrypted private key and no password is given; "
                                + "use KeyReader.read(text, password)"),
                wrong(
                        "encrypted in OpenSSL's old form",
                        """
                        -----BEGIN RSA PRIVATE KEY-----
                        Proc-Type: 4,ENCRYPTED
                        DEK-Info: AES-128-CBC,0011223344556677

                        c2VjcmV0IGNvbnRlbnQ=
                        -----END RSA PRIVATE KEY-----
                        """,
                        "this is a private key encrypted in OpenSSL's old form (Proc-Type: 4,ENCRYPTED); "
                                + "convert it with: openssl pkcs8 -topk8 -v2 aes-256-cbc -in old.pem -out new.pem"),
                wrong(
                        "BEGIN without END",
                        PEM.substring(0, PEM.indexOf("-----END")),
                        "the PEM text is truncated: it has -----BEGIN PRIVATE KEY----- but no "
                                + "-----END PRIVATE KEY----- after it; copy it whole"),
                wrong(
                        "another END than BEGIN",
                        PEM.replace("END PRIVATE", "END RSA PRIVATE"),
                        "the PEM text is truncated: it has -----BEGIN PRIVATE KEY----- but no "
                                + "-----END PRIVATE KEY----- after it; copy it whole"),
                wrong(
                        "END without BEGIN",
                        PEM.substring(PEM.indexOf('\n') + 1),
                        "wanted a private key, but this is PEM text without its BEGIN line; copy it whole"),
                wrong(
                        "a BEGIN line cut off",
                        "-----BEGIN PRIVATE",
                        "the PEM text is damaged: its BEGIN line does not end in -----"),
                wrong(
                        "a line lost from the middle",
                        pem("RSA PRIVATE KEY", Arrays.copyOf(inside(RSA.getPrivate()), 600)),
                        DAMAGED + "what its PEM block holds is not DER, or not all of it" + AGAIN),
                wrong(
                        "a character of the body damaged",
                        PEM.replace("\nMC4C", "\nM\u00a7C4C"),
                        "the body of PRIVATE KEY is not base64: character 2 is outside the alphabet"),
                wrong("two private keys", PEM + PEM, "the PEM text holds 2 private keys; leave the one to sign with"),
                wrong(
                        "the curve's name alone",
                        pem("EC PARAMETERS", X9ObjectIdentifiers.prime256v1.getEncoded()),
                        "wanted a private key, but this is the name of a curve; "
                                + "the key itself is missing, copy the text whole"),
                wrong(
                        "PEM in base64 once more",
                        Base64.getEncoder().encodeToString(PEM.getBytes(US_ASCII)),
                        "this is PEM text encoded in base64 once more; decode it once with: base64 -d"),
                wrong(
                        "an HMAC secret",
                        "NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP1e3UZjInClVN65XAbvqqM6A7H5fATj0j",
                        "this is not a private key but plain text, like an HMAC secret or a bare seed; use "
                                + "SigningKey.hmac(secret) for an HMAC secret and KeyReader.ed25519(text, form) "
                                + "for an Ed25519 seed"),
                wrong(
                        "an HMAC secret that looks like hex",
                        "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff",
                        "this is not a private key but plain text, like an HMAC secret or a bare seed; use "
                                + "SigningKey.hmac(secret) for an HMAC secret and KeyReader.ed25519(text, form) "
                                + "for an Ed25519 seed"),
                wrong(
                        "a JSON Web Key with a short seed",
                        "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"d\":\"c2VjcmV0Y29udGVudA\"}",
                        "an Ed25519 seed has 32 bytes, but this has 13"),
                wrong(
                        "a JSON file around the key",
                        "{\"name\":\"organizations/1\",\"privateKey\":\"c2VjcmV0Y29udGVudA\"}",
                        "wanted a private key, but this is JSON; give the value of its key field alone"),
                wrong(
                        "text in UTF-16, marked",
                        PEM.getBytes(UTF_16),
                        "wanted a private key, but this is text in UTF-16; save it as UTF-8"),
                wrong(
                        "text in UTF-16, not marked",
                        PEM.getBytes(UTF_16LE),
                        "wanted a private key, but this is text in UTF-16; save it as UTF-8"),
                wrong(
                        "PKCS#12 keystore",
                        keystore("PKCS12"),
                        "wanted a private key, but this is a PKCS#12 keystore; "
                                + "take its key with: openssl pkcs12 -nocerts"),
                wrong(
                        "JKS keystore",
                        keystore("JKS"),
                        "wanted a private key, but this is a JKS keystore; open it with keytool"),
                wrong(
                        "DSA",
                        pem("DSA PRIVATE KEY", new byte[] {0x30, 3, 2, 1, 0}),
                        "wanted a private key, but this is a DSA private key, which is not supported; "
                                + "Ed25519, RSA and EC keys are"),
                wrong(
                        "X25519",
                        pem(
                                "PRIVATE KEY",
                                HexFormat.of().parseHex("302e020100300506032b656e04220420" + "ab".repeat(32))),
                        "a private key of the kind X25519 (key agreement; it cannot sign) is not supported; "
                                + "Ed25519, RSA and EC keys are"),
                wrong(
                        "RSA of 1024 bits",
                        TestKeys.rsa(1024).getPrivate().getEncoded(),
                        "the RSA key has 1024 bits, but at least 2048 are wanted; make a new key"),
                wrong(
                        "RSA whose numbers do not belong together",
                        pem("RSA PRIVATE KEY", strangeRsa()),
                        DAMAGED + "its RSA numbers do not belong together" + AGAIN),
                wrong(
                        "EC with another key's public half",
                        strangeEc(),
                        DAMAGED + "the public key beside it belongs to another private key" + AGAIN),
                wrong(
                        "EC without its curve",
                        pem("EC PRIVATE KEY", new ECPrivateKey(256, BigInteger.TEN.pow(70)).getEncoded()),
                        "the EC private key does not name its curve; export it again as PKCS#8, which names it"),
                wrong(
                        "EC with a number beyond the order",
                        ec(BigInteger.TWO.pow(256).subtract(BigInteger.ONE)),
                        "an EC P-256 private key must lie between 1 and the order of its curve, and this does not; "
                                + "the key is damaged"),
                wrong(
                        "Ed25519 with another seed's public half",
                        HexFormat.of()
                                .parseHex("3051020101300506032b657004220420" + "ab".repeat(32) + "812100"
                                        + "cd".repeat(32)),
                        DAMAGED + "the public key beside its Ed25519 seed belongs to another seed" + AGAIN),
                wrong(
                        "Ed25519 with a short seed",
                        HexFormat.of().parseHex("302d020100300506032b65700421041f" + "ab".repeat(31)),
                        "an Ed25519 seed has 32 bytes, but this has 31"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("wrong")
    void read_noPrivateKey_saysWhatItIsAndShowsNothing(String name, byte[] content, String message) {
        assertThatThrownBy(() -> KeyReader.read(Secret.of(content)))
                .isInstanceOf(KeyException.class)
                .hasMessage(message)
                .hasNoCause();
        assertNothingShown(content, message);
    }

    /** No eight characters of the content outside of PEM's own lines may occur in the message. */
    private static void assertNothingShown(byte[] content, String message) {
        String text = new String(content, UTF_8)
                .replaceAll("-----[A-Z0-9 ]*-----", "")
                .replaceAll("-----(BEGIN|END)[A-Z ]*", "")
                .replace("Proc-Type: 4,ENCRYPTED", "");
        for (int i = 0; i + 8 <= text.length(); i++) {
            assertThat(message).doesNotContain(text.substring(i, i + 8));
        }
    }

    // ---- what encrypted keys may ask for

    static Stream<Arguments> costs() throws Exception {
        return Stream.of(
                Arguments.of(
                        costly(10_000_001),
                        "the encrypted private key asks for 10000001 PBKDF2 iterations, but at most 10000000 are done; "
                                + "encrypt it again with fewer"),
                Arguments.of(
                        pbes2(
                                PKCSObjectIdentifiers.id_PBKDF2,
                                new DERSequence(new ASN1Encodable[] {
                                    new DEROctetString(new byte[8]), new ASN1Integer(BigInteger.TWO.pow(80))
                                }),
                                NISTObjectIdentifiers.id_aes256_CBC),
                        "the encrypted private key asks for over 2^63 PBKDF2 iterations, but at most 10000000 are"
                                + " done; encrypt it again with fewer"),
                Arguments.of(
                        scrypt(1 << 20, 8, 1),
                        "the encrypted private key asks for scrypt with N 1048576, r 8 and p 1, but at most 256 MiB of "
                                + "memory and p 16 are spent; encrypt it again with less"),
                Arguments.of(
                        scrypt(1 << 10, 8, 17),
                        "the encrypted private key asks for scrypt with N 1024, r 8 and p 17, but at most 256 MiB of "
                                + "memory and p 16 are spent; encrypt it again with less"),
                Arguments.of(
                        pbes2(
                                new ASN1ObjectIdentifier("1.2.3.4"),
                                DERNull.INSTANCE,
                                NISTObjectIdentifiers.id_aes256_CBC),
                        "the private key is encrypted with the key derivation 1.2.3.4, but PBKDF2 and scrypt are"
                                + " supported"),
                Arguments.of(
                        pbes2(
                                PKCSObjectIdentifiers.id_PBKDF2,
                                new PBKDF2Params(new byte[8], 1000),
                                PKCSObjectIdentifiers.RC2_CBC),
                        "the private key is encrypted with the cipher 1.2.840.113549.3.2, but AES and triple DES in "
                                + "CBC mode are supported; convert it with: openssl pkcs8 -topk8 -v2 aes-256-cbc"),
                Arguments.of(
                        pbes2(PKCSObjectIdentifiers.id_PBKDF2, DERNull.INSTANCE, NISTObjectIdentifiers.id_aes256_CBC),
                        "the encrypted private key is damaged: its parameters cannot be read"));
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("costs")
    void read_encryptedAtAbsurdCost_isRefusedBeforePaying(EncryptedPrivateKeyInfo info, String message) {
        assertThatThrownBy(() -> KeyReader.read(Secret.of(encrypted(info)), secret("password")))
                .isInstanceOf(KeyException.class)
                .hasMessage(message)
                .hasNoCause();
    }

    @Test
    void read_encryptedInTheFormOfPkcs12_isRefusedWithTheWayOut() throws IOException, OperatorCreationException {
        byte[] der = new PKCS8EncryptedPrivateKeyInfoBuilder(KEY)
                .build(new JcePKCSPBEOutputEncryptorBuilder(PKCSObjectIdentifiers.pbeWithSHAAnd3_KeyTripleDES_CBC)
                        .setProvider(TestKeys.BOUNCY_CASTLE)
                        .build("password".toCharArray()))
                .getEncoded();
        assertThatThrownBy(() -> KeyReader.read(Secret.of(der), secret("password")))
                .isInstanceOf(KeyException.class)
                .hasMessage("the private key is encrypted in an outdated form (1.2.840.113549.1.12.1.3); "
                        + "convert it with: openssl pkcs8 -topk8 -v2 aes-256-cbc -in old.pem -out new.pem");
    }

    // ---- bare seeds

    @Test
    void ed25519_wrongText_saysWhatIsWrong() {
        byte[] seed = new byte[32];
        byte[] mismatched = Arrays.copyOf(seed, 64);
        mismatched[63] = 1;
        Base64.Encoder base64 = Base64.getEncoder();
        assertSeedRefused(
                base64.encodeToString(new byte[33]),
                KeyReader.SeedForm.BASE64,
                "an Ed25519 seed has 32 bytes, or 64 with its public key, but this has 33");
        assertSeedRefused(
                base64.encodeToString(mismatched),
                KeyReader.SeedForm.BASE64,
                DAMAGED + "the public key beside its Ed25519 seed belongs to another seed" + AGAIN);
        assertSeedRefused(
                base64.encodeToString(KEY),
                KeyReader.SeedForm.BASE64,
                "wanted a bare Ed25519 seed, but this is a whole private key (DER); "
                        + "read it with KeyReader.pkcs8Base64(text)");
        assertSeedRefused(
                PEM,
                KeyReader.SeedForm.BASE64,
                "wanted an Ed25519 seed in base64, but this is PEM text; read it with KeyReader.read(text)");
        assertSeedRefused(
                "q".repeat(31) + "!" + "q".repeat(12),
                KeyReader.SeedForm.BASE64,
                "Ed25519 seed is not base64: character 32 is outside the alphabet");
        assertSeedRefused(
                "0x" + "0".repeat(63),
                KeyReader.SeedForm.HEX,
                "Ed25519 seed is not hex: it has an odd number of characters, 63");
        assertSeedRefused(
                "ed25519:11O",
                KeyReader.SeedForm.BASE58,
                "Ed25519 seed is not base58: character 3 is outside the alphabet");
        assertSeedRefused("\n", KeyReader.SeedForm.HEX, "the private key is empty; look at where it is read from");
        assertSeedRefused(
                pem("PRIVATE KEY", P256.getPrivate().getEncoded()),
                KeyReader.SeedForm.PEM,
                "wanted an Ed25519 private key, but this is an EC P-256 private key");
    }

    private static void assertSeedRefused(String text, KeyReader.SeedForm form, String message) {
        assertThatThrownBy(() -> KeyReader.ed25519(secret(text), form))
                .isInstanceOf(KeyException.class)
                .hasMessage(message)
                .hasNoCause();
    }

    // ---- public keys

    @Test
    void readPublic_noPublicKey_saysWhatItIs() throws Exception {
        assertPublicRefused(
                PEM,
                "wanted a public key, but this is a PKCS#8 private key; take its public half with: openssl pkey"
                        + " -pubout");
        assertPublicRefused(
                pem("CERTIFICATE", certificate().getEncoded()),
                "wanted a public key, but this is a certificate; take its public key with: openssl x509 -pubkey"
                        + " -noout");
        assertPublicRefused(
                "bm90IGEga2V5", "the public key is damaged: what its base64 holds is not DER; copy it whole");
        assertPublicRefused("ab$d", "the public key is not base64: character 3 is outside the alphabet");
        assertPublicRefused(
                pem("PUBLIC KEY", TestKeys.rsa(1024).getPublic().getEncoded()),
                "the RSA key has 1024 bits, but at least 2048 are wanted; make a new key");
        byte[] offCurve = P256.getPublic().getEncoded();
        offCurve[offCurve.length - 1] ^= 1;
        assertThatThrownBy(() -> VerifyingKey.of(KeyReader.readPublic(pem("PUBLIC KEY", offCurve))))
                .isInstanceOf(KeyException.class);
    }

    private static void assertPublicRefused(String text, String message) {
        assertThatThrownBy(() -> KeyReader.readPublic(text))
                .isInstanceOf(KeyException.class)
                .hasMessage(message)
                .hasNoCause();
    }

    // ---- anything at all

    @Test
    void read_damagedAtRandom_isAKeyOrAKeyException() throws IOException {
        Random random = new Random(8410);
        byte[][] originals = {
            KEY,
            P256.getPrivate().getEncoded(),
            RSA.getPrivate().getEncoded(),
            inside(RSA.getPrivate()),
            encrypted(costly(1)),
            PEM.getBytes(US_ASCII),
            pem("PRIVATE KEY", P256.getPrivate().getEncoded()).getBytes(US_ASCII),
        };
        for (int i = 0; i < 20_000; i++) {
            byte[] damaged = damaged(originals[i % originals.length], random);
            Throwable thrown = catchThrowable(() -> KeyReader.read(Secret.of(damaged), secret("password")));
            if (thrown != null) {
                assertThat(thrown).isInstanceOf(KeyException.class).hasNoCause();
            }
        }
    }

    private static byte[] damaged(byte[] original, Random random) {
        byte[] bytes = random.nextInt(4) == 0
                ? Arrays.copyOf(original, random.nextInt(original.length + 10))
                : original.clone();
        int changes = random.nextInt(3);
        for (int i = 0; i < changes && bytes.length > 0; i++) {
            int near = Math.min(bytes.length, random.nextBoolean() ? 40 : bytes.length);
            bytes[random.nextInt(near)] = (byte) random.nextInt(256);
        }
        return bytes;
    }

    @Test
    void read_deeplyNestedDer_isRefused() {
        byte[] nested = new byte[200_000];
        for (int i = 0; i < nested.length; i += 2) {
            nested[i] = 0x30;
            nested[i + 1] = (byte) 0x80;
        }
        assertThatThrownBy(() -> KeyReader.read(Secret.of(nested))).isInstanceOf(KeyException.class);
    }

    // ---- what the wrong inputs are made of

    private static Arguments wrong(String name, String text, String message) {
        return wrong(name, text.getBytes(UTF_8), message);
    }

    private static Arguments wrong(String name, byte[] content, String message) {
        return Arguments.of(name, content, message);
    }

    private static byte[] inside(byte[] publicKey) throws IOException {
        return org.bouncycastle.asn1.x509.SubjectPublicKeyInfo.getInstance(publicKey)
                .parsePublicKey()
                .getEncoded();
    }

    private static byte[] inside(java.security.PrivateKey key) throws IOException {
        return PrivateKeyInfo.getInstance(key.getEncoded())
                .parsePrivateKey()
                .toASN1Primitive()
                .getEncoded();
    }

    private static byte[] strangeRsa() throws IOException {
        RSAPrivateKey key = RSAPrivateKey.getInstance(inside(RSA.getPrivate()));
        return new RSAPrivateKey(
                        key.getModulus(),
                        key.getPublicExponent(),
                        key.getPrivateExponent(),
                        key.getPrime1(),
                        key.getPrime2(),
                        key.getExponent1().add(BigInteger.TWO),
                        key.getExponent2(),
                        key.getCoefficient())
                .getEncoded();
    }

    private static byte[] strangeEc() throws IOException {
        byte[] point = org.bouncycastle.asn1.x509.SubjectPublicKeyInfo.getInstance(
                        TestKeys.ec("secp256r1").getPublic().getEncoded())
                .getPublicKeyData()
                .getOctets();
        BigInteger number = ((java.security.interfaces.ECPrivateKey) P256.getPrivate()).getS();
        return new ECPrivateKey(
                        256, number, new org.bouncycastle.asn1.DERBitString(point), X9ObjectIdentifiers.prime256v1)
                .getEncoded();
    }

    private static byte[] ec(BigInteger number) throws IOException {
        return new ECPrivateKey(256, number, X9ObjectIdentifiers.prime256v1).getEncoded();
    }

    private static EncryptedPrivateKeyInfo costly(int iterations) {
        return pbes2(
                PKCSObjectIdentifiers.id_PBKDF2,
                new PBKDF2Params(new byte[8], iterations),
                NISTObjectIdentifiers.id_aes256_CBC);
    }

    private static EncryptedPrivateKeyInfo scrypt(int n, int r, int p) {
        return pbes2(
                MiscObjectIdentifiers.id_scrypt,
                new ScryptParams(new byte[8], n, r, p),
                NISTObjectIdentifiers.id_aes256_CBC);
    }

    private static EncryptedPrivateKeyInfo pbes2(
            ASN1ObjectIdentifier derivation, ASN1Encodable cost, ASN1ObjectIdentifier cipher) {
        PBES2Parameters parameters = new PBES2Parameters(
                new KeyDerivationFunc(derivation, cost),
                new EncryptionScheme(cipher, new DEROctetString(new byte[16])));
        return new EncryptedPrivateKeyInfo(
                new AlgorithmIdentifier(PKCSObjectIdentifiers.id_PBES2, parameters), new byte[48]);
    }

    private static byte[] encrypted(EncryptedPrivateKeyInfo info) {
        try {
            return info.getEncoded();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** Found by fuzzing: an END line that shares its dashes with the BEGIN line gave a block of negative length. */
    @Test
    void read_endLineThatSharesTheDashesOfTheBeginLine_isRefusedAsTruncated() {
        assertThatThrownBy(() -> KeyReader.read(Secret.takeOver(
                        "-----BEGIN -----END ----------".getBytes(java.nio.charset.StandardCharsets.US_ASCII))))
                .isInstanceOf(KeyException.class)
                .hasMessageContaining("is truncated");
    }

    private static ContentSigner signer() throws OperatorCreationException {
        return new JcaContentSignerBuilder("SHA256withECDSA").build(P256.getPrivate());
    }

    private static X509Certificate certificate() throws OperatorCreationException, GeneralSecurityException {
        X500Name name = new X500Name("CN=desk");
        Instant start = Instant.parse("2026-01-01T00:00:00Z");
        return new JcaX509CertificateConverter()
                .getCertificate(new JcaX509v3CertificateBuilder(
                                name,
                                BigInteger.TEN,
                                Date.from(start),
                                Date.from(start.plusSeconds(86_400)),
                                name,
                                P256.getPublic())
                        .build(signer()));
    }

    private static byte[] request() throws OperatorCreationException, IOException {
        return new JcaPKCS10CertificationRequestBuilder(new X500Name("CN=desk"), P256.getPublic())
                .build(signer())
                .getEncoded();
    }

    private static byte[] keystore(String type) throws Exception {
        KeyStore store = KeyStore.getInstance(type);
        store.load(null, null);
        char[] password = "password".toCharArray();
        store.setKeyEntry("desk", P256.getPrivate(), password, new X509Certificate[] {certificate()});
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        store.store(out, password);
        return out.toByteArray();
    }
}
