package io.intaglio.client.guard;

import io.intaglio.signing.time.VenueClock;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Stops all that acts, but for what makes risk smaller: by a call, by a file that exists, or by a signal. One switch may serve many guards.
 * Thread-safe.
 *
 * <pre>{@code
 * KillSwitch stop = KillSwitch.whenExists(Path.of("/run/desk/stop")).onSignal("USR2");
 * }</pre>
 */
public final class KillSwitch {
    /** A look at a file system costs microseconds; a person is slower than this. */
    private static final Duration LOOK = Duration.ofMillis(50);

    private final @Nullable Path file;
    private final long every;
    private final LongSupplier ticker;
    private volatile @Nullable String tripped;
    /** Why, by who holds it; sorted, so that the same reason is told each time. */
    private final ConcurrentSkipListMap<String, String> holds = new ConcurrentSkipListMap<>();

    private volatile @Nullable Look last;

    private record Look(long ticks, boolean isThere) {}

    private KillSwitch(@Nullable Path file, Duration every, LongSupplier ticker) {
        this.file = file;
        this.every = every.toNanos();
        this.ticker = ticker;
    }

    /** One that {@link #trip} alone, or a signal, trips. */
    public static KillSwitch create() {
        return new KillSwitch(null, LOOK, () -> 0);
    }

    /**
     * One that is tripped as long as this file exists, and as long as it cannot be told whether it does. It is looked at when something is about
     * to be sent, at most every 50 ms.
     */
    public static KillSwitch whenExists(Path file) {
        return whenExists(file, LOOK, VenueClock.system()::ticks);
    }

    /**
     * The same with a time of its own.
     *
     * @param every how old a look may be
     * @param ticker nanoseconds that only rise
     */
    public static KillSwitch whenExists(Path file, Duration every, LongSupplier ticker) {
        return new KillSwitch(Objects.requireNonNull(file, "file"), every, ticker);
    }

    /**
     * The operating system's signal of this name trips this switch from now on; it takes the place of another handler of the signal. {@code USR2} is
     * free on a JVM for Linux, {@code USR1} is not.
     *
     * @throws IllegalStateException when this JVM has no such signal, or lacks the module {@code jdk.unsupported}, by which alone Java hears signals
     */
    public KillSwitch onSignal(String name) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object listener = Proxy.newProxyInstance(
                    handler.getClassLoader(),
                    new Class<?>[] {handler},
                    (self, method, arguments) -> heard(name, self, method, arguments));
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance(name), listener);
            return this;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(
                    "signal " + name + " cannot be heard (" + e
                            + "); use one that the system has, such as USR2, and a Java runtime with module jdk.unsupported",
                    e);
        }
    }

    private @Nullable Object heard(String name, Object self, Method method, Object @Nullable [] arguments) {
        return switch (method.getName()) {
            case "handle" -> {
                trip("signal " + name);
                yield null;
            }
            case "equals" -> arguments != null && arguments[0] == self;
            case "hashCode" -> System.identityHashCode(self);
            default -> "KillSwitch";
        };
    }

    /**
     * Trips it until {@link #reset}.
     *
     * @param why for whoever is refused: who stopped it, and for what
     */
    public void trip(String why) {
        tripped = Objects.requireNonNull(why, "why");
    }

    /** Takes back {@link #trip} and a signal. A file that exists goes on to stop everything, and so does {@link #hold}. */
    public void reset() {
        tripped = null;
    }

    /**
     * Trips it until the same holder lets go by {@link #release}, whatever else trips or resets it: for programs that stop and go on by themselves, as a
     * fleet does. People trip.
     *
     * @param why for whoever is refused; takes the place of what this holder said before
     */
    public void hold(String holder, String why) {
        holds.put(Objects.requireNonNull(holder, "holder"), Objects.requireNonNull(why, "why"));
    }

    /** Takes back what this holder said by {@link #hold}, and nothing else. */
    public void release(String holder) {
        holds.remove(Objects.requireNonNull(holder, "holder"));
    }

    /** Why everything is stopped; empty when it is not. */
    public Optional<String> tripped() {
        String called = tripped;
        if (called != null) {
            return Optional.of(called);
        }
        Map.Entry<String, String> held = holds.firstEntry();
        if (held != null) {
            return Optional.of(held.getValue());
        }
        return file != null && isThere(file)
                ? Optional.of("file " + file + " exists or cannot be looked for")
                : Optional.empty();
    }

    private boolean isThere(Path path) {
        long now = ticker.getAsLong();
        Look look = last;
        if (look == null || now - look.ticks >= every) {
            look = new Look(now, isThereNow(path));
            last = look;
        }
        return look.isThere;
    }

    private static boolean isThereNow(Path path) {
        try {
            Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            return true;
        } catch (NoSuchFileException absent) {
            return isBelowAFile(path);
        } catch (IOException cannotBeTold) {
            return true;
        }
    }

    /** Newer Java versions call a file absent also when its folder is none; then nobody could ever put it there. */
    private static boolean isBelowAFile(Path path) {
        Path above = path.toAbsolutePath().getParent();
        while (above != null && Files.notExists(above)) {
            above = above.getParent();
        }
        return above != null && !Files.isDirectory(above);
    }
}
