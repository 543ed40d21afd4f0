package io.intaglio.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.intaglio.client.event.Detectors;
import io.intaglio.client.event.Event;
import io.intaglio.client.event.Event.Alarm;
import io.intaglio.client.event.Event.AttemptEnded;
import io.intaglio.client.event.Event.BudgetMoved;
import io.intaglio.client.event.Event.End;
import io.intaglio.client.event.Event.Suspicion;
import io.intaglio.client.event.Listener;
import io.intaglio.client.guard.GuardPolicy;
import io.intaglio.client.guard.KillSwitch;
import io.intaglio.client.tls.Tls;
import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.Credential;
import io.intaglio.signing.time.VenueClock;
import io.intaglio.signing.venue.BinanceSpot;
import io.intaglio.signing.venue.Limit;
import io.intaglio.signing.venue.Meaning;
import io.intaglio.signing.venue.Purpose;
import io.intaglio.testkit.Budget;
import io.intaglio.testkit.SimulatedVenue;
import io.intaglio.testkit.VirtualClock;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is taken for a stolen key or a program gone wrong, and what is not. The budget's side of it is in {@code ThiefTest}. */
class DetectorsTest {
    private static final Instant START = Instant.parse("2026-03-02T00:00:00Z");

    private final List<Event> alarms = new CopyOnWriteArrayList<>();
    private final KillSwitch stop = KillSwitch.create();
    private final Detectors detectors = Detectors.telling(alarms::add).tripping(stop);

    private static AttemptEnded attempt(Purpose purpose, End end, int status, @Nullable Meaning meaning, Instant at) {
        return new AttemptEnded(
                "venue",
                "POST",
                "venue.example",
                443,
                purpose,
                true,
                1,
                end,
                status,
                meaning,
                Duration.ofMillis(20),
                at);
    }

    private static AttemptEnded accepted(Instant at) {
        return attempt(Purpose.READ, End.ACCEPTED, 200, null, at);
    }

    private static AttemptEnded refused(Meaning meaning, Instant at) {
        return attempt(Purpose.READ, End.REJECTED, 400, meaning, at);
    }

    private static Instant at(long seconds) {
        return START.plusSeconds(seconds);
    }

    private Stream<Suspicion> suspicions() {
        return alarms.stream().map(event -> ((Alarm) event).suspicion());
    }

    @Test
    void on_fiveRefusalsOfTheKeyWithinAMinute_alarmAndTrip() {
        for (int i = 0; i < 4; i++) {
            detectors.on(refused(Meaning.BAD_KEY, at(i * 14)));
        }
        assertThat(alarms).isEmpty();
        detectors.on(refused(Meaning.BAD_KEY, at(4 * 14)));
        assertThat(suspicions()).containsExactly(Suspicion.AUTH_FAILURES);
        assertThat(stop.tripped()).hasValueSatisfying(why -> assertThat(why).startsWith("venue: 5 calls"));
    }

    @Test
    void on_refusalsOfTheKeyAQuarterOfAMinuteApart_noAlarm() {
        for (int i = 0; i < 100; i++) {
            detectors.on(attempt(Purpose.READ, End.REJECTED, 401, null, at(i * 15)));
        }
        assertThat(alarms).isEmpty();
    }

    @Test
    void on_otherRefusals_noAlarm() {
        detectors.on(accepted(at(0)));
        for (int i = 0; i < 100; i++) {
            detectors.on(refused(Meaning.DUPLICATE, at(i)));
            detectors.on(attempt(Purpose.READ, End.NOT_SENT, 0, null, at(i)));
        }
        assertThat(alarms).isEmpty();
    }

    @Test
    void on_threeSignaturesRefusedAfterSuccess_alarm() {
        detectors.on(accepted(at(0)));
        detectors.on(refused(Meaning.BAD_SIGNATURE, at(100)));
        detectors.on(refused(Meaning.BAD_SIGNATURE, at(200)));
        detectors.on(accepted(at(250)));
        detectors.on(refused(Meaning.BAD_SIGNATURE, at(300)));
        detectors.on(refused(Meaning.BAD_SIGNATURE, at(400)));
        assertThat(alarms).isEmpty();
        detectors.on(refused(Meaning.BAD_SIGNATURE, at(500)));
        assertThat(suspicions()).containsExactly(Suspicion.REFUSED_AFTER_SUCCESS);
    }

