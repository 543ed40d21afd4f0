package io.intaglio.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.Moment;
import io.intaglio.signing.venue.BinanceSpot;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Venues in JVMs of their own, and what is left of them. */
class VenueThreadsTest {
    private static final long PATIENCE_SECONDS = 60;

    /** Leaves an open connection and an answer that is held back for an hour, and dies. */
    static final class DiesOnAnError {
        public static void main(String[] args) throws IOException {
            SimulatedVenue sim = SimulatedVenue.start(BinanceSpot.VENUE);
            SimulatedVenue.start(BinanceSpot.VENUE);
            sim.faults().next(Fault.slow(Duration.ofHours(1)));
            Client.of(sim)
                    .write(sim.venue()
                            .scheme()
                            .sign(ApiRequest.get("/api/v3/account"), sim.credential(), Moment.at(sim.now())));
            throw new AssertionError("planted");
        }
    }

    /** Returns from main while another thread goes on. */
    static final class WorksOn {
        public static void main(String[] args) {
            SimulatedVenue sim = SimulatedVenue.start(BinanceSpot.VENUE);
            Thread main = Thread.currentThread();
            new Thread(() -> work(sim, main)).start();
        }

        private static void work(SimulatedVenue sim, Thread main) {
            try {
                main.join();
                try (Client client = Client.of(sim)) {
                    client.writeRaw("GET /api/v3/time HTTP/1.1\r\nHost: x\r\n\r\n", new byte[0]);
                    System.out.println("answered " + client.read().status());
                }
            } catch (IOException | InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    @Test
    void jvm_whoseMainDies_endsThoughVenuesAreOpen() throws IOException, InterruptedException {
        Process jvm = jvm(DiesOnAnError.class);

        assertThat(output(jvm)).contains("planted");
        assertThat(jvm.exitValue()).isEqualTo(1);
    }

    @Test
    void venue_isOpenAsLongAsAnythingElseGoesOn() throws IOException, InterruptedException {
        Process jvm = jvm(WorksOn.class);

        assertThat(output(jvm)).contains("answered 200");
        assertThat(jvm.exitValue()).isZero();
    }

    @Test
    void close_withAnAnswerHeldBackAndCallerInterrupted_endsEveryThread() throws IOException, InterruptedException {
        try (Desk desk = Desk.at(BinanceSpot.VENUE)) {
            desk.sim().faults().next(Fault.slow(Duration.ofHours(1)));
            try (Client client = Client.of(desk.sim())) {
                client.write(desk.sign(Desk.binanceOrder("held-back")));
                while (desk.sim().orders().isEmpty()) {
                    Thread.onSpinWait();
                }
                List<Thread> threads = Thread.getAllStackTraces().keySet().stream()
                        .filter(thread -> thread.getName()
                                .contains("port=" + desk.sim().uri().getPort()))
                        .toList();
                assertThat(threads).as("the thread that accepts connections").hasSize(1);

                Thread.currentThread().interrupt();
                desk.sim().close();

                assertThat(Thread.interrupted())
                        .as("the caller stays interrupted")
                        .isTrue();
                for (Thread thread : threads) {
                    thread.join(Duration.ofSeconds(PATIENCE_SECONDS).toMillis());
                    assertThat(thread.isAlive()).isFalse();
                }
            }
        }
    }

    private static Process jvm(Class<?> main) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        main.getName())
                .redirectErrorStream(true)
                .start();
    }

    /** All it printed, once it has ended by itself. */
    private static String output(Process jvm) throws IOException, InterruptedException {
        try {
            assertThat(jvm.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS))
                    .as("ended by itself")
                    .isTrue();
            return new String(jvm.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } finally {
            jvm.destroyForcibly();
        }
    }
}
