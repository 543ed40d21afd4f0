package io.intaglio.client;

import io.intaglio.client.event.Event;
import io.intaglio.client.tls.Tls;
import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.Credential;
import io.intaglio.signing.venue.BinanceSpot;
import io.intaglio.testkit.Fault;
import io.intaglio.testkit.SimulatedVenue;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.MDC;

/** Calls in a JVM of its own, whose log is its standard output. */
final class LogWorkload {
    private LogWorkload() {}

    /** Prints between the calls what the threads have left of an id. */
    public static void main(String[] arguments) throws Exception {
        ExecutorService executor = Executors.newSingleThreadExecutor();
        try (SimulatedVenue sim = SimulatedVenue.start(BinanceSpot.VENUE);
                Credential key = sim.credential();
                VenueClient client = VenueClient.builder(sim.venue())
                        .credential(key)
                        .tls(Tls.builder().trust(sim.trustAnchor()).build())
                        .executor(executor)
                        .listener(LogWorkload::fail)
                        .retry(RetryPolicy.none())
                        .build()) {
            System.out.println("KEY " + key.keyId());
            client.send(ApiRequest.get("/api/v3/account"));
            System.out.println("LEFT " + MDC.get("intaglio.call"));
            client.sendAsync(ApiRequest.get("/api/v3/openOrders").query("symbol", "BTCUSDT"))
                    .get();
            System.out.println(
                    "LEFT " + executor.submit(() -> MDC.get("intaglio.call")).get());
            Fault[] outage = new Fault[20];
            Arrays.fill(outage, Fault.closeAfterReading());
            sim.faults().next(path -> path.equals("/api/v3/order"), outage);
            try {
                client.send(order());
            } catch (VenueException e) {
                System.out.println("EFFECT " + e.effect());
            }
            System.out.println("LEFT " + MDC.get("intaglio.call"));
        } finally {
            executor.shutdownNow();
        }
    }

    private static ApiRequest order() {
        return ApiRequest.post("/api/v3/order")
                .form("symbol", "BTCUSDT")
                .form("side", "BUY")
                .form("type", "MARKET")
                .form("quantity", new BigDecimal("0.010"))
                .form("newClientOrderId", "a\nLOG WARN forged")
                .timeLimit(Duration.ofMillis(900));
    }

    /** Once, so that a line of another class is written during a call. */
    private static void fail(Event event) {
        if (event instanceof Event.CallEnded call && call.path().equals("/api/v3/openOrders")) {
            throw new IllegalStateException("a listener's own fault");
        }
    }
}