    @Test
    void on_signaturesThatWereNeverTaken_noAlarmOfThem() {
        for (int i = 0; i < 10; i++) {
            detectors.on(refused(Meaning.BAD_SIGNATURE, at(i * 100)));
        }
        assertThat(alarms).isEmpty();
    }

    @Test
    void on_threeNoncesRefusedOnceOneWasTaken_alarm() {
        for (int i = 0; i < 3; i++) {
            detectors.on(refused(Meaning.BAD_NONCE, at(i)));
        }
        detectors.on(accepted(at(10)));
        detectors.on(refused(Meaning.BAD_NONCE, at(100)));
        detectors.on(refused(Meaning.BAD_NONCE, at(200)));
        assertThat(alarms).isEmpty();
        detectors.on(refused(Meaning.BAD_NONCE, at(699)));
        assertThat(suspicions()).containsExactly(Suspicion.FOREIGN_NONCE);
    }

    @Test
    void on_budgetOfOthers_alarmAtTheShare() {
        Detectors tolerant = Detectors.telling(alarms::add).toleratingOthers(0.5);
        tolerant.on(moved(Limit.Scope.IP, 100));
        tolerant.on(moved(Limit.Scope.KEY, 49));
        assertThat(alarms).isEmpty();
        tolerant.on(moved(Limit.Scope.ACCOUNT, 50));
        assertThat(suspicions()).containsExactly(Suspicion.FOREIGN_BUDGET);
    }

    private static BudgetMoved moved(Limit.Scope scope, long units) {
        return new BudgetMoved("venue", "orders", scope, units, 100, Duration.ofSeconds(10), START);
    }

    @Test
    void on_sameAgainWithinTheHour_oneAlarm() {
        for (int i = 0; i < 3600; i++) {
            detectors.on(refused(Meaning.BAD_KEY, at(i)));
        }
        assertThat(alarms).hasSize(1);
        detectors.on(refused(Meaning.BAD_KEY, at(3604)));
        assertThat(alarms).hasSize(2);
    }

