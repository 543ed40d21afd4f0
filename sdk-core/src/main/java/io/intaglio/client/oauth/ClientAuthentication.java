package io.intaglio.client.oauth;

import io.intaglio.signing.Field;
import io.intaglio.signing.key.SigningKey;
import io.intaglio.signing.secret.InsecureSecretAccess;
import io.intaglio.signing.secret.Secret;
import io.intaglio.signing.standard.Jws;
import io.intaglio.signing.standard.JwsAlgorithm;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How a client proves to the token endpoint who it is. Immutable but for {@link #close()}, and thread-safe. Prefer {@link #privateKeyJwt} or
 * {@link #mutualTls}: with them no secret leaves this host.
 */
public final class ClientAuthentication implements AutoCloseable {
    /** How long an assertion can be used; short, since it is used at once. */
    static final Duration ASSERTION_LIFE = Duration.ofSeconds(60);

    private final String method;
    private final String clientId;
    private final @Nullable Secret secret;
    private final @Nullable JwsAlgorithm algorithm;
    private final @Nullable SigningKey key;
    private final @Nullable String keyId;

    private ClientAuthentication(
            String method,
            String clientId,
            @Nullable Secret secret,
            @Nullable JwsAlgorithm algorithm,
            @Nullable SigningKey key,
            @Nullable String keyId) {
        this.method = method;
        this.clientId = checked(clientId);
        this.secret = secret;
        this.algorithm = algorithm;
        this.key = key;
        this.keyId = keyId;
    }

    private static String checked(String clientId) {
        if (clientId.isBlank() || clientId.chars().anyMatch(c -> c < 32 || c >= 127)) {
            throw new IllegalArgumentException(
                    "the client id is empty or holds characters that cannot be sent; give it as the server shows it");
        }
        return clientId;
    }

    /**
     * A shared secret in the {@code Authorization} header (RFC 6749 section 2.3.1).
     *
     * @param secret UTF-8; kept, and wiped by {@link #close()}
     */
    public static ClientAuthentication secretBasic(String clientId, Secret secret) {
        return new ClientAuthentication(
                "client_secret_basic", clientId, Objects.requireNonNull(secret, "secret"), null, null, null);
    }

    /** The same secret in the body, for servers that cannot read the header. */
    public static ClientAuthentication secretPost(String clientId, Secret secret) {
        return new ClientAuthentication(
                "client_secret_post", clientId, Objects.requireNonNull(secret, "secret"), null, null, null);
    }

    /**
     * A signed assertion (RFC 7523 section 2.2), a new one for each token request.
     *
     * @param key kept, and closed by {@link #close()}
     * @throws IllegalArgumentException when the key is not of the algorithm's kind
     */
    public static ClientAuthentication privateKeyJwt(String clientId, JwsAlgorithm algorithm, SigningKey key) {
        if (key.kind() != algorithm.kind()) {
            throw new IllegalArgumentException(
                    "assertions by " + algorithm + " need " + algorithm.kind() + ", but this key is " + key.kind());
        }
        return new ClientAuthentication("private_key_jwt", clientId, null, algorithm, key, null);
    }

    /** The certificate that the connection shows (RFC 8705 section 2); it is set in {@link OAuth.Builder#tls}. */
    public static ClientAuthentication mutualTls(String clientId) {
        return new ClientAuthentication("tls_client_auth", clientId, null, null, null, null);
    }

    /** Names the key in the header of assertions ({@code kid}), where several are registered. */
    public ClientAuthentication keyId(String name) {
        return new ClientAuthentication(method, clientId, secret, algorithm, key, Objects.requireNonNull(name, "name"));
    }

    /** Who the client is. */
    public String clientId() {
        return clientId;
    }

    /** Its name in metadata (RFC 8414 section 2). */
    String method() {
        return method;
    }

    @Nullable
    JwsAlgorithm algorithm() {
        return algorithm;
    }

    boolean isMutualTls() {
        return method.equals("tls_client_auth");
    }

    /** Adds itself to one token request. */
    void authenticate(Form form, List<Field> headers, String audience, Instant now) {
        if (secret != null && method.equals("client_secret_basic")) {
            headers.add(new Field("Authorization", "Basic " + basic(secret)));
            return;
        }
        form.add("client_id", clientId);
        if (secret != null) {
            form.add("client_secret", secret);
        } else if (key != null && algorithm != null) {
            form.add("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
            form.add("client_assertion", assertion(algorithm, key, audience, now));
        }
    }

    /** Each with an identity of its own and for a minute, so that none could be used twice, not even by us. */
    private String assertion(JwsAlgorithm by, SigningKey with, String audience, Instant now) {
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("iss", clientId);
        claims.put("sub", clientId);
        claims.put("aud", audience);
        claims.put("jti", UUID.randomUUID().toString());
        claims.put("iat", now.getEpochSecond());
        claims.put("exp", now.plus(ASSERTION_LIFE).getEpochSecond());
        Jws jws = Jws.signing(by).header("typ", "JWT");
        return (keyId == null ? jws : jws.header("kid", keyId)).signClaims(claims, with);
    }

    /** Both are form-encoded before they are joined, which the colon needs. */
    private String basic(Secret password) {
        Form pair = new Form();
        byte[] id = clientId.getBytes(StandardCharsets.UTF_8);
        pair.encode(id);
        pair.raw(':');
        InsecureSecretAccess.use(password, bytes -> {
            pair.encode(bytes);
            return bytes.length;
        });
        byte[] plain = pair.takeBytes();
        byte[] encoded = Base64.getEncoder().encode(plain);
        String text = new String(encoded, StandardCharsets.US_ASCII);
        Arrays.fill(plain, (byte) 0);
        Arrays.fill(encoded, (byte) 0);
        return text;
    }

    /** Wipes secret and key. */
    @Override
    public void close() {
        if (secret != null) {
            secret.close();
        }
        if (key != null) {
            key.close();
        }
    }

    /** The method; neither the client id nor the secret. */
    @Override
    public String toString() {
        return "ClientAuthentication[" + method + "]";
    }
}
