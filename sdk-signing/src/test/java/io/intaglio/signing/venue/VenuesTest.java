package io.intaglio.signing.venue;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.Credential;
import io.intaglio.signing.Moment;
import io.intaglio.signing.Priority;
import io.intaglio.signing.secret.Secret;
import java.time.Instant;
import java.util.Base64;
import java.util.Comparator;
import org.junit.jupiter.api.Test;

class VenuesTest {
    @Test
    void all_folderOfThePackage_givesEveryVenueSortedByName() {
        assertThat(Venues.all())
                .contains(BinanceSpot.VENUE, KrakenSpot.VENUE, Upbit.VENUE)
                .isSortedAccordingTo(Comparator.comparing(Venue::name));
    }

    @Test
    void named_nameOrAlias_isThatVenue() {
        assertThat(Venues.named("kraken")).isSameAs(KrakenSpot.VENUE);
        assertThat(Venues.named("coinbase_cdp")).isSameAs(CoinbaseCdp.VENUE);
    }

    @Test
    void named_unknown_suggestsTheNearest() {
        assertThatThrownBy(() -> Venues.named("Krakn\n"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("there is no venue 'Krakn?'; did you mean 'kraken'? Venues.all() lists them");
    }

    @Test
    void credential_venueWithoutSignatures_keepsTheSecretAsAValue() {
        Credential credential = Luno.VENUE.credential("0eFY3i6zQ7tUb", Secret.takeOver("s3cret".getBytes(UTF_8)));

        assertThat(Luno.VENUE
                        .scheme()
                        .sign(ApiRequest.get("/api/1/balance"), credential, Moment.at(Instant.EPOCH))
                        .header("Authorization"))
                .contains("Basic " + Base64.getEncoder().encodeToString("0eFY3i6zQ7tUb:s3cret".getBytes(UTF_8)));
    }

    @Test
    void kuCoin_keyVersionOfTheCredential_isSent() {
        Credential credential = KuCoin.VENUE
                .credential("774e083d3bfd98c8f5f4fee2", Secret.takeOver("s3cret".getBytes(UTF_8)))
                .with("passphrase", Secret.takeOver("pass".getBytes(UTF_8)))
                .with("keyVersion", "3");

        assertThat(KuCoin.VENUE
                        .scheme()
                        .sign(ApiRequest.get("/api/v1/accounts"), credential, Moment.at(Instant.EPOCH))
                        .header("KC-API-KEY-VERSION"))
                .contains("3");
    }

    @Test
    void priorityOf_nothingGiven_followsFromTheVenuesRules() {
        assertThat(BinanceSpot.VENUE.priorityOf(ApiRequest.get("/api/v3/order")))
                .isEqualTo(Priority.READ);
        assertThat(BinanceSpot.VENUE.priorityOf(ApiRequest.post("/api/v3/order")))
                .isEqualTo(Priority.ORDER);
        assertThat(BinanceSpot.VENUE.priorityOf(ApiRequest.delete("/api/v3/order")))
                .isEqualTo(Priority.RISK_REDUCING);
        assertThat(BinanceSpot.VENUE.priorityOf(ApiRequest.delete("/api/v3/userDataStream")))
                .isEqualTo(Priority.ORDER);
        assertThat(KrakenSpot.VENUE.priorityOf(ApiRequest.post("/0/private/CancelAll")))
                .isEqualTo(Priority.RISK_REDUCING);
        assertThat(KrakenSpot.VENUE.priorityOf(ApiRequest.post("/0/private/AddOrder")))
                .isEqualTo(Priority.ORDER);
        assertThat(Deribit.VENUE.priorityOf(ApiRequest.get("/api/v2/private/buy")))
                .as("an order by GET is no read")
                .isEqualTo(Priority.ORDER);
        assertThat(Deribit.VENUE.priorityOf(ApiRequest.get("/api/v2/private/cancel_all")))
                .isEqualTo(Priority.RISK_REDUCING);
    }

    @Test
    void priorityOf_givenByTheCaller_isThat() {
        assertThat(BinanceSpot.VENUE.priorityOf(ApiRequest.post("/api/v3/order").priority(Priority.RISK_REDUCING)))
                .isEqualTo(Priority.RISK_REDUCING);
    }

    @Test
    void withAccessTokens_venueThatSigns_carriesTheTokenAndStaysPublicWhereItWas() {
        Credential credential = Deribit.VENUE
                .credential("id-1", Secret.takeOver("s3cret".getBytes(UTF_8)))
                .with("token", Secret.takeOver("1582628593469.1MbQ-J_4".getBytes(UTF_8)))
                .with("token-type", "Bearer");
        Venue venue = Deribit.VENUE.withAccessTokens();

        assertThat(venue.scheme()
                        .sign(ApiRequest.get("/api/v2/private/get_positions"), credential, Moment.at(Instant.EPOCH))
                        .header("Authorization"))
                .contains("Bearer 1582628593469.1MbQ-J_4");
        assertThat(venue.scheme()
                        .sign(ApiRequest.get("/api/v2/public/get_time"), credential, Moment.at(Instant.EPOCH))
                        .headers())
                .isEmpty();
        assertThat(venue.login()).isPresent();
        assertThat(Deribit.VENUE.login()).isEmpty();
        assertThat(venue.environment("test").login()).isPresent();
    }
}
