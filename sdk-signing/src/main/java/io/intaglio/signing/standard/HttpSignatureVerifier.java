package io.intaglio.signing.standard;

import io.intaglio.signing.Field;
import io.intaglio.signing.internal.StructuredFields;
import io.intaglio.signing.internal.StructuredFields.Bytes;
import io.intaglio.signing.internal.StructuredFields.InnerList;
import io.intaglio.signing.internal.StructuredFields.Item;
import io.intaglio.signing.internal.StructuredFields.Member;
import io.intaglio.signing.key.SecretForm;
import io.intaglio.signing.key.VerifyingKey;
import java.security.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a message is signed as wanted (RFC 9421 section 3.2). Immutable and thread-safe, as far as the key lookup and the replay
 * guard are.
 *
 * <pre>{@code
 * HttpSignatureVerifier verifier = HttpSignatureVerifier.requiring("@method", "@target-uri")
 *         .key("desk-7", HttpSignatureAlgorithm.ED25519, publicKey)
 *         .maxAge(Duration.ofSeconds(60))
 *         .replayGuard(guard)
 *         .build();
 * VerifiedSignature proof = verifier.verify(message, now);
 * }</pre>
 *
 * <p>A message is refused unless all of this holds: one signature is chosen without doubt; its {@code keyid} is known, and an {@code alg}
 * agrees with the key's; it covers every required component once; {@code created} is there, not in the future and not older than the maximum
 * age; {@code expires} has not passed; content is covered by a SHA-256 or SHA-512 {@code Content-Digest} that matches it; the signature is
 * right; and with a replay guard, its {@code nonce} is new.
 */
public final class HttpSignatureVerifier {
    private static final String DIGEST = "content-digest";

    /** A key that is trusted with one algorithm. */
    private record TrustedKey(HttpSignatureAlgorithm algorithm, VerifyingKey key, SecretForm form) {
        TrustedKey {
            if (key.kind() != algorithm.kind()) {
                throw new IllegalArgumentException(algorithm + " needs the counterpart of " + algorithm.kind()
                        + ", but this is the counterpart of " + key.kind());
            }
        }
    }

    private final List<Component> required;
    private final Map<String, TrustedKey> keys;
    private final Map<String, FieldType> types;
    private final Duration maxAge;
    private final Duration clockSkew;
    private final @Nullable String label;
    private final @Nullable String tag;
    private final @Nullable ReplayGuard guard;
    private final boolean wantsContent;

    private HttpSignatureVerifier(Builder from) {
        this.required = List.copyOf(from.required);
        this.keys = Map.copyOf(from.keys);
        this.types = Map.copyOf(from.types);
        this.maxAge = from.maxAge;
        this.clockSkew = from.clockSkew;
        this.label = from.label;
        this.tag = from.tag;
        this.guard = from.guard;
        this.wantsContent = from.wantsContent;
    }

    /** Starts a verifier that wants these components covered; content is wanted without naming it. */
    public static Builder requiring(String... names) {
        return new Builder().and(names);
    }

    /** Starts a verifier that wants these components covered; content is wanted without naming it. */
    public static Builder requiring(Component... components) {
        return new Builder().and(components);
    }

    /**
     * Verifies one signature of the message.
     *
     * @param now the time on a clock that is right within the clock skew
     * @throws VerificationException with the reason, when the message is not proven genuine
     */
    public VerifiedSignature verify(HttpMessage message, Instant now) {
        try {
            return decide(message, now);
        } catch (IllegalArgumentException e) {
            throw new VerificationException("signature of " + message + " is refused: " + e.getMessage());
        }
    }

