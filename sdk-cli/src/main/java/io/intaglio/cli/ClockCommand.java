package io.intaglio.cli;

import io.intaglio.client.ClockCheck;
import io.intaglio.client.ClockCheck.Reading;
import io.intaglio.client.ClockCheck.Verdict;
import io.intaglio.client.tls.KeystoreException;
import io.intaglio.client.tls.Tls;
import io.intaglio.signing.venue.Venue;
import io.intaglio.signing.venue.Venues;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "clock",
        mixinStandardHelpOptions = true,
        description = "Compares this host's clock with a venue's. Needs no key and sets no clock.",
        footerHeading = "%nExample:%n",
        footer = {
            "  intaglio clock binance",
            "",
            "The exit status is 8 when timestamps of this host's clock may be refused, or the venue tells no time."
        })
final class ClockCommand implements Callable<Integer> {
    @Parameters(paramLabel = "VENUE", description = "Name or alias; see 'intaglio venues'.")
    private String venue = "";

    @Option(names = "--samples", paramLabel = "N", description = "How often it is asked; ${DEFAULT-VALUE} unless set.")
    private int samples = 5;

    @Option(names = "--base-url", paramLabel = "URL", description = "Instead of the venue's live address.")
    private @Nullable URI baseUrl;

    @Option(
            names = "--ca",
            paramLabel = "FILE",
            description = "PEM certificates to trust instead of those of the Java installation.")
    private @Nullable Path ca;

    @Option(names = "--json", description = "One JSON object.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        Venue asked = Venues.named(venue);
        asked = baseUrl == null ? asked : asked.at(baseUrl);
        Reading reading = new ClockCheck(asked, tls(), samples, Duration.ofSeconds(5)).run();
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(Json.line(members(asked, reading)));
        } else {
            print(out, asked, reading);
        }
        return reading.verdict() == Verdict.INSIDE || reading.verdict() == Verdict.UNCHECKED
                ? ExitCode.OK
                : ExitCode.CLOCK;
    }

    private static void print(PrintWriter out, Venue venue, Reading reading) {
        out.println("venue       " + venue + " at " + venue.baseUri());
        out.println("offset      " + millis(reading.offset()) + " ms, venue minus this host");
        out.println("bound       " + millis(reading.bound()) + " ms, either way");
        out.println("round trip  " + millis(reading.roundTrip()) + " ms, the fastest of " + reading.answers());
        out.println(
                "source      " + source(reading) + (reading.verified() ? "" : ", NOT verified: it came without TLS"));
        venue.window()
                .ifPresent(window -> out.println("window      -" + window.past().toMillis() + " ms to +"
                        + window.future().toMillis() + " ms around the venue's clock"));
        out.println("verdict     " + verdict(reading.verdict()));
    }

    private static String verdict(Verdict verdict) {
        return switch (verdict) {
            case INSIDE -> "inside the window";
            case OUTSIDE -> "outside the window, or it may be: synchronise this host's clock";
            case UNCERTAIN -> "uncertain: the round trip is too long for the window; use a faster line";
            case UNCHECKED -> "no window is known of this venue";
        };
    }

    private static Map<String, @Nullable Object> members(Venue venue, Reading reading) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        members.put("venue", venue.name());
        members.put("address", venue.baseUri().toString());
        members.put("offsetNanos", reading.offset().toNanos());
        members.put("boundNanos", reading.bound().toNanos());
        members.put("roundTripNanos", reading.roundTrip().toNanos());
        members.put("answers", reading.answers());
        members.put("source", source(reading));
        members.put("verified", reading.verified());
        venue.window().ifPresent(window -> {
            members.put("windowPastMillis", window.past().toMillis());
            members.put("windowFutureMillis", window.future().toMillis());
        });
        members.put("verdict", reading.verdict().name().toLowerCase(Locale.ROOT));
        return members;
    }

    private static String source(Reading reading) {
        return switch (reading.source()) {
            case TIME_ENDPOINT -> "time endpoint";
            case DATE_HEADER -> "Date header";
        };
    }

    /** With one decimal, signed when negative. */
    private static String millis(Duration duration) {
        return String.format(Locale.ROOT, "%.1f", duration.toNanos() / 1e6);
    }

    private Tls tls() {
        try {
            return ca == null ? Tls.system() : Tls.builder().trust(ca).build();
        } catch (KeystoreException e) {
            throw new UsageException("--ca: " + e.getMessage());
        }
    }
}
