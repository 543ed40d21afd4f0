package io.intaglio.signing.key;

import io.intaglio.signing.secret.InsecureSecretAccess;
import io.intaglio.signing.secret.Secret;
import java.lang.invoke.VarHandle;
import java.security.DigestException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Collection;
import org.bouncycastle.crypto.digests.LongDigest;
import org.bouncycastle.crypto.digests.SHA384Digest;
import org.bouncycastle.crypto.digests.SHA512Digest;
import org.jspecify.annotations.Nullable;

/**
 * Signs with a shared secret. What an algorithm needs of the secret is derived at its first use and kept; from then on
 * signing takes no lock and makes no arrays.
 */
final class HmacSigner implements Signer {
    private static final Keyed[] NONE = {};

    /** The secret's text, null when this signer is prepared for some algorithms and has forgotten it. */
    private final @Nullable Secret text;

    private final Object lock = new Object();
    private volatile Keyed[] derived;
    private volatile boolean closed;

    private HmacSigner(@Nullable Secret text, Keyed[] derived) {
        this.text = text;
        this.derived = derived;
    }

    static HmacSigner of(Secret secret) {
        if (secret.length() == 0) {
            throw new KeyException("an HMAC secret must not be empty; look at where it is read from");
        }
        return new HmacSigner(InsecureSecretAccess.use(secret, Secret::of), NONE);
    }

    @Override
    public int signInto(SignatureAlgorithm algorithm, byte[] data, int offset, int length, byte[] out, int outOffset) {
        Keyed keyed = keyed(algorithm);
        try {
            return keyed.sign(this, data, offset, length, out, outOffset);
        } catch (DigestException e) {
            throw new IllegalStateException(algorithm + " failed in the JDK's digest", e);
        }
    }

    @Override
    public int maxSignatureLength(SignatureAlgorithm algorithm) {
        return algorithm.needHash().length();
    }

    private Keyed keyed(SignatureAlgorithm algorithm) {
        Keyed known = find(derived, algorithm);
        return known == null ? derive(algorithm) : known;
    }

    private static @Nullable Keyed find(Keyed[] all, SignatureAlgorithm algorithm) {
        for (Keyed keyed : all) {
            if (keyed.algorithm.equals(algorithm)) {
                return keyed;
            }
        }
        return null;
    }

    private Keyed derive(SignatureAlgorithm algorithm) {
        synchronized (lock) {
            checkOpen();
            Keyed known = find(derived, algorithm);
            if (known != null) {
                return known;
            }
            if (text == null) {
                throw new KeyException("this HMAC key was prepared for " + Arrays.toString(derived)
                        + " and has forgotten its secret; it cannot do " + algorithm
                        + ", prepare the original key for it too");
            }
            Keyed fresh = derive(text, algorithm);
            Keyed[] more = Arrays.copyOf(derived, derived.length + 1);
            more[derived.length] = fresh;
            derived = more;
            return fresh;
        }
    }

    private static Keyed derive(Secret text, SignatureAlgorithm algorithm) {
        byte[] key = InsecureSecretAccess.use(text, algorithm.needSecretForm()::keyBytes);
        try {
            return algorithm.family() == SignatureAlgorithm.Family.HMAC
                    ? keyedStates(algorithm, key)
                    : new SuffixedSecret(algorithm, Secret.of(key));
        } finally {
            Arrays.fill(key, (byte) 0);
        }
    }

    private static Keyed keyedStates(SignatureAlgorithm algorithm, byte[] key) {
        Hash hash = algorithm.needHash();
        byte[] shortKey = key.length > hash.blockLength() ? hash.digest(key, 0, key.length) : key;
        byte[] inner = masked(shortKey, hash.blockLength(), 0x36);
        byte[] outer = masked(shortKey, hash.blockLength(), 0x5c);
        try {
            return hash == Hash.SHA384 || hash == Hash.SHA512
                    ? KeyedLongStates.of(algorithm, inner, outer)
                    : KeyedStates.of(algorithm, inner, outer);
        } finally {
            Arrays.fill(inner, (byte) 0);
            Arrays.fill(outer, (byte) 0);
            if (shortKey != key) {
                Arrays.fill(shortKey, (byte) 0);
            }
        }
    }

    private static byte[] masked(byte[] key, int length, int mask) {
        byte[] block = Arrays.copyOf(key, length);
        for (int i = 0; i < block.length; i++) {
            block[i] = (byte) (block[i] ^ mask);
        }
        return block;
    }

    @Override
    public Signer prepared(Collection<SignatureAlgorithm> algorithms) {
        Keyed[] fresh = new Keyed[algorithms.size()];
        int i = 0;
        for (SignatureAlgorithm algorithm : algorithms) {
            algorithm.check(KeyKind.SECRET);
            fresh[i++] = keyed(algorithm).copy(this);
        }
        return new HmacSigner(null, fresh);
    }

    private void checkOpen() {
        if (closed) {
            throw SigningKey.closed();
        }
    }

    @Override
    public void close() {
        synchronized (lock) {
            closed = true;
            VarHandle.fullFence(); // closed is visible before any state changes, see KeyedStates.sign
            for (Keyed keyed : derived) {
                keyed.wipe();
            }
            derived = NONE;
            if (text != null) {
                text.close();
            }
        }
    }

    /** What one algorithm needs of the secret. */
    private abstract static class Keyed {
        final SignatureAlgorithm algorithm;

        Keyed(SignatureAlgorithm algorithm) {
            this.algorithm = algorithm;
        }

        abstract int sign(HmacSigner owner, byte[] data, int offset, int length, byte[] out, int outOffset)
                throws DigestException;

