package io.intaglio.examples;

import io.intaglio.client.VenueClient;
import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.venue.BinanceSpot;
import io.intaglio.testkit.SimulatedVenue;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * A picture of latency: signed calls for some seconds, drawn as percentiles over time and a histogram.
 *
 * <p>Run it with {@code ./example latency [SECONDS [THREADS [FILE]]]}: 3 seconds, 4 threads, latency.html in the folder for temporary files.
 */
final class Latency {
    public static void main(String[] args) {
        int seconds = Stage.number(args, 0, 3, 120);
        int threads = Stage.number(args, 1, 4, 64);
        Path file = args.length > 2
                ? Path.of(args[2]).toAbsolutePath()
                : Path.of(System.getProperty("java.io.tmpdir"), "latency.html");
        Stage.playSimulated(
                new String[0], stage -> run(stage, seconds, threads, file), SimulatedVenue.of(BinanceSpot.VENUE));
    }

    static void run(Stage stage, int seconds, int threads, Path file) throws Exception {
        LatencyPage page = new LatencyPage(seconds, threads);
        ExecutorService load = Executors.newFixedThreadPool(threads);
        try (VenueClient client = stage.client().build()) {
            client.warmUp(threads);
            long start = System.nanoTime();
            long end = start + seconds * 1_000_000_000L;
            List<Future<?>> workers = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                workers.add(load.submit(() -> {
                    for (long now = System.nanoTime(); now < end; now = System.nanoTime()) {
                        client.send(ApiRequest.get("/api/v3/account"));
                        page.add(now - start, System.nanoTime() - now);
                    }
                }));
            }
            for (Future<?> worker : workers) {
                worker.get(); // throws if a call failed
            }
        } finally {
            load.shutdownNow();
        }
        Files.writeString(file, page.html());
        stage.show("calls", page.summary());
        stage.proved(page.calls() > 0, "every call was answered");
        stage.show("drawn in", file);
    }
}
