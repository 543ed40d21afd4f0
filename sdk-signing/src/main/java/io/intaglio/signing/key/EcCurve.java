package io.intaglio.signing.key;

import java.math.BigInteger;
import java.security.spec.ECFieldFp;
import java.security.spec.ECParameterSpec;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECNamedDomainParameters;

/** The curves that venues sign on. */
@SuppressWarnings("ImmutableEnumChecker") // object identifiers are immutable, but do not say so
enum EcCurve {
    P256(KeyKind.EC_P256, SECObjectIdentifiers.secp256r1, 32),
    P384(KeyKind.EC_P384, SECObjectIdentifiers.secp384r1, 48),
    SECP256K1(KeyKind.EC_SECP256K1, SECObjectIdentifiers.secp256k1, 32);

    private final KeyKind kind;
    private final ASN1ObjectIdentifier oid;
    private final int scalarLength;

    EcCurve(KeyKind kind, ASN1ObjectIdentifier oid, int scalarLength) {
        this.kind = kind;
        this.oid = oid;
        this.scalarLength = scalarLength;
    }

    static Optional<EcCurve> of(ASN1ObjectIdentifier oid) {
        for (EcCurve curve : values()) {
            if (curve.oid.equals(oid)) {
                return Optional.of(curve);
            }
        }
        return Optional.empty();
    }

    /**
     * The curve that an algorithm identifier names. Curves given by their numbers are refused, since they may imitate a
     * known one.
     */
    static EcCurve of(AlgorithmIdentifier algorithm) {
        if (!(algorithm.getParameters() instanceof ASN1ObjectIdentifier oid)) {
            throw new KeyException(
                    "the EC key does not name its curve; write it again with: openssl ec -param_enc named_curve");
        }
        return of(oid).orElseThrow(() -> new KeyException(
                "the EC key is on the curve " + oid + ", but P-256, P-384 and secp256k1 are supported"));
    }

    static Optional<EcCurve> of(KeyKind kind) {
        for (EcCurve curve : values()) {
            if (curve.kind == kind) {
                return Optional.of(curve);
            }
        }
        return Optional.empty();
    }

    /** The curve of a key that shows only its numbers, such as a token's. */
    static Optional<EcCurve> of(ECParameterSpec numbers) {
        for (EcCurve curve : values()) {
            if (curve.has(numbers)) {
                return Optional.of(curve);
            }
        }
        return Optional.empty();
    }

    private boolean has(ECParameterSpec numbers) {
        ECDomainParameters own = domain();
        return numbers.getCurve().getField() instanceof ECFieldFp field
                && field.getP().equals(own.getCurve().getField().getCharacteristic())
                && numbers.getCurve().getA().equals(own.getCurve().getA().toBigInteger())
                && numbers.getCurve().getB().equals(own.getCurve().getB().toBigInteger())
                && numbers.getGenerator()
                        .getAffineX()
                        .equals(own.getG().getAffineXCoord().toBigInteger())
                && numbers.getGenerator()
                        .getAffineY()
                        .equals(own.getG().getAffineYCoord().toBigInteger())
                && numbers.getOrder().equals(own.getN())
                && BigInteger.valueOf(numbers.getCofactor()).equals(own.getH());
    }

    KeyKind kind() {
        return kind;
    }

    ASN1ObjectIdentifier oid() {
        return oid;
    }

    /** Bytes of r, s, a private key and a coordinate. */
    int scalarLength() {
        return scalarLength;
    }

    ECDomainParameters domain() {
        return new ECNamedDomainParameters(oid, CustomNamedCurves.getByOID(oid));
    }
}
