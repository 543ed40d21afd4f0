package io.intaglio.client.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.intaglio.client.NotSentException;
import io.intaglio.client.RejectedException;
import io.intaglio.client.ThrottledException;
import io.intaglio.client.VenueClient;
import io.intaglio.client.VenueException;
import io.intaglio.client.VenueResponse;
import io.intaglio.client.event.Event;
import io.intaglio.client.tls.Tls;
import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.Credential;
import io.intaglio.signing.key.SigningKey;
import io.intaglio.signing.secret.Rotation;
import io.intaglio.signing.secret.Secret;
import io.intaglio.signing.secret.SecretStore;
import io.intaglio.signing.time.VenueClock;
import io.intaglio.signing.venue.BinanceSpot;
import io.intaglio.signing.venue.Purpose;
import io.intaglio.testkit.Fault;
import io.intaglio.testkit.PlacedOrder;
import io.intaglio.testkit.ReceivedRequest;
import io.intaglio.testkit.SimulatedVenue;
import io.intaglio.testkit.VirtualClock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A client whose calls are audited, against a venue that remembers what arrived. */
class AuditedClientTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    @TempDir
    Path folder;

    private final VirtualClock time = VirtualClock.at(NOON);
    /** What stood in the log whenever the venue looked at its clock, as it does for each request. */
    private final List<String> atArrival = new ArrayList<>();

    private final SimulatedVenue sim = SimulatedVenue.of(BinanceSpot.VENUE)
            .clock(() -> {
                atArrival.add(logged());
                return time.instant();
            })
            .start();

    @AfterEach
    void close() {
        sim.close();
    }

    private String logged() {
        try {
            Path file = folder.resolve("000001.jsonl");
            return Files.exists(file) ? Files.readString(file) : "";
        } catch (IOException e) {
            return e.toString();
        }
    }

    private AuditLog.Builder log() {
        return AuditLog.builder(folder).withoutThreads().clock(time);
    }

    private VenueClient.Builder client(AuditLog log) {
        return VenueClient.builder(sim.venue())
                .credential(sim.credential())
                .tls(Tls.builder().trust(sim.trustAnchor()).build())
                .clock(VenueClock.of(time, time.ticker()))
                .sleeper(time::sleep)
                .audit(log);
    }

    private static ApiRequest order(String id) {
        return ApiRequest.post("/api/v3/order")
                .form("symbol", "BTCUSDT")
                .form("side", "BUY")
                .form("type", "MARKET")
                .form("quantity", "0.01")
                .clientOrderId(id);
    }

    @Test
    void send_order_theIntentStandsInTheLogBeforeTheVenueSeesIt() {
        try (AuditLog log = log().open();
                VenueClient client = client(log).build()) {
            atArrival.clear();
            client.send(order("first"));
        }
        assertThat(atArrival)
                .isNotEmpty()
                .allSatisfy(seen -> assertThat(seen)
                        .contains("\"kind\":\"intent\"", "\"order\":\"first\"")
                        .doesNotContain("\"kind\":\"outcome\""));
        assertThat(Written.kinds(folder)).containsExactly("file", "opened", "intent", "outcome", "closed");
        assertThat(Written.records(folder).get(2).members())
                .containsEntry("guard", "allowed")
                .containsKeys("limit", "limitUsed", "limitCapacity", "waitedUs", "fields", "key");
    }

    @Test
    void send_throttledThenAccepted_attemptsAndProofAreTold() {
        sim.faults().next(Fault.throttled(Duration.ofSeconds(2)));
        try (AuditLog log = log().open();
                VenueClient client = client(log).build()) {
            client.send(order("patient"));
        }
        AuditRecord outcome = Written.records(folder).get(3);
        assertThat(outcome.outcome()).contains(AuditRecord.Outcome.ACCEPTED);
        assertThat((List<?>) outcome.members().get("attempts"))
                .satisfiesExactly(
                        first -> assertThat(first)
                                .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.MAP)
                                .containsEntry("result", "throttled")
                                .containsEntry("status", 429)
                                .containsEntry("proof", "throttled"),
                        second -> assertThat(second)
                                .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.MAP)
                                .containsEntry("result", "accepted")
                                .doesNotContainKey("proof"));
    }

    @Test
    void send_clockCorrectedAfterARefusal_theOutcomeTellsTheCorrection() {
        sim.skew(Duration.ofSeconds(20));
        try (AuditLog log = log().open();
                VenueClient client = client(log).build()) {
            client.send(order("skewed"));
        }
        List<AuditRecord> records = Written.records(folder);
        assertThat(records.get(2).number("clockOffsetUs")).isEmpty();
        AuditRecord outcome = records.get(3);
        assertThat(outcome.number("clockOffsetUs").orElseThrow()).isBetween(19_000_000L, 21_000_000L);
        assertThat(outcome.members().get("attempts").toString()).contains("proof=not-executed");
    }

    @Test
    void send_answerLost_theQuestionsAreOnRecordToo() {
        sim.faults().next(Fault.acceptThenLoseAnswer());
        try (AuditLog log = log().open();
                VenueClient client = client(log).build()) {
            assertThat(client.send(order("lost")).isReconciled()).isTrue();
        }
        List<AuditRecord> outcomes = Written.records(folder).stream()
                .filter(record -> record.kind().equals("outcome"))
                .toList();
        assertThat(outcomes.get(outcomes.size() - 1).outcome()).contains(AuditRecord.Outcome.RECONCILED);
        assertThat(outcomes.get(outcomes.size() - 1).text("order")).contains("lost");
        assertThat(outcomes.get(0).text("method")).contains("GET");
    }

    @Test
    void send_noKeySuffices_theRefusalIsOnRecordAndTold() {
        List<Event.CallEnded> told = new ArrayList<>();
        try (AuditLog log = log().open();
                VenueClient client = VenueClient.builder(sim.venue())
                        .credential(Purpose.READ, sim.credential())
                        .tls(Tls.builder().trust(sim.trustAnchor()).build())
                        .listener(event -> {
                            if (event instanceof Event.CallEnded ended) {
                                told.add(ended);
                            }
                        })
                        .audit(log)
                        .build()) {
            assertThatThrownBy(() -> client.send(order("strong"))).hasMessageContaining("none of the keys");
        }
        assertThat(sim.received()).isEmpty();
        assertThat(Written.kinds(folder)).containsExactly("file", "opened", "outcome", "closed");
        assertThat(Written.records(folder).get(2).members())
                .containsEntry("guard", "no key of this client is for TRADE")
                .containsEntry("outcome", "not-sent")
                .containsEntry("reason", "guard")
                .containsEntry("order", "strong")
                .containsKey("fields")
                .doesNotContainKeys("key", "keyVersion");
        assertThat(told)
                .singleElement()
                .satisfies(ended -> assertThat(ended.end()).isEqualTo(Event.End.NOT_SENT));
    }

    @Test
    void send_keyRotated_eachRecordNamesTheVersionThatSigned() throws IOException {
        Path secret = folder.resolve("secret");
        Files.writeString(secret, "one");
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
        sim.addKey("rotating-key", Secret.of("one".getBytes(StandardCharsets.US_ASCII)), "");
        Path logs = folder.resolve("log");
        Rotation<SigningKey> rotation = SigningKey.rotation(
                        SecretStore.standard().watch("file:" + secret), SigningKey::hmac)
                .build();
        try (AuditLog log = AuditLog.builder(logs).withoutThreads().clock(time).open();
                Credential rotating = Credential.of("rotating-key", SigningKey.rotating(rotation));
                VenueClient client = client(log).credential(rotating).build()) {
            client.send(order("before"));
            Files.writeString(secret, "two");
            sim.addKey("rotating-key", Secret.of("two".getBytes(StandardCharsets.US_ASCII)), "");
            assertThat(rotation.refresh()).isTrue();
            client.send(order("after"));
        }
        assertThat(Written.records(logs).stream()
                        .filter(record -> record.kind().equals("intent"))
                        .map(record -> record.text("order").orElseThrow() + " "
                                + record.number("keyVersion").orElseThrow()))
                .containsExactly("before 1", "after 2");
    }

    @Test
    void send_guardRefuses_theRefusalIsOnRecordAndNothingIsSent() {
        try (AuditLog log = log().open();
                VenueClient client = client(log)
                        .guard(request -> Optional.of("not on a Sunday"))
                        .build()) {
            assertThatThrownBy(() -> client.send(order("sunday"))).isInstanceOf(NotSentException.class);
        }
        assertThat(sim.received()).isEmpty();
        assertThat(Written.kinds(folder)).containsExactly("file", "opened", "outcome", "closed");
        assertThat(Written.records(folder).get(2).members())
                .containsEntry("guard", "not on a Sunday")
                .containsEntry("outcome", "not-sent")
                .containsEntry("reason", "guard")
                .containsEntry("order", "sunday")
                .containsKey("fields");
    }

    @Test
    void send_diskFull_nothingReachesTheVenueUntilThereIsRoom() {
        Disk disk = new Disk();
        try (AuditLog log = log().opener(disk).open();
                VenueClient client = client(log).build()) {
            client.send(order("before"));
            disk.full = true;
            assertThatThrownBy(() -> client.send(order("meanwhile")))
                    .isInstanceOfSatisfying(NotSentException.class, e -> {
                        assertThat(e.reason()).isEqualTo(NotSentException.Reason.AUDIT);
                        assertThat(e.remedy()).isEqualTo(VenueException.Remedy.FIX_SETUP);
                        assertThat(e.getMessage()).contains("No space left on device", folder.toString());
                    });
            disk.full = false;
            client.send(order("after"));
        }
        assertThat(sim.orders()).extracting(PlacedOrder::clientOrderId).containsExactlyInAnyOrder("before", "after");
    }

    @Test
    void send_diskFullAndSetToSend_theOrderIsPlaced() {
        Disk disk = new Disk();
        try (AuditLog log =
                        log().opener(disk).onFailure(AuditLog.OnFailure.SEND).open();
                VenueClient client = client(log).build()) {
            disk.full = true;
            client.send(order("meanwhile"));
            disk.full = false;
        }
        assertThat(sim.orders()).extracting(PlacedOrder::clientOrderId).containsExactly("meanwhile");
        assertThat(Written.kinds(folder)).containsExactly("file", "opened", "gap", "closed");
    }

    private static String call(String method, String path) {
        return method + " " + path;
    }

    /** Every request that arrived is an attempt on record, every attempt that was written arrived, and each call ended as its caller was told. */
    @Test
    void send_manyCallsAmongFaults_theRecordsAreWhatTheVenueSaw() {
        Random random = new Random(41);
        List<Supplier<Fault>> faults = List.of(
                () -> Fault.throttled(Duration.ofMillis(500)),
                Fault::unavailable,
                Fault::acceptThenUnavailable,
                Fault::acceptThenLoseAnswer,
                Fault::acceptThenReset,
                Fault::closeAfterReading,
                Fault::insufficientFunds);
        List<String> told = new ArrayList<>();
        try (AuditLog log = log().policy(AuditLog.Policy.EVERY_SECOND).open();
                VenueClient client = client(log).build()) {
            for (int i = 0; i < 300; i++) {
                sim.faults().clear();
                while (random.nextInt(3) == 0) {
                    sim.faults().next(faults.get(random.nextInt(faults.size())).get());
                }
                ApiRequest request = switch (random.nextInt(3)) {
                    case 0 -> order("order-" + i);
                    case 1 -> ApiRequest.get("/api/v3/account");
                    default ->
                        ApiRequest.delete("/api/v3/order")
                                .query("symbol", "BTCUSDT")
                                .query("origClientOrderId", "order-" + random.nextInt(i + 1));
                };
                told.add(request.method() + " " + outcome(client, request));
                time.advance(Duration.ofMillis(200 + random.nextInt(3000)));
            }
        }
        Map<String, Integer> arrived = new HashMap<>();
        for (ReceivedRequest request : sim.received()) {
            if (!request.path().equals("/api/v3/time")) {
                arrived.merge(call(request.method(), request.path()), 1, Integer::sum);
            }
        }
        Map<String, Integer> recorded = new HashMap<>();
        List<String> ended = new ArrayList<>();
        Set<String> open = new HashSet<>();
        Set<String> accepted = new HashSet<>();
        AuditRecord.readAll(folder, record -> {
            String call = record.text("call").orElse("");
            if (record.kind().equals("intent")) {
                assertThat(open.add(call)).isTrue();
            } else if (record.kind().equals("outcome")) {
                String what = call(
                        record.text("method").orElseThrow(), record.text("path").orElseThrow());
                assertThat(open.remove(call))
                        .as("it has an intent, or nothing was sent")
                        .isEqualTo(((List<?>) record.members().get("attempts")).size() > 0);
                for (Object attempt : (List<?>) record.members().get("attempts")) {
                    if (!"not-sent".equals(((Map<?, ?>) attempt).get("result"))) {
                        recorded.merge(what, 1, Integer::sum);
                    }
                }
                AuditRecord.Outcome outcome = record.outcome().orElseThrow();
                boolean isQuestion = what.equals("GET /api/v3/order");
                if (!isQuestion) {
                    ended.add(record.text("method").orElseThrow() + " " + outcome);
                }
                if (what.startsWith("POST")
                        && (outcome == AuditRecord.Outcome.ACCEPTED || outcome == AuditRecord.Outcome.RECONCILED)) {
                    accepted.add(record.text("order").orElseThrow());
                }
            }
        });
        assertThat(open).isEmpty();
        assertThat(recorded).isEqualTo(arrived);
        assertThat(ended).isEqualTo(told);
        assertThat(new HashSet<>(told)).as("the faults did something").hasSizeGreaterThan(5);
        Set<String> placed = new HashSet<>();
        sim.orders().forEach(order -> placed.add(order.clientOrderId()));
        assertThat(placed).containsAll(accepted);
        assertThat(AuditVerifier.of(folder).verify().isSound()).isTrue();
    }

    private static AuditRecord.Outcome outcome(VenueClient client, ApiRequest request) {
        try {
            VenueResponse response = client.send(request);
            return response.isReconciled() ? AuditRecord.Outcome.RECONCILED : AuditRecord.Outcome.ACCEPTED;
        } catch (NotSentException e) {
            return AuditRecord.Outcome.NOT_SENT;
        } catch (ThrottledException e) {
            return AuditRecord.Outcome.THROTTLED;
        } catch (RejectedException e) {
            return AuditRecord.Outcome.REJECTED;
        } catch (VenueException e) {
            return AuditRecord.Outcome.UNANSWERED;
        }
    }
}
