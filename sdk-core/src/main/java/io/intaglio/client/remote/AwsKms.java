package io.intaglio.client.remote;

import io.intaglio.client.tls.Tls;
import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.Body;
import io.intaglio.signing.Credential;
import io.intaglio.signing.key.EcdsaForm;
import io.intaglio.signing.key.Hash;
import io.intaglio.signing.key.KeyException;
import io.intaglio.signing.key.KeyKind;
import io.intaglio.signing.key.SignatureAlgorithm;
import io.intaglio.signing.key.SigningKey;
import io.intaglio.signing.standard.AwsSigV4;
import java.net.URI;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.regex.Pattern;

/**
 * AWS Key Management Service: signs with keys that never leave it. Thread-safe.
 *
 * <p>Data of up to 4,096 bytes is sent as it is, longer data as its hash. Written from the documentation and tested against it; no real account
 * was at hand. That Ed25519 is called {@code ED25519_SHA_512} is unconfirmed.
 *
 * @see <a href="https://docs.aws.amazon.com/kms/latest/APIReference/API_Sign.html">Sign</a>
 * @see <a href="https://docs.aws.amazon.com/kms/latest/APIReference/API_GenerateMac.html">GenerateMac</a>
 */
public final class AwsKms implements AutoCloseable {
    private static final int MOST_RAW = 4096;
    private static final Pattern KEY = Pattern.compile("[A-Za-z0-9:/_-]{1,2048}");
    private static final Pattern REGION = Pattern.compile("[a-z0-9-]{1,32}");

    private final Service service;

    private AwsKms(Service service) {
        this.service = service;
    }

    /**
     * The service of a region.
     *
     * @param credential access key id and secret access key ({@link Credential#hmac}), with the secret value {@code session-token} where it is a temporary one;
     *     kept, and closed by {@link #close()}
     */
    public static AwsKms of(String region, Credential credential) {
        return at(URI.create("https://kms." + region(region) + ".amazonaws.com"), region, credential, Tls.system());
    }

    /** The service of a region at an address of its own: a private endpoint, a test. */
    public static AwsKms at(URI address, String region, Credential credential, Tls tls) {
        return new AwsKms(new Service("aws-kms", address, AwsSigV4.of(region(region), "kms"), credential, tls));
    }

    private static String region(String region) {
        if (!REGION.matcher(region).matches()) {
            throw new IllegalArgumentException("region '" + region + "' is none; write for example eu-west-1");
        }
        return region;
    }

    /**
     * A key of the service. Closing it leaves this client open.
     *
     * @param keyId key id, key ARN, {@code alias/NAME} or alias ARN
     * @param kind what the key is; the service refuses to sign when it is another
     */
    public SigningKey key(String keyId, KeyKind kind) {
        if (!KEY.matcher(keyId).matches()) {
            throw new IllegalArgumentException("the key id is neither an id, an ARN nor alias/NAME");
        }
        return SigningKey.remote("aws-kms " + keyId, kind, (algorithm, data) -> sign(keyId, algorithm, kind, data));
    }

    private byte[] sign(String keyId, SignatureAlgorithm algorithm, KeyKind kind, byte[] data) {
        String subject = "a signature of " + keyId;
        if (algorithm.isSymmetric()) {
            return mac(keyId, algorithm, data, subject);
        }
        boolean hashed = data.length > MOST_RAW;
        if (hashed && kind == KeyKind.ED25519) {
            throw new KeyException(
                    "aws-kms signs at most " + MOST_RAW + " bytes with Ed25519, but these are " + data.length);
        }
        byte[] message = hashed ? digest(algorithm, data) : data;
        String body = "{\"KeyId\":\"" + keyId + "\",\"Message\":\""
                + Base64.getEncoder().encodeToString(message)
                + "\",\"MessageType\":\"" + (hashed ? "DIGEST" : "RAW") + "\",\"SigningAlgorithm\":\"" + name(algorithm)
                + "\"}";
        byte[] signature = answer("Sign", body, "/Signature", subject);
        return algorithm.ecdsaForm().filter(EcdsaForm.RAW::equals).isPresent()
                ? EcdsaForm.rawOf(kind, signature)
                : signature;
    }

    private byte[] mac(String keyId, SignatureAlgorithm algorithm, byte[] data, String subject) {
        if (algorithm.appendsSecret() || data.length > MOST_RAW) {
            throw new KeyException("aws-kms makes an HMAC over at most " + MOST_RAW + " bytes, not " + algorithm
                    + " over " + data.length);
        }
        String body = "{\"KeyId\":\"" + keyId + "\",\"Message\":\""
                + Base64.getEncoder().encodeToString(data) + "\",\"MacAlgorithm\":\"HMAC_" + sha2(algorithm) + "\"}";
        return answer("GenerateMac", body, "/Mac", subject);
    }

    private byte[] answer(String action, String body, String pointer, String subject) {
        ApiRequest request = ApiRequest.post("/")
                .header("X-Amz-Target", "TrentService." + action)
                .body(Body.text(body, "application/x-amz-json-1.1"));
        return service.decoded(service.value(service.call(request, subject), pointer, subject), false, subject);
    }

    private static String name(SignatureAlgorithm algorithm) {
        if (algorithm.ecdsaForm().isPresent()) {
            return "ECDSA_" + sha2(algorithm);
        }
        if (algorithm.name().startsWith("RSA-PSS")) {
            return "RSASSA_PSS_" + sha2(algorithm);
        }
        return algorithm.name().startsWith("RSA") ? "RSASSA_PKCS1_V1_5_" + sha2(algorithm) : "ED25519_SHA_512";
    }

    private static String sha2(SignatureAlgorithm algorithm) {
        Hash hash = algorithm.hash().orElseThrow();
        return switch (hash.jcaName()) {
            case "SHA-256" -> "SHA_256";
            case "SHA-384" -> "SHA_384";
            case "SHA-512" -> "SHA_512";
            default -> throw new KeyException(algorithm + " is not done by aws-kms; SHA-256, SHA-384 and SHA-512 are");
        };
    }

    private static byte[] digest(SignatureAlgorithm algorithm, byte[] data) {
        try {
            return MessageDigest.getInstance(algorithm.hash().orElseThrow().jcaName())
                    .digest(data);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-2", e);
        }
    }

    /** Ends connections and closes the credential; keys of this client cannot sign any more. */
    @Override
    public void close() {
        service.close();
    }
}
