package io.intaglio.client.internal.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.intaglio.signing.venue.Venue;
import io.intaglio.signing.venue.Venues;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TransportTest {
    @ParameterizedTest
    @CsvSource({
        "https://api.example.com, https://api.example.com:443",
        "https://api.example.com:8443, https://api.example.com:8443",
        "http://localhost, http://localhost:80",
        "http://[::1]:9, http://[::1]:9"
    })
    void route_portNotNamed_isThatOfTheScheme(String address, String target) {
        assertThat(Transport.route(URI.create(address)).getTargetHost().toURI()).isEqualTo(target);
    }

    @Test
    void route_everyEnvironmentOfEveryVenue_hasOne() {
        int routes = 0;
        for (Venue venue : Venues.all()) {
            for (URI address : venue.environments().values()) {
                assertThat(Transport.route(address).getTargetHost().getPort())
                        .as(address.toString())
                        .isPositive();
                routes++;
            }
        }
        assertThat(routes).isGreaterThan(100);
    }
}
