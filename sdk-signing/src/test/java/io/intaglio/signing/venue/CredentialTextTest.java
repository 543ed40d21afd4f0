package io.intaglio.signing.venue;

import static org.assertj.core.api.Assertions.assertThat;

import io.intaglio.signing.Credential;
import io.intaglio.signing.key.KeyKind;
import io.intaglio.signing.secret.Secret;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which kind of key a venue of several schemes reads from bare text. */
class CredentialTextTest {
    /** RFC 8032, section 7.1, test 1. */
    private static final String SEED = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";

    private static final String PUBLIC = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";

    @ParameterizedTest
    @ValueSource(strings = {SEED, SEED + PUBLIC})
    void credential_bareBase64SeedForCoinbase_isThatEd25519Key(String hex) {
        String text = Base64.getEncoder().encodeToString(HexFormat.of().parseHex(hex));

        for (Venue venue : new Venue[] {CoinbaseAdvanced.VENUE, CoinbaseCdp.VENUE}) {
            Credential credential = venue.credential("key", secret(text));

            assertThat(credential.key().orElseThrow().kind()).isEqualTo(KeyKind.ED25519);
            assertThat(credential.key().orElseThrow().rawPublicKey())
                    .as("public key read by " + venue)
                    .isEqualTo(HexFormat.of().parseHex(PUBLIC));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"abcdefghijklmnopqrstuvwxyz012345", "c2hvcnQ=", "not base64 at all, but a secret ........"})
    void credential_otherTextForCoinbase_isALegacySecret(String text) {
        Credential credential = CoinbaseAdvanced.VENUE.credential("key", secret(text));

        assertThat(credential.key().orElseThrow().kind()).isEqualTo(KeyKind.SECRET);
    }

    @Test
    void credential_base64Of32BytesForAVenueOfSecrets_staysASecret() {
        String text = Base64.getEncoder().encodeToString(HexFormat.of().parseHex(SEED));

        Credential credential = CoinbaseExchange.VENUE.credential("key", secret(text));

        assertThat(credential.key().orElseThrow().kind()).isEqualTo(KeyKind.SECRET);
    }

    private static Secret secret(String text) {
        return Secret.takeOver(text.getBytes(StandardCharsets.UTF_8));
    }
}
