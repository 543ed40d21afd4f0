package io.intaglio.signing.key;

import java.security.PublicKey;
import java.util.Collection;
import java.util.Optional;
import java.util.OptionalLong;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;

/**
 * What does the signing inside a {@link SigningKey}. The key has checked algorithm and ranges. Implementations are
 * thread-safe.
 */
interface Signer {
    int signInto(SignatureAlgorithm algorithm, byte[] data, int offset, int length, byte[] out, int outOffset);

    int maxSignatureLength(SignatureAlgorithm algorithm);

    default OptionalLong version() {
        return OptionalLong.empty();
    }

    default Optional<PublicKey> publicKey() {
        return Optional.empty();
    }

    default Optional<byte[]> rawPublicKey() {
        return Optional.empty();
    }

    /** The private key itself, absent when it is shared, held elsewhere or forgotten; for {@link InsecureKeyExport} alone. */
    default Optional<PrivateKeyInfo> privateKey() {
        return Optional.empty();
    }

    default Signer prepared(Collection<SignatureAlgorithm> algorithms) {
        return this;
    }

    void close();
}
