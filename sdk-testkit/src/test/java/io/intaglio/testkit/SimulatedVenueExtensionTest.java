package io.intaglio.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.intaglio.signing.venue.KrakenSpot;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;

@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SimulatedVenueExtensionTest {
    private static final List<SimulatedVenue> EARLIER = new CopyOnWriteArrayList<>();

    @RegisterExtension
    static SimulatedVenueExtension sim =
            SimulatedVenueExtension.of(KrakenSpot.VENUE, builder -> builder.clock(VirtualClock.at(Desk.NOON)));

    private final List<SimulatedVenue> seen = new ArrayList<>();

    @BeforeEach
    void before(SimulatedVenue venue) {
        seen.add(venue);
    }

    @Test
    @Order(1)
    void parameter_isStartedConfiguredAndTheSameWithinATest(SimulatedVenue venue) throws IOException {
        assertThat(seen).containsExactly(venue);
        assertThat(venue.now()).isEqualTo(Desk.NOON);
        try (Client client = Client.of(venue)) {
            client.writeRaw("GET /0/public/Time HTTP/1.1\r\nHost: x\r\n\r\n", new byte[0]);
            assertThat(client.read().status()).isEqualTo(200);
        }
        EARLIER.add(venue);
    }

    @Test
    @Order(2)
    void parameter_ofTheNextTest_isAnotherAndTheFirstIsClosed(SimulatedVenue venue) {
        assertThat(venue).isNotSameAs(EARLIER.get(0));
        assertThatThrownBy(() -> Client.of(EARLIER.get(0))).isInstanceOf(IOException.class);
    }
}
