package io.intaglio.examples;

import io.intaglio.client.OrderOutcome;
import io.intaglio.client.UnansweredException;
import io.intaglio.client.VenueClient;
import io.intaglio.client.VenueResponse;
import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.venue.BinanceSpot;
import io.intaglio.testkit.Fault;
import io.intaglio.testkit.SimulatedVenue;

/**
 * An order whose answer is lost: asked for and not sent again; and reconciled when the venue is back.
 *
 * <p>Run it with {@code ./example lost-answer}.
 */
final class LostAnswer {
    public static void main(String[] args) {
        Stage.playInVirtualTime(args, LostAnswer::run, SimulatedVenue.of(BinanceSpot.VENUE));
    }

    static void run(Stage stage) {
        SimulatedVenue venue = stage.simulation();
        try (VenueClient client = stage.client().build()) {
            venue.faults().next(Fault.acceptThenLoseAnswer());
            VenueResponse found = client.send(Stage.order("BTCUSDT", "0.010", "37500.10"));
            String status = found.at("/status").orElseThrow();
            stage.show("lost", "the venue accepted the order, and the connection ended before its answer");
            stage.show("asked for", "by its client order id; the venue has it, " + status);
            stage.proved(found.isReconciled() && venue.orders().size() == 1, "1 order wanted, 1 order at the venue");

            ApiRequest order = Stage.order("BTCUSDT", "0.020", "37500.10").clientOrderId("desk-7-0002");
            venue.faults().next(Fault.acceptThenLoseAnswer()).repeat(99, Fault.unavailable());
            try {
                client.send(order);
            } catch (UnansweredException e) {
                stage.show("unknown", e.getMessage());
                stage.show("effect", e.effect() + ", so the remedy is to " + e.remedy() + " and not to send again");
            }
            venue.faults().clear(); // the venue is back
            OrderOutcome outcome = client.reconcile(order);
            stage.show("reconciled", outcome);
            stage.proved(venue.orders().size() == 2, "2 orders wanted, 2 orders at the venue");
        }
        stage.why(
                "Who sends again after a timeout buys twice. This client asks, and says unknown when it does not know; an"
                        + " OrderJournal keeps the question over a restart.");
    }
}
