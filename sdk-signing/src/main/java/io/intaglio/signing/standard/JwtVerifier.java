package io.intaglio.signing.standard;

import io.intaglio.signing.internal.JsonReader;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a JSON Web Token (RFC 7519) is genuine, in its time, and meant for us. Immutable and thread-safe. A token needs {@code exp};
 * the clocks may differ by 30 seconds unless {@link #clockSkew} says otherwise.
 *
 * <pre>{@code
 * Map<String, Object> claims = JwtVerifier.of(JwsVerifier.of(JwsAlgorithm.ES256, publicKey))
 *         .issuer("https://issuer.example").audience("desk-7")
 *         .verify(token, now);
 * }</pre>
 */
public final class JwtVerifier {
    private static final BigDecimal LAST_SECOND = BigDecimal.valueOf(Instant.MAX.getEpochSecond() / 2);

    private final JwsVerifier signatures;
    private final @Nullable String issuer;
    private final @Nullable String audience;
    private final Duration clockSkew;

    private JwtVerifier(
            JwsVerifier signatures, @Nullable String issuer, @Nullable String audience, Duration clockSkew) {
        this.signatures = signatures;
        this.issuer = issuer;
        this.audience = audience;
        this.clockSkew = clockSkew;
    }

    /** Verifies signatures with these keys, for any issuer; a token that names an audience is then refused. */
    public static JwtVerifier of(JwsVerifier signatures) {
        return new JwtVerifier(signatures, null, null, Duration.ofSeconds(30));
    }

    /** Wants this {@code iss}. */
    public JwtVerifier issuer(String wanted) {
        return new JwtVerifier(signatures, Objects.requireNonNull(wanted, "issuer"), audience, clockSkew);
    }

    /** Wants this in {@code aud}. */
    public JwtVerifier audience(String wanted) {
        return new JwtVerifier(signatures, issuer, Objects.requireNonNull(wanted, "audience"), clockSkew);
    }

    /** How far the clocks may differ. */
    public JwtVerifier clockSkew(Duration skew) {
        if (skew.isNegative()) {
            throw new IllegalArgumentException("clock skew must not be negative, was " + skew);
        }
        return new JwtVerifier(signatures, issuer, audience, skew);
    }

    /**
     * Verifies a token and returns its claims: text, {@link BigDecimal}, booleans, lists and maps. Unmodifiable.
     *
     * @throws VerificationException with the reason, when it is not genuine, not in its time or not for us
     */
    public Map<String, @Nullable Object> verify(String token, Instant now) {
        Map<String, @Nullable Object> claims = claims(signatures.verify(token).payload());
        Instant expires = time(claims, "exp");
        if (expires == null) {
            throw refused("it does not expire");
        }
        if (!now.minus(clockSkew).isBefore(expires)) {
            throw refused("it has expired");
        }
        Instant notBefore = time(claims, "nbf");
        if (notBefore != null && now.plus(clockSkew).isBefore(notBefore)) {
            throw refused("it is not valid yet; compare the clocks");
        }
        Instant issued = time(claims, "iat");
        if (issued != null && now.plus(clockSkew).isBefore(issued)) {
            throw refused("it was issued in the future; compare the clocks");
        }
        if (issuer != null && !issuer.equals(claims.get("iss"))) {
            throw refused("its issuer is another");
        }
        Object named = claims.get("aud");
        boolean meant = named instanceof List<?> several ? several.contains(audience) : Objects.equals(named, audience);
        if (!meant) {
            throw refused("its audience is another");
        }
        return claims;
    }

    private static Map<String, @Nullable Object> claims(byte[] payload) {
        Object value;
        try {
            value = JsonReader.read(payload);
        } catch (IllegalArgumentException e) {
            throw refused("its payload " + e.getMessage());
        }
        if (!(value instanceof Map<?, ?> members)) {
            throw refused("its payload is no JSON object");
        }
        Map<String, @Nullable Object> claims = new LinkedHashMap<>();
        members.forEach((name, member) -> claims.put((String) name, member));
        return Collections.unmodifiableMap(claims);
    }

    private static @Nullable Instant time(Map<String, @Nullable Object> claims, String name) {
        Object value = claims.get(name);
        if (value == null && !claims.containsKey(name)) {
            return null;
        }
        // compared before it is converted: 1e999999999 would fill the memory with digits
        if (!(value instanceof BigDecimal seconds) || seconds.signum() < 0 || seconds.compareTo(LAST_SECOND) > 0) {
            throw refused("its " + name + " is no time");
        }
        return Instant.ofEpochSecond(seconds.longValue());
    }

    private static VerificationException refused(String reason) {
        return new VerificationException("JSON Web Token is refused: " + reason);
    }
}
