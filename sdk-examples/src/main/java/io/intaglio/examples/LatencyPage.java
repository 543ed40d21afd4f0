package io.intaglio.examples;

import java.util.Arrays;
import java.util.Locale;

/** Latencies of calls, drawn: percentiles over time, and how they are spread, in one HTML file without scripts. Thread-safe. */
final class LatencyPage {
    private static final int WIDTH = 960;
    private static final int HEIGHT = 260;
    private static final int LEFT = 64;
    private static final int RIGHT = 14;
    private static final int TOP = 12;
    private static final int BOTTOM = 30;
    private static final int STEPS = 60;
    /** Bars of the histogram, each a tenth of a power of ten wide: from 10 microseconds to 10 seconds. */
    private static final int BARS = 60;

    private static final double[] QUANTILES = {0.5, 0.95, 0.99};

    private final int seconds;
    private final int threads;
    private long[] begun = new long[1 << 16];
    private long[] took = new long[1 << 16];
    private int calls;

    LatencyPage(int seconds, int threads) {
        this.seconds = seconds;
        this.threads = threads;
    }

    /** One call, in nanoseconds: when it began, and how long it took. */
    synchronized void add(long at, long nanos) {
        if (calls == took.length) {
            begun = Arrays.copyOf(begun, 2 * calls);
            took = Arrays.copyOf(took, 2 * calls);
        }
        begun[calls] = at;
        took[calls++] = nanos;
    }

    synchronized int calls() {
        return calls;
    }

    synchronized String summary() {
        long[] sorted = sorted(took, calls);
        return calls + " in " + seconds + " s by " + threads + " threads; p50 " + millis(quantile(sorted, 0.5))
                + " ms, p99 " + millis(quantile(sorted, 0.99)) + " ms, p99.9 " + millis(quantile(sorted, 0.999))
                + " ms";
    }

    synchronized String html() {
        long[] sorted = sorted(took, calls);
        StringBuilder page = new StringBuilder(HEAD);
        page.append(
                        "<header><h1>Latency of signed calls</h1><p>Against a simulated Binance on this machine, over TLS, one client; ")
                .append(seconds)
                .append(" s, ")
                .append(threads)
                .append(" threads, Java ")
                .append(Runtime.version().feature())
                .append(
                        ". Client and venue share the processors, and the first seconds include the compiler's.</p></header>\n<section class=\"tiles\">");
        tile(page, String.format(Locale.ROOT, "%,d", calls), "calls");
        tile(page, String.format(Locale.ROOT, "%,d", calls / Math.max(1, seconds)), "calls a second");
        for (double q : new double[] {0.5, 0.95, 0.99, 0.999}) {
            tile(page, millis(quantile(sorted, q)) + " ms", name(q));
        }
        tile(page, millis(quantile(sorted, 1)) + " ms", "longest");
        page.append("</section>\n");
        overTime(page);
        histogram(page, sorted);
        return page.append("</main></body></html>\n").toString();
    }

    private void overTime(StringBuilder page) {
        double[][] lines = new double[QUANTILES.length][STEPS];
        double most = 0;
        for (int step = 0; step < STEPS; step++) {
            long[] here = new long[calls];
            int count = 0;
            for (int i = 0; i < calls; i++) {
                if (begun[i] * STEPS / (seconds * 1_000_000_000L) == step) {
                    here[count++] = took[i];
                }
            }
            long[] sorted = sorted(here, count);
            for (int q = 0; q < QUANTILES.length; q++) {
                lines[q][step] = count == 0 ? Double.NaN : quantile(sorted, QUANTILES[q]) / 1e6;
                most = count == 0 ? most : Math.max(most, lines[q][step]);
            }
        }
        open(page, "Percentiles over time, ms", true);
        double top = axis(page, most);
        for (int second = 0; second <= seconds; second += Math.max(1, seconds / 6)) {
            label(page, LEFT + plot() * second / seconds, second + " s");
        }
        for (int q = QUANTILES.length - 1; q >= 0; q--) {
            StringBuilder points = new StringBuilder();
            for (int step = 0; step < STEPS; step++) {
                if (!Double.isNaN(lines[q][step])) {
                    points.append(String.format(
                            Locale.ROOT, "%.1f,%.1f ", LEFT + plot() * (step + 0.5) / STEPS, y(lines[q][step], top)));
                }
            }
            page.append("<polyline class=\"line line")
                    .append(q)
                    .append("\" points=\"")
                    .append(points)
                    .append("\"/>\n");
        }
        page.append("</svg></div></section>\n");
    }

