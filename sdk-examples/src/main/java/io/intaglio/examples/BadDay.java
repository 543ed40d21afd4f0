package io.intaglio.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.intaglio.client.VenueClient;
import io.intaglio.client.VenueException;
import io.intaglio.client.VenueResponse;
import io.intaglio.signing.venue.BinanceSpot;
import io.intaglio.testkit.Fault;
import io.intaglio.testkit.SimulatedVenue;
import io.intaglio.testkit.SimulatedVenueExtension;
import io.intaglio.testkit.VirtualClock;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Test a bot of yours against a bad day: a JUnit class whose venue loses an answer and goes down.
 *
 * <p>Run it with {@code ./example bad-day}; in your build it is a test class like any other.
 */
class BadDay {
    private final VirtualClock time = VirtualClock.at(Instant.parse("2026-03-01T12:00:00Z"));

    @RegisterExtension
    final SimulatedVenueExtension venues = SimulatedVenueExtension.of(BinanceSpot.VENUE, venue -> venue.clock(time));

    public static void main(String[] args) {
        Stage.playSimulated(args, stage -> TestRun.of(BadDay.class, stage));
    }

    /** The bot: it buys, and says whether it may think of something else. */
    private String bot(SimulatedVenue venue) {
        try (VenueClient client = Stage.client(venue, time).build()) {
            VenueResponse order = client.send(Stage.order("BTCUSDT", "0.010", "37500.10"));
            return order.isReconciled() ? "bought, after asking" : "bought";
        } catch (VenueException e) {
            return e.effect() == VenueException.Effect.NONE ? "not bought" : "asks a person";
        }
    }

    @Test
    void answerIsLost_buysOnce(SimulatedVenue venue) {
        venue.faults().next(Fault.acceptThenLoseAnswer());
        assertEquals("bought, after asking", bot(venue));
        assertEquals(1, venue.orders().size());
    }

    @Test
    void venueIsDown_asksAPerson(SimulatedVenue venue) {
        venue.faults().repeat(99, Fault.unavailable());
        assertEquals("asks a person", bot(venue));
        assertEquals(0, venue.orders().size());
    }
}
