package io.intaglio.benchmarks;

import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.Provider;
import java.security.Security;
import java.security.spec.AlgorithmParameterSpec;
import org.jspecify.annotations.Nullable;

/** The providers that are compared. */
final class Providers {
    private Providers() {}

    static KeyPairGenerator generator(String algorithm) {
        return generator(algorithm, null);
    }

    static KeyPairGenerator generator(String algorithm, @Nullable AlgorithmParameterSpec parameters) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
            if (parameters != null) {
                generator.initialize(parameters);
            } else if (algorithm.equals("RSA")) {
                generator.initialize(2048);
            }
            return generator;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static Provider jdk(String name) {
        Provider provider = Security.getProvider(name);
        if (provider == null) {
            throw new IllegalStateException("this JDK has no provider " + name);
        }
        return provider;
    }

    /** A copy of its own, not registered, with Ed25519 under its usual name, which the provider leaves out unless asked. */
    static Provider corretto() {
        try {
            System.setProperty("com.amazon.corretto.crypto.provider.registerEdKeyFactory", "true");
            Class<?> type = Class.forName("com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider");
            return (Provider) type.getConstructor().newInstance();
        } catch (ReflectiveOperationException | LinkageError e) {
            throw new IllegalStateException("Amazon Corretto Crypto Provider does not run on this machine", e);
        }
    }
}