    private VerifiedSignature decide(HttpMessage message, Instant now) {
        Map<String, Member> inputs = dictionary(message, "Signature-Input");
        Map<String, Member> signatures = dictionary(message, "Signature");
        Map.Entry<String, Member> chosen = choose(inputs);
        if (!(chosen.getValue() instanceof InnerList input)) {
            throw new IllegalArgumentException("Signature-Input is no list of components");
        }
        if (!(signatures.get(chosen.getKey()) instanceof Item item) || !(item.value() instanceof Bytes signature)) {
            throw new IllegalArgumentException("Signature has no byte sequence for the label of Signature-Input");
        }
        List<Component> components = components(input);
        for (Component wanted : required) {
            if (!components.contains(wanted)) {
                throw new IllegalArgumentException("it does not cover " + wanted);
            }
        }
        Map<String, Object> parameters = input.parameters();
        Instant created = seconds(parameters, "created")
                .orElseThrow(() -> new IllegalArgumentException("it does not say when it was created"));
        Optional<Instant> expires = seconds(parameters, "expires");
        checkTime(created, expires, now);
        Optional<String> nonce = text(parameters, "nonce");
        if (guard != null && nonce.isEmpty()) {
            throw new IllegalArgumentException("it has no nonce, without which it could be replayed");
        }
        String keyId = text(parameters, "keyid")
                .orElseThrow(() -> new IllegalArgumentException("it does not name its key with keyid"));
        TrustedKey key = keys.get(keyId);
        if (key == null) {
            throw new IllegalArgumentException("its keyid is not known here");
        }
        Optional<String> alg = text(parameters, "alg");
        if (alg.isPresent() && !alg.get().equals(key.algorithm().label())) {
            throw new IllegalArgumentException("its alg is not " + key.algorithm() + ", which its key is for");
        }
        StringBuilder canonical = new StringBuilder();
        StructuredFields.write(input, canonical);
        byte[] base = SignatureBase.of(message, components, canonical.toString(), types);
        if (!key.key().verify(key.algorithm().algorithm(key.form()), base, signature.content())) {
            throw new IllegalArgumentException("it does not match; the message was changed or another key made it");
        }
        checkContent(message, components);
        if (guard != null && !guard.firstUse(keyId, nonce.orElse(""), lastUse(created, expires))) {
            throw new IllegalArgumentException("its nonce was used before");
        }
        return new VerifiedSignature(
                chosen.getKey(), keyId, key.algorithm(), components, created, expires, nonce, text(parameters, "tag"));
    }

    private static Map<String, Member> dictionary(HttpMessage message, String name) {
        String value = SignatureBase.joined(message.headers(), name);
        if (value == null) {
            throw new IllegalArgumentException("it has no " + name);
        }
        try {
            return StructuredFields.unambiguousDictionary(value);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(name + " " + e.getMessage(), e);
        }
    }

    private Map.Entry<String, Member> choose(Map<String, Member> inputs) {
        List<Map.Entry<String, Member>> found = new ArrayList<>();
        for (Map.Entry<String, Member> input : inputs.entrySet()) {
            if ((label == null || label.equals(input.getKey()))
                    && (tag == null || tag.equals(input.getValue().parameters().get("tag")))) {
                found.add(input);
            }
        }
        if (found.size() != 1) {
            throw new IllegalArgumentException(
                    found.isEmpty()
                            ? "it has no signature"
                                    + (label == null && tag == null ? "" : " with the label or tag wanted")
                            : "it has " + found.size()
                                    + " signatures; say which one counts with label(...) or tag(...)");
        }
        return found.get(0);
    }

    private static List<Component> components(InnerList input) {
        List<Component> components = new ArrayList<>();
        Set<Component> seen = new HashSet<>();
        for (Item item : input.items()) {
            Component component = Component.of(item);
            if (!seen.add(component)) {
                throw new IllegalArgumentException("it covers " + component + " twice");
            }
            components.add(component);
        }
        return List.copyOf(components);
    }

    private static Optional<Instant> seconds(Map<String, Object> parameters, String name) {
        Object value = parameters.get(name);
        if (value != null && !(value instanceof Long)) {
            throw new IllegalArgumentException("its " + name + " is no whole number of seconds");
        }
        return Optional.ofNullable((Long) value).map(Instant::ofEpochSecond);
    }

    private static Optional<String> text(Map<String, Object> parameters, String name) {
        Object value = parameters.get(name);
        if (value != null && !(value instanceof String)) {
            throw new IllegalArgumentException("its " + name + " is no string");
        }
        return Optional.ofNullable((String) value);
    }

    private void checkTime(Instant created, Optional<Instant> expires, Instant now) {
        if (created.isAfter(now.plus(clockSkew))) {
            throw new IllegalArgumentException("it was created in the future; compare the clocks");
        }
        if (created.plus(maxAge).plus(clockSkew).isBefore(now)) {
            throw new IllegalArgumentException("it is older than " + maxAge);
        }
        if (expires.isPresent() && (expires.get().isBefore(now) || expires.get().isBefore(created))) {
            throw new IllegalArgumentException("it has expired");
        }
    }

    /** The last instant at which {@link #checkTime} lets the signature pass. */
    private Instant lastUse(Instant created, Optional<Instant> expires) {
        Instant aged = created.plus(maxAge).plus(clockSkew);
        return expires.filter(aged::isAfter).orElse(aged);
    }

