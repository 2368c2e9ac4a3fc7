package io.bertfinetune.metric;

import io.bertfinetune.data.Example;
import io.bertfinetune.prediction.Score;
import java.util.stream.Collector;

/**
 * How far predicted and true numbers lie on a line: 1 is a rising line, 0 is none, −1 a falling one; a measure of GLUE's
 * STS-B, and SciPy's {@code pearsonr}. NaN if all predictions or all truths are the same, or there are fewer than two
 * outcomes.
 */
public final class Pearson implements Metric<Example<?, Double>, Score> {
    private Pearson() {}

    /**
     * The linear correlation of predictions and truth.
     *
     * @return the metric {@code pearson}
     */
    public static Pearson of() {
        return new Pearson();
    }

    @Override
    public String name() {
        return "pearson";
    }

    @Override
    public Collector<Outcome<? extends Example<?, Double>, ? extends Score>, ?, Metrics> collector() {
        return Collector.<Outcome<? extends Example<?, Double>, ? extends Score>, Correlation, Metrics>of(
                Correlation::new,
                (correlation, outcome) -> correlation.add(
                        outcome.prediction().value(), outcome.example().label()),
                Correlation::addAll,
                correlation -> Metrics.of(name(), correlation.value()));
    }
}
