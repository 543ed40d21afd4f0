package io.intaglio.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import io.intaglio.client.internal.limit.ClientBudget;
import io.intaglio.client.internal.limit.Ticket;
import io.intaglio.client.internal.limit.VenueBudget;
import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.Priority;
import io.intaglio.signing.time.VenueClock;
import io.intaglio.signing.venue.Limit;
import io.intaglio.signing.venue.Limit.Scope;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes of their own that want more than a venue takes of all together, in real time, while what they rest on breaks. */
@Tag("long")
class FleetOutageTest {
    private static final int MEMBERS = 3;
    private static final double SAFE_SHARE = 0.05;
    private static final Limit CALLS = Limit.rolling("calls", Scope.KEY, 400, Duration.ofSeconds(2));
    private static final Duration TERM = Duration.ofSeconds(1);

    @TempDir
    Path folder;

    /** A process that sends as often as its budget lets it. Arguments: ports of Redis and venue. */
    static final class Sender {
        private Sender() {}

        public static void main(String[] args) throws IOException {
            RedisAddress redis = RedisAddress.single("127.0.0.1", Integer.parseInt(args[0]));
            VenueClock clock = VenueClock.system();
            try (Fleet fleet = member(redis).open();
                    Socket venue = new Socket(InetAddress.getLoopbackAddress(), Integer.parseInt(args[1]))) {
                venue.setTcpNoDelay(true);
                ClientBudget budget = new ClientBudget(
                        new VenueBudget(null, fleet.counts(), "venue host"), List.of(CALLS), clock, "key", "key");
                int answer = 'y';
                while (answer >= 0) {
                    Ticket ticket = budget.ticket(ApiRequest.get("/call"), Priority.ORDER);
                    for (long wait = ticket.poll(); wait > 0; wait = ticket.poll()) {
                        LockSupport.parkNanos(Math.min(wait, 5_000_000));
                    }
                    venue.getOutputStream().write('c');
                    answer = venue.getInputStream().read();
                    ticket.answered(answer == 'y', "", name -> Optional.empty());
                }
            }
        }
    }

    /** Counts calls of all connections as the venue does, and answers y or n. */
    private static final class Venue implements AutoCloseable {
        private final ServerSocket listener;
        private final VenueClock clock = VenueClock.system();
        private final VenueCounter counter = new VenueCounter(CALLS);

        Venue() throws IOException {
            listener = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
            daemon(this::accept);
        }

        private static void daemon(Runnable work) {
            Thread thread = new Thread(work, "counting-venue");
            thread.setDaemon(true);
            thread.start();
        }

        private void accept() {
            while (!listener.isClosed()) {
                try {
                    Socket caller = listener.accept();
                    daemon(() -> serve(caller));
                } catch (IOException closed) {
                    return;
                }
            }
        }

        private void serve(Socket caller) {
            try (caller) {
                caller.setTcpNoDelay(true);
                InputStream in = caller.getInputStream();
                OutputStream out = caller.getOutputStream();
                while (in.read() >= 0) {
                    out.write(take() ? 'y' : 'n');
                }
            } catch (IOException callerIsGone) {
                // killed, or the test is over
            }
        }

        private synchronized boolean take() {
            return counter.take(clock.ticks());
        }

        synchronized long used() {
            return counter.used(clock.ticks());
        }

        synchronized long refused() {
            return counter.refused();
        }

        @Override
        public void close() throws IOException {
            listener.close();
        }
    }

    private static Fleet.Builder member(RedisAddress redis) {
        return Fleet.builder("outage", redis)
                .members(MEMBERS)
                .safeShare(SAFE_SHARE)
                .term(TERM);
    }

    private static ConditionFactory soon() {
        return Awaitility.await().atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(20));
    }

    @Test
    void redisIsPausedThenEmptied_aMemberIsKilled_noneIsRefusedAndTheLimitIsUsedAgainEachTime() throws Exception {
        long most = CALLS.capacity();
        long safe = (long) (most * SAFE_SHARE);
        List<Process> senders = new ArrayList<>();
        try (RedisServer redis = RedisServer.start();
                Venue venue = new Venue()) {
            for (int i = 0; i < MEMBERS; i++) {
                senders.add(sender(redis, venue, i));
            }
            soon().until(() -> venue.used() > most * 0.85);

            redis.pause();
            long paused = venue.clock.ticks();
            // by their own clocks their grants end after a term, and after another period nothing of them is counted
            soon().during(Duration.ofSeconds(2)).until(() -> venue.used() <= MEMBERS * safe);
            assertThat(venue.used()).as("safe shares are used").isGreaterThanOrEqualTo(safe);
            soon().until(() ->
                    venue.clock.ticks() - paused >= Duration.ofSeconds(5).toNanos());
            redis.goOn();
            soon().until(() -> venue.used() > most * 0.85);

            redis.kill();
            redis.restart();
            soon().until(() -> venue.used() > most * 0.85);

            try (Fleet watcher = member(redis.address()).open()) {
                String dead = soon().until(() -> holder(watcher, senders.get(0).pid()), Optional::isPresent)
                        .orElseThrow();
                soon().until(() -> held(watcher, dead) > 0);
                senders.get(0).destroyForcibly().waitFor();
                long died = watcher.ticks();
                soon().until(() -> held(watcher, dead) == 0);
                assertThat(Duration.ofNanos(watcher.ticks() - died))
                        .as("held until its term and the grace for calls under way have passed")
                        .isLessThan(TERM.plusMillis(1_500));
                soon().until(() -> venue.used() > (most - safe) * 0.85);
            }
            assertThat(venue.refused()).isZero();
        } finally {
            senders.forEach(Process::destroyForcibly);
        }
    }

    private Process sender(RedisServer redis, Venue venue, int number) throws IOException {
        return JavaProcess.start(
                Sender.class,
                folder.resolve("sender" + number + ".log"),
                Integer.toString(redis.port()),
                Integer.toString(venue.listener.getLocalPort()));
    }

    /** The member that runs in this process, once it was heard; members are called by their process numbers unless told otherwise. */
    private static Optional<String> holder(Fleet watcher, long pid) {
        return watcher.status().members().stream()
                .filter(member -> member.name().equals("process " + pid))
                .map(FleetStatus.Member::id)
                .findFirst();
    }

    private static long held(Fleet watcher, String member) {
        return watcher.status().limits().stream()
                .flatMap(limit -> Optional.ofNullable(limit.shares().get(member)).stream())
                .mapToLong(FleetStatus.Share::held)
                .sum();
    }
}