    private void checkContent(HttpMessage message, List<Component> components) {
        boolean covered = false;
        for (Component component : components) {
            if (component.name().equals(DIGEST)) {
                boolean own = !component.has("req");
                HttpMessage source = own ? message : message.request().orElse(message);
                List<Field> lines = component.has("tr") ? source.trailers() : source.headers();
                String value = SignatureBase.joined(lines, DIGEST);
                HttpDigest.verify(value == null ? "" : value, source.content());
                covered |= own && provesContent(component);
            }
        }
        if (wantsContent && !covered && message.content().length > 0) {
            throw new IllegalArgumentException("it has content that no signed Content-Digest covers");
        }
    }

    /** A signature over one member of the field proves content only if that member is a digest we trust. */
    private static boolean provesContent(Component component) {
        String key = component.parameter("key");
        if (key == null) {
            return true;
        }
        for (HttpDigest digest : HttpDigest.values()) {
            if (digest.label().equals(key)) {
                return true;
            }
        }
        return false;
    }

    /** Collects keys and rules. Not thread-safe. */
    public static final class Builder {
        private final List<Component> required = new ArrayList<>();
        private final Map<String, TrustedKey> keys = new LinkedHashMap<>();
        private final Map<String, FieldType> types = new LinkedHashMap<>();
        private Duration maxAge = Duration.ofMinutes(5);
        private Duration clockSkew = Duration.ofSeconds(30);
        private @Nullable String label;
        private @Nullable String tag;
        private @Nullable ReplayGuard guard;
        private boolean wantsContent = true;

        private Builder() {}

        private Builder and(String... names) {
            for (String name : names) {
                required.add(Component.of(name));
            }
            return this;
        }

        /** Wants more components covered. */
        public Builder and(Component... components) {
            required.addAll(List.of(components));
            return this;
        }

        /**
         * Trusts a public key with one algorithm.
         *
         * @throws IllegalArgumentException when the key id has a key already, or the key is not of the algorithm's kind
         */
        public Builder key(String keyId, HttpSignatureAlgorithm algorithm, PublicKey key) {
            return key(keyId, algorithm, VerifyingKey.of(key));
        }

        /** Trusts a key with one algorithm; the key bytes of a shared secret are its UTF-8 text. See {@link #key(String,
         * HttpSignatureAlgorithm, PublicKey)}. */
        public Builder key(String keyId, HttpSignatureAlgorithm algorithm, VerifyingKey key) {
            return key(keyId, new TrustedKey(algorithm, key, SecretForm.UTF8));
        }

        /** Trusts a shared secret, whose text has this form, with HMAC-SHA256. */
        public Builder secret(String keyId, VerifyingKey secret, SecretForm form) {
            return key(keyId, new TrustedKey(HttpSignatureAlgorithm.HMAC_SHA256, secret, form));
        }

        private Builder key(String keyId, TrustedKey key) {
            if (keys.putIfAbsent(keyId, key) != null) {
                throw new IllegalArgumentException("a key id stands for one key, but one here is given two");
            }
            return this;
        }

        /**
         * How old a signature may be; five minutes unless set.
         *
         * @throws IllegalArgumentException when it is not positive
         */
        public Builder maxAge(Duration age) {
            if (age.isNegative() || age.isZero()) {
                throw new IllegalArgumentException("maximum age must be positive, was " + age);
            }
            maxAge = age;
            return this;
        }

        /** How far the signer's clock may be off; 30 seconds unless set. It does not prolong {@code expires}. */
        public Builder clockSkew(Duration skew) {
            if (skew.isNegative()) {
                throw new IllegalArgumentException("clock skew must not be negative, was " + skew);
            }
            clockSkew = skew;
            return this;
        }

        /** Verifies the signature of this label, where a message may have several. */
        public Builder label(String wanted) {
            label = wanted;
            return this;
        }

        /** Verifies the signature with this tag, where a message may have several. */
        public Builder tag(String wanted) {
            tag = wanted;
            return this;
        }

        /** Wants a nonce that is new. Without a guard, a message may be replayed until it is too old. */
        public Builder replayGuard(ReplayGuard newGuard) {
            guard = newGuard;
            return this;
        }

        /** Accepts messages whose content no signature covers, so that anyone may have changed it. */
        public Builder acceptingUncoveredContent() {
            wantsContent = false;
            return this;
        }

        /** Tells the type of a structured field, for components with {@code sf}. */
        public Builder structuredField(String name, FieldType type) {
            types.put(Component.of(name).name(), type);
            return this;
        }

        /**
         * Builds the verifier.
         *
         * @throws IllegalArgumentException when there is no key
         */
        public HttpSignatureVerifier build() {
            if (keys.isEmpty()) {
                throw new IllegalArgumentException("a verifier needs at least one key");
            }
            return new HttpSignatureVerifier(this);
        }
    }
}
