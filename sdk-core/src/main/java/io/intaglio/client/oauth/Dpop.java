package io.intaglio.client.oauth;

import io.intaglio.signing.Field;
import io.intaglio.signing.SignedRequest;
import io.intaglio.signing.key.Hash;
import io.intaglio.signing.key.SigningKey;
import io.intaglio.signing.standard.Jws;
import io.intaglio.signing.standard.JwsAlgorithm;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/** Proofs that we hold the key to which a token is bound (RFC 9449), and the nonces that servers want in them. Thread-safe. */
final class Dpop {
    /** Section 8: a nonce is NQCHAR; what is longer than this is not taken. */
    private static final int LONGEST_NONCE = 1024;

    /** More servers than a client talks to. */
    private static final int MOST_SERVERS = 64;

    private final JwsAlgorithm algorithm;
    private final SigningKey key;
    private final Jws jws;
    private final ConcurrentMap<String, String> nonces = new ConcurrentHashMap<>();

    Dpop(JwsAlgorithm algorithm, SigningKey key) {
        if (key.kind() != algorithm.kind()) {
            throw new IllegalArgumentException(
                    "DPoP by " + algorithm + " needs " + algorithm.kind() + ", but this key is " + key.kind());
        }
        this.algorithm = algorithm;
        this.key = key;
        this.jws = Jws.signing(algorithm).header("typ", "dpop+jwt").header("jwk", PublicJwk.of(key));
    }

    JwsAlgorithm algorithm() {
        return algorithm;
    }

    /** Section 4.2, {@code ath}. */
    static String hashOf(byte[] token) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(Hash.SHA256.digest(token, 0, token.length));
    }

    /** The request with a proof for it behind its own headers. */
    SignedRequest proving(SignedRequest signed, String tokenHash, Instant now) {
        List<Field> headers = new ArrayList<>(signed.headers());
        headers.add(new Field("DPoP", proof(signed.method(), URI.create(signed.url()), tokenHash, now)));
        return SignedRequest.owning(
                signed.method(),
                signed.target(),
                signed.baseUri().orElse(null),
                List.copyOf(headers),
                signed.hasBody() ? signed.body() : null,
                signed.isSigned() ? signed.preHash() : null,
                signed.preHash().length,
                signed.signature().orElse(null));
    }

    /** @param tokenHash null for a request to the token endpoint */
    String proof(String method, URI url, @Nullable String tokenHash, Instant now) {
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("jti", UUID.randomUUID().toString());
        claims.put("htm", method);
        claims.put("htu", origin(url) + url.getRawPath());
        claims.put("iat", now.getEpochSecond());
        if (tokenHash != null) {
            claims.put("ath", tokenHash);
        }
        String nonce = nonces.get(origin(url));
        if (nonce != null) {
            claims.put("nonce", nonce);
        }
        return jws.signClaims(claims, key);
    }

    void close() {
        key.close();
    }

    boolean learnNonce(URI server, String nonce) {
        boolean fits = !nonce.isEmpty()
                && nonce.length() <= LONGEST_NONCE
                && nonce.chars().allMatch(c -> c > 32 && c < 127 && c != '"' && c != '\\');
        String origin = origin(server);
        if (!fits || !nonces.containsKey(origin) && nonces.size() >= MOST_SERVERS) {
            return false;
        }
        return !nonce.equals(nonces.put(origin, nonce));
    }

    /** Scheme, host and port, the latter without the scheme's own (RFC 3986 section 6.2.3). */
    private static String origin(URI url) {
        String scheme = url.getScheme().toLowerCase(Locale.ROOT);
        int port = url.getPort();
        boolean usual = port < 0 || port == (scheme.equals("https") ? 443 : 80);
        return scheme + "://" + url.getHost().toLowerCase(Locale.ROOT) + (usual ? "" : ":" + port);
    }
}
