package io.intaglio.signing.venue;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.Credential;
import io.intaglio.signing.Moment;
import io.intaglio.signing.SignedRequest;
import io.intaglio.signing.secret.Secret;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class BullishTest {
    @Test
    void sign_webSocketHandshake_carriesTheTokenAsACookie() {
        Credential session = Credential.keyId("HMAC-key-1")
                .with("token", Secret.takeOver("eyJhbGciOiJFUzI1NiJ9.e30.c2ln".getBytes(UTF_8)));

        SignedRequest handshake = Bullish.VENUE
                .scheme()
                .sign(ApiRequest.get("/trading-api/v1/private-data"), session, Moment.at(Instant.EPOCH));

        assertThat(handshake.header("Cookie")).contains("JWT_COOKIE=eyJhbGciOiJFUzI1NiJ9.e30.c2ln");
        assertThat(handshake.isSigned()).isFalse();
    }
}
