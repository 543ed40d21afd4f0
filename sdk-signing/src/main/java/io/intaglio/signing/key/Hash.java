package io.intaglio.signing.key;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.bouncycastle.jce.provider.BouncyCastleProvider;

/**
 * The hashes that venues sign with. MD5 and SHA-1 are here because some venues still ask for them.
 *
 * <p>Thread-safe: every digest is a new one.
 */
public enum Hash {
    /** 128 bits; broken, for venues that ask for it. */
    MD5("MD5", 16, 64),
    /** 160 bits; broken, for venues that ask for it. */
    SHA1("SHA-1", 20, 64),
    /** SHA-2 of 256 bits (FIPS 180-4). */
    SHA256("SHA-256", 32, 64),
    /** SHA-2 of 384 bits (FIPS 180-4). */
    SHA384("SHA-384", 48, 128),
    /** SHA-2 of 512 bits (FIPS 180-4). */
    SHA512("SHA-512", 64, 128),
    /** SHA-3 of 256 bits (FIPS 202), which is not Keccak-256. */
    SHA3_256("SHA3-256", 32, 136);

    private final String jcaName;
    private final int length;
    private final int blockLength;

    // Never updated, only cloned: a clone costs less than a look-up, and reading one object from many threads is safe.
    @SuppressWarnings("ImmutableEnumChecker")
    private final MessageDigest pristine;

    Hash(String jcaName, int length, int blockLength) {
        this.jcaName = jcaName;
        this.length = length;
        this.blockLength = blockLength;
        this.pristine = cloneable(jcaName);
    }

    /**
     * A digest that can be cloned; a FIPS provider may lack MD5, and a token's digest may not be cloneable, so Bouncy
     * Castle stands in.
     */
    private static MessageDigest cloneable(String jcaName) {
        try {
            return (MessageDigest) MessageDigest.getInstance(jcaName).clone();
        } catch (NoSuchAlgorithmException | CloneNotSupportedException e) {
            try {
                return MessageDigest.getInstance(jcaName, new BouncyCastleProvider());
            } catch (NoSuchAlgorithmException impossible) {
                throw new IllegalStateException("Bouncy Castle lacks " + jcaName, impossible);
            }
        }
    }

    static MessageDigest copy(MessageDigest digest) {
        try {
            return (MessageDigest) digest.clone();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException(
                    digest.getAlgorithm() + " of " + digest.getProvider() + " cannot be cloned", e);
        }
    }

    /** The name the JDK knows it by: {@code SHA-256}. */
    public String jcaName() {
        return jcaName;
    }

    /** The name inside the names of signature algorithms: {@code SHA256}, {@code SHA3-256}. */
    String shortName() {
        return this == SHA3_256 ? jcaName : name();
    }

    /** Bytes of a hash. */
    public int length() {
        return length;
    }

    /** Bytes of a block, to which HMAC pads its key. */
    public int blockLength() {
        return blockLength;
    }

    /** Hashes a part of an array. */
    public byte[] digest(byte[] data, int offset, int count) {
        MessageDigest digest = newDigest();
        digest.update(data, offset, count);
        return digest.digest();
    }

    /** A new digest, for the caller alone. Cheap. */
    public MessageDigest newDigest() {
        return copy(pristine);
    }
}
