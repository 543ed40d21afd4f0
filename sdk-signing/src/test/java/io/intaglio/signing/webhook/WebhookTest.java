package io.intaglio.signing.webhook;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.intaglio.signing.key.KeyReader;
import io.intaglio.signing.key.VerifyingKey;
import io.intaglio.signing.secret.Secret;
import io.intaglio.signing.standard.JwsAlgorithm;
import io.intaglio.signing.standard.JwsVerifier;
import io.intaglio.signing.standard.VerificationException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Expected signatures were made by Python's hmac module and its package cryptography; the RSA key was made for this test alone. */
class WebhookTest {
    private static final byte[] BODY = "{\"id\":\"evt-1\",\"event\":{\"type\":\"charge:confirmed\",\"note\":\"größe\"}}"
            .getBytes(StandardCharsets.UTF_8);
    private static final String HEX = "78da9ebd38026dff549dceefbf202e4e787a5f3399cf485f1ffc2609ad962166";
    private static final String CDP =
            "t=1700000000,h=content-type x-event-id,v1=d580cf7b5d6659da228205965a0503ea4182e96167b6b18b136c5f1ad9f2506d";
    private static final Instant SENT = Instant.ofEpochSecond(1_700_000_000);
    private static final Map<String, String> HEADERS =
            Map.of("content-type", "application/json", "x-event-id", "evt-1");
    private static final String V1 =
            "DwsrtLfR+ltxEYM5w6oS1oUTKpAjfgvaTgTehWbPKY+j0awgE56l8RzPhr2v0WuIni5rWbvm93mZFxAe1HiBzwD1G7"
                    + "JU0Q4r02vIy0XlTN7CZMjG++jzu3fTgNT+/uHNTrNhbw/bx3OcVsH5KGxz8LkjKulSIncU33+KctcC49yc32EOs4Q4"
                    + "pldzpzNidRNY9HfoSqiM1RJTR39UYs4vZMfrDVzi/QLa/64slKzbuPD9loHjywEbX8hsyqN4VYXVpn12XPULGLTZjf"
                    + "5cyv6VuZX5BVg3yJWyU/Wc2kA+APe3W+uISwa5+Xhuuq23n1LBqHL/Cl+xvlJeyVlIQuvTiQ==";
    private static final String JWS =
            "eyJhbGciOiJSUzUxMiIsImtpZCI6ImtleS0xIn0..pFhKslae911hvblGniL0xoJWIc5T_EQL7Wk1qm2jICVtL0Kh2"
                    + "Dig9BXBoYBFIl2OIKwOs85KrO1L7cA0Ud06jvNJVs3ucUN5L8AZKc5EmZv9jAxS_IxrR_5R4zetu_mfFnPyECAPGdj"
                    + "ano0PC1l99GqKoVIKKqcgt3KHM7JCkWuMo8Ijz54FdAdb36i0QsXdEaj8m-0E0jLJQ_2RzEUuaGBaLaqHyr9PyHCRz"
                    + "gn1sJae_dlrskMdzpDPHd5B-oQ_JY2qIQj6DiHHl5K2Jup19mbHQG-GMfm4WSsmvLCBf8AmQAelpgr37ktaTANwDlu"
                    + "U5D4JoE-nruZPbHt_ifjJbQ";

    /** The same body signed by the same key with RS256. */
    private static final String JWS_RS256 =
            "eyJhbGciOiJSUzI1NiIsImtpZCI6ImtleS0xIn0..R3uq4JeqqrpVXSPDgfUmKM-sbRzYrlmyIsUDwg1GoBweZOW-c"
                    + "vISoUFejH49dF34BINM65vpKOSMTg1vayCMam8flFJ6yNRRGsaqSbiISWom_YJVBGVENxakXEQfsINY4Z7jzm3aJLe"
                    + "j2-DADgwxa9w0bTnAaEpjWnXDuCCBHu5lB9H2perPlCctuHfqdspfswialK0I1EbDbe3FFxHU61a3Q5iqg21IT4dVB"
                    + "eqCmBKYiYrMWSqx0VTANc2qXjuw_sfaThTbaGpDu_3X3dwSp3RVqmDQ3gLW-hjVtr9ZDG1mUt5TglYpm8U0oVhn-Yi"
                    + "7br38FKnjMGYWuHxGchk_JA";

    private static final VerifyingKey KEY = VerifyingKey.of(KeyReader.readPublic("""
            -----BEGIN PUBLIC KEY-----
            MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAqpFFQFEfNp57MhwcpQ+H
            ixMlUkmYTKN5YH/PV4r83cV+uxZYWn07ctT/EFM17AgdmwCDyhyaqFKMsYTt6NJC
            SMBzAGGynW3RIC8S4uGJ0GgCQpGIXvCKsN7Hm1CACVf11F6u+Yi2FppP49ri8hbl
            X2ICl/DguQFqJzyfgN8Ntr5BnmA6lnLtMxjj4BPcuPipRfMnPalLB3ViCzr1vnw9
            emSS2MKqPyJfY/M6dZ5eo997yl7PTKMdTkfa857ioAv0NYNCCXGktLaonHXXOL4Y
            J9JHFYjZldRlgnfclnh3EUN46W8QYT8fL+2LGKgXQG7oIFQRM88SY0RRyD1y5IQp
            DwIDAQAB
            -----END PUBLIC KEY-----
            """));

