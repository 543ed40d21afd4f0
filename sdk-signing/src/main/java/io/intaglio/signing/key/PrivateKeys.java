package io.intaglio.signing.key;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Security;
import java.security.interfaces.ECKey;
import java.security.interfaces.EdECKey;
import java.security.interfaces.RSAKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.NamedParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAPrivateCrtKeySpec;
import java.util.Arrays;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1BitString;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.RSAPrivateKey;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.jspecify.annotations.Nullable;

/** Makes signing keys from private keys, and checks that the numbers of a key belong together. */
final class PrivateKeys {
    private PrivateKeys() {}

    /** A signing key from the JDK's object, which may live in a token and show nothing. */
    static SigningKey of(PrivateKey key) {
        byte[] encoded = key.getEncoded();
        boolean numbersComplete =
                !(key instanceof java.security.interfaces.RSAPrivateKey) || key instanceof RSAPrivateCrtKey;
        if (encoded == null || !"PKCS#8".equals(key.getFormat()) || !numbersComplete) {
            return token(key, key, null);
        }
        try {
            return of(info(encoded));
        } finally {
            Arrays.fill(encoded, (byte) 0);
        }
    }

    private static PrivateKeyInfo info(byte[] encoded) {
        try {
            return PrivateKeyInfo.getInstance(encoded);
        } catch (RuntimeException e) {
            throw damaged("its PKCS#8 encoding cannot be read");
        }
    }

    /**
     * @param shown what shows the public numbers: the key itself, or the public key where the token's shows nothing
     * @param provider of the token, null when the JDK finds it by the key
     */
    static SigningKey token(PrivateKey key, Key shown, @Nullable Provider provider) {
        String name = key.getAlgorithm();
        if (name.equals("RSA") || name.equals("RSASSA-PSS")) {
            if (!(shown instanceof RSAKey numbers)) {
                throw new KeyException("the RSA key in the token does not show its modulus, so its size is unknown; "
                        + "sign with SigningKey.remote instead");
            }
            PublicKeys.checkRsaSize(numbers.getModulus());
            int modulusLength = (numbers.getModulus().bitLength() + 7) / 8;
            return new SigningKey(KeyKind.RSA, ProviderSigner.token(KeyKind.RSA, key, provider, modulusLength));
        }
        if (shown instanceof ECKey numbers) {
            KeyKind kind = EcCurve.of(numbers.getParams())
                    .orElseThrow(() -> new KeyException("the EC key in the token is on a curve that is not supported; "
                            + "P-256, P-384 and secp256k1 are"))
                    .kind();
            return new SigningKey(kind, ProviderSigner.token(kind, key, provider, 0));
        }
        boolean edwards = key instanceof EdECKey numbers
                ? numbers.getParams().getName().equals(NamedParameterSpec.ED25519.getName())
                : name.equals("Ed25519");
        if (edwards) {
            return new SigningKey(KeyKind.ED25519, ProviderSigner.token(KeyKind.ED25519, key, provider, 0));
        }
        throw new KeyException(
                "a private key of the algorithm " + name + " is not supported; Ed25519, RSA and EC keys are");
    }

    static SigningKey of(PrivateKeyInfo info) {
        ASN1ObjectIdentifier algorithm = info.getPrivateKeyAlgorithm().getAlgorithm();
        try {
            if (algorithm.equals(EdECObjectIdentifiers.id_Ed25519)) {
                return ed25519(info);
            }
            if (algorithm.equals(PKCSObjectIdentifiers.rsaEncryption)
                    || algorithm.equals(PKCSObjectIdentifiers.id_RSASSA_PSS)) {
                return rsa(RSAPrivateKey.getInstance(info.parsePrivateKey()));
            }
            if (algorithm.equals(X9ObjectIdentifiers.id_ecPublicKey)) {
                return ec(ECPrivateKey.getInstance(info.parsePrivateKey()), info.getPrivateKeyAlgorithm());
            }
        } catch (KeyException e) {
            throw e;
        } catch (IOException | RuntimeException e) { // a parser's message may show what it read, so it ends here
            throw damaged("what its PKCS#8 envelope holds cannot be read");
        }
        throw new KeyException("a private key of the kind " + described(algorithm)
                + " is not supported; Ed25519, RSA and EC keys are");
    }

