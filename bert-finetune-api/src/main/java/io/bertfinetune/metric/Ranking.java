package io.bertfinetune.metric;

import com.google.common.primitives.ImmutableDoubleArray;
import java.util.Arrays;

/** The probabilities of one label, of the examples that have it and of those that have not. */
final class Ranking {
    private final ImmutableDoubleArray.Builder positives = ImmutableDoubleArray.builder();
    private final ImmutableDoubleArray.Builder negatives = ImmutableDoubleArray.builder();

    void add(boolean isPositive, double probability) {
        (isPositive ? positives : negatives).add(probability);
    }

    Ranking addAll(Ranking other) {
        positives.addAll(other.positives.build());
        negatives.addAll(other.negatives.build());
        return this;
    }

    /** The share of pairs of a positive and a negative in which the positive is above; an equal pair counts half. */
    double rocAuc() {
        double[] higher = sorted(positives);
        double[] lower = sorted(negatives);
        if (higher.length == 0 || lower.length == 0 || hasNaN(higher) || hasNaN(lower)) {
            return Double.NaN;
        }
        int below = 0;
        int notAbove = 0;
        double halfWins = 0; // a whole number
        for (double positive : higher) {
            while (below < lower.length && lower[below] < positive) {
                below++;
            }
            while (notAbove < lower.length && lower[notAbove] <= positive) {
                notAbove++;
            }
            halfWins += below + notAbove;
        }
        return halfWins / 2 / higher.length / lower.length;
    }

    /** The sum over thresholds, each a different probability, of the gain in recall times the precision. */
    double averagePrecision() {
        double[] hits = sorted(positives);
        double[] falseAlarms = sorted(negatives);
        if (hasNaN(hits) || hasNaN(falseAlarms)) {
            return Double.NaN;
        }
        int hit = hits.length;
        int falseAlarm = falseAlarms.length;
        double sum = 0;
        while (hit > 0) {
            double threshold = hits[hit - 1];
            int before = hit;
            while (hit > 0 && hits[hit - 1] == threshold) {
                hit--;
            }
            while (falseAlarm > 0 && falseAlarms[falseAlarm - 1] >= threshold) {
                falseAlarm--;
            }
            double found = hits.length - hit;
            sum += (before - hit) * found / (found + falseAlarms.length - falseAlarm);
        }
        return hits.length == 0 ? 0 : sum / hits.length;
    }

    private static double[] sorted(ImmutableDoubleArray.Builder numbers) {
        double[] sorted = numbers.build().toArray();
        Arrays.sort(sorted);
        return sorted;
    }

    private static boolean hasNaN(double[] sorted) {
        return sorted.length > 0 && Double.isNaN(sorted[sorted.length - 1]); // where sorting puts it
    }
}
