package io.intaglio.signing.key;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.BiFunction;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;

/** Amazon's Corretto Crypto Provider: an optional dependency, several times as fast as the JDK and Bouncy Castle. */
final class Corretto {
    private static final String TYPE = "com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider";

    private Corretto() {}

    /**
     * A signer of its own, when the provider is on the class path, its native code runs on this machine, and it takes
     * this key. A key made by the provider keeps its numbers in native memory, and signing with it converts nothing.
     *
     * @param algorithm as its key factory is called
     * @param signer makes the signer of the provider and its key
     */
    static Optional<Signer> signer(
            String algorithm, PrivateKeyInfo info, BiFunction<Provider, PrivateKey, Signer> signer) {
        return provider().flatMap(provider -> key(provider, algorithm, info).map(key -> signer.apply(provider, key)));
    }

    /** The provider's own instance. It is not registered with the JDK. */
    private static Optional<Provider> provider() {
        try {
            Class<?> type = Class.forName(TYPE);
            Object instance = type.getField("INSTANCE").get(null);
            Object fault = type.getMethod("getLoadingError").invoke(instance);
            return fault == null && instance instanceof Provider provider ? Optional.of(provider) : Optional.empty();
        } catch (ReflectiveOperationException | LinkageError e) {
            return Optional.empty(); // absent, or built for another machine: the JDK and Bouncy Castle do the work
        }
    }

    private static Optional<PrivateKey> key(Provider provider, String algorithm, PrivateKeyInfo info) {
        if (provider.getService("KeyFactory", algorithm) == null) {
            return Optional.empty(); // Ed25519 unless a system property of the provider asks for it
        }
        byte[] encoded = new byte[0];
        try {
            encoded = info.getEncoded("DER");
            return Optional.of(
                    KeyFactory.getInstance(algorithm, provider).generatePrivate(new PKCS8EncodedKeySpec(encoded)));
        } catch (GeneralSecurityException | IOException | RuntimeException e) {
            return Optional.empty(); // a curve or a size that this build of the provider lacks
        } finally {
            Arrays.fill(encoded, (byte) 0);
        }
    }
}
