package io.intaglio.signing.key;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.RSAPublicKeySpec;
import java.security.spec.X509EncodedKeySpec;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.jcajce.provider.asymmetric.ec.KeyFactorySpi;

/** Makes public key objects from their numbers. */
final class PublicKeys {
    static final int MIN_RSA_BITS = 2048;

    private PublicKeys() {}

    static PublicKey ed25519(byte[] raw) {
        return of(new SubjectPublicKeyInfo(new AlgorithmIdentifier(EdECObjectIdentifiers.id_Ed25519), raw));
    }

    static PublicKey ec(EcCurve curve, byte[] point) {
        return of(new SubjectPublicKeyInfo(
                new AlgorithmIdentifier(X9ObjectIdentifiers.id_ecPublicKey, curve.oid()), point));
    }

    static PublicKey rsa(BigInteger modulus, BigInteger exponent) {
        checkRsaSize(modulus);
        try {
            return KeyFactory.getInstance("RSA").generatePublic(new RSAPublicKeySpec(modulus, exponent));
        } catch (GeneralSecurityException e) {
            throw new KeyException("the RSA public key is refused by the JDK; its exponent or size is out of range");
        }
    }

    static void checkRsaSize(BigInteger modulus) {
        if (modulus.bitLength() < MIN_RSA_BITS) {
            throw new KeyException("the RSA key has " + modulus.bitLength() + " bits, but at least " + MIN_RSA_BITS
                    + " are wanted; make a new key");
        }
    }

    /**
     * The key inside a SubjectPublicKeyInfo: the JDK's own class, or Bouncy Castle's for a curve that the JDK lacks.
     */
    static PublicKey of(SubjectPublicKeyInfo info) {
        ASN1ObjectIdentifier algorithm = info.getAlgorithm().getAlgorithm();
        try {
            if (algorithm.equals(EdECObjectIdentifiers.id_Ed25519)) {
                return jdk("Ed25519", info);
            }
            if (algorithm.equals(PKCSObjectIdentifiers.rsaEncryption)) {
                return checked(jdk("RSA", info));
            }
            if (algorithm.equals(PKCSObjectIdentifiers.id_RSASSA_PSS)) {
                return checked(jdk("RSASSA-PSS", info));
            }
            if (algorithm.equals(X9ObjectIdentifiers.id_ecPublicKey)) {
                EcCurve curve = EcCurve.of(info.getAlgorithm());
                return curve == EcCurve.SECP256K1 ? new KeyFactorySpi.EC().generatePublic(info) : jdk("EC", info);
            }
        } catch (KeyException e) {
            throw e;
        } catch (GeneralSecurityException | IOException | RuntimeException e) {
            throw new KeyException("the public key is damaged: its numbers are not those of a key of its kind");
        }
        throw new KeyException(
                "a public key of the kind " + algorithm + " is not supported; Ed25519, RSA and EC keys are");
    }

    private static PublicKey jdk(String name, SubjectPublicKeyInfo info) throws GeneralSecurityException, IOException {
        return KeyFactory.getInstance(name).generatePublic(new X509EncodedKeySpec(info.getEncoded("DER")));
    }

    private static PublicKey checked(PublicKey key) {
        if (key instanceof RSAPublicKey rsa) {
            checkRsaSize(rsa.getModulus());
        }
        return key;
    }
}
