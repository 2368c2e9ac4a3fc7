package io.bertfinetune.experiment;

import java.util.Arrays;
import java.util.Locale;

/**
 * What several runs say about one number. The interval is Student's: if the runs are independent and the number is about
 * normally distributed, 95 of 100 such intervals hold the mean over all runs there could be.
 *
 * @param count how many runs there were, 2 or more
 * @param mean their mean
 * @param standardDeviation how far they are apart, with {@code count - 1} in the denominator
 * @param low where the 95 % confidence interval of the mean begins
 * @param high where it ends
 */
public record Summary(int count, double mean, double standardDeviation, double low, double high) {
    private static final double CONFIDENCE = 0.95;

    /**
     * Sums values up.
     *
     * @param values two or more
     * @return what they say
     * @throws IllegalArgumentException if there are fewer than two
     */
    public static Summary of(double... values) {
        int count = values.length;
        if (count < 2) {
            throw new IllegalArgumentException(
                    "Summary: " + count + " values, expected two or more; one says nothing about how far they spread");
        }
        double mean = Arrays.stream(values).sum() / count;
        double squares = Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum();
        double deviation = Math.sqrt(squares / (count - 1));
        double margin = StudentT.twoSided(CONFIDENCE, count - 1) * deviation / Math.sqrt(count);
        return new Summary(count, mean, deviation, mean - margin, mean + margin);
    }

    /**
     * The numbers on one line.
     *
     * @return {@code 0.8750, standard deviation 0.0102, 95 % interval 0.8623 to 0.8877}
     */
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%s, standard deviation %s, 95 %% interval %s to %s",
                Table.number(mean),
                Table.number(standardDeviation),
                Table.number(low),
                Table.number(high));
    }
}
