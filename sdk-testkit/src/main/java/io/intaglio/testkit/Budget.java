package io.intaglio.testkit;

import java.time.Duration;

/**
 * How many requests a simulated venue takes before it refuses. Measured on the venue's clock.
 *
 * <p>What the numbers mean follows the venue. Binance: request weight and orders in windows aligned to the clock, {@code patience} answers of 429
 * in one window, then a ban of {@code ban}, twice as long each time. Kraken: one counter a key for calls, another for orders, each full at the
 * capacity and drained evenly over the window. Coinbase: a bucket a key (one more for public calls) that refills evenly over the window. OKX:
 * aligned windows per key and path.
 *
 * @param requests capacity for requests, in the venue's weights
 * @param window time in which that capacity comes back
 * @param orders capacity for new orders (Kraken: new orders and cancellations)
 * @param orderWindow time in which that capacity comes back
 * @param patience refusals in one window before a venue that bans does so
 * @param ban length of the first ban
 */
public record Budget(int requests, Duration window, int orders, Duration orderWindow, int patience, Duration ban) {

    /** Checks the numbers. */
    public Budget {
        if (requests < 1 || orders < 1) {
            throw new IllegalArgumentException("capacities must be at least 1, were " + requests + " and " + orders);
        }
        if (patience < 0) {
            throw new IllegalArgumentException("patience must not be negative, was " + patience);
        }
        for (Duration each : new Duration[] {window, orderWindow, ban}) {
            if (each.isNegative() || each.toMillis() == 0) {
                throw new IllegalArgumentException("durations must be at least one millisecond, was " + each);
            }
        }
    }

    /** More than a test is likely to use: 1,000,000 a minute, 1,000,000 orders in ten seconds. */
    public static Budget generous() {
        return new Budget(
                1_000_000, Duration.ofMinutes(1), 1_000_000, Duration.ofSeconds(10), 10, Duration.ofMinutes(2));
    }

    /** With another capacity for requests. */
    public Budget withRequests(int capacity, Duration newWindow) {
        return new Budget(capacity, newWindow, orders, orderWindow, patience, ban);
    }

    /** With another capacity for orders. */
    public Budget withOrders(int capacity, Duration newWindow) {
        return new Budget(requests, window, capacity, newWindow, patience, ban);
    }

    /** With another rule for bans. */
    public Budget withBan(int newPatience, Duration first) {
        return new Budget(requests, window, orders, orderWindow, newPatience, first);
    }
}
