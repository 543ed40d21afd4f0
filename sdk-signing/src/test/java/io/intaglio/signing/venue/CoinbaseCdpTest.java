package io.intaglio.signing.venue;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.Credential;
import io.intaglio.signing.Moment;
import io.intaglio.signing.SignedRequest;
import io.intaglio.signing.SigningException;
import io.intaglio.signing.secret.Secret;
import java.net.URI;
import java.time.Instant;
import java.util.Base64;
import org.junit.jupiter.api.Test;

class CoinbaseCdpTest {
    private static final String KEY_ID = "organizations/6a1b2c3d-0000-4000-8000-000000000001/apiKeys/1";
    private static final String SEED =
            "nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2DXWpgBgrEKt9VL/tPJZAc6DuFy89qmIyWvAhpo9wdRGg==";
    private static final String WALLET = "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg7g6J1OQcurDEy376oLZGwMEt"
            + "7il62KOFRJz+/LxqlC+hRANCAAQQ0lbvUYsLHJ8KFtbQkZXKARFwF00vZdJQ+CakVz+UFijNvqJ9msSa0Bfh9thvSTkSButTgUz1"
            + "+mRmiFIsG1Bb";
    private static final Moment NOW =
            Moment.of(Instant.ofEpochSecond(1_700_000_000), "b1da9397295e124bba38a265ef5de358");
    private static final ApiRequest SEND = ApiRequest.post("/platform/v2/evm/accounts/0xabc/send/transaction")
            .baseUri(URI.create("https://api.cdp.coinbase.com"))
            .json("to", "0x1");

    private static Credential key() {
        return CoinbaseCdp.VENUE.credential(KEY_ID, Secret.takeOver(SEED.getBytes(UTF_8)));
    }

    private static Credential keyAndWallet() {
        return key().with("walletSecret", Secret.takeOver(WALLET.getBytes(UTF_8)));
    }

    @Test
    void sign_writeToAWallet_carriesBothTokens() {
        SignedRequest signed = CoinbaseCdp.VENUE.scheme().sign(SEND, keyAndWallet(), NOW);

        assertThat(claims(signed.header("Authorization").orElseThrow().substring("Bearer ".length())))
                .contains("\"sub\":\"" + KEY_ID + "\"");
        // the hash is that of sha256sum over {"to":"0x1"}
        assertThat(claims(signed.header("X-Wallet-Auth").orElseThrow()))
                .isEqualTo("{\"uris\":[\"POST api.cdp.coinbase.com/platform/v2/evm/accounts/0xabc/send/transaction\"],"
                        + "\"reqHash\":\"a0bea2bcb13882f572eb4629ee40113e4246de7b6dc521ef59875f00bf52f34e\","
                        + "\"iat\":1700000000,\"nbf\":1700000000,\"jti\":\"b1da9397295e124bba38a265ef5de358\"}");
    }

    @Test
    void sign_expiryGivenForTheBearerToken_isLeftOutOfTheWallets() {
        ApiRequest request = SEND.attribute("expiresInSeconds", "60");

        assertThat(claims(CoinbaseCdp.VENUE
                        .scheme()
                        .sign(request, keyAndWallet(), NOW)
                        .header("X-Wallet-Auth")
                        .orElseThrow()))
                .doesNotContain("exp");
    }

    @Test
    void sign_readOfAccounts_needsNoWallet() {
        SignedRequest signed = CoinbaseCdp.VENUE
                .scheme()
                .sign(
                        ApiRequest.get("/platform/v2/evm/accounts").baseUri(URI.create("https://api.cdp.coinbase.com")),
                        key(),
                        NOW);

        assertThat(signed.header("X-Wallet-Auth")).isEmpty();
    }

    @Test
    void sign_writeToAWalletWithoutItsSecret_isRefused() {
        assertThatThrownBy(() -> CoinbaseCdp.VENUE.scheme().sign(SEND, key(), NOW))
                .isInstanceOf(SigningException.class)
                .hasMessage(
                        "coinbasecdp signs POST /platform/v2/evm/accounts/0xabc/send/transaction with the wallet secret"
                                + " too, but credential orga... has none; give it as its secret 'walletSecret'");
    }

    @Test
    void explain_writeToAWallet_showsTheWalletsTokenNowhere() {
        String shown =
                CoinbaseCdp.VENUE.scheme().explain(SEND, keyAndWallet(), NOW).toString();

        assertThat(shown).contains("X-Wallet-Auth").doesNotContain("eyJhbGciOiJFUzI1NiIsInR5cCI6IkpXVCJ9");
    }

    private static String claims(String token) {
        return new String(Base64.getUrlDecoder().decode(token.split("\\.")[1]), UTF_8);
    }
}
