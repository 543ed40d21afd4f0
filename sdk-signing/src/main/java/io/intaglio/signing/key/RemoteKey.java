package io.intaglio.signing.key;

import java.util.Arrays;

/** A key that signs elsewhere. */
final class RemoteKey implements Signer {
    static final int LARGEST_RSA_SIGNATURE = 2048;

    private final String name;
    private final KeyKind kind;
    private final RemoteSigner remote;
    private volatile boolean closed;

    RemoteKey(String name, KeyKind kind, RemoteSigner remote) {
        this.name = name;
        this.kind = kind;
        this.remote = remote;
    }

    @Override
    public int signInto(SignatureAlgorithm algorithm, byte[] data, int offset, int length, byte[] out, int outOffset) {
        if (closed) {
            throw SigningKey.closed();
        }
        byte[] signature = remote.sign(algorithm, Arrays.copyOfRange(data, offset, offset + length));
        int most = maxSignatureLength(algorithm);
        boolean exact = !algorithm.ecdsaForm().filter(EcdsaForm.DER::equals).isPresent() && kind != KeyKind.RSA;
        if (signature.length > most || signature.length == 0 || (exact && signature.length != most)) {
            throw new KeyException("remote key " + name + " answered " + signature.length + " bytes to " + algorithm
                    + ", wanted " + (exact ? "exactly " : "at most ") + most + "; check the form it signs in");
        }
        System.arraycopy(signature, 0, out, outOffset, signature.length);
        return signature.length;
    }

    @Override
    public int maxSignatureLength(SignatureAlgorithm algorithm) {
        return switch (algorithm.family()) {
            case HMAC, SUFFIXED_HASH -> algorithm.needHash().length();
            case ED25519 -> 64;
            case RSA_PKCS1, RSA_PSS -> LARGEST_RSA_SIGNATURE;
            case ECDSA -> EcdsaSignature.maxLength(EcCurve.of(kind).orElseThrow(), algorithm.needEcdsaForm());
        };
    }

    @Override
    public void close() {
        closed = true;
    }
}
