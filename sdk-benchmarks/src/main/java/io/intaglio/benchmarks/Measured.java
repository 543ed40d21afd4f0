package io.intaglio.benchmarks;

import java.util.List;

/**
 * What was measured of one benchmark, one number an iteration.
 *
 * @param name of the method
 * @param nanos nanoseconds on the clock for one operation
 * @param cpu nanoseconds of processor time for one operation
 * @param bytes allocated for one operation
 */
record Measured(String name, List<Double> nanos, List<Double> cpu, List<Double> bytes) {
    double medianNanos() {
        return median(nanos);
    }

    double medianCpu() {
        return median(cpu);
    }

    double medianBytes() {
        return median(bytes);
    }

    /** Half the distance between the quartiles, in percent of the median of the processor time: what a repetition may differ by. */
    double spreadPercent() {
        List<Double> sorted = cpu.stream().sorted().toList();
        double low = sorted.get((sorted.size() - 1) / 4);
        double high = sorted.get((sorted.size() - 1) * 3 / 4);
        return 50 * (high - low) / medianCpu();
    }

    /** A benchmark to measure others against: code without the library. */
    boolean isLimit() {
        return name.startsWith("byHand") || name.startsWith("raw");
    }

    static double median(List<Double> values) {
        if (values.isEmpty()) {
            return Double.NaN;
        }
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }
}
