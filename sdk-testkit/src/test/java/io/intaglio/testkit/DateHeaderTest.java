package io.intaglio.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.venue.BinanceSpot;
import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DateHeaderTest {
    private static final ApiRequest ACCOUNT = ApiRequest.get("/api/v3/account");

    @Test
    void date_scripted_isSentAsItIs() throws IOException {
        try (Desk desk = Desk.with(BinanceSpot.VENUE, settings -> settings.dateHeader(now -> Optional.of("gestern")))) {
            assertThat(desk.send(ACCOUNT).headers()).containsEntry("date", "gestern");
            desk.sim().faults().next(Fault.unavailable());
            assertThat(desk.send(ACCOUNT).headers()).containsEntry("date", "gestern");
        }
    }

    @Test
    void date_scriptedEmpty_isLeftOut() throws IOException {
        try (Desk desk = Desk.with(BinanceSpot.VENUE, settings -> settings.dateHeader(now -> Optional.empty()))) {
            assertThat(desk.send(ACCOUNT).headers()).doesNotContainKey("date");
        }
    }

    @Test
    void date_script_isGivenTheVenuesTime() throws IOException {
        try (Desk desk =
                Desk.with(BinanceSpot.VENUE, settings -> settings.dateHeader(now -> Optional.of(now.toString())))) {
            assertThat(desk.send(ACCOUNT).header("Date")).isEqualTo(Desk.NOON.toString());
        }
    }
}
