package io.intaglio.cli;

/** Counts durations so that their quantiles are known to within 5 %, in memory that does not grow. Not thread-safe. */
final class Durations {
    /** So many steps double a duration. */
    private static final int STEPS = 8;

    private final int[] counts = new int[40 * STEPS];
    private int total;

    void add(long micros) {
        int step = (int) Math.round(Math.log((double) Math.max(1, micros)) / Math.log(2) * STEPS);
        counts[Math.min(counts.length - 1, step)]++;
        total++;
    }

    void add(Durations others) {
        for (int i = 0; i < counts.length; i++) {
            counts[i] += others.counts[i];
        }
        total += others.total;
    }

    /** In milliseconds; NaN when nothing was counted. */
    double quantile(double q) {
        if (total == 0) {
            return Double.NaN;
        }
        long wanted = Math.max(1, (long) Math.ceil(q * total));
        int step = 0;
        long seen = counts[0];
        while (seen < wanted) {
            seen += counts[++step];
        }
        return Math.pow(2, (double) step / STEPS) / 1000;
    }
}
