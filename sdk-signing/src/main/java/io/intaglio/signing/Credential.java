package io.intaglio.signing;

import io.intaglio.signing.key.SigningKey;
import io.intaglio.signing.secret.Secret;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who signs: the key id, the signing key, and what else a venue ties to a key (passphrase, account or user id). Immutable but for
 * {@link #close()}, and thread-safe.
 *
 * <pre>{@code
 * Credential key = Credential.hmac("Q1sL...", Secret.fromEnv("DESK_SECRET"))
 *         .with("passphrase", Secret.fromEnv("DESK_PASSPHRASE"));
 * }</pre>
 *
 * No factory takes a secret as text, and {@link #toString()} shows neither secrets nor the whole key id.
 */
public final class Credential implements AutoCloseable {
    private final String keyId;
    private final @Nullable SigningKey key;
    private final Map<String, String> attributes;
    private final Map<String, Secret> secrets;

    private Credential(
            String keyId, @Nullable SigningKey key, Map<String, String> attributes, Map<String, Secret> secrets) {
        this.keyId = keyId;
        this.key = key;
        this.attributes = attributes;
        this.secrets = secrets;
    }

    /** A key id with the secret it shares with the venue. How the secret's text becomes key bytes is the venue's rule. */
    public static Credential hmac(String keyId, Secret secret) {
        return of(keyId, SigningKey.hmac(secret));
    }

    /** A key id with any signing key. */
    public static Credential of(String keyId, SigningKey key) {
        return new Credential(checked(keyId), Objects.requireNonNull(key, "key"), Map.of(), Map.of());
    }

    /** A key id alone, for venues and calls that need no signature. */
    public static Credential keyId(String keyId) {
        return new Credential(checked(keyId), null, Map.of(), Map.of());
    }

    /** A copy with a named value that is not secret: an account id, a user id. */
    public Credential with(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(attributes);
        more.put(Objects.requireNonNull(name, "name"), Objects.requireNonNull(value, "value"));
        return new Credential(keyId, key, Map.copyOf(more), secrets);
    }

    /** A copy with a named secret value: a passphrase, a session token. The credential keeps this very object and closes it. */
    public Credential with(String name, Secret value) {
        Map<String, Secret> more = new LinkedHashMap<>(secrets);
        more.put(Objects.requireNonNull(name, "name"), Objects.requireNonNull(value, "value"));
        return new Credential(keyId, key, attributes, Map.copyOf(more));
    }

    /** A copy that signs with another key. */
    public Credential withKey(SigningKey newKey) {
        return new Credential(keyId, Objects.requireNonNull(newKey, "key"), attributes, secrets);
    }

    /** The public name of the key, in full, as the venue gave it. */
    public String keyId() {
        return keyId;
    }

    /** Enough of the key id to tell keys apart in a log, and no more: the first four characters, or none of a short id. */
    public String shortKeyId() {
        return keyId.length() >= 12 ? keyId.substring(0, 4) + "..." : "...";
    }

    /** The signing key, absent for a key id alone. */
    public Optional<SigningKey> key() {
        return Optional.ofNullable(key);
    }

    /** A named value that is not secret. */
    public Optional<String> attribute(String name) {
        return Optional.ofNullable(attributes.get(name));
    }

    /** A named secret value. */
    public Optional<Secret> secret(String name) {
        return Optional.ofNullable(secrets.get(name));
    }

    /** Wipes the key and the named secrets; signing with this credential or a copy of it fails from then on. */
    @Override
    public void close() {
        if (key != null) {
            key.close();
        }
        secrets.values().forEach(Secret::close);
    }

    /** The shortened key id and the names of the attributes; no value. */
    @Override
    public String toString() {
        return "Credential[" + shortKeyId() + (key == null ? "" : ", " + key.kind()) + "]";
    }

    private static String checked(String keyId) {
        for (int i = 0; i < keyId.length(); i++) {
            char c = keyId.charAt(i);
            if (c < 32 || c >= 127) {
                throw new IllegalArgumentException("key id holds a character at position " + (i + 1)
                        + " that cannot be sent (U+"
                        + Integer.toHexString(0x10000 | c).substring(1)
                        + "); a line break at the end is the usual cause");
            }
        }
        if (keyId.isBlank() || !keyId.equals(keyId.strip())) {
            throw new IllegalArgumentException("key id is " + (keyId.isBlank() ? "empty" : "surrounded by blanks")
                    + "; give it as the venue shows it");
        }
        return keyId;
    }
}
