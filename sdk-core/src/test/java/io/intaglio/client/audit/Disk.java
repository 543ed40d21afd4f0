package io.intaglio.client.audit;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/** A disk that can be full, fail to force, and be held up; it forces nothing for real, which has its own tests. */
final class Disk implements LogFile.Opener {
    final Semaphore written = new Semaphore(0);
    final AtomicInteger forces = new AtomicInteger();
    final Semaphore held = new Semaphore(Integer.MAX_VALUE);
    final Semaphore forcing = new Semaphore(0);
    volatile boolean full;
    volatile boolean failsToForce;

    @Override
    public LogFile open(Path file) throws IOException {
        LogFile real = LogFile.open(file);
        return new LogFile() {
            @Override
            public void write(byte[] bytes, int length) throws IOException {
                if (full) {
                    real.write(bytes, length / 2);
                    throw new IOException("No space left on device");
                }
                real.write(bytes, length);
                written.release();
            }

            @Override
            public void force() throws IOException {
                forces.incrementAndGet();
                forcing.release();
                held.acquireUninterruptibly();
                held.release();
                if (failsToForce) {
                    throw new IOException("Input/output error");
                }
            }

            @Override
            public void truncate(long length) throws IOException {
                real.truncate(length);
            }

            @Override
            public void close() throws IOException {
                real.close();
            }
        };
    }
}
