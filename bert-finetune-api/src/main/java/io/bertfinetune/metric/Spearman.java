package io.bertfinetune.metric;

import com.google.common.primitives.ImmutableDoubleArray;
import io.bertfinetune.data.Example;
import io.bertfinetune.prediction.Score;
import java.util.Arrays;
import java.util.stream.Collector;

/**
 * How far predictions and truth are in the same order: {@link Pearson} of their ranks, where equal numbers share the mean
 * of their ranks; a measure of GLUE's STS-B, and SciPy's {@code spearmanr}. 1 is the same order, −1 the reverse. NaN if
 * all predictions or all truths are the same, if one is NaN, or if there are fewer than two outcomes.
 *
 * <p>Keeps two numbers an outcome.
 */
public final class Spearman implements Metric<Example<?, Double>, Score> {
    private Spearman() {}

    /**
     * The rank correlation of predictions and truth.
     *
     * @return the metric {@code spearmanr}, as GLUE names it
     */
    public static Spearman of() {
        return new Spearman();
    }

    @Override
    public String name() {
        return "spearmanr";
    }

    @Override
    public Collector<Outcome<? extends Example<?, Double>, ? extends Score>, ?, Metrics> collector() {
        return Collector.<Outcome<? extends Example<?, Double>, ? extends Score>, Pairs, Metrics>of(
                Pairs::new,
                (pairs, outcome) -> pairs.add(
                        outcome.prediction().value(), outcome.example().label()),
                Pairs::addAll,
                pairs -> Metrics.of(name(), pairs.rankCorrelation()));
    }

    private static final class Pairs {
        private final ImmutableDoubleArray.Builder predictions = ImmutableDoubleArray.builder();
        private final ImmutableDoubleArray.Builder truths = ImmutableDoubleArray.builder();

        void add(double prediction, double truth) {
            predictions.add(prediction);
            truths.add(truth);
        }

        Pairs addAll(Pairs other) {
            predictions.addAll(other.predictions.build());
            truths.addAll(other.truths.build());
            return this;
        }

        double rankCorrelation() {
            double[] ofPredictions = ranks(predictions.build().toArray());
            double[] ofTruths = ranks(truths.build().toArray());
            Correlation correlation = new Correlation();
            for (int i = 0; i < ofTruths.length; i++) {
                correlation.add(ofPredictions[i], ofTruths[i]);
            }
            return correlation.value();
        }
    }

    /** The rank of each number, from 0; NaN for NaN. */
    private static double[] ranks(double[] numbers) {
        double[] sorted = numbers.clone();
        Arrays.sort(sorted);
        double[] ranks = new double[numbers.length];
        for (int i = 0; i < numbers.length; i++) {
            int first = countBelow(sorted, numbers[i], false);
            int afterLast = countBelow(sorted, numbers[i], true);
            ranks[i] = Double.isNaN(numbers[i]) ? Double.NaN : (first + afterLast - 1) / 2.0;
        }
        return ranks;
    }

    /** How many sorted numbers are less than this one, or, if {@code orEqual}, not more. */
    private static int countBelow(double[] sorted, double number, boolean orEqual) {
        int low = 0;
        int high = sorted.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (sorted[middle] < number || (orEqual && sorted[middle] == number)) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
