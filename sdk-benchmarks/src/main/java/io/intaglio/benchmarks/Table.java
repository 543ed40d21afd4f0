package io.intaglio.benchmarks;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The results as text for people and as JSON for programs. */
final class Table {
    private final Map<String, List<Measured>> groups;

    Table(Map<String, List<Measured>> groups) {
        this.groups = groups;
    }

    /** Medians; the ratio is of processor time and to the fastest benchmark of the group that does without the library. */
    String text() {
        int width = 0;
        for (List<Measured> rows : groups.values()) {
            for (Measured row : rows) {
                width = Math.max(width, row.name().length());
            }
        }
        StringBuilder out = new StringBuilder();
        for (Map.Entry<String, List<Measured>> group : groups.entrySet()) {
            double limit = limit(group.getValue());
            out.append(line(
                    group.getKey(),
                    width + 2,
                    "clock ns",
                    "cpu ns",
                    "+-%",
                    "B/op",
                    Double.isNaN(limit) ? "" : "ratio"));
            for (Measured row : group.getValue()) {
                out.append(line(
                        "  " + row.name(),
                        width + 2,
                        fixed(row.medianNanos(), 0),
                        fixed(row.medianCpu(), 0),
                        fixed(row.spreadPercent(), 1),
                        fixed(row.medianBytes(), 0),
                        Double.isNaN(limit) ? "" : fixed(row.medianCpu() / limit, 2)));
            }
            out.append('\n');
        }
        return out.toString();
    }

    /** An array of objects, one a benchmark. */
    String json() {
        StringBuilder out = new StringBuilder("[");
        for (Map.Entry<String, List<Measured>> group : groups.entrySet()) {
            double limit = limit(group.getValue());
            for (Measured row : group.getValue()) {
                out.append(out.length() == 1 ? "\n" : ",\n")
                        .append("{\"group\":\"")
                        .append(group.getKey())
                        .append("\",\"benchmark\":\"")
                        .append(row.name())
                        .append("\",\"nanos\":")
                        .append(fixed(row.medianNanos(), 1))
                        .append(",\"cpuNanos\":")
                        .append(fixed(row.medianCpu(), 1))
                        .append(",\"spreadPercent\":")
                        .append(fixed(row.spreadPercent(), 1))
                        .append(",\"bytes\":")
                        .append(fixed(row.medianBytes(), 1))
                        .append(",\"ratio\":")
                        .append(fixed(row.medianCpu() / limit, 3))
                        .append('}');
            }
        }
        return out.append("\n]\n").toString();
    }

    private static double limit(List<Measured> rows) {
        return rows.stream()
                .filter(Measured::isLimit)
                .mapToDouble(Measured::medianCpu)
                .min()
                .orElse(Double.NaN);
    }

    private static String line(String name, int width, String... cells) {
        StringBuilder out = new StringBuilder(name);
        out.append(" ".repeat(Math.max(0, width - name.length())));
        for (String cell : cells) {
            out.append(" ".repeat(Math.max(1, 11 - cell.length()))).append(cell);
        }
        return out.toString().stripTrailing() + "\n";
    }

    private static String fixed(double value, int digits) {
        return Double.isNaN(value) ? "null" : String.format(Locale.ROOT, "%." + digits + "f", value);
    }
}
