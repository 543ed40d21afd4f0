package io.intaglio.benchmarks;

import io.intaglio.signing.time.NonceSource;
import io.intaglio.signing.time.NonceUnit;
import io.intaglio.signing.time.VenueClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A nonce, with the venue's time that it begins at: from memory and from a file that survives a kill. */
public class NonceBenchmark {
    private NonceBenchmark() {}

    /** One thread. */
    @State(Scope.Thread)
    public static class Draw {
        private final VenueClock clock = VenueClock.system();
        private final NonceSource memory = NonceSource.increasing(NonceUnit.MICROS);
        private final Path folder;
        private final NonceSource durable;

        /** Makes the file. */
        public Draw() {
            try {
                folder = Files.createTempDirectory("nonces");
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
            durable = NonceSource.durable(folder.resolve("state"), NonceUnit.MICROS);
        }

        /** Kept in memory. */
        @Benchmark
        public String inMemory() {
            return memory.next(clock.now());
        }

        /** Kept in a file. */
        @Benchmark
        public String durable() {
            return durable.next(clock.now());
        }

        /** Removes the file. */
        @TearDown
        public void close() throws IOException {
            durable.close();
            Files.deleteIfExists(folder.resolve("state"));
            Files.deleteIfExists(folder);
        }
    }
}
