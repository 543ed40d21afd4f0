package io.intaglio.signing.key;

import io.intaglio.signing.secret.Rotation;
import io.intaglio.signing.secret.Secret;
import io.intaglio.signing.secret.WatchedSecret;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.util.Arrays;
import java.util.Collection;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;

/**
 * A key that signs: an HMAC secret, an Ed25519, RSA or EC private key, a key in a token or one behind a service. Read
 * private keys with {@link KeyReader}; make HMAC keys from a secret:
 *
 * <pre>{@code
 * SigningKey key = SigningKey.hmac(Secret.fromEnv("DESK_SECRET"));
 * }</pre>
 *
 * <p>Thread-safe without locks: nothing that signs is shared between two signatures. After {@link #close()} signing
 * throws {@link IllegalStateException}.
 */
public final class SigningKey implements AutoCloseable {
    private final KeyKind kind;
    private final Signer signer;

    SigningKey(KeyKind kind, Signer signer) {
        this.kind = kind;
        this.signer = signer;
    }

    /**
     * A key from a shared secret. It keeps a masked copy of its own, so the given secret may be closed. A key from
     * {@link #prepared} does not even keep that.
     *
     * @throws KeyException when the secret is empty
     */
    public static SigningKey hmac(Secret secret) {
        return new SigningKey(KeyKind.SECRET, HmacSigner.of(secret));
    }

    /**
     * A key from the JDK's object: Ed25519, RSA, or EC on P-256, P-384 or secp256k1. A key that lives in a PKCS#11
     * token signs there.
     *
     * @throws KeyException when the kind is not supported, RSA has fewer than 2048 bits, or the key's numbers do not
     *     belong together
     */
    public static SigningKey of(PrivateKey key) {
        return PrivateKeys.of(Objects.requireNonNull(key, "key"));
    }

    /**
     * An Ed25519 key from its 32-byte seed. Wipe your array afterwards.
     *
     * @throws KeyException when there are not 32 bytes
     */
    public static SigningKey ed25519(byte[] seed32) {
        return PrivateKeys.ed25519(seed32, null);
    }

    /**
     * A new key, from the platform's secure generator. An RSA key has 2048 bits, which every venue with RSA takes; see {@link #generateRsa}.
     *
     * @throws KeyException for a shared secret, which the venue makes
     */
    public static SigningKey generate(KeyKind kind) {
        return NewKeys.of(kind, NewKeys.RSA_BITS);
    }

    /**
     * A new RSA key of this size.
     *
     * @throws KeyException when the size is not one of 2048, 3072 and 4096
     */
    public static SigningKey generateRsa(int bits) {
        return NewKeys.of(KeyKind.RSA, bits);
    }

    /**
     * A key that signs elsewhere, such as in a key management service.
     *
     * @param name names it in messages; no secret
     */
    public static SigningKey remote(String name, KeyKind kind, RemoteSigner signer) {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(signer, "signer");
        return new SigningKey(Objects.requireNonNull(kind, "kind"), new RemoteKey(name, kind, signer));
    }

    /**
     * Starts to describe the rotation of a key: a new version that cannot be read, or is of another kind, is refused.
     *
     * @param reader {@code KeyReader::read} or {@code SigningKey::hmac}
     */
    public static Rotation.Builder<SigningKey> rotation(WatchedSecret source, Function<Secret, SigningKey> reader) {
        return Rotation.of(source, reader).check((old, fresh) -> {
            if (old.kind() != fresh.kind()) {
                throw new KeyException("the new key is " + fresh.kind() + ", but the one in use is " + old.kind()
                        + "; the old one stays");
            }
        });
    }

    /**
     * A key that signs with the newest version of a rotation. Each signature uses one version from start to end. Closing
     * it closes the rotation.
     */
    public static SigningKey rotating(Rotation<SigningKey> rotation) {
        return new SigningKey(rotation.current().kind(), new RotatingSigner(rotation));
    }