    @Test
    void toleratingOthers_noShare_refused() {
        assertThatThrownBy(() -> detectors.toleratingOthers(1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> detectors.toleratingOthers(Double.NaN)).isInstanceOf(IllegalArgumentException.class);
    }

    /**
     * Days of a desk that trades from 6 to 20 h UTC: thousands of calls with a daily pattern and twofold noise, now and then a refusal, a lone order at
     * night, an hour of summer time.
     */
    private void days(Listener told, int from, int until, Runnable nightly) {
        for (int day = from; day < until; day++) {
            SplittableRandom noise = new SplittableRandom(day);
            for (int hour = 0; hour < 24; hour++) {
                Instant begins = START.plus(Duration.ofDays(day)).plus(Duration.ofHours(hour));
                int local = day < 50 ? hour : hour + 1;
                boolean isDay = local >= 6 && local < 20;
                int calls = (int) ((isDay ? 100 : 5) * (0.5 + noise.nextDouble()));
                for (int i = 0; i < calls; i++) {
                    Instant at = begins.plusSeconds(i * 3600L / calls);
                    Purpose purpose = isDay && noise.nextInt(3) == 0 ? Purpose.TRADE : Purpose.READ;
                    int kind = noise.nextInt(3000);
                    told.on(
                            switch (kind) {
                                case 0, 1, 2, 3, 4, 5 -> attempt(purpose, End.REJECTED, 401, null, at);
                                case 6, 7, 8, 9 -> refused(Meaning.BAD_SIGNATURE, at);
                                case 10 -> refused(Meaning.BAD_NONCE, at);
                                default -> attempt(purpose, End.ACCEPTED, 200, null, at);
                            });
                }
                if (!isDay && noise.nextInt(30) == 0) {
                    told.on(attempt(Purpose.TRADE, End.ACCEPTED, 200, null, begins));
                }
            }
            nightly.run();
        }
    }

    @Test
    void on_hundredCleanDays_noAlarm() {
        days(detectors, 0, 100, () -> {});
        assertThat(alarms).isEmpty();
        assertThat(stop.tripped()).isEmpty();
    }

    /** Without the lone orders at night, which make those hours usual. */
    private void office(Listener told, int from, int until) {
        for (int day = from; day < until; day++) {
            for (int second = 9 * 3600; second < 17 * 3600; second += 60) {
                told.on(attempt(Purpose.TRADE, End.ACCEPTED, 200, null, at(day * 86_400L + second)));
            }
        }
    }

    @Test
    void on_withdrawalsAtNight_alarmOnceTheDayIsLearnt() {
        office(detectors, 0, 13);
        night(detectors, 13);
        assertThat(alarms).isEmpty();
        Detectors learnt = Detectors.telling(alarms::add);
        office(learnt, 0, 14);
        night(learnt, 14);
        assertThat(suspicions()).containsExactly(Suspicion.UNUSUAL_HOUR);
    }

    private static void night(Listener told, int day) {
        for (int i = 0; i < 3; i++) {
            told.on(attempt(Purpose.WITHDRAW, End.ACCEPTED, 200, null, at(day * 86_400L + 3 * 3600 + i)));
        }
    }

    @Test
    void on_farMoreCallsThanEver_alarm() {
        office(detectors, 0, 14);
        // three times the 60 of the busiest hour, and 100
        for (int i = 0; i < 280; i++) {
            detectors.on(accepted(at(14 * 86_400L + 10 * 3600 + i)));
        }
        assertThat(alarms).isEmpty();
        detectors.on(accepted(at(14 * 86_400L + 10 * 3600 + 281)));
        assertThat(suspicions()).containsExactly(Suspicion.UNUSUAL_VOLUME);
    }

    @Test
    void keptIn_restarts_nothingIsForgotten(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("habits");
        for (int day = 0; day < 14; day++) {
            Detectors process = Detectors.telling(alarms::add).keptIn(file);
            office(process, day, day + 1);
        }
        assertThat(Files.getPosixFilePermissions(file)).hasSize(2);
        Detectors last = Detectors.telling(alarms::add).keptIn(file);
        office(last, 14, 15);
        assertThat(alarms).isEmpty();
        night(last, 15);
        assertThat(suspicions()).containsExactly(Suspicion.UNUSUAL_HOUR);
        assertThat(Files.list(folder)).containsExactly(file);
    }

    @Test
    void keptIn_somethingElse_refusedByName(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("habits"), "[desk]\nvenue = \"okx\"\n");
        assertThatThrownBy(() -> detectors.keptIn(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("damaged");
    }

    /** Both have the key; each knows of its own calls alone. */
    @Test
    void send_thiefOrdersWithTheSameKey_isFoundWithinOneWindowAndStopped() {
        VirtualClock time = VirtualClock.at(Instant.parse("2026-03-01T12:00:00Z"));
        Duration window = Duration.ofSeconds(10);
        try (SimulatedVenue sim = SimulatedVenue.of(BinanceSpot.VENUE)
                        .clock(time)
                        .budget(Budget.generous().withOrders(100, window))
                        .start();
                Credential key = sim.credential();
                Credential stolen = sim.credential();
                VenueClient desk = client(sim, key, time)
                        .listener(detectors)
                        .guard(GuardPolicy.builder()
                                .killSwitch(stop)
                                .build()
                                .guard(sim.venue(), VenueClock.of(time, time.ticker())))
                        .build();
                VenueClient thief = client(sim, stolen, time).build()) {
            for (int i = 0; i < 40; i++) {
                desk.send(order());
                time.advance(Duration.ofSeconds(1));
            }
            assertThat(alarms).isEmpty();
            Instant begins = time.instant();
            while (stop.tripped().isEmpty()) {
                assertThat(Duration.between(begins, time.instant())).isLessThan(window);
                thief.send(order());
                desk.send(order());
                time.advance(Duration.ofMillis(500));
            }
            assertThat(suspicions()).containsExactly(Suspicion.FOREIGN_BUDGET);
            assertThatThrownBy(() -> desk.send(order()))
                    .isInstanceOf(NotSentException.class)
                    .hasMessageContaining("are not ours");
        }
    }

    private static VenueClient.Builder client(SimulatedVenue sim, Credential key, VirtualClock time) {
        return VenueClient.builder(sim.venue())
                .credential(key)
                .tls(Tls.builder().trust(sim.trustAnchor()).build())
                .clock(VenueClock.of(time, time.ticker()))
                .sleeper(time::sleep)
                .budgets(Budgets.separate());
    }

    private static ApiRequest order() {
        return ApiRequest.post("/api/v3/order")
                .form("symbol", "BTCUSDT")
                .form("side", "BUY")
                .form("type", "LIMIT")
                .form("timeInForce", "GTC")
                .form("quantity", new BigDecimal("0.010"))
                .form("price", new BigDecimal("37500.10"));
    }
}
