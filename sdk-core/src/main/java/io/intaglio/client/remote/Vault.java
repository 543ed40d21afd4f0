package io.intaglio.client.remote;

import static io.intaglio.signing.scheme.Parts.credential;
import static io.intaglio.signing.scheme.Places.header;

import io.intaglio.client.VenueResponse;
import io.intaglio.client.tls.Tls;
import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.Credential;
import io.intaglio.signing.key.EcdsaForm;
import io.intaglio.signing.key.Hash;
import io.intaglio.signing.key.KeyException;
import io.intaglio.signing.key.KeyKind;
import io.intaglio.signing.key.SignatureAlgorithm;
import io.intaglio.signing.key.SigningKey;
import io.intaglio.signing.scheme.Scheme;
import io.intaglio.signing.secret.Secret;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * HashiCorp Vault: reads secrets from the KV engine, version 2, and signs with keys of the Transit engine, which never leave it. The token is
 * not renewed; make a new client with a new token. Thread-safe.
 *
 * <p>Written from the documentation and tested against it; no real server was at hand.
 *
 * @see <a href="https://developer.hashicorp.com/vault/api-docs/secret/kv/kv-v2#read-secret-version">KV version 2</a>
 * @see <a href="https://developer.hashicorp.com/vault/api-docs/secret/transit#sign-data">Transit</a>
 */
public final class Vault implements AutoCloseable {
    private final Service service;

    private Vault(Service service) {
        this.service = service;
    }

    /**
     * A client of one server.
     *
     * @param token kept, and wiped by {@link #close()}
     */
    public static Vault at(URI address, Secret token, Tls tls) {
        Scheme scheme = Scheme.named("vault")
                .attach(header("X-Vault-Token"), credential("token"))
                .build();
        return new Vault(new Service(
                "vault", address, scheme, Credential.keyId("vault-token").with("token", token), tls));
    }

    /**
     * The newest version of one field of a secret, which the caller closes. On its way from the socket it passes through arrays and a string
     * that are not wiped.
     *
     * @param mount of the engine, often {@code secret}
     * @throws KeyServiceException when the server refuses, cannot be reached, or has no such field
     */
    public Secret read(String mount, String path, String field) {
        String subject = "secret " + Service.checked("mount", mount) + "/" + Service.checked("path", path);
        VenueResponse answer = service.call(ApiRequest.get("/v1/" + mount + "/data/" + path), subject);
        String pointer = "/data/data/" + field.replace("~", "~0").replace("/", "~1");
        return Secret.takeOver(service.value(answer, pointer, subject).getBytes(StandardCharsets.UTF_8));
    }

    /**
     * A key of the Transit engine: Ed25519, RSA, EC, and HMAC with a key of the engine's type {@code hmac}. Closing it leaves this client open.
     *
     * @param mount of the engine, often {@code transit}
     * @param kind what the key is; the server refuses to sign when it is another
     */
    public SigningKey transitKey(String mount, String key, KeyKind kind) {
        Service.checked("mount", mount);
        Service.checked("key", key);
        return SigningKey.remote(
                "vault " + mount + "/" + key, kind, (algorithm, data) -> sign(mount, key, algorithm, data));
    }

    private byte[] sign(String mount, String key, SignatureAlgorithm algorithm, byte[] data) {
        String subject = "a signature of " + mount + "/" + key;
        String input = Base64.getEncoder().encodeToString(data);
        if (algorithm.isSymmetric()) {
            if (algorithm.appendsSecret()) {
                throw new KeyException(algorithm + " is not done by vault, only HMAC is; keep this secret elsewhere");
            }
            ApiRequest request = ApiRequest.post("/v1/" + mount + "/hmac/" + key + "/" + hash(algorithm))
                    .json("input", input);
            return signature(service.value(service.call(request, subject), "/data/hmac", subject), false, subject);
        }
        boolean raw = algorithm.ecdsaForm().filter(EcdsaForm.RAW::equals).isPresent();
        ApiRequest request = ApiRequest.post("/v1/" + mount + "/sign/" + key).json("input", input);
        if (algorithm.hash().isPresent()) {
            request = request.json("hash_algorithm", hash(algorithm));
        }
        if (algorithm.ecdsaForm().isPresent()) {
            request = request.json("marshaling_algorithm", raw ? "jws" : "asn1");
        } else if (algorithm.name().startsWith("RSA-PSS")) {
            request = request.json("signature_algorithm", "pss").json("salt_length", "hash");
        } else if (algorithm.name().startsWith("RSA")) {
            request = request.json("signature_algorithm", "pkcs1v15");
        }
        return signature(service.value(service.call(request, subject), "/data/signature", subject), raw, subject);
    }

    /** After {@code vault:v1:}; base64, or base64url for the marshaling of JWS. */
    private byte[] signature(String text, boolean url, String subject) {
        if (!text.startsWith("vault:v")) {
            throw new KeyServiceException("vault answered to " + subject + " with what does not begin with vault:v");
        }
        return service.decoded(text.substring(text.lastIndexOf(':') + 1), url, subject);
    }

    private static String hash(SignatureAlgorithm algorithm) {
        Hash hash = algorithm.hash().orElseThrow();
        return switch (hash.jcaName()) {
            case "SHA-256" -> "sha2-256";
            case "SHA-384" -> "sha2-384";
            case "SHA-512" -> "sha2-512";
            case "SHA3-256" -> "sha3-256";
            default -> throw new KeyException(algorithm + " is not done by vault; SHA-2 and SHA3-256 are");
        };
    }

    /** Ends connections and wipes the token; keys of this client cannot sign any more. */
    @Override
    public void close() {
        service.close();
    }
}
