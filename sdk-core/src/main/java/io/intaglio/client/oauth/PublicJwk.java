package io.intaglio.client.oauth;

import io.intaglio.signing.key.SigningKey;
import java.math.BigInteger;
import java.security.interfaces.RSAPublicKey;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/** The public half of a key as a JSON Web Key (RFC 7517, RFC 7518 section 6, RFC 8037). */
final class PublicJwk {
    private PublicJwk() {}

    /** @throws IllegalArgumentException when the key has no public half that it shows */
    static Map<String, Object> of(SigningKey key) {
        Map<String, Object> jwk = new LinkedHashMap<>();
        switch (key.kind()) {
            case EC_P256 -> ec(jwk, "P-256", key.rawPublicKey());
            case EC_P384 -> ec(jwk, "P-384", key.rawPublicKey());
            case ED25519 -> {
                jwk.put("crv", "Ed25519");
                jwk.put("kty", "OKP");
                jwk.put("x", encoded(key.rawPublicKey()));
            }
            case RSA -> {
                if (!(key.publicKey().orElse(null) instanceof RSAPublicKey rsa)) {
                    throw new IllegalArgumentException(
                            "the RSA key for DPoP does not show its public half, which each proof carries; use a key held in memory");
                }
                jwk.put("e", encoded(unsigned(rsa.getPublicExponent())));
                jwk.put("kty", "RSA");
                jwk.put("n", encoded(unsigned(rsa.getModulus())));
            }
            default ->
                throw new IllegalArgumentException(
                        "a key for DPoP must be EC on P-256 or P-384, Ed25519 or RSA, but this is " + key.kind()
                                + "; leave it out to have one made");
        }
        return jwk;
    }

    private static void ec(Map<String, Object> jwk, String curve, byte[] point) {
        int half = (point.length - 1) / 2;
        jwk.put("crv", curve);
        jwk.put("kty", "EC");
        jwk.put("x", encoded(Arrays.copyOfRange(point, 1, 1 + half)));
        jwk.put("y", encoded(Arrays.copyOfRange(point, 1 + half, point.length)));
    }

    private static byte[] unsigned(BigInteger number) {
        byte[] bytes = number.toByteArray();
        return bytes[0] == 0 ? Arrays.copyOfRange(bytes, 1, bytes.length) : bytes;
    }

    private static String encoded(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
