package io.intaglio.examples.fleet;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.intaglio.signing.secret.Secret;
import io.intaglio.signing.venue.BinanceSpot;
import io.intaglio.testkit.Budget;
import io.intaglio.testkit.SimulatedVenue;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateEncodingException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * How four processes share one budget: it starts a Redis and a simulated venue that takes 200 calls in four seconds, lets four processes ask for more than
 * that together, takes Redis away for a while, and draws what each used. {@code ./example fleet-budget} runs it.
 *
 * <p>Needs {@code redis-server} on the path, or another named by {@code -Dintaglio.redis}.
 */
public final class Picture {
    static final int DESKS = 4;
    static final int CAPACITY = 200;
    static final Duration WINDOW = Duration.ofSeconds(4);
    static final double SAFE_SHARE = 0.1;

    private static final String[] COLOURS = {"#1b6ca8", "#e08e0b", "#3a8f5c", "#8c4b9b"};
    private static final int WIDTH = 1000;
    private static final int HEIGHT = 320;
    private static final int LEFT = 60;

    /** An answer to a desk. */
    public record Answer(int desk, long millis, String what) {}

    /**
     * What came of it.
     *
     * @param answers of all desks
     * @param begin in ms since 1970, at a multiple of the window
     * @param awayFrom when Redis was killed
     * @param awayTo when it was started again, empty
     */
    public record Run(List<Answer> answers, long begin, long end, long awayFrom, long awayTo) {
        /** Answers of this kind: accepted, refused or unsent. */
        public long count(String what) {
            return answers.stream().filter(answer -> answer.what().equals(what)).count();
        }
    }

    private Picture() {}

