package io.intaglio.signing.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.intaglio.signing.key.KeyException;
import io.intaglio.signing.key.VerifyingKey;
import io.intaglio.signing.secret.Secret;
import io.intaglio.signing.standard.Jwk;
import io.intaglio.signing.standard.JwsAlgorithm;
import io.intaglio.signing.standard.JwsVerifier;
import io.intaglio.signing.standard.VerificationException;
import java.util.Base64;

/** JSON Web Signatures and Keys: no token is accepted that the key's owner did not sign, and what is refused is refused by the declared exceptions. */
class JwsFuzzTest {
    private static final JwsVerifier VERIFIER = JwsVerifier.of(
            JwsAlgorithm.HS256,
            VerifyingKey.hmac(Secret.of("a key that no token was signed with".getBytes(UTF_8))));

    @FuzzTest(maxDuration = "5m")
    void verify_anyText_isRefusedByTheDeclaredException(FuzzedDataProvider data) {
        int form = data.consumeInt(0, 3);
        String text = data.consumeRemainingAsString();
        Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
        try {
            switch (form) {
                case 0 -> VERIFIER.verify(text);
                case 1 -> VERIFIER.verify(base64.encodeToString(text.getBytes(UTF_8)) + ".e30.AAAA");
                case 2 -> VERIFIER.verifyDetached(base64.encodeToString(text.getBytes(UTF_8)) + "..AAAA", new byte[3]);
                default -> {
                    Jwk.read(text);
                    return;
                }
            }
        } catch (VerificationException refused) {
            return;
        } catch (KeyException refused) {
            if (form == 3) {
                return;
            }
            throw refused;
        }
        throw new IllegalStateException("a token was accepted that nobody signed");
    }
}
