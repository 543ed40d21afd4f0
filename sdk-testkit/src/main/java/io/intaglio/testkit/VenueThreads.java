package io.intaglio.testkit;

import java.util.Arrays;
import java.util.Optional;

/**
 * Keeps the threads of simulated venues from keeping a JVM alive. MockWebServer's threads are no daemons, and it lets nobody change that; so each
 * venue has a daemon thread that waits until nothing but venues would keep the JVM alive, and then closes it.
 */
final class VenueThreads {
    /** One for all venues and for ever, because JDK 17 never forgets a group. Threads started in it start theirs in it. */
    private static final ThreadGroup GROUP = new ThreadGroup(root(), "simulated-venues");

    private VenueThreads() {}

    /** A thread whose own threads are counted as a venue's. */
    static Thread daemon(String name, Runnable work) {
        Thread thread = new Thread(GROUP, work, name);
        thread.setDaemon(true);
        return thread;
    }

    /** Returns when no thread that is neither a daemon nor a venue's is left: the JVM would end now, were it not for the venues. */
    static void awaitEndOfAllOthers() throws InterruptedException {
        for (Optional<Thread> other = other(); other.isPresent(); other = other()) {
            other.get().join();
        }
    }

    /** A thread that keeps the JVM alive in its own right. */
    private static Optional<Thread> other() {
        Thread[] threads = new Thread[64];
        int count = root().enumerate(threads);
        while (count == threads.length) {
            threads = new Thread[2 * threads.length];
            count = root().enumerate(threads);
        }
        return Arrays.stream(threads, 0, count)
                .filter(thread -> !thread.isDaemon() && thread.getThreadGroup() != GROUP && !endsTheJvm(thread))
                .findFirst();
    }

    /** When main has returned, its thread waits under this name for all others, so waiting for it would be waiting for ourselves. */
    private static boolean endsTheJvm(Thread thread) {
        return thread.getName().startsWith("DestroyJavaVM");
    }

    private static ThreadGroup root() {
        ThreadGroup group = Thread.currentThread().getThreadGroup();
        while (group.getParent() != null) {
            group = group.getParent();
        }
        return group;
    }
}
