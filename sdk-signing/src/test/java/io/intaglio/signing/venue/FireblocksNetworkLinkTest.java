package io.intaglio.signing.venue;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.Credential;
import io.intaglio.signing.Moment;
import io.intaglio.signing.SigningException;
import io.intaglio.signing.secret.Secret;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class FireblocksNetworkLinkTest {
    private static Credential credential(String type, String before, String after) {
        return Credential.hmac("network-link-api-key", Secret.of("text".getBytes(StandardCharsets.US_ASCII)))
                .with("type", type)
                .with("preEncoding", before)
                .with("postEncoding", after);
    }

    private static void sign(Credential credential) {
        FireblocksNetworkLink.VENUE
                .scheme()
                .sign(ApiRequest.get("/accounts"), credential, Moment.of(Instant.ofEpochSecond(1), "n"));
    }

    @Test
    void sign_typeOfAnotherKindOrUnknown_isRefused() {
        assertThatThrownBy(() -> sign(credential("rsa-sha256", "base64", "base64")))
                .isInstanceOf(SigningException.class)
                .hasMessageContaining("'rsa-sha256'")
                .hasMessageContaining("hmac-sha256, hmac-sha512, hmac-sha3-256");
        assertThatThrownBy(() -> sign(credential("hmac-md5", "base64", "base64")))
                .isInstanceOf(SigningException.class)
                .hasMessageContaining("'hmac-md5'");
    }

    @Test
    void sign_signatureToBeUrlEncoded_isRefusedBecauseBytesWouldBeLost() {
        assertThatThrownBy(() -> sign(credential("hmac-sha256", "base64", "url-encoded")))
                .isInstanceOf(SigningException.class)
                .hasMessageContaining("postEncoding")
                .hasMessageContaining("base32, base58, base64, hexstr");
    }

    @Test
    void sign_withoutEncodings_namesWhatIsMissing() {
        Credential bare = Credential.hmac("network-link-api-key", Secret.of(new byte[] {'k'}))
                .with("type", "hmac-sha256");

        assertThatThrownBy(() -> sign(bare))
                .isInstanceOf(SigningException.class)
                .hasMessageContaining("preEncoding");
    }
}
