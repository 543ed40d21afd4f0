package io.intaglio.signing.key;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a signature is made: the algorithm with all its choices. An immutable value.
 *
 * <pre>{@code
 * SignatureAlgorithm kraken = SignatureAlgorithm.hmac(Hash.SHA512, SecretForm.BASE64);
 * }</pre>
 */
public final class SignatureAlgorithm {
    /** The mathematics, apart from hash and form. */
    enum Family {
        HMAC,
        SUFFIXED_HASH,
        ECDSA,
        RSA_PKCS1,
        RSA_PSS,
        ED25519
    }

    private final Family family;
    private final @Nullable Hash hash;
    private final @Nullable SecretForm secretForm;
    private final @Nullable EcdsaForm ecdsaForm;
    private final String name;

    private SignatureAlgorithm(
            Family family,
            @Nullable Hash hash,
            @Nullable SecretForm secretForm,
            @Nullable EcdsaForm ecdsaForm,
            String name) {
        this.family = family;
        this.hash = hash;
        this.secretForm = secretForm;
        this.ecdsaForm = ecdsaForm;
        this.name = name;
    }

    /** HMAC (RFC 2104) with a shared secret. */
    public static SignatureAlgorithm hmac(Hash hash, SecretForm form) {
        Objects.requireNonNull(form, "form");
        return new SignatureAlgorithm(Family.HMAC, hash, form, null, "HMAC-" + hash.shortName());
    }

    /**
     * The hash of the text followed by the secret, for venues that do not use HMAC. Do not choose it for anything of
     * your own.
     */
    public static SignatureAlgorithm suffixedHash(Hash hash, SecretForm form) {
        Objects.requireNonNull(form, "form");
        return new SignatureAlgorithm(Family.SUFFIXED_HASH, hash, form, null, hash.shortName() + "-of-text-and-secret");
    }

    /** Ed25519 (RFC 8032, the pure form). */
    public static SignatureAlgorithm ed25519() {
        return new SignatureAlgorithm(Family.ED25519, null, null, null, "Ed25519");
    }

    /** RSA with PKCS#1 version 1.5 padding. */
    public static SignatureAlgorithm rsaPkcs1(Hash hash) {
        return new SignatureAlgorithm(Family.RSA_PKCS1, hash, null, null, "RSA-" + hash.shortName());
    }

    /** RSA with PSS padding, MGF1 over the same hash and a salt as long as the hash. */
    public static SignatureAlgorithm rsaPss(Hash hash) {
        return new SignatureAlgorithm(Family.RSA_PSS, hash, null, null, "RSA-PSS-" + hash.shortName());
    }

    /** ECDSA on the curve of the key. */
    public static SignatureAlgorithm ecdsa(Hash hash, EcdsaForm form) {
        Objects.requireNonNull(form, "form");
        return new SignatureAlgorithm(Family.ECDSA, hash, null, form, "ECDSA-" + hash.shortName());
    }

    /** Whether a key of this kind can sign so. */
    public boolean accepts(KeyKind kind) {
        return switch (family) {
            case HMAC, SUFFIXED_HASH -> kind == KeyKind.SECRET;
            case ED25519 -> kind == KeyKind.ED25519;
            case RSA_PKCS1, RSA_PSS -> kind == KeyKind.RSA;
            case ECDSA -> kind.isEc();
        };
    }

    /** Whether signer and verifier share one secret. */
    public boolean isSymmetric() {
        return family == Family.HMAC || family == Family.SUFFIXED_HASH;
    }

    /** Whether the secret itself stands behind the text that is hashed; see {@link #suffixedHash}. */
    public boolean appendsSecret() {
        return family == Family.SUFFIXED_HASH;
    }

    /** Whether the same text gives another signature each time, so that it can only be verified, not made again. */
    public boolean isRandomised() {
        return family == Family.ECDSA || family == Family.RSA_PSS;
    }

    /** The name for messages: {@code HMAC-SHA256}. Forms of the secret or the signature are not part of it. */
    public String name() {
        return name;
    }

    /** The hash, absent for Ed25519, which has its own. */
    public Optional<Hash> hash() {
        return Optional.ofNullable(hash);
    }

    /** How the text of a shared secret becomes key bytes; present for algorithms with a shared secret. */
    public Optional<SecretForm> secretForm() {
        return Optional.ofNullable(secretForm);
    }

    /** How the signature is written, absent for all but ECDSA. */
    public Optional<EcdsaForm> ecdsaForm() {
        return Optional.ofNullable(ecdsaForm);
    }

    Family family() {
        return family;
    }

    Hash needHash() {
        return Objects.requireNonNull(hash);
    }

    SecretForm needSecretForm() {
        return Objects.requireNonNull(secretForm);
    }

    EcdsaForm needEcdsaForm() {
        return Objects.requireNonNull(ecdsaForm);
    }

    private String wantedKey() {
        return switch (family) {
            case HMAC, SUFFIXED_HASH -> "an HMAC secret";
            case ED25519 -> "an Ed25519 private key";
            case RSA_PKCS1, RSA_PSS -> "an RSA private key";
            case ECDSA -> "an EC private key";
        };
    }

    /** What keys any of them takes, as part of a sentence: {@code Ed25519, RSA or an HMAC secret}. */
    static String wantedKeys(Collection<SignatureAlgorithm> algorithms) {
        List<String> kinds = algorithms.stream()
                .map(SignatureAlgorithm::family)
                .sorted(Comparator.reverseOrder()) // the order of the families puts the shared secret last
                .map(SignatureAlgorithm::shortKind)
                .distinct()
                .toList();
        int last = kinds.size() - 1;
        if (last == 0) {
            return kinds.get(0).startsWith("an ") ? kinds.get(0) : kinds.get(0) + " keys";
        }
        return String.join(", ", kinds.subList(0, last)) + " or " + kinds.get(last);
    }

    private static String shortKind(Family family) {
        return switch (family) {
            case HMAC, SUFFIXED_HASH -> "an HMAC secret";
            case ED25519 -> "Ed25519";
            case RSA_PKCS1, RSA_PSS -> "RSA";
            case ECDSA -> "EC";
        };
    }

    void check(KeyKind kind) {
        if (!accepts(kind)) {
            throw new KeyException(name + " needs " + wantedKey() + ", but this key is " + kind);
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other
                || (other instanceof SignatureAlgorithm that
                        && family == that.family
                        && hash == that.hash
                        && secretForm == that.secretForm
                        && ecdsaForm == that.ecdsaForm);
    }

    @Override
    public int hashCode() {
        return Objects.hash(family, hash, secretForm, ecdsaForm);
    }

    /** The {@link #name()}. */
    @Override
    public String toString() {
        return name;
    }
}
