package io.intaglio.signing.key;

import java.security.GeneralSecurityException;
import java.security.Provider;
import java.security.ProviderException;
import java.util.Collection;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;

/**
 * HMAC with a key that stays in its token. The venue's form of the secret (base64, hex) was undone when the key was
 * imported, so the form that an algorithm states does not count here.
 */
final class TokenHmacSigner implements Signer {
    private final Provider provider;
    private volatile @Nullable SecretKey key;

    TokenHmacSigner(Provider provider, SecretKey key) {
        this.provider = provider;
        this.key = key;
    }

    @Override
    public int signInto(SignatureAlgorithm algorithm, byte[] data, int offset, int length, byte[] out, int outOffset) {
        SecretKey open = key;
        if (open == null) {
            throw SigningKey.closed();
        }
        if (algorithm.family() != SignatureAlgorithm.Family.HMAC) {
            throw new KeyException(algorithm + " needs the secret itself, which does not leave a token; use HMAC");
        }
        try {
            Mac mac = Mac.getInstance("Hmac" + algorithm.needHash().name(), provider);
            mac.init(open);
            mac.update(data, offset, length);
            byte[] made = mac.doFinal();
            System.arraycopy(made, 0, out, outOffset, made.length);
            return made.length;
        } catch (GeneralSecurityException | ProviderException e) {
            throw new KeyException(
                    algorithm + " failed in the token (" + e.getClass().getSimpleName()
                            + "); check that it is present, supports it, and that the key is at least as long as the hash");
        }
    }

    @Override
    public int maxSignatureLength(SignatureAlgorithm algorithm) {
        return algorithm.needHash().length();
    }

    @Override
    public Signer prepared(Collection<SignatureAlgorithm> algorithms) {
        return this;
    }

    /** Forgets the handle; the key stays in the token. */
    @Override
    public void close() {
        key = null;
    }
}
