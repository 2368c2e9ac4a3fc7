package io.bertfinetune.metric;

import io.bertfinetune.data.Example;
import io.bertfinetune.prediction.Classification;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collector;

/** How often each label was true, predicted, and both: all that the metrics of classification need to know. */
final class LabelCounts {
    private final Map<String, Long> truths = new HashMap<>();
    private final Map<String, Long> predictions = new HashMap<>();
    private final Map<String, Long> hits = new HashMap<>();
    private Set<String> taskLabels = Set.of();

    /** A collector that counts outcomes and then makes one number of the counts. */
    static Collector<Outcome<? extends Example<?, String>, ? extends Classification>, ?, Metrics> collector(
            String name, ToDoubleFunction<LabelCounts> score) {
        return Collector.<Outcome<? extends Example<?, String>, ? extends Classification>, LabelCounts, Metrics>of(
                LabelCounts::new,
                (counts, outcome) -> counts.add(outcome.example().label(), outcome.prediction()),
                LabelCounts::addAll,
                counts -> Metrics.of(name, score.applyAsDouble(counts)));
    }

    void add(String truth, Classification classification) {
        String prediction = classification.label();
        taskLabels = classification.probabilities().keySet();
        truths.merge(truth, 1L, Long::sum);
        predictions.merge(prediction, 1L, Long::sum);
        if (truth.equals(prediction)) {
            hits.merge(truth, 1L, Long::sum);
        }
    }

    LabelCounts addAll(LabelCounts other) {
        taskLabels = other.taskLabels.isEmpty() ? taskLabels : other.taskLabels;
        other.truths.forEach((label, count) -> truths.merge(label, count, Long::sum));
        other.predictions.forEach((label, count) -> predictions.merge(label, count, Long::sum));
        other.hits.forEach((label, count) -> hits.merge(label, count, Long::sum));
        return this;
    }

    /** The labels a model chooses from; empty if nothing was counted. */
    Set<String> taskLabels() {
        return taskLabels;
    }

    /** The labels that were true or predicted at least once. */
    Set<String> labels() {
        Set<String> labels = new TreeSet<>(truths.keySet());
        labels.addAll(predictions.keySet());
        return labels;
    }

    /** How often the label was true. */
    long truths(String label) {
        return truths.getOrDefault(label, 0L);
    }

    /** How often the label was predicted. */
    long predictions(String label) {
        return predictions.getOrDefault(label, 0L);
    }

    /** How often the label was predicted and true. */
    long hits(String label) {
        return hits.getOrDefault(label, 0L);
    }

    /** How many outcomes there were. */
    long total() {
        return sum(truths);
    }

    /** How many predictions were right. */
    long totalHits() {
        return sum(hits);
    }

    private static long sum(Map<String, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }
}
