package io.intaglio.signing.venue;

import static io.intaglio.signing.scheme.Parts.base64;
import static io.intaglio.signing.scheme.Parts.body;
import static io.intaglio.signing.scheme.Parts.credential;
import static io.intaglio.signing.scheme.Parts.join;
import static io.intaglio.signing.scheme.Parts.keyId;
import static io.intaglio.signing.scheme.Parts.millis;
import static io.intaglio.signing.scheme.Parts.nonce;
import static io.intaglio.signing.scheme.Parts.signature;
import static io.intaglio.signing.scheme.Parts.url;
import static io.intaglio.signing.scheme.Places.header;

import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.Body;
import io.intaglio.signing.key.EcdsaForm;
import io.intaglio.signing.key.Hash;
import io.intaglio.signing.key.SignatureAlgorithm;
import io.intaglio.signing.key.SigningKey;
import io.intaglio.signing.scheme.Scheme;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Zodia Custody: RSA-SHA256 over company, request id, milliseconds, the whole address and the body, parted by colons, base64. The method is
 * not signed, the host is. The key id is the company identifier; the credential needs a {@code submitterId}.
 *
 * <p>An instruction is besides signed by its user, maker or checker, see {@link #approve}. Source: docs.zodia-custody.com, "Signing requests" and
 * "Signing payload". Each endpoint takes 1 request a second and 128 a day.
 */
public final class Zodia {
    private static final SignatureAlgorithm APPROVAL = SignatureAlgorithm.ecdsa(Hash.SHA256, EcdsaForm.DER);

    /** The venue. */
    public static final Venue VENUE = Venue.named("zodia")
            .confirmed(Confirmation.OFFICIAL)
            .baseUri("https://api.custody.api-zodia.io")
            .environment("sandbox", "https://gateway-preprod.uat.api-zodia.io")
            .scheme(Scheme.named("zodia")
                    .stamp(header("company-identifier"), keyId())
                    .stamp(header("submitter-id"), credential("submitterId"))
                    .stamp(header("request-identifier"), nonce())
                    .stamp(header("request-timestamp"), millis())
                    .preHash(join(":", keyId(), nonce(), millis(), url(), body()))
                    .rsa(Hash.SHA256)
                    .attach(header("signature"), base64(signature()))
                    .build())
            .nonce(NonceRule.UUID)
            .limit(Limit.rolling("calls in a second", Limit.Scope.KEY, 1, Duration.ofSeconds(1))
                    .per(ApiRequest::path))
            .limit(Limit.rolling("calls in a day", Limit.Scope.KEY, 128, Duration.ofDays(1))
                    .per(ApiRequest::path))
            .riskReducing(request -> false)
            .build();

    /**
     * The body that confirms or approves an instruction: {@code request} as it was read, and the user's ECDSA-SHA256 signature over its compact
     * JSON with members sorted at every level, DER in base64.
     *
     * @param request the object of that name in the pending instruction; the venue wants it without optional and empty members
     * @param user the maker's or checker's P-256 key
     * @throws io.intaglio.signing.key.KeyException when the key is no EC key
     */
    public static Body approve(Map<String, ?> request, SigningKey user) {
        String text = ((Body.Json) Body.json(sorted(request))).text();
        byte[] signature = user.sign(APPROVAL, text.getBytes(StandardCharsets.UTF_8));
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("request", request);
        body.put("signature", Base64.getEncoder().encodeToString(signature));
        return Body.json(body);
    }

    private static Map<String, @Nullable Object> sorted(Map<?, ?> members) {
        Map<String, @Nullable Object> copy = new TreeMap<>();
        members.forEach((name, value) -> copy.put((String) name, sortedInside(value)));
        return copy;
    }

    private static @Nullable Object sortedInside(@Nullable Object value) {
        if (value instanceof Map<?, ?> members) {
            return sorted(members);
        }
        if (value instanceof List<?> list) {
            List<@Nullable Object> copy = new ArrayList<>();
            list.forEach(element -> copy.add(sortedInside(element)));
            return copy;
        }
        return value;
    }

    private Zodia() {}
}
