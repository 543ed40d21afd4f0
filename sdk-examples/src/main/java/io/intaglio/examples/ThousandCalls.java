package io.intaglio.examples;

import io.intaglio.client.VenueClient;
import io.intaglio.client.VenueResponse;
import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.venue.BinanceSpot;
import io.intaglio.testkit.SimulatedVenue;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * 1,000 calls at once over 16 connections: on virtual threads from Java 21 on, on a pool before.
 *
 * <p>Run it with {@code ./example thousand-calls}.
 */
final class ThousandCalls {
    public static void main(String[] args) {
        Stage.playSimulated(args, ThousandCalls::run, SimulatedVenue.of(BinanceSpot.VENUE));
    }

    static void run(Stage stage) {
        int java = Runtime.version().feature();
        stage.show(
                "Java " + java, java >= 21 ? "a virtual thread a call" : "a pool; virtual threads come with Java 21");
        Set<Thread> threads = ConcurrentHashMap.newKeySet();
        VenueClient.Builder settings = stage.client()
                .maxConnections(16)
                .connectTimeout(Duration.ofSeconds(20)) // this machine plays both sides
                .timeLimit(Duration.ofMinutes(1))
                .listener(event -> threads.add(Thread.currentThread()));
        try (VenueClient client = settings.build()) {
            client.warmUp(12); // shakes hands first
            long start = System.nanoTime();
            Supplier<CompletableFuture<VenueResponse>> call = () -> client.sendAsync(ApiRequest.get("/api/v3/account"));
            List<CompletableFuture<VenueResponse>> calls =
                    Stream.generate(call).limit(1000).toList();
            calls.forEach(CompletableFuture::join); // throws if one failed
            stage.show("took", (System.nanoTime() - start) / 1_000_000 + " ms, on " + threads.size() + " threads");
            stage.proved(stage.simulation().received().size() == 1000, "1000 of 1000 calls answered");
        }
        stage.proved(
                stage.simulation().handshakes() <= 12,
                "over 12 connections at most: calls that read leave a quarter of the 16 to orders");
        stage.why(
                "One client serves all threads, virtual ones too: it holds the connections, the clock and the limits.");
    }
}
