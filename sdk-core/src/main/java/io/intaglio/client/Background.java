package io.intaglio.client;

import io.intaglio.signing.Priority;
import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs calls on other threads, and interrupts those whose future is cancelled. Thread-safe.
 *
 * <p>Platform threads are few, so each priority has its own: reads that hang hold up no order, and orders no cancel.
 */
final class Background implements AutoCloseable {
    private final Executor executor;
    private final Map<Priority, Executor> executors = new EnumMap<>(Priority.class);
    private final List<ExecutorService> own;

    private Background(Executor executor, List<ExecutorService> own) {
        this.executor = executor;
        this.own = own;
    }

    /** On the caller's executor, which is not closed. */
    static Background on(Executor executor) {
        return new Background(executor, List.of());
    }

    /** On virtual threads where the JVM has them, else on at most this many daemon threads for each priority and for the client's own work. */
    static Background own(int threads) {
        ExecutorService virtual = virtualThreads();
        if (virtual != null) {
            return new Background(virtual, List.of(virtual));
        }
        List<ExecutorService> pools = new ArrayList<>();
        pools.add(daemons(threads));
        Background background = new Background(pools.get(0), pools);
        for (Priority priority : Priority.values()) {
            ExecutorService pool = daemons(threads);
            pools.add(pool);
            background.executors.put(priority, pool);
        }
        return background;
    }

    private static ExecutorService daemons(int most) {
        ThreadPoolExecutor pool =
                new ThreadPoolExecutor(most, most, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), work -> {
                    Thread thread = new Thread(work, "intaglio-call");
                    thread.setDaemon(true);
                    return thread;
                });
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    private static @Nullable ExecutorService virtualThreads() {
        try {
            return (ExecutorService)
                    Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
        } catch (NoSuchMethodException | IllegalAccessException | InvocationTargetException notBefore21) {
            return null;
        }
    }

    /** @param closed what the call fails with when no thread takes it any more */
    <T> CompletableFuture<T> call(Priority priority, Supplier<T> work, Supplier<RuntimeException> closed) {
        Call<T> call = new Call<>(work, closed);
        try {
            executors.getOrDefault(priority, executor).execute(call);
        } catch (RejectedExecutionException e) {
            // our own threads reject nothing until they are closed; why the caller's do, only their exception knows
            call.future.completeExceptionally(own.isEmpty() ? e : closed.get());
        }
        CompletableFuture<T> unused = call.future.whenComplete((result, failure) -> {
            if (call.future.isCancelled()) {
                call.interrupt();
            }
        });
        return call.future;
    }

    /** One call, which a thread takes or nobody does. */
    private static final class Call<T> implements Runnable {
        private final Supplier<T> work;
        private final Supplier<RuntimeException> closed;
        private final CompletableFuture<T> future = new CompletableFuture<>();
        private @Nullable Thread runner;
        private boolean wasInterrupted;

        Call(Supplier<T> work, Supplier<RuntimeException> closed) {
            this.work = work;
            this.closed = closed;
        }

        /** Whether it is still wanted; then a cancellation interrupts this thread until the work has ended, and never what it does next. */
        private synchronized boolean begins() {
            runner = future.isDone() ? null : Thread.currentThread();
            return runner != null;
        }

        /** Takes back an interruption of ours, which not every executor does between two tasks. */
        private synchronized void ends() {
            runner = null;
            if (wasInterrupted) {
                Thread.interrupted();
            }
        }

        private synchronized void interrupt() {
            if (runner != null) {
                wasInterrupted = true;
                runner.interrupt();
            }
        }

        @Override
        public void run() {
            if (!begins()) {
                return;
            }
            try {
                T result = work.get();
                ends();
                future.complete(result);
            } catch (RuntimeException | Error e) {
                ends();
                future.completeExceptionally(e);
            }
        }

        void abandon() {
            future.completeExceptionally(closed.get());
        }
    }

    /** The executor itself, for work of the client's own. */
    Executor executor() {
        return executor;
    }

    @Override
    public void close() {
        for (ExecutorService service : own) {
            for (Runnable left : service.shutdownNow()) {
                if (left instanceof Call<?> call) {
                    call.abandon();
                }
            }
        }
    }
}
