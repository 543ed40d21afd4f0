package io.intaglio.signing.key;

/** Signs elsewhere: a key management service, an HSM behind a network, a co-signer. Must be thread-safe; may block. */
@FunctionalInterface
public interface RemoteSigner {
    /**
     * Signs the data, unhashed. The signature has the form that the algorithm says: for ECDSA {@link EcdsaForm#DER} or
     * {@link EcdsaForm#RAW}. What it throws reaches the caller unchanged.
     */
    byte[] sign(SignatureAlgorithm algorithm, byte[] data);
}