    private void histogram(StringBuilder page, long[] sorted) {
        int[] bars = new int[BARS];
        for (long nanos : sorted) {
            bars[bar(nanos)]++;
        }
        int first = 0;
        int last = BARS - 1;
        while (first < last && bars[first] == 0) {
            first++;
        }
        while (last > first && bars[last] == 0) {
            last--;
        }
        first = Math.max(0, first - 2);
        last = Math.min(BARS - 1, last + 2);
        open(page, "How long calls took: calls by duration, on a scale of tenfold steps", false);
        double top = axis(page, Arrays.stream(bars).max().orElse(1));
        double width = plot() / (last - first + 1);
        for (int i = first; i <= last; i++) {
            double x = LEFT + (i - first) * width;
            page.append(String.format(
                    Locale.ROOT,
                    "<rect class=\"bar\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"><title>%s to %s ms: %,d calls</title></rect>%n",
                    x + 1,
                    y(bars[i], top),
                    width - 2,
                    HEIGHT - BOTTOM - y(bars[i], top),
                    millis(edge(i)),
                    millis(edge(i + 1)),
                    bars[i]));
            if (i % 5 == 0) {
                label(page, x, millis(edge(i)) + " ms");
            }
        }
        for (double q : new double[] {0.5, 0.99}) {
            double place = 10 * Math.log10(Math.max(1, quantile(sorted, q) / 1e4)) - first;
            page.append(String.format(
                    Locale.ROOT,
                    "<line class=\"mark\" x1=\"%1$.1f\" x2=\"%1$.1f\" y1=\"%2$d\" y2=\"%3$d\"/><text class=\"axis\" x=\"%4$.1f\" y=\"%5$d\">%6$s</text>%n",
                    LEFT + place * width,
                    TOP,
                    HEIGHT - BOTTOM,
                    LEFT + place * width + 5,
                    TOP + 10,
                    name(q)));
        }
        page.append("</svg></div></section>\n");
    }

    private static int bar(long nanos) {
        return Math.max(0, Math.min(BARS - 1, (int) (10 * Math.log10(nanos / 1e4))));
    }

    private static long edge(int bar) {
        return (long) (1e4 * Math.pow(10, bar / 10.0));
    }

    private static void open(StringBuilder page, String title, boolean legend) {
        page.append("<section class=\"card\"><h2>").append(title).append("</h2>\n");
        for (int q = 0; legend && q < QUANTILES.length; q++) {
            page.append("<span class=\"legend\"><i class=\"swatch line")
                    .append(q)
                    .append("\"></i>")
                    .append(name(QUANTILES[q]))
                    .append("</span>");
        }
        page.append(String.format(
                Locale.ROOT,
                "<div class=\"scroll\"><svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">%n",
                WIDTH,
                HEIGHT,
                title));
    }

    /** Draws the grid; gives the value at its top. */
    private static double axis(StringBuilder page, double most) {
        double unit = Math.pow(10, Math.floor(Math.log10(Math.max(most, 0.01))));
        double top = 10 * unit;
        for (double step : new double[] {8, 6, 4, 2, 1.2, 1}) {
            top = step * unit >= most ? step * unit : top;
        }
        for (int i = 0; i <= 4; i++) {
            double value = top * i / 4;
            page.append(String.format(
                    Locale.ROOT,
                    "<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%3$.1f\" y2=\"%3$.1f\"/><text class=\"axis end\" x=\"%4$d\" y=\"%5$.1f\">%6$s</text>%n",
                    LEFT,
                    WIDTH - RIGHT,
                    y(value, top),
                    LEFT - 8,
                    y(value, top) + 4,
                    shown(value)));
        }
        return top;
    }

