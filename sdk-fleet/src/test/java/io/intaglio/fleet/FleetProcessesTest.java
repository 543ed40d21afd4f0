package io.intaglio.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import io.intaglio.signing.Credential;
import io.intaglio.signing.time.NonceUnit;
import io.intaglio.signing.time.VenueClock;
import io.intaglio.signing.venue.KrakenSpot;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes of their own that draw nonces of one key; one of them is killed while it draws. */
@Tag("long")
class FleetProcessesTest {
    private static final boolean SLOW = Boolean.getBoolean("intaglio.slow");

    @TempDir
    Path folder;

    /** A process: draws so many nonces and writes them, eight bytes each, to a file. */
    static final class Drawer {
        private Drawer() {}

        public static void main(String[] args) throws IOException {
            RedisAddress redis =
                    RedisAddress.single("127.0.0.1", Integer.parseInt(args[0])).timeout(Duration.ofSeconds(5));
            int count = Integer.parseInt(args[1]);
            VenueClock clock = VenueClock.system();
            try (Fleet fleet = Fleet.builder("drawers", redis).open();
                    FileChannel out =
                            FileChannel.open(Path.of(args[2]), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                FleetNonces nonces =
                        fleet.nonces(KrakenSpot.VENUE, Credential.keyId("processes-test-key-01"), NonceUnit.MICROS);
                ByteBuffer buffer = ByteBuffer.allocate(8192);
                for (int i = 0; i < count; i++) {
                    buffer.putLong(nonces.draw(clock.now()));
                    if (!buffer.hasRemaining() || i == count - 1) {
                        out.write(buffer.flip());
                        buffer.clear();
                    }
                }
            }
        }
    }

    private Process drawer(RedisServer redis, int count, Path file) throws IOException {
        return JavaProcess.start(
                Drawer.class,
                folder.resolve(file.getFileName() + ".log"),
                Integer.toString(redis.port()),
                Integer.toString(count),
                file.toString());
    }

    private static long[] drawn(Path file) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
        long[] drawn = new long[bytes.remaining() / 8];
        bytes.asLongBuffer().get(drawn);
        return drawn;
    }

    /** Ten million over eight processes with -Dintaglio.slow=true, else fewer over two; one more is killed on the way. */
    @Test
    void processes_drawNonces_noneTwiceAndNoneLower() throws Exception {
        int processes = SLOW ? 8 : 2;
        int count = (SLOW ? 10_000_000 : 100_000) / processes;
        try (RedisServer redis = RedisServer.start()) {
            List<Process> running = new ArrayList<>();
            for (int i = 0; i < processes; i++) {
                running.add(drawer(redis, count, folder.resolve("drawn" + i)));
            }
            Process killed = drawer(redis, Integer.MAX_VALUE, folder.resolve("killed"));
            Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> Files.exists(folder.resolve("killed")) && Files.size(folder.resolve("killed")) > 0);
            killed.destroyForcibly().waitFor();
            for (Process one : running) {
                assertThat(one.waitFor(10, TimeUnit.MINUTES)).isTrue();
                assertThat(one.exitValue()).isZero();
            }
            List<long[]> each = new ArrayList<>();
            each.add(drawn(folder.resolve("killed")));
            for (int i = 0; i < processes; i++) {
                long[] mine = drawn(folder.resolve("drawn" + i));
                assertThat(mine).hasSize(count);
                each.add(mine);
            }
            long lower = 0;
            for (long[] mine : each) {
                for (int i = 1; i < mine.length; i++) {
                    lower += mine[i] <= mine[i - 1] ? 1 : 0;
                }
            }
            long[] all = each.stream().flatMapToLong(Arrays::stream).sorted().toArray();
            long twice = 0;
            for (int i = 1; i < all.length; i++) {
                twice += all[i] == all[i - 1] ? 1 : 0;
            }
            System.out.printf(
                    Locale.ROOT,
                    "%d nonces of %d processes: %d twice, %d lower%n",
                    all.length,
                    each.size(),
                    twice,
                    lower);
            assertThat(twice).isZero();
            assertThat(lower).isZero();
        }
    }
}
