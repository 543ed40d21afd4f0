package io.intaglio.examples;

import io.intaglio.client.Budgets;
import io.intaglio.client.RetryPolicy;
import io.intaglio.client.ThrottledException;
import io.intaglio.client.VenueClient;
import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.venue.BinanceSpot;
import io.intaglio.testkit.Budget;
import io.intaglio.testkit.SimulatedVenue;
import java.time.Duration;

/**
 * A ban, and how it is avoided: 100 calls where 60 a minute are taken, by a careless program and by one client.
 *
 * <p>Run it with {@code ./example avoid-ban}. Its minutes pass on a virtual clock.
 */
final class AvoidBan {
    private static final ApiRequest READ = ApiRequest.get("/api/v3/account"); // weighs 20 of the 1,200 below

    public static void main(String[] args) {
        Budget tight =
                Budget.generous().withRequests(1200, Duration.ofMinutes(1)).withBan(3, Duration.ofMinutes(2));
        Stage.playInVirtualTime(
                args, AvoidBan::careless, SimulatedVenue.of(BinanceSpot.VENUE).budget(tight));
        Stage.playInVirtualTime(
                args, AvoidBan::careful, SimulatedVenue.of(BinanceSpot.VENUE).budget(tight));
    }

    static void careless(Stage stage) {
        int refused = 0;
        for (int i = 0; i < 100; i++) { // a new client for each call, and each counts for itself
            VenueClient.Builder settings =
                    stage.client().budgets(Budgets.separate()).retry(RetryPolicy.none());
            try (VenueClient client = settings.build()) {
                client.send(READ);
            } catch (ThrottledException e) {
                if (++refused == 1 || refused == 4) {
                    stage.refused(e);
                }
            }
        }
        stage.proved(refused == 40, "careless: 40 of 100 calls refused, and all behind this address locked out");
    }

    static void careful(Stage stage) {
        int attempts = 0;
        try (VenueClient client = stage.client().build()) {
            for (int i = 0; i < 100; i++) {
                attempts += client.send(READ.timeLimit(Duration.ofMinutes(2))).attempts();
            }
        }
        long waited = stage.time().slept().toSeconds();
        stage.proved(attempts == 100, "one client: 0 of 100 calls refused, after " + waited + " s of waiting");
        stage.why("The client counts as the venue counts, and waits before it signs; all of a process count together.");
    }
}
