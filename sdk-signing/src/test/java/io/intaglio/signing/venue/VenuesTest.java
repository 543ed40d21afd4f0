package io.intaglio.signing.venue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
}
