package io.intaglio.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.intaglio.client.tls.Tls;
import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.Credential;
import io.intaglio.signing.venue.BinanceSpot;
import io.intaglio.testkit.Fault;
import io.intaglio.testkit.SimulatedVenue;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a recording holds of calls, with nobody else listening. */
class FlightRecorderTest {
    /** Each wait takes so long, whatever was asked for. */
    private static final Duration WAIT = Duration.ofMillis(20);

    @Test
    void recording_callThatIsThrottledOnce_holdsCallAttemptsAndWait(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("calls.jfr");
        try (SimulatedVenue sim = SimulatedVenue.start(BinanceSpot.VENUE);
                Credential key = sim.credential();
                VenueClient client = VenueClient.builder(sim.venue().withoutLimits())
                        .credential(key)
                        .tls(Tls.builder().trust(sim.trustAnchor()).build())
                        .budgets(Budgets.separate())
                        .sleeper(wait -> LockSupport.parkNanos(WAIT.toNanos()))
                        .build();
                Recording recording = new Recording()) {
            recording.start();
            sim.faults().next(Fault.throttled(Duration.ofMillis(10)));
            client.send(ApiRequest.get("/api/v3/account").query("omitZeroBalances", "true"));
            recording.stop();
            recording.dump(file);
            assertThat(all(file).toString()).doesNotContain(key.keyId(), "omitZeroBalances");
        }
        List<RecordedEvent> events = all(file);
        assertThat(events)
                .filteredOn(RecordedEvent::getEventType, type("Call", events))
                .singleElement()
                .satisfies(call -> {
                    assertThat(call.getString("venue")).isEqualTo("binance");
                    assertThat(call.getString("method")).isEqualTo("GET");
                    assertThat(call.getString("path")).isEqualTo("/api/v3/account");
                    assertThat(call.getString("purpose")).isEqualTo("READ");
                    assertThat(call.getString("end")).isEqualTo("ACCEPTED");
                    assertThat(call.getBoolean("uncertain")).isFalse();
                    assertThat(call.getInt("status")).isEqualTo(200);
                    assertThat(call.getInt("attempts")).isEqualTo(2);
                    assertThat(call.getDuration()).isGreaterThan(WAIT);
                });
        assertThat(events)
                .filteredOn(RecordedEvent::getEventType, type("Attempt", events))
                .extracting(e -> e.getInt("number"), e -> e.getString("end"), e -> e.getInt("status"))
                .containsExactly(tuple(1, "THROTTLED", 429), tuple(2, "ACCEPTED", 200));
        assertThat(events)
                .filteredOn(RecordedEvent::getEventType, type("Wait", events))
                .isNotEmpty()
                .allSatisfy(wait -> assertThat(wait.getDuration()).isGreaterThanOrEqualTo(Duration.ofMillis(1)))
                .anySatisfy(wait -> assertThat(wait.getString("reason")).isEqualTo("RETRY"));
    }

    /** Two calls and one connection, on which the venue takes its time: the second waited for it. */
    @Test
    void recording_callThatWaitsForAConnection_saysSo(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("calls.jfr");
        try (SimulatedVenue sim = SimulatedVenue.start(BinanceSpot.VENUE);
                Credential key = sim.credential();
                VenueClient client = VenueClient.builder(sim.venue().withoutLimits())
                        .credential(key)
                        .tls(Tls.builder().trust(sim.trustAnchor()).build())
                        .budgets(Budgets.separate())
                        .maxConnections(1)
                        .build();
                Recording recording = new Recording()) {
            sim.faults().next(Fault.slow(Duration.ofMillis(300)), Fault.slow(Duration.ofMillis(300)));
            recording.start();
            ApiRequest cancel = ApiRequest.delete("/api/v3/openOrders").query("symbol", "BTCUSDT");
            CompletableFuture<VenueResponse> one = client.sendAsync(cancel);
            CompletableFuture<VenueResponse> other = client.sendAsync(ApiRequest.post("/api/v3/order"));
            one.handle((answer, failure) -> answer).join();
            other.handle((answer, failure) -> answer).join();
            recording.stop();
            recording.dump(file);
        }
        List<RecordedEvent> events = all(file);
        assertThat(events)
                .filteredOn(RecordedEvent::getEventType, type("Wait", events))
                .filteredOn(wait -> wait.getString("reason").equals("CONNECTION"))
                .singleElement()
                .satisfies(wait -> assertThat(wait.getDuration()).isGreaterThan(Duration.ofMillis(100)));
    }

    private static Object type(String name, List<RecordedEvent> events) {
        return events.stream()
                .map(RecordedEvent::getEventType)
                .filter(type -> type.getName().equals("io.intaglio." + name))
                .findFirst()
                .orElseThrow();
    }

    private static List<RecordedEvent> all(Path file) throws Exception {
        return RecordingFile.readAllEvents(file).stream()
                .filter(event -> event.getEventType().getName().startsWith("io.intaglio."))
                .toList();
    }
}
