package io.intaglio.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.intaglio.client.event.Event;
import io.intaglio.client.metrics.ClientMetrics;
import io.intaglio.client.tls.Tls;
import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.Credential;
import io.intaglio.signing.time.VenueClock;
import io.intaglio.signing.venue.BinanceSpot;
import io.intaglio.testkit.Budget;
import io.intaglio.testkit.Fault;
import io.intaglio.testkit.SimulatedVenue;
import io.intaglio.testkit.VirtualClock;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MockClock;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a Micrometer registry gets of a client. */
class MetricsTest {
    private final VirtualClock time = VirtualClock.at(Instant.parse("2026-03-01T12:00:00Z"));
    private final SimulatedVenue sim = SimulatedVenue.of(BinanceSpot.VENUE)
            .clock(time)
            .budget(Budget.generous().withRequests(100, Duration.ofMinutes(1)))
            .start();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry(SimpleConfig.DEFAULT, new MockClock());
    private final ClientMetrics metrics = ClientMetrics.in(registry);

    @AfterEach
    void close() {
        registry.close();
        sim.close();
    }

    private VenueClient client(Credential credential) {
        VenueClient client = VenueClient.builder(sim.venue())
                .credential(credential)
                .tls(Tls.builder().trust(sim.trustAnchor()).build())
                .clock(VenueClock.of(time, time.ticker()))
                .sleeper(time::sleep)
                .budgets(Budgets.separate())
                .listener(metrics)
                .build();
        metrics.watch(client, "desk");
        return client;
    }

    private static ApiRequest read() {
        return ApiRequest.get("/api/v3/openOrders").query("symbol", "BTCUSDT");
    }

    private Timer request(String status, String error, String resends) {
        return registry.get("http.client.request.duration")
                .tags("http.request.method", "GET")
                .tags("server.address", sim.uri().getHost())
                .tags("server.port", Integer.toString(sim.uri().getPort()))
                .tags("http.response.status_code", status, "error.type", error, "http.request.resend_count", resends)
                .timer();
    }

    private double gauge(String name, String... tags) {
        return registry.get(name).tags("client", "desk").tags(tags).gauge().value();
    }

    @Test
    void send_repeatedRefusedAndLost_requestsAreTimedByOpenTelemetryNames() {
        try (Credential key = sim.credential();
                VenueClient client = client(key)) {
            client.send(read());
            sim.faults().next(Fault.throttled(Duration.ofSeconds(1)));
            client.send(read());
            sim.faults().next(Fault.acceptThenLoseAnswer());
            client.send(read());
            assertThatThrownBy(() -> client.send(ApiRequest.get("/api/v3/order").query("symbol", "BTCUSDT")))
                    .isInstanceOf(RejectedException.class);
        }
        assertThat(request("200", "none", "0").count()).isEqualTo(1);
        assertThat(request("429", "429", "0").count()).isEqualTo(1);
        assertThat(request("none", "unanswered", "0").count()).isEqualTo(1);
        assertThat(request("200", "none", "1").count()).isEqualTo(2);
        assertThat(request("400", "400", "0").count()).isEqualTo(1);
        assertThat(registry.get("intaglio.call.duration")
                        .tags("purpose", "read", "end", "accepted", "uncertain", "false")
                        .timer()
                        .count())
                .isEqualTo(3);
    }

    @Test
    void watch_gauges_tellWhatTheClientKnows() {
        try (Credential key = sim.credential();
                VenueClient client = client(key)) {
            assertThat(gauge("intaglio.certificate.expiry")).isNaN();
            assertThat(gauge("intaglio.budget.remaining", "limit", "request weight"))
                    .isEqualTo(100);
            assertThat(gauge("intaglio.clock.skew")).isZero();
            sim.skew(Duration.ofSeconds(10)); // refused once, so the clock is corrected
            client.send(read());
            assertThat(gauge("intaglio.clock.skew")).isCloseTo(10, within(0.6));
            assertThat(gauge("intaglio.clock.uncertainty")).isBetween(0.0, 0.6);
            assertThat(gauge("intaglio.budget.remaining", "limit", "request weight"))
                    .isBetween(80.0, 99.0);
            Instant end = client.tls().expiries().get(0).notAfter();
            assertThat(gauge("intaglio.certificate.expiry"))
                    .isCloseTo(Duration.between(sim.now(), end).toMinutes() / 1440.0, within(0.01));
            assertThat(gauge("intaglio.orders.unknown")).isZero();
        }
    }

