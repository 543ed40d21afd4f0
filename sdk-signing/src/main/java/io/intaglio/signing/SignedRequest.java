package io.intaglio.signing;

import io.intaglio.signing.key.Hash;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Exactly what will be sent: method, target, header list and body bytes, together with the pre-hash that was signed, so that it can be
 * explained and audited. A transport may add only {@code Host}, {@code Content-Length}, {@code Connection} and {@code User-Agent}. Immutable
 * and thread-safe.
 */
public final class SignedRequest {
    private static final byte[] NOTHING = {};

    private final String method;
    private final String target;
    private final @Nullable URI baseUri;
    private final List<Field> headers;
    private final byte @Nullable [] body;
    private final int bodyLength;
    private final byte @Nullable [] preHash;
    private final int preHashLength;
    private final @Nullable Supplier<String> signature;

    private SignedRequest(
            String method,
            String target,
            @Nullable URI baseUri,
            List<Field> headers,
            byte @Nullable [] body,
            int bodyLength,
            byte @Nullable [] preHash,
            int preHashLength,
            @Nullable Supplier<String> signature) {
        this.method = method;
        this.target = target;
        this.baseUri = baseUri;
        this.headers = headers;
        this.body = body;
        this.bodyLength = bodyLength;
        this.preHash = preHash;
        this.preHashLength = preHashLength;
        this.signature = signature;
    }

    /**
     * For schemes: takes ownership of the arrays and the list, which nobody may change afterwards. {@code preHash} may be the body array
     * itself when the pre-hash is how the body begins.
     *
     * @param body null for no body
     * @param preHash null when nothing was signed
     * @param signature as it was placed, null when nothing was signed
     */
    public static SignedRequest owning(
            String method,
            String target,
            @Nullable URI baseUri,
            List<Field> headers,
            byte @Nullable [] body,
            byte @Nullable [] preHash,
            int preHashLength,
            @Nullable String signature) {
        return new SignedRequest(
                method,
                target,
                baseUri,
                headers,
                body,
                body == null ? 0 : body.length,
                preHash,
                preHashLength,
                signature == null ? null : () -> signature);
    }

    /**
     * As {@link #owning(String, String, URI, List, byte[], byte[], int, String)}, for a body that is how its array begins and a signature that
     * is made text only for those who ask.
     *
     * @param signature gives the same text each time, from any thread
     */
    public static SignedRequest owning(
            String method,
            String target,
            @Nullable URI baseUri,
            List<Field> headers,
            byte @Nullable [] body,
            int bodyLength,
            byte @Nullable [] preHash,
            int preHashLength,
            @Nullable Supplier<String> signature) {
        return new SignedRequest(method, target, baseUri, headers, body, bodyLength, preHash, preHashLength, signature);
    }

    /**
     * For schemes that sign what another one encoded: the same method, address and body, with this target, these headers and this signature.
     * Takes ownership of the array and the list, which nobody may change afterwards.
     *
     * @param signature gives the same text each time, from any thread
     */
    public SignedRequest signedAs(
            String newTarget, List<Field> newHeaders, byte[] text, int textLength, Supplier<String> signature) {
        return new SignedRequest(method, newTarget, baseUri, newHeaders, body, bodyLength, text, textLength, signature);
    }

    /** HTTP method. */
    public String method() {
        return method;
    }

    /** Request target in origin form: path and, after {@code ?}, the query, encoded. ASCII. */
    public String target() {
        return target;
    }

    /** Where it goes, when the request said so; its path is already part of {@link #target()}. */
    public Optional<URI> baseUri() {
        return Optional.ofNullable(baseUri);
    }

    /** The whole address when the base URI is known, else the target. */
    public String url() {
        return baseUri == null ? target : baseUri.getScheme() + "://" + baseUri.getRawAuthority() + target;
    }

    /** The header list in sending order. Values may authenticate: do not log them. */
    public List<Field> headers() {
        return headers;
    }

    /** The first header of that name, letter case ignored. */
    public Optional<String> header(String name) {
        for (Field header : headers) {
            if (header.name().equalsIgnoreCase(name)) {
                return Optional.of(header.value());
            }
        }
        return Optional.empty();
    }

    /** Whether there is a body, even one of no bytes. */
    public boolean hasBody() {
        return body != null;
    }

    /** Bytes in the body, 0 when there is none. */
    public int bodyLength() {
        return bodyLength;
    }

    /** A copy of the body, empty when there is none. */
    public byte[] body() {
        return body == null ? NOTHING : Arrays.copyOf(body, bodyLength);
    }

    /** A hash of the body; of no bytes when there is none. */
    public byte[] bodyHash(Hash hash) {
        return hash.digest(body == null ? NOTHING : body, 0, bodyLength);
    }

    /** Writes the body without copying it. */
    public void writeBodyTo(OutputStream out) throws IOException {
        if (body != null) {
            out.write(body, 0, bodyLength);
        }
    }

    /** The body as UTF-8 text, empty when there is none. */
    public String bodyText() {
        return body == null ? "" : new String(body, 0, bodyLength, StandardCharsets.UTF_8);
    }

    /** Whether anything was signed: false for public and key-only calls. */
    public boolean isSigned() {
        return preHash != null;
    }

    /** A copy of the exact bytes that were given to the key; empty when nothing was signed. */
    public byte[] preHash() {
        return preHash == null ? NOTHING : Arrays.copyOf(preHash, preHashLength);
    }

    /** The signature in the text form in which it was placed. It authenticates: do not log it. */
    public Optional<String> signature() {
        return signature == null ? Optional.empty() : Optional.of(signature.get());
    }

    /** Method and target without the query, which may hold a signature. */
    @Override
    public String toString() {
        int query = target.indexOf('?');
        return method + " " + (query < 0 ? target : target.substring(0, query) + "?...");
    }
}
