package io.intaglio.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.intaglio.client.internal.limit.ClientBudget;
import io.intaglio.client.internal.limit.Ticket;
import io.intaglio.client.internal.limit.VenueBudget;
import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.Credential;
import io.intaglio.signing.Priority;
import io.intaglio.signing.secret.Secret;
import io.intaglio.signing.time.NonceException;
import io.intaglio.signing.time.NonceUnit;
import io.intaglio.signing.time.VenueClock;
import io.intaglio.signing.venue.KrakenSpot;
import io.intaglio.signing.venue.Limit;
import io.intaglio.signing.venue.Limit.Scope;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A fleet over each kind of Redis: TLS with a user of its own, a Cluster, a Sentinel group whose primary fails. */
class RedisKindsTest {
    private static final Credential KEY = Credential.keyId("redis-kinds-test-key-0001");
    private static final Duration PATIENT = Duration.ofSeconds(2);

    @TempDir
    Path folder;

    /** Uses all scripts: nonces, turns, budget, ban, stop, status. */
    private static long useAll(Fleet fleet) throws InterruptedException {
        FleetNonces nonces = fleet.nonces(KrakenSpot.VENUE, KEY, NonceUnit.MICROS);
        // the connection to the node that has the keys may still be on its way; until then nothing is sent
        long nonce = Awaitility.await()
                .ignoreException(NonceException.class)
                .until(() -> Long.parseLong(nonces.next(VenueClock.system().now())), drawn -> true);
        FleetTurns turns = fleet.turns(KrakenSpot.VENUE, KEY, NonceUnit.MICROS, 0);
        assertThat(turns.enter(Duration.ofSeconds(10))).isTrue();
        turns.leave();
        ClientBudget budget = new ClientBudget(
                new VenueBudget(null, fleet.counts(), "kraken api.kraken.com"),
                List.of(Limit.rolling("calls", Scope.KEY, 100, Duration.ofMillis(500))),
                VenueClock.system(),
                "key",
                "key");
        Ticket call = budget.ticket(ApiRequest.get("/"), Priority.ORDER);
        Awaitility.await().until(() -> call.poll() == 0);
        call.answered(false, "", name -> Optional.empty());
        call.refused("", false, Duration.ofMillis(1));
        fleet.stopAll("drill");
        fleet.resumeAll();
        fleet.beat();
        fleet.beat();
        assertThat(fleet.isConnected()).isTrue();
        assertThat(fleet.status().limits())
                .extracting(FleetStatus.LimitState::limit)
                .containsExactly("calls");
        return nonce;
    }

