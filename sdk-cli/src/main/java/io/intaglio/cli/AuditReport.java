package io.intaglio.cli;

import io.intaglio.client.audit.AuditVerification;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What an audit log says, as one page: tables, and charts over time. First every call is shown to {@link #span}, then to {@link #add}. Holds
 * counts, not calls. Not thread-safe.
 */
final class AuditReport {
    private static final List<String> OUTCOMES =
            List.of("accepted", "reconciled", "rejected", "throttled", "unanswered", "not-sent", "fault", "open");
    private static final List<String> ERRORS =
            List.of("rejected", "throttled", "unanswered", "not-sent", "fault", "open");
    private static final long[] STEPS = {1, 5, 15, 60, 300, 900, 3600, 21_600, 86_400, 604_800, 2_592_000};
    private static final int MOST_BUCKETS = 72;
    private static final int MOST_LIMITS = 6;
    private static final int MOST_ROWS = 20;

    /** What is counted of one venue. */
    private static final class Totals {
        private int calls;
        private int good;
        private int attempts;
        private long waited;
        private final Durations took = new Durations();
    }

    private @Nullable Instant first;
    private @Nullable Instant last;
    private Instant start = Instant.EPOCH;
    private long step = 1;
    private int buckets;
    private int calls;
    private final Map<String, double[]> outcomes = new LinkedHashMap<>();
    private final Map<String, double[]> limits = new TreeMap<>();
    private Durations[] took = {};
    private final Map<String, Totals> venues = new TreeMap<>();
    private final Map<String, Integer> whys = new TreeMap<>();
    private final List<String> uncertain = new ArrayList<>();
    private int uncertainCalls;
    private final List<String> notes = new ArrayList<>();

    int calls() {
        return calls;
    }

    void span(AuditedCallRow call) {
        first = first == null || call.at().isBefore(first) ? call.at() : first;
        last = last == null || call.at().isAfter(last) ? call.at() : last;
    }

    void note(String text) {
        if (!notes.contains(text)) {
            notes.add(text);
        }
    }

    private void begin() {
        Instant from = first == null ? Instant.EPOCH : first;
        long seconds = last == null ? 1 : Duration.between(from, last).toSeconds() + 1;
        step = STEPS[STEPS.length - 1];
        for (int i = STEPS.length - 1; i >= 0; i--) {
            step = seconds / STEPS[i] < MOST_BUCKETS ? STEPS[i] : step;
        }
        start = Instant.ofEpochSecond(Math.floorDiv(from.getEpochSecond(), step) * step);
        buckets = bucket(last == null ? from : last) + 1;
        OUTCOMES.forEach(outcome -> outcomes.put(outcome, new double[buckets]));
        took = new Durations[buckets];
        for (int i = 0; i < buckets; i++) {
            took[i] = new Durations();
        }
    }

    private int bucket(Instant at) {
        return (int) ((at.getEpochSecond() - start.getEpochSecond()) / step);
    }

    void add(AuditedCallRow call) {
        if (calls++ == 0) {
            begin();
        }
        int bucket = Math.min(buckets - 1, bucket(call.at()));
        String outcome = OUTCOMES.contains(call.outcome()) ? call.outcome() : "fault";
        double[] counts = outcomes.get(outcome);
        if (counts != null) {
            counts[bucket]++;
        }
        Totals venue = venues.computeIfAbsent(call.text("venue"), name -> new Totals());
        venue.calls++;
        venue.attempts += call.attempts();
        venue.waited += call.number("waitedUs").orElse(0);
        boolean isGood = outcome.equals("accepted") || outcome.equals("reconciled");
        venue.good += isGood ? 1 : 0;
        if (call.attempts() > 0 && call.number("us").isPresent()) {
            venue.took.add(call.number("us").getAsLong());
            took[bucket].add(call.number("us").getAsLong());
        }
        if (!isGood) {
            whys.merge(call.text("venue") + "\t" + outcome + "\t" + call.why(), 1, Integer::sum);
        }
        long capacity = call.number("limitCapacity").orElse(0);
        String limit = call.text("venue") + " " + call.text("limit");
        if (capacity > 0 && (limits.containsKey(limit) || limits.size() < MOST_LIMITS)) {
            double[] most = limits.computeIfAbsent(limit, name -> nothing());
            double use = 100.0 * call.number("limitUsed").orElse(0) / capacity;
            most[bucket] = Double.isNaN(most[bucket]) ? use : Math.max(most[bucket], use);
        }
        boolean isUncertain = outcome.equals("open") || call.text("effect").equals("unknown");
        if (isUncertain && !call.text("method").equals("GET")) {
            uncertainCalls++;
            if (uncertain.size() < MOST_ROWS) {
                uncertain.add(row(
                        call.at().truncatedTo(ChronoUnit.MILLIS).toString(),
                        call.text("venue"),
                        call.text("method") + " " + call.text("path"),
                        call.text("order"),
                        outcome,
                        call.why()));
            }
        }
    }

    private double[] nothing() {
        double[] values = new double[buckets];
        java.util.Arrays.fill(values, Double.NaN);
        return values;
    }

    private static String row(String... cells) {
        StringBuilder row = new StringBuilder("<tr>");
        for (String cell : cells) {
            row.append("<td>").append(Printable.html(cell)).append("</td>");
        }
        return row.append("</tr>\n").toString();
    }

    private static String table(String title, List<String> heads, List<String> rows) {
        StringBuilder table = new StringBuilder("<section class=\"card\"><h2>")
                .append(title)
                .append("</h2>\n<div class=\"scroll\"><table><thead><tr>");
        heads.forEach(head -> table.append("<th>").append(head).append("</th>"));
        table.append("</tr></thead><tbody>\n");
        rows.forEach(table::append);
        return table.append("</tbody></table></div></section>\n").toString();
    }

    /** The page. */
    String page(String log, AuditVerification found) {
        if (calls == 0) {
            begin();
        }
        StringBuilder page = new StringBuilder(HEAD);
        page.append("<header><h1>Audit report</h1><p class=\"log\">")
                .append(Printable.html(log))
                .append("</p>\n<p>");
        if (first == null || last == null) {
            page.append("No calls.");
        } else {
            page.append(first.truncatedTo(ChronoUnit.SECONDS))
                    .append(" to ")
                    .append(last.truncatedTo(ChronoUnit.SECONDS))
                    .append(", times in UTC, ")
                    .append(steps())
                    .append(" a step.");
        }
        page.append("</p></header>\n<section class=\"seal ")
                .append(found.isSound() ? "sound" : "broken")
                .append("\"><strong>")
                .append(found.isSound() ? "The log is sound" : "The log is NOT sound")
                .append("</strong><p>")
                .append(Printable.html(found.toString()))
                .append("</p>\n");
        found.notes()
                .forEach(note -> page.append("<p>").append(Printable.html(note)).append("</p>\n"));
        notes.forEach(note -> page.append("<p>").append(Printable.html(note)).append("</p>\n"));
        page.append("</section>\n").append(tiles());
        AuditChart calm = chart("Calls by outcome", "");
        AuditChart errors = chart("Calls that were not accepted", "");
        outcomes.forEach((outcome, counts) -> {
            calm.series(outcome, counts);
            if (ERRORS.contains(outcome)) {
                errors.series(outcome, counts);
            }
        });
        AuditChart latency = chart("Time a call took, waits and repeats included", "ms");
        for (double q : new double[] {0.5, 0.95, 0.99}) {
            double[] values = new double[buckets];
            for (int i = 0; i < buckets; i++) {
                values[i] = took[i].quantile(q);
            }
            latency.series(String.format(Locale.ROOT, "p%.0f", 100 * q), values);
        }
        AuditChart budget =
                chart("Fullest limit of the venue when a call was sent", "%").upTo(100);
        limits.forEach(budget::series);
        page.append(calm.bars()).append(latency.lines()).append(budget.lines()).append(errors.bars());
        if (uncertainCalls > 0) {
            page.append(table(
                    "Calls whose effect is not known, " + uncertainCalls
                            + (uncertainCalls > uncertain.size() ? ", the first " + uncertain.size() : ""),
                    List.of("at", "venue", "call", "client order id", "outcome", "why"),
                    uncertain));
        }
        page.append(table(
                "Venues",
                List.of("venue", "calls", "accepted", "attempts a call", "p50 ms", "p99 ms", "waited, s"),
                venues.entrySet().stream()
                        .map(venue -> venueRow(venue.getKey(), venue.getValue()))
                        .toList()));
        if (!whys.isEmpty()) {
            page.append(table(
                    "Most frequent reasons",
                    List.of("venue", "outcome", "code or reason", "calls"),
                    whys.entrySet().stream()
                            .sorted(Map.Entry.<String, Integer>comparingByValue(Comparator.reverseOrder()))
                            .limit(MOST_ROWS)
                            .map(why -> {
                                String[] parts = why.getKey().split("\t", 3);
                                return row(parts[0], parts[1], parts[2], AuditChart.shown(why.getValue()));
                            })
                            .toList()));
        }
        return page.append("</main></body></html>\n").toString();
    }

    private AuditChart chart(String title, String unit) {
        return new AuditChart(title, unit, start, step, buckets);
    }

    private String steps() {
        return step < 60
                ? step + " s"
                : step < 3600 ? step / 60 + " min" : step < 86_400 ? step / 3600 + " h" : step / 86_400 + " d";
    }

    private static String venueRow(String name, Totals venue) {
        return row(
                name,
                AuditChart.shown(venue.calls),
                share(venue.good, venue.calls),
                String.format(Locale.ROOT, "%.2f", (double) venue.attempts / venue.calls),
                millis(venue.took.quantile(0.5)),
                millis(venue.took.quantile(0.99)),
                AuditChart.shown(venue.waited / 1e6));
    }

    private static String share(int part, int of) {
        return of == 0 ? "-" : String.format(Locale.ROOT, "%.2f %%", 100.0 * part / of);
    }

    private static String millis(double value) {
        return Double.isNaN(value) ? "-" : AuditChart.shown(value);
    }

    private String tiles() {
        Durations all = new Durations();
        int good = 0;
        int attempts = 0;
        long waited = 0;
        for (Totals venue : venues.values()) {
            good += venue.good;
            attempts += venue.attempts;
            waited += venue.waited;
            all.add(venue.took);
        }
        return "<section class=\"tiles\">"
                + tile(AuditChart.shown(calls), "calls")
                + tile(share(good, calls), "accepted")
                + tile(AuditChart.shown(attempts), "attempts")
                + tile(millis(all.quantile(0.5)) + " ms", "p50")
                + tile(millis(all.quantile(0.99)) + " ms", "p99")
                + tile(AuditChart.shown(waited / 1e6) + " s", "waited for budget")
                + tile(AuditChart.shown(uncertainCalls), "effect not known")
                + "</section>\n";
    }

    private static String tile(String value, String what) {
        return "<div class=\"tile\"><b>" + value + "</b><span>" + what + "</span></div>";
    }

    private static final String HEAD = """
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>Audit report</title>
            <style>
            :root { --ink: #1d2733; --soft: #5b6875; --page: #f4f6f8; --card: #ffffff; --rule: #dfe5ea;
              --accepted: #2f9e6e; --reconciled: #1c7ed6; --rejected: #e8590c; --throttled: #e6a700;
              --unanswered: #c2255c; --not-sent: #7b8794; --fault: #7048e8; --open: #343a40; }
            @media (prefers-color-scheme: dark) { :root { --ink: #e6ebf0; --soft: #9aa7b4; --page: #12181f;
              --card: #1b232c; --rule: #2d3843; --open: #ced4da; } }
            * { box-sizing: border-box; }
            body { margin: 0; background: var(--page); color: var(--ink); font: 15px/1.45 system-ui, sans-serif; }
            main { max-width: 1040px; margin: 0 auto; padding: 28px 20px 48px; }
            h1 { font-size: 26px; margin: 0 0 4px; } h2 { font-size: 16px; margin: 0 0 8px; }
            header p { margin: 0; color: var(--soft); } header .log { font-family: ui-monospace, monospace; }
            .card, .seal, .tile { background: var(--card); border: 1px solid var(--rule); border-radius: 8px; }
            .card { padding: 16px 18px; margin-top: 16px; }
            .seal { padding: 12px 18px; margin-top: 16px; border-left: 6px solid var(--accepted); }
            .seal.broken { border-left-color: var(--unanswered); } .seal p { margin: 2px 0; color: var(--soft); overflow-wrap: anywhere; }
            .tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(124px, 1fr)); gap: 10px; margin-top: 16px; }
            .tile { padding: 10px 12px; } .tile b { display: block; font-size: 19px; white-space: nowrap; }
            .tile span { color: var(--soft); font-size: 13px; }
            svg { display: block; width: 100%; min-width: 640px; height: auto; }
            .grid { stroke: var(--rule); stroke-width: 1; } .axis { fill: var(--soft); font-size: 11px; } .end { text-anchor: end; }
            .line { fill: none; stroke-width: 1.6; stroke-linejoin: round; }
            .legend { margin: 0 0 6px; color: var(--soft); font-size: 13px; }
            .legend span { margin-right: 14px; white-space: nowrap; } .none { color: var(--soft); margin: 0; }
            .swatch { display: inline-block; width: 10px; height: 10px; border-radius: 2px; margin-right: 5px; background: currentColor; }
            .line0 { stroke: #1c7ed6; color: #1c7ed6; } .line1 { stroke: #e8590c; color: #e8590c; } .line2 { stroke: #c2255c; color: #c2255c; }
            .line3 { stroke: #2f9e6e; color: #2f9e6e; } .line4 { stroke: #7048e8; color: #7048e8; } .line5 { stroke: #7b8794; color: #7b8794; }
            .dot { fill: currentColor; stroke: none; }
            .o-accepted { fill: var(--accepted); color: var(--accepted); } .o-reconciled { fill: var(--reconciled); color: var(--reconciled); }
            .o-rejected { fill: var(--rejected); color: var(--rejected); } .o-throttled { fill: var(--throttled); color: var(--throttled); }
            .o-unanswered { fill: var(--unanswered); color: var(--unanswered); } .o-not-sent { fill: var(--not-sent); color: var(--not-sent); }
            .o-fault { fill: var(--fault); color: var(--fault); } .o-open { fill: var(--open); color: var(--open); }
            .scroll { overflow-x: auto; } table { border-collapse: collapse; width: 100%; font-size: 14px; }
            th { text-align: left; color: var(--soft); font-weight: 600; } th, td { padding: 5px 14px 5px 0; border-bottom: 1px solid var(--rule); white-space: nowrap; }
            </style></head><body><main>
            """;
}
