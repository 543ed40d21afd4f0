package io.intaglio.signing.venue;

import static io.intaglio.signing.scheme.Parts.base32;
import static io.intaglio.signing.scheme.Parts.base58;
import static io.intaglio.signing.scheme.Parts.base64;
import static io.intaglio.signing.scheme.Parts.body;
import static io.intaglio.signing.scheme.Parts.concat;
import static io.intaglio.signing.scheme.Parts.hex;
import static io.intaglio.signing.scheme.Parts.keyId;
import static io.intaglio.signing.scheme.Parts.method;
import static io.intaglio.signing.scheme.Parts.millis;
import static io.intaglio.signing.scheme.Parts.nonce;
import static io.intaglio.signing.scheme.Parts.pathAndQuery;
import static io.intaglio.signing.scheme.Parts.percentEncoded;
import static io.intaglio.signing.scheme.Parts.signature;
import static io.intaglio.signing.scheme.Places.header;

import io.intaglio.signing.Credential;
import io.intaglio.signing.SigningException;
import io.intaglio.signing.key.EcdsaForm;
import io.intaglio.signing.key.Hash;
import io.intaglio.signing.key.KeyKind;
import io.intaglio.signing.key.SecretForm;
import io.intaglio.signing.key.SigningKey;
import io.intaglio.signing.scheme.Choice;
import io.intaglio.signing.scheme.Part;
import io.intaglio.signing.scheme.Scheme;
import io.intaglio.signing.scheme.UrlEncoding;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Fireblocks Network Link v2, the interface that a provider offers to Fireblocks: the provider picks algorithm and encodings. Signed is the
 * encoded text of milliseconds + nonce + method + path with query + body.
 *
 * <p>The credential needs {@code type} ({@code hmac}, {@code rsa} or {@code ecdsa}, a hyphen, and {@code sha256}, {@code sha512} or {@code
 * sha3-256}; ECDSA takes {@code sha256} only and writes DER), {@code preEncoding} and {@code postEncoding} (each {@code base64}, {@code hexstr},
 * {@code base58} or {@code base32}, here in lower case; before signing also {@code url-encoded} and, of version 1, {@code plain}). A signature
 * is binary, so {@code url-encoded} after signing is refused: the reference code loses bytes there.
 *
 * <p>Every provider has its own address, so give it with {@link Venue#at}. Source: fireblocks-network-link v2, its OpenAPI and reference code.
 */
public final class FireblocksNetworkLink {
    private static final Part TEXT = concat(millis(), nonce(), method(), pathAndQuery(), body());
    private static final Map<String, Part> BEFORE = Map.of(
            "url-encoded", percentEncoded(UrlEncoding.STRICT.keeping("!*'()"), TEXT),
            "base64", base64(TEXT),
            "hexstr", hex(TEXT),
            "base58", base58(TEXT),
            "base32", base32(TEXT),
            "plain", TEXT);
    private static final Map<String, Part> AFTER = Map.of(
            "base64", base64(signature()),
            "hexstr", hex(signature()),
            "base58", base58(signature()),
            "base32", base32(signature()));

    private static final Scheme SHA256 =
            with(Hash.SHA256).ecdsa(Hash.SHA256, EcdsaForm.DER).build();
    private static final Scheme SHA512 = with(Hash.SHA512).build();
    private static final Scheme SHA3_256 = with(Hash.SHA3_256).build();

    /** The venue. */
    public static final Venue VENUE = Venue.named("fireblocksnetworklink")
            .confirmed(Confirmation.OFFICIAL)
            .alias("fireblocks_network_link")
            .baseUri("https://provider.invalid")
            .scheme(Choice.otherwise(SHA256)
                    .when((request, credential) -> hashOf(credential).equals("sha512"), SHA512)
                    .when((request, credential) -> hashOf(credential).equals("sha3-256"), SHA3_256))
            .nonce(NonceRule.UUID)
            .riskReducing(request -> false)
            .build();

    private static Scheme.Builder with(Hash hash) {
        return Scheme.named("fireblocksnetworklink")
                .stamp(header("X-FBAPI-TIMESTAMP"), millis())
                .stamp(header("X-FBAPI-NONCE"), nonce())
                .preHash(chosen("preEncoding", BEFORE))
                .hmac(hash, SecretForm.UTF8)
                .rsa(hash)
                .attach(header("X-FBAPI-KEY"), keyId())
                .attach(header("X-FBAPI-SIGNATURE"), chosen("postEncoding", AFTER));
    }

    private static Part chosen(String attribute, Map<String, Part> parts) {
        return (input, out) -> {
            String name = input.credential().attribute(attribute).orElse("");
            Part part = parts.get(name);
            if (part == null) {
                throw refused(input.credential(), attribute, name, String.join(", ", new TreeSet<>(parts.keySet())));
            }
            input.write(part, out);
        };
    }

    private static String hashOf(Credential credential) {
        String type = credential.attribute("type").orElse("");
        String kind = switch (credential.key().map(SigningKey::kind).orElse(KeyKind.SECRET)) {
            case SECRET -> "hmac";
            case RSA -> "rsa";
            default -> "ecdsa";
        };
        List<String> wanted = kind.equals("ecdsa")
                ? List.of("ecdsa-sha256")
                : List.of(kind + "-sha256", kind + "-sha512", kind + "-sha3-256");
        if (!wanted.contains(type)) {
            throw refused(credential, "type", type, String.join(", ", wanted));
        }
        return type.substring(kind.length() + 1);
    }

    private static SigningException refused(Credential credential, String attribute, String seen, String wanted) {
        return new SigningException("fireblocksnetworklink reads '" + attribute + "' of credential "
                + credential.shortKeyId() + ", which is '" + seen + "' but must be one of " + wanted
                + "; set it with Credential.with(\"" + attribute + "\", ...)");
    }

    private FireblocksNetworkLink() {}
}
