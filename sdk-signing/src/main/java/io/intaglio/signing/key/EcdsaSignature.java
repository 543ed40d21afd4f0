package io.intaglio.signing.key;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.Optional;
import org.bouncycastle.util.BigIntegers;

/**
 * The two numbers of an ECDSA signature, in and out of both forms. Reads strictly: what it would write differently, it
 * refuses. On our curves, of at most 384 bits, the content of a DER sequence is shorter than 128 bytes, so that its length
 * takes one byte.
 */
record EcdsaSignature(BigInteger r, BigInteger s) {

    /** The most bytes that a signature on this curve takes. */
    static int maxLength(EcCurve curve, EcdsaForm form) {
        int scalar = curve.scalarLength();
        if (form == EcdsaForm.RAW) {
            return 2 * scalar;
        }
        return 2 + 2 * (2 + scalar + 1);
    }

    static Optional<EcdsaSignature> parse(EcCurve curve, EcdsaForm form, byte[] signature) {
        if (signature.length > maxLength(curve, form)) {
            return Optional.empty();
        }
        return form == EcdsaForm.RAW ? parseRaw(curve, signature) : parseDer(signature);
    }

    private static Optional<EcdsaSignature> parseRaw(EcCurve curve, byte[] signature) {
        int scalar = curve.scalarLength();
        if (signature.length != 2 * scalar) {
            return Optional.empty();
        }
        return Optional.of(new EcdsaSignature(
                BigIntegers.fromUnsignedByteArray(signature, 0, scalar),
                BigIntegers.fromUnsignedByteArray(signature, scalar, scalar)));
    }

    private static Optional<EcdsaSignature> parseDer(byte[] signature) {
        int rLength = byteAt(signature, 3);
        int sAt = 4 + rLength;
        int sLength = byteAt(signature, sAt + 1);
        if (sAt + 2 + sLength != signature.length || rLength == 0 || sLength == 0) {
            return Optional.empty();
        }
        EcdsaSignature parsed =
                new EcdsaSignature(new BigInteger(signature, 4, rLength), new BigInteger(signature, sAt + 2, sLength));
        return Arrays.equals(parsed.der(), signature) ? Optional.of(parsed) : Optional.empty();
    }

    private static int byteAt(byte[] bytes, int index) {
        return index < bytes.length ? bytes[index] & 255 : 0;
    }

    byte[] write(EcCurve curve, EcdsaForm form) {
        return form == EcdsaForm.RAW ? raw(curve) : der();
    }

    private byte[] raw(EcCurve curve) {
        int scalar = curve.scalarLength();
        byte[] out = new byte[2 * scalar];
        BigIntegers.asUnsignedByteArray(r, out, 0, scalar);
        BigIntegers.asUnsignedByteArray(s, out, scalar, scalar);
        return out;
    }

    private byte[] der() {
        byte[] first = r.toByteArray();
        byte[] second = s.toByteArray();
        int content = 4 + first.length + second.length;
        byte[] out = new byte[2 + content];
        out[0] = 0x30;
        out[1] = (byte) content;
        integer(first, out, 2);
        integer(second, out, 4 + first.length);
        return out;
    }

    private static void integer(byte[] number, byte[] out, int at) {
        out[at] = 2;
        out[at + 1] = (byte) number.length;
        System.arraycopy(number, 0, out, at + 2, number.length);
    }
}
