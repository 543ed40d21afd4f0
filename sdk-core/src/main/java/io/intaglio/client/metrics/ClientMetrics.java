package io.intaglio.client.metrics;

import io.intaglio.client.Budget.Standing;
import io.intaglio.client.VenueClient;
import io.intaglio.client.event.Event;
import io.intaglio.client.event.Event.Alarm;
import io.intaglio.client.event.Event.AttemptEnded;
import io.intaglio.client.event.Event.CallEnded;
import io.intaglio.client.event.Event.End;
import io.intaglio.client.event.Listener;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter.MeterProvider;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Comparator;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/**
 * Keeps a client's numbers in a Micrometer registry. Thread-safe.
 *
 * <pre>{@code
 * ClientMetrics metrics = ClientMetrics.in(registry);
 * VenueClient client = VenueClient.builder(venue).credential(key).listener(metrics).build();
 * metrics.watch(client, "desk");
 * }</pre>
 *
 * <p>Requests over the network are timed as {@code http.client.request.duration}, with the attributes that OpenTelemetry's semantic conventions give
 * it, {@code none} where one is absent, and {@code http.request.resend_count}. Tags are of few values: no path, id or key is among them. The other
 * meters are listed in {@code docs/monitoring.md}. As the listener of {@link io.intaglio.client.event.Detectors} it counts alarms.
 */
public final class ClientMetrics implements Listener {
    private static final String NONE = "none";

    /** Those that OpenTelemetry knows; others are {@code _OTHER}. */
    private static final Set<String> METHODS =
            Set.of("CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "TRACE");

    private final MeterRegistry registry;
    private final MeterProvider<Timer> requests;
    private final MeterProvider<Timer> calls;
    private final MeterProvider<Timer> waits;
    private final MeterProvider<Counter> alarms;

    private ClientMetrics(MeterRegistry registry) {
        this.registry = registry;
        this.requests = Timer.builder("http.client.request.duration")
                .description("From handing a request to the transport until its answer was read")
                .withRegistry(registry);
        this.calls = Timer.builder("intaglio.call.duration")
                .description("A call from beginning to end, waits and repeated attempts included")
                .withRegistry(registry);
        this.waits = Timer.builder("intaglio.call.wait")
                .description("How much of a call was waiting for the venue's limits")
                .withRegistry(registry);
        this.alarms = Counter.builder("intaglio.alarms")
                .description("What the detectors found")
                .withRegistry(registry);
    }

    /** Numbers for this registry. */
    @SuppressWarnings("exports") // whoever has a registry has its module
    public static ClientMetrics in(MeterRegistry registry) {
        return new ClientMetrics(Objects.requireNonNull(registry, "registry"));
    }

    @Override
    public void on(Event event) {
        if (event instanceof AttemptEnded attempt) {
            requests.withTags(tags(attempt)).record(attempt.took());
        } else if (event instanceof CallEnded call) {
            Tags tags = Tags.of(
                    "venue",
                    call.venue(),
                    "purpose",
                    name(call.purpose()),
                    "end",
                    name(call.end()),
                    "uncertain",
                    Boolean.toString(call.isUncertain()));
            calls.withTags(tags).record(call.took());
            waits.withTags(Tags.of("venue", call.venue())).record(call.waited());
        } else if (event instanceof Alarm alarm) {
            alarms.withTags(Tags.of("venue", alarm.venue(), "suspicion", name(alarm.suspicion())))
                    .increment();
        }
    }

    private static Tags tags(AttemptEnded attempt) {
        String status = attempt.status() == 0 ? NONE : Integer.toString(attempt.status());
        String error = attempt.end() == End.ACCEPTED ? NONE : attempt.status() >= 400 ? status : name(attempt.end());
        return Tags.of(
                "http.request.method",
                METHODS.contains(attempt.method()) ? attempt.method() : "_OTHER",
                "server.address",
                attempt.server(),
                "server.port",
                Integer.toString(attempt.port()),
                "http.response.status_code",
                status,
                "error.type",
                error,
                "http.request.resend_count",
                Integer.toString(attempt.number() - 1));
    }

    private static String name(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    /**
     * Gauges of this client: its clock, what is left of the venue's limits, the certificate that expires first, orders of unknown outcome. They do not keep the
     * client alive.
     *
     * @param name of the client among the program's; the tag {@code client}
     */
    public void watch(VenueClient client, String name) {
        Tags tags = Tags.of("venue", client.venue().name(), "client", name);
        gauge(
                "intaglio.clock.skew",
                "seconds",
                "Venue minus host",
                client,
                tags,
                c -> seconds(c.clock().hostSkew()));
        gauge(
                "intaglio.clock.uncertainty",
                "seconds",
                "How far off the venue's time can be, either way",
                client,
                tags,
                c -> seconds(c.clock().bound()));
        gauge(
                "intaglio.orders.unknown",
                "orders",
                "In the journal, without a known outcome",
                client,
                tags,
                c -> c.pending().size());
        gauge(
                "intaglio.certificate.expiry",
                "days",
                "Until the certificate that ends first",
                client,
                tags,
                c -> daysLeft(c));
        for (Standing standing : client.budget().standings()) {
            String limit = standing.limit();
            gauge(
                    "intaglio.budget.remaining",
                    "units",
                    "Left of a limit",
                    client,
                    tags.and("limit", limit),
                    c -> remaining(c, limit));
        }
    }

    private void gauge(
            String name, String unit, String what, VenueClient client, Tags tags, ToDoubleFunction<VenueClient> value) {
        Gauge unused = Gauge.builder(name, client, value)
                .baseUnit(unit)
                .description(what)
                .tags(tags)
                .register(registry);
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }

    /** NaN when none is known, as before the first connection. */
    private static double daysLeft(VenueClient client) {
        return client.tls().expiries().stream()
                .min(Comparator.comparing(expiry -> expiry.notAfter()))
                .map(expiry -> seconds(Duration.between(client.clock().now(), expiry.notAfter())) / 86_400)
                .orElse(Double.NaN);
    }

    private static double remaining(VenueClient client, String limit) {
        return client.budget().standings().stream()
                .filter(standing -> standing.limit().equals(limit))
                .findFirst()
                .map(standing -> (double) standing.remaining())
                .orElse(Double.NaN);
    }
}