    /** Whether there is a Redis to start. */
    public static boolean redisIsHere() throws InterruptedException {
        try {
            Process asked = new ProcessBuilder(binary(), "--version").start();
            return asked.waitFor(10, TimeUnit.SECONDS) && asked.exitValue() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    private static String binary() {
        return System.getProperty("intaglio.redis", "redis-server");
    }

    /** Runs all of it for this long. */
    public static Run run(Duration length) throws Exception {
        InstantSource clock = InstantSource.system();
        Path folder = Files.createTempDirectory("fleet");
        int port = freePort();
        byte[] secret = HexFormat.of().parseHex("00112233445566778899aabbccddeeff");
        String text = HexFormat.of().formatHex(secret);
        Budget tight = Budget.generous().withRequests(CAPACITY * 20, WINDOW);
        Process redis = redis(port, folder);
        List<Process> desks = new ArrayList<>();
        List<Answer> answers = new CopyOnWriteArrayList<>();
        try (SimulatedVenue venue =
                SimulatedVenue.of(BinanceSpot.VENUE).budget(tight).start()) {
            venue.addKey("picture-key", Secret.ofChars(text.toCharArray()), "");
            Path anchor = anchor(venue, folder);
            List<Thread> readers = new ArrayList<>();
            for (int i = 0; i < DESKS; i++) {
                ProcessBuilder desk = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Desk.class.getName(),
                        "desk " + (i + 1),
                        Integer.toString(port),
                        venue.uri().toString(),
                        anchor.toString(),
                        "picture-key",
                        Integer.toString(10 + 10 * i));
                desk.environment().put("DESK_SECRET", text);
                Process started = desk.redirectError(
                                folder.resolve("desk" + i + ".log").toFile())
                        .start();
                desks.add(started);
                readers.add(reader(i, started, answers));
            }
            while (answers.isEmpty() && desks.stream().allMatch(Process::isAlive)) {
                sleepUntil(clock.millis() + 10, clock);
            }
            long window = WINDOW.toMillis();
            long begin = clock.millis() / window * window;
            long awayFrom = begin + length.toMillis() / 2 + window / 2;
            long awayTo = awayFrom + length.toMillis() / 5;
            sleepUntil(awayFrom, clock);
            redis.destroyForcibly().waitFor();
            sleepUntil(awayTo, clock);
            redis = redis(port, folder);
            long end = begin + length.toMillis();
            sleepUntil(end, clock);
            desks.forEach(Process::destroy);
            for (Thread reader : readers) {
                reader.join();
            }
            return new Run(List.copyOf(answers), begin, end, awayFrom, awayTo);
        } finally {
            desks.forEach(Process::destroyForcibly);
            redis.destroyForcibly();
        }
    }

    private static void sleepUntil(long millis, InstantSource clock) {
        while (clock.millis() < millis) {
            LockSupport.parkNanos((millis - clock.millis()) * 1_000_000);
        }
    }

    private static Process redis(int port, Path folder) throws IOException {
        return new ProcessBuilder(
                        binary(),
                        "--port",
                        Integer.toString(port),
                        "--bind",
                        "127.0.0.1",
                        "--save",
                        "",
                        "--dir",
                        folder.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("redis.log").toFile())
                .start();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static Path anchor(SimulatedVenue venue, Path folder) throws IOException, CertificateEncodingException {
        String pem = "-----BEGIN CERTIFICATE-----\n"
                + Base64.getMimeEncoder().encodeToString(venue.trustAnchor().getEncoded())
                + "\n-----END CERTIFICATE-----\n";
        return Files.writeString(folder.resolve("venue.pem"), pem);
    }

    private static Thread reader(int desk, Process process, List<Answer> answers) {
        Thread reader = new Thread(() -> {
            try (BufferedReader lines = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    String[] words = line.split(" ", 2);
                    answers.add(new Answer(desk, Long.parseLong(words[0]), words[1]));
                }
            } catch (IOException e) {
                // the process was ended
            }
        });
        reader.start();
        return reader;
    }

    /** Of each window, what the desks used of it so far, one above the other; the limit as a line. */
    public static String drawn(Run run) {
        StringBuilder svg = new StringBuilder();
        long step = 100;
        long window = WINDOW.toMillis();
        int steps = (int) ((run.end() - run.begin()) / step);
        long[][] used = new long[steps][DESKS];
        for (Answer answer : run.answers()) {
            long from = answer.millis() - run.begin();
            if (answer.what().equals("accepted") && from >= 0 && from < steps * step) {
                long till = Math.min((from / window + 1) * window, steps * step);
                for (long at = from; at < till; at += step) {
                    used[(int) (at / step)][answer.desk()]++;
                }
            }
        }
        double perMilli = (double) WIDTH / (run.end() - run.begin());
        rect(
                svg,
                LEFT + (run.awayFrom() - run.begin()) * perMilli,
                20,
                (run.awayTo() - run.awayFrom()) * perMilli,
                HEIGHT,
                "#f3d9d9");
        text(svg, LEFT + (run.awayFrom() - run.begin()) * perMilli + 4, 34, "Redis is away");
        for (int i = 0; i < steps; i++) {
            double bottom = HEIGHT + 20;
            for (int desk = 0; desk < DESKS; desk++) {
                double height = used[i][desk] * (HEIGHT - 40.0) / CAPACITY;
                bottom -= height;
                rect(svg, LEFT + i * step * perMilli, bottom, step * perMilli + 0.3, height, COLOURS[desk]);
            }
        }
        line(svg, LEFT, 60, LEFT + WIDTH, 60, "#b00020");
        text(svg, LEFT + WIDTH + 6, 64, CAPACITY + " calls");
        line(svg, LEFT, HEIGHT + 20, LEFT + WIDTH, HEIGHT + 20, "#333");
        text(svg, 6, HEIGHT + 24, "0 calls");
        for (long at = 0; at <= run.end() - run.begin(); at += window) {
            text(svg, LEFT + at * perMilli - 6, HEIGHT + 38, at / 1000 + " s");
        }
        for (int desk = 0; desk < DESKS; desk++) {
            rect(svg, LEFT + desk * 130, HEIGHT + 56, 12, 12, COLOURS[desk]);
            text(svg, LEFT + desk * 130 + 18, HEIGHT + 66, "desk " + (desk + 1) + ", wants " + (10 + 10 * desk) + "/s");
        }
        return "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Four processes, one budget</title>"
                + "<body style=\"font:14px sans-serif;margin:24px\"><h1>Four processes, one budget</h1><p>A venue takes "
                + CAPACITY
                + " calls in each window of " + WINDOW.toSeconds()
                + " s from all four together. Shown is what they have used of each window so far. "
                + run.count("accepted") + " calls were accepted, " + run.count("refused")
                + " refused. A fleet that is new to its Redis begins with safe shares of "
                + (int) (SAFE_SHARE * CAPACITY)
                + " calls each, and while Redis is away each keeps to its own; then Redis was started empty.</p><svg width=\""
                + (WIDTH + LEFT + 70) + "\" height=\"" + (HEIGHT + 80) + "\" font-size=\"12\">" + svg
                + "</svg></body></html>\n";
    }

    private static void rect(StringBuilder svg, double x, double y, double width, double height, String colour) {
        if (height > 0) {
            svg.append(String.format(
                    Locale.ROOT,
                    "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\"/>",
                    x,
                    y,
                    width,
                    height,
                    colour));
        }
    }

    private static void line(StringBuilder svg, double x1, double y1, double x2, double y2, String colour) {
        svg.append(String.format(
                Locale.ROOT,
                "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\"/>",
                x1,
                y1,
                x2,
                y2,
                colour));
    }

    private static void text(StringBuilder svg, double x, double y, String text) {
        svg.append(String.format(Locale.ROOT, "<text x=\"%.1f\" y=\"%.1f\">%s</text>", x, y, text));
    }
}
