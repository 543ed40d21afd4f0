package io.intaglio.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.intaglio.signing.Credential;
import io.intaglio.signing.time.NonceException;
import io.intaglio.signing.time.NonceUnit;
import io.intaglio.signing.time.VenueClock;
import io.intaglio.signing.venue.KrakenSpot;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class FleetNoncesTest extends WithRedis {
    private static final Credential KEY = Credential.keyId("fleet-nonces-test-key-0001");
    private static final VenueClock CLOCK = VenueClock.system();

    private static Fleet member(String fleet, RedisServer server) {
        return Fleet.builder(fleet, server.address())
                .term(Duration.ofMillis(400))
                .open();
    }

    private static long draw(FleetNonces nonces) {
        return Long.parseLong(nonces.next(CLOCK.now()));
    }

    /** Also shows that a fetch for each draw is not what happens: fewer questions to Redis than a hundredth of the draws. */
    @Test
    void next_fourMembersDrawAtOnce_noneTwiceAndEachRises() throws Exception {
        int draws = 50_000;
        ExecutorService threads = Executors.newFixedThreadPool(4);
        List<Fleet> fleet = new ArrayList<>();
        try {
            List<Future<long[]>> running = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                Fleet member = member("crowd", redis);
                fleet.add(member);
                running.add(threads.submit(() -> {
                    FleetNonces nonces = member.nonces(KrakenSpot.VENUE, KEY, NonceUnit.MICROS);
                    long[] drawn = new long[draws];
                    for (int k = 0; k < draws; k++) {
                        drawn[k] = draw(nonces);
                    }
                    return drawn;
                }));
            }
            long[] all = new long[4 * draws];
            for (int i = 0; i < 4; i++) {
                long[] drawn = running.get(i).get();
                assertThat(drawn).as("of one member").isSorted();
                System.arraycopy(drawn, 0, all, i * draws, draws);
            }
            assertThat(Arrays.stream(all).distinct().count()).isEqualTo(all.length);
            assertThat(fleet.stream().mapToLong(Fleet::redisOperations).sum()).isLessThan(all.length / 100);
        } finally {
            threads.shutdownNow();
            fleet.forEach(Fleet::close);
        }
    }

    @Test
    void next_beginsAboveTheClockAndAboveWhatWasUsed() {
        try (Fleet member = member("begin", redis)) {
            long before = NonceUnit.MILLIS.of(CLOCK.now());
            assertThat(draw(member.nonces(KrakenSpot.VENUE, KEY, NonceUnit.MILLIS)))
                    .isGreaterThan(before);
            long used = NonceUnit.MILLIS.of(CLOCK.now().plus(Duration.ofDays(400)));
            assertThat(draw(member.nonces(KrakenSpot.VENUE, KEY, NonceUnit.MILLIS, used)))
                    .isEqualTo(used + 1);
            assertThat(draw(member.nonces(KrakenSpot.VENUE, KEY, NonceUnit.MILLIS)))
                    .as("another source, which was not told")
                    .isGreaterThan(used + 1);
        }
    }

    @Test
    void next_nanosecondsAndSeconds_areExact() {
        try (Fleet member = member("units", redis)) {
            FleetNonces nanos = member.nonces(KrakenSpot.VENUE, KEY, NonceUnit.NANOS, 1_900_000_000_123_456_788L);
            assertThat(draw(nanos)).isEqualTo(1_900_000_000_123_456_789L);
            assertThat(draw(nanos)).isEqualTo(1_900_000_000_123_456_790L);
            Credential other = Credential.keyId("fleet-nonces-test-key-0002");
            long begun = NonceUnit.SECONDS.of(CLOCK.now());
            FleetNonces seconds = member.nonces(KrakenSpot.VENUE, other, NonceUnit.SECONDS);
            long first = draw(seconds);
            assertThat(first).isBetween(begun + 3, begun + 6);
            assertThat(draw(seconds)).isGreaterThan(first);
        }
    }

    @Test
    void next_anotherUnit_isRefusedByName() {
        try (Fleet member = member("mixed", redis)) {
            draw(member.nonces(KrakenSpot.VENUE, KEY, NonceUnit.MILLIS));
            FleetNonces micros = member.nonces(KrakenSpot.VENUE, KEY, NonceUnit.MICROS);
            assertThatThrownBy(() -> draw(micros))
                    .isInstanceOf(NonceException.class)
                    .hasMessageContaining("another unit than MICROS")
                    .hasMessageNotContaining(KEY.keyId());
        }
    }

    /** Members whose clocks are an hour off draw from the line that the others draw from. */
    @Test
    void next_membersWithWrongClocks_keepToTheLine() {
        try (Fleet a = member("clocks", redis);
                Fleet b = member("clocks", redis)) {
            FleetNonces right = a.nonces(KrakenSpot.VENUE, KEY, NonceUnit.MICROS);
            FleetNonces wrong = b.nonces(KrakenSpot.VENUE, KEY, NonceUnit.MICROS);
            long last = draw(right);
            for (long off : new long[] {-3600, 3600}) {
                long drawn = Long.parseLong(wrong.next(CLOCK.now().plusSeconds(off)));
                assertThat(drawn).isGreaterThan(last);
                assertThat(drawn)
                        .isLessThanOrEqualTo(NonceUnit.MICROS.of(CLOCK.now().plusSeconds(4)));
                last = drawn;
            }
        }
    }

    /** Redis is killed and comes back empty, five times, under two members that draw all the time. */
    @Test
    void next_redisLosesItsData_goesOnAboveAll() throws Exception {
        try (RedisServer fragile = RedisServer.start()) {
            AtomicBoolean stop = new AtomicBoolean();
            AtomicLong failures = new AtomicLong();
            ExecutorService threads = Executors.newFixedThreadPool(2);
            List<Fleet> fleet = List.of(member("loss", fragile), member("loss", fragile));
            try {
                List<Future<List<Long>>> running = new ArrayList<>();
                List<AtomicLong> counts = List.of(new AtomicLong(), new AtomicLong());
                for (int i = 0; i < 2; i++) {
                    FleetNonces nonces = fleet.get(i).nonces(KrakenSpot.VENUE, KEY, NonceUnit.MICROS);
                    AtomicLong count = counts.get(i);
                    running.add(threads.submit(() -> {
                        List<Long> drawn = new ArrayList<>();
                        while (!stop.get()) {
                            try {
                                drawn.add(draw(nonces));
                                count.incrementAndGet();
                            } catch (NonceException e) {
                                failures.incrementAndGet();
                                Thread.onSpinWait();
                            }
                        }
                        return drawn;
                    }));
                }
                for (int round = 0; round < 5; round++) {
                    for (AtomicLong count : counts) {
                        long before = count.get();
                        Awaitility.await().until(() -> count.get() > before + 5_000);
                    }
                    fragile.kill();
                    fragile.restart();
                }
                for (AtomicLong count : counts) {
                    long before = count.get();
                    Awaitility.await().until(() -> count.get() > before + 5_000);
                }
                stop.set(true);
                List<Long> all = new ArrayList<>();
                for (Future<List<Long>> one : running) {
                    List<Long> drawn = one.get();
                    assertThat(drawn).isSorted();
                    all.addAll(drawn);
                }
                assertThat(all.stream().distinct().count()).isEqualTo(all.size());
                assertThat(failures.get())
                        .as("draws that failed while Redis was away")
                        .isPositive();
            } finally {
                stop.set(true);
                threads.shutdownNow();
                fleet.forEach(Fleet::close);
            }
        }
    }

    /** The member that asks first after the loss has not drawn for long: what the others were given meanwhile lies below. */
    @Test
    void next_redisLosesItsData_memberThatKnowsNothingGoesOnAboveToo() {
        try (RedisServer fragile = RedisServer.start();
                Fleet busy = member("late", fragile);
                Fleet idle = member("late", fragile)) {
            FleetNonces busyNonces = busy.nonces(KrakenSpot.VENUE, KEY, NonceUnit.MILLIS);
            FleetNonces idleNonces = idle.nonces(KrakenSpot.VENUE, KEY, NonceUnit.MILLIS);
            long highest = 0;
            for (int i = 0; i < 700; i++) {
                highest = draw(busyNonces);
            }
            fragile.kill();
            fragile.restart();
            long first =
                    Awaitility.await().ignoreException(NonceException.class).until(() -> draw(idleNonces), n -> true);
            assertThat(first).isGreaterThan(highest);
        }
    }

    @Test
    void next_redisIsPaused_failsInTimeAndGoesOnAfterwards() {
        try (RedisServer fragile = RedisServer.start();
                Fleet member = member("pause", fragile)) {
            FleetNonces nonces = member.nonces(KrakenSpot.VENUE, KEY, NonceUnit.MICROS);
            long before = draw(nonces);
            fragile.pause();
            Instant begun = CLOCK.now();
            assertThatThrownBy(() -> {
                        while (true) {
                            draw(nonces);
                        }
                    })
                    .isInstanceOf(NonceException.class)
                    .hasMessageContaining("Redis gave no nonce of kraken");
            assertThat(Duration.between(begun, CLOCK.now())).isLessThan(Duration.ofSeconds(10));
            fragile.goOn();
            assertThat(Awaitility.await().ignoreException(NonceException.class).until(() -> draw(nonces), n -> true))
                    .isGreaterThan(before);
        }
    }

    @Test
    void next_millisecondsAreDrawnFasterThanTheyPass_waits() {
        try (Fleet member = member("fast", redis)) {
            FleetNonces nonces = member.nonces(KrakenSpot.VENUE, KEY, NonceUnit.MILLIS);
            draw(nonces);
            Instant begun = CLOCK.now();
            for (int i = 0; i < 500; i++) {
                draw(nonces);
            }
            assertThat(draw(nonces))
                    .as("three seconds ahead of the clock at the most")
                    .isLessThanOrEqualTo(NonceUnit.MILLIS.of(CLOCK.now().plusSeconds(3)) + 5);
            assertThat(Duration.between(begun, CLOCK.now())).isGreaterThan(Duration.ofMillis(450));
        }
    }
}
