package io.intaglio.signing.key;

import io.intaglio.signing.secret.Rotation;
import java.security.PublicKey;
import java.util.Optional;
import java.util.OptionalLong;

/** Signs with whatever key its rotation has at that moment. One signature uses one key from start to end. */
final class RotatingSigner implements Signer {
    private final Rotation<SigningKey> rotation;

    RotatingSigner(Rotation<SigningKey> rotation) {
        this.rotation = rotation;
    }

    @Override
    public int signInto(SignatureAlgorithm algorithm, byte[] data, int offset, int length, byte[] out, int outOffset) {
        return rotation.current().signInto(algorithm, data, offset, length, out, outOffset);
    }

    /** Between this call and the signature an RSA key may be replaced by a longer one, so RSA asks for the most. */
    @Override
    public int maxSignatureLength(SignatureAlgorithm algorithm) {
        SigningKey key = rotation.current();
        return key.kind() == KeyKind.RSA ? RemoteKey.LARGEST_RSA_SIGNATURE : key.maxSignatureLength(algorithm);
    }

    @Override
    public OptionalLong version() {
        return OptionalLong.of(rotation.version());
    }

    @Override
    public Optional<PublicKey> publicKey() {
        return rotation.current().publicKey();
    }

    @Override
    public Optional<byte[]> rawPublicKey() {
        SigningKey key = rotation.current();
        return key.kind() == KeyKind.ED25519 || key.kind().isEc() ? Optional.of(key.rawPublicKey()) : Optional.empty();
    }

    @Override
    public void close() {
        rotation.close();
    }
}
