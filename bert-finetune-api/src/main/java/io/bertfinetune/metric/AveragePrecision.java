package io.bertfinetune.metric;

import io.bertfinetune.data.Example;
import io.bertfinetune.prediction.Classification;
import java.util.Objects;
import java.util.stream.Collector;

/**
 * How high the examples of a label stand when all are put in the order of its probability: the mean over these examples of
 * the precision of a threshold at their probability. 1 is perfect, the share of the label is chance: fitter than
 * {@link RocAuc} for rare labels. scikit-learn's {@code average_precision_score}, without interpolation. 0 if no example
 * has the label, 1 if all have.
 *
 * <p>Keeps one number an outcome.
 */
public final class AveragePrecision implements Metric<Example<?, String>, Classification> {
    private final String positiveLabel;

    private AveragePrecision(String positiveLabel) {
        this.positiveLabel = Objects.requireNonNull(positiveLabel, "positiveLabel");
    }

    /**
     * One label against all others. Evaluation fails with an {@link IllegalArgumentException} if the task has no such
     * label.
     *
     * @param positiveLabel the label that is to be found
     * @return the metric {@code average_precision}
     */
    public static AveragePrecision of(String positiveLabel) {
        return new AveragePrecision(positiveLabel);
    }

    @Override
    public String name() {
        return "average_precision";
    }

    @Override
    public Collector<Outcome<? extends Example<?, String>, ? extends Classification>, ?, Metrics> collector() {
        return Collector.<Outcome<? extends Example<?, String>, ? extends Classification>, Ranking, Metrics>of(
                Ranking::new,
                (ranking, outcome) -> ranking.add(
                        outcome.example().label().equals(positiveLabel),
                        PositiveLabel.probability(positiveLabel, outcome.prediction())),
                Ranking::addAll,
                ranking -> Metrics.of(name(), ranking.averagePrecision()));
    }
}