    private static final JwsVerifier KEYS = JwsVerifier.of(JwsAlgorithm.RS512, KEY);

    /** A check of a signature text over a body. */
    private interface Check {
        void verify(String signature, byte[] body);
    }

    private static Map<String, Check> checks() {
        Map<String, Check> checks = new LinkedHashMap<>();
        checks.put(HEX, CommerceWebhook.of(secret())::verify);
        checks.put(HEX.toUpperCase(java.util.Locale.ROOT), BitGoWebhook.of(secret())::verify);
        checks.put(CDP, (text, body) -> CdpWebhook.of(secret()).verify(text, HEADERS::get, body, SENT));
        checks.put(V1, (text, body) -> FireblocksWebhook.verify(text, body, KEY));
        checks.put(JWS, (text, body) -> FireblocksWebhook.verifyJws(text, body, KEYS));
        return checks;
    }

    @TestFactory
    Stream<DynamicTest> verify_genuine_returns() {
        return checks().entrySet().stream()
                .map(entry -> DynamicTest.dynamicTest(
                        entry.getKey().substring(0, 20),
                        () -> assertThatCode(() -> entry.getValue().verify(entry.getKey(), BODY))
                                .doesNotThrowAnyException()));
    }

    @TestFactory
    Stream<DynamicTest> verify_oneByteOfTheBodyChanged_refusesWithoutTheSignature() {
        return checks().entrySet().stream()
                .map(entry -> DynamicTest.dynamicTest(entry.getKey().substring(0, 20), () -> {
                    for (int i = 0; i < BODY.length; i++) {
                        byte[] forged = BODY.clone();
                        forged[i] ^= 1;
                        assertThatThrownBy(() -> entry.getValue().verify(entry.getKey(), forged))
                                .isInstanceOf(VerificationException.class)
                                .hasMessageNotContaining(HEX);
                    }
                }));
    }

    @TestFactory
    Stream<DynamicTest> verify_oneCharacterOfTheSignatureChangedOrNone_refuses() {
        return checks().entrySet().stream()
                .map(entry -> DynamicTest.dynamicTest(entry.getKey().substring(0, 20), () -> {
                    String text = entry.getKey();
                    for (int i = 0; i < text.length() - 3; i++) {
                        char other = text.charAt(i) == '0' ? '1' : '0';
                        String forged = text.substring(0, i) + other + text.substring(i + 1);
                        assertThatThrownBy(() -> entry.getValue().verify(forged, BODY))
                                .as("character %d", i)
                                .isInstanceOf(VerificationException.class);
                    }
                    assertThatThrownBy(() -> entry.getValue().verify("", BODY))
                            .isInstanceOf(VerificationException.class);
                    assertThatThrownBy(() -> entry.getValue().verify(null, BODY))
                            .isInstanceOf(VerificationException.class);
                }));
    }

    @ParameterizedTest
    @CsvSource({"-61, false", "-60, true", "0, true", "300, true", "301, false"})
    void cdp_secondsAfterSending_onlyTheFreshPass(long seconds, boolean passes) {
        Instant now = SENT.plusSeconds(seconds);
        if (passes) {
            assertThatCode(() -> CdpWebhook.of(secret()).verify(CDP, HEADERS::get, BODY, now))
                    .doesNotThrowAnyException();
        } else {
            assertThatThrownBy(() -> CdpWebhook.of(secret()).verify(CDP, HEADERS::get, BODY, now))
                    .isInstanceOf(VerificationException.class)
                    .hasMessageContaining("was sent at");
        }
    }

    @Test
    void cdp_signedHeaderChanged_refuses() {
        assertThatThrownBy(() -> CdpWebhook.of(secret()).verify(CDP, name -> "evt-2", BODY, SENT))
                .isInstanceOf(VerificationException.class);
    }

    @Test
    void fireblocks_genuineButOfAnotherAlgorithm_isRefused() {
        assertThatThrownBy(() -> FireblocksWebhook.verifyJws(JWS_RS256, BODY, KEYS))
                .isInstanceOf(VerificationException.class)
                .hasMessageContaining("alg");
    }

    @Test
    void cdp_partsWithoutAName_areNoPartGivenTwice() {
        CdpWebhook.of(secret()).verify("=a,=b," + CDP, HEADERS::get, BODY, SENT);
    }

    @Test
    void close_thenVerify_keyIsGone() {
        CommerceWebhook commerce = CommerceWebhook.of(secret());
        commerce.close();
        assertThatThrownBy(() -> commerce.verify(HEX, BODY)).hasMessageContaining("closed");
        BitGoWebhook bitGo = BitGoWebhook.of(secret());
        bitGo.close();
        assertThatThrownBy(() -> bitGo.verify(HEX, BODY)).hasMessageContaining("closed");
        CdpWebhook cdp = CdpWebhook.of(secret());
        cdp.close();
        assertThatThrownBy(() -> cdp.verify(CDP, HEADERS::get, BODY, SENT)).hasMessageContaining("closed");
    }

    private static Secret secret() {
        return Secret.takeOver("public-test-secret-1".getBytes(StandardCharsets.UTF_8));
    }
}