    private static void label(StringBuilder page, double x, String text) {
        page.append(String.format(
                Locale.ROOT, "<text class=\"axis middle\" x=\"%.1f\" y=\"%d\">%s</text>%n", x, HEIGHT - 8, text));
    }

    private static void tile(StringBuilder page, String value, String what) {
        page.append("<div class=\"tile\"><b>")
                .append(value)
                .append("</b><span>")
                .append(what)
                .append("</span></div>");
    }

    private static double plot() {
        return WIDTH - LEFT - RIGHT;
    }

    private static double y(double value, double top) {
        return TOP + (HEIGHT - TOP - BOTTOM) * (1 - value / top);
    }

    private static String name(double quantile) {
        return "p" + shown(100 * quantile);
    }

    private static String shown(double value) {
        return value >= 1000
                ? String.format(Locale.ROOT, "%,.0f", value)
                : String.format(Locale.ROOT, "%.2f", value).replaceAll("\\.?0+$", "");
    }

    private static String millis(long nanos) {
        double value = nanos / 1e6;
        return String.format(Locale.ROOT, value < 0.1 ? "%.3f" : value < 10 ? "%.2f" : "%.0f", value);
    }

    private static long[] sorted(long[] values, int count) {
        long[] sorted = Arrays.copyOf(values, count);
        Arrays.sort(sorted);
        return sorted;
    }

    /** By the nearest rank: the smallest value that this share of all is not above. */
    static long quantile(long[] sorted, double q) {
        return sorted.length == 0 ? 0 : sorted[Math.max(0, (int) Math.ceil(q * sorted.length) - 1)];
    }

    private static final String HEAD = """
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>Latency</title>
            <style>
            :root { --ink: #1d2733; --soft: #5b6875; --page: #f4f6f8; --card: #ffffff; --rule: #dfe5ea; }
            @media (prefers-color-scheme: dark) { :root { --ink: #e6ebf0; --soft: #9aa7b4; --page: #12181f; --card: #1b232c; --rule: #2d3843; } }
            * { box-sizing: border-box; }
            body { margin: 0; background: var(--page); color: var(--ink); font: 15px/1.45 system-ui, sans-serif; }
            main { max-width: 1040px; margin: 0 auto; padding: 28px 20px 48px; }
            h1 { font-size: 26px; margin: 0 0 4px; } h2 { font-size: 16px; margin: 0 0 8px; }
            header p { margin: 0; color: var(--soft); }
            .card, .tile { background: var(--card); border: 1px solid var(--rule); border-radius: 8px; }
            .card { padding: 16px 18px; margin-top: 16px; }
            .tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(116px, 1fr)); gap: 10px; margin-top: 16px; }
            .tile { padding: 10px 12px; } .tile b { display: block; font-size: 19px; white-space: nowrap; } .tile span { color: var(--soft); font-size: 13px; }
            .scroll { overflow-x: auto; } svg { display: block; width: 100%; min-width: 640px; height: auto; }
            .grid { stroke: var(--rule); stroke-width: 1; } .axis { fill: var(--soft); font-size: 11px; } .end { text-anchor: end; } .middle { text-anchor: middle; }
            .line { fill: none; stroke-width: 1.8; stroke-linejoin: round; } .bar { fill: #1c7ed6; } .mark { stroke: #e8590c; stroke-width: 1.4; stroke-dasharray: 4 3; }
            .legend { margin-right: 14px; color: var(--soft); font-size: 13px; }
            .swatch { display: inline-block; width: 10px; height: 10px; border-radius: 2px; margin-right: 5px; background: currentColor; }
            .line0 { stroke: #1c7ed6; color: #1c7ed6; } .line1 { stroke: #e6a700; color: #e6a700; } .line2 { stroke: #c2255c; color: #c2255c; }
            </style></head><body><main>
            """;
}
