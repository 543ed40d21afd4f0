package io.intaglio.signing.key;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SecretFormTest {
    @Test
    void keyBytes_ofEachForm_areAsTheFormSays() {
        assertThat(SecretForm.UTF8.keyBytes(utf8("Gr\u00fc\u00dfe="))).isEqualTo(utf8("Gr\u00fc\u00dfe="));
        assertThat(SecretForm.BASE64.keyBytes(utf8("+/+/AA=="))).containsExactly(0xfb, 0xff, 0xbf, 0);
        assertThat(SecretForm.BASE64URL.keyBytes(utf8("-_-_AA"))).containsExactly(0xfb, 0xff, 0xbf, 0);
        assertThat(SecretForm.HEX.keyBytes(utf8("00fFA9"))).containsExactly(0, 0xff, 0xa9);
        assertThat(SecretForm.BASE64_OF_TEXT.keyBytes(utf8("secret?"))).isEqualTo(utf8("c2VjcmV0Pw=="));
        assertThat(SecretForm.UPPER_CASE_TEXT.keyBytes(utf8("ab-Cz{`9\u00e9"))).isEqualTo(utf8("AB-CZ{`9\u00e9"));
    }

    @Test
    void keyBytes_base64OfEveryLength_agreesWithTheJdk() {
        Random random = new Random(20260101);
        for (int length = 0; length < 100; length++) {
            byte[] key = new byte[length];
            random.nextBytes(key);
            Base64.Encoder plain = Base64.getEncoder();
            Base64.Encoder url = Base64.getUrlEncoder();
            assertThat(SecretForm.BASE64.keyBytes(plain.encode(key))).isEqualTo(key);
            assertThat(SecretForm.BASE64.keyBytes(plain.withoutPadding().encode(key)))
                    .isEqualTo(key);
            assertThat(SecretForm.BASE64URL.keyBytes(url.encode(key))).isEqualTo(key);
            assertThat(SecretForm.BASE64URL.keyBytes(url.withoutPadding().encode(key)))
                    .isEqualTo(key);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "BASE64    | QU!CQUJD  | secret is not base64: character 3 is outside the alphabet",
                "BASE64    | QU-CQUJD  | secret is not base64: character 3 is outside the alphabet (it belongs to"
                        + " base64url)",
                "BASE64URL | QUI/QUJD  | secret is not base64url: character 4 is outside the alphabet (it belongs to"
                        + " base64)",
                "BASE64    | 'QUJD '   | secret is not base64: character 5 is a blank or a line break; remove it",
                "BASE64    | 'QUJ QUJD' | secret is not base64: character 4 is a blank or a line break; remove it",
                "BASE64    | QUJDQ     | secret is not base64: its length is impossible, a character is missing or too"
                        + " many",
                "BASE64    | QQ=       | secret is not base64: its padding is wrong for its length",
                "BASE64    | QUJD=     | secret is not base64: its padding is wrong for its length",
                "BASE64    | Q===      | secret is not base64: character 2 is outside the alphabet",
                "BASE64    | QQ==QQ==  | secret is not base64: character 3 is outside the alphabet",
                "HEX       | abc       | secret is not hex: it has an odd number of characters, 3",
                "HEX       | abcg      | secret is not hex: character 4 is outside 0-9, a-f",
            })
    void keyBytes_faultyText_saysWhereAndNotWhat(SecretForm form, String text, String message) {
        assertThatThrownBy(() -> form.keyBytes(utf8(text)))
                .isInstanceOf(KeyException.class)
                .hasMessage(message)
                .hasNoCause();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(UTF_8);
    }
}
