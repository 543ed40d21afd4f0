package io.intaglio.fleet;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.intaglio.signing.Credential;
import io.intaglio.signing.secret.Secret;
import io.intaglio.signing.time.NonceException;
import io.intaglio.signing.time.NonceUnit;
import io.intaglio.signing.time.VenueClock;
import io.intaglio.signing.venue.KrakenSpot;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("long")
class FleetTurnsTest extends WithRedis {
    private static final Credential KEY = Credential.keyId("fleet-turns-test-key-0001");
    private static final VenueClock CLOCK = VenueClock.system();
    private static final Duration TERM = Duration.ofMillis(600);

    private static FleetTurns turns(Fleet member) {
        return member.turns(KrakenSpot.VENUE, KEY, NonceUnit.MICROS, 0);
    }

    private static Fleet member(String fleet) {
        return Fleet.builder(fleet, redis.address()).term(TERM).open();
    }

    /** What each call saw as the highest nonce that had arrived is lower than its own: the order is that of the turns. */
    @Test
    void enter_fourMembers_noncesArriveInOrder() throws Exception {
        AtomicLong arrived = new AtomicLong();
        AtomicLong outOfOrder = new AtomicLong();
        ExecutorService threads = Executors.newFixedThreadPool(4);
        List<Fleet> fleet = new ArrayList<>();
        try {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                Fleet member = member("order");
                fleet.add(member);
                FleetTurns turns = turns(member);
                running.add(threads.submit(() -> {
                    for (int k = 0; k < 100; k++) {
                        assertThat(turns.enter(Duration.ofSeconds(20))).isTrue();
                        try {
                            long nonce = Long.parseLong(turns.next(CLOCK.now()));
                            Thread.onSpinWait();
                            if (arrived.getAndSet(nonce) >= nonce) {
                                outOfOrder.incrementAndGet();
                            }
                        } finally {
                            turns.leave();
                        }
                    }
                    return null;
                }));
            }
            for (Future<?> one : running) {
                one.get();
            }
            assertThat(outOfOrder.get()).isZero();
        } finally {
            threads.shutdownNow();
            fleet.forEach(Fleet::close);
        }
    }

    @Test
    void enter_holderGoesOn_keepsItLongerThanATerm() throws Exception {
        try (Fleet a = member("keeps");
                Fleet b = member("keeps")) {
            FleetTurns first = turns(a);
            assertThat(first.enter(Duration.ofSeconds(5))).isTrue();
            assertThat(turns(b).enter(TERM.multipliedBy(3))).isFalse();
            first.next(CLOCK.now());
            first.leave();
            assertThat(turns(b).enter(Duration.ofSeconds(5))).isTrue();
        }
    }

    /** The holder is cut off, as by kill -9 or a pause: the next one has the turn after one term, and what the first draws then is refused. */
    @Test
    void enter_holderIsGone_theTurnIsFreeAfterItsTerm() throws Exception {
        try (Fleet b = member("gone")) {
            FleetTurns next = turns(b);
            Fleet a = member("gone");
            FleetTurns lost = turns(a);
            assertThat(lost.enter(Duration.ofSeconds(5))).isTrue();
            long stale = Long.parseLong(lost.next(CLOCK.now()));
            Instant begun = CLOCK.now();
            a.close();
            assertThat(next.enter(Duration.ofSeconds(5))).isTrue();
            Duration took = Duration.between(begun, CLOCK.now());
            assertThat(took).isBetween(Duration.ofMillis(200), TERM.plusMillis(300));
            assertThat(Long.parseLong(next.next(CLOCK.now()))).as("the fence").isGreaterThan(stale);
            assertThatThrownBy(() -> lost.next(CLOCK.now())).isInstanceOf(NonceException.class);
        }
    }

    /** With the commands alone that {@link RedisAddress#user} lists. */
    @Test
    void open_userOfAccessControl_drawsWithTheListedCommands() throws Exception {
        String commands =
                "+@connection +evalsha +eval +info +time +hget +hset +hmget +hgetall +hdel +hincrby +del +get +set"
                        + " +exists +pexpire +publish +subscribe";
        List<String> options = new ArrayList<>(List.of("--user", "default", "off", "--user", "intaglio", "on"));
        options.addAll(List.of(">not-a-guess", "~intaglio:*", "resetchannels", "&intaglio:*"));
        options.addAll(List.of(commands.split(" ")));
        try (RedisServer guarded = RedisServer.start(options.toArray(String[]::new))) {
            RedisAddress let = guarded.address().user("intaglio", Secret.of("not-a-guess".getBytes(US_ASCII)));
            try (Fleet member = Fleet.builder("acl", let).term(TERM).open()) {
                FleetTurns turns = turns(member);
                assertThat(turns.enter(Duration.ofSeconds(5))).isTrue();
                long first = Long.parseLong(turns.next(CLOCK.now()));
                assertThat(Long.parseLong(turns.next(CLOCK.now()))).isGreaterThan(first);
                turns.leave();
            }
            RedisAddress wrong = guarded.address().user("intaglio", Secret.of("a-guess".getBytes(US_ASCII)));
            assertThatThrownBy(() -> Fleet.builder("acl", wrong).open())
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("check address, TLS, user and password")
                    .hasMessageNotContaining("a-guess");
        }
    }
}