    static IllegalStateException closed() {
        return new IllegalStateException("this signing key is closed; read the key again");
    }

    /** Which version of a {@linkplain #rotating rotation} signs now, 1 for the first; absent for a key that does not rotate. */
    public OptionalLong version() {
        return signer.version();
    }

    /** What the key is. */
    public KeyKind kind() {
        return kind;
    }

    /** Signs all of the data. See {@link #sign(SignatureAlgorithm, byte[], int, int)}. */
    public byte[] sign(SignatureAlgorithm algorithm, byte[] data) {
        return sign(algorithm, data, 0, data.length);
    }

    /**
     * Signs a part of an array. Public-key algorithms hash the data themselves.
     *
     * @throws KeyException when a key of this kind cannot sign so
     * @throws IllegalStateException when the key is closed
     */
    public byte[] sign(SignatureAlgorithm algorithm, byte[] data, int offset, int length) {
        byte[] out = new byte[maxSignatureLength(algorithm)];
        int written = signInto(algorithm, data, offset, length, out, 0);
        return written == out.length ? out : Arrays.copyOf(out, written);
    }

    /**
     * Signs a part of an array into another, without a copy in between.
     *
     * @param out has room for {@link #maxSignatureLength} bytes from {@code outOffset}
     * @return the number of bytes written
     * @throws KeyException when a key of this kind cannot sign so
     * @throws IllegalStateException when the key is closed
     */
    public int signInto(SignatureAlgorithm algorithm, byte[] data, int offset, int length, byte[] out, int outOffset) {
        algorithm.check(kind);
        Objects.checkFromIndexSize(offset, length, data.length);
        Objects.checkFromIndexSize(outOffset, signer.maxSignatureLength(algorithm), out.length);
        return signer.signInto(algorithm, data, offset, length, out, outOffset);
    }

    /**
     * The most bytes that a signature takes; all but ECDSA in DER take exactly so many.
     *
     * @throws KeyException when a key of this kind cannot sign so
     */
    public int maxSignatureLength(SignatureAlgorithm algorithm) {
        algorithm.check(kind);
        return signer.maxSignatureLength(algorithm);
    }

    /** The public key, absent for a shared secret, a token's key and a remote key. */
    public Optional<PublicKey> publicKey() {
        return signer.publicKey();
    }

    /**
     * The public key's bytes: 32 for Ed25519, the uncompressed point for EC.
     *
     * @throws KeyException when this key has none or does not show it
     */
    public byte[] rawPublicKey() {
        return signer.rawPublicKey()
                .orElseThrow(() -> new KeyException(
                        "a raw public key exists for Ed25519 and EC keys held in memory, but this key is " + kind
                                + (kind == KeyKind.SECRET || kind == KeyKind.RSA ? "" : " held elsewhere")));
    }

    /**
     * A key for these algorithms alone. For an HMAC secret the new key keeps only the digest states that the algorithms
     * need and nothing of the secret (but masked, for {@link SignatureAlgorithm#suffixedHash}, which needs it whole);
     * close this one when you have the new one. A key of another kind returns itself.
     *
     * @throws KeyException when a key of this kind cannot sign so, or the secret's text does not have the form that an
     *     algorithm says
     */
    public SigningKey prepared(Collection<SignatureAlgorithm> algorithms) {
        Signer prepared = signer.prepared(algorithms);
        return prepared == signer ? this : new SigningKey(kind, prepared);
    }

    /** For {@link InsecureKeyExport} alone. */
    Optional<PrivateKeyInfo> privateKey() {
        return signer.privateKey();
    }

    /** The kind; nothing of the key. */
    @Override
    public String toString() {
        return "SigningKey[" + kind + "]";
    }

    /** Wipes what can be wiped and forgets the rest. Closing twice does nothing more. */
    @Override
    public void close() {
        signer.close();
    }
}
