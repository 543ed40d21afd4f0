package io.intaglio.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.intaglio.client.event.Event;
import io.intaglio.client.guard.KillSwitch;
import io.intaglio.client.internal.limit.ClientBudget;
import io.intaglio.client.internal.limit.Ticket;
import io.intaglio.client.internal.limit.VenueBudget;
import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.Credential;
import io.intaglio.signing.Priority;
import io.intaglio.signing.secret.Secret;
import io.intaglio.signing.time.NonceUnit;
import io.intaglio.signing.time.VenueClock;
import io.intaglio.signing.venue.KrakenSpot;
import io.intaglio.signing.venue.Limit;
import io.intaglio.signing.venue.Limit.Scope;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What members hear of each other, in real time over a real Redis. */
class FleetTest extends WithRedis {
    private static final String KEY_ID = "fleet-test-key-id-that-must-not-show";
    private static final Limit CALLS = Limit.rolling("calls", Scope.KEY, 1000, Duration.ofSeconds(1));

    private static Fleet.Builder member(String fleet) {
        return Fleet.builder(fleet, redis.address()).members(2).term(Duration.ofSeconds(1));
    }

    private static ClientBudget budget(Fleet fleet, Limit... limits) {
        return new ClientBudget(
                new VenueBudget(null, fleet.counts(), "kraken api.kraken.com"),
                List.of(limits),
                VenueClock.system(),
                KEY_ID,
                KEY_ID);
    }