    @Test
    void send_waitsForBudget_waitIsTimed() {
        try (Credential key = sim.credential();
                VenueClient client = client(key)) {
            for (int i = 0; i < 40; i++) {
                client.send(read().timeLimit(Duration.ofMinutes(5)));
            }
        }
        Timer waits = registry.get("intaglio.call.wait")
                .tag("venue", sim.venue().name())
                .timer();
        assertThat(waits.count()).isEqualTo(40);
        assertThat(waits.max(TimeUnit.SECONDS)).isBetween(20.0, 61.0);
    }

    @Test
    void on_alarm_isCounted() {
        metrics.on(new Event.Alarm("venue", Event.Suspicion.FOREIGN_NONCE, "why", time.instant()));
        assertThat(registry.get("intaglio.alarms")
                        .tags("venue", "venue", "suspicion", "foreign_nonce")
                        .counter()
                        .count())
                .isEqualTo(1);
    }

    /** Whatever is sent, the meters stay as few: no path, no id, no key in a tag. */
    @Test
    void send_manyDifferentCalls_metersStayFew() {
        try (Credential key = sim.credential();
                VenueClient client = client(key)) {
            client.send(read());
            Set<Meter.Id> before = ids();
            for (int i = 0; i < 20; i++) {
                client.send(ApiRequest.get("/api/v3/openOrders").query("symbol", "S" + i));
                time.advance(Duration.ofSeconds(10));
            }
            assertThat(ids()).isEqualTo(before);
            assertThat(before)
                    .flatExtracting(Meter.Id::getTags)
                    .extracting(Tag::getValue)
                    .noneMatch(value -> value.contains(key.keyId()) || value.contains("/"));
        }
    }

    private Set<Meter.Id> ids() {
        return registry.getMeters().stream().map(Meter::getId).collect(Collectors.toSet());
    }

    /** The class path of an application that has no Micrometer. */
    @Test
    void client_withoutMicrometer_works() throws Exception {
        List<URL> path = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            if (!entry.contains("micrometer")) {
                path.add(Path.of(entry).toUri().toURL());
            }
        }
        try (URLClassLoader alone =
                new URLClassLoader(path.toArray(new URL[0]), ClassLoader.getPlatformClassLoader())) {
            assertThatThrownBy(() -> alone.loadClass("io.micrometer.core.instrument.MeterRegistry"))
                    .isInstanceOf(ClassNotFoundException.class);
            Class<?> workload = alone.loadClass(OneCall.class.getName());
            assertThat(workload.getMethod("make").invoke(null)).isEqualTo("200 and 2 events");
        }
    }

    /** Loaded by a loader that knows no Micrometer. */
    public static final class OneCall {
        private OneCall() {}

        /** What came of it. */
        public static String make() {
            List<Event> events = new ArrayList<>();
            try (SimulatedVenue sim = SimulatedVenue.start(BinanceSpot.VENUE);
                    Credential key = sim.credential();
                    VenueClient client = VenueClient.builder(sim.venue())
                            .credential(key)
                            .tls(Tls.builder().trust(sim.trustAnchor()).build())
                            .listener(events::add)
                            .build()) {
                int status = client.send(ApiRequest.get("/api/v3/account")).status();
                long calls = events.stream()
                        .filter(event -> event instanceof Event.CallEnded || event instanceof Event.AttemptEnded)
                        .count();
                return status + " and " + calls + " events";
            }
        }
    }
}
