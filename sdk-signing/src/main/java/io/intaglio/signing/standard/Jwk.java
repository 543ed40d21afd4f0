package io.intaglio.signing.standard;

import io.intaglio.signing.internal.JsonReader;
import io.intaglio.signing.internal.JsonText;
import io.intaglio.signing.key.Hash;
import io.intaglio.signing.key.KeyException;
import io.intaglio.signing.key.KeyKind;
import io.intaglio.signing.key.VerifyingKey;
import io.intaglio.signing.secret.Secret;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A key that verifies, from a JSON Web Key (RFC 7517): Ed25519, RSA, EC on P-256 or P-384, or a shared secret. A private key is read as its
 * public half. Immutable and thread-safe.
 *
 * <p>Refused are keys meant for something else ({@code use}, {@code key_ops}, {@code alg}), RSA keys under 2048 bits or with the ROCA fault
 * (CVE-2017-15361), points that are not on their curve, and shared secrets shorter than their hash (RFC 7518 section 3.2).
 */
public final class Jwk {
    /** Primes for which the moduli of faulty generators lie in the small group that 65537 makes. */
    private static final int[] ROCA_PRIMES = {11, 13, 17, 19, 37, 53, 61, 71, 73, 79, 97, 103, 107, 109, 127, 151, 157};

    private final @Nullable String keyId;
    private final VerifyingKey key;
    private final Set<JwsAlgorithm> algorithms;
    private final String thumbprint;

    private Jwk(@Nullable String keyId, VerifyingKey key, Set<JwsAlgorithm> algorithms, String thumbprint) {
        this.keyId = keyId;
        this.key = key;
        this.algorithms = algorithms;
        this.thumbprint = thumbprint;
    }

    /**
     * Reads one key.
     *
     * @throws KeyException when it is malformed, unsafe, of an unsupported kind, or not meant to verify
     */
    public static Jwk read(String json) {
        return read(object(json));
    }

    /**
     * Reads a key set ({@code {"keys":[...]}}).
     *
     * @throws KeyException when a key is refused, two share a key id, or public keys and shared secrets are mixed
     */
    public static List<Jwk> readSet(String json) {
        if (!(object(json).get("keys") instanceof List<?> keys)) {
            throw new KeyException("the JSON Web Key Set has no list of keys");
        }
        List<Jwk> read = new ArrayList<>();
        Set<Optional<String>> keyIds = new HashSet<>();
        Set<Boolean> secrets = new HashSet<>();
        for (Object key : keys) {
            if (!(key instanceof Map<?, ?> members)) {
                throw new KeyException("the JSON Web Key Set holds something that is no key");
            }
            Jwk one = read(members);
            if (!keyIds.add(one.keyId())) {
                throw new KeyException(
                        "the JSON Web Key Set has two keys with one key id; which of them counts is open");
            }
            secrets.add(one.key.kind() == KeyKind.SECRET);
            read.add(one);
        }
        if (secrets.size() > 1) {
            throw new KeyException("the JSON Web Key Set mixes shared secrets with public keys; give them apart");
        }
        return List.copyOf(read);
    }

    private static Map<?, ?> object(String json) {
        try {
            if (JsonReader.read(json.getBytes(StandardCharsets.UTF_8)) instanceof Map<?, ?> members) {
                return members;
            }
        } catch (IllegalArgumentException e) {
            throw new KeyException("the JSON Web Key " + e.getMessage());
        }
        throw new KeyException("the JSON Web Key is no JSON object");
    }

    private static Jwk read(Map<?, ?> jwk) {
        checkUse(jwk);
        String type = text(jwk, "kty");
        VerifyingKey key = switch (type) {
            case "oct" -> secret(jwk);
            case "RSA" -> rsa(jwk);
            case "EC" -> ec(jwk);
            case "OKP" -> edwards(jwk);
            default -> throw new KeyException("the JSON Web Key is of a type that is not supported");
        };
        Set<JwsAlgorithm> algorithms = EnumSet.noneOf(JwsAlgorithm.class);
        for (JwsAlgorithm algorithm : JwsAlgorithm.values()) {
            if (algorithm.kind() == key.kind()
                    && (jwk.get("alg") == null || algorithm.label().equals(jwk.get("alg")))
                    && (!type.equals("oct")
                            || bytes(jwk, "k").length >= algorithm.hash().length())) {
                algorithms.add(algorithm);
            }
        }
        if (algorithms.isEmpty()) {
            throw new KeyException(
                    "the JSON Web Key is meant for an algorithm that its kind cannot do, or is too short for any");
        }
        String keyId = jwk.get("kid") == null ? null : text(jwk, "kid");
        return new Jwk(keyId, key, algorithms, thumbprint(type, jwk));
    }