    private static String described(ASN1ObjectIdentifier algorithm) {
        return switch (algorithm.getId()) {
            case "1.3.101.110" -> "X25519 (key agreement; it cannot sign)";
            case "1.3.101.113" -> "Ed448";
            case "1.2.840.10040.4.1" -> "DSA";
            default -> algorithm.getId();
        };
    }

    private static SigningKey ed25519(PrivateKeyInfo info) throws IOException {
        byte[] seed = ASN1OctetString.getInstance(info.parsePrivateKey()).getOctets();
        try {
            ASN1BitString stated = info.getPublicKeyData();
            return ed25519(seed, stated == null ? null : stated.getOctets());
        } finally {
            Arrays.fill(seed, (byte) 0);
        }
    }

    /** @param stated the public key that the source gives with the seed, if it does */
    static SigningKey ed25519(byte[] seed, byte @Nullable [] stated) {
        Ed25519Signer signer = Ed25519Signer.of(seed);
        byte[] publicKey = signer.rawPublicKey().orElseThrow();
        if (stated != null && !Arrays.equals(stated, publicKey)) {
            throw damaged("the public key beside its Ed25519 seed belongs to another seed");
        }
        Optional<Signer> faster = Corretto.signer(
                "Ed25519", ed25519Info(seed), (provider, key) -> ProviderSigner.ed25519(key, provider, publicKey));
        return new SigningKey(KeyKind.ED25519, faster.orElse(signer));
    }

    static PrivateKeyInfo ed25519Info(byte[] seed) {
        try {
            return new PrivateKeyInfo(
                    new AlgorithmIdentifier(EdECObjectIdentifiers.id_Ed25519), new DEROctetString(seed));
        } catch (IOException e) {
            throw new UncheckedIOException("an octet string could not be encoded in memory", e);
        }
    }

    static SigningKey rsa(RSAPrivateKey numbers) {
        PublicKeys.checkRsaSize(numbers.getModulus());
        checkRsaNumbers(numbers);
        PublicKey publicKey = PublicKeys.rsa(numbers.getModulus(), numbers.getPublicExponent());
        PrivateKeyInfo info = rsaInfo(numbers);
        int modulusLength = (numbers.getModulus().bitLength() + 7) / 8;
        Optional<Signer> faster = Corretto.signer(
                "RSA", info, (provider, key) -> ProviderSigner.rsa(key, provider, publicKey, modulusLength));
        return new SigningKey(KeyKind.RSA, faster.orElseGet(() -> jdkRsa(numbers, info, publicKey, modulusLength)));
    }

    /**
     * The JDK's own provider signs with the five numbers of the Chinese remainder theorem alone, but puts the private exponent into a static
     * map, beside its blinding parameters, where it outlives the key. So it is given another number there. Other providers, where that one is
     * missing, are given the whole key.
     */
    private static Signer jdkRsa(RSAPrivateKey numbers, PrivateKeyInfo info, PublicKey publicKey, int modulusLength) {
        Provider own = Security.getProvider("SunRsaSign");
        if (own == null) {
            return ProviderSigner.rsa(jdkRsa(info), null, publicKey, modulusLength);
        }
        try {
            PrivateKey key = KeyFactory.getInstance("RSA", own)
                    .generatePrivate(new RSAPrivateCrtKeySpec(
                            numbers.getModulus(),
                            numbers.getPublicExponent(),
                            BigInteger.ONE,
                            numbers.getPrime1(),
                            numbers.getPrime2(),
                            numbers.getExponent1(),
                            numbers.getExponent2(),
                            numbers.getCoefficient()));
            return ProviderSigner.rsa(key, own, publicKey, modulusLength);
        } catch (GeneralSecurityException e) {
            throw damaged("its RSA numbers are refused by the JDK");
        }
    }

