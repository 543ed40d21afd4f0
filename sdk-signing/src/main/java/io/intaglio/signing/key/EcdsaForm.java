package io.intaglio.signing.key;

/** How an ECDSA signature is written. The venue says which. */
public enum EcdsaForm {
    /** An ASN.1 sequence of r and s, of varying length; what OpenSSL and the JDK write. */
    DER,
    /** r and s side by side, each as long as the curve's order; what JWT and IEEE P1363 say. */
    RAW;

    /**
     * Writes a signature in {@link #DER} as {@link #RAW}, for a {@link RemoteSigner} whose service answers in DER.
     *
     * @throws KeyException when the kind is no EC key or the signature is not DER
     */
    public static byte[] rawOf(KeyKind kind, byte[] der) {
        EcCurve curve = EcCurve.of(kind).orElseThrow(() -> new KeyException(kind + " makes no ECDSA signatures"));
        return EcdsaSignature.parse(curve, DER, der)
                .orElseThrow(() -> new KeyException("the ECDSA signature is not DER; check the service's form"))
                .write(curve, RAW);
    }
}
