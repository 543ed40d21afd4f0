package io.intaglio.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * One client under load in a JVM of its own, so that its processor time is told apart from the server's: arguments are the client, where to call, the
 * folder of certificates or {@code -}, connections, callers, {@code threads} or {@code virtual}, and milliseconds of warm-up and of measurement. It
 * prints one line, a {@link Load.Figures}.
 */
final class LoadChild {
    /** More than fit in the time; the rest would not be counted in the percentiles. */
    private static final int MOST = 4_000_000;

    private LoadChild() {}

    /** Of one caller: latencies in ns, and bytes allocated. */
    private static final class Share {
        private final long[] nanos;
        private final long bytes;

        Share(long[] nanos, long bytes) {
            this.nanos = nanos;
            this.bytes = bytes;
        }
    }

    /** Runs the load. */
    public static void main(String[] arguments) throws Exception {
        Optional<TlsFiles> tls =
                arguments[2].equals("-") ? Optional.empty() : Optional.of(TlsFiles.in(Path.of(arguments[2])));
        int callers = Integer.parseInt(arguments[4]);
        try (LoadClients.Caller client =
                LoadClients.named(arguments[0], URI.create(arguments[1]), Integer.parseInt(arguments[3]), tls)) {
            ExecutorService pool = arguments[5].equals("virtual") ? virtual() : Executors.newFixedThreadPool(callers);
            // a first call by one caller alone: what is made once is made once
            client.call();
            run(pool, client, callers, Long.parseLong(arguments[6]));
            OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
            long cpu = system.getProcessCpuTime();
            long start = System.nanoTime();
            List<Share> shares = run(pool, client, callers, Long.parseLong(arguments[7]));
            long took = System.nanoTime() - start;
            cpu = system.getProcessCpuTime() - cpu;
            long[] nanos = shares.stream()
                    .flatMapToLong(share -> Arrays.stream(share.nanos))
                    .sorted()
                    .toArray();
            long bytes = shares.stream().mapToLong(share -> share.bytes).sum();
            System.out.println(Load.Figures.of(nanos, took, cpu, bytes).line());
            pool.shutdownNow();
        }
        System.exit(0); // some peers leave threads behind
    }

    private static List<Share> run(ExecutorService pool, LoadClients.Caller client, int callers, long millis)
            throws InterruptedException, ExecutionException {
        long end = System.nanoTime() + millis * 1_000_000;
        Callable<Share> work = () -> call(client, end, MOST / callers);
        List<Future<Share>> running = new ArrayList<>();
        for (int i = 0; i < callers; i++) {
            running.add(pool.submit(work));
        }
        List<Share> shares = new ArrayList<>();
        for (Future<Share> share : running) {
            shares.add(share.get());
        }
        return shares;
    }

    private static Share call(LoadClients.Caller client, long end, int most) throws IOException {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long[] nanos = new long[Math.min(most, 1_024)];
        int count = 0;
        long bytes = 0;
        long before = threads.getCurrentThreadAllocatedBytes();
        for (long now = System.nanoTime(); now < end && count < most; ) {
            client.call();
            long after = System.nanoTime();
            if (count == nanos.length) {
                // the measuring's own memory does not count
                bytes += threads.getCurrentThreadAllocatedBytes() - before;
                nanos = Arrays.copyOf(nanos, Math.min(most, 2 * count));
                before = threads.getCurrentThreadAllocatedBytes();
            }
            nanos[count++] = after - now;
            now = after;
        }
        bytes += threads.getCurrentThreadAllocatedBytes() - before;
        return new Share(Arrays.copyOf(nanos, count), bytes);
    }

    /** Java 17 has none, and this is compiled for it. */
    private static ExecutorService virtual() throws ReflectiveOperationException {
        return (ExecutorService)
                Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
    }
}
