package io.intaglio.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.intaglio.client.tls.Tls;
import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.Credential;
import io.intaglio.signing.time.NonceSource;
import io.intaglio.signing.time.VenueClock;
import io.intaglio.signing.venue.BinanceSpot;
import io.intaglio.signing.venue.KrakenSpot;
import io.intaglio.signing.venue.Venue;
import io.intaglio.testkit.Fault;
import io.intaglio.testkit.SimulatedVenue;
import io.intaglio.testkit.VirtualClock;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;

/**
 * Orders through faults, by seed: requests dropped, reset, executed and not answered, answers cut in the middle or later than the client waits, orders that arrive late or twice, refusals, ends of the process
 * in the middle of a call. A checker that looks only at what the client said and what the venue has finds no order placed twice, none called done
 * that the venue lacks, none called not executed that it has, and none left uncertain.
 *
 * <p>12 histories of 50 orders; with {@code -Pslow} 1,000 of 200; {@code -Dintaglio.histories=250
 * -Dintaglio.histories.from=500} runs a part of them.
 */
@Tag("long")
class HistoriesTest {
    private static final boolean SLOW = Boolean.getBoolean("intaglio.slow");
    private static final Duration LONGEST_LATENESS = Duration.ofSeconds(9);
    private static final Duration CLIENT_WAITS = Duration.ofMillis(150);
    private static final Duration SLOWER_THAN_THE_CLIENT_WAITS = Duration.ofMillis(200);
    private static final Duration LONGEST_DOUBT = Duration.ofSeconds(30);

    /** The end of the process: passes every catch of the client. */
    private static final class Killed extends Error {
        private static final long serialVersionUID = 1L;

        Killed() {
            super("killed");
        }
    }

    /** What the client said in the end. */
    private enum Said {
        DONE,
        NOT_EXECUTED
    }

    @TempDir
    Path folder;

    @Test
    void send_ordersThroughFaults_everyOutcomeIsTrue(TestReporter reporter) throws Exception {
        int first = Integer.getInteger("intaglio.histories.from", 0);
        int histories = Integer.getInteger("intaglio.histories", SLOW ? 1000 : 8);
        int orders = SLOW ? 200 : 50;
        Tally tally = new Tally();
        for (int seed = first; seed < first + histories; seed++) {
            Venue venue = seed % 2 == 0 ? BinanceSpot.VENUE : KrakenSpot.VENUE;
            try (History history = new History(venue, seed, folder.resolve("journal-" + seed), tally)) {
                history.run(orders);
            }
        }
        reporter.publishEntry(tally.toString());
        assertThat(tally.found).as("orders found by asking").isPositive();
        assertThat(tally.absent).as("orders proved absent").isPositive();
        assertThat(tally.kills).as("kills").isPositive();
        assertThat(tally.late).as("orders that arrived late").isPositive();
    }

    /** The checker sees a client that sends again what it has not heard of: the check above can fail. */
    @Test
    void check_orderSentAgainBlindly_isSeen() throws Exception {
        try (History history = new History(BinanceSpot.VENUE, 7, folder.resolve("journal"), new Tally())) {
            ApiRequest order = history.order(1).clientOrderId("twice");
            assertThat(history.client.send(order).status()).isEqualTo(200);
            assertThat(history.client.send(order).status()).isEqualTo(200);
            assertThat(history.wrong("twice", Said.DONE)).contains("placed 2 times");
            assertThat(history.wrong("never", Said.DONE)).contains("placed 0 times");
            assertThat(history.wrong("twice", Said.NOT_EXECUTED)).contains("placed 2 times");
        }
    }

    private static final class Tally {
        private int calls;
        private int found;
        private int absent;
        private int kills;
        private int late;
        private Duration longest = Duration.ZERO;

        @Override
        public String toString() {
            return calls + " orders: " + found + " found by asking, " + absent + " proved absent, " + kills + " kills, "
                    + late + " that arrived late; longest doubt " + longest.toMillis() + " ms";
        }
    }

    private static final class History implements AutoCloseable {
        private final VirtualClock time = VirtualClock.at(Instant.parse("2026-03-01T12:00:00Z"));
        private final SplittableRandom random;
        private final Venue venue;
        private final SimulatedVenue sim;
        private final Path file;
        private final Tally tally;
        private final Credential credential;
        private final NonceSource nonces;
        private final Map<String, Said> said = new HashMap<>();
        private OrderJournal journal;
        private VenueClient client;
        private boolean killAtNextWait;

        History(Venue venue, int seed, Path file, Tally tally) {
            this.random = new SplittableRandom(seed);
            this.venue = venue;
            this.file = file;
            this.tally = tally;
            this.sim = SimulatedVenue.of(venue)
                    .clock(time)
                    .visibilityDelay(Duration.ofMillis(random.nextInt(900)))
                    .start();
            this.credential = sim.credential();
            this.nonces = venue.nonceRule().newSource();
            this.journal = OrderJournal.open(file, OrderJournal.Durability.PROCESS);
            this.client = newClient();
        }

        private VenueClient newClient() {
            return VenueClient.builder(sim.venue())
                    .credential(credential)
                    .nonces(nonces)
                    .tls(Tls.builder().trust(sim.trustAnchor()).build())
                    .clock(VenueClock.of(time, time.ticker()))
                    .sleeper(this::sleep)
                    .journal(journal)
                    .budgets(Budgets.separate())
                    .timeLimit(LONGEST_DOUBT)
                    .responseTimeout(CLIENT_WAITS)
                    .build();
        }

