package io.intaglio.signing.key;

import java.security.GeneralSecurityException;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.ProviderException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.Optional;
import javax.security.auth.DestroyFailedException;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.jspecify.annotations.Nullable;

/** Signs through the JDK's {@link Signature}: RSA, keys in a token, and ECDSA by Amazon's provider. */
final class ProviderSigner implements Signer {
    private final KeyKind kind;
    private final @Nullable Provider provider;
    private final @Nullable PublicKey publicKey;
    private final byte @Nullable [] rawPublicKey;
    private final int rsaLength;
    private volatile @Nullable PrivateKey key;

    private ProviderSigner(
            KeyKind kind,
            PrivateKey key,
            @Nullable Provider provider,
            @Nullable PublicKey publicKey,
            byte @Nullable [] rawPublicKey,
            int rsaLength) {
        this.kind = kind;
        this.key = key;
        this.provider = provider;
        this.publicKey = publicKey;
        this.rawPublicKey = rawPublicKey;
        this.rsaLength = rsaLength;
    }

    /** An RSA key that this signer owns. Without a provider the JDK chooses one. */
    static ProviderSigner rsa(PrivateKey key, @Nullable Provider provider, PublicKey publicKey, int modulusLength) {
        return new ProviderSigner(KeyKind.RSA, key, provider, publicKey, null, modulusLength);
    }

    /** An EC key that this signer owns. */
    static ProviderSigner ec(EcCurve curve, PrivateKey key, Provider provider, byte[] point) {
        return new ProviderSigner(curve.kind(), key, provider, PublicKeys.ec(curve, point), point, 0);
    }

    /** An Ed25519 key that this signer owns. */
    static ProviderSigner ed25519(PrivateKey key, Provider provider, byte[] rawPublicKey) {
        return new ProviderSigner(KeyKind.ED25519, key, provider, PublicKeys.ed25519(rawPublicKey), rawPublicKey, 0);
    }

    /** A key that lives in a token and shows at most its public numbers. Without a provider the JDK finds it by the key. */
    static ProviderSigner token(KeyKind kind, PrivateKey key, @Nullable Provider provider, int modulusLength) {
        return new ProviderSigner(kind, key, provider, null, null, modulusLength);
    }

    @Override
    public int signInto(SignatureAlgorithm algorithm, byte[] data, int offset, int length, byte[] out, int outOffset) {
        PrivateKey open = key;
        if (open == null) {
            throw SigningKey.closed();
        }
        try {
            Signature signature = signature(algorithm, provider);
            signature.initSign(open);
            signature.update(data, offset, length);
            byte[] made = formed(algorithm, signature.sign());
            System.arraycopy(made, 0, out, outOffset, made.length);
            return made.length;
        } catch (GeneralSecurityException | ProviderException e) {
            throw new KeyException(algorithm + " failed with " + kind + " of "
                    + (provider == null ? "the JDK's choice of provider" : provider.getName()) + " ("
                    + e.getClass().getSimpleName() + "); check that the provider supports it");
        }
    }

    /** The JDK's name of an algorithm, made ready but for the key. ECDSA is in DER. */
    static Signature signature(SignatureAlgorithm algorithm, @Nullable Provider provider)
            throws GeneralSecurityException {
        Signature signature = named(jcaName(algorithm), provider);
        if (algorithm.family() == SignatureAlgorithm.Family.RSA_PSS) {
            Hash hash = algorithm.needHash();
            MGF1ParameterSpec mask = new MGF1ParameterSpec(hash.jcaName());
            signature.setParameter(new PSSParameterSpec(hash.jcaName(), "MGF1", mask, hash.length(), 1));
        }
        return signature;
    }

    private static Signature named(String name, @Nullable Provider provider) throws NoSuchAlgorithmException {
        return provider == null ? Signature.getInstance(name) : Signature.getInstance(name, provider);
    }

    private static String jcaName(SignatureAlgorithm algorithm) {
        return switch (algorithm.family()) {
            case ED25519 -> "Ed25519";
            case RSA_PSS -> "RSASSA-PSS";
            case RSA_PKCS1 -> hashInName(algorithm.needHash()) + "withRSA";
            case ECDSA -> hashInName(algorithm.needHash()) + "withECDSA";
            case HMAC, SUFFIXED_HASH ->
                throw new IllegalArgumentException(algorithm + " is not a public-key algorithm");
        };
    }

    private static String hashInName(Hash hash) {
        return hash == Hash.SHA3_256 ? hash.jcaName() : hash.name();
    }

    private byte[] formed(SignatureAlgorithm algorithm, byte[] made) {
        if (algorithm.family() != SignatureAlgorithm.Family.ECDSA || algorithm.needEcdsaForm() == EcdsaForm.DER) {
            return made;
        }
        EcCurve curve = EcCurve.of(kind).orElseThrow();
        return EcdsaSignature.parse(curve, EcdsaForm.DER, made)
                .orElseThrow(
                        () -> new KeyException(algorithm + " made a signature that is not DER; check the provider"))
                .write(curve, EcdsaForm.RAW);
    }

    @Override
    public int maxSignatureLength(SignatureAlgorithm algorithm) {
        return switch (kind) {
            case RSA -> rsaLength;
            case ED25519 -> 64;
            default -> EcdsaSignature.maxLength(EcCurve.of(kind).orElseThrow(), algorithm.needEcdsaForm());
        };
    }

    @Override
    public Optional<PublicKey> publicKey() {
        return Optional.ofNullable(publicKey);
    }

    @Override
    public Optional<byte[]> rawPublicKey() {
        return rawPublicKey == null ? Optional.empty() : Optional.of(rawPublicKey.clone());
    }

    @Override
    public Optional<PrivateKeyInfo> privateKey() {
        PrivateKey open = key;
        if (open == null) {
            throw SigningKey.closed();
        }
        byte[] encoded = publicKey == null ? null : open.getEncoded(); // a token's key is not ours to take out
        Optional<PrivateKeyInfo> whole = Optional.ofNullable(encoded).map(PrivateKeyInfo::getInstance);
        return kind == KeyKind.RSA ? whole.map(PrivateKeys::withPrivateExponent) : whole;
    }

    /** Forgets the key, and wipes it where a provider made it for this signer. The JDK's own keys cannot be wiped. */
    @Override
    public void close() {
        PrivateKey open = key;
        key = null;
        if (open != null && provider != null && publicKey != null) { // a token's key is not ours to destroy
            try {
                open.destroy();
            } catch (DestroyFailedException e) {
                key = null; // forgotten is all it can be
            }
        }
    }
}
