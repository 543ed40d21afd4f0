package io.intaglio.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.intaglio.client.internal.http.Dialing;
import io.intaglio.client.internal.http.RawAnswer;
import io.intaglio.client.internal.http.SendFailure;
import io.intaglio.client.internal.http.Transport;
import io.intaglio.client.internal.http.TransportSettings;
import io.intaglio.client.tls.Tls;
import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.Credential;
import io.intaglio.signing.Moment;
import io.intaglio.signing.SignedRequest;
import io.intaglio.signing.secret.Secret;
import io.intaglio.signing.venue.BinanceSpot;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Connections are taken from the pool and come back to it, whoever is interrupted and whenever it is closed. */
@Timeout(60)
class LeaseTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private static Transport oneConnection() {
        return new Transport(new TransportSettings(
                Tls.system(),
                1,
                Duration.ofSeconds(3),
                Duration.ofMinutes(5),
                Duration.ofSeconds(1),
                1 << 20,
                "test",
                Dialing.direct()));
    }

    private static RawServer answeringAfter(CountDownLatch told) {
        return RawServer.answering((number, socket, out) -> {
            told.await();
            out.write(RawServer.ok("{}").getBytes(StandardCharsets.ISO_8859_1));
        });
    }

    private static RawAnswer send(Transport transport, RawServer server) throws SendFailure {
        SignedRequest request = BinanceSpot.VENUE
                .scheme()
                .sign(
                        ApiRequest.get("/api/v3/time")
                                .baseUri(server.at(BinanceSpot.VENUE).baseUri()),
                        Credential.hmac(
                                "key-id-0123456789", Secret.takeOver("secret".getBytes(StandardCharsets.UTF_8))),
                        Moment.at(Instant.EPOCH));
        return transport.send(request, LIMIT, LIMIT);
    }

    private static CompletableFuture<RawAnswer> sendAside(Transport transport, RawServer server) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return send(transport, server);
            } catch (SendFailure e) {
                throw new IllegalStateException(e);
            }
        });
    }

    @Test
    void send_interruptedWhileEveryConnectionIsInUse_leavesTheNextOneToOthers() throws Exception {
        CountDownLatch answers = new CountDownLatch(1);
        try (RawServer server = answeringAfter(answers);
                Transport transport = oneConnection()) {
            CompletableFuture<RawAnswer> first = sendAside(transport, server);
            await().until(() -> server.requests().size() == 1);

            FutureTask<Boolean> second = new FutureTask<>(() -> {
                assertThatThrownBy(() -> send(transport, server))
                        .isInstanceOfSatisfying(
                                SendFailure.class, e -> assertThat(e.stage()).isEqualTo(SendFailure.Stage.INTERRUPTED));
                return Thread.currentThread().isInterrupted();
            });
            Thread waiting = new Thread(second);
            waiting.start();
            await().until(() -> waiting.getState() == Thread.State.TIMED_WAITING);
            waiting.interrupt();
            assertThat(second.get(10, TimeUnit.SECONDS)).as("stays interrupted").isTrue();

            answers.countDown();
            assertThat(first.get(10, TimeUnit.SECONDS).status()).isEqualTo(200);
            assertThat(send(transport, server).status()).isEqualTo(200);
            assertThat(server.connections()).isEqualTo(1);
        }
    }

    @Test
    void send_interruptedBefore_isToldAsThat() throws Exception {
        try (RawServer server = RawServer.answering(RawServer.ok("{}"));
                Transport transport = oneConnection()) {
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> send(transport, server))
                    .isInstanceOfSatisfying(
                            SendFailure.class, e -> assertThat(e.stage()).isEqualTo(SendFailure.Stage.INTERRUPTED));
            assertThat(Thread.interrupted()).as("stays interrupted").isTrue();
            assertThat(send(transport, server).status()).isEqualTo(200);
        }
    }

    /** The moment after the pool has looked whether it is closed, and before it locks itself, is held open here by that very lock. */
    @Test
    void send_closedWhileTheConnectionIsGivenBack_hasItsAnswer() throws Exception {
        CountDownLatch answers = new CountDownLatch(1);
        Transport transport = oneConnection();
        try (RawServer server = answeringAfter(answers)) {
            ReentrantLock lock = (ReentrantLock) field("lock", field("pool", field("connections", transport)));
            CompletableFuture<RawAnswer> call = sendAside(transport, server);
            await().until(() -> server.requests().size() == 1);
            lock.lock();
            try {
                answers.countDown();
                await().until(lock::hasQueuedThreads);
                transport.close();
            } finally {
                lock.unlock();
            }
            assertThat(call.get(10, TimeUnit.SECONDS).status()).isEqualTo(200);
        }
    }

    private static Object field(String name, Object of) throws ReflectiveOperationException {
        for (Class<?> type = of.getClass(); type != null; type = type.getSuperclass()) {
            for (Field field : type.getDeclaredFields()) {
                if (field.getName().equals(name)) {
                    field.setAccessible(true);
                    return field.get(of);
                }
            }
        }
        throw new NoSuchFieldException(name + " of " + of.getClass());
    }
}