        private void sleep(Duration duration) {
            if (killAtNextWait) {
                killAtNextWait = false;
                throw new Killed();
            }
            time.sleep(duration);
        }

        ApiRequest order(int number) {
            BigDecimal amount = new BigDecimal("0.010");
            return venue == BinanceSpot.VENUE
                    ? ApiRequest.post("/api/v3/order")
                            .form("symbol", "BTCUSDT")
                            .form("side", "BUY")
                            .form("type", "MARKET")
                            .form("quantity", amount)
                    : ApiRequest.post("/0/private/AddOrder")
                            .form("ordertype", "market")
                            .form("type", "buy")
                            .form("pair", "XBTUSD")
                            .form("volume", amount);
        }

        void run(int orders) {
            for (int i = 0; i < orders; i++) {
                time.advance(Duration.ofMillis(random.nextInt(2000)));
                plan();
                place(order(i).clientOrderId("h-" + i));
                sim.faults().clear();
                killAtNextWait = false;
            }
            time.advance(LONGEST_LATENESS); // the last order arrives too
            said.forEach((id, what) -> assertThat(wrong(id, what)).isEmpty());
        }

        private void plan() {
            if (random.nextInt(6) == 0) {
                sim.faults()
                        .next(Fault.acceptLate(Duration.ofMillis(random.nextInt((int) LONGEST_LATENESS.toMillis()))));
                tally.late++;
            }
            int faults = random.nextInt(10) < 5 ? 0 : 1 + random.nextInt(3);
            for (int i = 0; i < faults; i++) {
                sim.faults().next(fault());
            }
            killAtNextWait = random.nextInt(8) == 0;
        }

        private Fault fault() {
            return switch (random.nextInt(12)) {
                // Binance executes the same bytes twice once the first order is filled: a client cannot keep it from
                // that
                case 1 -> venue == KrakenSpot.VENUE ? Fault.duplicated() : Fault.closeAfterReading();
                case 0 -> Fault.closeAfterReading();
                case 2 -> Fault.resetBeforeReading();
                case 3 -> Fault.resetAfterReading();
                case 4, 5 -> Fault.acceptThenLoseAnswer();
                case 6 -> Fault.acceptThenReset();
                case 7 -> Fault.acceptThenHalfClose();
                case 8 -> Fault.acceptThenResetInBody();
                case 9 -> Fault.slow(SLOWER_THAN_THE_CLIENT_WAITS);
                case 10 -> random.nextBoolean() ? Fault.acceptThenUnavailable() : Fault.unavailable();
                default -> Fault.throttled(Duration.ofSeconds(1 + random.nextInt(3)));
            };
        }

        private void place(ApiRequest order) {
            String id = order.clientOrderId().orElseThrow();
            tally.calls++;
            Instant begun = time.instant();
            try {
                VenueResponse response = client.send(order);
                tally.found += response.isReconciled() ? 1 : 0;
                said.put(id, Said.DONE);
            } catch (Killed e) {
                tally.kills++;
                restart();
                resolve(id);
            } catch (VenueException e) {
                if (e.effect() == VenueException.Effect.NONE) {
                    tally.absent +=
                            e instanceof NotSentException n && n.reason() == NotSentException.Reason.ABSENT ? 1 : 0;
                    said.put(id, Said.NOT_EXECUTED);
                } else {
                    begun = time.instant();
                    resolve(id);
                }
            }
            Duration took = Duration.between(begun, time.instant());
            tally.longest = took.compareTo(tally.longest) > 0 ? took : tally.longest;
            assertThat(took).as("in doubt about " + id).isLessThanOrEqualTo(LONGEST_DOUBT);
            assertThat(client.pending()).isEmpty();
        }

        private void restart() {
            client.close();
            journal.close();
            journal = OrderJournal.open(file, OrderJournal.Durability.PROCESS);
            client = newClient();
        }

        private void resolve(String id) {
            List<PendingOrder> pending = client.pending();
            if (pending.isEmpty()) {
                said.put(id, Said.NOT_EXECUTED); // it had not come to the journal, so it was not sent
                return;
            }
            assertThat(pending)
                    .singleElement()
                    .satisfies(order -> assertThat(order.clientOrderId()).isEqualTo(id));
            OrderOutcome outcome = client.reconcile(pending.get(0));
            said.put(
                    id,
                    switch (outcome.state()) {
                        case PRESENT -> {
                            tally.found++;
                            yield Said.DONE;
                        }
                        case ABSENT -> {
                            tally.absent++;
                            yield Said.NOT_EXECUTED;
                        }
                        case UNKNOWN -> throw new AssertionError("still in doubt: " + outcome);
                    });
        }

        /** What is wrong with what the client said of an order; empty when nothing is. */
        String wrong(String id, Said what) {
            long placed = sim.acceptedOrders(id);
            boolean right = placed == (what == Said.DONE ? 1 : 0);
            return right ? "" : "order " + id + " is said to be " + what + " and was placed " + placed + " times";
        }

        @Override
        public void close() {
            client.close();
            journal.close();
            sim.close();
            credential.close();
        }
    }
}
