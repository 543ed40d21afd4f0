package io.intaglio.fleet;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import redis.embedded.core.ExecutableProvider;

/**
 * A real Redis of its own on a free port of this machine, which keeps nothing on disk: the binary that comes with embedded-redis, or the one named by
 * -Dintaglio.redis, or the one that is installed, whichever runs first.
 */
final class RedisServer implements AutoCloseable {
    private final int port;
    private final List<String> options;
    private Process process;

    private RedisServer(int port, List<String> options) {
        this.port = port;
        this.options = options;
    }

    static RedisServer start(String... options) {
        RedisServer server = new RedisServer(freePort(), List.of(options));
        server.restart();
        return server;
    }

    static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The first that runs here; the test is skipped without one. */
    static String binary() {
        List<String> found = new ArrayList<>();
        String named = System.getProperty("intaglio.redis");
        if (named != null) {
            found.add(named);
        }
        try {
            File embedded = ExecutableProvider.newJarResourceProvider().get();
            found.add(embedded.getPath());
        } catch (IOException | RuntimeException e) {
            // no binary for this platform; one that is installed may do
        }
        found.add("redis-server");
        for (String candidate : found) {
            if (runs(candidate)) {
                return candidate;
            }
        }
        assumeTrue(false, "no Redis runs here: neither embedded-redis' binary nor redis-server");
        throw new AssertionError();
    }

    private static boolean runs(String binary) {
        try {
            Process asked = new ProcessBuilder(binary, "--version")
                    .redirectErrorStream(true)
                    .start();
            return asked.waitFor(10, TimeUnit.SECONDS) && asked.exitValue() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Starts it, empty. */
    void restart() {
        try {
            Path folder = Files.createTempDirectory("redis");
            List<String> command = new ArrayList<>(List.of(
                    binary(),
                    "--port",
                    Integer.toString(port),
                    "--bind",
                    "127.0.0.1",
                    "--save",
                    "",
                    "--dir",
                    folder.toString()));
            command.addAll(options);
            process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("log").toFile())
                    .start();
            folder.toFile().deleteOnExit();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Awaitility.await()
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(10))
                .until(() -> listens(tlsPort()));
    }

    private static boolean listens(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 200);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    RedisAddress address() {
        // machines that run tests are busy
        return RedisAddress.single("127.0.0.1", port).timeout(Duration.ofSeconds(2));
    }

    /** The one for TLS, where there is one. */
    int tlsPort() {
        int option = options.indexOf("--tls-port");
        return option < 0 ? port : Integer.parseInt(options.get(option + 1));
    }

    int port() {
        return port;
    }

    /** kill -9. */
    void kill() {
        process.destroyForcibly();
        process.onExit().join();
    }

    /** Stops the process without ending it, as a virtual machine that is moved is. */
    void pause() {
        signal("STOP");
    }

    void goOn() {
        signal("CONT");
    }

    private void signal(String name) {
        try {
            int status = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                    .start()
                    .waitFor();
            if (status != 0) {
                throw new IllegalStateException("kill -" + name + " ended with " + status);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        if (process.isAlive()) {
            kill();
        }
    }
}
