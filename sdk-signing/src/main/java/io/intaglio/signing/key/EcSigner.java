package io.intaglio.signing.key;

import java.math.BigInteger;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.util.Optional;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.params.ParametersWithRandom;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.math.ec.ECPoint;
import org.bouncycastle.math.ec.FixedPointCombMultiplier;
import org.jspecify.annotations.Nullable;

/** ECDSA by Bouncy Castle's own classes, without a provider. */
final class EcSigner implements Signer {
    private final EcCurve curve;
    private final byte[] point;
    private final SecureRandom random = new SecureRandom();
    private volatile @Nullable ECPrivateKeyParameters key;

    private EcSigner(EcCurve curve, ECPrivateKeyParameters key, byte[] point) {
        this.curve = curve;
        this.key = key;
        this.point = point;
    }

    /** A signer for a private key between 1 and the curve's order. */
    static EcSigner of(EcCurve curve, BigInteger scalar) {
        ECDomainParameters domain = curve.domain();
        if (scalar.signum() <= 0 || scalar.compareTo(domain.getN()) >= 0) {
            throw new KeyException(curve.kind()
                    + " must lie between 1 and the order of its curve, and this does not; the key is damaged");
        }
        return new EcSigner(curve, new ECPrivateKeyParameters(scalar, domain), publicPoint(domain, scalar));
    }

    private static byte[] publicPoint(ECDomainParameters domain, BigInteger scalar) {
        ECPoint point = new FixedPointCombMultiplier().multiply(domain.getG(), scalar);
        return point.normalize().getEncoded(false);
    }

    @Override
    public int signInto(SignatureAlgorithm algorithm, byte[] data, int offset, int length, byte[] out, int outOffset) {
        ECPrivateKeyParameters open = key;
        if (open == null) {
            throw SigningKey.closed();
        }
        ECDSASigner ecdsa = new ECDSASigner();
        ecdsa.init(true, new ParametersWithRandom(open, random));
        BigInteger[] numbers = ecdsa.generateSignature(algorithm.needHash().digest(data, offset, length));
        byte[] signature = new EcdsaSignature(numbers[0], numbers[1]).write(curve, algorithm.needEcdsaForm());
        System.arraycopy(signature, 0, out, outOffset, signature.length);
        return signature.length;
    }

    @Override
    public int maxSignatureLength(SignatureAlgorithm algorithm) {
        return EcdsaSignature.maxLength(curve, algorithm.needEcdsaForm());
    }

    @Override
    public Optional<PublicKey> publicKey() {
        return Optional.of(PublicKeys.ec(curve, point));
    }

    @Override
    public Optional<byte[]> rawPublicKey() {
        return Optional.of(point.clone());
    }

    @Override
    public Optional<PrivateKeyInfo> privateKey() {
        ECPrivateKeyParameters open = key;
        if (open == null) {
            throw SigningKey.closed();
        }
        int bits = curve.domain().getN().bitLength();
        return Optional.of(
                PrivateKeys.ecInfo(curve, new ECPrivateKey(bits, open.getD(), new DERBitString(point), curve.oid())));
    }

    /** Forgets the key. Its number is immutable, so the garbage collector does the rest. */
    @Override
    public void close() {
        key = null;
    }
}