    /** The private exponent belongs to the others, whatever stands in its place. */
    static PrivateKeyInfo withPrivateExponent(PrivateKeyInfo info) {
        try {
            RSAPrivateKey key = RSAPrivateKey.getInstance(info.parsePrivateKey());
            BigInteger one = BigInteger.ONE;
            BigInteger p1 = key.getPrime1().subtract(one);
            BigInteger q1 = key.getPrime2().subtract(one);
            BigInteger d = key.getPublicExponent().modInverse(p1.multiply(q1).divide(p1.gcd(q1)));
            return rsaInfo(new RSAPrivateKey(
                    key.getModulus(),
                    key.getPublicExponent(),
                    d,
                    key.getPrime1(),
                    key.getPrime2(),
                    key.getExponent1(),
                    key.getExponent2(),
                    key.getCoefficient()));
        } catch (IOException e) {
            throw new UncheckedIOException("a key in memory could not be read", e);
        }
    }

    private static PrivateKeyInfo rsaInfo(RSAPrivateKey numbers) {
        try {
            return new PrivateKeyInfo(
                    new AlgorithmIdentifier(PKCSObjectIdentifiers.rsaEncryption, DERNull.INSTANCE), numbers);
        } catch (IOException e) {
            throw damaged("its RSA numbers cannot be encoded");
        }
    }

    private static PrivateKey jdkRsa(PrivateKeyInfo info) {
        byte[] encoded = new byte[0];
        try {
            encoded = info.getEncoded("DER");
            return KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(encoded));
        } catch (GeneralSecurityException | IOException e) {
            throw damaged("its RSA numbers are refused by the JDK");
        } finally {
            Arrays.fill(encoded, (byte) 0);
        }
    }

    private static void checkRsaNumbers(RSAPrivateKey key) {
        BigInteger p = key.getPrime1();
        BigInteger q = key.getPrime2();
        BigInteger one = BigInteger.ONE;
        boolean sound = p.compareTo(one) > 0
                && q.compareTo(one) > 0
                && p.multiply(q).equals(key.getModulus())
                && key.getExponent1().equals(key.getPrivateExponent().mod(p.subtract(one)))
                && key.getExponent2().equals(key.getPrivateExponent().mod(q.subtract(one)))
                && key.getCoefficient().multiply(q).mod(p).equals(one)
                && key.getPublicExponent()
                        .multiply(key.getExponent1())
                        .mod(p.subtract(one))
                        .equals(one)
                && key.getPublicExponent()
                        .multiply(key.getExponent2())
                        .mod(q.subtract(one))
                        .equals(one);
        if (!sound) {
            throw damaged("its RSA numbers do not belong together");
        }
    }

    /** A key that names its curve itself, as SEC 1 says. */
    static SigningKey ec(ECPrivateKey key) {
        if (key.getParametersObject() == null) {
            throw new KeyException(
                    "the EC private key does not name its curve; export it again as PKCS#8, which names it");
        }
        return ec(key, new AlgorithmIdentifier(X9ObjectIdentifiers.id_ecPublicKey, key.getParametersObject()));
    }

    /** @param algorithm names the curve; the key's own mention of it is optional and must agree */
    static SigningKey ec(ECPrivateKey key, AlgorithmIdentifier algorithm) {
        EcCurve curve = EcCurve.of(algorithm);
        if (key.getParametersObject() != null && !curve.oid().equals(key.getParametersObject())) {
            throw damaged("it names two different curves");
        }
        EcSigner signer = EcSigner.of(curve, key.getKey());
        byte[] point = signer.rawPublicKey().orElseThrow();
        ASN1BitString stated = key.getPublicKey();
        if (stated != null && !Arrays.equals(uncompressed(curve, stated.getOctets()), point)) {
            throw damaged("the public key beside it belongs to another private key");
        }
        Optional<Signer> faster = Corretto.signer(
                "EC", ecInfo(curve, key), (provider, made) -> ProviderSigner.ec(curve, made, provider, point));
        return new SigningKey(curve.kind(), faster.orElse(signer));
    }

    private static byte[] uncompressed(EcCurve curve, byte[] point) {
        return curve.domain().getCurve().decodePoint(point).getEncoded(false);
    }

    static PrivateKeyInfo ecInfo(EcCurve curve, ECPrivateKey key) {
        try {
            return new PrivateKeyInfo(new AlgorithmIdentifier(X9ObjectIdentifiers.id_ecPublicKey, curve.oid()), key);
        } catch (IOException e) {
            throw damaged("its EC numbers cannot be encoded");
        }
    }

    static KeyException damaged(String how) {
        return new KeyException("the private key is damaged: " + how + "; export it again from its source");
    }
}
