package io.intaglio.examples;

import io.intaglio.client.NotSentException;
import io.intaglio.client.VenueClient;
import io.intaglio.client.guard.Guard;
import io.intaglio.client.guard.GuardPolicy;
import io.intaglio.client.guard.KillSwitch;
import io.intaglio.examples.Stage.Use;
import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.venue.BinanceSpot;
import io.intaglio.signing.venue.Purpose;
import java.math.BigDecimal;

/**
 * A guard that refuses: a slipped digit, a symbol nobody trades, a withdrawal, and the kill switch.
 *
 * <p>Run it with {@code ./example guard-refuses}, or with {@code --profile NAME}; a live profile is refused unless {@code --live} is said.
 */
final class GuardRefuses {
    public static void main(String[] args) {
        Stage.play(args, Use.TRADE, GuardRefuses::run, BinanceSpot.VENUE);
    }

    static void run(Stage stage) {
        KillSwitch stop = KillSwitch.create();
        GuardPolicy policy = GuardPolicy.builder()
                .allow(Purpose.READ, Purpose.TRADE)
                .symbols("BTCUSDT")
                .maxOrderNotional(new BigDecimal("50000"))
                .killSwitch(stop)
                .build();
        Guard guard = policy.guard(stage.venue());
        try (VenueClient client = stage.client().guard(guard).build()) {
            refuse(stage, client, Stage.order("BTCUSDT", "10", "37500.10"));
            refuse(stage, client, Stage.order("DOGEUSDT", "100", "0.20"));
            refuse(stage, client, ApiRequest.post("/sapi/v1/capital/withdraw/apply"));
            stop.trip("the desk is closed for today");
            refuse(stage, client, Stage.order("BTCUSDT", "0.010", "37500.10"));
            if (stage.isSimulated()) {
                stage.proved(stage.simulation().received().isEmpty(), "0 requests arrived at the venue");
            }
        }
        stage.why(
                "A guard stands before the signer: what it refuses is never signed, so there is nothing that could leak or be sent"
                        + " by mistake. It never stops a cancel, so that it cannot trap a position.");
    }

    private static void refuse(Stage stage, VenueClient client, ApiRequest request) {
        try {
            client.send(request);
            throw new AssertionError("the guard let through what it should not: " + request);
        } catch (NotSentException e) {
            stage.refused(e);
        }
    }
}
