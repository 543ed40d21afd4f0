package io.intaglio.signing;

import io.intaglio.signing.internal.JsonText;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The whole set of fields to send over another transport, together with what was signed. Immutable and thread-safe. */
public final class Logon {
    private static final byte[] NOTHING = {};

    private final Map<?, ?> fields;
    private final byte @Nullable [] preHash;
    private final @Nullable String signature;

    private Logon(Map<?, ?> fields, byte @Nullable [] preHash, @Nullable String signature) {
        this.fields = fields;
        this.preHash = preHash;
        this.signature = signature;
    }

    /**
     * For schemes: what is sent, and what was signed.
     *
     * @param fields JSON values in sending order
     * @param preHash null when nothing was signed, as where a session token is sent
     * @param signature as it was placed, null when nothing was signed
     * @throws IllegalArgumentException when a value is of no JSON type
     */
    public static Logon of(Map<String, ?> fields, byte @Nullable [] preHash, @Nullable String signature) {
        return new Logon((Map<?, ?>) JsonTree.copyOf(fields), preHash == null ? null : preHash.clone(), signature);
    }

    /**
     * The members of the WebSocket frame, or the FIX tags, in order; those the caller gave included. Values authenticate: do not log them.
     * Unmodifiable.
     */
    @SuppressWarnings("unchecked") // copied in of(), where every name is checked to be text
    public Map<String, @Nullable Object> fields() {
        return (Map<String, @Nullable Object>) fields;
    }

    /** A FIX tag or a member of the frame as text. */
    public Optional<String> text(String name) {
        return Optional.ofNullable(fields.get(name)).map(JsonText::scalar);
    }

    /** The complete WebSocket frame: compact JSON in the order of {@link #fields()}. It authenticates: do not log it. */
    public String json() {
        StringBuilder json = new StringBuilder(256);
        JsonText.write(fields, json);
        return json.toString();
    }

    /** A copy of the exact bytes that were given to the key; empty when nothing was signed. */
    public byte[] preHash() {
        return preHash == null ? NOTHING : preHash.clone();
    }

    /** The signature in the text form in which it was placed. It authenticates: do not log it. */
    public Optional<String> signature() {
        return Optional.ofNullable(signature);
    }

    /** Names of the fields; no value. */
    @Override
    public String toString() {
        return "Logon" + fields.keySet();
    }
}
