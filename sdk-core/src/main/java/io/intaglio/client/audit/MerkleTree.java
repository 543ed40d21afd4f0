package io.intaglio.client.audit;

import java.security.MessageDigest;

/** The root of a growing list by RFC 9162 section 2.1.1, in memory that grows with the logarithm of its length. Not thread-safe. */
final class MerkleTree {
    private static final byte LEAF = 0;
    private static final byte NODE = 1;

    private final MessageDigest sha = Sha256.digest();
    /** At index i the root of a whole tree of 2^i leaves, when bit i of the size is set. */
    private final byte[][] whole = new byte[63][];

    private long size;

    void add(byte[] leaf) {
        sha.update(LEAF);
        byte[] node = sha.digest(leaf);
        int level = 0;
        while ((size >> level & 1) == 1) {
            node = node(whole[level], node);
            level++;
        }
        whole[level] = node;
        size++;
    }

    private byte[] node(byte[] left, byte[] right) {
        sha.update(NODE);
        sha.update(left);
        return sha.digest(right);
    }

    /** Of an empty list the hash of nothing. */
    byte[] root() {
        byte[] root = null;
        for (int level = 0; size >> level != 0; level++) {
            if ((size >> level & 1) == 1) {
                root = root == null ? whole[level] : node(whole[level], root);
            }
        }
        return root == null ? sha.digest() : root;
    }
}
