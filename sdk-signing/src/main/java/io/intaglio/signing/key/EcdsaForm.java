package io.intaglio.signing.key;

/** How an ECDSA signature is written. The venue says which. */
public enum EcdsaForm {
    /** An ASN.1 sequence of r and s, of varying length; what OpenSSL and the JDK write. */
    DER,
    /** r and s side by side, each as long as the curve's order; what JWT and IEEE P1363 say. */
    RAW
}
