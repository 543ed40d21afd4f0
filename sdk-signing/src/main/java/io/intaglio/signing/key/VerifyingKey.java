package io.intaglio.signing.key;

import io.intaglio.signing.secret.Secret;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.interfaces.RSAPublicKey;
import java.util.Objects;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/**
 * A key that verifies, strictly: a signature in any other encoding than the one the algorithm writes is false.
 * Thread-safe.
 *
 * <pre>{@code
 * boolean genuine = VerifyingKey.of(KeyReader.readPublic(pem)).verify(algorithm, data, signature);
 * }</pre>
 */
public final class VerifyingKey {
    /** Decides over one signature. */
    private interface Verifier {
        boolean verify(SignatureAlgorithm algorithm, byte[] data, byte[] signature) throws GeneralSecurityException;
    }

    private final KeyKind kind;
    private final Verifier verifier;

    private VerifyingKey(KeyKind kind, Verifier verifier) {
        this.kind = kind;
        this.verifier = verifier;
    }

    /**
     * A key from the JDK's object: Ed25519, RSA of at least 2048 bits, or EC on P-256, P-384 or secp256k1.
     *
     * @throws KeyException when it is none of these
     */
    public static VerifyingKey of(PublicKey key) {
        if (key instanceof RSAPublicKey rsa) {
            PublicKeys.checkRsaSize(rsa.getModulus());
            return rsa(rsa);
        }
        byte[] encoded = key.getEncoded();
        if (encoded == null) {
            throw new KeyException(
                    "the public key of the algorithm " + key.getAlgorithm() + " does not show its encoding");
        }
        SubjectPublicKeyInfo info = SubjectPublicKeyInfo.getInstance(encoded);
        if (info.getAlgorithm().getAlgorithm().equals(EdECObjectIdentifiers.id_Ed25519)) {
            return ed25519(info.getPublicKeyData().getOctets());
        }
        if (info.getAlgorithm().getAlgorithm().equals(X9ObjectIdentifiers.id_ecPublicKey)) {
            return ec(EcCurve.of(info.getAlgorithm()), info.getPublicKeyData().getOctets());
        }
        throw new KeyException("a public key of the algorithm " + key.getAlgorithm()
                + " is not supported; Ed25519, RSA and EC keys are");
    }

    /**
     * An Ed25519 key from its 32 bytes.
     *
     * @throws KeyException when there are not 32 bytes, or they are no point of the curve
     */
    public static VerifyingKey ed25519(byte[] raw32) {
        if (raw32.length != Ed25519.PUBLIC_KEY_SIZE) {
            throw new KeyException("an Ed25519 public key has 32 bytes, but this has " + raw32.length);
        }
        if (!Ed25519.validatePublicKeyPartial(raw32, 0)) {
            throw new KeyException(
                    "the Ed25519 public key is not a point of the curve; is it another 32 bytes, such as the seed?");
        }
        byte[] key = raw32.clone();
        return new VerifyingKey(
                KeyKind.ED25519,
                (algorithm, data, signature) -> signature.length == Ed25519.SIGNATURE_SIZE
                        && Ed25519.verify(signature, 0, key, 0, data, 0, data.length));
    }

    /**
     * An RSA key from its numbers.
     *
     * @throws KeyException when it has fewer than 2048 bits or the numbers are out of range
     */
    public static VerifyingKey rsa(BigInteger modulus, BigInteger exponent) {
        return of(PublicKeys.rsa(modulus, exponent));
    }

    /**
     * An EC key from its point, compressed or not (SEC 1 section 2.3.3).
     *
     * @throws KeyException when the kind is no EC key, or the bytes are no point of its curve
     */
    public static VerifyingKey ec(KeyKind kind, byte[] point) {
        return ec(
                EcCurve.of(kind)
                        .orElseThrow(() -> new KeyException("an EC point cannot be the counterpart of " + kind)),
                point);
    }

    /**
     * A key from a shared secret, which the caller may close. Verification takes the same time wherever the signature
     * differs.
     */
    public static VerifyingKey hmac(Secret secret) {
        SigningKey signing = SigningKey.hmac(secret);
        return new VerifyingKey(
                KeyKind.SECRET,
                (algorithm, data, signature) -> MessageDigest.isEqual(signing.sign(algorithm, data), signature));
    }

    private static VerifyingKey ec(EcCurve curve, byte[] point) {
        ECDomainParameters domain = curve.domain();
        ECPublicKeyParameters key;
        try {
            key = new ECPublicKeyParameters(domain.getCurve().decodePoint(point), domain);
        } catch (IllegalArgumentException e) {
            throw new KeyException("the EC public key is not a point of its curve");
        }
        return new VerifyingKey(curve.kind(), (algorithm, data, signature) -> {
            ECDSASigner ecdsa = new ECDSASigner();
            ecdsa.init(false, key);
            byte[] hash = algorithm.needHash().digest(data, 0, data.length);
            return EcdsaSignature.parse(curve, algorithm.needEcdsaForm(), signature)
                    .map(numbers -> ecdsa.verifySignature(hash, numbers.r(), numbers.s()))
                    .orElse(false);
        });
    }

    private static VerifyingKey rsa(RSAPublicKey key) {
        int modulusLength = (key.getModulus().bitLength() + 7) / 8;
        return new VerifyingKey(KeyKind.RSA, (algorithm, data, signature) -> {
            if (signature.length != modulusLength) {
                return false;
            }
            Signature verifier = ProviderSigner.signature(algorithm, null);
            verifier.initVerify(key);
            verifier.update(data);
            return verifier.verify(signature);
        });
    }

    /**
     * Whether the signature is genuine. A malformed signature is false, not an exception.
     *
     * @throws KeyException when a key of this kind cannot verify so
     */
    public boolean verify(SignatureAlgorithm algorithm, byte[] data, byte[] signature) {
        Objects.requireNonNull(data, "data");
        Objects.requireNonNull(signature, "signature");
        if (!algorithm.accepts(kind)) {
            throw new KeyException(algorithm + " cannot be verified with the counterpart of " + kind);
        }
        try {
            return verifier.verify(algorithm, data, signature);
        } catch (SignatureException e) {
            return false;
        } catch (GeneralSecurityException e) {
            throw new KeyException(
                    algorithm + " is not supported by this JDK (" + e.getClass().getSimpleName() + ")");
        }
    }

    /** What kind of signing key it is the counterpart of. */
    public KeyKind kind() {
        return kind;
    }

    /** The kind; nothing of the key. */
    @Override
    public String toString() {
        return "VerifyingKey[for " + kind + "]";
    }
}
