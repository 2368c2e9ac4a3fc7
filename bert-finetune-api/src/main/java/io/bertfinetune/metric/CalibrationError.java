package io.bertfinetune.metric;

import io.bertfinetune.data.Example;
import io.bertfinetune.prediction.Classification;
import java.util.Arrays;
import java.util.stream.Collector;

/**
 * How far the probabilities a model gives its answers are from how often they are right: the expected calibration error
 * (Naeini, Cooper and Hauskrecht, 2015; Guo et al., 2017). Predictions are sorted by the probability of the label they
 * chose into bins of equal width, bin m of M from (m − 1)/M, exclusive, to m/M, inclusive; the error is the mean over
 * bins, weighted by how many predictions each has, of the difference, without sign, between the share that is right and
 * the mean probability. 0 is perfect, 1 is always sure and always wrong; less is better. NaN if there are no outcomes.
 */
public final class CalibrationError implements Metric<Example<?, String>, Classification> {
    private static final int DEFAULT_BINS = 15;

    private final int bins;

    private CalibrationError(int bins) {
        if (bins < 1) {
            throw new IllegalArgumentException("CalibrationError: " + bins + " bins, expected 1 or more");
        }
        this.bins = bins;
    }

    /**
     * With 15 bins, as is usual.
     *
     * @return the metric {@code calibration_error}
     */
    public static CalibrationError of() {
        return of(DEFAULT_BINS);
    }

    /**
     * With so many bins. Fewer make the error smaller, as what is too sure and what is not sure enough cancel out within
     * one; more make it larger, as each holds fewer predictions.
     *
     * @param bins 1 or more
     * @return the metric {@code calibration_error}
     */
    public static CalibrationError of(int bins) {
        return new CalibrationError(bins);
    }

    @Override
    public String name() {
        return "calibration_error";
    }

    @Override
    public boolean greaterIsBetter() {
        return false;
    }

    @Override
    public Collector<Outcome<? extends Example<?, String>, ? extends Classification>, ?, Metrics> collector() {
        return Collector.<Outcome<? extends Example<?, String>, ? extends Classification>, Bins, Metrics>of(
                () -> new Bins(bins),
                (all, outcome) -> all.add(
                        outcome.prediction().score(),
                        outcome.prediction().label().equals(outcome.example().label())),
                Bins::addAll,
                all -> Metrics.of(name(), all.error()));
    }

    /** The sum of the probabilities in each bin, less how many of them are right. */
    private static final class Bins {
        private final double[] upperEdges;
        private final double[] excess;
        private long count;

        Bins(int bins) {
            upperEdges = new double[bins];
            Arrays.setAll(upperEdges, bin -> (bin + 1.0) / bins);
            excess = new double[bins];
        }

        void add(double probability, boolean isRight) {
            int found = Arrays.binarySearch(upperEdges, probability);
            int bin = Math.min(found < 0 ? -found - 1 : found, excess.length - 1);
            excess[bin] += probability - (isRight ? 1 : 0);
            count++;
        }

        Bins addAll(Bins other) {
            for (int bin = 0; bin < excess.length; bin++) {
                excess[bin] += other.excess[bin];
            }
            count += other.count;
            return this;
        }

        double error() {
            return Arrays.stream(excess).map(Math::abs).sum() / count;
        }
    }
}
