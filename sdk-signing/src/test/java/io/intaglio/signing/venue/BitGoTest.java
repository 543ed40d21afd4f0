package io.intaglio.signing.venue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.Credential;
import io.intaglio.signing.Moment;
import io.intaglio.signing.SignedRequest;
import io.intaglio.signing.SigningException;
import io.intaglio.signing.secret.Secret;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** The answer, its signature and its time are those of the official sdk-hmac 1.9.0, as in the file of vectors. */
class BitGoTest {
    private static final String TOKEN = "v2x1234567890abcdef1234567890abcdef1234567890abcdef1234567890abcdefab";
    private static final String HMAC = "dfd456b7983650346516333d6d614e9ae53035cf9d3c8cb30d72d6ef829fad84";
    private static final String TIME = "1761100000000";
    private static final Instant SENT = Instant.ofEpochMilli(1761100000000L);
    private static final byte[] BODY = "{\"status\":\"ok\"}".getBytes(StandardCharsets.US_ASCII);

    private static Credential credential(String version) {
        return BitGo.withToken(Secret.of(TOKEN.getBytes(StandardCharsets.US_ASCII)))
                .with("authVersion", version);
    }

    private static SignedRequest request(String path) {
        return BitGo.VENUE
                .scheme()
                .sign(
                        ApiRequest.get(path).baseUri(URI.create("https://app.bitgo.com")),
                        credential("2"),
                        Moment.at(SENT));
    }

    private static boolean verify(SignedRequest sent, int status, String time, String hmac, byte[] body, Instant now) {
        return BitGo.verifyAnswer(sent, credential("2"), status, time, hmac, body, now);
    }

    @Test
    void withToken_keyId_isTheTokensHashThatTravels() {
        assertThat(request("/api/v2/wallet").header("Authorization"))
                .hasValue("Bearer " + credential("2").keyId());
    }

    @Test
    void verifyAnswer_genuine_isTrue() {
        assertThat(verify(request("/api/v2/wallet"), 200, TIME, HMAC, BODY, SENT))
                .isTrue();
    }

    @Test
    void verifyAnswer_anyInputChanged_isFalse() {
        SignedRequest sent = request("/api/v2/wallet");
        byte[] other = "{\"status\":\"no\"}".getBytes(StandardCharsets.US_ASCII);

        assertThat(verify(request("/api/v2/wallets"), 200, TIME, HMAC, BODY, SENT))
                .isFalse();
        assertThat(verify(sent, 201, TIME, HMAC, BODY, SENT)).isFalse();
        assertThat(verify(sent, 200, "1761100000001", HMAC, BODY, SENT)).isFalse();
        assertThat(verify(sent, 200, TIME, HMAC.replace('d', 'e'), BODY, SENT)).isFalse();
        assertThat(verify(sent, 200, TIME, "", BODY, SENT)).isFalse();
        assertThat(verify(sent, 200, "soon", HMAC, BODY, SENT)).isFalse();
        assertThat(verify(sent, 200, TIME, HMAC, other, SENT)).isFalse();
        assertThat(BitGo.verifyAnswer(sent, credential("3"), 200, TIME, HMAC, BODY, SENT))
                .isFalse();
    }

    @Test
    void verifyAnswer_fiveMinutesBackOrOneAhead_isTheLastThatIsTrue() {
        SignedRequest sent = request("/api/v2/wallet");
        Instant latest = SENT.plus(Duration.ofMinutes(5));
        Instant earliest = SENT.minus(Duration.ofMinutes(1));

        assertThat(verify(sent, 200, TIME, HMAC, BODY, latest)).isTrue();
        assertThat(verify(sent, 200, TIME, HMAC, BODY, latest.plusMillis(1))).isFalse();
        assertThat(verify(sent, 200, TIME, HMAC, BODY, earliest)).isTrue();
        assertThat(verify(sent, 200, TIME, HMAC, BODY, earliest.minusMillis(1))).isFalse();
    }

    /** The signature was computed by {@code openssl dgst -sha256 -hmac} over the text of version 4. */
    @Test
    void verifyAnswer_version4_takesSecondsAndTheRequestId() {
        Credential key = credential("4");
        SignedRequest sent = BitGo.VENUE
                .scheme()
                .sign(ApiRequest.get("/api/v2/wallet"), key, Moment.of(SENT, "1b7a1d2b-7a2f-4e4b-a1f8-c2a5a0f84e3e"));
        String hmac = "06a49a77e4240ae9bb6a017543f55c42ce04af8bf73350382bc8403cf9805e3a";

        assertThat(BitGo.verifyAnswer(sent, key, 200, "1761100000", hmac, BODY, SENT))
                .isTrue();
        assertThat(BitGo.verifyAnswer(sent, key, 200, "1761100001", hmac, BODY, SENT))
                .isFalse();
    }

    @Test
    void sign_unknownVersion_isRefusedWithTheOnesThereAre() {
        assertThatThrownBy(() -> BitGo.VENUE.scheme().sign(ApiRequest.get("/x"), credential("5"), Moment.at(SENT)))
                .isInstanceOf(SigningException.class)
                .hasMessageContaining("versions 2, 3 and 4")
                .hasMessageNotContaining(TOKEN);
    }
}
