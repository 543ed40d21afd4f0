package io.intaglio.testkit;

import io.intaglio.signing.venue.Venue;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives every JUnit test a started venue of its own, as a parameter, and closes it afterwards. Works with tests that run in parallel.
 *
 * <pre>{@code
 * @RegisterExtension
 * static SimulatedVenueExtension sim = SimulatedVenueExtension.of(BinanceSpot.VENUE);
 *
 * @Test
 * void placesAnOrder(SimulatedVenue venue) { ... }
 * }</pre>
 *
 * A venue asked for in {@code @BeforeAll} or a constructor belongs to the class: its tests share it.
 */
public final class SimulatedVenueExtension
        implements BeforeEachCallback, AfterEachCallback, AfterAllCallback, ParameterResolver {
    private final Venue venue;
    private final UnaryOperator<SimulatedVenue.Builder> settings;
    private final ExtensionContext.Namespace namespace;

    private SimulatedVenueExtension(Venue venue, UnaryOperator<SimulatedVenue.Builder> settings) {
        this.venue = Objects.requireNonNull(venue, "venue");
        this.settings = Objects.requireNonNull(settings, "settings");
        this.namespace = ExtensionContext.Namespace.create(SimulatedVenueExtension.class, this);
    }

    /** A venue in real time with a generous budget. */
    public static SimulatedVenueExtension of(Venue venue) {
        return new SimulatedVenueExtension(venue, UnaryOperator.identity());
    }

    /** A venue with these settings, applied anew for every test. */
    public static SimulatedVenueExtension of(Venue venue, UnaryOperator<SimulatedVenue.Builder> settings) {
        return new SimulatedVenueExtension(venue, settings);
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        started(context);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        close(context);
    }

    @Override
    public void afterAll(ExtensionContext context) {
        close(context);
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == SimulatedVenue.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return started(context);
    }

    private SimulatedVenue started(ExtensionContext context) {
        return context.getStore(namespace)
                .getOrComputeIfAbsent(
                        SimulatedVenue.class,
                        key -> settings.apply(SimulatedVenue.of(venue)).start(),
                        SimulatedVenue.class);
    }

    /** Removes it from this context's own store only: a class's venue survives its tests. */
    private void close(ExtensionContext context) {
        SimulatedVenue venue = context.getStore(namespace).remove(SimulatedVenue.class, SimulatedVenue.class);
        if (venue != null) {
            venue.close();
        }
    }
}
