package io.intaglio.signing.key;

import io.intaglio.signing.secret.InsecureSecretAccess;
import io.intaglio.signing.secret.Secret;
import java.security.PublicKey;
import java.util.Arrays;
import java.util.Optional;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/** Ed25519 by Bouncy Castle's own classes, with the public key computed once. The seed is kept masked. */
final class Ed25519Signer implements Signer {
    private final Secret seed;
    private final byte[] publicKey;

    private Ed25519Signer(Secret seed, byte[] publicKey) {
        this.seed = seed;
        this.publicKey = publicKey;
    }

    static Ed25519Signer of(byte[] seed) {
        if (seed.length != Ed25519.SECRET_KEY_SIZE) {
            throw new KeyException("an Ed25519 seed has 32 bytes, but this has " + seed.length);
        }
        byte[] publicKey = new byte[Ed25519.PUBLIC_KEY_SIZE];
        Ed25519.generatePublicKey(seed, 0, publicKey, 0);
        return new Ed25519Signer(Secret.of(seed), publicKey);
    }

    @Override
    public int signInto(SignatureAlgorithm algorithm, byte[] data, int offset, int length, byte[] out, int outOffset) {
        byte[] plain = open();
        try {
            Ed25519.sign(plain, 0, publicKey, 0, data, offset, length, out, outOffset);
        } finally {
            Arrays.fill(plain, (byte) 0);
        }
        return Ed25519.SIGNATURE_SIZE;
    }

    private byte[] open() {
        try {
            return InsecureSecretAccess.copyBytes(seed);
        } catch (IllegalStateException e) {
            throw SigningKey.closed();
        }
    }

    @Override
    public int maxSignatureLength(SignatureAlgorithm algorithm) {
        return Ed25519.SIGNATURE_SIZE;
    }

    @Override
    public Optional<PublicKey> publicKey() {
        return Optional.of(PublicKeys.ed25519(publicKey));
    }

    @Override
    public Optional<byte[]> rawPublicKey() {
        return Optional.of(publicKey.clone());
    }

    @Override
    public Optional<PrivateKeyInfo> privateKey() {
        byte[] plain = open();
        try {
            return Optional.of(PrivateKeys.ed25519Info(plain));
        } finally {
            Arrays.fill(plain, (byte) 0);
        }
    }

    @Override
    public void close() {
        seed.close();
    }
}
