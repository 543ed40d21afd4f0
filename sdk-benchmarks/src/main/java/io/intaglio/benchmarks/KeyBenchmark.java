package io.intaglio.benchmarks;

import io.intaglio.signing.key.EcdsaForm;
import io.intaglio.signing.key.Hash;
import io.intaglio.signing.key.SignatureAlgorithm;
import io.intaglio.signing.key.SigningKey;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Public-key signatures of 100 bytes, beside the providers as they are called without the library: a new {@link Signature} for each call. */
public class KeyBenchmark {
    private static final int LENGTH = 100;

    private KeyBenchmark() {}

    /** One provider with a key in its own form. */
    private static final class Raw {
        private final String algorithm;
        private final Provider provider;
        private final PrivateKey key;

        private Raw(String algorithm, Provider provider, PrivateKey key) {
            this.algorithm = algorithm;
            this.provider = provider;
            this.key = key;
        }

        static Raw of(String algorithm, String keyAlgorithm, Provider provider, PrivateKey key) {
            try {
                PrivateKey own = KeyFactory.getInstance(keyAlgorithm, provider)
                        .generatePrivate(new PKCS8EncodedKeySpec(key.getEncoded()));
                return new Raw(algorithm, provider, own);
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(provider.getName() + " takes no such key", e);
            }
        }

        byte[] sign(byte[] data) throws GeneralSecurityException {
            Signature signature = Signature.getInstance(algorithm, provider);
            signature.initSign(key);
            signature.update(data);
            return signature.sign();
        }
    }

    private static KeyPair pair(KeyPairGenerator generator) {
        return generator.generateKeyPair();
    }

    private static byte[] data() {
        byte[] data = new byte[LENGTH];
        Arrays.fill(data, (byte) 'x');
        return data;
    }

    private static void verify(String algorithm, KeyPair pair, byte[] data, byte[]... signatures)
            throws GeneralSecurityException {
        for (byte[] made : signatures) {
            Signature verifier = Signature.getInstance(algorithm);
            verifier.initVerify(pair.getPublic());
            verifier.update(data);
            if (!verifier.verify(made)) {
                throw new IllegalStateException("a signature of the " + algorithm + " benchmark does not verify");
            }
        }
    }

    /** Ed25519. */
    @State(Scope.Thread)
    public static class Ed25519 {
        private final byte[] data = data();
        private final KeyPair pair = pair(Providers.generator("Ed25519"));
        private final SignatureAlgorithm algorithm = SignatureAlgorithm.ed25519();
        private final SigningKey key = SigningKey.of(pair.getPrivate());
        private final Raw jdk = Raw.of("Ed25519", "Ed25519", Providers.jdk("SunEC"), pair.getPrivate());
        private final Raw bouncyCastle = Raw.of("Ed25519", "Ed25519", new BouncyCastleProvider(), pair.getPrivate());
        private final Raw corretto = Raw.of("Ed25519", "Ed25519", Providers.corretto(), pair.getPrivate());

        /** All signatures verify, or nothing is measured. */
        @Setup
        public void check() throws GeneralSecurityException {
            verify("Ed25519", pair, data, intaglio(), rawSunEc(), rawBouncyCastle(), rawCorretto());
        }

        /** The library's choice. */
        @Benchmark
        public byte[] intaglio() {
            return key.sign(algorithm, data);
        }

        /** The library's choice when Amazon's provider is asked to take Ed25519 keys, which it does not do by itself. */
        @Benchmark
        @Fork(value = 1, jvmArgsAppend = "-Dcom.amazon.corretto.crypto.provider.registerEdKeyFactory=true")
        public byte[] intaglioCorrettoAsked() {
            return key.sign(algorithm, data);
        }

        /** The JDK's provider. */
        @Benchmark
        public byte[] rawSunEc() throws GeneralSecurityException {
            return jdk.sign(data);
        }

        /** Bouncy Castle. */
        @Benchmark
        public byte[] rawBouncyCastle() throws GeneralSecurityException {
            return bouncyCastle.sign(data);
        }

        /** Amazon's provider. */
        @Benchmark
        public byte[] rawCorretto() throws GeneralSecurityException {
            return corretto.sign(data);
        }
    }

    /** RSA with 2048 bits, PKCS#1 v1.5, SHA-256. */
    @State(Scope.Thread)
    public static class Rsa2048 {
        private final byte[] data = data();
        private final KeyPair pair = pair(Providers.generator("RSA"));
        private final SignatureAlgorithm algorithm = SignatureAlgorithm.rsaPkcs1(Hash.SHA256);
        private final SigningKey key = SigningKey.of(pair.getPrivate());
        private final Raw jdk = Raw.of("SHA256withRSA", "RSA", Providers.jdk("SunRsaSign"), pair.getPrivate());
        private final Raw bouncyCastle = Raw.of("SHA256withRSA", "RSA", new BouncyCastleProvider(), pair.getPrivate());
        private final Raw corretto = Raw.of("SHA256withRSA", "RSA", Providers.corretto(), pair.getPrivate());

        /** All signatures verify, or nothing is measured. */
        @Setup
        public void check() throws GeneralSecurityException {
            verify("SHA256withRSA", pair, data, intaglio(), rawSunRsaSign(), rawBouncyCastle(), rawCorretto());
        }

        /** The library's choice. */
        @Benchmark
        public byte[] intaglio() {
            return key.sign(algorithm, data);
        }

        /** The JDK's provider. */
        @Benchmark
        public byte[] rawSunRsaSign() throws GeneralSecurityException {
            return jdk.sign(data);
        }

        /** Bouncy Castle. */
        @Benchmark
        public byte[] rawBouncyCastle() throws GeneralSecurityException {
            return bouncyCastle.sign(data);
        }

        /** Amazon's provider. */
        @Benchmark
        public byte[] rawCorretto() throws GeneralSecurityException {
            return corretto.sign(data);
        }
    }

    /** ECDSA on P-256, SHA-256, DER. */
    @State(Scope.Thread)
    public static class EcdsaP256 {
        private final byte[] data = data();
        private final KeyPair pair = pair(Providers.generator("EC", new ECGenParameterSpec("secp256r1")));
        private final SignatureAlgorithm algorithm = SignatureAlgorithm.ecdsa(Hash.SHA256, EcdsaForm.DER);
        private final SigningKey key = SigningKey.of(pair.getPrivate());
        private final Raw jdk = Raw.of("SHA256withECDSA", "EC", Providers.jdk("SunEC"), pair.getPrivate());
        private final Raw bouncyCastle = Raw.of("SHA256withECDSA", "EC", new BouncyCastleProvider(), pair.getPrivate());
        private final Raw corretto = Raw.of("SHA256withECDSA", "EC", Providers.corretto(), pair.getPrivate());

        /** All signatures verify, or nothing is measured. */
        @Setup
        public void check() throws GeneralSecurityException {
            verify("SHA256withECDSA", pair, data, intaglio(), rawSunEc(), rawBouncyCastle(), rawCorretto());
        }

        /** The library's choice. */
        @Benchmark
        public byte[] intaglio() {
            return key.sign(algorithm, data);
        }

        /** The JDK's provider. */
        @Benchmark
        public byte[] rawSunEc() throws GeneralSecurityException {
            return jdk.sign(data);
        }

        /** Bouncy Castle. */
        @Benchmark
        public byte[] rawBouncyCastle() throws GeneralSecurityException {
            return bouncyCastle.sign(data);
        }

        /** Amazon's provider. */
        @Benchmark
        public byte[] rawCorretto() throws GeneralSecurityException {
            return corretto.sign(data);
        }
    }
}
