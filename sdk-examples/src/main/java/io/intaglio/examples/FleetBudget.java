package io.intaglio.examples;

import io.intaglio.examples.fleet.Picture;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Four processes share one budget over a Redis, which is taken away for a while; drawn as a picture of who used what.
 *
 * <p>Run it with {@code ./example fleet-budget [SECONDS [FILE]]}: 24 seconds, fleet.html in the folder for temporary files. It starts a {@code redis-server}
 * of its own, which has to be installed, and says so where it is not. What a process does is in {@code fleet/Desk.java}.
 */
final class FleetBudget {
    public static void main(String[] args) {
        int seconds = Stage.number(args, 0, 24, 120);
        Path file = args.length > 1
                ? Path.of(args[1]).toAbsolutePath()
                : Path.of(System.getProperty("java.io.tmpdir"), "fleet.html");
        Stage.playSimulated(new String[0], stage -> run(stage, Duration.ofSeconds(seconds), file));
    }

    static void run(Stage stage, Duration length, Path file) throws Exception {
        if (!Picture.redisIsHere()) {
            stage.show(
                    "not run",
                    "there is no redis-server on the search path; install it, or name one in -Dintaglio.redis");
            return;
        }
        stage.show(
                "running",
                length.toSeconds() + " s: a Redis, a simulated venue, four processes that want more than it takes");
        Picture.Run run = Picture.run(length);
        Files.writeString(file, Picture.drawn(run));
        stage.show("accepted", run.count("accepted") + " calls of four processes");
        stage.proved(
                run.count("refused") == 0, "the venue refused none, with Redis there, away, and back without its data");
        stage.show("drawn in", file);
        stage.why(
                "Each process is granted units ahead of need and spends them without asking. While Redis is away each keeps to a safe share that"
                        + " nobody else is ever given, so the sum stays below the limit.");
    }
}
