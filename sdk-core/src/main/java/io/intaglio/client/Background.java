package io.intaglio.client;

import java.lang.reflect.InvocationTargetException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Runs calls on other threads, and interrupts those whose future is cancelled. Thread-safe. */
final class Background implements AutoCloseable {
    private final Executor executor;
    private final @Nullable ExecutorService own;

    private Background(Executor executor, @Nullable ExecutorService own) {
        this.executor = executor;
        this.own = own;
    }

    /** On the caller's executor, which is not closed. */
    static Background on(Executor executor) {
        return new Background(executor, null);
    }

    /** On virtual threads where the JVM has them, else on at most this many daemon threads. */
    static Background own(int threads) {
        ExecutorService service = virtualThreads();
        if (service == null) {
            ThreadPoolExecutor pool = new ThreadPoolExecutor(
                    threads, threads, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), work -> {
                        Thread thread = new Thread(work, "intaglio-call");
                        thread.setDaemon(true);
                        return thread;
                    });
            pool.allowCoreThreadTimeOut(true);
            service = pool;
        }
        return new Background(service, service);
    }

    private static @Nullable ExecutorService virtualThreads() {
        try {
            return (ExecutorService)
                    Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
        } catch (NoSuchMethodException | IllegalAccessException | InvocationTargetException notBefore21) {
            return null;
        }
    }

    <T> CompletableFuture<T> call(Supplier<T> work) {
        CompletableFuture<T> future = new CompletableFuture<>();
        AtomicReference<@Nullable Thread> runner = new AtomicReference<>();
        executor.execute(() -> {
            if (future.isDone()) {
                return;
            }
            runner.set(Thread.currentThread());
            try {
                T result = work.get();
                runner.set(null);
                future.complete(result);
            } catch (RuntimeException | Error e) {
                runner.set(null);
                future.completeExceptionally(e);
            }
        });
        CompletableFuture<T> unused = future.whenComplete((result, failure) -> {
            Thread thread = runner.get();
            if (future.isCancelled() && thread != null) {
                thread.interrupt();
            }
        });
        return future;
    }

    /** The executor itself, for work of the client's own. */
    Executor executor() {
        return executor;
    }

    @Override
    public void close() {
        if (own != null) {
            own.shutdownNow();
        }
    }
}
