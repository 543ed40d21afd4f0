package io.intaglio.signing.standard;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a genuine JSON Web Signature says: its header and payload. Immutable and thread-safe. */
public final class VerifiedJws {
    private final JwsAlgorithm algorithm;
    private final Map<String, @Nullable Object> header;
    private final byte[] payload;

    VerifiedJws(JwsAlgorithm algorithm, Map<String, @Nullable Object> header, byte[] payload) {
        this.algorithm = algorithm;
        this.header = header;
        this.payload = payload;
    }

    /** The algorithm. */
    public JwsAlgorithm algorithm() {
        return algorithm;
    }

    /** The header's members: text, {@link java.math.BigDecimal}, booleans, lists and maps. Unmodifiable. */
    public Map<String, @Nullable Object> header() {
        return header;
    }

    /** A copy of the payload. */
    public byte[] payload() {
        return payload.clone();
    }

    /** The algorithm; nothing of the payload. */
    @Override
    public String toString() {
        return "VerifiedJws[" + algorithm + "]";
    }
}
