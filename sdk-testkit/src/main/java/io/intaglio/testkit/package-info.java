/**
 * A venue to test against: it listens on 127.0.0.1 with real TLS, checks signatures with code of its own, keeps orders and limits, and breaks
 * when it is told to.
 *
 * <pre>{@code
 * try (SimulatedVenue sim = SimulatedVenue.start(BinanceSpot.VENUE)) {
 *     sim.faults().next(Fault.acceptThenLoseAnswer());
 *     // talk to sim.venue() with sim.credential(), trusting sim.trustStore()
 *     assertThat(sim.acceptedOrders("desk-7-000042")).isEqualTo(1);
 * }
 * }</pre>
 *
 * In a JUnit test {@link io.intaglio.testkit.SimulatedVenueExtension} starts and closes it.
 */
@NullMarked
package io.intaglio.testkit;

import org.jspecify.annotations.NullMarked;
