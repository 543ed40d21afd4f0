package io.intaglio.signing.standard;

import io.intaglio.signing.internal.JsonReader;
import io.intaglio.signing.key.SecretForm;
import io.intaglio.signing.key.VerifyingKey;
import java.util.Base64;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a JSON Web Signature in compact form is genuine (RFC 7515 section 5.2). Immutable and thread-safe.
 *
 * <pre>{@code
 * VerifiedJws jws = JwsVerifier.of(JwsAlgorithm.ES256, publicKey).verify(token);
 * JwsVerifier many = JwsVerifier.of(Jwk.readSet(json));        // picks the key by the header's kid
 * }</pre>
 *
 * <p>A key has its algorithms, whatever the header says; {@code none} is none of them. Keys in the header ({@code jwk}, {@code jku},
 * {@code x5c}, {@code x5u}) are never used. Critical extensions other than {@code b64} are refused, and so is base64url with padding, loose
 * bits or other characters.
 */
public final class JwsVerifier {

    /** A key that is trusted with some algorithms. */
    private record Trusted(@Nullable String keyId, Set<JwsAlgorithm> algorithms, VerifyingKey key, SecretForm form) {}

    private final List<Trusted> keys;

    private JwsVerifier(List<Trusted> keys) {
        this.keys = keys;
    }

    /**
     * Verifies with one key and one algorithm. The text of a shared secret is the key.
     *
     * @throws IllegalArgumentException when the key is not of the algorithm's kind
     */
    public static JwsVerifier of(JwsAlgorithm algorithm, VerifyingKey key) {
        return of(algorithm, key, SecretForm.UTF8);
    }

    /** As {@link #of(JwsAlgorithm, VerifyingKey)}, where the text of a shared secret has this form. */
    public static JwsVerifier of(JwsAlgorithm algorithm, VerifyingKey key, SecretForm form) {
        if (key.kind() != algorithm.kind()) {
            throw new IllegalArgumentException(algorithm + " needs the counterpart of " + algorithm.kind()
                    + ", but this is that of " + key.kind());
        }
        return new JwsVerifier(List.of(new Trusted(null, Set.of(algorithm), key, form)));
    }

    /**
     * Verifies with the key that the header's {@code kid} names; a single key is used whatever the header names.
     *
     * @throws IllegalArgumentException when there is no key
     */
    public static JwsVerifier of(Collection<Jwk> keys) {
        if (keys.isEmpty()) {
            throw new IllegalArgumentException("a verifier needs at least one key");
        }
        return new JwsVerifier(keys.stream()
                .map(key -> new Trusted(key.keyId().orElse(null), key.algorithms(), key.key(), SecretForm.UTF8))
                .toList());
    }

    /**
     * Verifies a token with the payload inside.
     *
     * @throws VerificationException with the reason, when it is not genuine
     */
    public VerifiedJws verify(String compact) {
        return decide(compact, null);
    }

    /**
     * Verifies a signature whose payload was sent apart.
     *
     * @param compact the signature, with nothing between its dots
     * @throws VerificationException with the reason, when it is not genuine
     */
    public VerifiedJws verifyDetached(String compact, byte[] payload) {
        return decide(compact, payload.clone());
    }

    private VerifiedJws decide(String compact, byte @Nullable [] detached) {
        int first = compact.indexOf('.');
        int last = compact.lastIndexOf('.');
        if (first < 0 || first == last || compact.indexOf('.', first + 1) != last) {
            throw refused("it has not three segments");
        }
        String head = compact.substring(0, first);
        String middle = compact.substring(first + 1, last);
        Map<String, @Nullable Object> header = header(decode(head, "header"));
        Trusted key = key(header.get("kid"));
        JwsAlgorithm algorithm = key.algorithms().stream()
                .filter(allowed -> allowed.label().equals(header.get("alg")))
                .findFirst()
                .orElseThrow(() -> refused("its alg is none that the key is for"));
        boolean encoded = isEncoded(header);
        byte[] payload;
        if (detached == null) {
            if (!encoded) {
                throw refused("an unencoded payload has to come apart from the signature");
            }
            payload = decode(middle, "payload");
        } else if (!middle.isEmpty()) {
            throw refused("it has a payload inside, but its payload came apart");
        } else {
            payload = detached;
        }
        byte[] signature = decode(compact.substring(last + 1), "signature");
        byte[] input = Jws.signingInput(head, payload, encoded);
        if (!key.key().verify(algorithm.algorithm(key.form()), input, signature)) {
            throw refused("it does not match; it was changed or another key made it");
        }
        return new VerifiedJws(algorithm, header, payload);
    }

    private Trusted key(@Nullable Object keyId) {
        if (keys.size() == 1) {
            return keys.get(0);
        }
        for (Trusted key : keys) {
            if (key.keyId() != null && key.keyId().equals(keyId)) {
                return key;
            }
        }
        throw refused("its kid names none of the keys");
    }

    private static Map<String, @Nullable Object> header(byte[] json) {
        Object value;
        try {
            value = JsonReader.read(json);
        } catch (IllegalArgumentException e) {
            throw refused("its header " + e.getMessage());
        }
        if (!(value instanceof Map<?, ?> members)) {
            throw refused("its header is no JSON object");
        }
        Map<String, @Nullable Object> header = new LinkedHashMap<>();
        members.forEach((name, member) -> header.put((String) name, member));
        return Collections.unmodifiableMap(header);
    }

    /** Whether the payload is signed in base64url; reads the one critical extension that we know (RFC 7797). */
    private static boolean isEncoded(Map<String, @Nullable Object> header) {
        boolean critical = header.containsKey("crit");
        if (critical && !List.of("b64").equals(header.get("crit"))) {
            throw refused("its crit names an extension that is not known here");
        }
        if (critical != header.containsKey("b64")) {
            throw refused("its b64 and crit do not belong together");
        }
        if (!critical) {
            return true;
        }
        if (!(header.get("b64") instanceof Boolean encoded)) {
            throw refused("its b64 is neither true nor false");
        }
        return encoded;
    }

    private static byte[] decode(String text, String what) {
        try {
            return decode(text);
        } catch (IllegalArgumentException e) {
            throw refused("its " + what + " " + e.getMessage());
        }
    }

    /** Base64url without padding, in its one canonical form. */
    static byte[] decode(String text) {
        byte[] decoded;
        try {
            decoded = Base64.getUrlDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("is not base64url", e);
        }
        // The JDK takes padding and loose bits; then two texts would stand for one value.
        if (!Jws.encode(decoded).equals(text)) {
            throw new IllegalArgumentException("is not base64url in its canonical form");
        }
        return decoded;
    }

    private static VerificationException refused(String reason) {
        return new VerificationException("JSON Web Signature is refused: " + reason);
    }

    /** How many keys it has. */
    @Override
    public String toString() {
        return "JwsVerifier[" + keys.size() + " keys]";
    }
}
