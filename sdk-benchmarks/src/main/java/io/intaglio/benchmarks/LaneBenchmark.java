package io.intaglio.benchmarks;

import io.intaglio.client.VenueClient;
import io.intaglio.client.tls.Tls;
import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.Credential;
import io.intaglio.signing.venue.KrakenSpot;
import io.intaglio.testkit.Fault;
import io.intaglio.testkit.SimulatedVenue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Calls of 64 threads to a venue that demands nonces in rising order and takes five milliseconds for each answer, with one, two and four keys.
 * Look at the time on the clock. A refused nonce ends the run.
 */
public class LaneBenchmark {
    static final int THREADS = 64;
    static final int CALLS = 4 * THREADS;

    private LaneBenchmark() {}

    /** Clients and the venue they call. */
    @State(Scope.Thread)
    public static class SixtyFourThreads {
        private final SimulatedVenue venue = SimulatedVenue.start(KrakenSpot.VENUE);
        private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        private final VenueClient one = client(1);
        private final VenueClient two = client(2);
        private final VenueClient four = client(4);
        private final Fault[] slow =
                Collections.nCopies(CALLS, Fault.slow(Duration.ofMillis(5))).toArray(Fault[]::new);

        private VenueClient client(int keys) {
            return VenueClient.builder(venue.venue())
                    .credentials(
                            Stream.generate(venue::newCredential).limit(keys).toArray(Credential[]::new))
                    .tls(Tls.builder().trust(venue.trustAnchor()).build())
                    .build();
        }

        /** One lane. */
        @Benchmark
        @OperationsPerInvocation(CALLS)
        public void oneKey() throws InterruptedException, ExecutionException {
            calls(one);
        }

        /** Two lanes. */
        @Benchmark
        @OperationsPerInvocation(CALLS)
        public void twoKeys() throws InterruptedException, ExecutionException {
            calls(two);
        }

        /** Four lanes. */
        @Benchmark
        @OperationsPerInvocation(CALLS)
        public void fourKeys() throws InterruptedException, ExecutionException {
            calls(four);
        }

        private void calls(VenueClient client) throws InterruptedException, ExecutionException {
            venue.faults().next(slow);
            List<Future<Integer>> all = new ArrayList<>();
            for (int i = 0; i < CALLS; i++) {
                all.add(threads.submit(
                        () -> client.send(ApiRequest.post("/0/private/Balance")).attempts()));
            }
            for (Future<Integer> call : all) {
                if (call.get() != 1) {
                    throw new IllegalStateException("a nonce was refused");
                }
            }
        }

        /** Ends clients, threads and venue. */
        @TearDown
        public void close() {
            one.close();
            two.close();
            four.close();
            threads.shutdownNow();
            venue.close();
        }
    }
}
