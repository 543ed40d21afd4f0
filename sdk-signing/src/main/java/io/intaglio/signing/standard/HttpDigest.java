package io.intaglio.signing.standard;

import io.intaglio.signing.internal.Codecs;
import io.intaglio.signing.internal.StructuredFields;
import io.intaglio.signing.internal.StructuredFields.Bytes;
import io.intaglio.signing.internal.StructuredFields.Item;
import io.intaglio.signing.internal.StructuredFields.Member;
import io.intaglio.signing.key.Hash;
import java.security.MessageDigest;
import java.util.Map;
import java.util.Optional;

/**
 * The digests of HTTP content and representations (RFC 9530) that are safe against forgery. The others in the RFC's registry (md5, sha,
 * unixsum, unixcksum, adler, crc32c) are never written and never relied on.
 *
 * <pre>{@code
 * String contentDigest = HttpDigest.SHA_256.field(body);   // sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:
 * HttpDigest.verify(contentDigest, body);
 * }</pre>
 */
public enum HttpDigest {
    /** SHA-256. */
    SHA_256("sha-256", Hash.SHA256),
    /** SHA-512. */
    SHA_512("sha-512", Hash.SHA512);

    private final String label;
    private final String beforeBytes;
    private final Hash hash;

    HttpDigest(String label, Hash hash) {
        this.label = label;
        this.beforeBytes = label + "=:";
        this.hash = hash;
    }

    /** The key in the fields: {@code sha-256}. */
    public String label() {
        return label;
    }

    /**
     * The value of {@code Content-Digest} or {@code Repr-Digest}.
     *
     * @param content the bytes as they are sent, after content coding (RFC 9530 section 2); for {@code Repr-Digest} the whole representation
     */
    public String field(byte[] content) {
        return Codecs.base64(beforeBytes, hash.digest(content, 0, content.length), ":");
    }

    /**
     * Compares a {@code Content-Digest} or {@code Repr-Digest} with the bytes. Every SHA-256 and SHA-512 digest in it has to be right, and at
     * least one has to be there; other digests prove nothing and are passed over.
     *
     * @param fieldValue the field's value; several lines joined with a comma
     * @throws VerificationException when the field is malformed, proves nothing, or does not match
     */
    public static void verify(String fieldValue, byte[] content) {
        boolean proven = false;
        Map<String, Member> members = dictionary(fieldValue);
        for (HttpDigest digest : values()) {
            Member member = members.get(digest.label);
            if (member == null) {
                continue;
            }
            if (!(member instanceof Item item) || !(item.value() instanceof Bytes claimed)) {
                throw new VerificationException("digest field has a " + digest.label + " that is no byte sequence");
            }
            if (!MessageDigest.isEqual(digest.hash.digest(content, 0, content.length), claimed.content())) {
                throw new VerificationException("digest field does not match the content: its " + digest.label
                        + " is over other bytes than the " + content.length + " received");
            }
            proven = true;
        }
        if (!proven) {
            throw new VerificationException("digest field proves nothing: it has neither sha-256 nor sha-512");
        }
    }

    /**
     * The digest that a peer likes best, from its {@code Want-Content-Digest} or {@code Want-Repr-Digest}; of equal wishes SHA-512. Empty when
     * it wants none of ours.
     *
     * @throws IllegalArgumentException when the field is malformed; the RFC lets it be ignored
     */
    public static Optional<HttpDigest> wanted(String fieldValue) {
        HttpDigest best = null;
        long most = 0;
        for (Map.Entry<String, Member> wish :
                StructuredFields.dictionary(fieldValue).entrySet()) {
            if (!(wish.getValue() instanceof Item item)
                    || !(item.value() instanceof Long weight)
                    || weight < 0
                    || weight > 10) {
                throw new IllegalArgumentException(
                        "digest preference for " + wish.getKey() + " must be an integer from 0 to 10 (RFC 9530)");
            }
            for (HttpDigest digest : values()) {
                if (digest.label.equals(wish.getKey()) && weight > 0 && weight >= most) {
                    best = weight > most || digest == SHA_512 ? digest : best;
                    most = weight;
                }
            }
        }
        return Optional.ofNullable(best);
    }

    private static Map<String, Member> dictionary(String fieldValue) {
        try {
            return StructuredFields.unambiguousDictionary(fieldValue);
        } catch (IllegalArgumentException e) {
            throw new VerificationException("digest field " + e.getMessage());
        }
    }
}
