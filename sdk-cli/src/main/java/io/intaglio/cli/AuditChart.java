package io.intaglio.cli;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** One chart over time as SVG: bars that stand on each other, or lines. Not thread-safe. */
final class AuditChart {
    private static final int WIDTH = 960;
    private static final int HEIGHT = 240;
    private static final int LEFT = 64;
    private static final int RIGHT = 12;
    private static final int TOP = 14;
    private static final int BOTTOM = 30;
    private static final int TICKS = 4;

    private final String title;
    private final String unit;
    private final Instant start;
    private final long stepSeconds;
    private final int buckets;
    private double least;
    private final Map<String, double[]> series = new LinkedHashMap<>();

    /** @param buckets how many steps of time there are */
    AuditChart(String title, String unit, Instant start, long stepSeconds, int buckets) {
        this.title = title;
        this.unit = unit;
        this.start = start;
        this.stepSeconds = stepSeconds;
        this.buckets = buckets;
    }

    /** The axis reaches so far at least. */
    AuditChart upTo(double atLeast) {
        least = atLeast;
        return this;
    }

    /** @param values one a bucket; NaN where there is none */
    AuditChart series(String name, double[] values) {
        series.put(name, values);
        return this;
    }

    private boolean isEmpty() {
        return series.values().stream().allMatch(values -> max(values) <= 0);
    }

    String bars() {
        double[] sums = new double[buckets];
        series.values().forEach(values -> {
            for (int i = 0; i < buckets; i++) {
                sums[i] += values[i];
            }
        });
        double top = nice(max(sums));
        StringBuilder marks = new StringBuilder();
        double width = plotWidth() / buckets;
        for (int i = 0; i < buckets; i++) {
            double below = 0;
            for (Map.Entry<String, double[]> one : series.entrySet()) {
                double value = one.getValue()[i];
                if (value > 0) {
                    double low = y(below, top);
                    double high = y(below + value, top);
                    marks.append(String.format(
                            Locale.ROOT,
                            "<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"><title>%s: %s %s</title></rect>%n",
                            style(one.getKey()),
                            LEFT + i * width + 0.5,
                            high,
                            Math.max(1, width - 1),
                            Math.max(0.5, low - high),
                            time(i),
                            shown(value),
                            Printable.html(one.getKey())));
                    below += value;
                }
            }
        }
        return svg(top, marks);
    }

    String lines() {
        double most = 0;
        for (double[] values : series.values()) {
            most = Math.max(most, max(values));
        }
        double top = most <= least ? least : nice(most);
        StringBuilder marks = new StringBuilder();
        int number = 0;
        for (Map.Entry<String, double[]> one : series.entrySet()) {
            StringBuilder points = new StringBuilder();
            StringBuilder dots = new StringBuilder();
            for (int i = 0; i < buckets; i++) {
                double value = one.getValue()[i];
                if (!Double.isNaN(value)) {
                    double x = LEFT + (i + 0.5) * plotWidth() / buckets;
                    double y = y(value, top);
                    points.append(String.format(Locale.ROOT, "%.1f,%.1f ", x, y));
                    dots.append(String.format(
                            Locale.ROOT,
                            "<circle class=\"dot line%d\" cx=\"%.1f\" cy=\"%.1f\" r=\"2.5\"><title>%s: %s %s %s</title></circle>%n",
                            number % 6,
                            x,
                            y,
                            time(i),
                            Printable.html(one.getKey()),
                            shown(value),
                            unit));
                }
            }
            marks.append("<polyline class=\"line line")
                    .append(number % 6)
                    .append("\" points=\"")
                    .append(points)
                    .append("\"/>\n")
                    .append(dots);
            number++;
        }
        return svg(top, marks);
    }

    private String svg(double top, StringBuilder marks) {
        StringBuilder out =
                new StringBuilder("<section class=\"card\"><h2>").append(title).append("</h2>\n");
        if (isEmpty()) {
            return out.append("<p class=\"none\">Nothing to draw.</p></section>\n")
                    .toString();
        }
        boolean areLines = marks.indexOf("<polyline") >= 0;
        out.append("<p class=\"legend\">");
        int number = 0;
        for (Map.Entry<String, double[]> one : series.entrySet()) {
            String swatch = areLines ? "line" + number++ % 6 : style(one.getKey());
            if (areLines || max(one.getValue()) > 0) {
                out.append("<span><i class=\"swatch ")
                        .append(swatch)
                        .append("\"></i>")
                        .append(Printable.html(one.getKey()))
                        .append("</span>");
            }
        }
        out.append("</p>\n")
                .append(String.format(
                        Locale.ROOT,
                        "<div class=\"scroll\"><svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">%n",
                        WIDTH,
                        HEIGHT,
                        title));
        for (int i = 0; i <= TICKS; i++) {
            double value = top * i / TICKS;
            out.append(String.format(
                    Locale.ROOT,
                    "<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/><text class=\"axis end\" x=\"%d\" y=\"%.1f\">%s</text>%n",
                    LEFT,
                    WIDTH - RIGHT,
                    y(value, top),
                    y(value, top),
                    LEFT - 8,
                    y(value, top) + 4,
                    shown(value) + (i == TICKS && !unit.isEmpty() ? " " + unit : "")));
        }
        int every = Math.max(1, (buckets + 5) / 6);
        for (int i = 0; i < buckets; i += every) {
            out.append(String.format(
                    Locale.ROOT,
                    "<text class=\"axis\" x=\"%.1f\" y=\"%d\">%s</text>%n",
                    LEFT + i * plotWidth() / buckets,
                    HEIGHT - 8,
                    time(i)));
        }
        return out.append(marks).append("</svg></div></section>\n").toString();
    }

    private static double plotWidth() {
        return WIDTH - LEFT - RIGHT;
    }

    private static double y(double value, double top) {
        return TOP + (HEIGHT - TOP - BOTTOM) * (1 - value / top);
    }

    private static double max(double[] values) {
        double max = 0;
        for (double value : values) {
            max = Double.isNaN(value) ? max : Math.max(max, value);
        }
        return max;
    }

    /** A number at or above the largest value which four ticks divide well. */
    private static double nice(double most) {
        double unit = Math.pow(10, Math.floor(Math.log10(Math.max(most, 0.004))));
        for (double step : new double[] {1, 1.2, 1.6, 2, 2.4, 3.2, 4, 6, 8}) {
            if (step * unit >= most && (unit >= 10 || step * unit % 4 == 0 || unit < 1)) {
                return step * unit;
            }
        }
        return unit == 1 ? 12 : 12 * unit;
    }

    private String time(int bucket) {
        String pattern = stepSeconds >= 86_400 ? "yyyy-MM-dd" : stepSeconds >= 900 ? "MM-dd HH:mm" : "HH:mm:ss";
        return DateTimeFormatter.ofPattern(pattern, Locale.ROOT)
                .withZone(ZoneOffset.UTC)
                .format(start.plusSeconds(bucket * stepSeconds));
    }

    private static String style(String name) {
        return "o-" + name;
    }

    static String shown(double value) {
        return value == Math.rint(value)
                ? String.format(Locale.ROOT, "%,.0f", value)
                : String.format(Locale.ROOT, value < 10 ? "%.2f" : "%.1f", value);
    }
}
