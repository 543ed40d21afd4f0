package io.intaglio.testkit;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.security.spec.RSAPublicKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A JSON Web Token in compact form, read and verified with nothing but the JDK, so that it checks signing code that is not its own. */
final class SignedToken {
    private static final String ED25519_PREFIX = "302a300506032b6570032100";

    private final String signed;
    private final byte[] signature;
    private final Map<String, String> header;
    private final @Nullable Map<String, String> jwk;
    private final Map<String, String> claims;

    private SignedToken(
            String signed,
            byte[] signature,
            Map<String, String> header,
            @Nullable Map<String, String> jwk,
            Map<String, String> claims) {
        this.signed = signed;
        this.signature = signature;
        this.header = header;
        this.jwk = jwk;
        this.claims = claims;
    }

    /** Null when it is no token. */
    static @Nullable SignedToken read(String compact) {
        String[] segments = compact.split("\\.", -1);
        if (segments.length != 3) {
            return null;
        }
        try {
            byte[] head = Base64.getUrlDecoder().decode(segments[0]);
            Map<String, String> header = Json.members(head);
            Map<String, String> claims = Json.members(Base64.getUrlDecoder().decode(segments[1]));
            if (header == null || claims == null) {
                return null;
            }
            return new SignedToken(
                    segments[0] + "." + segments[1],
                    Base64.getUrlDecoder().decode(segments[2]),
                    header,
                    Json.members(head, "jwk"),
                    claims);
        } catch (IllegalArgumentException noBase64) {
            return null;
        }
    }

    String header(String name) {
        return header.getOrDefault(name, "");
    }

    /** Empty when absent, or no text or number. */
    String claim(String name) {
        return claims.getOrDefault(name, "");
    }

    /** Seconds; -1 when absent or no number. */
    long seconds(String name) {
        String text = claim(name);
        return text.matches("[0-9]{1,15}") ? Long.parseLong(text) : -1;
    }

    boolean isSignedBy(PublicKey key) {
        try {
            Signature verifier = verifier(header("alg"), key);
            if (verifier == null) {
                return false;
            }
            verifier.initVerify(key);
            verifier.update(signed.getBytes(StandardCharsets.US_ASCII));
            return verifier.verify(signature);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private static @Nullable Signature verifier(String algorithm, PublicKey key) throws GeneralSecurityException {
        if (key instanceof ECPublicKey ec && algorithm.startsWith("ES")) {
            int bits = ec.getParams().getCurve().getField().getFieldSize();
            return algorithm.equals("ES" + bits)
                    ? Signature.getInstance("SHA" + bits + "withECDSAinP1363Format")
                    : null;
        }
        if (key instanceof EdECPublicKey && algorithm.equals("EdDSA")) {
            return Signature.getInstance("Ed25519");
        }
        if (!(key instanceof RSAPublicKey)) {
            return null;
        }
        String hash = algorithm.substring(Math.min(2, algorithm.length()));
        if (algorithm.startsWith("RS")) {
            return Signature.getInstance("SHA" + hash + "withRSA");
        }
        if (!algorithm.startsWith("PS")) {
            return null;
        }
        Signature pss = Signature.getInstance("RSASSA-PSS");
        pss.setParameter(new PSSParameterSpec(
                "SHA-" + hash, "MGF1", new MGF1ParameterSpec("SHA-" + hash), Integer.parseInt(hash) / 8, 1));
        return pss;
    }

    /** The public key in the header; null when there is none that can be read, or the private one is there too. */
    @Nullable
    PublicKey embeddedKey() {
        if (jwk == null || jwk.containsKey("d")) {
            return null;
        }
        try {
            return switch (jwk.getOrDefault("kty", "")) {
                case "EC" -> {
                    AlgorithmParameters curve = AlgorithmParameters.getInstance("EC");
                    curve.init(new ECGenParameterSpec(
                            Objects.equals(jwk.get("crv"), "P-384") ? "secp384r1" : "secp256r1"));
                    ECPoint point = new ECPoint(number("x"), number("y"));
                    yield KeyFactory.getInstance("EC")
                            .generatePublic(new ECPublicKeySpec(point, curve.getParameterSpec(ECParameterSpec.class)));
                }
                case "RSA" ->
                    KeyFactory.getInstance("RSA").generatePublic(new RSAPublicKeySpec(number("n"), number("e")));
                case "OKP" ->
                    KeyFactory.getInstance("Ed25519")
                            .generatePublic(new X509EncodedKeySpec(HexFormat.of()
                                    .parseHex(ED25519_PREFIX + HexFormat.of().formatHex(bytes("x")))));
                default -> null;
            };
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            return null;
        }
    }

    /** RFC 7638, of {@link #embeddedKey()}. */
    String thumbprint() {
        Map<String, String> key = Objects.requireNonNull(jwk);
        String members = switch (key.getOrDefault("kty", "")) {
            case "EC" ->
                "\"crv\":\"" + key.get("crv") + "\",\"kty\":\"EC\",\"x\":\"" + key.get("x") + "\",\"y\":\""
                        + key.get("y") + "\"";
            case "RSA" -> "\"e\":\"" + key.get("e") + "\",\"kty\":\"RSA\",\"n\":\"" + key.get("n") + "\"";
            default -> "\"crv\":\"" + key.get("crv") + "\",\"kty\":\"OKP\",\"x\":\"" + key.get("x") + "\"";
        };
        return sha256(("{" + members + "}").getBytes(StandardCharsets.UTF_8));
    }

    static String sha256(byte[] bytes) {
        try {
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private byte[] bytes(String name) {
        return Base64.getUrlDecoder().decode(Objects.requireNonNull(jwk).getOrDefault(name, ""));
    }

    private BigInteger number(String name) {
        return new BigInteger(1, bytes(name));
    }
}