    private static void checkUse(Map<?, ?> jwk) {
        Object use = jwk.get("use");
        if (use != null && !use.equals("sig")) {
            throw new KeyException("the JSON Web Key is not meant for signatures: its use is another");
        }
        Object operations = jwk.get("key_ops");
        if (operations != null
                && !(operations instanceof List<?> list && (list.contains("verify") || list.contains("sign")))) {
            throw new KeyException("the JSON Web Key is not meant to verify: its key_ops are others");
        }
    }

    private static VerifyingKey secret(Map<?, ?> jwk) {
        byte[] bytes = bytes(jwk, "k");
        if (bytes.length == 0) {
            throw new KeyException("the JSON Web Key is an empty secret");
        }
        return VerifyingKey.hmac(Secret.takeOver(bytes));
    }

    private static VerifyingKey rsa(Map<?, ?> jwk) {
        BigInteger modulus = new BigInteger(1, bytes(jwk, "n"));
        BigInteger exponent = new BigInteger(1, bytes(jwk, "e"));
        if (hasRocaFault(modulus)) {
            throw new KeyException("the JSON Web Key is an RSA key of a faulty generator (ROCA, CVE-2017-15361) whose "
                    + "private key can be computed; make a new key");
        }
        return VerifyingKey.rsa(modulus, exponent);
    }

    private static boolean hasRocaFault(BigInteger modulus) {
        for (int prime : ROCA_PRIMES) {
            int rest = modulus.mod(BigInteger.valueOf(prime)).intValue();
            int power = 1;
            boolean found = false;
            for (int i = 0; i < prime && !found; i++) {
                found = power == rest;
                power = power * (65537 % prime) % prime;
            }
            if (!found) {
                return false;
            }
        }
        return true;
    }

    private static VerifyingKey ec(Map<?, ?> jwk) {
        String curve = text(jwk, "crv");
        KeyKind kind = switch (curve) {
            case "P-256" -> KeyKind.EC_P256;
            case "P-384" -> KeyKind.EC_P384;
            default -> throw new KeyException("the JSON Web Key is on a curve that is not supported");
        };
        int length = curve.equals("P-256") ? 32 : 48;
        byte[] x = bytes(jwk, "x");
        byte[] y = bytes(jwk, "y");
        if (x.length != length || y.length != length) {
            throw new KeyException("the JSON Web Key has coordinates of another length than its curve's " + length);
        }
        byte[] point = new byte[1 + 2 * length];
        point[0] = 4;
        System.arraycopy(x, 0, point, 1, length);
        System.arraycopy(y, 0, point, 1 + length, length);
        return VerifyingKey.ec(kind, point);
    }

    private static VerifyingKey edwards(Map<?, ?> jwk) {
        if (!text(jwk, "crv").equals("Ed25519")) {
            throw new KeyException("the JSON Web Key is on a curve that is not supported");
        }
        return VerifyingKey.ed25519(bytes(jwk, "x"));
    }

    private static String text(Map<?, ?> jwk, String name) {
        if (jwk.get(name) instanceof String text) {
            return text;
        }
        throw new KeyException("the JSON Web Key has no text '" + name + "'");
    }

    private static byte[] bytes(Map<?, ?> jwk, String name) {
        try {
            return JwsVerifier.decode(text(jwk, name));
        } catch (IllegalArgumentException e) {
            throw new KeyException("the JSON Web Key's '" + name + "' is not base64url");
        }
    }

    /** RFC 7638: the hash of the members that make the key, in the order of their names. */
    private static String thumbprint(String type, Map<?, ?> jwk) {
        List<String> names = switch (type) {
            case "oct" -> List.of("k", "kty");
            case "RSA" -> List.of("e", "kty", "n");
            case "EC" -> List.of("crv", "kty", "x", "y");
            default -> List.of("crv", "kty", "x");
        };
        Map<String, Object> members = new LinkedHashMap<>();
        for (String name : names) {
            members.put(name, text(jwk, name));
        }
        StringBuilder json = new StringBuilder();
        JsonText.write(members, json);
        byte[] bytes = json.toString().getBytes(StandardCharsets.UTF_8);
        byte[] hash = Hash.SHA256.digest(bytes, 0, bytes.length);
        Arrays.fill(bytes, (byte) 0);
        return Jws.encode(hash);
    }

    /** The key id, if it has one. */
    public Optional<String> keyId() {
        return Optional.ofNullable(keyId);
    }

    /** The key. */
    public VerifyingKey key() {
        return key;
    }

    /** The algorithms it may be used with: the one it names, else all of its kind. */
    public Set<JwsAlgorithm> algorithms() {
        return Set.copyOf(algorithms);
    }

    /** The SHA-256 thumbprint (RFC 7638) in base64url. */
    public String thumbprint() {
        return thumbprint;
    }

    /** The kind; nothing of the key. */
    @Override
    public String toString() {
        return "Jwk[for " + key.kind() + "]";
    }
}
