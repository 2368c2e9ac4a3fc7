package io.bertfinetune.examples;

import io.bertfinetune.data.Example;
import io.bertfinetune.metric.Accuracy;
import io.bertfinetune.metric.F1;
import io.bertfinetune.metric.MatthewsCorrelation;
import io.bertfinetune.metric.Metric;
import io.bertfinetune.metric.Precision;
import io.bertfinetune.metric.Recall;
import io.bertfinetune.prediction.Classification;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** Metrics by the names {@code --metric_name} has for them. */
final class ScriptMetrics {
    private ScriptMetrics() {}

    /**
     * The metric of this name. F1, precision and recall of two labels are those of the second one when sorted, as with
     * scikit-learn's {@code pos_label=1}; of more, the plain mean over labels.
     *
     * @throws UsageException if there is no such metric
     */
    static Metric<Example<?, String>, Classification> of(String name, List<String> labels) {
        Optional<String> positive = labels.size() == 2 ? Optional.of(Collections.max(labels)) : Optional.empty();
        return switch (name) {
            case "accuracy" -> Accuracy.of();
            case "f1" -> positive.map(F1::of).orElseGet(F1::macro);
            case "precision" -> positive.map(Precision::of).orElseGet(Precision::macro);
            case "recall" -> positive.map(Recall::of).orElseGet(Recall::macro);
            case "matthews_correlation" -> MatthewsCorrelation.of();
            default ->
                throw new UsageException("--metric_name is '" + name
                        + "', expected accuracy, f1, precision, recall or matthews_correlation");
        };
    }
}
