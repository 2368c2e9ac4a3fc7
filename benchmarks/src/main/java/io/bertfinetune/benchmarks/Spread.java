package io.bertfinetune.benchmarks;

import java.util.Collection;

/**
 * Where numbers lie; quantiles are interpolated, as NumPy's.
 *
 * @param min the least
 * @param lowerQuartile a quarter lies below
 * @param median half lies below
 * @param upperQuartile a quarter lies above
 * @param max the greatest
 */
record Spread(double min, double lowerQuartile, double median, double upperQuartile, double max) {
    /** The spread of at least one number. */
    static Spread of(Collection<Double> numbers) {
        double[] sorted =
                numbers.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        if (sorted.length == 0) {
            throw new IllegalArgumentException("Spread: no numbers");
        }
        return new Spread(
                sorted[0],
                quantile(sorted, 0.25),
                quantile(sorted, 0.5),
                quantile(sorted, 0.75),
                sorted[sorted.length - 1]);
    }

    private static double quantile(double[] sorted, double share) {
        double place = share * (sorted.length - 1);
        int below = (int) Math.floor(place);
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
    }

    /** From the lower to the upper quartile. */
    double interquartile() {
        return upperQuartile - lowerQuartile;
    }
}