        abstract Keyed copy(HmacSigner owner);

        abstract void wipe();

        @Override
        public String toString() {
            return algorithm.name();
        }
    }

    /**
     * HMAC's two digests after their first block, which is all that HMAC needs of a key. Nobody updates them, they are
     * cloned.
     */
    private static final class KeyedStates extends Keyed {
        private final MessageDigest inner;
        private final MessageDigest outer;

        private KeyedStates(SignatureAlgorithm algorithm, MessageDigest inner, MessageDigest outer) {
            super(algorithm);
            this.inner = inner;
            this.outer = outer;
        }

        static KeyedStates of(SignatureAlgorithm algorithm, byte[] innerBlock, byte[] outerBlock) {
            Hash hash = algorithm.needHash();
            return new KeyedStates(algorithm, keyed(hash, innerBlock), keyed(hash, outerBlock));
        }

        private static MessageDigest keyed(Hash hash, byte[] block) {
            MessageDigest digest = hash.newDigest();
            digest.update(block, 0, block.length);
            // The JDK's digest leaves the block it read, the masked key, in its work array. A copy has a work array of
            // its own; the original's is overwritten.
            MessageDigest kept = Hash.copy(digest);
            digest.update(new byte[block.length], 0, block.length);
            digest.reset();
            return kept;
        }

        @Override
        int sign(HmacSigner owner, byte[] data, int offset, int length, byte[] out, int outOffset)
                throws DigestException {
            MessageDigest first = Hash.copy(inner);
            MessageDigest second = Hash.copy(outer);
            // a copy taken while close() wipes must not sign: whoever saw a wiped state sees closed
            VarHandle.loadLoadFence();
            owner.checkOpen();
            first.update(data, offset, length);
            int hashLength = algorithm.needHash().length();
            first.digest(out, outOffset, hashLength);
            second.update(out, outOffset, hashLength);
            return second.digest(out, outOffset, hashLength);
        }

        @Override
        Keyed copy(HmacSigner owner) {
            KeyedStates copy = new KeyedStates(algorithm, Hash.copy(inner), Hash.copy(outer));
            VarHandle.loadLoadFence();
            owner.checkOpen();
            return copy;
        }

        @Override
        void wipe() {
            inner.reset();
            outer.reset();
        }
    }

    /**
     * The same for SHA-384 and SHA-512, with Bouncy Castle's digests: on x86 the JDK's compiled SHA-512 keeps the last
     * full block it was given, which here is the masked key, in its buffer until more text comes.
     */
    private static final class KeyedLongStates extends Keyed {
        private final LongDigest inner;
        private final LongDigest outer;

        private KeyedLongStates(SignatureAlgorithm algorithm, LongDigest inner, LongDigest outer) {
            super(algorithm);
            this.inner = inner;
            this.outer = outer;
        }

        static KeyedLongStates of(SignatureAlgorithm algorithm, byte[] innerBlock, byte[] outerBlock) {
            return new KeyedLongStates(algorithm, keyed(algorithm, innerBlock), keyed(algorithm, outerBlock));
        }

        private static LongDigest keyed(SignatureAlgorithm algorithm, byte[] block) {
            boolean full = algorithm.needHash() == Hash.SHA512;
            LongDigest digest = full ? new SHA512Digest() : new SHA384Digest();
            digest.update(block, 0, block.length);
            // By way of its encoded state: a plain copy would take the work array along, which is made of the key.
            byte[] state = full ? ((SHA512Digest) digest).getEncodedState() : ((SHA384Digest) digest).getEncodedState();
            try {
                return full ? new SHA512Digest(state) : new SHA384Digest(state);
            } finally {
                Arrays.fill(state, (byte) 0);
                digest.reset();
            }
        }

        private static LongDigest copyOf(LongDigest digest) {
            return (LongDigest) digest.copy();
        }

        @Override
        int sign(HmacSigner owner, byte[] data, int offset, int length, byte[] out, int outOffset) {
            LongDigest first = copyOf(inner);
            LongDigest second = copyOf(outer);
            VarHandle.loadLoadFence();
            owner.checkOpen();
            first.update(data, offset, length);
            int hashLength = first.doFinal(out, outOffset);
            second.update(out, outOffset, hashLength);
            return second.doFinal(out, outOffset);
        }

        @Override
        Keyed copy(HmacSigner owner) {
            KeyedLongStates copy = new KeyedLongStates(algorithm, copyOf(inner), copyOf(outer));
            VarHandle.loadLoadFence();
            owner.checkOpen();
            return copy;
        }

        @Override
        void wipe() {
            inner.reset();
            outer.reset();
        }
    }

    /** The key bytes themselves, masked: a hash over text and secret cannot be started with the secret. */
    private static final class SuffixedSecret extends Keyed {
        private final Secret key;

        SuffixedSecret(SignatureAlgorithm algorithm, Secret key) {
            super(algorithm);
            this.key = key;
        }

        @Override
        int sign(HmacSigner owner, byte[] data, int offset, int length, byte[] out, int outOffset)
                throws DigestException {
            owner.checkOpen();
            MessageDigest digest = algorithm.needHash().newDigest();
            digest.update(data, offset, length);
            byte[] plain = InsecureSecretAccess.copyBytes(key);
            digest.update(plain, 0, plain.length);
            Arrays.fill(plain, (byte) 0);
            return digest.digest(out, outOffset, algorithm.needHash().length());
        }

        @Override
        Keyed copy(HmacSigner owner) {
            return new SuffixedSecret(algorithm, InsecureSecretAccess.use(key, Secret::of));
        }

        @Override
        void wipe() {
            key.close();
        }
    }
}
