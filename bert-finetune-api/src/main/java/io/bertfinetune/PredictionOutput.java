package io.bertfinetune;

import io.bertfinetune.metric.Metrics;
import io.bertfinetune.metric.Outcome;
import java.util.List;
import java.util.Objects;

/**
 * What a model said about every example of a data set; Hugging Face's {@code PredictionOutput}.
 *
 * @param outcomes each example with its prediction, in the order of the data set
 * @param metrics the metrics over all of them, named {@code test_…}
 * @param <E> example
 * @param <P> prediction
 */
public record PredictionOutput<E, P>(List<Outcome<E, P>> outcomes, Metrics metrics) {
    /**
     * Copies the outcomes.
     *
     * @param outcomes the outcomes
     * @param metrics the metrics
     */
    public PredictionOutput {
        outcomes = List.copyOf(outcomes);
        Objects.requireNonNull(metrics, "metrics");
    }
}
