package io.intaglio.signing.venue;

import static org.assertj.core.api.Assertions.assertThat;

import io.intaglio.signing.Body;
import io.intaglio.signing.key.EcdsaForm;
import io.intaglio.signing.key.Hash;
import io.intaglio.signing.key.KeyReader;
import io.intaglio.signing.key.SignatureAlgorithm;
import io.intaglio.signing.key.SigningKey;
import io.intaglio.signing.key.VerifyingKey;
import io.intaglio.signing.secret.Secret;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ZodiaTest {
    /** P-256 key published in the self tests of fireblocks-network-link. */
    private static final String USER_KEY = "-----BEGIN EC PRIVATE KEY-----\n"
            + "MHcCAQEEILQYC64rX4hZrYhCCoTmxLKSCqPYd530UoV69DWu5xPmoAoGCCqGSM49\n"
            + "AwEHoUQDQgAEU07Yntilfgln/MSCpWH6rMcwyiZzff7SYxgxIuOv/t5LpR5vfY7A\n"
            + "1PlkFOKzV/bvobG+ZpT+mGWE8kmyiqZ20A==\n-----END EC PRIVATE KEY-----\n";

    @Test
    void approve_instruction_isSignedOverItsSortedCompactText() {
        Map<String, Object> nested = new LinkedHashMap<>();
        nested.put("b", List.of("x", 1));
        nested.put("a", "é/");
        Map<String, Object> request = new LinkedHashMap<>();
        request.put("key2", "value2");
        request.put("key1", nested);
        SigningKey user = KeyReader.read(Secret.of(USER_KEY.getBytes(StandardCharsets.US_ASCII)));

        Map<?, ?> body = (Map<?, ?>) ((Body.Json) Zodia.approve(request, user)).value();

        byte[] text = "{\"key1\":{\"a\":\"é/\",\"b\":[\"x\",1]},\"key2\":\"value2\"}".getBytes(StandardCharsets.UTF_8);
        byte[] signature = Base64.getDecoder().decode((String) body.get("signature"));
        SignatureAlgorithm ecdsa = SignatureAlgorithm.ecdsa(Hash.SHA256, EcdsaForm.DER);
        VerifyingKey verifying = VerifyingKey.of(user.publicKey().orElseThrow());
        assertThat(verifying.verify(ecdsa, text, signature)).isTrue();
        text[2] ^= 1;
        assertThat(verifying.verify(ecdsa, text, signature)).isFalse();
        assertThat(body.get("request")).isEqualTo(request);
        assertThat(((Map<?, ?>) body.get("request")).keySet().iterator().next()).isEqualTo("key2");
    }
}