    private String[] certificate() throws IOException, InterruptedException {
        Path key = folder.resolve("key.pem");
        Path certificate = folder.resolve("certificate.pem");
        Process made = new ProcessBuilder(
                        "openssl",
                        "req",
                        "-x509",
                        "-newkey",
                        "rsa:2048",
                        "-nodes",
                        "-days",
                        "2",
                        "-keyout",
                        key.toString(),
                        "-out",
                        certificate.toString(),
                        "-subj",
                        "/CN=localhost",
                        "-addext",
                        "subjectAltName=DNS:localhost,IP:127.0.0.1")
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("openssl.log").toFile())
                .start();
        assumeTrue(made.waitFor(60, TimeUnit.SECONDS) && made.exitValue() == 0, "openssl is not here");
        return new String[] {key.toString(), certificate.toString()};
    }

    @Test
    void tlsAndUser_theCommandsThatAreListedAreEnough_othersAreRefused() throws Exception {
        String[] pem;
        try {
            pem = certificate();
        } catch (IOException e) {
            assumeTrue(false, "openssl is not here");
            return;
        }
        int tlsPort = RedisServer.freePort();
        List<String> options = new ArrayList<>(List.of(
                "--tls-port",
                Integer.toString(tlsPort),
                "--tls-cert-file",
                pem[1],
                "--tls-key-file",
                pem[0],
                "--tls-ca-cert-file",
                pem[1],
                "--tls-auth-clients",
                "no",
                "--user",
                "default",
                "off",
                "--user",
                "intaglio",
                "on",
                ">a-password-for-tests"));
        options.addAll(List.of(RedisAddress.PERMISSIONS.split(" ")));
        try (RedisServer redis = RedisServer.start(options.toArray(new String[0]))) {
            RedisAddress address = RedisAddress.single("localhost", redis.tlsPort())
                    .timeout(PATIENT)
                    .trust(Path.of(pem[1]));
            Secret password = Secret.ofChars("a-password-for-tests".toCharArray());
            try (Fleet fleet = Fleet.builder("tls", address.user("intaglio", password))
                    .term(Duration.ofMillis(400))
                    .open()) {
                useAll(fleet);
            }
            Secret wrong = Secret.ofChars("wrong-password".toCharArray());
            assertThatThrownBy(() -> Fleet.builder("tls", address.user("intaglio", wrong))
                            .open())
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("WRONGPASS")
                    .hasMessageNotContaining("wrong-password");
            RedisAddress untrusted = RedisAddress.single("localhost", redis.tlsPort())
                    .timeout(PATIENT)
                    .tls();
            assertThatThrownBy(() -> Fleet.builder("tls", untrusted.user("intaglio", password))
                            .open())
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("PKIX");
        }
    }

    @Test
    void cluster_allKeysOfAFleetAreInOneSlot() throws Exception {
        try (RedisServer node = RedisServer.start("--cluster-enabled", "yes", "--cluster-config-file", "nodes.conf")) {
            RedisClient client = RedisClient.create("redis://127.0.0.1:" + node.port());
            try {
                RedisCommands<String, String> commands = client.connect().sync();
                commands.clusterAddSlots(IntStream.range(0, 16_384).toArray());
                Awaitility.await().until(() -> commands.clusterInfo().contains("cluster_state:ok"));
                RedisAddress address = RedisAddress.cluster(List.of("127.0.0.1:" + node.port()))
                        .timeout(PATIENT);
                try (Fleet fleet = Fleet.builder("many", address)
                        .term(Duration.ofMillis(400))
                        .open()) {
                    useAll(fleet);
                }
                assertThat(commands.keys("*").stream()
                                .mapToLong(commands::clusterKeyslot)
                                .distinct())
                        .hasSize(1);
            } finally {
                client.shutdown();
            }
        }
    }

    /** The primary is killed; its replica takes over, and the nonce line goes on above. */
    @Test
    void sentinel_primaryIsKilled_theFleetFollows() throws Exception {
        try (RedisServer primary = RedisServer.start();
                RedisServer replica = RedisServer.start("--replicaof", "127.0.0.1", Integer.toString(primary.port()))) {
            int port = RedisServer.freePort();
            Path config = Files.writeString(
                    folder.resolve("sentinel.conf"),
                    "port " + port + "\nbind 127.0.0.1\ndir " + folder + "\nsentinel monitor desk 127.0.0.1 "
                            + primary.port()
                            + " 1\nsentinel down-after-milliseconds desk 500\nsentinel failover-timeout desk 3000\n");
            Process sentinel = new ProcessBuilder(RedisServer.binary(), config.toString(), "--sentinel")
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("sentinel.log").toFile())
                    .start();
            RedisClient client = RedisClient.create("redis://127.0.0.1:" + replica.port());
            try {
                RedisCommands<String, String> commands = client.connect().sync();
                Awaitility.await().until(() -> commands.info("replication").contains("master_link_status:up"));
                RedisAddress address = RedisAddress.sentinel("desk", List.of("127.0.0.1:" + port))
                        .timeout(PATIENT);
                Fleet fleet = Awaitility.await()
                        .ignoreExceptions()
                        .until(
                                () -> Fleet.builder("watched", address)
                                        .term(Duration.ofMillis(400))
                                        .open(),
                                f -> true);
                try (fleet) {
                    long before = useAll(fleet);
                    // the Sentinel has to know of the replica before it can promote it
                    Awaitility.await()
                            .atMost(Duration.ofSeconds(30))
                            .until(() -> Files.readString(config).contains("known-replica"));
                    primary.kill();
                    FleetNonces nonces = fleet.nonces(KrakenSpot.VENUE, KEY, NonceUnit.MICROS);
                    long after = Awaitility.await()
                            .atMost(Duration.ofSeconds(40))
                            .ignoreException(NonceException.class)
                            .until(
                                    () -> Long.parseLong(
                                            nonces.next(VenueClock.system().now())),
                                    n -> true);
                    assertThat(after).isGreaterThan(before);
                }
            } finally {
                client.shutdown();
                sentinel.destroyForcibly();
            }
        }
    }
}
