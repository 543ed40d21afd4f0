package io.intaglio.signing.standard;

import io.intaglio.signing.Body;
import io.intaglio.signing.SigningException;
import io.intaglio.signing.internal.JsonText;
import io.intaglio.signing.key.SecretForm;
import io.intaglio.signing.key.SigningKey;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes JSON Web Signatures in compact form (RFC 7515), with the payload inside or detached, encoded or as it is (RFC 7797). Immutable and
 * thread-safe. Inside a venue's scheme, {@link io.intaglio.signing.scheme.Parts#jwt} makes a token from the request's parts.
 *
 * <pre>{@code
 * String token = Jws.signing(JwsAlgorithm.ES256).header("kid", "desk-7").sign(payload, key);
 * String jwt = Jws.signing(JwsAlgorithm.ES256).header("typ", "JWT").signClaims(claims, key);
 * String detached = Jws.signing(JwsAlgorithm.EDDSA).unencoded().signDetached(payload, key);
 * }</pre>
 */
public final class Jws {
    private final JwsAlgorithm algorithm;
    private final SecretForm form;
    private final Map<String, Object> header;

    private Jws(JwsAlgorithm algorithm, SecretForm form, Map<String, Object> header) {
        this.algorithm = algorithm;
        this.form = form;
        this.header = header;
    }

    /** A signature whose header holds {@code alg} alone. */
    public static Jws signing(JwsAlgorithm algorithm) {
        return new Jws(algorithm, SecretForm.UTF8, Map.of("alg", algorithm.label()));
    }

    /** How the text of a shared secret becomes key bytes; UTF-8 unless set. */
    public Jws secretForm(SecretForm newForm) {
        return new Jws(algorithm, newForm, header);
    }

    /**
     * Adds a header after those already there.
     *
     * @param value text, a whole number as {@link Long}, {@link Boolean}, or lists and maps of these
     * @throws IllegalArgumentException for {@code alg}, {@code crit} and {@code b64}, which follow from the other methods, and for a name that
     *     is there already
     */
    public Jws header(String name, Object value) {
        if (header.containsKey(name) || name.equals("crit") || name.equals("b64")) {
            throw new IllegalArgumentException("header '" + name + "' is there already, or set by its own method");
        }
        return with(name, value);
    }

    /**
     * Signs the payload as it is, without base64 (RFC 7797), and says so in {@code b64} and {@code crit}. Only for detached payloads: inside a
     * token such a payload could not hold a dot.
     */
    public Jws unencoded() {
        return header.containsKey("b64") ? this : with("b64", false).with("crit", List.of("b64"));
    }

    private Jws with(String name, Object value) {
        Map<String, Object> more = new LinkedHashMap<>(header);
        more.put(name, value);
        return new Jws(algorithm, form, Collections.unmodifiableMap(more));
    }

    /**
     * A token with the payload inside: {@code header.payload.signature}.
     *
     * @throws SigningException when the key does not fit, or the payload is to be unencoded
     */
    public String sign(byte[] payload, SigningKey key) {
        if (header.containsKey("b64")) {
            throw new SigningException("an unencoded payload is sent apart from its signature; use signDetached(...)");
        }
        return sign(headerBytes(), payload, key, true);
    }

    /**
     * A signature with the payload left out: {@code header..signature}. Send the payload apart, byte for byte.
     *
     * @throws SigningException when the key does not fit
     */
    public String signDetached(byte[] payload, SigningKey key) {
        return sign(headerBytes(), payload, key, false);
    }

    /**
     * A JSON Web Token (RFC 7519): these claims, as compact JSON in their order, with the payload inside.
     *
     * @param claims values as {@link Body#json} takes them; times are whole seconds
     * @throws SigningException when the key does not fit
     */
    public String signClaims(Map<String, Object> claims, SigningKey key) {
        StringBuilder json = new StringBuilder();
        JsonText.write(((Body.Json) Body.json(claims)).value(), json);
        return sign(json.toString().getBytes(StandardCharsets.UTF_8), key);
    }

    private byte[] headerBytes() {
        StringBuilder json = new StringBuilder();
        JsonText.write(header, json);
        return json.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** Signs below a header that is given as its bytes. */
    String sign(byte[] headerBytes, byte[] payload, SigningKey key, boolean attached) {
        if (key.kind() != algorithm.kind()) {
            throw new SigningException(algorithm + " needs " + algorithm.kind() + ", but this key is " + key.kind());
        }
        String head = encode(headerBytes);
        byte[] text = signingInput(head, payload, !header.containsKey("b64"));
        String signature = encode(key.sign(algorithm.algorithm(form), text));
        return head + "." + (attached ? encode(payload) : "") + "." + signature;
    }

    /** The bytes that are signed: the encoded header, a dot, and the payload in its form. */
    static byte[] signingInput(String head, byte[] payload, boolean encoded) {
        byte[] start = (head + ".").getBytes(StandardCharsets.US_ASCII);
        byte[] rest = encoded ? encode(payload).getBytes(StandardCharsets.US_ASCII) : payload;
        byte[] all = java.util.Arrays.copyOf(start, start.length + rest.length);
        System.arraycopy(rest, 0, all, start.length, rest.length);
        return all;
    }

    static String encode(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** Algorithm and header names. */
    @Override
    public String toString() {
        return "Jws[" + algorithm + ", " + header.keySet() + "]";
    }
}