    /** By message; and the third member, which joins later, by its first round. */
    @Test
    void ban_ofOneMember_reachesTheOthersWithinASecond() {
        try (Fleet a = member("ban").members(3).open();
                Fleet b = member("ban").members(3).open()) {
            ClientBudget first = budget(a, CALLS);
            ClientBudget second = budget(b, CALLS);
            Ticket banned = first.ticket(ApiRequest.get("/"), Priority.ORDER);
            Awaitility.await().until(() -> banned.poll() == 0);
            banned.answered(false, "EAPI:Rate limit exceeded", name -> Optional.empty());
            banned.refused("EAPI:Rate limit exceeded", true, Duration.ofSeconds(30));
            Awaitility.await().atMost(Duration.ofSeconds(1)).until(() -> isShut(second));
            try (Fleet late = member("ban").members(3).open()) {
                ClientBudget third = budget(late, CALLS);
                Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> isShut(third));
                assertThat(late.status().closures()).hasSize(1).allMatch(FleetStatus.Closure::isBan);
            }
        }
    }

    private static boolean isShut(ClientBudget budget) {
        Duration wait = budget.untilFits(ApiRequest.get("/"), Priority.ORDER).orElse(Duration.ZERO);
        return wait.compareTo(Duration.ofSeconds(20)) > 0;
    }

    @Test
    void stopAll_tripsEverySwitch_resumeAllTakesBackNothingElse() {
        KillSwitch one = KillSwitch.create();
        KillSwitch two = KillSwitch.create();
        try (Fleet a = member("stop").killSwitch(one).open();
                Fleet b = member("stop").killSwitch(two).open()) {
            one.trip("by a detector");
            a.stopAll("drill");
            Awaitility.await().until(() -> two.tripped().isPresent());
            assertThat(two.tripped()).contains("the fleet was stopped: drill");
            KillSwitch three = KillSwitch.create();
            try (Fleet late = member("stop").killSwitch(three).open()) {
                Awaitility.await().until(() -> three.tripped().isPresent());
                assertThat(late.status().stopped()).contains("drill");
            }
            two.trip("by hand");
            a.beat();
            b.beat(); // a round while all is stopped, after the switches were tripped otherwise
            b.resumeAll();
            a.beat();
            b.beat();
            assertThat(one.tripped()).contains("by a detector");
            assertThat(two.tripped()).contains("by hand");
            one.reset();
            two.reset();
            assertThat(one.tripped()).isEmpty();
            assertThat(two.tripped()).isEmpty();
        }
    }

    @Test
    void stopAll_switchIsResetByHand_staysStopped() {
        KillSwitch stop = KillSwitch.create();
        try (Fleet fleet =
                member("reset").term(Duration.ofMinutes(4)).killSwitch(stop).open()) {
            fleet.stopAll("drill");
            stop.reset();
            assertThat(stop.tripped()).contains("the fleet was stopped: drill");
            fleet.resumeAll();
            assertThat(stop.tripped()).isEmpty();
        }
    }

    @Test
    void stopAll_redisRestartsEmpty_allStayStoppedAndANewcomerIsToo() {
        KillSwitch one = KillSwitch.create();
        KillSwitch two = KillSwitch.create();
        try (RedisServer fragile = RedisServer.start();
                Fleet a = member("stop", fragile).killSwitch(one).open();
                Fleet b = member("stop", fragile).killSwitch(two).open()) {
            a.stopAll("drill");
            Awaitility.await().until(() -> two.tripped().isPresent());
            fragile.kill();
            fragile.restart();
            Awaitility.await().until(() -> !isSilent(a) && !isSilent(b));
            a.beat();
            b.beat();
            assertThat(one.tripped()).contains("the fleet was stopped: drill");
            assertThat(two.tripped()).contains("the fleet was stopped: drill");
            KillSwitch three = KillSwitch.create();
            try (Fleet late = member("stop", fragile).killSwitch(three).open()) {
                Awaitility.await().until(() -> three.tripped().isPresent());
                assertThat(late.status().stopped()).contains("drill");
                late.resumeAll();
            }
            Awaitility.await()
                    .until(() -> one.tripped().isEmpty() && two.tripped().isEmpty());
        }
    }

    /** As a replica does that takes over and lacks the last write. */
    @Test
    void stopAll_redisGoesBackToTheWordBefore_staysStoppedAndRedisIsToldAgain() {
        KillSwitch stop = KillSwitch.create();
        RedisClient client = RedisClient.create("redis://127.0.0.1:" + redis.port());
        try (Fleet fleet = member("back").killSwitch(stop).open()) {
            RedisCommands<String, String> commands = client.connect().sync();
            String word = fleet.names().stop();
            fleet.stopAll("first drill");
            fleet.resumeAll();
            String before = commands.get(word);
            fleet.stopAll("drill");
            if (before == null) {
                commands.del(word);
            } else {
                commands.set(word, before);
            }
            fleet.beat();
            assertThat(stop.tripped()).contains("the fleet was stopped: drill");
            assertThat(fleet.status().stopped()).contains("drill");
        } finally {
            client.shutdown();
        }
    }

    @Test
    void stopAll_redisDoesNotAnswer_stopsItselfAndTheOthersOnceItDoes() {
        KillSwitch one = KillSwitch.create();
        KillSwitch two = KillSwitch.create();
        try (RedisServer fragile = RedisServer.start();
                Fleet a = member("alone", fragile).killSwitch(one).open();
                Fleet b = member("alone", fragile).killSwitch(two).open()) {
            Awaitility.await().until(() -> a.status().members().size() == 2);
            fragile.kill();
            assertThatThrownBy(() -> a.stopAll("drill"))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("the fleet 'alone' was not told to stop")
                    .hasMessageContaining("this member is stopped, and it tells the others in its next round");
            assertThat(one.tripped()).contains("the fleet was stopped: drill");
            assertThatThrownBy(a::resumeAll)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("what is stopped stays so");
            assertThat(one.tripped()).contains("the fleet was stopped: drill");
            fragile.restart();
            Awaitility.await().until(() -> two.tripped().isPresent());
            assertThat(two.tripped()).contains("the fleet was stopped: drill");
            b.resumeAll();
            Awaitility.await()
                    .until(() -> one.tripped().isEmpty() && two.tripped().isEmpty());
        }
    }

    /** An answer to a round can be overtaken by a message; and a word of others says nothing of a stop that they have not heard of. */
    @Test
    void stop_olderWordOrNone_changesNothing() {
        RedisAddress nowhere = RedisAddress.single("127.0.0.1", RedisServer.freePort());
        KillSwitch one = KillSwitch.create();
        try (Fleet fleet = Fleet.builder("words", nowhere).startsWithoutRedis().open()) {
            FleetStop stop = new FleetStop(fleet, one);
            stop.heard(new FleetStop.Word(7, "drill"));
            stop.heard(new FleetStop.Word(6, ""));
            stop.heard(new FleetStop.Word(0, ""));
            assertThat(one.tripped()).contains("the fleet was stopped: drill");
            stop.heard(new FleetStop.Word(8, ""));
            assertThat(one.tripped()).isEmpty();
            assertThatThrownBy(() -> stop.stopAll("by this member")).isInstanceOf(IllegalStateException.class);
            stop.heard(new FleetStop.Word(9, ""));
            assertThat(one.tripped()).contains("the fleet was stopped: by this member");
        }
    }

    private static Fleet.Builder member(String fleet, RedisServer redis) {
        return Fleet.builder(fleet, redis.address()).members(3).term(Duration.ofSeconds(1));
    }

    @Test
    void redisGoesAndComes_isToldOnceEach() {
        try (RedisServer fragile = RedisServer.start()) {
            List<Event> events = new CopyOnWriteArrayList<>();
            try (Fleet fleet = Fleet.builder("events", fragile.address())
                    .term(Duration.ofMillis(200))
                    .listener(events::add)
                    .open()) {
                fragile.kill();
                Awaitility.await().until(() -> events.size() == 1);
                assertThat(fleet.isConnected()).isFalse();
                fragile.restart();
                Awaitility.await().until(() -> events.size() == 2);
                assertThat(events.get(0)).isInstanceOf(Event.FleetAway.class);
                assertThat(events.get(1)).isInstanceOf(Event.FleetBack.class);
                assertThat(fleet.isConnected()).isTrue();
            }
        }
    }

    /** The call that finds Redis away holds the lock of its budget. */
    @Test
    void redisGoes_listenerWaitsForACallOfAnotherThread_neitherWaitsForTheOther() throws Exception {
        try (RedisServer fragile = RedisServer.start()) {
            AtomicReference<Ticket> other = new AtomicReference<>();
            CompletableFuture<Long> polledByListener = new CompletableFuture<>();
            try (Fleet fleet = Fleet.builder("listener", fragile.address())
                    .term(Duration.ofMinutes(4)) // so that no round comes in between
                    .listener(event -> polledByListener.complete(
                            CompletableFuture.supplyAsync(() -> other.get().poll())
                                    .orTimeout(5, TimeUnit.SECONDS)
                                    .join()))
                    .open()) {
                ClientBudget budget = budget(fleet, CALLS);
                Ticket first = budget.ticket(ApiRequest.get("/"), Priority.ORDER);
                other.set(budget.ticket(ApiRequest.get("/"), Priority.ORDER));
                Awaitility.await().until(() -> !fleet.status().members().isEmpty()); // the first round is over
                fragile.kill();
                Awaitility.await().until(() -> isSilent(fleet));
                assertThat(CompletableFuture.supplyAsync(first::poll)).succeedsWithin(Duration.ofSeconds(4));
                assertThat(polledByListener).succeedsWithin(Duration.ofSeconds(10));
            }
        }
    }

    private static boolean isSilent(Fleet fleet) {
        try {
            fleet.status();
            return false;
        } catch (IllegalStateException e) {
            return true;
        }
    }

    @Test
    void open_redisIsNotThere_saysSoWithTheNextStep() {
        RedisAddress nowhere = RedisAddress.single("127.0.0.1", RedisServer.freePort());
        assertThatThrownBy(() -> Fleet.builder("none", nowhere).open())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("redis://127.0.0.1:")
                .hasMessageContaining("startsWithoutRedis()");
        try (Fleet fleet = Fleet.builder("none", nowhere).startsWithoutRedis().open()) {
            assertThat(fleet.isConnected()).isFalse();
        }
    }

    /** All of the database is read: what is in it names no key, no secret and no symbol. */
    @Test
    void redis_holdsNoKeyIdSecretOrOrder() {
        Limit perSymbol = Limit.rolling("orders", Scope.KEY, 1000, Duration.ofSeconds(1))
                .per(request -> request.value("pair").orElse(""));
        try (Fleet fleet = member("quiet").members(1).open()) {
            Credential key = Credential.hmac(KEY_ID, Secret.of(new byte[] {1, 2, 3}));
            fleet.nonces(KrakenSpot.VENUE, key, NonceUnit.MICROS)
                    .next(VenueClock.system().now());
            ClientBudget budget = budget(fleet, CALLS, perSymbol);
            Ticket order =
                    budget.ticket(ApiRequest.post("/0/private/AddOrder").query("pair", "XBTUSDTEST"), Priority.ORDER);
            Awaitility.await().until(() -> order.poll() == 0);
            order.answered(true, "", name -> Optional.empty());
            order.refused("", false, Duration.ofMillis(1));
            fleet.beat();
            fleet.beat();
            RedisClient client = RedisClient.create("redis://127.0.0.1:" + redis.port());
            try {
                RedisCommands<String, String> commands = client.connect().sync();
                List<String> all = new ArrayList<>();
                for (String name : commands.keys("*")) {
                    all.add(name);
                    all.add(
                            commands.type(name).equals("hash")
                                    ? commands.hgetall(name).toString()
                                    : commands.get(name));
                }
                assertThat(all).anyMatch(text -> text.contains("orders"));
                assertThat(all).noneMatch(text -> text.contains(KEY_ID) || text.contains("XBT"));
                assertThat(all).noneMatch(text -> text.contains(KEY_ID.substring(0, 8)));
            } finally {
                client.shutdown();
            }
        }
    }
}
